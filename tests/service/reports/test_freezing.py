"""Freezing a report once, and again when late data came in."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from repcrm.core.errors import BadInput, NotFound, RuleBroken
from repcrm.core.periods import Period
from repcrm.reports import service
from repcrm.reports.body import Body, canonical, digest
from repcrm.reports.models import ReportSnapshot, SnapshotChart
from tests import factories
from tests.service.reports.conftest import LATER, NOW, Company

NOVEMBER = date(2026, 11, 1)
W47 = Period.parse("2026-W47")


def test_freezing_twice_leaves_one_snapshot(session: Session, company: Company) -> None:
    first = company.freeze("2026-W47")
    company.flow(date(2026, 11, 16), 9)

    assert company.freeze("2026-W47").id == first.id
    assert session.scalar(select(func.count()).select_from(ReportSnapshot)) == 1


def test_a_period_is_not_frozen_before_it_is_over(session: Session, company: Company) -> None:
    with pytest.raises(RuleBroken, match="has not ended yet: its report can be frozen from 2026-11-23 on"):
        service.freeze(session, W47, company.region, now=NOW, today=date(2026, 11, 22))
    assert service.freeze(session, W47, company.region, now=NOW, today=date(2026, 11, 23)).revision == 1


def test_there_is_no_report_of_a_year(company: Company) -> None:
    with pytest.raises(BadInput, match="weeks, months and quarters"):
        company.freeze("2026")


def test_late_flow_makes_a_second_revision_and_leaves_the_first_as_it_was(session: Session, company: Company) -> None:
    # 105 packs in November are 25 in W47. First 20 sold: gap 5. Then 8 more come in late and 3 turn out to be of
    # another hospital: 25 sold: gap 0. The bridge: 5 - 8 at one product, + 3 at the other = 0.
    other = factories.make_product(session, code="P2")
    factories.make_price(session, product=other)
    company.target(NOVEMBER, 105)
    company.flow(date(2026, 11, 16), 17)
    company.flow(date(2026, 11, 16), 3, product=other)
    first = company.freeze("2026-W47")
    before = (canonical(first.body), first.digest, first.frozen_at)
    session.commit()

    company.flow(date(2026, 11, 18), 8)
    company.flow(date(2026, 11, 18), -3, product=other)
    second = company.revise("2026-W47", reason="late flow of one distributor")
    session.commit()
    session.expire_all()

    assert (second.revision, second.reason) == (2, "late flow of one distributor")
    again = session.get_one(ReportSnapshot, first.id)
    assert (canonical(again.body), again.digest, again.frozen_at) == before
    assert again.digest == digest(again.body)
    body = Body(second.body)
    assert (Body(again.body).total.gap, body.total.gap) == (5, 0)
    bridge = second.body["revision"]
    assert {step["code"]: (step["packs"], step["fen"]) for step in bridge["steps"]} == {
        "flow_added": (-8, -40_000),
        "flow_removed": (3, 15_000),
    }
    assert bridge["gap_before"][0] + sum(step["packs"] for step in bridge["steps"]) == bridge["gap_after"][0]
    assert bridge["gap_before"][1] + sum(step["fen"] for step in bridge["steps"]) == bridge["gap_after"][1]
    assert service.newest(session, W47, company.region.id) == second


def test_a_territory_moved_afterwards_changes_reps_but_not_the_region(session: Session, company: Company) -> None:
    # 25 packs asked, 10 sold: gap 15 of the first rep. Then it turns out a colleague had the hospital all along.
    place = factories.make_hospital(session, region=company.region, code="H2")
    assignment = factories.make_assignment(session, hospital=place, product=company.product, rep=company.rep)
    company.target(NOVEMBER, 105, hospital=place)
    company.flow(date(2026, 11, 16), 10, hospital=place)
    company.freeze("2026-W47")
    colleague = factories.make_rep(session, region=company.region, code="ZZ")
    assignment.rep_id = colleague.id
    session.flush()

    revision = company.revise("2026-W47").body["revision"]

    assert revision["steps"] == [{"code": "territory", "packs": 0, "fen": 0, "count": 1, "moved": 15}]
    assert sorted(revision["reps"]) == sorted([[company.rep.code, 0, -15], ["ZZ", 0, 15]])


def test_a_changed_split_moves_packs_between_doctors_only(session: Session, company: Company) -> None:
    target = company.target(NOVEMBER, 105)
    first, second = company.doctor("A"), company.doctor("B")
    company.split(target, {first: 105, second: 0})
    company.flow(date(2026, 11, 16), 10)
    company.freeze("2026-W47")
    factories.make_rating(
        session, doctor=first, product=company.product, rating=1, rated_on=date(2026, 11, 22), set_by=company.rep
    )
    from repcrm.targets.models import QuotaShare

    for share in session.scalars(select(QuotaShare)):
        share.packs = 105 if share.doctor_id == second.id else 0
    session.flush()

    revision = company.revise("2026-W47").body["revision"]

    # The doctors' gap of 25 - 10 = 15 went over from the first to the second.
    assert revision["steps"] == [{"code": "split", "packs": 0, "fen": 0, "count": 1, "moved": 15}]


def test_a_changed_target_is_a_step_of_the_bridge(session: Session, company: Company) -> None:
    target = company.target(NOVEMBER, 105)
    company.freeze("2026-W47")
    target.floor_packs = 84  # 4 a day: 20 in W47
    session.flush()

    revision = company.revise("2026-W47").body["revision"]

    assert revision["steps"] == [{"code": "target", "packs": -5, "fen": -25_000, "count": 1, "moved": 0}]


def test_revising_wants_a_reason_and_something_to_revise(company: Company) -> None:
    with pytest.raises(NotFound):
        company.revise("2026-W47")
    company.freeze("2026-W47")
    with pytest.raises(RuleBroken) as caught:
        company.revise("2026-W47", reason="  ")
    assert caught.value.field == "reason"


def test_the_database_refuses_to_change_a_snapshot(session: Session, company: Company) -> None:
    snapshot = company.freeze("2026-W47")
    session.commit()
    snapshot.reason = "nobody will notice"
    with pytest.raises(DBAPIError, match="append-only"):
        session.flush()
    session.rollback()


def test_charts_are_drawn_in_both_languages_without_script_or_style(session: Session, company: Company) -> None:
    company.target(NOVEMBER, 105)
    company.flow(date(2026, 11, 16), 20)
    snapshot = company.freeze("2026-W47")

    charts = list(session.scalars(select(SnapshotChart).where(SnapshotChart.snapshot_id == snapshot.id)))

    assert {(chart.name, chart.language) for chart in charts} == {
        (name, language) for name in ("attainment", "packs") for language in ("zh", "en")
    }
    for chart in charts:
        for refused in ("style=", "<style", "<script", "data:", "href", "<image", "onload"):
            assert refused not in chart.svg, (chart.name, refused)
        assert "#0a000" not in chart.svg, "a placeholder colour was left"
    assert "今年" in next(chart.svg for chart in charts if chart.language == "zh")
    assert "this year" in next(chart.svg for chart in charts if chart.language == "en")


def test_the_body_is_plain_json_and_small(company: Company) -> None:
    company.target(NOVEMBER, 105)
    body = company.freeze("2026-W47").body

    assert json.loads(canonical(body)) == body
    assert not [value for row in body["rows"] for value in row if isinstance(value, float)]


def test_data_as_of_is_when_the_newest_data_came_in(session: Session, company: Company) -> None:
    company.batch.applied_at = NOW - timedelta(hours=5)
    call = factories.make_call(session, rep=company.rep, hospital=company.hospital, logged_at=NOW - timedelta(hours=3))
    factories.make_batch(session, applied_at=NOW + timedelta(days=1))

    snapshot = company.freeze("2026-W47")

    assert snapshot.data_as_of_at == call.logged_at
    assert snapshot.data_as_of_at <= snapshot.frozen_at


def test_the_number_of_statements_does_not_grow_with_the_data(
    session: Session, company: Company, query_counter: object
) -> None:
    def statements(period: str) -> int:
        session.commit()
        with query_counter() as queries:  # type: ignore[operator]
            company.freeze(period)
        return len(queries)

    company.target(NOVEMBER, 105)
    few = statements("2026-W46")
    for number in range(12):
        place = factories.make_hospital(session, region=company.region)
        target = company.target(NOVEMBER, 50 + number, hospital=place)
        company.split(target, {factories.make_doctor(session, hospital=place): 10 for _ in range(3)})
        company.flow(date(2026, 11, 17), number, hospital=place)
        factories.make_assignment(session, hospital=place, product=company.product, rep=company.rep)

    assert statements("2026-W47") <= few
    assert LATER
