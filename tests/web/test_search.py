"""Searching: within scope, by characters, pinyin, initials and in spite of slips."""

import re

import pytest

from repcrm.accounts.service import DoctorFacts, HospitalFacts, open_hospital, register_doctor
from tests.factories import LONG_AGO, make_assignment, make_department

EN = {"Accept-Language": "en"}


@pytest.fixture
def doctor(session, region, rep):
    hospital = open_hospital(session, "H1", region.id, HospitalFacts("东海医院"))
    make_assignment(session, hospital=hospital, rep=rep)
    return register_doctor(
        session, "D1", DoctorFacts("曾小贤"), make_department(session, hospital=hospital, name="心内科"), LONG_AGO
    )


@pytest.mark.parametrize("words", ["曾", "小贤", "zxx", "zengx", "cengxiaoxian", "zengxaioxian", "D1", " zxx "])
def test_a_doctor_is_found_however_it_is_typed(client_as, rep, doctor, words):
    assert f'href="/doctors/{doctor.id}"' in client_as(rep).get("/search", query_string={"q": words}).text


def test_a_hospital_is_found_by_its_initials(client_as, rep, doctor):
    assert "东海医院" in client_as(rep).get("/search?q=dhyy").text


def test_what_lies_out_of_scope_is_not_found(client_as, other_rep, doctor):
    page = client_as(other_rep).get("/search?q=zxx", headers=EN).text
    assert "曾小贤" not in page
    assert "Nobody and nothing fits" in page
    assert "曾小贤" not in client_as(other_rep).get("/search/options?q=zxx").text


def test_options_are_a_list_for_the_box(client_as, rep, doctor):
    browser = client_as(rep)
    options = browser.get("/search/options?q=zxx&kind=doctor").text
    assert f'data-value="{doctor.id}"' in options
    assert "<html" not in options
    assert 'data-text="东海医院"' in browser.get("/search/options?q=dh&kind=hospital").text
    assert browser.get("/search/options?q=&kind=doctor").text.strip() == ""
    assert browser.get("/search/options?q=x&kind=salary").status_code == 422


def test_what_is_typed_comes_back_as_words_only(client_as, rep, doctor):
    assert "<b>x</b>" not in client_as(rep).get("/search", query_string={"q": "<b>x</b>"}).text
    assert client_as(rep).get("/search", query_string={"q": "张" * 5000}).status_code == 200


def test_a_search_takes_few_statements(client_as, rep, doctor, query_counter):
    browser = client_as(rep)
    with query_counter() as queries:
        browser.get("/search?q=zx")
    assert len(queries) <= 8


class TestThePalette:
    """Ctrl-K: one box for doctors, hospitals and pages."""

    def options(self, browser, words: str) -> list[str]:
        answer = browser.get("/search/anything", query_string={"q": words}, headers=EN).text
        return re.findall(r'data-href="([^"]+)"', answer)

    def test_it_opens_with_the_pages_of_whoever_asks(self, client_as, rep, admin):
        of_rep = client_as(rep).get("/search/palette", headers=EN).text
        assert 'data-href="/today"' in of_rep
        assert 'data-href="/me"' in of_rep
        assert "/admin/users" not in of_rep
        assert 'data-href="/admin/users/new"' in client_as(admin).get("/search/palette").text

    @pytest.mark.parametrize("words", ["follow", "跟进", "genjin", "gj", "genjn"])
    def test_a_page_is_found_in_either_language_and_by_its_sound(self, client_as, rep, words):
        assert self.options(client_as(rep), words)[0] == "/follow-ups"

    def test_doctors_and_hospitals_are_found_within_scope(self, client_as, rep, other_rep, doctor):
        assert self.options(client_as(rep), "zxx") == [f"/doctors/{doctor.id}", "/search?q=zxx"]
        assert self.options(client_as(rep), "dhyy")[0].startswith("/hospitals/")
        assert self.options(client_as(other_rep), "zxx") == ["/search?q=zxx"]

    def test_it_takes_few_statements(self, client_as, rep, doctor, query_counter):
        browser = client_as(rep)
        with query_counter() as queries:
            self.options(browser, "zx")
        assert len(queries) <= 6
