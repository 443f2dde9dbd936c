"""repcrm demo: a whole company on this machine."""

import time
from pathlib import Path

import click
from sqlalchemy import select

from repcrm.app import create_app
from repcrm.cli.context import session_scope, settings_or_exit
from repcrm.cli.db import migrate
from repcrm.cli.serve import address_of, listen, run
from repcrm.core import clock
from repcrm.organisation.models import User
from repcrm.settings import DEMO_PASSWORD, DEMO_SIGN_INS, Settings


@click.command("demo")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path("instance"), show_default=True,
              help="Folder that keeps the demo's database; remove it to begin again.")  # fmt: skip
@click.option("--database-url", default="", help="Another empty database, such as postgresql+psycopg://...")
@click.option("--host", default="127.0.0.1", show_default=True, help="Everybody who reaches it may sign in.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--scheduler/--no-scheduler", default=True, show_default=True, help="Whether the clock runs.")
def command(data: Path, database_url: str, host: str, port: int, scheduler: bool) -> None:
    """Start the demo company: invented people, hospitals and figures up to today.

    The first start makes the database and takes a little while; the next ones keep what you did in it.
    """
    settings = settings_or_exit(
        demo=True, data_folder=data.absolute(), database_url=database_url, host=host, port=port, scheduler=scheduler
    )
    server = listen(create_app(settings), settings)
    migrate(settings)
    _build_if_empty(settings)
    click.echo(f"\nrepcrm demo: {address_of(settings)}")
    click.echo(f"Sign in as {', '.join(DEMO_SIGN_INS)}; password of all: {DEMO_PASSWORD}")
    click.echo("Stop with ctrl-c. What you do is kept in " + str(settings.data_folder))
    run(server, settings)


def _build_if_empty(settings: Settings) -> None:
    with session_scope(settings) as session:
        if session.scalar(select(User.id).limit(1)) is not None:
            return
        from repcrm.demo import build  # only the first start needs it, and pandas with it

        click.echo("Building the demo company: 15 months of an invented team's work. This takes a minute or two, once.")
        began = time.monotonic()
        build(session, clock.today(settings.zone), clock.now(), zone=settings.zone, say=_say)
    click.echo(f"Built in {time.monotonic() - began:.0f} s.")


def _say(line: str) -> None:
    click.echo(f"  {line}")
