"""repcrm worker: does the long work that people ask for."""

import signal
import threading

import click

from repcrm.cli.context import log_to_stderr, settings_or_exit
from repcrm.cli.serve import check_migrated
from repcrm.core.parent import wait_until_parent_ends
from repcrm.worker.process import work_until_told


@click.command("worker")
@click.option("--with-server", is_flag=True, help="End when standard input closes, as a server's child does.")
def command(with_server: bool) -> None:
    """Plan calls, freeze reports by hand and take in files, one piece of work after the other.

    `repcrm serve` and `repcrm demo` keep one beside the pages. With gunicorn, or to do several things at once, run it
    by itself, as often as you like: each piece of work is done by one of them.
    """
    settings = settings_or_exit()
    check_migrated(settings)
    log_to_stderr()
    over = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: over.set())
    if with_server:
        threading.Thread(target=_end_with_server, args=(over,), daemon=True).start()
    else:
        click.echo("The worker waits for work; stop with ctrl-c.")
    work_until_told(settings, over)


def _end_with_server(over: threading.Event) -> None:
    wait_until_parent_ends()
    over.set()
