"""The pages of the gap reports: who sees what, drilling down, freezing by hand, the workbook."""

import re
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
from tests.unit.reports.bodies import body

ENGLISH = {"Accept-Language": "en"}
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


def test_the_list_says_what_to_do_while_there_is_no_report(client_as, lead, rep, session, region, save, fixed_clock):
    fixed_clock(MONDAY_MORNING)
    assert (
        "No report is frozen yet" in client_as(rep).get("/reports?kind=quarter", headers={"Accept-Language": "en"}).text
    )
    english = {"Accept-Language": "en"}
    assert "Freeze 2026-W47 now" not in client_as(lead).get("/reports", headers=english).text, "there is no data yet"
    save(factories.make_target(session, hospital=factories.make_hospital(session, region=region)))
    page = client_as(lead).get("/reports", headers=english).text
    assert "Freeze 2026-W47 now" in page
    assert "Freeze 2026-W48 now" not in page, "it still runs"


def test_a_lead_freezes_a_week_by_hand(client_as, lead, session, region, fixed_clock, do_long_work):
    fixed_clock(MONDAY_MORNING)
    factories.make_target(session, hospital=factories.make_hospital(session, region=region))
    browser = client_as(lead)
    watching = browser.post("/reports/freeze?kind=week", data={"period": "2026-W47"})
    assert browser.get(watching.location, headers={"Accept-Language": "en"}).status_code == 200
    assert session.scalars(select(ReportSnapshot)).all() == [], "nobody has done it yet"

    do_long_work()

    snapshot = session.scalars(select(ReportSnapshot)).one()
    assert browser.get(watching.location).location.endswith(f"/reports/{snapshot.id}")
    assert (snapshot.period, snapshot.frozen_by_id) == ("2026-W47", lead.id)
    again = browser.post("/reports/freeze", data={"period": "2026-W47"})
    assert again.location.endswith(f"/reports/{snapshot.id}"), "a report that is frozen is shown, not frozen again"


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


def test_revising_wants_a_reason_and_makes_the_next_revision(
    client_as, lead, report, session, fixed_clock, do_long_work
):
    fixed_clock(MONDAY_MORNING)
    browser = client_as(lead)
    refused = browser.post(f"/reports/{report.id}/revise", data={"reason": ""})
    assert refused.status_code == 422

    watching = browser.post(f"/reports/{report.id}/revise", data={"reason": "late flow"})
    do_long_work()
    assert "late flow" in browser.get(watching.location, follow_redirects=True).text
    assert [one.revision for one in session.scalars(select(ReportSnapshot).order_by(ReportSnapshot.id))] == [1, 2]
    assert "late flow" in browser.get(f"/reports/{report.id}").text, "the first revision points to the newer one"


def test_the_workbook_is_in_the_language_of_the_reader_and_carries_the_hash(client_as, lead, report):
    answer = client_as(lead).get(f"/reports/{report.id}.xlsx", headers={"Accept-Language": "zh"})

    assert answer.headers["Content-Disposition"] == "attachment; filename=2026-W47-EAST-r1.xlsx"
    book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames[0] == "摘要"
    assert report.digest in {cell.value for row in book.worksheets[0].iter_rows() for cell in row}


def test_missing_flow_is_said_and_never_shown_as_zero_percent(
    client_as, lead, region, session, fixed_clock, do_long_work
):
    fixed_clock(MONDAY_MORNING)
    factories.make_target(session, hospital=factories.make_hospital(session, region=region))
    session.commit()
    page = frozen_page(client_as(lead), do_long_work)

    assert "no flow yet" in page
    assert "0.0%" not in page


def frozen_page(browser, do_long_work) -> str:
    """Have the week frozen by hand; returns the page that its work leads to, in English."""
    watching = browser.post("/reports/freeze", data={"period": "2026-W47"})
    do_long_work()
    return browser.get(watching.location, headers={"Accept-Language": "en"}, follow_redirects=True).text


def test_a_product_without_a_price_is_named(client_as, lead, region, session, fixed_clock, do_long_work):
    fixed_clock(MONDAY_MORNING)
    product = factories.make_product(session, name="Unpriced")
    factories.make_flow(session, hospital=factories.make_hospital(session, region=region), product=product)
    session.commit()

    assert "no price: Unpriced" in frozen_page(client_as(lead), do_long_work)


