"""repcrm scheduler: the clock by itself."""

import logging
import signal
import threading
from datetime import timedelta

import click

from repcrm.cli.context import settings_or_exit
from repcrm.cli.serve import check_migrated
from repcrm.scheduler import runner
from repcrm.scheduler.jobs import LEASE


@click.group("scheduler")
def command() -> None:
    """Run the clock that freezes reports and opens Monday meetings.

    `repcrm serve` and `repcrm demo` run it by themselves. Any number of processes may: one leads, and each report
    is frozen once whatever happens. To run it apart from the pages, serve with REPCRM_SCHEDULER=false and:

    \b
      repcrm scheduler run
    """


@command.command("run")
@click.option("--every", type=click.FloatRange(min=0.1), default=runner.EVERY.total_seconds(), show_default=True,
              help="Seconds between two looks at what is due.")  # fmt: skip
@click.option("--lease", type=click.FloatRange(min=1), default=LEASE.total_seconds(), show_default=True,
              help="Seconds after which a run that has not ended is taken over.")  # fmt: skip
def run_command(every: float, lease: float) -> None:
    """Tick until ctrl-c or a polite kill; a run that is under way is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    settings = settings_or_exit()
    check_migrated(settings)
    stopped = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stopped.set())
    ticking = runner.start(settings, every=timedelta(seconds=every), lease=timedelta(seconds=lease))
    click.echo("The clock runs; stop with ctrl-c.")
    stopped.wait()
    ticking.shutdown()
