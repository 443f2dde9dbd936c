"""repcrm report: gap reports."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.cli.context import operators_language, sessions, settings_or_exit
from repcrm.cli.regions import regions_named
from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.db.unit_of_work import PATIENCE, unit_of_work
from repcrm.organisation.models import Region, User
from repcrm.reports import service
from repcrm.reports.basis import has_data
from repcrm.reports.body import Body
from repcrm.reports.flat import flat_rows, header
from repcrm.reports.models import ReportKind, ReportSnapshot
from repcrm.settings import Settings

MakeSession = Callable[[], Session]
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
    with sessions(settings) as make_session:
        wanted = _period(kind, period)
        now = clock.now()
        service.check_over(wanted, clock.day_of(now, settings.zone))
        if revise:
            service.check_reason(reason)
        with make_session() as session:
            actor = _person(session, username)
            regions = regions_named(session, region)
            with_data = [one for one in regions if has_data(session, one.id, wanted.until_on)]
        for one in regions:
            if region or one in with_data:
                click.echo(_freeze(make_session, settings, wanted, one, actor, reason if revise else None))
            else:
                click.echo(f"{one.code} {wanted} no data yet")


def _freeze(
    make_session: MakeSession, settings: Settings, period: Period, region: Region, actor: User | None,
    reason: str | None,
) -> str:  # fmt: skip
    """Compute the report while others write, then freeze it, or revise it for a reason; returns what to say of it."""
    now = clock.now()
    when: dict[str, Any] = {"now": now, "today": clock.day_of(now, settings.zone)}

    def draft() -> service.Draft | None:
        with make_session() as session:
            if reason is None and service.newest(session, period, region.id):
                return None
            return service.draft(session, period, region, **when)

    def keep(session: Session, drafted: service.Draft | None) -> str:
        before = service.newest(session, period, region.id)
        if reason is None:
            snapshot = service.freeze(session, period, region, **when, actor=actor, drafted=drafted)
        else:
            snapshot = service.revise(session, period, region, **when, actor=actor, drafted=drafted, reason=reason)
        word = "stays" if before is not None and before.id == snapshot.id else "frozen"
        return f"{region.code} {period} revision {snapshot.revision} {word}, hash {snapshot.digest}"

    return service.keep_drafted(draft, lambda: unit_of_work(make_session, patience=PATIENCE), keep)


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
    with sessions() as make_session, make_session() as session:
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
