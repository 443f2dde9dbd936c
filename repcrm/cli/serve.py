"""repcrm serve: the pages, and the clock beside them."""

import signal
from types import FrameType
from typing import Any

import click
from flask import Flask
from waitress.server import create_server

from repcrm.app import create_app
from repcrm.cli.context import log_to_stderr, settings_or_exit
from repcrm.core.garbage import set_loaded_apart
from repcrm.db.engine import make_engine
from repcrm.db.schema import pending
from repcrm.settings import Settings
from repcrm.worker.process import Attendant

THREADS = 8


@click.command("serve")
@click.option("--host", help="Address to listen on; REPCRM_HOST, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="REPCRM_PORT, else 8000.")
@click.option(
    "--scheduler/--no-scheduler", default=None, help="Whether the clock runs in here; REPCRM_SCHEDULER, else yes."
)
@click.option(
    "--worker/--no-worker", default=None, help="Whether a worker for long work is kept; REPCRM_WORKER, else yes."
)
def command(host: str | None, port: int | None, scheduler: bool | None, worker: bool | None) -> None:
    """Serve the pages with waitress, for small and middle-sized sites.

    \b
    Behind a proxy that speaks https:
      REPCRM_TRUSTED_PROXIES=1 REPCRM_HTTPS=1 repcrm serve
    On Linux with more people, gunicorn for the pages and the clock by itself:
      gunicorn --worker-class gthread --workers 4 --threads 8 --no-control-socket 'repcrm.app:wsgi()'
      repcrm scheduler run
      repcrm worker
    """
    chosen = {"host": host, "port": port, "scheduler": scheduler, "worker": worker}
    settings = settings_or_exit(**{name: value for name, value in chosen.items() if value is not None})
    check_migrated(settings)
    server = listen(create_app(settings), settings)
    click.echo(f"Serving on {address_of(settings)}; stop with ctrl-c.")
    run(server, settings)


def check_migrated(settings: Settings) -> None:
    """End the command if the database lacks a migration."""
    engine = make_engine(settings.resolved_database_url())
    try:
        with engine.connect() as connection:
            missing = pending(connection)
    except Exception as error:
        raise click.ClickException(f"The database cannot be opened: {error}") from error
    finally:
        engine.dispose()
    if missing:
        raise click.ClickException("The database is not up to date. Run: repcrm db upgrade")


def listen(app: Flask, settings: Settings) -> Any:
    """Return a server that holds its port but does not answer yet, or end with what holds the port."""
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            ident=None,
            url_scheme="https" if settings.https else "http",
            clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
            max_request_body_size=4 * settings.upload_bytes,
        )
    except OSError as error:
        raise click.ClickException(
            f"{settings.host}:{settings.port} cannot be used ({error.strerror or error}). Stop the program that "
            f"uses it, or choose another port, for example: --port {settings.port % 65535 + 1}"
        ) from error


def run(server: Any, settings: Settings) -> None:
    """Answer until ctrl-c or a polite kill; the clock and a worker run beside it if the settings say so."""
    log_to_stderr()
    signal.signal(signal.SIGTERM, _stop)
    attendant = Attendant(settings) if settings.worker else None
    if attendant is not None:
        attendant.start()
    clock = None
    if settings.scheduler:
        from repcrm.scheduler.runner import start  # APScheduler is only loaded where the clock runs

        clock = start(settings)
    set_loaded_apart()
    try:
        server.run()
    finally:
        if clock is not None:
            clock.shutdown(wait=False)
        if attendant is not None:
            attendant.shutdown()


def address_of(settings: Settings) -> str:
    """Return the address to type into a browser."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host
    return f"http://{host}:{settings.port}"


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
