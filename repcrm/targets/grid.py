"""The target grid: what a cell may hold, and how a figure is spread over a row or a column."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from repcrm.core.errors import BadInput, Conflict, RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_, Term
from repcrm.targets.cascade import spread

MOST_PACKS = 9_999_999
"""A cell holds no more: the rest is a slip of the keyboard."""

LONGEST_NUMBER = 40
"""Characters; Python itself refuses to read a number of many thousand digits."""

_NUMBER = re.compile(r"([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.0+)?")


class Measure(Term):
    """Which end of the range the grid shows."""

    FLOOR = "floor", N_("Floor")
    STRETCH = "stretch", N_("Stretch")


class SpreadWay(Term):
    """What a figure is spread by."""

    EVEN = "even", N_("evenly")
    LAST_YEAR = "last_year", N_("like last year")
    RUN_RATE = "run_rate", N_("by working days")
    POTENTIAL = "potential", N_("by potential")
    RATING = "rating", N_("by rating")


ROW_WAYS = (SpreadWay.EVEN, SpreadWay.LAST_YEAR, SpreadWay.RUN_RATE)
COLUMN_WAYS = (SpreadWay.EVEN, SpreadWay.LAST_YEAR, SpreadWay.POTENTIAL, SpreadWay.RATING)


class CellKey(NamedTuple):
    """A cell of one product's grid; written `12:2026-11`."""

    hospital_id: int
    month_on: date

    def __str__(self) -> str:
        return f"{self.hospital_id}:{self.month_on:%Y-%m}"

    @classmethod
    def read(cls, text: str) -> "CellKey":
        """Read a cell's name.

        raises  BadInput for anything else
        """
        hospital, _, month = text.partition(":")
        period = Period.parse(month) if hospital.isascii() and hospital.isdigit() and len(hospital) < 10 else None
        if period is None or period.kind is not PeriodKind.MONTH:
            raise BadInput(N_("“%(text)s” is no cell of the grid."), text=text)
        return cls(int(hospital), period.from_on)


def read_packs(text: str) -> int | None:
    """Read what somebody typed or pasted into a cell.

    text     full-width digits, thousands separators (1,200 or 1 200) and blanks around are fine
    returns  packs, or None for an empty cell
    raises   BadInput for anything but a whole number from 0 to `MOST_PACKS`
    """
    plain = unicodedata.normalize("NFKC", text).replace("、", ",").strip()
    plain = re.sub(r"(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))", ",", plain)
    if not plain:
        return None
    if len(plain) > LONGEST_NUMBER or not _NUMBER.fullmatch(plain):
        raise BadInput(N_("“%(text)s” is not a whole number of packs."), text=text.strip())
    packs = int(plain.partition(".")[0].replace(",", ""))
    if packs > MOST_PACKS:
        raise BadInput(N_("%(packs)s packs is more than a cell can hold."), packs=packs)
    return packs


class Range(NamedTuple):
    """A floor and the stretch above it, in packs."""

    floor_packs: int
    stretch_packs: int


def with_measure(before: Range | None, measure: Measure, packs: int) -> Range:
    """Put a new floor or stretch into a cell.

    before   None for a cell that was empty
    returns  the new range. The stretch goes along with the floor while nobody has set it apart
    raises   RuleBroken if the stretch would be below the floor
    """
    floor, stretch = before or Range(0, 0)
    if measure is Measure.FLOOR:
        floor, stretch = packs, packs if stretch == floor else stretch
    else:
        stretch = packs
    check_range(floor, stretch)
    return Range(floor, stretch)


def check_range(floor_packs: int, stretch_packs: int) -> None:
    """Refuse a range that goes below 0, or whose stretch is below its floor."""
    if floor_packs < 0:
        raise RuleBroken(N_("A target cannot be negative."))
    if stretch_packs < floor_packs:
        raise RuleBroken(
            N_("The stretch (%(stretch)s) must not be below the floor (%(floor)s)."),
            stretch=stretch_packs,
            floor=floor_packs,
        )


def spread_column(asked_packs: int, weights: Mapping[int, int], kept: Mapping[int, int]) -> dict[int, int]:
    """Spread what a region is asked for in a month over its hospitals.

    asked_packs  the region's figure
    weights      hospital -> weight
    kept         hospital -> packs of locked cells
    returns      hospital -> packs; they sum to `asked_packs`
    raises       RuleBroken if nobody weighs anything or the locked cells exceed the figure
    """
    if not any(weight for hospital, weight in weights.items() if hospital not in kept):
        raise RuleBroken(N_("Nothing is known to go by: choose another way of spreading."))
    return spread(asked_packs, weights, kept)


def rating_weight(ratings: Iterable[int], factors: Mapping[int, int]) -> int:
    """How much a hospital weighs by its doctors' ratings of the product: the sum of their adoption factors."""
    return sum(factors[rating] for rating in ratings)


class StaleCell(NamedTuple):
    """A cell that somebody else has changed since it was shown.

    hospital  its name
    who       the name of the one who changed it; None: nobody knows
    version   the one to save over, now that it has been seen
    """

    key: CellKey
    hospital: str
    who: str | None
    floor_packs: int
    stretch_packs: int
    version: int


class StaleCells(Conflict):
    """Somebody else was faster in some cells of a block; nothing of the block has been taken."""

    def __init__(self, cells: Sequence[StaleCell]) -> None:
        who = ", ".join(sorted({cell.who for cell in cells if cell.who}))
        names = ", ".join(f"{cell.hospital} {cell.key.month_on:%Y-%m}" for cell in cells)
        if who:
            super().__init__(N_("%(who)s has meanwhile changed: %(cells)s."), who=who, cells=names)
        else:
            super().__init__(N_("Somebody has meanwhile changed: %(cells)s."), cells=names)
        self.cells = tuple(cells)