def section(page: str) -> str:
    """The words of the table's card, without tags."""
    card = page.split('id="table"')[1].split("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card))


@pytest.fixture
def covered(session: Session, region: Region, save: Callable[..., Any]) -> ReportSnapshot:
    """The report of `bodies`: a hospital each for two reps, with calls and development that differ."""
    return save(factories.make_snapshot(session, region=region, body=dict(body().raw)))


def test_calls_and_coverage_stand_in_each_row(client_as, lead, covered):
    page = client_as(lead).get(f"/reports/{covered.id}?view=coverage", headers=ENGLISH).text
    words = section(page)

    # First rep: 4 planned, 3 done, 2 effective (2/3); met 0 key, 1 general; developed 1 of 4 departments, 1 of 2 key
    # and 0 of 3 general doctors. Second: 2, 2, 1 (1/2); 1, 0; 2 of 2, 1 of 1, 1 of 1. The whole adds them up.
    for row in (
        "First Rep 4 3 2 67% 0 1 1 of 4 · 25% 1 of 2 · 50% 0 of 3 · 0%",
        "Second Rep 2 2 1 50% 1 0 2 of 2 · 100% 1 of 1 · 100% 1 of 1 · 100%",
        "Total 6 5 3 60% 1 1 3 of 6 · 50% 2 of 3 · 67% 1 of 4 · 25%",
    ):
        assert row in words
    assert words.index("First Rep") < words.index("Second Rep"), "most calls done first"
    assert "Gap ¥" not in words


def test_the_view_is_kept_on_the_way_down_and_in_every_order(client_as, lead, covered):
    browser = client_as(lead)
    page = browser.get(f"/reports/{covered.id}?view=coverage", headers=ENGLISH).text
    card = page.split('id="table"')[1].split("</section>")[0]
    links = re.findall(r'href="(/reports/[^"]+)"', card)

    assert f"/reports/{covered.id}#table" in links, "the way back to packs"
    assert len(links) == 14  # two views, two reps, ten orders
    assert all("view=coverage" in link for link in links if link != f"/reports/{covered.id}#table")
    for query, row in (
        ("rep=U2", "Second Hospital 2 2 1 50% 1 0 2 of 2 · 100%"),
        ("rep=U2&hospital=H2", "+Alpha 2 2 1 50% 1 0 1 of 2 · 50% 1 of 1 · 100% 0 of 1 · 0%"),
        ("rep=U2&hospital=H2&product=P1", "2 2 1 50% developed"),
        ("rep=U2&hospital=H2&product=P1", "not split yet 0 0 0 no calls counted –"),
        ("rep=U2&hospital=H2&product=P1", "Total 2 2 1 50% 1 of 2 · 50%"),
    ):
        assert row in section(browser.get(f"/reports/{covered.id}?{query}&view=coverage", headers=ENGLISH).text)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sort=rate&order=rising", "Second Rep"),
        ("sort=rate&order=falling", "First Rep"),
        ("sort=departments", "Second Rep"),
        ("sort=planned", "First Rep"),
        ("sort=met_key", "Second Rep"),
        ("sort=gap", "First Rep"),
        ("sort=nonsense", "First Rep"),
    ],
)
def test_calls_and_coverage_sort_by_their_own_columns(client_as, lead, covered, query, first):
    words = section(client_as(lead).get(f"/reports/{covered.id}?view=coverage&{query}", headers=ENGLISH).text)
    names = ("First Rep", "Second Rep")
    assert min(names, key=words.index) == first


def test_nothing_in_scope_is_said_in_words_and_never_as_zero_percent(client_as, lead, region, session, save):
    raw = dict(body().raw)
    raw["development"] = {"columns": [], "hospitals": [[0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]], "places": []}
    raw["rows"] = [row[:4] + [0] * len(row[4:]) for row in raw["rows"]]
    raw["rows"][2][raw["columns"].index("planned")] = 4
    empty = save(factories.make_snapshot(session, region=region, body=raw))
    browser = client_as(lead)

    reps = section(browser.get(f"/reports/{empty.id}?view=coverage", headers=ENGLISH).text)
    products = section(browser.get(f"/reports/{empty.id}?view=coverage&rep=U1&hospital=H1", headers=ENGLISH).text)

    assert "First Rep 4 0 0 none done 0 0 none in scope none in scope none in scope" in reps
    assert "Second Rep 0 0 0 no calls counted" in reps
    assert "+Alpha 0 0 0 no calls counted 0 0 not counted here" in products
    assert "0%" not in reps + products


def test_a_rep_sees_calls_and_coverage_of_the_own_hospitals_alone(client_as, rep, region, session, save):
    raw = dict(body().raw)
    raw["reps"] = [[rep.id, rep.code, rep.name], raw["reps"][1]]
    own = save(factories.make_snapshot(session, region=region, body=raw))
    words = section(client_as(rep).get(f"/reports/{own.id}?view=coverage", headers=ENGLISH).text)

    assert "First Hospital 4 3 2 67% 0 1 1 of 4 · 25%" in words
    assert "Total 4 3 2 67% 0 1 1 of 4 · 25%" in words
    assert "Second" not in words


def test_the_figures_behind_the_trend_are_folded_until_there_is_room(client_as, rep, lead, report):
    for user in (rep, lead):
        page = client_as(user).get(f"/reports/{report.id}").text
        assert '<details class="report-series"' in page
        assert not [one for one in re.findall(r"<details[^>]* open", page) if "report-series" in one]
    assert 'class="report-chart__frame" tabindex="0"' in client_as(lead).get(f"/reports/{report.id}").text
