"""repcrm import: files of the back office, from the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

import repcrm.tables  # noqa: F401 - every model, so that relationships find each other
from repcrm.cli.context import operators_language, says_errors, session_scope, settings_or_exit
from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.words import N_
from repcrm.imports import service
from repcrm.imports.files import read_file
from repcrm.imports.templates import csv_template, xlsx_template
from repcrm.imports.verdicts import Row, Verdict
from repcrm.imports.words import message_words, row_words
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User
from repcrm.organisation.queries import scope_of
from repcrm.sales import queries
from repcrm.sales.models import BatchStatus, ImportBatch, ImportKind

SHOWN = 200
"""Refused rows that are printed at most."""


@click.group("import")
def command() -> None:
    """Read hospitals, doctors, territories, targets and distributor flow from xlsx and csv.

    All rows are taken in, or none: if a row is refused, the reasons are printed and the exit code is 1. The same
    file twice changes nothing. Columns may have Chinese or English headers; see `repcrm import template`.

    \b
    Examples:
      repcrm import flow flow.xlsx --source "Example Distribution" --period 2026-11
      repcrm import targets targets.csv --dry-run
      repcrm import template doctors doctors.xlsx
      repcrm import undo 12
    """


def _command(kind: ImportKind, what: str) -> None:
    """Add the command of one kind of file."""

    @click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
    @click.option("--dry-run", is_flag=True, help="Say what would happen, and leave everything as it is.")
    @click.option("--by", "username", help="User name of the administrator who does it; the first one if left away.")
    def run(file: Path, dry_run: bool, username: str | None, source: str = "", period: str = "") -> None:
        _import(kind, file, source, period, dry_run, username)

    if kind is ImportKind.FLOW:
        run = click.option("--source", default="", help="The distributor; else the file has to name it.")(run)
        run = click.option("--period", default="", help="2026-11, 2026-W47, 2026-Q4; else the month of its days.")(run)
    command.command(kind.value, help=what)(says_errors(run))


_command(
    ImportKind.FLOW,
    "Read distributor flow: packs by hospital, product and day or month. It takes the place of what the same source "
    "delivered for the same period before; that is kept, and comes back if you undo.",
)
_command(ImportKind.TARGETS, "Read targets: floor and stretch by hospital, product and month.")
_command(ImportKind.TERRITORIES, "Read who holds which hospital and product from which day on.")
_command(ImportKind.REGIONS, "Read regions; those on file under their code are renamed.")
_command(ImportKind.PEOPLE, "Read reps and regional leads, without passwords; those on file are revised.")
_command(ImportKind.PRODUCTS, "Read products; those on file under their code are revised.")
_command(ImportKind.PRICES, "Read prices of products, each from a day on.")
_command(ImportKind.COMPETITORS, "Read competitors of products.")
_command(ImportKind.DEPARTMENTS, "Read departments of hospitals; those on file are revised.")
_command(ImportKind.LISTINGS, "Read where products stand in the formularies of hospitals.")
_command(ImportKind.HOSPITALS, "Read hospitals; those on file under their code are revised.")
_command(ImportKind.DOCTORS, "Read doctors with posts and clinic rosters; those on file are revised.")
_command(ImportKind.TIME_OFF, "Read time off of reps; what is on file already stays.")
_command(ImportKind.APPOINTMENTS, "Read appointments of reps or of everybody, once or weekly.")
_command(ImportKind.RECEPTION, "Read when hospitals receive reps, and their evening rounds.")


@command.command("undo")
@click.argument("batch_id", type=int)
@click.option("--by", "username", help="User name of the administrator who does it; the first one if left away.")
def undo_command(batch_id: int, username: str | None) -> None:
    """Bring back what was there before an import, given by its number."""
    settings, now = settings_or_exit(), clock.now()
    with session_scope(settings) as session:
        scope = _scope(session, username, clock.day_of(now, settings.zone))
        service.undo(session, scope, queries.get_batch(session, scope, batch_id), now=now)
    click.echo(_words()(N_("Undone. The former values are back.")))


@command.command("template")
@click.argument("kind", type=click.Choice([kind.value for kind in ImportKind]))
@click.argument("output", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of the headers; that of the terminal if left away.")
def template_command(kind: str, output: Path, language: str | None) -> None:
    """Write an empty file to fill in: OUTPUT ends in .xlsx or .csv."""
    chosen = language or operators_language()
    if output.suffix.lower() == ".csv":
        output.write_bytes(csv_template(ImportKind(kind), chosen))
    elif output.suffix.lower() == ".xlsx":
        output.write_bytes(xlsx_template(ImportKind(kind), chosen, _words(chosen)))
    else:
        raise click.ClickException("The name of the file has to end in .xlsx or .csv.")
    click.echo(str(output))


def _import(kind: ImportKind, path: Path, source: str, period: str, dry_run: bool, username: str | None) -> None:
    translate = _words()
    file = read_file(path.read_bytes(), path.name, kind)
    settings, now = settings_or_exit(), clock.now()
    with session_scope(settings) as session:
        scope = _scope(session, username, clock.day_of(now, settings.zone))
        batch = service.preview(session, scope, file, now=now, source=source, period=period)
        for message, params in batch.reading["notes"]:
            click.echo(message_words(message, params, translate))
        click.echo(_counts(batch, translate))
        if batch.count_refused:
            _print_refused(kind, file.rows, translate)
            session.rollback()
            raise click.ClickException(translate(N_("Nothing was taken in.")))
        if dry_run:
            session.rollback()
            click.echo(translate(N_("Only tried: nothing was taken in.")))
            return
        service.apply(session, scope, batch, now=now)
        if batch.status is BatchStatus.UNCHANGED:
            said = translate(N_("Nothing to do: every row is on file already."))
        else:
            said = translate(N_("Applied as import %(number)s.")) % {"number": batch.id}
    click.echo(said)


def _counts(batch: ImportBatch, translate: Callable[[str], str]) -> str:
    words = translate(
        N_("%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused, %(gone)s no longer there")
    )
    counted = {
        "new": batch.count_new,
        "changed": batch.count_changed,
        "unchanged": batch.count_unchanged,
        "refused": batch.count_refused,
        "gone": batch.count_gone,
    }
    about = f"{batch.source} {batch.period}: " if batch.source else ""
    return about + words % counted


def _print_refused(kind: ImportKind, rows: list[Row], translate: Callable[[str], str]) -> None:
    refused = [row for row in rows if row.verdict is Verdict.REFUSED]
    for row in refused[:SHOWN]:
        words = row_words(kind, row, operators_language(), translate)
        for problem in words.problems:
            click.echo(f"{words.where}: {problem}", err=True)
    if len(refused) > SHOWN:
        click.echo("…", err=True)


def _scope(session: Session, username: str | None, today: Any) -> Scope:
    """The eyes of the administrator who imports."""
    wanted = select(User).where(User.role == Role.ADMIN, User.is_active).order_by(User.id)
    if username is not None:
        wanted = wanted.where(User.username == username.strip().lower())
    found = session.scalars(wanted).first()
    if found is None and username is not None:
        raise NotFound(N_("There is no administrator with the user name %(username)s."), username=username)
    if found is None:
        raise BadInput(N_("There is no administrator yet. Add one with: repcrm user add --role admin"))
    return scope_of(found, today)


def _words(language: str | None = None) -> Callable[[str], str]:
    from repcrm.web.languages import catalogue  # Flask is only loaded when there is something to say

    return catalogue(language or operators_language()).gettext
