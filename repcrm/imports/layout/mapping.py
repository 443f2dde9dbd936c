"""Which column of a table is read as which field; what could be two is asked about, never picked."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.columns import Column, Use, letter
from repcrm.imports.layout import asks
from repcrm.imports.layout.headings import Heading, Table
from repcrm.imports.layout.reading import ColumnReading, Expected, Note
from repcrm.imports.layout.survey import Survey
from repcrm.imports.layout.vocabulary import Certainty, Meaning, Vocabulary
from repcrm.imports.questions import Answers, Question
from repcrm.imports.text import key
from repcrm.imports.units import BOX, PACK, SINGLE, scale_of

KNOWN = N_("known heading")
ANSWERED = N_("chosen by you")
LAST_TIER = N_("another column names the final customer")
NOT_USED = N_("not used")
ASKED = N_("waiting for an answer")
OTHER_UNIT = N_("other unit, checked against the packs")
SAME = N_("same as another column")
EMPTY = N_("empty in every row")
REMAINDERS = re.compile("零头|零散|零盒|零支|零数|散数|散盒|散支|散件|拆零|loose", re.I).search
"""Headings of packs that do not fill a case; taking the cases alone would be too few."""


@dataclass(frozen=True)
class Source:
    """A column that is read.

    unit   of quantities, as the heading says; None where it does not
    scale  how many units, or yuan, one is
    is_open  whether its unit is still asked for
    """

    column: Column
    index: int
    heading: str
    unit: str | None = None
    scale: Decimal | None = None
    is_open: bool = False

    @property
    def letter(self) -> str:
        """Its letter in Excel."""
        return letter(self.index)


@dataclass
class Mapping:
    """What the columns of a table are.

    sources    field -> the column that is read as it
    also       further columns of the same quantity, in other units
    across     columns of months, quarters and years
    asked      fields whose column is still asked for
    """

    columns: list[ColumnReading]
    sources: dict[str, Source] = field(default_factory=dict)
    also: list[Source] = field(default_factory=list)
    across: list[tuple[Heading, Meaning]] = field(default_factory=list)
    asked: list[Column] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def reading(self, index: int) -> ColumnReading:
        """What is said of a column."""
        return next(column for column in self.columns if column.index == index)


@dataclass(frozen=True)
class _Candidate:
    heading: Heading
    meaning: Meaning
    why: str = KNOWN

    @property
    def index(self) -> int:
        return self.heading.index


class Mapper:
    """Maps the columns of one table."""

    def __init__(
        self, table: Table, expected: Expected, vocabulary: Vocabulary, survey: Survey, answers: Answers
    ) -> None:
        self._table, self._expected, self._vocabulary = table, expected, vocabulary
        self._survey, self._answers = survey, answers
        self._candidates: dict[str, list[_Candidate]] = {column.field: [] for column in expected.columns}
        readings = [ColumnReading(one.index, one.whole, why=NOT_USED) for one in table.headings]
        self.mapping = Mapping(readings)

    def map(self) -> Mapping:
        """Return what each column is, with the questions that are left."""
        self._collect()
        self._apply_answers()
        self._part_tiers()
        for column in self._expected.columns:
            self._choose(column)
        if any(source.column.converts for source in self.mapping.sources.values()):
            self.refuse_split(
                REMAINDERS,
                N_("Sheet “%(sheet)s”, column %(letter)s “%(heading)s” holds what is left over beside another "
                   "quantity. Add the two up in one column."),
            )  # fmt: skip
        for reading in self.mapping.columns:
            reading.examples = self._survey.examples(reading.index)
        return self.mapping

    def could_be(self, column: Column) -> list[Heading]:
        """Return the columns that nobody has taken, and that say something."""
        used = {source.index for source in (*self.mapping.sources.values(), *self.mapping.also)}
        used |= {heading.index for heading, _ in self.mapping.across}
        return [one for one in self._table.headings if one.index not in used and not self._survey.is_empty(one.index)]

    def ask(self, column: Column, headings: Sequence[Heading]) -> None:
        """Ask which of some columns holds a field."""
        choices = [
            (self._name(one), letter(one.index), one.whole, self._survey.examples(one.index)) for one in headings
        ]
        self.mapping.questions.append(asks.ask_column(self._table.name, column, choices))
        self.mapping.asked.append(column)
        for one in headings:
            self.mapping.reading(one.index).why = ASKED

    def refuse_split(self, headings: Callable[[str], object], words: str) -> None:
        """Refuse a table with a column that holds a part of a value whose other part is read without it.

        headings  tells such a heading
        words     what is said, with `sheet`, `letter` and `heading`
        """
        for heading in self.could_be(self._expected.columns[0]):
            if headings(heading.whole):
                raise BadInput(
                    words, field="file",
                    sheet=self._table.name, letter=letter(heading.index), heading=heading.whole,
                )  # fmt: skip

    def _collect(self) -> None:
        hidden = self._hidden()
        for heading in self._table.headings:
            meaning = heading.meaning
            if meaning is None or heading.index in hidden:
                continue
            if meaning.span is not None:
                self.mapping.across.append((heading, meaning))
            else:
                self._candidates[meaning.column.field].append(_Candidate(heading, meaning))

    def _hidden(self) -> frozenset[int]:
        """The hidden columns that are left out; whether to read them is asked."""
        sheet = self._table.sheet
        known = [
            one for one in self._table.headings if one.index in sheet.hidden_columns and one.meaning is not None
            and not self._survey.is_empty(one.index)
        ]  # fmt: skip
        answer = self._answers.get(f"hidden_columns:{sheet.name}")
        if known and answer is None:
            names = [f"{letter(one.index)} {one.whole}" for one in known]
            self.mapping.questions.append(asks.ask_hidden_columns(self._table.name, sheet.name, names))
        return sheet.hidden_columns if answer == "leave" else frozenset()

    def _apply_answers(self) -> None:
        for column in self._expected.columns:
            answer = self._answers.get(f"column:{column.field}")
            if answer is None:
                continue
            if not answer.strip():
                self._candidates[column.field] = []
            elif (heading := self._named(answer)) is not None:
                meaning = self._vocabulary.as_column(column, heading.parts)
                for name, others in self._candidates.items():
                    self._candidates[name] = [one for one in others if one.index != heading.index]
                self.mapping.across = [one for one in self.mapping.across if one[0].index != heading.index]
                chosen = _Candidate(heading, meaning, ANSWERED)
                kept = [
                    one for one in self._candidates[column.field] if self._is_other_unit(column, one.meaning, meaning)
                ]
                self._candidates[column.field] = [chosen, *kept]

    def _named(self, answer: str) -> Heading | None:
        """The column that an answer names by its letter or heading; None if there is none, or several."""
        wanted = key(answer)
        named = [one for one in self._table.headings if key(self._name(one)) == wanted]
        named = named or [one for one in self._table.headings if key(one.whole) == wanted]
        named = named or [one for one in self._table.headings if letter(one.index).casefold() == wanted]
        return named[0] if len(named) == 1 else None

    def _name(self, heading: Heading) -> str:
        """A heading as an answer names it: with its letter where two columns share it."""
        same = [one for one in self._table.headings if key(one.whole) == key(heading.whole)]
        return heading.whole if len(same) == 1 else f"{letter(heading.index)} {heading.whole}"

    def _part_tiers(self) -> None:
        """Give 客户名称 to the sub-distributor where 终端名称 stands beside it: the last tier counts."""
        parted = [column for column in self._expected.columns if column.broad_field in self._candidates]
        moved = False
        for column in sorted(parted, key=lambda one: not one.field.endswith("_name")):  # codes follow their names
            candidates = self._candidates[column.field]
            broad = [one for one in candidates if one.meaning.certainty is Certainty.BROAD]
            is_name = column.field.endswith("_name")
            if broad and (len(broad) < len(candidates) if is_name else moved):
                moved = True
                self._candidates[column.field] = [one for one in candidates if one not in broad]
                self._candidates[column.broad_field] += [
                    _Candidate(one.heading, self._sure(column.broad_field, one.meaning), LAST_TIER) for one in broad
                ]

    def _sure(self, name: str, meaning: Meaning) -> Meaning:
        column = next(column for column in self._expected.columns if column.field == name)
        return Meaning(column, Certainty.SURE, meaning.unit, meaning.scale, meaning.puzzle)

    def _choose(self, column: Column) -> None:
        candidates = self._without_misfits(column, self._candidates[column.field])
        sure = [one for one in candidates if one.meaning.certainty is not Certainty.DOUBTFUL or one.why == ANSWERED]
        if not sure:
            if candidates and column.use is not Use.PLAIN:
                self.ask(column, [one.heading for one in candidates])
            return
        if column.converts:
            sure, others = self._part_units(column, sure)
            for one in others if column.required else ():
                self._use(one, is_also=True)
        sure = self._settle(sure)
        if len(sure) > 1:
            self.ask(column, [one.heading for one in sure])
        else:
            self._use(sure[0])

    def _without_misfits(self, column: Column, candidates: list[_Candidate]) -> list[_Candidate]:
        """The candidates without columns of packs that are in money, or in a unit that nobody converts."""
        fitting = [one for one in candidates if not is_misfit(one.meaning)]
        if candidates and not fitting and column.required and not self.mapping.across:
            raise misfit(self._table.name, candidates[0].heading, candidates[0].meaning)
        return fitting

    def _part_units(self, column: Column, candidates: list[_Candidate]) -> tuple[list[_Candidate], list[_Candidate]]:
        """The columns that count in packs, or else in the first unit, and those that count in others."""
        main = next((one for one in candidates if one.why == ANSWERED), None) or next(
            (one for one in candidates if _unit(one.meaning) in SINGLE), candidates[0]
        )
        others = [one for one in candidates if self._is_other_unit(column, one.meaning, main.meaning)]
        same = [one for one in candidates if one not in others]
        return ([main] if main.why == ANSWERED else same), others

    @staticmethod
    def _is_other_unit(column: Column, meaning: Meaning, main: Meaning) -> bool:
        return column.converts and not meaning.puzzle and meaning.certainty > 0 and _unit(meaning) != _unit(main)

    def _settle(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Several columns for one field: those that are empty, or say the same in every row, need no question."""
        if len(candidates) == 1:
            return candidates
        filled = [one for one in candidates if not self._survey.is_empty(one.index)] or candidates[:1]
        filled.sort(key=lambda one: one.meaning.unit is None)  # of two that say the same, the one that names its unit
        first = filled[0]
        different = [one for one in filled[1:] if not self._is_same(first, one)]
        for one in candidates:
            if one is not first and one not in different:
                reading = self.mapping.reading(one.index)
                reading.why = SAME if one in filled else EMPTY
                self.mapping.notes.append((
                    N_("Sheet “%(sheet)s”: column %(letter)s “%(heading)s” is not used: %(why)s."),
                    {"sheet": self._table.name, "letter": letter(one.index), "heading": one.heading.whole,
                     "why": {"label": reading.why}},
                ))  # fmt: skip
        return [first, *different]

    def _is_same(self, first: _Candidate, second: _Candidate) -> bool:
        alike = (_unit(first.meaning), first.meaning.scale) == (_unit(second.meaning), second.meaning.scale)
        return alike and self._survey.are_same(first.index, second.index)

    def _use(self, candidate: _Candidate, *, is_also: bool = False) -> None:
        meaning, heading = candidate.meaning, candidate.heading
        unit, scale = meaning.unit, meaning.scale
        is_open = bool(meaning.puzzle) and not self._answers.get(
            "unit" if meaning.column.use is Use.QUANTITY else "money"
        )
        if is_open:
            ask = asks.ask_unit if meaning.column.use is Use.QUANTITY else asks.ask_money
            self.mapping.questions.append(ask(self._table.name, letter(heading.index), heading.whole, meaning.puzzle))
        source = Source(meaning.column, heading.index, heading.whole, unit, scale, is_open)
        reading = self.mapping.reading(heading.index)
        reading.field, reading.why = meaning.column.field, OTHER_UNIT if is_also else candidate.why
        reading.unit = unit or (meaning.puzzle if scale is None else format(scale, "f"))
        if is_also:
            self.mapping.also.append(source)
        else:
            self.mapping.sources[meaning.column.field] = source


def is_misfit(meaning: Meaning) -> bool:
    """Whether a column of packs is in money, or counts in a unit that nobody converts."""
    if meaning.column.use is not Use.QUANTITY:
        return False
    if meaning.puzzle and scale_of(meaning.puzzle) is not None:
        return True
    return not meaning.column.converts and (meaning.unit not in (None, *SINGLE) or meaning.scale is not None)


def misfit(sheet: str, heading: Heading, meaning: Meaning) -> BadInput:
    """Return the refusal of such a column."""
    return BadInput(
        N_("Sheet “%(sheet)s”, column %(letter)s “%(heading)s” is in %(unit)s, but packs are needed."),
        field="file", sheet=sheet, letter=letter(heading.index), heading=heading.whole,
        unit=meaning.puzzle or meaning.unit or "?",
    )  # fmt: skip


def _unit(meaning: Meaning) -> str:
    return BOX if meaning.unit in (None, PACK) else meaning.unit


def describe(columns: Iterable[ColumnReading]) -> str:
    """Return columns as a note names them: E 业务员, F 备注."""
    return ", ".join(f"{column.letter} {column.heading}" for column in list(columns)[:12])
