"""Quantities in cases, inner packs or tablets, counted in whole packs."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from repcrm.catalogue.pack_form import doses_of_pack
from repcrm.catalogue.units import OWN, PACK, PackUnit, unit_key
from repcrm.core.errors import BadInput
from repcrm.core.words import N_


class Conversion(Protocol):
    """A row of the conversion table: one unit is packs_num / packs_den packs in from_on <= day < until_on."""

    @property
    def unit(self) -> str: ...
    @property
    def packs_num(self) -> int: ...
    @property
    def packs_den(self) -> int: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date | None: ...


class Packed(Protocol):
    """A product, as far as counting packs needs it."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> PackUnit: ...
    @property
    def pack_size(self) -> str: ...


def to_packs(quantity: Decimal, unit: str, product: Packed, on: date, conversions: Iterable[Conversion]) -> int:
    """Count a quantity in packs.

    quantity     negative for a return
    unit         what it is counted in, in any spelling; empty: packs
    product      whose packs
    on           the day whose conversion counts
    conversions  the product's rows of the table, in any order
    returns      whole packs
    raises       BadInput if nothing says how many packs the unit holds, or if it does not come out in whole packs
    """
    factor = packs_per_unit(unit, product, on, conversions)
    if factor is None:
        raise BadInput(N_("There is no conversion for %(unit)s of %(product)s."), unit=unit, product=product.name)
    packs = Fraction(quantity) * factor
    if packs.denominator != 1:
        raise BadInput(
            N_("%(quantity)s %(unit)s of %(product)s do not come out in whole packs."),
            quantity=f"{quantity:f}",
            unit=unit or OWN[product.unit],
            product=product.name,
        )
    return int(packs)


def packs_per_unit(unit: str, product: Packed, on: date, conversions: Iterable[Conversion]) -> Fraction | None:
    """Return how many packs one unit is on a day; None if nothing says so.

    The product's own unit is a pack. A row of the table comes next, and only then what the pack itself says.
    """
    wanted = unit_key(unit)
    if wanted in ("", PACK, OWN[product.unit]):
        return Fraction(1)
    valid = [one for one in conversions if one.unit == wanted and _holds(one, on)]
    if valid:
        newest = max(valid, key=lambda one: one.from_on)
        return Fraction(newest.packs_num, newest.packs_den)
    printed = doses_of_pack(product.pack_size, OWN[product.unit])
    return Fraction(1, printed[0]) if printed is not None and printed[1] == wanted else None


def _holds(conversion: Conversion, on: date) -> bool:
    return conversion.from_on <= on and (conversion.until_on is None or on < conversion.until_on)
