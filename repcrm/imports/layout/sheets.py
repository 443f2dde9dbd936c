"""The sheets of a file: which are read, which are asked about, which repeat others."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.layout import asks
from repcrm.imports.layout.answers import check_answers
from repcrm.imports.layout.body import Body
from repcrm.imports.layout.headings import Heading, Table, find_table
from repcrm.imports.layout.plan import Plan, Planner
from repcrm.imports.layout.reading import Expected, Reading
from repcrm.imports.layout.screening import refuse_forbidden
from repcrm.imports.layout.vocabulary import Vocabulary
from repcrm.imports.questions import Answers, Question
from repcrm.imports.text import key
from repcrm.imports.values import is_empty
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Sheet

NOTES_NAMES = {"How to fill in", "填写说明"}
"""The sheet with notes of our own templates: left out without a word."""
MOST_PLACES = 200_000
"""Hospital x product x month of a sheet that are compared with other sheets."""


@dataclass
class Holding:
    """What a sheet holds, to be compared with the others: packs by hospital, product and month."""

    name: str
    packs: dict[tuple[str, str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    days: int = 0
    months: int = 0

    def add(self, row: Row) -> None:
        """Add a line."""
        values = row.values
        amount = values.get("packs", values.get("quantity", values.get("floor")))
        on = str(values.get("on") or values.get("month") or values.get("quarter") or "")
        if amount is None or not on or len(self.packs) >= MOST_PLACES:
            return
        hospital = values.get("hospital_name") or values.get("hospital_code") or values.get("rep_name") or ""
        product = values.get("product_name") or values.get("product_code") or ""
        self.packs[key(hospital), key(product), on[:7]] += Decimal(amount)
        if len(on) == 10 and "on" in values:
            self.days += 1
        else:
            self.months += 1

    @property
    def total(self) -> Decimal:
        """All packs."""
        return sum(self.packs.values(), Decimal(0))

    @property
    def is_summary(self) -> bool:
        """Whether its lines are of whole months."""
        return self.months > self.days

    def repeats(self, other: "Holding") -> bool:
        """Whether two sheets seem to hold the same packs."""
        shared = self.packs.keys() & other.packs.keys()
        if shared and self.is_summary != other.is_summary:
            return True
        smaller = min(len(self.packs), len(other.packs))
        if shared and len(shared) * 2 >= smaller and all(self.packs[place] == other.packs[place] for place in shared):
            return True
        months = {month for _, _, month in self.packs} & {month for _, _, month in other.packs}
        return bool(months) and self.total == other.total != 0


def read_sheets(
    sheets: Sequence[Sheet], expected: Expected, answers: Answers | None = None, file_name: str = ""
) -> Reading:
    """Read the sheets of a file of one kind.

    answers    to questions that an earlier reading asked
    file_name  may name the month
    raises     BadInput in a sentence for an answer that its question does not offer, for what no file may bring in, for
               a file without a heading or without a column that it needs
    """
    check_answers(answers or {})
    vocabulary = Vocabulary(expected)
    tables = [find_table(sheet, vocabulary) for sheet in sheets]
    for sheet, table in zip(sheets, tables, strict=True):
        refuse_forbidden(sheet, table, expected)
    return _Workbook(sheets, tables, expected, vocabulary, answers or {}, file_name).read()


class _Workbook:
    """The sheets of one file on their way to a reading."""

    def __init__(
        self, sheets: Sequence[Sheet], tables: Sequence[Table | None], expected: Expected, vocabulary: Vocabulary,
        answers: Answers, file_name: str,
    ) -> None:  # fmt: skip
        self._sheets, self._tables, self._expected = sheets, tables, expected
        self._vocabulary, self._answers, self._file_name = vocabulary, answers, file_name
        self._reading = Reading(iter(()))

    def read(self) -> Reading:
        """Plan every sheet; the rows are read when they are asked for."""
        plans = self._plans()
        for plan in plans:
            self._ask(plan.questions)
            self._reading.notes += plan.notes
        self._reading.signature = _signature(plan.table for plan in plans)
        self._reading.rows = self._rows(plans)
        return self._reading

    def _plans(self) -> list[Plan]:
        tables = [table for table in self._tables if table is not None and self._is_wanted(table)]
        plans: list[Plan] = []
        refused: list[tuple[str, BadInput]] = []
        for table in tables:
            planner = Planner(table, self._expected, self._vocabulary, self._answers, self._file_name)
            try:
                plans.append(planner.plan())
            except BadInput as error:
                refused.append((table.sheet.name, error))
        for name, refusal in refused:
            if not plans or self._answers.get(f"sheet:{name}") == "take" or "columns" not in refusal.params:
                raise refusal
            self._ask([asks.ask_incomplete_sheet(name, str(refusal.params["columns"]))])
        if not plans:
            names = ", ".join(
                f"{column.english} / {column.chinese}" for column in self._expected.columns if column.required
            )
            raise BadInput(
                N_("No row looks like a header. The file needs the columns %(columns)s."), field="file", columns=names
            )
        self._say_left_out()
        return plans

    def _is_wanted(self, table: Table) -> bool:
        """Whether a sheet is read: hidden ones only if a person says so."""
        name = table.sheet.name
        answer = self._answers.get(f"sheet:{name}")
        if answer == "leave":
            self._reading.notes.append((N_("Sheet “%(sheet)s” was left out as you chose."), {"sheet": name}))
        if answer is not None or not table.sheet.is_hidden:
            return answer != "leave"
        rows = islice(table.sheet.rows, table.bottom, None)
        lines = sum(sum(not is_empty(cell) for cell in cells) > 1 for cells in rows)
        if lines:
            self._ask([asks.ask_hidden_sheet(name, lines)])
        else:
            self._reading.notes.append((N_("The hidden sheet “%(sheet)s” was left out."), {"sheet": name}))
        return False

    def _say_left_out(self) -> None:
        for sheet, table in zip(self._sheets, self._tables, strict=True):
            if table is None and sheet.rows and sheet.name not in NOTES_NAMES:
                message = (
                    N_("The hidden sheet “%(sheet)s” was left out.")
                    if sheet.is_hidden
                    else N_("Sheet “%(sheet)s” has no header row and was left out.")
                )
                self._reading.notes.append((message, {"sheet": sheet.name}))

    def _rows(self, plans: Sequence[Plan]) -> Iterator[Row]:
        holdings = []
        for plan in plans:
            body, holding = Body(plan, self._answers), Holding(plan.table.sheet.name)
            for row in body.rows():
                if len(plans) > 1:
                    holding.add(row)
                yield row
            self._reading.sheets.append(body.reading)
            self._ask(body.questions)
            self._reading.notes += body.notes
            holdings.append(holding)
        self._compare(holdings)
        disagreeing = [total for sheet in self._reading.sheets for total in sheet.totals if not total.agrees]
        if disagreeing and "totals" not in self._answers:
            self._ask([asks.ask_totals(disagreeing)])

    def _compare(self, holdings: Sequence[Holding]) -> None:
        """Ask about sheets that seem to hold the same packs, once for each."""
        for at, second in enumerate(holdings):
            for first in holdings[:at]:
                summary, detail = (first, second) if first.is_summary and not second.is_summary else (second, first)
                answered = {f"sheet:{summary.name}", f"sheet:{detail.name}"} & self._answers.keys()
                if not answered and summary.repeats(detail):
                    self._ask([
                        asks.ask_overlap(
                            summary.name, summary.name, f"{summary.total:,f}", detail.name, f"{detail.total:,f}"
                        )
                    ])  # fmt: skip

    def _ask(self, questions: Iterable[Question]) -> None:
        """Keep questions, each once: the same answer holds for all sheets."""
        known = {question.key for question in self._reading.questions}
        for question in questions:
            if question.key not in known:
                known.add(question.key)
                self._reading.questions.append(question)


def _signature(tables: Iterable[Table]) -> str:
    """A digest of the headings, without the months in them: which layout a file has."""
    digest = hashlib.sha256()
    for words in dict.fromkeys(tuple(map(_without_month, table.headings)) for table in tables):
        digest.update("\n".join(("", *words)).encode())
    return digest.hexdigest()


def _without_month(heading: Heading) -> str:
    span = heading.meaning.span if heading.meaning is not None else None
    return key(heading.whole) if span is None else f"{span.last - span.first}:{span.rest}"
