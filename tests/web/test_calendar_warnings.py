"""Whatever shows figures says when the working days they rest on are not certain."""

import io
from datetime import date

import openpyxl
import pytest

from repcrm.core.periods import Period
from repcrm.organisation import workdays
from repcrm.organisation.shipped import load_shipped
from repcrm.reports import service
from tests import factories as make

ENGLISH = {"Accept-Language": "en"}
PROVISIONAL = "The public holidays of 2027 are not announced yet: working days may still move."
MISSING = "There are no public holidays on file for 2027: Monday to Friday are counted as working days."
WEEK = Period.parse("2027-W23")
NOW = "2027-06-14T10:00+08:00"

OF_A_REP = ["/today", "/today/2027-06-11", "/week", "/week/2027-W23", "/board", "/board/figures", "/plan", "/targets"]
OF_A_LEAD = ["/board", "/board/screen", "/targets", "/sheets/week/2027-W23"]


@pytest.fixture(autouse=True)
def _field(fixed_clock, session, rep, lead, region, save):
    fixed_clock(NOW)
    hospital, product = make.make_hospital(session, region=region), make.make_product(session)
    make.make_assignment(session, hospital=hospital, product=product, rep=rep)
    make.make_target(session, hospital=hospital, product=product, month_on=date(2027, 6, 1))
    save()


@pytest.fixture
def shipped(session, save):
    load_shipped(session, now=make.NOW)
    save()


@pytest.fixture
def announced(session, shipped, save):
    workdays.confirm_year(session, None, "CN", 2027, now=make.NOW)
    save()


@pytest.fixture
def snapshot(session, region, save):
    """Freeze the report of the week, with the calendar as the test has made it."""

    def freeze():
        return save(service.freeze(session, WEEK, region, now=make.NOW, today=WEEK.until_on))

    return freeze


def pages(client_as, rep, lead, snapshot):
    """Every page with figures that rest on working days, by its address."""
    report = snapshot()
    own, of_lead = client_as(rep), client_as(lead)
    opened = of_lead.post("/meeting/open")
    addresses = [*OF_A_LEAD, f"/reports/{report.id}", opened.location, f"{opened.location}/slides?at=figures"]
    answers = {address: own.get(address, headers=ENGLISH, follow_redirects=True) for address in OF_A_REP}
    answers |= {f"lead {one}": of_lead.get(one, headers=ENGLISH, follow_redirects=True) for one in addresses}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 200} == {}
    return {address: answer.text for address, answer in answers.items()}


def test_a_provisional_year_is_told_wherever_its_working_days_enter_a_figure(client_as, rep, lead, snapshot, shipped):
    shown = pages(client_as, rep, lead, snapshot)
    assert [address for address, text in shown.items() if PROVISIONAL not in text] == []


def test_so_is_a_year_without_any_public_holidays(client_as, rep, lead, snapshot):
    shown = pages(client_as, rep, lead, snapshot)
    assert [address for address, text in shown.items() if MISSING not in text] == []


def test_nothing_is_said_once_the_year_is_announced(client_as, rep, lead, snapshot, announced):
    shown = pages(client_as, rep, lead, snapshot)
    assert [address for address, text in shown.items() if PROVISIONAL in text or MISSING in text] == []


def test_the_workbook_says_it_in_its_heading(client_as, lead, snapshot, shipped):
    report = snapshot()
    content = client_as(lead).get(f"/reports/{report.id}.xlsx", headers=ENGLISH).data
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A2"].value == PROVISIONAL


def test_a_report_keeps_the_doubts_it_was_frozen_with(client_as, session, lead, snapshot, shipped, save):
    report = snapshot()
    workdays.confirm_year(session, None, "CN", 2027, now=make.NOW)
    save()
    assert PROVISIONAL in client_as(lead).get(f"/reports/{report.id}", headers=ENGLISH).text
