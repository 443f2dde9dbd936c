"""Previews worked out while nothing is locked: what applying a file would do, row by row, and what it leaves open."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import BadInput
from repcrm.core.progress import Step, silent
from repcrm.core.words import N_
from repcrm.imports import remembered_layouts
from repcrm.imports.flow import preview as flow
from repcrm.imports.flow.remarks import REMARK, ask_remark
from repcrm.imports.flow.rest import REST, ask_rest
from repcrm.imports.kept_rows import PORTION, Spool, kept_row, places_in, portions
from repcrm.imports.kinds import KINDS
from repcrm.imports.kinds.shared import Context
from repcrm.imports.layout.reading import Reading
from repcrm.imports.naming import NameKind, Resolver
from repcrm.imports.naming.asking import question_for
from repcrm.imports.opened import OpenedFile
from repcrm.imports.questions import Answers, Question
from repcrm.imports.verdicts import Row, Verdict
from repcrm.organisation.access import Scope
from repcrm.sales.models import FlowMode, ImportBatch, ImportKind, ImportRow

READING = N_("Checking the lines")

Place = tuple[str, int, str]
"""Sheet, row and column of a row in its file: what a person has set aside stays aside when the file is read again."""


@dataclass
class Draft:
    """A preview that has not been saved yet; it holds plain values only, so that it outlives the session it came from.

    gone    lines on file that applying would take away, and their packs
    """

    file: OpenedFile
    answers: dict[str, str]
    reading: dict[str, Any]
    signature: str
    spool: Spool = field(default_factory=Spool)
    questions: list[Question] = field(default_factory=list)
    sums: dict[str, Any] = field(default_factory=dict)
    distributor_id: int | None = None
    period: str = ""
    mode: FlowMode | None = None
    gone: int = 0

    def rows(self, verdict: Verdict) -> Iterator[Row]:
        """Go through the rows of one verdict."""
        places = places_in(self.reading)
        for portion in self.spool.portions():
            for values in portion:
                if values["verdict"] == verdict.value:
                    yield kept_row(values["kept"], places, values["number"], verdict, values["aside_reason"])


def draft(
    session: Session,
    scope: Scope,
    file: OpenedFile,
    answers: Answers,
    *,
    now: datetime,
    asides: Mapping[Place, str] | None = None,
    step: Step = silent,
) -> Draft:
    """Work out what applying a file would do, and write nothing.

    file     as `opened.open_import` gives it
    answers  what a person has answered; answers remembered for the layout are added
    asides   rows a person has set aside, with the reason
    step     told how many lines have been checked; it may raise, to stop
    raises   BadInput for a file that cannot be understood as one of its kind
    """
    resolver = Resolver(session, scope.on, None, answers)
    all_answers, reading = _with_remembered(session, file, answers, resolver)
    context = Context(session, scope.on, scope.user_id, now, file.name, resolver, all_answers)
    drafted = Draft(file, all_answers, reading={}, signature=reading.signature)
    rows = _numbered(reading.rows, asides or {})
    with session.no_autoflush:
        names = _judge_flow(context, drafted, rows, step) if file.kind is ImportKind.FLOW else (
            _judge_list(context, drafted, list(rows))
        )  # fmt: skip
    if not drafted.spool.count and not reading.questions:
        raise BadInput(N_("There are no rows below the header. Add data and try again."), field="file")
    drafted.reading = _kept(reading)
    asked = [*reading.questions, *context.questions, *name_questions(resolver, names)]
    drafted.questions = list({question.key: question for question in asked}.values())
    return drafted


def asides_of(session: Session, batch: ImportBatch) -> dict[Place, str]:
    """Return the rows of a batch that a person has set aside, with the reasons."""
    kept = session.execute(
        select(ImportRow.kept, ImportRow.aside_reason).where(
            ImportRow.batch_id == batch.id, ImportRow.aside_reason != ""
        )
    )
    return {(row["sheet"], row["row"], row.get("at", "")): reason for row, reason in kept}


def _kept(reading: Reading) -> dict[str, Any]:
    """Return what the batch keeps of how its file was read."""
    return {
        "places": {sheet.name: sheet.places for sheet in reading.sheets},
        "notes": reading.notes,
        "sheets": [sheet.as_json() for sheet in reading.sheets],
    }


@dataclass
class OpenName:
    """A name that rows wait for.

    lines, packs  how many rows, and their packs where they carry any
    """

    lines: int = 0
    packs: int = 0


Names = dict[tuple[str, str], OpenName]
"""(Kind of name, spelling) -> what waits for it."""


def _judge_list(context: Context, drafted: Draft, rows: list[Row]) -> Names:
    """Judge a master data file, all rows together."""
    KINDS[drafted.file.kind].judge(context, [row for row in rows if not row.aside])
    drafted.spool.add(rows)
    names: Names = {}
    collect_names(names, rows)
    return names


def _judge_flow(context: Context, drafted: Draft, rows: Iterator[Row], step: Step) -> Names:
    """Judge a sales file a portion at a time, so that a million lines do not have to be in memory."""
    names: Names = {}
    first = next(portions(rows, PORTION), [])
    judge = flow.begin(context, first)
    for done, portion in enumerate(_chain(first, portions(rows, PORTION))):
        step(READING, done * PORTION, None)
        judge.judge([row for row in portion if not row.aside])
        collect_names(names, portion)
        drafted.spool.add(portion)
    outcome = flow.conclude(context, judge, drafted.file.digest)
    for amendment in outcome.amendments:
        drafted.spool.amend(amendment.number, amendment.before, amendment.verdict, amendment.kept)
    drafted.distributor_id, drafted.period, drafted.mode = outcome.distributor_id, outcome.period, outcome.mode
    drafted.gone, drafted.sums = outcome.gone, outcome.sums
    if context.unknown_distributor:
        names[NameKind.DISTRIBUTOR.value, context.unknown_distributor] = OpenName(drafted.spool.count)
    return names


def _chain(first: list[Row], rest: Iterable[list[Row]]) -> Iterator[list[Row]]:
    yield first
    yield from rest


def _numbered(rows: Iterable[Row], asides: Mapping[Place, str]) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        row.number = number
        reason = asides.get((row.sheet, row.row, row.at))
        if reason:
            row.set_aside(reason)
        yield row


def _with_remembered(
    session: Session, file: OpenedFile, answers: Answers, resolver: Resolver
) -> tuple[dict[str, str], Reading]:
    """Read a file with what a person answered for its layout before; what is answered now wins."""
    given = answers
    reading = file.read(answers)
    answers = _spread(answers, reading.questions)
    distributor = flow.named_distributor(answers, resolver)
    known = remembered_layouts.find(session, file.kind, reading.signature, distributor)
    together = {**known.answers, **answers} if known is not None else dict(answers)
    if together != given:
        reading = file.read(together)
    if known is None or known.answers.keys() <= answers.keys():
        return together, reading
    said = {"name": known.confirmed_by.name, "day": known.confirmed_at.date().isoformat()}
    reading.notes.append((N_("Columns are read as %(name)s confirmed on %(day)s."), said))
    return together, reading


def _spread(answers: Answers, questions: Iterable[Question]) -> dict[str, str]:
    """Let an answer without a place, such as `hidden_rows`, answer the question about every place."""
    spread = {
        question.key: answers[word]
        for question in questions
        if (word := question.key.partition(":")[0]) in answers and question.key not in answers
    }
    return {**answers, **spread}


def collect_names(names: Names, rows: Iterable[Row]) -> None:
    for row in rows:
        if row.verdict is not Verdict.OPEN:
            continue
        for name in row.open_names:
            waiting = names.setdefault(name, OpenName())
            waiting.lines += 1
            waiting.packs += row.values.get("packs") or 0


def name_questions(resolver: Resolver, names: Names) -> Iterator[Question]:
    """Ask what each name means and what becomes of each remark, the one most packs wait for first."""
    for (kind, spelling), waiting in sorted(names.items(), key=lambda item: (-abs(item[1].packs), -item[1].lines)):
        if kind == REMARK:
            yield ask_remark(spelling, waiting.lines, waiting.packs)
        elif kind == REST:
            yield ask_rest(spelling, waiting.lines, waiting.packs)
        else:
            yield question_for(resolver, kind, spelling, lines=waiting.lines, packs=waiting.packs)


def count_names(questions: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Count the open names of a batch by kind."""
    return Counter(one["key"].split(":", 2)[1] for one in questions if one["key"].startswith("name:"))
