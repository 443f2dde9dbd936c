"""repcrm db: the tables."""

import click
from sqlalchemy.exc import DBAPIError

from repcrm.cli.context import settings_or_exit
from repcrm.db.engine import make_engine
from repcrm.db.schema import check, upgrade
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
    """Run the migrations that are missing; an empty database gets every table.

    Safe to run at every start, by any number of processes at once.
    """
    missing = migrate(settings_or_exit())
    click.echo(f"Migrations run: {', '.join(missing)}" if missing else "The database is up to date.")


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


def migrate(settings: Settings) -> list[str]:
    """Run the migrations that a database is missing.

    returns  their names, oldest first
    """
    if not settings.database_url:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.resolved_database_url())
    try:
        return upgrade(engine)
    except DBAPIError as error:
        raise click.ClickException(f"The database refused: {str(error.orig).strip()}") from error
    finally:
        engine.dispose()
