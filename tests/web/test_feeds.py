"""The calendar feed: made, read without signing in, revoked."""

import re

from repcrm.calls.models import CallStatus
from tests.factories import make_call, make_department, make_doctor, make_hospital, make_sheet

ADDRESS = re.compile(r'value="http://localhost(/calendar/[\w-]+\.ics)"')


def made(browser) -> str:
    found = ADDRESS.search(browser.post("/me/calendar").text)
    assert found
    return found[1]


def test_a_calendar_reads_the_calls_at_the_secret_address(client_as, client, session, rep, fixed_clock):
    fixed_clock("2026-11-23T10:20+08:00")
    ward = make_department(session, hospital=make_hospital(session, region=rep.region, name="海棠医院"))
    sheet = make_sheet(session, rep=rep)
    for name in ("王清文", "张思远"):
        make_call(
            session, sheet=sheet, hospital=ward.hospital, main_doctor=make_doctor(session, name=name, department=ward),
            status=CallStatus.PLANNED,
        )  # fmt: skip
    session.commit()
    answer = client.get(made(client_as(rep)))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    text = answer.text.replace("\r\n ", "")
    assert "SUMMARY:海棠医院 · 王清文、张思远\r\n" in text
    assert text.count("BEGIN:VEVENT") == 1


def test_a_revoked_address_is_not_found(client_as, client, rep, session):
    browser = client_as(rep)
    address = made(browser)
    page = browser.get("/me").text
    revoke = re.search(r"/me/calendar/\d+/revoke", page)
    assert revoke
    assert address not in page
    assert browser.post(revoke[0]).status_code == 302
    assert client.get(address).status_code == 404
    assert browser.post(revoke[0]).status_code == 404


def test_a_wrong_secret_is_not_found(client):
    assert client.get("/calendar/guess.ics").status_code == 404


def test_another_cannot_revoke_it(client_as, rep, other_rep):
    made(client_as(rep))
    assert client_as(other_rep).post("/me/calendar/1/revoke").status_code == 404


def test_an_administrator_has_no_calendar(client_as, admin):
    browser = client_as(admin)
    assert "calendar-card" not in browser.get("/me").text
    assert browser.post("/me/calendar").status_code == 403


def test_the_sixth_address_is_refused(client_as, rep):
    browser = client_as(rep)
    for _ in range(5):
        made(browser)
    assert browser.post("/me/calendar").status_code == 302
    assert "请先撤销一个" in browser.get("/me").text
