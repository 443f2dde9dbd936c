"""What would count twice is found: documents, whole deliveries, detail beside summary."""

from datetime import date

import pytest

from repcrm.core.periods import Period
from repcrm.sales.doubles import (
    Documents,
    GrainClash,
    LinePlace,
    SameDelivery,
    SameDocument,
    find_grain_clashes,
    find_same_deliveries,
    find_same_documents,
)
from repcrm.sales.lines import Delivery
from repcrm.sales.models import FlowGrain, FlowMode
from repcrm.sales.service import take_back_flow, take_flow
from tests.factories import NOW, make_distributor, make_hospital, make_product

Place = tuple[int, int]
NOVEMBER = Period.parse("2026-11")
DAY, NEXT_DAY, MONTH_ON = date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 1)


@pytest.fixture
def place(session, region) -> Place:
    return make_hospital(session, region=region).id, make_product(session).id


@pytest.fixture
def first(session):
    return make_distributor(session, name="甲")


@pytest.fixture
def second(session):
    return make_distributor(session, name="乙")


def noted(place: Place, *documents: str, packs: int = 10, on: date = DAY) -> list[Delivery]:
    """A delivery of ten packs for each delivery note."""
    return [Delivery(*place, on, packs, document=document) for document in documents]


def documents_of(*lines: Delivery) -> Documents:
    documents = Documents()
    for line in lines:
        documents.add(line)
    return documents


def test_the_same_document_from_another_distributor_is_found(session, admin, place: Place, first, second):
    batch = take_flow(session, admin.id, first, NOVEMBER, noted(place, "CK1", "CK2"), NOW)
    lines = [*noted(place, "CK9", "CK2"), *noted(place, "CK1", packs=11), *noted(place, "CK1", on=NEXT_DAY)]
    lines += noted(place, "")  # no document: nothing to compare
    same = [SameDocument("CK2", LinePlace(batch.id, 2), "甲", "")]
    assert find_same_documents(session, second, documents_of(*lines)) == same
    assert find_same_documents(session, first, documents_of(*lines)) == []  # its own
    take_back_flow(session, batch, admin.id, NOW)
    assert find_same_documents(session, second, documents_of(*lines)) == []


def test_a_document_of_two_products_or_of_two_equal_lines_is_counted_line_by_line(
    session, admin, place: Place, first, second
):
    other = make_product(session).id
    lines = [*noted(place, "CK1", "CK1"), Delivery(place[0], other, DAY, 10, document="CK1")]
    batch = take_flow(session, admin.id, first, NOVEMBER, lines, NOW)
    found = find_same_documents(session, second, documents_of(*noted(place, "CK1", "CK1", "CK1")))
    assert [one.place for one in found] == [(batch.id, 1), (batch.id, 2)]


def test_the_same_lines_in_another_order_under_another_spelling_are_found(session, admin, place: Place, first, second):
    lines = [Delivery(*place, DAY, 10), Delivery(*place, NEXT_DAY, 20), Delivery(*place, NEXT_DAY, 20)]
    batch = take_flow(session, admin.id, first, NOVEMBER, lines, NOW)
    same = [SameDelivery(batch.id, "甲", "", by_digest=False)]
    assert find_same_deliveries(session, second, lines[::-1], "a" * 64) == same
    assert find_same_deliveries(session, first, lines, "a" * 64) == []  # its own: this is a file to replace
    # as many lines and packs, but not the same ones
    alike = [Delivery(*place, DAY, 20), Delivery(*place, NEXT_DAY, 20), Delivery(*place, NEXT_DAY, 10)]
    assert find_same_deliveries(session, second, alike, "a" * 64) == []


def test_the_same_file_under_another_distributor_is_found_by_its_digest(session, admin, place: Place, first, second):
    batch = take_flow(session, admin.id, first, NOVEMBER, noted(place, "CK1"), NOW)
    batch.file_digest, batch.file_name = "d" * 64, "11月.xlsx"
    session.flush()
    found = find_same_deliveries(session, second, noted(place, "CK1", "CK2"), "d" * 64)
    assert found == [SameDelivery(batch.id, "甲", "11月.xlsx", by_digest=True)]


def test_days_beside_the_month_they_add_up_to_are_found_within_a_file(session, place: Place, first):
    lines = [
        Delivery(*place, date(2026, 10, 1), 5, grain=FlowGrain.MONTH),
        Delivery(*place, DAY, 10),
        Delivery(*place, NEXT_DAY, 10),
        Delivery(*place, MONTH_ON, 20, grain=FlowGrain.MONTH),
    ]
    assert find_grain_clashes(session, first, lines) == [
        GrainClash(*place, MONTH_ON, by_day=LinePlace(None, 2), by_month=LinePlace(None, 4))
    ]


def test_days_beside_a_month_on_file_are_found_unless_it_is_replaced(session, admin, place: Place, first, second):
    summary = [Delivery(*place, MONTH_ON, 20, grain=FlowGrain.MONTH)]
    batch = take_flow(session, admin.id, first, NOVEMBER, summary, NOW)
    detail = [Delivery(*place, DAY, 10)]
    clash = GrainClash(*place, MONTH_ON, by_day=LinePlace(None, 1), by_month=LinePlace(batch.id, 1))
    assert find_grain_clashes(session, first, detail) == [clash]
    assert find_grain_clashes(session, first, detail, replaced=[batch.id]) == []
    assert find_grain_clashes(session, second, detail) == []
    take_flow(session, admin.id, first, NOVEMBER, detail, NOW, mode=FlowMode.ADDS)
    elsewhere = [Delivery(make_hospital(session).id, place[1], DAY, 1)]
    assert find_grain_clashes(session, first, elsewhere) == []
