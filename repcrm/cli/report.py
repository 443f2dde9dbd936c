"""repcrm report: gap reports."""

import json
import sys
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.cli.context import operators_language, session_scope, settings_or_exit
from repcrm.cli.regions import regions_named
from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.organisation.models import Region, User
from repcrm.reports import service
from repcrm.reports.body import Body
from repcrm.reports.flat import flat_rows, header
from repcrm.reports.models import ReportKind, ReportSnapshot

KIND = click.Choice([kind.value for kind in ReportKind])


@click.group("report")
def command() -> None:
    """Freeze gap reports, or write one out.

    \b
    The clock freezes them by itself: a week on Monday, a month on the 1st, a quarter on the first day of the next.
      repcrm report freeze --kind week --period 2026-W47
      repcrm report freeze --kind week --period 2026-W47 --revise --reason "late flow of one distributor"
      repcrm report show --kind week --period 2026-W47 --region EAST --format xlsx -o week.xlsx
    """


@command.command("freeze")
@click.option("--kind", type=KIND, required=True, help="How long a period the report looks at.")
@click.option("--period", required=True, help="2026-W47, 2026-11 or 2026-Q4; it must be over.")
@click.option("--region", help="Code of a region; all regions if left away.")
@click.option("--revise", is_flag=True, help="Freeze it again as the next revision.")
@click.option("--reason", default="", help="Why it is revised; shown on the report.")
@click.option("--by", "username", help="User name of who asked for it; the machine itself if left away.")
def freeze_command(kind: str, period: str, region: str | None, revise: bool, reason: str, username: str | None) -> None:
    """Freeze the report of a period; one that is frozen already stays as it is, unless --revise makes the next one."""
    settings = settings_or_exit()
    now = clock.now()
    today = clock.day_of(now, settings.zone)
    with session_scope(settings) as session:
        wanted = _period(kind, period)
        actor = _person(session, username)
        for one in regions_named(session, region):
            before = service.newest(session, wanted, one.id)
            if revise:
                snapshot = service.revise(session, wanted, one, now=now, today=today, reason=reason, actor=actor)
            else:
                snapshot = service.freeze(session, wanted, one, now=now, today=today, actor=actor)
            word = "stays" if before is not None and before.id == snapshot.id else "frozen"
            click.echo(f"{one.code} {snapshot.period} revision {snapshot.revision} {word}, hash {snapshot.digest}")


@command.command("show")
@click.option("--kind", type=KIND, required=True)
@click.option("--period", required=True, help="2026-W47, 2026-11 or 2026-Q4.")
@click.option("--region", help="Code of the region; may be left away where there is only one.")
@click.option("--format", "form", type=click.Choice(["json", "xlsx"]), default="json", show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
@click.option("--revision", type=click.IntRange(min=1), help="The newest if left away.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of the workbook; that of the terminal if left away.")
def show_command(
    kind: str,
    period: str,
    region: str | None,
    form: str,
    output: Path | None,
    revision: int | None,
    language: str | None,
) -> None:
    """Write a frozen report to standard output or a file.

    json: a header and flat rows whose sums anybody can check; xlsx: a workbook whose totals are formulas.
    """
    with session_scope() as session:
        snapshot = _snapshot(session, _period(kind, period), _only_region(session, region), revision)
        if form == "json":
            report = {"header": header(snapshot), "rows": flat_rows(Body(snapshot.body))}
            content = (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode()
        else:
            from repcrm.reports.excel import workbook  # XlsxWriter, only where it is wanted

            content = workbook(Body(snapshot.body), header(snapshot), language or operators_language())
    if output:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


def _period(kind: str, text: str) -> Period:
    period = Period.parse(text)
    if period.kind.value != kind:
        raise BadInput(N_("%(period)s is not a %(kind)s."), period=text, kind=kind)
    return period


def _only_region(session: Session, code: str | None) -> Region:
    found = regions_named(session, code)
    if len(found) != 1:
        raise BadInput(N_("Say which region: --region CODE."))
    return found[0]


def _person(session: Session, username: str | None) -> User | None:
    if username is None:
        return None
    found = session.scalar(select(User).where(User.username == username.lower()))
    if found is None:
        raise NotFound(N_("There is nobody with the user name %(username)s."), username=username)
    return found


def _snapshot(session: Session, period: Period, region: Region, revision: int | None) -> ReportSnapshot:
    found = service.newest(session, period, region.id, revision)
    if found is None:
        raise NotFound(
            N_("The report of %(period)s for %(region)s has not been frozen, or has no such revision."),
            period=str(period),
            region=region.code,
        )
    return found
