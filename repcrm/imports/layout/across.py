"""Months that stand across: which column holds which month, and which holds the total of several."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from repcrm.core.words import N_
from repcrm.imports.layout import asks
from repcrm.imports.layout.headings import Heading, Table
from repcrm.imports.layout.mapping import ANSWERED, KNOWN, Mapping, Source, is_misfit, misfit
from repcrm.imports.layout.reading import Expected
from repcrm.imports.layout.spans import Span
from repcrm.imports.layout.titles import Surroundings
from repcrm.imports.layout.vocabulary import Certainty, Meaning
from repcrm.imports.questions import Answers, Question

TOTAL_OF_MONTHS = N_("total of several months, compared only")


@dataclass(frozen=True)
class SpanSource:
    """A column of a month, or of several.

    label  2027-01-01 of a month, 2027-Q1 of a quarter; empty while the year is not known
    """

    source: Source
    span: Span
    label: str


@dataclass
class Across:
    """The columns of months.

    months        one for each month and field
    quarters      what is there by quarter only
    is_divided    whether a person has quarters divided among their months
    totals        what adds months up, with the columns it covers
    without_year  headings that do not say the year
    """

    months: list[SpanSource] = field(default_factory=list)
    quarters: list[SpanSource] = field(default_factory=list)
    totals: list[tuple[SpanSource, list[SpanSource]]] = field(default_factory=list)
    is_divided: bool = False
    without_year: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def fields(self) -> set[str]:
        """The fields that the columns of months give."""
        spans = [*self.months, *self.quarters]
        return {one.source.column.field for one in spans} | ({"month"} if spans else set())

    @property
    def indexes(self) -> set[int]:
        """The columns that are read or compared."""
        return {one.source.index for one in (*self.months, *self.quarters, *(total for total, _ in self.totals))}


def plan_across(table: Table, expected: Expected, mapping: Mapping, around: Surroundings, answers: Answers) -> Across:
    """Return what the columns of months are."""
    across = Across()
    if expected.across is None or not mapping.across:
        return across
    fitting = [(heading, meaning) for heading, meaning in mapping.across if _fits(meaning)]
    months = [(heading, meaning) for heading, meaning in fitting if meaning.span and meaning.span.is_month]
    if not months and not any(_is_quarter(meaning) for _, meaning in fitting):
        if mapping.across and not fitting and not _is_complete(expected, mapping):
            raise misfit(table.name, *mapping.across[0])
        return across
    said = answers.get("year", "")
    year = int(said) if said.isdecimal() else around.year
    across.without_year = [
        heading.whole
        for heading, meaning in fitting
        if meaning.span and meaning.span.year is None and meaning.span.is_month
    ]
    sources = {heading.index: _source(heading, meaning, year) for heading, meaning in fitting}
    across.months = [sources[heading.index] for heading, _ in months]
    _refuse_double(table, across, mapping, answers)
    for heading, meaning in fitting:
        if not meaning.span or meaning.span.is_month:
            continue
        one = sources[heading.index]
        parts = [month for month in across.months if _covers(one, month, across.months)]
        if parts:
            across.totals.append((one, parts))
        elif _is_quarter(meaning):
            across.quarters.append(one)
            across.without_year += [heading.whole] if meaning.span.year is None else []
    if across.quarters and expected.across.is_plan:
        across.is_divided = answers.get("quarters") == "divide"
        if "quarters" not in answers:
            across.questions.append(asks.ask_quarters(table.name, [one.source.heading for one in across.quarters]))
    _describe(mapping, across)
    return across


def _fits(meaning: Meaning) -> bool:
    return not is_misfit(meaning) and meaning.certainty is not Certainty.DOUBTFUL


def _is_quarter(meaning: Meaning) -> bool:
    return meaning.span is not None and meaning.span.last - meaning.span.first == 2


def _is_complete(expected: Expected, mapping: Mapping) -> bool:
    needed = {column.field for column in expected.columns if column.required}
    return all(
        name in mapping.sources or set(expected.instead.get(name, ())) & mapping.sources.keys() for name in needed
    )


def _source(heading: Heading, meaning: Meaning, year: int | None) -> SpanSource:
    span = meaning.span
    assert span is not None
    source = Source(meaning.column, heading.index, heading.whole, meaning.unit, meaning.scale)
    in_year = span.year or year
    if in_year is None:
        return SpanSource(source, span, "")
    return SpanSource(
        source, span, f"{in_year}-{span.first:02}-01" if span.is_month else f"{in_year}-Q{span.last // 3}"
    )


def _refuse_double(table: Table, across: Across, mapping: Mapping, answers: Answers) -> None:
    """Ask where two columns hold the same field of the same month."""
    seen: dict[tuple[str, int, str], SpanSource] = {}
    for one in list(across.months):
        place = one.label, one.span.first, one.source.column.field
        first = seen.setdefault(place, one)
        if first is one:
            continue
        name = f"column:{one.source.column.field}:{one.span.first}"
        if (answer := answers.get(name)) in (first.source.letter, one.source.letter):
            across.months.remove(first if answer == one.source.letter else one)
            continue
        across.months.remove(one)
        across.questions.append(
            asks.ask_month_column(
                table.name, name, [(same.source.letter, same.source.heading) for same in (first, one)]
            )
        )


def _covers(total: SpanSource, month: SpanSource, months: Iterable[SpanSource]) -> bool:
    """Whether a total adds up a month: of the same field, in the same year."""
    if total.source.column.field != month.source.column.field:
        return False
    if not total.span.first <= month.span.first <= total.span.last:
        return False
    if total.span.year is None:
        return len({one.label[:4] for one in months}) == 1 or total.span.is_total
    return total.label[:4] == month.label[:4]


def _describe(mapping: Mapping, across: Across) -> None:
    for one in (*across.months, *across.quarters):
        reading = mapping.reading(one.source.index)
        reading.field, reading.unit = one.source.column.field, one.source.unit or ""
        reading.why = ANSWERED if reading.why == ANSWERED else KNOWN
    for total, _ in across.totals:
        mapping.reading(total.source.index).why = TOTAL_OF_MONTHS
