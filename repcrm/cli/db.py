"""repcrm db: the tables."""

import click
from sqlalchemy.exc import DBAPIError

from repcrm.cli.context import settings_or_exit
from repcrm.core import clock
from repcrm.db.engine import make_engine
from repcrm.db.schema import check, upgrade
from repcrm.organisation.shipped import load_shipped
from repcrm.settings import Settings


@click.group("db")
def command() -> None:
    """Bring the database up to date, or check it.

    \b
    The database is REPCRM_DATABASE_URL:
      sqlite:////var/lib/repcrm/repcrm.sqlite3
      postgresql+psycopg://user:password@host/name
    """


@command.command("upgrade")
def upgrade_command() -> None:
    """Run the migrations that are missing, and load the public holidays that come with this release.

    An empty database gets every table. Years of the calendar that people have entered or changed stay as they are.
    Safe to run at every start, by any number of processes at once.
    """
    missing, loaded = migrate(settings_or_exit())
    if missing:
        click.echo(f"Migrations run: {', '.join(missing)}")
    if loaded:
        click.echo(f"Working days loaded: {', '.join(f'{country} {year}' for country, year in loaded)}")
    if not missing and not loaded:
        click.echo("The database is up to date.")


@command.command("check")
def check_command() -> None:
    """Tell whether the database is as this release needs it; ends with 1 if not."""
    import repcrm.tables  # noqa: F401 - every model, to compare the tables with

    engine = make_engine(settings_or_exit().resolved_database_url())
    try:
        findings = check(engine)
    except DBAPIError as error:
        raise click.ClickException(f"The database refused: {str(error.orig).strip()}") from error
    finally:
        engine.dispose()
    if findings:
        raise click.ClickException("\n".join(map(str, findings)))
    click.echo("The database is in order.")


def migrate(settings: Settings) -> tuple[list[str], list[tuple[str, int]]]:
    """Run the migrations that a database is missing, and load the calendars that come with this release.

    returns  names of migrations, oldest first; (country, year) of the calendars loaded
    """
    import repcrm.tables  # noqa: F401 - every model, so that relationships find each other

    loaded: list[tuple[str, int]] = []
    if not settings.database_url:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.resolved_database_url())
    try:
        missing = upgrade(engine, lambda session: loaded.extend(load_shipped(session, now=clock.now())))
        return missing, loaded
    except DBAPIError as error:
        raise click.ClickException(f"The database refused: {str(error.orig).strip()}") from error
    finally:
        engine.dispose()
