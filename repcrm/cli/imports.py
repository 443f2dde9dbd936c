"""repcrm import: files of the back office, from the command line."""

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.cli.context import operators_language, says_errors, session_scope, sessions, settings_or_exit
from repcrm.cli.import_watch import watch
from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.garbage import set_loaded_apart
from repcrm.core.words import N_
from repcrm.db.unit_of_work import begin_writing, unit_of_work
from repcrm.imports import service
from repcrm.imports.kinds import KINDS
from repcrm.imports.naming.asking import answer_names
from repcrm.imports.opened import OpenedFile, open_import
from repcrm.imports.questions import Answers, Question
from repcrm.imports.templates import csv_template, xlsx_template
from repcrm.imports.verdicts import Verdict
from repcrm.imports.words import message_words, row_words
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User
from repcrm.organisation.queries import scope_of
from repcrm.sales import queries
from repcrm.sales.models import Channel, ImportBatch, ImportKind

SHOWN = 200
"""Rejected rows that are printed at most."""
Translate = Callable[[str], str]


@click.group("import")
def command() -> None:
    """Import master data, targets and distributor sales from xlsx, csv and other tables.

    What a file leaves open is printed as a question with the option that answers it, and nothing is imported: exit
    code 1. The same file twice changes nothing. See `repcrm import template` for the columns.

    \b
    Examples:
      repcrm import flow flow.xlsx --distributor "Example Distribution" --period 2026-11
      repcrm import flow flow.xlsx --column packs="销售 数量" --unit 件
      repcrm import targets targets.csv --dry-run
      repcrm import template doctors doctors.xlsx
      repcrm import undo 12
    """


def _pairs(key: str) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], dict[str, str]]:
    """Read FIELD=VALUE options into answers `key:FIELD`."""

    def read(_context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
        answers = {}
        for value in values:
            name, sign, answer = value.partition("=")
            if not sign:
                raise click.BadParameter(f"{value}: write it as NAME=VALUE.", param=parameter)
            answers[f"{key}:{name.strip()}" if key else name.strip()] = answer.strip()
        return answers

    return read


PLAIN = {
    "unit": ("WORD", "The unit of the quantities, such as 盒, 件 or 片."),
    "money": ("UNIT", "The unit of amounts: yuan, thousand or ten-thousand."),
    "dates": ("ORDER", "The order in dates such as 3/11/2026: dmy, mdy or ymd."),
    "year": ("YEAR", "The year of months and days without one."),
    "totals": ("ANSWER", "accept: import although a total in the file does not agree with its lines."),
    "quarters": ("ANSWER", "divide: divide quarters among their months by working days."),
    "duplicates": ("ANSWER", "count or leave: lines that repeat another line of the file."),
    "stock": ("ANSWER", "take or leave: stock in a purchase-sales-stock sheet."),
    "remarks": ("ANSWER", "take or aside: lines with a remark."),
    "reason": ("TEXT", "Why a closed period is changed."),
}
"""Question -> what its option takes, and its help."""
PAIRED = {
    "column": ("FIELD=HEADING", "Read a field from the column with this whole heading; several times."),
    "type": ("WORD=MEANING", "What a type of document means: sale, return or skip; several times."),
    "sheet": ("NAME=take|leave", "Whether a sheet is read; several times."),
}


def _command(kind: ImportKind, what: str) -> None:
    """Add the command of one kind of file."""

    def run(file: Path, dry_run: bool, username: str | None, **options: Any) -> None:
        _import(kind, file, _answers(options), dry_run, username, options.get("name") or {})

    run.__doc__ = what
    for name, (metavar, text) in reversed(PLAIN.items()):
        run = click.option(f"--{name}", metavar=metavar, help=text)(run)
    for name, (metavar, text) in reversed(PAIRED.items()):
        run = click.option(f"--{name}", metavar=metavar, multiple=True, callback=_pairs(name), help=text)(run)
    run = click.option("--hidden-rows", type=click.Choice(["take", "leave"]), help="Hidden rows: import or skip.")(run)
    run = click.option(
        "--blank-cells", type=click.Choice(["above", "refuse"]), help="Blank cells of a group: take the name above."
    )(run)
    run = click.option(
        "--name", "name", metavar="SPELLING=CODE", multiple=True, callback=_pairs(""),
        help="What a name means: a code, new (a distributor), or none (not ours); it is remembered.",
    )(run)  # fmt: skip
    run = click.option(
        "--answer", "answer", metavar="KEY=VALUE", multiple=True, callback=_pairs(""), help="Answer any question."
    )(run)
    if kind is ImportKind.FLOW:
        run = click.option("--replace", "replace", is_flag=True, help="Replace what was reported for the period.")(run)
        run = click.option("--add", "add", is_flag=True, help="Add to what was reported for the period.")(run)
        run = click.option("--period", help="2026-11, 2026-W47, 2026-Q4; else the dates in the file.")(run)
        run = click.option("--distributor", help="The distributor; else the file names it.")(run)
    run = click.option("--by", "username", help="Username of the admin who imports; the first one if left out.")(run)
    run = click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")(run)
    run = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))(run)
    command.command(kind.value, help=what)(says_errors(run))


