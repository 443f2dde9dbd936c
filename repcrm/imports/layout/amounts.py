"""Packs and money of a line: unit, scale and sign put together from heading, cell, columns and answers."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from repcrm.core.errors import BadInput, RepCRMError
from repcrm.core.words import N_
from repcrm.imports.columns import Use
from repcrm.imports.dates import shown
from repcrm.imports.layout.cells import remembering, text_of
from repcrm.imports.layout.mapping import Source
from repcrm.imports.layout.movements import Movement
from repcrm.imports.layout.plan import Plan
from repcrm.imports.numbers import Amount, read_amount
from repcrm.imports.text import key, plain
from repcrm.imports.units import BOX, LONGEST_UNIT, PACK, SINGLE, scale_of, unit_of
from repcrm.imports.values import MOST_PACKS, check_whole, to_fen
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Cell

_CONVERTED = re.compile("折算|换算|折合|最小单位|基本单位")
"""Headings of quantities that are in packs, whatever the column of units says of the quantity beside them."""
_SIDES = {"cr", "dr"}
"""Credit and debit: whose, a file does not say, so that a sign would be a guess."""
Values = dict[str, Any]


class AmountReader:
    """Reads the quantities and the money of the lines of one sheet."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._unit_column, self._type_column = plan.source(Use.UNIT), plan.source(Use.MOVEMENT)
        self._numbers: dict[int, Callable[[Cell], Amount]] = {}
        self._read_unit = remembering(_read_unit)

    def number(self, cells: Sequence[Cell], index: int) -> Decimal | None:
        """Return a number as it is written, None where the cell is empty or no number."""
        if (cell := cells[index]) is None:
            return None
        try:
            return self._amount(index, cell).value
        except BadInput:
            return None

    def movement(self, row: Row, cells: Sequence[Cell]) -> Movement:
        """Return what a line does to sales; a type that nobody has explained refuses the row."""
        source = self._type_column
        if source is None:
            return self._plan.movement
        cell = cells[source.index]
        word = plain(text_of(cell))
        movement = self._plan.movements.get(word)
        if movement is None:
            error = (
                BadInput(N_("Is “%(type)s” a sale or a return? Answer the question about this type first."), type=word)
                if word
                else BadInput(N_("The cell is empty."))
            )
            row.refuse_cell(source.letter, source.heading, error)
        return movement or Movement.SALE

    def quantity(self, row: Row, source: Source, cells: Sequence[Cell]) -> Values:
        """Return packs, or a quantity and its unit; what cannot be read refuses the row.

        Boxes, vials and bottles come as packs, too, until it is known which of them is a pack of the product.
        """
        return self._guarded(row, source, cells, self._quantity)

    def unit(self, row: Row, source: Source, cells: Sequence[Cell]) -> Values:
        """Return the unit of a number that is not converted, where one other than a box is named."""
        return self._guarded(row, source, cells, self._stated_unit)

    def stock(self, row: Row, source: Source, cells: Sequence[Cell]) -> Values:
        """Return packs that were seen in stock or purchased, or under another name a quantity in another unit."""
        values = self._guarded(row, source, cells, self._quantity)
        field = source.column.field
        if "quantity" in values:
            return {f"{field}_quantity": [values["unit"], values["quantity"]]}
        return {field: values["packs"]} if values else {}

    def money(self, row: Row, source: Source, cells: Sequence[Cell]) -> Values:
        """Return an amount of money in fen; what cannot be read refuses the row."""
        return self._guarded(row, source, cells, self._money)

    def checks(self, row: Row, cells: Sequence[Cell], movement: Movement) -> list[list[str]]:
        """Return the further quantities of a line, in their units: [["件", "2"]]."""
        sign = -1 if movement is Movement.RETURN else 1
        read = [self._guarded(row, source, cells, self._further) for source in self._plan.mapping.also]
        return [[values["unit"], _signed_text(values["quantity"], sign)] for values in read if values]

    def _guarded(
        self, row: Row, source: Source, cells: Sequence[Cell], read: Callable[[Source, Cell, Sequence[Cell]], Values]
    ) -> Values:
        if (cell := cells[source.index]) is None:
            return {}
        try:
            return read(source, cell, cells)
        except RepCRMError as error:
            row.refuse_cell(source.letter, source.heading, error)
            return {}

    def _amount(self, index: int, cell: Cell) -> Amount:
        if index not in self._numbers:
            style = self._plan.style
            self._numbers[index] = remembering(lambda one: read_amount(one, style))
        return self._numbers[index](cell)

    def _quantity(self, source: Source, cell: Cell, cells: Sequence[Cell]) -> Values:
        amount = self._amount(source.index, cell)
        unit = self._unit(source, amount, cell, None if _CONVERTED.search(source.heading) else self._beside(cells))
        value = amount.value if source.scale is None else amount.value * source.scale
        if unit == PACK:
            return {"packs": check_whole(value, cell, most=MOST_PACKS)}
        if abs(value) > MOST_PACKS:
            raise BadInput(N_("“%(value)s” is too large to be true."), value=shown(cell))
        stated = {"quantity": _text(value), "unit": unit}
        return {"packs": check_whole(value, cell), **stated} if unit in SINGLE else stated

    def _stated_unit(self, source: Source, cell: Cell, cells: Sequence[Cell]) -> Values:
        unit = self._unit(source, self._amount(source.index, cell), cell, self._beside(cells))
        return {} if unit in (PACK, BOX) else {"unit": unit}

    def _beside(self, cells: Sequence[Cell]) -> str | None:
        cell = None if self._unit_column is None else cells[self._unit_column.index]
        return None if cell is None else self._read_unit(cell)

    def _further(self, source: Source, cell: Cell, cells: Sequence[Cell]) -> Values:
        amount = self._amount(source.index, cell)
        return {"quantity": _text(amount.value), "unit": self._unit(source, amount, cell, None)}

    def _unit(self, source: Source, amount: Amount, cell: Cell, beside: str | None) -> str:
        if source.is_open:
            raise BadInput(N_("The unit of this column is not known yet. Answer the question about it first."))
        if amount.word == "%":
            raise BadInput(N_("“%(value)s” is a percentage, not a number of packs."), value=shown(cell))
        inside = _read_unit(amount.word) if amount.word else None
        if inside is None and beside is None and source.unit is not None:
            return source.unit
        said = list(dict.fromkeys(unit for unit in (source.unit, inside, beside) if unit not in (None, PACK)))
        if len(said) > 1:
            raise BadInput(
                N_("The unit is %(first)s in one place and %(second)s in another."), first=said[0], second=said[1]
            )
        if not said and PACK in (source.unit, inside, beside):
            return PACK
        if not said and self._plan.unit is None:
            raise BadInput(N_("This line has no unit, but others do. Answer the question about the unit first."))
        return said[0] if said else str(self._plan.unit)

    def _money(self, source: Source, cell: Cell, cells: Sequence[Cell]) -> Values:
        amount = self._amount(source.index, cell)
        if source.is_open:
            raise BadInput(N_("The unit of this column is not known yet. Answer the question about it first."))
        inside = scale_of(amount.word) if amount.word else None
        if amount.word and inside is None:
            raise BadInput(N_("“%(value)s” is not a number."), value=shown(cell))
        if None not in (inside, source.scale) and inside != source.scale:
            raise BadInput(
                N_("The unit is %(first)s in one place and %(second)s in another."),
                first=source.heading, second=amount.word,
            )  # fmt: skip
        scale = inside or source.scale or self._plan.scale
        return {"value": to_fen(amount.value * scale, cell)}


def put_sign(row: Row, values: Values, movement: Movement) -> Values:
    """Return the amounts of a line with their signs: a return is minus, however it is written, and never twice."""
    if movement is Movement.RETURN:
        values = {
            name: -abs(value) if isinstance(value, int) else _signed_text(value, -1) if name == "quantity" else value
            for name, value in values.items()
        }
    count = values["packs"] if "packs" in values else Decimal(values.get("quantity", 0))
    if "value" in values and count * values["value"] < 0:
        row.refuse(BadInput(N_("Packs and money have opposite signs.")), "value")
    return values


def _signed_text(number: str, sign: int) -> str:
    return _text(-abs(Decimal(number))) if sign < 0 else number


def _read_unit(cell: Cell) -> str:
    word = plain(text_of(cell))
    unit = unit_of(word)
    if unit is None and (
        len(word) > LONGEST_UNIT or scale_of(word) is not None or not word.isalpha() or key(word) in _SIDES
    ):
        raise BadInput(N_("“%(value)s” is not a unit of packs."), value=shown(cell))
    return word if unit is None else unit


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")
