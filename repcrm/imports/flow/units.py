"""Quantities of a sales file in packs: by the unit its column, cell or row names, and the product's conversions."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from repcrm.catalogue.conversions import packs_per_unit, to_packs
from repcrm.catalogue.models import Product
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.kinds.shared import Context
from repcrm.imports.verdicts import Row

STOCK_FIELDS = ("opening", "incoming", "stock")


def packs_of(context: Context, row: Row, product: Product, on: date) -> int:
    """Return the packs of a row, its sign kept.

    raises  BadInput where there is no conversion, or it does not come out in whole packs
    """
    if "quantity" not in row.values:
        packs: int = row.values["packs"]
        return packs
    return to_packs(
        Decimal(row.values["quantity"]), row.values["unit"], product, on, context.conversions.get(product.id, ())
    )


def count_stocks(context: Context, row: Row, product: Product, on: date) -> list[str]:
    """Count the stocks and purchases of a row that name a unit in packs.

    returns  units that do not come to whole packs; their stocks are left out
    """
    unknown = []
    for field in STOCK_FIELDS:
        if (stated := row.values.get(f"{field}_quantity")) is not None:
            factor = packs_per_unit(stated[0], product, on, context.conversions.get(product.id, ()))
            packs = None if factor is None else factor * Fraction(stated[1])
            if packs is not None and packs.denominator == 1:
                row.values[field] = int(packs)
            else:
                unknown.append(stated[0])
    return unknown


def check_second_units(context: Context, row: Row, product: Product, on: date) -> list[str]:
    """Compare the packs of a row with what its other quantity columns come to.

    returns  units that no conversion is known for
    raises   BadInput where a quantity comes to other packs
    """
    unknown = []
    for unit, quantity in row.values.get("also", ()):
        factor = packs_per_unit(unit, product, on, context.conversions.get(product.id, ()))
        if factor is None:
            unknown.append(unit)
        elif factor * Fraction(quantity) != row.values["packs"]:
            raise BadInput(
                N_("%(quantity)s %(unit)s are not %(packs)s packs."),
                quantity=quantity, unit=unit, packs=row.values["packs"],
            )  # fmt: skip
    return unknown
