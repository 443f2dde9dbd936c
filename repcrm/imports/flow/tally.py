"""What the lines of a sales file add up to while they are judged, and what about them is remarkable."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from repcrm.catalogue.models import Product
from repcrm.imports.flow.lines import Amount, LineKey
from repcrm.imports.verdicts import Row, Verdict
from repcrm.sales.comparing import Movement
from repcrm.sales.doubles import Documents
from repcrm.sales.lines import Delivery
from repcrm.sales.models import FlowGrain

EXAMPLES = 5
COMPARED_WHOLE = 50_000
"""A file of more lines is compared with other distributors' files by its bytes and documents only."""
Cell = tuple[bool, int, int, date, FlowGrain, bool]
"""Whether it is on file, hospital, product, day, grain, whether it carries no money."""


class Place(NamedTuple):
    """Where a row stands, and its verdict while the file was read."""

    sheet: str
    row: int
    number: int
    verdict: Verdict


@dataclass
class Sum:
    """Lines, packs and fen; `unpriced` of the lines carry no money."""

    lines: int = 0
    packs: int = 0
    fen: int = 0
    unpriced: int = 0

    def add(self, amount: Amount) -> None:
        """Add a line."""
        self.lines += 1
        self.packs += amount.packs
        self.fen += amount.value_fen or 0
        self.unpriced += amount.value_fen is None

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(*(getattr(self, name) + getattr(other, name) for name in ("lines", "packs", "fen", "unpriced")))


Sums = dict[date, Sum]
"""Day, or first day of a month -> what its lines add up to."""


def by_month(sums: Mapping[date, Sum]) -> Sums:
    """Add the sums of days up by month, in order."""
    months: Sums = defaultdict(Sum)
    for day in sorted(sums):
        month = day.replace(day=1)
        months[month] = months[month] + sums[day]
    return dict(months)


def total(sums: Iterable[Sum]) -> Sum:
    """Add sums up."""
    return sum(sums, Sum())


@dataclass
class Tally:
    """Grows line by line.

    fresh      by day, lines that are not on file yet
    on_file    by day, lines that are on file exactly so; `places` are (number, day) of these
    repeats    lines that say exactly what another line of the file says, with examples
    grains     (hospital, product, month) -> grain -> the first row dated so
    hospitals  packs by hospital
    documents  lines with a number of a delivery note
    deliveries all lines, or none where the file is long
    movements  of purchase-sales-stock sheets: opening, in, out and closing of each row; `stocked` rows state a stock
    unchecked  rows with a second quantity that has no conversion, in `unchecked_units`
    """

    fresh: Sums = field(default_factory=lambda: defaultdict(Sum))
    on_file: Sums = field(default_factory=lambda: defaultdict(Sum))
    places: list[tuple[int, date]] = field(default_factory=list)
    repeats: Sum = field(default_factory=Sum)
    repeat_examples: list[str] = field(default_factory=list)
    grains: dict[tuple[int, int, date], dict[FlowGrain, Place]] = field(default_factory=dict)
    hospitals: Counter[int] = field(default_factory=Counter)
    documents: Documents = field(default_factory=Documents)
    deliveries: list[Delivery] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    stocked: int = 0
    product_names: dict[int, str] = field(default_factory=dict)
    unchecked: int = 0
    unchecked_units: set[str] = field(default_factory=set)
    _cells: dict[Cell, list[int]] = field(default_factory=dict)
    _is_long: bool = False

    @property
    def file(self) -> Sums:
        """What all lines of the file add up to, by month."""
        days = self.fresh.keys() | self.on_file.keys()
        return by_month({day: self.fresh.get(day, Sum()) + self.on_file.get(day, Sum()) for day in days})

    def add(self, row: Row, key: LineKey, amount: Amount) -> None:
        """Add a line that could count."""
        if row.verdict is Verdict.UNCHANGED:
            self.on_file[key.on].add(amount)
            self.places.append((row.number, key.on))
        else:
            self.fresh[key.on].add(amount)
        self.hospitals[key.hospital_id] += amount.packs
        self._note_grain(row, key)
        self._note_line(row.verdict is Verdict.UNCHANGED, key, amount)

    def add_stock(self, distributor: str, product: Product, row: Row) -> None:
        """Note what a row of a purchase-sales-stock sheet states besides its sales."""
        columns = [row.values.get(name) for name in ("opening", "incoming", "packs", "stock")]
        self.movements.append(Movement(distributor, product.id, *columns))
        self.product_names[product.id] = product.name
        self.stocked += "stock" in row.values

    def changing(self, *, with_on_file: bool) -> Iterator[Delivery]:
        """Go through what begins to count if the file is applied, added up by hospital, product and day.

        with_on_file  lines that are on file already are written once more: the file replaces them
        """
        for (on_file, hospital_id, product_id, on, grain, unpriced), (packs, fen) in self._cells.items():
            if with_on_file or not on_file:
                yield Delivery(hospital_id, product_id, on, packs, None if unpriced else fen, grain)

    def add_repeat(self, row: Row, earlier: int, amount: Amount) -> None:
        """Note a line that says exactly what an earlier row of the file says."""
        self.repeats.add(amount)
        if len(self.repeat_examples) < EXAMPLES:
            self.repeat_examples.append(f"{earlier} = {row.row}: {amount.packs}")

    def _note_grain(self, row: Row, key: LineKey) -> None:
        seen = self.grains.setdefault((key.hospital_id, key.product_id, key.on.replace(day=1)), {})
        if key.grain not in seen:
            seen[key.grain] = Place(row.sheet, row.row, row.number, row.verdict)

    def _note_line(self, on_file: bool, key: LineKey, amount: Amount) -> None:
        unpriced = amount.value_fen is None
        cell = self._cells.setdefault((on_file, key.hospital_id, key.product_id, key.on, key.grain, unpriced), [0, 0])
        cell[0] += amount.packs
        cell[1] += amount.value_fen or 0
        if self._is_long and not key.document:
            return
        line = Delivery(
            key.hospital_id, key.product_id, key.on, amount.packs, amount.value_fen, key.grain, key.document
        )
        self.documents.add(line)
        if not self._is_long:
            self.deliveries.append(line)
            if len(self.deliveries) > COMPARED_WHOLE:
                self._is_long, self.deliveries = True, []
