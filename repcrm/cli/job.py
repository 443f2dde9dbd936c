"""repcrm job: what the clock has done, and the same by hand."""

import click
from sqlalchemy import select

from repcrm.cli.context import says_errors, sessions, settings_or_exit
from repcrm.cli.regions import regions_named
from repcrm.core import clock
from repcrm.core.errors import BadInput
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.organisation.models import Region
from repcrm.scheduler.jobs import JOBS, get_job
from repcrm.scheduler.models import JobRun, RunStatus
from repcrm.scheduler.runs import Due, list_due, list_without_data, run_once, worker_name


@click.group("job")
def command() -> None:
    """Look at what the clock has done, or do it by hand.

    \b
      repcrm job list
      repcrm job run review_week --period 2026-W47
      repcrm job run freeze_month --period 2026-10 --region EAST
    """


@command.command("list")
@click.option("--last", default=20, show_default=True, type=click.IntRange(min=1), help="How many runs.")
def list_command(last: int) -> None:
    """List what is due, what has no data to report on yet, then the latest runs."""
    settings = settings_or_exit()
    now = clock.now()
    with sessions(settings) as make_session, make_session() as session:
        codes = {region.id: region.code for region in session.scalars(select(Region))}
        for due in list_due(session, now, settings.zone):
            click.echo(f"{'due':8} {due.job.name:15} {due.period!s:8} {codes[due.region_id]}")
        for due in list_without_data(session, now, settings.zone):
            click.echo(f"{'no data':8} {due.job.name:15} {due.period!s:8} {codes[due.region_id]}")
        for run in session.scalars(select(JobRun).order_by(JobRun.claimed_at.desc()).limit(last)):
            click.echo(
                f"{run.status.value:8} {run.job:15} {run.period:8} {codes[run.region_id]:8} "
                f"{run.claimed_at:%Y-%m-%d %H:%M:%S}Z {run.claimed_by} {run.error}".rstrip()
            )


@command.command("run")
@click.argument("name", type=click.Choice([job.name for job in JOBS]))
@click.option("--period", required=True, help="2026-W47, 2026-11 or 2026-Q4; it must be over.")
@click.option("--region", help="Code of a region; all regions if left away.")
@says_errors
def run_command(name: str, period: str, region: str | None) -> None:
    """Do a job for a period, as the clock would; one that is done stays as it is."""
    settings = settings_or_exit()
    wanted = Period.parse(period)
    job = get_job(name)
    if wanted.kind is not job.kind:
        raise BadInput(N_("%(name)s takes a %(kind)s, not %(period)s."), name=name, kind=job.kind.label, period=period)
    failed = 0
    with sessions(settings) as make_session:
        with make_session() as session:
            regions = [(one.id, one.code) for one in regions_named(session, region)]
        for region_id, code in regions:
            due = Due(wanted, JOBS.index(job), region_id)
            run_once(make_session, worker_name(), due, now=clock.now, zone=settings.zone, again=True)
            with make_session() as session:
                run = session.scalars(select(JobRun).filter_by(job=name, period=str(wanted), region_id=region_id)).one()
                failed += run.status is not RunStatus.DONE
                click.echo(f"{code} {name} {wanted}: {run.status.label} {run.error}".rstrip())
    if failed:
        raise click.exceptions.Exit(1)
