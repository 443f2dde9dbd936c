"""Conversions set, replaced and ended."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from repcrm.catalogue.conversions import to_packs
from repcrm.catalogue.converting import end_conversion, set_conversion
from repcrm.catalogue.queries import list_conversions
from repcrm.core.errors import BadInput, RuleBroken
from repcrm.db.journal import JournalEntry
from tests.factories import NOW, make_product

JANUARY, OCTOBER = date(2026, 1, 1), date(2026, 10, 1)


@pytest.fixture
def product(session):
    return make_product(session, name="云舒平片", pack_size="5 mg × 28 片")


@pytest.fixture
def put(session, admin, product):
    """Set a conversion."""

    def put(unit="件", packs=200, units=1, from_on=JANUARY):
        return set_conversion(session, product, unit, packs, units, from_on, actor_id=admin.id, now=NOW)

    return put


def packs(session, product, quantity, unit, on):
    return to_packs(Decimal(quantity), unit, product, on, list_conversions(session, [product.id]).get(product.id, []))


def test_a_later_conversion_ends_the_one_before(session, product, put):
    put()
    put("cases", 240, from_on=OCTOBER)
    assert packs(session, product, 2, "件", date(2026, 9, 30)) == 400
    assert packs(session, product, 2, "件", OCTOBER) == 480


def test_an_earlier_one_set_afterwards_holds_until_the_later_one(session, product, put):
    put(from_on=OCTOBER)
    put(packs=100, from_on=JANUARY)
    assert packs(session, product, 1, "件", date(2026, 5, 1)) == 100
    assert packs(session, product, 1, "件", OCTOBER) == 200


def test_the_same_day_is_corrected_and_journalled(session, product, put):
    assert put().id == put(packs=210).id
    put(packs=210)
    assert packs(session, product, 1, "件", OCTOBER) == 210
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert [(one.verb, one.after["packs_num"]) for one in entries] == [("set_conversion", 200), ("set_conversion", 210)]


def test_a_conversion_is_ended(session, admin, product, put):
    row = put()
    end_conversion(session, row, OCTOBER, actor_id=admin.id, now=NOW)
    assert packs(session, product, 1, "件", date(2026, 9, 30)) == 200
    with pytest.raises(BadInput, match="no conversion for 件"):
        packs(session, product, 1, "件", OCTOBER)
    for day in (JANUARY, date(2026, 11, 1)):
        with pytest.raises(RuleBroken):
            end_conversion(session, row, day, actor_id=admin.id, now=NOW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"unit": "盒"}, "unit"), ({"unit": "  "}, "unit"), ({"unit": "x" * 21}, "unit"), ({"packs": 0}, "packs_num"),
     ({"units": 0}, "packs_den"), ({"packs": 1_000_001}, "packs_num")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(put, wrong, field):
    with pytest.raises(RuleBroken) as refused:
        put(**wrong)
    assert refused.value.field == field
