"""Long lists, a page at a time."""

import pytest
from sqlalchemy import select

from repcrm.db.paging import Page, page_of
from repcrm.organisation.models import Region
from tests.factories import make_region

BY_CODE = select(Region).order_by(Region.code)


@pytest.fixture
def seven_regions(session):
    for letter in "GFEDCBA":
        make_region(session, code=letter)


@pytest.mark.usefixtures("seven_regions")
def test_a_page_holds_its_part_in_order(session):
    page = page_of(session, BY_CODE, number=2, size=3)
    assert [region.code for region in page.items] == ["D", "E", "F"]
    assert (page.number, page.count, page.total, page.first, page.last) == (2, 3, 7, 4, 6)
    assert (page.previous, page.next) == (1, 3)


@pytest.mark.usefixtures("seven_regions")
def test_a_page_past_the_end_is_the_last(session):
    page = page_of(session, BY_CODE, number=99, size=3)
    assert [region.code for region in page.items] == ["G"]
    assert (page.number, page.first, page.last, page.next) == (3, 7, 7, None)


@pytest.mark.usefixtures("seven_regions")
def test_a_page_before_the_first_is_the_first(session):
    assert page_of(session, BY_CODE, number=-1, size=3).number == 1


@pytest.mark.usefixtures("seven_regions")
def test_a_select_of_several_columns_gives_rows(session):
    page = page_of(session, select(Region.code, Region.id).order_by(Region.code), size=2)
    assert [row.code for row in page.items] == ["A", "B"]


def test_an_empty_list_has_one_empty_page(session):
    page = page_of(session, BY_CODE)
    assert page == Page([], number=1, size=50, total=0)
    assert (page.count, page.first, page.last, page.previous, page.next) == (1, 0, 0, None, None)
