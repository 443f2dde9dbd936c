"""Late sales and frozen reports: which are touched, why they may change, and how they are revised in one step."""

from datetime import date
from typing import Any

import pytest

from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period
from repcrm.imports.closed import check_reason, draft_touched, revise_touched, touched_reports
from repcrm.organisation.shipped import load_shipped
from repcrm.reports import service as reports
from repcrm.reports.body import Body
from repcrm.reports.models import ReportKind
from repcrm.sales.comparing import Changed, changed_days
from repcrm.sales.lines import Delivery
from repcrm.sales.models import FlowMode
from repcrm.sales.service import take_flow
from tests.factories import (
    NOW,
    make_distributor,
    make_hospital,
    make_price,
    make_product,
    make_region,
    make_snapshot,
    make_target,
)

LATER = date(2027, 2, 1)
DAY = date(2026, 11, 18)


@pytest.fixture
def place(session, region):
    """A hospital and product with a target of 105 packs in November, at 50 yuan."""
    load_shipped(session, now=NOW)
    hospital, product = make_hospital(session, region=region), make_product(session)
    make_price(session, product=product)
    make_target(
        session, hospital=hospital, product=product, month_on=date(2026, 11, 1), floor_packs=105, stretch_packs=120
    )
    return hospital.id, product.id


def freeze(session, region, period: str, **values):
    """A frozen report without figures."""
    parsed = Period.parse(period)
    return make_snapshot(
        session, region=region, kind=ReportKind(parsed.kind.value), period=period, from_on=parsed.from_on,
        until_on=parsed.until_on, **values,
    )  # fmt: skip


def test_the_reports_touched_are_the_newest_revisions_of_the_regions_periods_that_hold_a_day(session, region):
    for period in ("2026-W46", "2026-W48", "2026-10", "2026-Q3"):
        freeze(session, region, period)
    week, month = freeze(session, region, "2026-W47"), freeze(session, region, "2026-11")
    revised = freeze(session, region, "2026-11", revision=2, reason="late")
    freeze(session, make_region(session), "2026-11")
    assert touched_reports(session, {Changed(region.id, DAY)}) == [week, revised]
    assert month not in touched_reports(session, {Changed(region.id, DAY)})
    assert touched_reports(session, set()) == []
    # days before and after W47, but none in it
    beside = {Changed(region.id, date(2026, 11, 12)), Changed(region.id, date(2026, 11, 25))}
    assert [report.period for report in touched_reports(session, beside)] == ["2026-W46", "2026-W48", "2026-11"]


def test_a_closed_month_changes_only_with_a_reason_and_a_week_without(session, region):
    week, month = freeze(session, region, "2026-W47"), freeze(session, region, "2026-11")
    check_reason([week], "")
    with pytest.raises(RuleBroken, match=r"report is frozen \(2026-11 East\)"):
        check_reason([week, month], "  ")
    check_reason([week, month], "The distributor forgot a delivery")


def test_late_sales_revise_the_reports_they_touch_and_no_others(session, region, admin, place: tuple[int, int]):
    distributor = make_distributor(session, name="甲")
    when: dict[str, Any] = {"now": NOW, "today": LATER}
    october = [Delivery(*place, date(2026, 10, 8), 5)]
    take_flow(session, admin.id, make_distributor(session, name="乙"), Period.parse("2026-10"), october, NOW)
    take_flow(session, admin.id, distributor, Period.parse("2026-11"), [Delivery(*place, DAY, 60)], NOW)
    frozen = reports.freeze(session, Period.parse("2026-11"), region, **when)
    reports.freeze(session, Period.parse("2026-10"), region, **when)
    session.commit()
    late = [Delivery(*place, DAY, 15)]
    touched = touched_reports(session, changed_days(session, late))
    assert touched == [frozen]
    batch = take_flow(
        session,
        admin.id,
        distributor,
        Period.parse("2026-11"),
        late,
        NOW,
        mode=FlowMode.ADDS,
        reason="Late delivery note",
    )
    session.commit()

    redrafts = draft_touched(session, touched, **when)
    session.commit()
    (revision,) = revise_touched(session, batch, redrafts, **when, actor=admin)

    # 105 - 60 = 45 packs short, and with 15 more 30.
    assert (revision.revision, revision.reason) == (2, "Late delivery note")
    assert (Body(frozen.body).total.gap, Body(revision.body).total.gap) == (45, 30)
    assert [(step["code"], step["packs"]) for step in revision.body["revision"]["steps"]] == [("flow_added", -15)]
    # nothing has changed since: nothing is revised again
    assert draft_touched(session, touched_reports(session, changed_days(session, late)), **when) == []
