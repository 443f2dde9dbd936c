"""The live board: the figures of whoever looks, asked for again cheaply."""

import pytest

from repcrm.targets.service import CellEdit, assign_targets
from tests.factories import (
    MONTH,
    NOW,
    make_assignment,
    make_flow,
    make_hospital,
    make_product,
    make_rep,
    make_target,
    scope_of,
)

EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def product(session, save):
    return save(make_product(session, name="Alpha"))


@pytest.fixture
def hospital(session, region, rep, product, save):
    """62 of 100 packs are sold."""
    hospital = make_hospital(session, region=region, name="East Hospital")
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    make_target(session, hospital=hospital, product=product)
    save(make_flow(session, hospital=hospital, product=product, packs=62))
    return hospital


@pytest.fixture
def colleague(session, region, product, save):
    """A second rep of the region, with a hospital of 200 packs and no flow yet."""
    colleague = make_rep(session, region=region, name="Second Rep")
    place = make_hospital(session, region=region, name="Second Hospital")
    make_assignment(session, hospital=place, product=product, rep=colleague)
    return save(make_target(session, hospital=place, product=product, floor_packs=200, stretch_packs=200))


def test_a_rep_sees_the_own_figures_only(client_as, rep, hospital, colleague):
    page = client_as(rep).get("/board", headers=EN).text
    assert "62 / 100" in page
    assert "3 working days left" not in page  # of Thursday; today is Monday
    assert "6 working days left" in page
    assert "Second" not in page


def test_a_lead_sees_every_rep_of_the_region_the_most_to_go_first(client_as, lead, rep, hospital, colleague):
    page = client_as(lead).get("/board", headers=EN).text
    assert "62 / 300" in page
    assert page.index("Second Rep") < page.index(rep.name)
    assert "no flow yet" in page


def test_an_empty_board_says_what_to_do(client_as, rep):
    assert "Hospitals appear here as soon as they have a target" in client_as(rep).get("/board", headers=EN).text


@pytest.mark.parametrize("path", ["/board", "/board/screen", "/board/figures"])
def test_the_board_takes_few_statements(client_as, lead, hospital, colleague, query_counter, path):
    browser = client_as(lead)
    with query_counter() as queries:
        assert browser.get(path).status_code == 200
    assert len(queries) <= 13


class TestAskingAgain:
    """The partial carries a tag; nothing is computed while it still fits."""

    def ask(self, browser, tag=""):
        return browser.get("/board/figures", headers={**EN, "If-None-Match": tag})

    def test_nothing_new_is_a_304_of_three_statements(self, client_as, lead, hospital, query_counter):
        browser = client_as(lead)
        first = self.ask(browser)
        assert (first.status_code, "<html" in first.text) == (200, False)
        with query_counter() as queries:
            assert self.ask(browser, first.headers["ETag"]).status_code == 304
        assert len(queries) <= 3

    def test_a_changed_target_is_news(self, client_as, lead, session, hospital, product):
        browser = client_as(lead)
        tag = self.ask(browser).headers["ETag"]
        edit = CellEdit(hospital.id, product.id, MONTH, 124, 124, version=1)
        assign_targets(session, scope_of(lead), [edit], now=NOW)
        again = self.ask(browser, tag)
        assert again.status_code == 200
        assert "62 / 124" in again.text

    def test_the_tag_of_another_language_or_person_does_not_fit(self, client_as, lead, rep, hospital):
        tag = self.ask(client_as(lead)).headers["ETag"]
        assert self.ask(client_as(rep), tag).status_code == 200
        other = client_as(lead).get("/board/figures", headers={"Accept-Language": "zh", "If-None-Match": tag})
        assert other.status_code == 200


def test_flow_that_was_imported_is_news(client_as, lead, session, hospital, product):
    """Applying and undoing an import are written into the journal, which the tag follows."""
    from repcrm.db.journal import newest_entry, record

    before = newest_entry(session)
    record(session, lead.id, "import_batch", 1, "apply_batch", None, None, at=NOW)
    assert newest_entry(session) > before
