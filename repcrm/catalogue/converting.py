"""Conversions set and ended; each goes into the journal."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.catalogue.models import Product, ProductConversion
from repcrm.catalogue.units import OWN, PACK, unit_key
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record, values_of

LONGEST_UNIT = 20
MOST = 1_000_000
FACTS = ("product_id", "unit", "packs_num", "packs_den", "from_on", "until_on")


def set_conversion(
    session: Session,
    product: Product,
    unit: str,
    packs_num: int,
    packs_den: int,
    from_on: date,
    *,
    actor_id: int | None,
    now: datetime,
) -> ProductConversion:
    """Let a unit count as so many packs from a day on; what counted until then ends the day before.

    unit       case, 件, tablet …; the product's own unit needs none
    packs_num  packs in `packs_den` units: a case of 200 is 200 and 1, a tablet of 28 is 1 and 28
    returns    the row; one that begins on the same day is corrected
    raises     RuleBroken (field `unit`, `packs_num` or `packs_den`)
    """
    wanted = unit_key(unit)
    if not wanted or len(wanted) > LONGEST_UNIT:
        raise RuleBroken(N_("Enter a unit such as case or tablet."), field="unit")
    if wanted in (PACK, OWN[product.unit]):
        raise RuleBroken(N_("%(unit)s is the product’s own unit: it is always one pack."), field="unit", unit=unit)
    for field, value in (("packs_num", packs_num), ("packs_den", packs_den)):
        if not 1 <= value <= MOST:
            raise RuleBroken(N_("Enter a whole number from 1 to %(most)s."), field=field, most=MOST)
    session.refresh(product, with_for_update=True)
    rows = list(
        session.scalars(
            select(ProductConversion)
            .where(ProductConversion.product_id == product.id, ProductConversion.unit == wanted)
            .order_by(ProductConversion.from_on)
        )
    )
    same = next((row for row in rows if row.from_on == from_on), None)
    before = values_of(same, *FACTS) if same else None
    if same is None:
        for row in rows:
            if row.from_on < from_on and (row.until_on is None or row.until_on > from_on):
                row.until_on = from_on
        until_on = min((row.from_on for row in rows if row.from_on > from_on), default=None)
        same = ProductConversion(product_id=product.id, unit=wanted, from_on=from_on, until_on=until_on)
        session.add(same)
    same.packs_num, same.packs_den = packs_num, packs_den
    session.flush()
    after = values_of(same, *FACTS)
    if after != before:
        record(session, actor_id, "product_conversion", same.id, "set_conversion", before, after, at=now)
    return same


def end_conversion(
    session: Session, conversion: ProductConversion, until_on: date, *, actor_id: int | None, now: datetime
) -> None:
    """End a conversion: from that day on nothing says how many packs the unit holds.

    until_on  the first day without it
    raises    RuleBroken (field `until_on`) for a day before it began, or after it has ended
    """
    session.refresh(conversion, with_for_update=True)
    if until_on <= conversion.from_on:
        raise RuleBroken(N_("A conversion ends after the day it begins."), field="until_on")
    if conversion.until_on is not None and conversion.until_on < until_on:
        raise RuleBroken(
            N_("This conversion ended on %(day)s already."), field="until_on", day=conversion.until_on.isoformat()
        )
    before = values_of(conversion, *FACTS)
    conversion.until_on = until_on
    session.flush()
    after = values_of(conversion, *FACTS)
    if after != before:
        record(session, actor_id, "product_conversion", conversion.id, "end_conversion", before, after, at=now)
