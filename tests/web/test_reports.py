"""The pages of the gap reports: who sees what, drilling down, freezing by hand, the workbook."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.periods import Period
from repcrm.organisation.models import Region, User
from repcrm.reports import service
from repcrm.reports.models import ReportSnapshot
from tests import factories

NOVEMBER = date(2026, 11, 1)
MONDAY_MORNING = "2026-11-23T06:00+08:00"


@pytest.fixture
def report(session: Session, region: Region, rep: User, save: Callable[..., Any]) -> ReportSnapshot:
    """The frozen report of 2026-W47: two reps with a hospital each, one of them split among doctors."""
    product = factories.make_product(session, code="P1", name="Alpha")
    factories.make_price(session, product=product)
    colleague = factories.make_rep(session, region=region, code="COLLEAGUE", name="The Colleague")
    for code, holder, packs in (("H1", rep, 20), ("H2", colleague, 10)):
        hospital = factories.make_hospital(session, region=region, code=code, name=f"Hospital of {code}")
        factories.make_assignment(session, hospital=hospital, product=product, rep=holder)
        target = factories.make_target(session, hospital=hospital, product=product, floor_packs=105, stretch_packs=126)
        factories.make_flow(session, hospital=hospital, product=product, packs=packs)
        if code == "H1":
            doctor = factories.make_doctor(session, hospital=hospital, code="D1", name="Doctor of H1")
            factories.make_split(session, target=target, shares={doctor: 105}, status="approved", edited_by=rep)
    session.commit()
    snapshot = service.freeze(session, Period.parse("2026-W47"), region, now=factories.NOW, today=factories.NEXT_MONDAY)
    return save(snapshot)


def test_the_list_says_what_to_do_while_there_is_no_report(client_as, lead, rep, fixed_clock):
    fixed_clock(MONDAY_MORNING)
    assert (
        "No report is frozen yet" in client_as(rep).get("/reports?kind=quarter", headers={"Accept-Language": "en"}).text
    )
    page = client_as(lead).get("/reports", headers={"Accept-Language": "en"}).text
    assert "Freeze 2026-W47 now" in page
    assert "Freeze 2026-W48 now" not in page, "it still runs"


def test_a_lead_freezes_a_week_by_hand(client_as, lead, session, fixed_clock):
    fixed_clock(MONDAY_MORNING)
    answer = client_as(lead).post("/reports/freeze?kind=week", data={"period": "2026-W47"})

    snapshot = session.scalars(select(ReportSnapshot)).one()
    assert answer.status_code == 302
    assert answer.location.endswith(f"/reports/{snapshot.id}")
    assert (snapshot.period, snapshot.frozen_by_id) == ("2026-W47", lead.id)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-W48", "has not ended yet"),
        ("tomorrow", "is not a period"),
        ("2026", "weeks, months and quarters"),
        ("", "required"),
    ],
)
def test_a_period_that_cannot_be_frozen_is_refused_in_words(client_as, lead, session, fixed_clock, period, words):
    fixed_clock(MONDAY_MORNING)
    answer = client_as(lead).post("/reports/freeze", data={"period": period}, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(ReportSnapshot)).all() == []


def test_the_page_shows_the_four_figures_and_every_rep(client_as, lead, report):
    page = client_as(lead).get(f"/reports/{report.id}", headers={"Accept-Language": "en"}).text

    # 30 of 50 packs; 20 packs short; 15 of 21 working days; 30 + 6 x 30 / 20 = 39.
    for words in ("60.0%", "+20 packs", "71.4%", "39 packs", "Rep of the East", "The Colleague", "<svg", report.digest):
        assert words in page
    assert "style=" not in page
    assert "<script>" not in page


def test_every_level_opens_by_link_down_to_the_doctor(client_as, lead, rep, report):
    browser = client_as(lead)
    for query, words in (
        (f"rep={rep.code}", "Hospital of H1"),
        (f"rep={rep.code}&hospital=H1", "Alpha"),
        (f"rep={rep.code}&hospital=H1&product=P1", "Doctor of H1"),
    ):
        page = browser.get(f"/reports/{report.id}?{query}", headers={"Accept-Language": "en"}).text
        assert words in page.split('id="table"')[1]
    assert browser.get(f"/reports/{report.id}?rep=NOBODY").status_code == 404


def test_the_table_sorts_both_ways(client_as, lead, report):
    browser = client_as(lead)

    def order(query: str) -> bool:
        table = browser.get(f"/reports/{report.id}?{query}").text.split('id="gap-table"')[1]
        return table.index("The Colleague") < table.index("Rep of the East")

    assert order("sort=gap&order=falling")
    assert not order("sort=gap&order=rising")
    assert not order("sort=actual&order=falling")
    assert order("sort=nonsense")


def test_a_rep_sees_the_own_rows_and_totals_of_nothing_else(client_as, rep, report):
    browser = client_as(rep)
    page = browser.get(f"/reports/{report.id}", headers={"Accept-Language": "en"}).text
    book = load_workbook(BytesIO(browser.get(f"/reports/{report.id}.xlsx").data))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}

    assert "80.0%" in page  # 20 of 25
    for secret in ("The Colleague", "Hospital of H2", "COLLEAGUE"):
        assert secret not in page
        assert secret not in cells
    assert "Revise" not in page
    assert browser.get(f"/reports/{report.id}?rep=COLLEAGUE").status_code == 404


def test_a_report_of_another_region_is_not_found(client_as, other_rep, report):
    for address in (f"/reports/{report.id}", f"/reports/{report.id}.xlsx"):
        assert client_as(other_rep).get(address).status_code == 404


def test_revising_wants_a_reason_and_makes_the_next_revision(client_as, lead, report, session, fixed_clock):
    fixed_clock(MONDAY_MORNING)
    browser = client_as(lead)
    refused = browser.post(f"/reports/{report.id}/revise", data={"reason": ""})
    assert refused.status_code == 422

    answer = browser.post(f"/reports/{report.id}/revise", data={"reason": "late flow"}, follow_redirects=True)

    assert "late flow" in answer.text
    assert [one.revision for one in session.scalars(select(ReportSnapshot).order_by(ReportSnapshot.id))] == [1, 2]
    assert "late flow" in browser.get(f"/reports/{report.id}").text, "the first revision points to the newer one"


def test_the_workbook_is_in_the_language_of_the_reader_and_carries_the_hash(client_as, lead, report):
    answer = client_as(lead).get(f"/reports/{report.id}.xlsx", headers={"Accept-Language": "zh"})

    assert answer.headers["Content-Disposition"] == "attachment; filename=2026-W47-EAST-r1.xlsx"
    book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames[0] == "摘要"
    assert report.digest in {cell.value for row in book.worksheets[0].iter_rows() for cell in row}


def test_missing_flow_is_said_and_never_shown_as_zero_percent(client_as, lead, region, session, fixed_clock):
    fixed_clock(MONDAY_MORNING)
    factories.make_target(session, hospital=factories.make_hospital(session, region=region))
    browser = client_as(lead)
    page = browser.post(
        "/reports/freeze", data={"period": "2026-W47"}, headers={"Accept-Language": "en"}, follow_redirects=True
    ).text

    assert "no flow yet" in page
    assert "0.0%" not in page


def test_a_product_without_a_price_is_named(client_as, lead, region, session, fixed_clock):
    fixed_clock(MONDAY_MORNING)
    product = factories.make_product(session, name="Unpriced")
    factories.make_flow(session, hospital=factories.make_hospital(session, region=region), product=product)
    page = client_as(lead).post(
        "/reports/freeze", data={"period": "2026-W47"}, headers={"Accept-Language": "en"}, follow_redirects=True
    )

    assert "no price: Unpriced" in page.text