_command(
    ImportKind.FLOW,
    "Import distributor sales: packs by hospital, product and day or month. Lines that were reported before are only "
    "taken away with --replace; the earlier file is kept and applies again if you revert.",
)
_command(ImportKind.REGIONS, "Import regions; existing ones are renamed by code.")
_command(ImportKind.PEOPLE, "Import reps and regional leads, without passwords; existing ones are updated by code.")
_command(ImportKind.PRODUCTS, "Import products; existing ones are updated by code.")
_command(ImportKind.PRICES, "Import prices of products, each from a day on.")
_command(ImportKind.COMPETITORS, "Import competitors of products.")
_command(ImportKind.TARGETS, "Import targets: floor and stretch by hospital, product and month.")
_command(ImportKind.TERRITORIES, "Import who covers which hospital and product from which day on.")
_command(ImportKind.HOSPITALS, "Import hospitals; existing ones are updated by code.")
_command(ImportKind.DOCTORS, "Import doctors with departments and clinic hours; existing ones are updated by code.")
_command(ImportKind.DEPARTMENTS, "Import departments of hospitals; existing ones are updated.")
_command(ImportKind.LISTINGS, "Import where products stand in the formularies of hospitals.")
_command(ImportKind.DISTRIBUTORS, "Import distributors with their other names and when their sales are due.")
_command(ImportKind.CONVERSIONS, "Import how many packs a case, box or tablet of a product is.")
_command(ImportKind.TIME_OFF, "Import time off of reps; what is in the system already stays.")
_command(ImportKind.APPOINTMENTS, "Import appointments of reps or of everybody, once or weekly.")
_command(ImportKind.RECEPTION, "Import when hospitals receive reps, and their evening calls.")
_command(ImportKind.WORKDAYS, "Import public holidays and make-up working days, by country.")


command.add_command(watch)


@command.command("undo")
@click.argument("batch_id", type=int)
@click.option("--by", "username", help="Username of the admin who reverts; the first one if left out.")
def undo_command(batch_id: int, username: str | None) -> None:
    """Revert an import, given by its number: what was there before applies again."""
    settings, now = settings_or_exit(), clock.now()
    with session_scope(settings) as session:
        scope = _scope(session, username, clock.day_of(now, settings.zone))
        service.revert(session, scope, queries.get_batch(session, scope, batch_id), now=now)
    click.echo(_words()(N_("Import reverted. The previous values are restored.")))


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


def _answers(options: dict[str, Any]) -> dict[str, str]:
    """Turn the options of a command into answers to questions."""
    answers = {key: options[key] for key in (*PLAIN, "distributor", "period") if options.get(key)}
    for name in ("column", "type", "sheet", "answer"):
        answers |= options.get(name) or {}
    for name in ("hidden_rows", "blank_cells"):
        if options.get(name):
            answers[name] = options[name]
    if options.get("add") and options.get("replace"):
        raise click.UsageError("Choose either --add or --replace.")
    if options.get("add") or options.get("replace"):
        answers["mode"] = "adds" if options["add"] else "replaces"
    return answers


def _import(
    kind: ImportKind, path: Path, answers: dict[str, str], dry_run: bool, username: str | None, names: Answers
) -> None:
    translate = _words()
    opened = open_import(path.read_bytes(), path.name, kind)
    settings = settings_or_exit()
    with sessions(settings) as make_session:
        with make_session() as reading:
            scope = _scope(reading, username, clock.today(settings.zone))
        drafted = _draft(make_session, scope, opened, answers)
        if named := _named(drafted.questions, names):
            if dry_run:
                answers = {**answers, **named}
            else:
                _remember(make_session, scope, named, drafted.distributor_id)
            drafted = _draft(make_session, scope, opened, answers)
        for message, params in drafted.reading["notes"]:
            click.echo(message_words(message, params, translate))
        click.echo(_counts(drafted, translate))
        if drafted.spool.counts[Verdict.REFUSED]:
            _print_refused(kind, drafted, translate)
        _print_questions(drafted.questions, translate)
        if drafted.spool.counts[Verdict.REFUSED] or drafted.questions:
            raise click.ClickException(translate(N_("Nothing was imported.")))
        if dry_run:
            click.echo(translate(N_("Dry run: nothing was imported.")))
            return
        click.echo(_apply(make_session, scope, drafted, translate))


