"""The page of the clock's jobs."""

from datetime import date

from repcrm.scheduler.models import RunStatus
from tests import factories


def test_what_is_due_and_what_ran_is_shown(client_as, save, admin, session, fixed_clock):
    fixed_clock("2026-11-23T07:00+08:00")
    east = save(factories.make_region(session, code="EAST", name="East"))
    hospital = factories.make_hospital(session, region=east)
    save(factories.make_target(session, hospital=hospital, month_on=date(2026, 1, 1)))
    save(factories.make_job_run(session, region=east, job="review_week", period="2026-W46"))
    failed = {"status": RunStatus.FAILED, "error": "RuntimeError: the paper jammed"}
    save(factories.make_job_run(session, region=east, job="freeze_month", period="2026-10", **failed))
    page = client_as(admin).get("/admin/jobs", headers={"Accept-Language": "en"}).text
    due, runs = page.split("Latest runs", 1)
    assert ("Week 47, 2026" in due, "Week 46, 2026" in due) == (True, False)
    assert "Week 46, 2026" in runs
    assert "the paper jammed" in runs


def test_a_region_without_data_says_why_nothing_is_due(client_as, save, admin, session, fixed_clock):
    fixed_clock("2026-11-23T07:00+08:00")
    browser = client_as(admin)
    english = {"Accept-Language": "en"}
    assert "there is no region yet" in browser.get("/admin/jobs", headers=english).text
    save(factories.make_region(session, code="EAST", name="East"))
    page = browser.get("/admin/jobs", headers=english).text
    assert "Nothing is due." in page
    assert page.count("East") == 3  # the last week, month and quarter
    assert "no calls, targets or distributor sales" in page
    assert "还没有数据" in browser.get("/admin/jobs", headers={"Accept-Language": "zh"}).text


def test_a_rep_has_no_business_with_the_clock(client_as, rep):
    assert client_as(rep).get("/admin/jobs").status_code == 403
