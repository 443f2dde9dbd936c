"""Calls and coverage of a report's rows: the other view of the same table, and the facts of the row in view."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from repcrm.reports.body import Row
from repcrm.reports.coverage import DEVELOPED_FROM, Developed, developed
from repcrm.web.filters import NOTHING, number, percent
from repcrm.web.report_lines import Line, Table, method


@dataclass(frozen=True)
class CoverageLine:
    """One row of calls and coverage, formatted.

    line       the same row in packs: its name, and where it leads
    developed  None where the report does not count it
    cells      the words under each head after the name (for doctors: after the rating)
    """

    line: Line
    developed: Developed | None
    cells: list[str]


SORTS: dict[str, Callable[[CoverageLine], Any]] = {
    "name": lambda one: one.line.name,
    "planned": lambda one: one.line.row.planned,
    "done": lambda one: one.line.row.done,
    "effective": lambda one: one.line.row.effective,
    "rate": lambda one: _none_first(one.line.row.effective_rate),
    "met_key": lambda one: one.line.row.seen_key,
    "met_general": lambda one: one.line.row.seen_general,
    "departments": lambda one: _part_of(one, "departments"),
    "key": lambda one: _part_of(one, "key"),
    "general": lambda one: _part_of(one, "general"),
    "developed": lambda one: one.line.rating or 0,
}
"""Column -> what it sorts by."""

PARTS = ("departments", "key", "general")
"""What is developed, as `Developed` names it."""


@dataclass(frozen=True)
class Coverage:
    """The rows of a table by calls and coverage.

    table  whose rows, addresses and order it shows
    """

    table: Table

    def lines(self) -> list[CoverageLine]:
        """The rows, in the order asked for."""
        lines = [self._line(row) for row in self.table.body.below(self.table.here)]
        return sorted(lines, key=SORTS.get(self.table.sort, SORTS["done"]), reverse=self.table.falling)

    def total(self) -> CoverageLine:
        """The row in view."""
        return self._line(self.table.here)

    def columns(self) -> list[dict[str, Any]]:
        """The heads, each a link that sorts."""
        calls = [
            ("planned", _("Calls planned"), None), ("done", _("Calls done"), None),
            ("effective", _("Calls effective"), None),
            ("rate", _("Effective rate"), _("effective calls of those done")),
        ]  # fmt: skip
        if self.table.is_doctors:
            who = [("name", self.table.level, None), ("tier", _("Tier"), None), ("rating", _("Rating"), None)]
            return self.table.heads([*who, *calls, ("developed", _("Developed"), method("development"))], SORTS)
        once = method("coverage")
        return self.table.heads(
            [
                ("name", self.table.level, None), *calls,
                ("met_key", _("Key doctors met"), once), ("met_general", _("General doctors met"), once),
                *((part, label, method("development")) for part, label in self._labels()),
            ],
            SORTS,
        )  # fmt: skip

    def note(self) -> str:
        """How calls are counted, and why doctors do not add up as they do."""
        if self.table.is_doctors:
            everybody = _("The total counts every doctor in scope there, met or not.")
            return f"{method('calls', 'development')} {everybody}"
        return method("calls", "development", "coverage")

    def facts(self) -> list[tuple[str, str]]:
        """Whom the reps met, and how much is developed, in the row in view."""
        row = self.table.here
        calls = _("%(done)s done of %(planned)s planned", done=number(row.done), planned=number(row.planned))
        met = _("%(key)s key, %(general)s general", key=number(row.seen_key), general=number(row.seen_general))
        found = developed(self.table.body, row)
        return [
            (_("Calls"), _("%(calls)s, %(effective)s effective", calls=calls, effective=number(row.effective))),
            (_("Doctors met"), met),
            *((label, _developed_words(found, part)) for part, label in self._labels()),
        ]

    def _labels(self) -> list[tuple[str, str]]:
        labels = (_("Departments developed"), _("Key doctors developed"), _("General doctors developed"))
        return list(zip(PARTS, labels, strict=True))

    def _line(self, row: Row) -> CoverageLine:
        line, found = self.table.line(row), developed(self.table.body, row)
        cells = [number(row.planned), number(row.done), number(row.effective), _rate_words(row)]
        if not self.table.is_doctors:
            cells += [number(row.seen_key), number(row.seen_general)]
            cells += [_developed_words(found, part) for part in PARTS]
        elif row.level == "doctor":
            cells.append(_rated_words(row))
        else:
            cells.append(_of(found.doctors_developed, found.doctors) if found else _("not counted here"))
        return CoverageLine(line, found, cells)


def _rate_words(row: Row) -> str:
    """The effective rate, or in words why there is none."""
    if row.effective_rate is None:
        return _("none done") if row.planned else _("no calls counted")
    return percent(row.effective_rate, 0)


def _developed_words(found: Developed | None, part: str) -> str:
    if found is None:
        return _("not counted here")
    return _of(getattr(found, f"{part}_developed"), getattr(found, part))


def _of(part: int, whole: int) -> str:
    if not whole:
        return _("none in scope")
    share = percent(Fraction(part, whole), 0)
    return _("%(part)s of %(whole)s · %(share)s", part=number(part), whole=number(whole), share=share)


def _rated_words(row: Row) -> str:
    """Whether a doctor is developed for the product in view."""
    if row.doctor is None:
        return NOTHING
    if not row.rating:
        return _("not rated")
    return _("developed") if row.rating >= DEVELOPED_FROM else _("not developed")


def _none_first(share: Fraction | None) -> Fraction:
    return Fraction(-1) if share is None else share


def _part_of(one: CoverageLine, part: str) -> Fraction:
    """The developed part of what is in scope, nothing in scope before all others."""
    whole = getattr(one.developed, part) if one.developed else 0
    return Fraction(getattr(one.developed, f"{part}_developed"), whole) if whole else Fraction(-1)
