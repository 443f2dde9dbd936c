"""The page of the clock's jobs."""

from datetime import date

from sqlalchemy import select, text

from repcrm.reports.models import ReportSnapshot
from repcrm.scheduler.models import JobRun, RunStatus
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


def test_a_job_that_is_due_is_run_by_hand_once(client_as, save, admin, session, fixed_clock, do_long_work):
    fixed_clock("2026-11-23T07:00+08:00")
    east = save(factories.make_region(session, code="EAST", name="East"))
    hospital = factories.make_hospital(session, region=east)
    save(factories.make_target(session, hospital=hospital))
    browser, english = client_as(admin), {"Accept-Language": "en"}
    wanted = {"job": "review_week", "period": "2026-W47", "region_id": east.id}
    assert "Run now" in browser.get("/admin/jobs", headers=english).text
    watched = browser.post("/admin/jobs/run", data=wanted)
    assert "Running a scheduled job" in browser.get(watched.location, headers=english).text
    do_long_work()
    assert browser.get(watched.location).location == "/admin/jobs"
    assert session.scalars(select(ReportSnapshot.period)).all() == ["2026-W47"]
    assert session.scalars(select(JobRun.status)).all() == [RunStatus.DONE]
    again = browser.post("/admin/jobs/run", data=wanted, headers=english)
    assert (again.status_code, "It may have been done meanwhile" in again.text) == (422, True)


def test_a_job_that_fails_says_why(client_as, save, admin, session, fixed_clock, do_long_work):
    fixed_clock("2026-11-23T07:00+08:00")
    east = save(factories.make_region(session, code="EAST", name="East"))
    save(factories.make_target(session, hospital=factories.make_hospital(session, region=east)))
    session.execute(
        text("CREATE TRIGGER full BEFORE INSERT ON report_snapshot BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    )
    session.commit()
    browser = client_as(admin)
    watched = browser.post("/admin/jobs/run", data={"job": "review_week", "period": "2026-W47", "region_id": east.id})
    do_long_work()
    page = browser.get(watched.location, headers={"Accept-Language": "en"}).text
    assert "The job failed:" in page
    assert "the disk is full" in page


def test_what_is_not_a_job_cannot_be_run(client_as, admin):
    for wanted in ({}, {"job": "x", "period": "2026-W47", "region_id": "1"}, {"region_id": "nonsense"}):
        assert client_as(admin).post("/admin/jobs/run", data=wanted).status_code == 422