def _draft(make_session: Any, scope: Scope, opened: OpenedFile, answers: Answers) -> service.Draft:
    """Work out a preview in a session of its own, which is closed without writing anything."""
    with make_session() as reading:
        if KINDS[opened.kind].rehearses:
            begin_writing(reading)
        return service.draft(reading, scope, opened, answers, now=clock.now())


def _named(questions: Iterable[Question], names: Answers) -> dict[str, str]:
    """Match what was said of names, by their spelling alone, with the questions about them."""
    asked = [question.key for question in questions if question.key.startswith("name:")]
    return {key: names[spelling] for key in asked if (spelling := key.split(":", 2)[2]) in names}


def _remember(make_session: Any, scope: Scope, names: Answers, distributor_id: int | None) -> None:
    """Remember what names mean, for the files of this distributor where it is known."""
    with unit_of_work(make_session) as session:
        answer_names(session, scope, names, distributor_id=distributor_id, now=clock.now())


def _apply(make_session: Any, scope: Scope, drafted: service.Draft, translate: Translate) -> str:
    """Save and apply a draft in short transactions, so that nobody waits for a long file."""
    set_loaded_apart()
    now = clock.now()
    batch_id = service.save_in_steps(make_session, scope, drafted, now=now, channel=Channel.COMMAND)
    with unit_of_work(make_session) as session:
        batch = service.conclude(session, batch_id, drafted)
        unchanged = service.changes_nothing(batch)
    if drafted.file.kind is ImportKind.FLOW and not unchanged:
        service.apply_flow_in_steps(make_session, scope, batch_id)
        with unit_of_work(make_session) as session:
            service.conclude_flow(session, scope, session.get_one(ImportBatch, batch_id), now=now)
    else:
        with unit_of_work(make_session) as session:
            service.apply(session, scope, session.get_one(ImportBatch, batch_id), now=now)
    if unchanged:
        return translate(N_("No changes: every row is already in the system."))
    return translate(N_("Applied as import %(number)s.")) % {"number": batch_id}


def _counts(drafted: service.Draft, translate: Translate) -> str:
    words = translate(
        N_(
            "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s rejected, %(open)s waiting for "
            "an answer, %(aside)s set aside, %(gone)s no longer in the file"
        )
    )
    counted = {verdict.value: drafted.spool.counts[verdict] for verdict in Verdict}
    return words % {**counted, "gone": drafted.gone}


def _print_refused(kind: ImportKind, drafted: service.Draft, translate: Translate) -> None:
    for row in islice(drafted.rows(Verdict.REFUSED), SHOWN):
        words = row_words(kind, row, operators_language(), translate)
        for problem in words.problems:
            click.echo(f"{words.where}: {problem}", err=True)
    if drafted.spool.counts[Verdict.REFUSED] > SHOWN:
        click.echo("…", err=True)


def _print_questions(questions: Iterable[Question], translate: Translate) -> None:
    """Print what has to be answered, each with the option that does."""
    for question in questions:
        click.echo(message_words(question.message, question.params, translate), err=True)
        for example in question.examples:
            click.echo(f"    {example}", err=True)
        for choice in question.choices:
            click.echo(f"  - {choice.value}: {message_words(choice.label, choice.params, translate)}", err=True)
        if question.option:
            click.echo(translate(N_("  Answer with: %(option)s")) % {"option": question.option}, err=True)


def _scope(session: Session, username: str | None, today: Any) -> Scope:
    """The scope of the admin who imports."""
    wanted = select(User).where(User.role == Role.ADMIN, User.is_active).order_by(User.id)
    if username is not None:
        wanted = wanted.where(User.username == username.strip().lower())
    found = session.scalars(wanted).first()
    if found is None and username is not None:
        raise NotFound(N_("No admin has the username %(username)s."), username=username)
    if found is None:
        raise BadInput(N_("There is no admin yet. Add one with: repcrm user add --role admin"))
    return scope_of(found, today)


def _words(language: str | None = None) -> Translate:
    from repcrm.web.languages import catalogue  # Flask is only loaded when there is something to say

    return catalogue(language or operators_language()).gettext
