"""How a sheet will be read: its columns, its months across, the style of its dates and numbers, what titles add."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.columns import Column, Use
from repcrm.imports.dates import find_days, find_month, find_order, is_unordered, lacks_year
from repcrm.imports.layout import asks
from repcrm.imports.layout.across import TOTAL_OF_MONTHS, Across, plan_across
from repcrm.imports.layout.answers import UNUSED, answer_to
from repcrm.imports.layout.cells import cell_at, text_of
from repcrm.imports.layout.footers import is_footer
from repcrm.imports.layout.harmless import is_harmless
from repcrm.imports.layout.headings import Table
from repcrm.imports.layout.mapping import ASKED, EMPTY, SAME, Mapper, Mapping, Source, describe
from repcrm.imports.layout.marks import read_mark
from repcrm.imports.layout.movements import Movement, movement_of
from repcrm.imports.layout.reading import Expected, Note
from repcrm.imports.layout.survey import Survey
from repcrm.imports.layout.titles import read_surroundings
from repcrm.imports.layout.vocabulary import Vocabulary
from repcrm.imports.numbers import find_decimal_mark, read_amount
from repcrm.imports.questions import Answers, Question
from repcrm.imports.style import Style
from repcrm.imports.text import plain
from repcrm.imports.units import PACK, SINGLE, unit_of
from repcrm.imports.workbook import Cell

MOST_TYPES = 12
"""Unknown words of a column of types; with more it may be one of free texts."""
MONEY_ANSWERS = {"yuan": Decimal(1), "thousand": Decimal(1_000), "ten-thousand": Decimal(10_000)}
_GROUPED = re.compile(r"\s*-?\d{1,3},\d{3}\s*")
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_OF_PACKS = re.compile("量|盒|件|支|瓶|片|packs|qty|quantity|units|volume", re.IGNORECASE)
_OF_CUSTOMERS = re.compile("销|客户|医院|终端|sales|customer", re.IGNORECASE)
MAIN_AMOUNTS = ("packs", "value", "returned", "returned_value")
"""Fields of a line's own amounts."""
YEAR_HEADINGS = re.compile("(年|年份|年度|year)", re.I).fullmatch
"""Headings of a year that stands apart from its month and day."""


@dataclass
class Plan:
    """How a sheet will be read.

    fixed      values that hold for every line: the month that a title names
    unit       of quantities that do not name one; None where other lines do, so that packs would be a guess
    scale      of money that does not name one
    movements  type, as text -> what it does; None where that is still asked
    movement   what lines do that have no type
    """

    table: Table
    expected: Expected
    mapping: Mapping
    style: Style
    across: Across
    fixed: dict[str, Any] = field(default_factory=dict)
    unit: str | None = PACK
    scale: Decimal = Decimal(1)
    movements: dict[str, Movement | None] = field(default_factory=dict)
    movement: Movement = Movement.SALE
    questions: list[Question] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def sources(self) -> dict[str, Source]:
        """Field -> the column that is read as it."""
        return self.mapping.sources

    def source(self, use: Use) -> Source | None:
        """The column of a use, such as the one of units."""
        return next((one for one in self.sources.values() if one.column.use is use), None)

    @property
    def places(self) -> dict[str, tuple[str, str]]:
        """Field -> letter and heading."""
        return {name: (source.letter, source.heading) for name, source in self.sources.items()}


