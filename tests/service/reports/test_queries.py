"""Reports are read within scope: a lead's own region, a rep's own rows, an administrator nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from repcrm.core.errors import NotFound
from repcrm.core.periods import Period
from repcrm.organisation.models import User
from repcrm.reports import queries
from repcrm.reports.models import ReportKind
from tests import factories
from tests.factories import scope_of
from tests.service.reports.conftest import Company

NOVEMBER = date(2026, 11, 1)


def test_a_lead_reads_the_reports_of_the_own_region(session: Session, company: Company, lead: User) -> None:
    snapshot = company.freeze("2026-W47")
    factories.make_snapshot(session)

    assert [one.id for one in queries.list_snapshots(session, scope_of(lead))] == [snapshot.id]
    assert queries.get_snapshot(session, scope_of(lead), snapshot.id) is snapshot
    assert queries.latest_snapshot(session, scope_of(lead), ReportKind.WEEK) is snapshot
    assert queries.find_charts(session, scope_of(lead), snapshot, "zh").keys() == {"attainment", "packs"}


@pytest.mark.parametrize("who", ["other_rep", "admin"])
def test_out_of_scope_a_report_is_not_found(
    session: Session, company: Company, who: str, request: pytest.FixtureRequest
) -> None:
    scope = scope_of(request.getfixturevalue(who))
    snapshot = company.freeze("2026-W47")

    assert queries.list_snapshots(session, scope) == []
    assert queries.find_snapshot(session, scope, Period.parse("2026-W47")) is None
    assert queries.latest_snapshot(session, scope, ReportKind.WEEK) is None
    assert list(queries.list_revisions(session, scope, snapshot)) == []
    with pytest.raises(NotFound):
        queries.get_snapshot(session, scope, snapshot.id)


def test_a_rep_reads_the_own_rows_only(session: Session, company: Company) -> None:
    colleague = factories.make_rep(session, region=company.region, code="COLLEAGUE", name="The Colleague")
    place = factories.make_hospital(session, region=company.region, code="H2", name="Somebody else's")
    factories.make_assignment(session, hospital=place, product=company.product, rep=colleague)
    company.target(NOVEMBER, 105)
    company.target(NOVEMBER, 210, hospital=place)
    company.flow(date(2026, 11, 16), 20)
    company.flow(date(2026, 11, 16), 30, hospital=place)
    snapshot = company.freeze("2026-W47")

    own = queries.read_body(session, scope_of(company.rep), snapshot)

    assert (own.total.floor, own.total.actual) == (25, 20)
    assert own.series()["actual"][-1] == 20
    assert "Colleague" not in str(own.raw)
    assert "Somebody" not in str(own.raw)
    assert queries.find_charts(session, scope_of(company.rep), snapshot, "zh") == {}, "they show the whole region"


def test_the_newest_revision_is_listed_and_all_are_kept(session: Session, company: Company, lead: User) -> None:
    first = company.freeze("2026-W47")
    second = company.revise("2026-W47")

    assert [(one.id, one.revision) for one in queries.list_snapshots(session, scope_of(lead))] == [(second.id, 2)]
    assert list(queries.list_revisions(session, scope_of(lead), first)) == [second, first]
    assert queries.find_snapshot(session, scope_of(lead), Period.parse("2026-W47")) is second
    assert queries.find_snapshot(session, scope_of(lead), Period.parse("2026-W47"), revision=1) is first


def test_what_is_over_and_not_frozen_is_due(
    session: Session, company: Company, lead: User, save: Callable[..., Any]
) -> None:
    save(factories.make_snapshot(session, region=company.region, period="2026-W47"))

    due = [str(period) for period in queries.list_due(session, scope_of(lead), date(2026, 11, 23), count=2)]

    assert due == ["2026-W46", "2026-10", "2026-09", "2026-Q3", "2026-Q2"]