class Planner:
    """Plans how one table is read."""

    def __init__(
        self, table: Table, expected: Expected, vocabulary: Vocabulary, answers: Answers, file_name: str
    ) -> None:
        self._table, self._expected, self._answers = table, expected, answers
        self._survey = Survey(table)
        self._around = read_surroundings(table.titles, table.sheet.name, file_name)
        self._mapper = Mapper(table, expected, vocabulary, self._survey, answers)
        self._by_field = {column.field: column for column in expected.columns}

    def plan(self) -> Plan:
        """Return the plan.

        raises  BadInput where a column is missing that nothing in the file could be
        """
        mapping = self._mapper.map()
        self._doubt_returns(mapping)
        across = plan_across(self._table, self._expected, mapping, self._around, self._answers)
        style = Style(decimal=self._decimal(mapping), order=self._order(mapping), year=self._year(mapping, across))
        plan = Plan(self._table, self._expected, mapping, style, across)
        plan.unit, plan.scale = self._units(mapping)
        self._check_money(plan)
        self._check_months(plan)
        self._check_dates(plan)
        self._complete(plan)
        self._read_types(plan)
        self._doubt_title(plan)
        self._say(plan)
        plan.questions = [*mapping.questions, *across.questions, *plan.questions]
        plan.notes = [*mapping.notes, *plan.notes]
        return plan

    # --- style -----------------------------------------------------------------------------------------------------

    def _decimal(self, mapping: Mapping) -> str:
        answer = self._answers.get("decimal")
        if answer:
            return "," if answer == "comma" else "."
        numeric = [source.index for source in (*mapping.sources.values(), *mapping.also)
                   if source.column.use in (Use.QUANTITY, Use.MONEY)]  # fmt: skip
        numeric += [heading.index for heading, _ in mapping.across]
        mark = find_decimal_mark(self._survey.cells(numeric))
        texts = [cell for cell in self._survey.cells(numeric) if isinstance(cell, str)]
        if mark == "." and self._has_dotted_dates(mapping) and any(map(_GROUPED.fullmatch, texts)):
            mark = "?"
        if mark == "?":
            unclear = [text_of(cell) for cell in self._survey.cells(numeric) if isinstance(cell, str)]
            mapping.questions.append(asks.ask_decimal(unclear))
        return mark

    def _has_dotted_dates(self, mapping: Mapping) -> bool:
        """Whether days are written as in 03.11.2026: where they are, 12,000 may well be twelve."""
        cells = self._survey.cells(source.index for source in self._dates(mapping))
        return any(isinstance(cell, str) and _DOTTED.fullmatch(cell.strip()) for cell in cells)

    def _dates(self, mapping: Mapping) -> list[Source]:
        return [source for source in mapping.sources.values() if source.column.use is Use.DATE]

    def _order(self, mapping: Mapping) -> str:
        if answer := self._answers.get("dates"):
            return answer
        for source in self._dates(mapping):
            cells = list(self._survey.cells([source.index]))
            unordered = [cell for cell in cells if is_unordered(cell)]
            if not unordered:
                continue
            if any(not isinstance(cell, str) for cell in cells) or not (order := find_order(cells)):
                # real dates beside texts: Excel has already turned some of them, perhaps the wrong way round
                mapping.questions.append(
                    asks.ask_dates(self._table.name, source.letter, source.heading, list(map(text_of, unordered)))
                )
                return ""
            return order
        return ""

    def _year(self, mapping: Mapping, across: Across) -> int | None:
        """The year of days and months without one, from an answer or from what stands around the table."""
        lacking = [
            text_of(cell)
            for cell in self._survey.cells(source.index for source in self._dates(mapping))
            if lacks_year(cell)
        ] or across.without_year
        if lacking:
            self._mapper.refuse_split(
                YEAR_HEADINGS,
                N_("Sheet “%(sheet)s”, column %(letter)s “%(heading)s” holds the year, apart from the rest of the "
                   "date. Put the whole date, or month and year, in one column."),
            )  # fmt: skip
        if (answer := self._answers.get("year", "")).isdecimal():
            return int(answer)
        if lacking and self._around.year is None:
            mapping.questions.append(asks.ask_year(self._table.name, self._around.years, lacking))
        elif lacking:
            mapping.notes.append((
                N_("Sheet “%(sheet)s”: the year %(year)s is taken from the title, sheet name or file name."),
                {"sheet": self._table.name, "year": self._around.year},
            ))  # fmt: skip
        return self._around.year

    def _units(self, mapping: Mapping) -> tuple[str | None, Decimal]:
        """The unit of quantities and the scale of money that do not name theirs."""
        across = self._expected.across
        if across is not None and across.is_plan and self._around.is_actual:
            raise BadInput(
                N_("The title of sheet “%(sheet)s” says its figures are actual sales, but targets are needed."),
                field="file", sheet=self._table.name,
            )  # fmt: skip
        has_money = any(column.use is Use.MONEY for column in self._expected.columns)
        if self._around.is_money and not has_money and any(c.use is Use.QUANTITY for c in self._expected.columns):
            raise BadInput(
                N_("The title of sheet “%(sheet)s” says its figures are money, but packs are needed."),
                field="file", sheet=self._table.name,
            )  # fmt: skip
        said = self._answers.get("unit", "")
        unit = (unit_of(said) or plain(said)) if said else self._around.unit or self._unit_of_bare(mapping)
        if self._around.unclear_unit and not said:
            mapping.questions.append(asks.ask_unit_of_title(self._table.name, self._around.unclear_unit))
        money = self._answers.get("money", "")
        if self._around.currency and not money and any(one.column.use is Use.MONEY for one in mapping.sources.values()):
            mapping.questions.append(asks.ask_money_of_title(self._table.name, self._around.currency))
        return unit, MONEY_ANSWERS.get(money) or self._around.scale or Decimal(1)

    def _check_money(self, plan: Plan) -> None:
        """Refuse packs of a sheet whose title speaks of money, unless their own headings speak of packs."""
        packs = [one.source.heading for one in plan.across.months if one.source.column.field == "packs"]
        packs = packs or [one.heading for name, one in plan.sources.items() if name == "packs"]
        if self._around.is_money and packs and not any(map(_OF_PACKS.search, packs)):
            raise BadInput(
                N_("The title of sheet “%(sheet)s” says its figures are money, but packs are needed."),
                field="file", sheet=self._table.name,
            )  # fmt: skip

    def _check_months(self, plan: Plan) -> None:
        """Refuse months across that do not mean what they seem to: of another year, or of two years in a row."""
        across, year = plan.across, self._around.year
        is_plan = self._expected.across is not None and self._expected.across.is_plan
        named = [one for one in across.months if one.span.year is not None]
        if is_plan and year is not None and (other := [one for one in named if one.span.year != year]):
            raise BadInput(
                N_("The title of sheet “%(sheet)s” says %(year)s, but column %(letter)s “%(heading)s” is of another "
                   "year."),
                field="file", sheet=self._table.name, year=year, letter=other[0].source.letter,
                heading=other[0].source.heading,
            )  # fmt: skip
        last: dict[str, int] = {}
        for one in across.months:
            if one.span.year is None and one.span.first < last.get(one.source.column.field, 0):
                raise BadInput(
                    N_("The months of sheet “%(sheet)s” are not in order at column %(letter)s “%(heading)s”. If they "
                       "go over the turn of a year, write the year into each heading."),
                    field="file", sheet=self._table.name, letter=one.source.letter, heading=one.source.heading,
                )  # fmt: skip
            last[one.source.column.field] = one.span.first

    def _unit_of_bare(self, mapping: Mapping) -> str | None:
        """The unit of numbers without one: packs, or the only kind of pack that other cells of the sheet name."""
        counted = [source for source in mapping.sources.values() if source.column.converts]
        bare = [source for source in counted if source.unit is None and not source.is_open]
        units = {source.unit for source in counted if source.column.required}
        units |= {_unit_in(cell) for source in bare for cell in self._survey.cells([source.index])}
        beside = next((source for source in mapping.sources.values() if source.column.use is Use.UNIT), None)
        if beside is not None:
            units |= {unit_of(text_of(cell)) for cell in self._survey.cells([beside.index])}
            is_bare = self._has_bare_rows(bare, beside)
        else:
            is_bare = any(_unit_in(cell) is None for source in bare for cell in self._survey.cells([source.index]))
        others = units - {None, PACK}
        if not bare or not others or not is_bare:
            return PACK
        if len(others) == 1 and others <= {*SINGLE}:
            return others.pop()
        first = bare[0]
        mapping.questions.append(
            asks.ask_unit(self._table.name, first.letter, first.heading, ", ".join(map(str, others)))
        )
        return None

    def _has_bare_rows(self, bare: Sequence[Source], beside: Source) -> bool:
        """Whether a row has a number, but no unit in the column of units."""
        for cells in self._survey.rows():
            if cell_at(cells, beside.index) is None:
                numbers = [cell for source in bare if (cell := cell_at(cells, source.index)) is not None]
                texts = [cell for cell in cells if isinstance(cell, str)]
                if any(_unit_in(cell) is None for cell in numbers) and not any(map(read_mark, texts)):
                    return True
        return False

    # --- what is missing -------------------------------------------------------------------------------------------

    def _check_dates(self, plan: Plan) -> None:
        """Ask which date counts where a column of days and one of months disagree."""
        dates = self._dates(plan.mapping)
        if len(dates) == 2 and not self._agree(plan, dates):
            headings = [one for one in self._table.headings if one.index in {source.index for source in dates}]
            column = next(source.column for source in dates if source.column.required)
            if f"column:{column.field}" not in self._answers:
                self._mapper.ask(column, headings)
            for source in dates:
                if source.column.field != column.field or f"column:{column.field}" not in self._answers:
                    del plan.sources[source.column.field]
        if plan.across.months and (dated := [source for source in dates if source.column.required]):
            self._mapper.ask(dated[0].column, [one for one in self._table.headings if one.index == dated[0].index])

    def _agree(self, plan: Plan, dates: Sequence[Source]) -> bool:
        first, second = (source.index for source in dates)
        for cells in self._survey.rows():
            pair = [find_month(cells[at], plan.style) if at < len(cells) else None for at in (first, second)]
            if None not in pair and pair[0] != pair[1]:
                return False
        return True

    def _complete(self, plan: Plan) -> None:
        """Find what is required and has no column: in the titles, by a question, or refuse the sheet."""
        there = {*plan.sources, *(column.field for column in plan.mapping.asked), *plan.across.fields}
        missing = []
        for column in self._expected.columns:
            instead = set(self._expected.instead.get(column.field, ()))
            if not column.required or column.field in there or there & instead:
                continue
            if column.use is Use.DATE and self._date_from_titles(plan, column):
                continue
            missing.append(column)
        if not missing:
            return
        unknown = self._mapper.could_be(missing[0])
        answered = {name.removeprefix("column:") for name in self._answers if name.startswith("column:")}
        if len(unknown) < len(missing) or answered & {column.field for column in missing}:
            raise BadInput(
                N_("Sheet “%(sheet)s” lacks the column %(columns)s."),
                field="file",
                sheet=self._table.name,
                columns=", ".join(f"{column.english} / {column.chinese}" for column in missing),
            )
        for column in missing:
            alternative = next(iter(self._expected.instead.get(column.field, ())), "")
            asked = self._by_field[alternative] if alternative.endswith("_name") else column
            self._mapper.ask(asked, unknown)

    def _date_from_titles(self, plan: Plan, column: Column) -> bool:
        """Take the month of lines without a date from titles, or from the period that a person gave; else ask."""
        if any(_looks_like_days(self._survey.all_distinct(one.index)) for one in self._mapper.could_be(column)):
            return False
        month = find_month(self._answers.get("period", "")) or self._around.month(plan.style.year)
        name = "month" if "month" in self._by_field else column.field
        if month is not None:
            plan.fixed[name] = month.isoformat()
            plan.notes.append((
                N_("Sheet “%(sheet)s” has no date column: its lines are read as lines of %(month)s."),
                {"sheet": self._table.name, "month": month.isoformat()[:7]},
            ))  # fmt: skip
        else:
            plan.fixed[name] = None
            plan.questions.append(asks.ask_period(self._table.name))
        return True

    # --- types, and what is said -----------------------------------------------------------------------------------

    def _read_types(self, plan: Plan) -> None:
        source = plan.source(Use.MOVEMENT)
        if source is None:
            self._ask_for_types(plan)
            return
        questions = []
        for cell, count in self._survey.all_distinct(source.index).items():
            word = plain(text_of(cell))
            if is_footer(word) or read_mark(word) is not None:
                continue
            known, answer = movement_of(word), self._answers.get(f"type:{word}")
            if answer:
                plan.movements[word] = Movement(answer)
            elif known in (Movement.SALE, Movement.RETURN):
                plan.movements[word] = known
            else:
                plan.movements[word] = None
                questions.append(asks.ask_type(word, count, is_known=known is not None))
        if len(questions) > MOST_TYPES and f"column:{source.column.field}" not in self._answers:
            del plan.sources[source.column.field]  # free words: whether they are types at all is the question
            self._mapper.ask(source.column, [one for one in self._table.headings if one.index == source.index])
        else:
            plan.questions += questions

    def _ask_for_types(self, plan: Plan) -> None:
        """Ask whether a column of an unknown heading tells returns from sales, where its cells do."""
        column = next((one for one in self._expected.columns if one.use is Use.MOVEMENT), None)
        if column is None or f"column:{column.field}" in self._answers:
            return
        told = [
            heading for heading in self._mapper.could_be(column)
            if any(movement_of(plain(text_of(cell))) in (Movement.RETURN, Movement.OTHER)
                   for cell in self._survey.all_distinct(heading.index) if isinstance(cell, str))
        ]  # fmt: skip
        if told:
            self._mapper.ask(column, told)

    def _answered_columns(self) -> set[int]:
        """Columns that a person has decided about: hidden ones, and those of a field that another column holds."""
        sheet = self._table.sheet
        decided = {*sheet.hidden_columns} if f"hidden_columns:{sheet.name}" in self._answers else set()
        for one in self._table.headings:
            if one.meaning is not None and f"column:{one.meaning.column.field}" in self._answers:
                decided.add(one.index)
        return decided

    def _doubt_returns(self, mapping: Mapping) -> None:
        """Ask about returns beside purchases: they may go back to the supplier, and be no returns of sales."""
        returned = mapping.sources.get("returned")
        if returned is None or "incoming" not in mapping.sources or _OF_CUSTOMERS.search(returned.heading):
            return
        if "column:returned" not in self._answers:
            del mapping.sources["returned"]
            self._mapper.ask(returned.column, [one for one in self._table.headings if one.index == returned.index])

    def _doubt_title(self, plan: Plan) -> None:
        """Ask what lines are whose title speaks of returns, or of something that is no sale."""
        is_flow = any(column.use is Use.MOVEMENT for column in self._expected.columns)
        is_explained = not is_flow or plan.source(Use.MOVEMENT) is not None or "stock" in plan.sources
        doubt = "" if is_explained else self._around.doubt
        if plan.across.months and not doubt:
            doubt = self._around.cumulative
        answer = answer_to(self._answers, f"title:{self._table.sheet.name}")
        if doubt and answer is None:
            name = self._table.sheet.name
            plan.questions.append(asks.ask_title(self._table.name, name, doubt, with_returns=not is_explained))
        elif doubt and answer is not None:
            plan.movement = Movement(answer)

    def _say(self, plan: Plan) -> None:
        """Say which columns are not used, and ask about those that may change what a line means.

        Where months stand across, amounts beside them are not read, though their headings are known.
        """
        beside = {name for name in MAIN_AMOUNTS if name in plan.sources} if plan.across.fields else set()
        read = [source for name, source in plan.sources.items() if name not in beside]
        used = {source.index for source in (*read, *plan.mapping.also)} | plan.across.indexes
        unused = [one for one in plan.mapping.columns
                  if one.index not in used and (not one.field or one.field in beside)]  # fmt: skip
        if unused:
            plan.notes.append((
                N_("Sheet “%(sheet)s”: these columns are not used: %(columns)s."),
                {"sheet": self._table.name, "columns": describe(unused)},
            ))  # fmt: skip
        explained = {one.index for one in unused if one.why in (SAME, EMPTY, ASKED, TOTAL_OF_MONTHS)}
        explained |= self._answered_columns()
        across = self._expected.across
        telling = [one for one in unused if one.index not in explained and not self._survey.is_empty(one.index)
                   and not is_harmless(one.heading, is_plan=across is not None and across.is_plan)]  # fmt: skip
        if telling and across is not None and answer_to(self._answers, UNUSED) is None:
            plan.questions.append(asks.ask_unused(self._table.name, telling))


def _unit_in(cell: Cell) -> str | None:
    """The unit that stands in a cell with its number: 件 of 12件."""
    try:
        return unit_of(read_amount(cell).word) if isinstance(cell, str) else None
    except BadInput:
        return None


def _looks_like_days(cells: dict[Cell, int]) -> bool:
    """Whether every cell of a column names a day: then it may be the date, under a heading nobody knows."""
    return bool(cells) and all(find_days(cell) for cell in list(cells)[:50])
