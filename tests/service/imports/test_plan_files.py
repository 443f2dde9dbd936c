"""Files of territories and targets: taken in through their services, and taken back."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from repcrm.core.errors import Conflict
from repcrm.db.journal import JournalEntry
from repcrm.imports import service
from repcrm.imports.opened import open_import
from repcrm.imports.remembering import values_of_row
from repcrm.imports.verdicts import Verdict
from repcrm.organisation.models import Territory, TerritoryAssignment
from repcrm.organisation.territories import holder_on
from repcrm.sales.models import ImportKind
from repcrm.targets.models import HospitalTarget, QuotaSplit, SplitStatus
from tests.factories import NOW, make_rep, make_split, make_target
from tests.service.imports.kept import questions_of, rows_of

TARGETS = "医院编码,产品编码,月份,保底,挑战"
TERRITORIES = "医院编码,产品编码,代表工号,开始日期"


def verdicts(batch):
    return [row.verdict for row in rows_of(batch)]


@pytest.fixture
def second(session, region, company):
    rep = make_rep(session, code="R2", name="周宁", region=region)
    session.commit()
    return rep


def test_targets_are_assigned(session, company, preview, apply):
    make_target(
        session,
        hospital=company["H1"],
        product=company["P1"],
        month_on=date(2026, 11, 1),
        floor_packs=10,
        stretch_packs=20,
    )
    session.commit()
    batch = preview("targets", TARGETS, "H1,P1,2026-11,1600,2200", "H1,P1,2026-12,1700,", "H2,P2,2026-11,9,8")
    assert verdicts(batch) == [Verdict.CHANGED, Verdict.NEW, Verdict.REFUSED]
    assert rows_of(batch)[0].changes == {"floor": [10, 1600], "stretch": [20, 2200]}
    batch = apply(preview("targets", TARGETS, "H1,P1,2026-11,1600,2200", "H1,P1,2026-12,1700,"))
    found = session.execute(
        select(HospitalTarget.floor_packs, HospitalTarget.stretch_packs).order_by(HospitalTarget.month_on)
    )
    assert [tuple(row) for row in found] == [(1600, 2200), (1700, 1700)]
    assert session.scalar(select(func.count()).where(JournalEntry.verb == "assign_targets")) == 2


def test_the_same_targets_twice_change_nothing(preview, take_in):
    lines = (TARGETS, "H1,P1,2026-11,1600,2200", "H1,P1,2026-12,1700,")
    take_in("targets", *lines)
    assert verdicts(preview("targets", *lines)) == [Verdict.UNCHANGED] * 2


def test_undoing_targets_approves_their_split_again(session, company, take_in, undo):
    target = make_target(
        session,
        hospital=company["H1"],
        product=company["P1"],
        month_on=date(2026, 11, 1),
        floor_packs=10,
        stretch_packs=20,
    )
    split = make_split(session, target=target, status=SplitStatus.APPROVED)
    session.commit()
    batch = take_in("targets", TARGETS, "H1,P1,2026-11,1600,2200", "H2,P1,2026-11,5,5")
    assert split.status is SplitStatus.DRAFT
    undo(batch)
    assert (target.floor_packs, target.stretch_packs, split.status) == (10, 20, SplitStatus.APPROVED)
    assert session.scalar(select(func.count()).select_from(HospitalTarget)) == 1


def test_undoing_targets_is_refused_where_the_lead_has_changed_one_since(session, company, take_in, undo):
    batch = take_in("targets", TARGETS, "H1,P1,2026-11,1600,2200")
    session.scalar(select(HospitalTarget)).floor_packs = 1500
    session.commit()
    with pytest.raises(Conflict, match="江岸第一医院 · 产品甲 · 2026-11-01 has been changed since"):
        undo(batch)


def test_a_quarter_is_asked_about_and_divided_by_working_days(session, company, preview, look_again, apply):
    """Without holidays on file January to March 2027 have 21, 20 and 23 working days of 64; of 330 packs that is
    108.28, 103.13 and 118.59: 108, 103 and 119. The 64 that the stretch adds are divided as 21, 20 and 23."""
    batch = preview("targets", "医院编码,产品编码,2027年Q1 保底,2027年Q1 挑战", "H1,P1,330,394")
    assert questions_of(batch) == ["quarters"]
    look_again(batch, quarters="divide")
    apply(batch)
    targets = session.scalars(select(HospitalTarget).order_by(HospitalTarget.month_on)).all()
    assert [(one.month_on.month, one.floor_packs, one.stretch_packs) for one in targets] == [
        (1, 108, 129), (2, 103, 123), (3, 119, 142),
    ]  # fmt: skip
    assert sum(one.floor_packs for one in targets) == 330
    assert sum(one.stretch_packs for one in targets) == 394


def test_a_territory_changes_hands_on_its_day(session, company, second, preview, apply):
    batch = preview("territories", TERRITORIES, "H1,P1,R2,2026-11-16", "H1,P2,R1,2026-11-16", "H2,P1,R7,2026-11-16")
    assert verdicts(batch) == [Verdict.CHANGED, Verdict.UNCHANGED, Verdict.OPEN]
    assert rows_of(batch)[0].changes == {"rep_code": ["R1", "R2"]}
    apply(preview("territories", TERRITORIES, "H1,P1,R2,2026-11-16"))
    place = company["H1"].id, company["P1"].id
    assert holder_on(session, *place, date(2026, 11, 16)) == second.id
    assert holder_on(session, *place, date(2026, 11, 15)) != second.id


def test_a_file_may_tell_a_history_and_open_a_territory(session, company, second, preview, take_in, undo):
    def table():
        return [
            values_of_row(row) for row in session.scalars(select(TerritoryAssignment).order_by(TerritoryAssignment.id))
        ]

    before, place = table(), (company["H1"].id, company["P1"].id)
    lines = (TERRITORIES + ",辖区编码,辖区名称", "H1,P1,R1,2026-12-01,T1,", "H1,P1,R2,2026-11-16,T9,江岸北区")
    batch = take_in("territories", *lines)
    rows = session.scalars(
        select(TerritoryAssignment)
        .where(TerritoryAssignment.hospital_id == place[0], TerritoryAssignment.product_id == place[1])
        .order_by(TerritoryAssignment.from_on)
    ).all()
    assert [(row.rep.code, row.territory.code, row.until_on) for row in rows] == [
        ("R1", "T1", date(2026, 11, 16)),
        ("R2", "T9", date(2026, 12, 1)),
        ("R1", "T1", None),
    ]
    assert verdicts(preview("territories", *lines)) == [Verdict.UNCHANGED] * 2
    undo(batch)
    assert table() == before
    assert session.scalar(select(Territory).where(Territory.code == "T9")) is None


def test_a_rep_of_another_region_is_refused(session, company, other_rep, preview):
    other_rep.code = "W1"
    session.commit()
    assert verdicts(preview("territories", TERRITORIES, "H1,P1,W1,2026-11-16")) == [Verdict.REFUSED]


LINES = st.lists(
    st.tuples(
        st.sampled_from(["H1", "H2"]), st.sampled_from(["P1", "P2"]), st.sampled_from(["2026-11", "2026-12"]),
        st.integers(0, 50), st.integers(0, 50),
    ),
    unique_by=lambda line: line[:3], min_size=1,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=LINES, file=LINES)
def test_applying_and_undoing_targets_is_as_if_nothing_had_happened(session, scope, company, before, file):
    def table():
        rows = session.scalars(
            select(HospitalTarget).order_by(HospitalTarget.id).execution_options(populate_existing=True)
        )
        return [values_of_row(row) for row in rows]

    def take(lines):
        text = "\n".join([TARGETS, *(f"{h},{p},{m},{floor},{floor + more}" for h, p, m, floor, more in lines)])
        file = open_import(text.encode(), "t.csv", ImportKind.TARGETS)
        batch = service.save(session, scope, service.draft(session, scope, file, {}, now=NOW), now=NOW)
        return service.apply(session, scope, batch, now=NOW)

    try:
        take(before)
        there = table()
        batch = take(file)
        if batch.applied_at is not None:
            service.revert(session, scope, batch, now=NOW)
        assert table() == there
        assert session.scalar(select(func.count()).select_from(QuotaSplit)) == 0
    finally:
        session.rollback()


@pytest.mark.parametrize("lines", [("医院编码,产品编码,月份,单位,指标", "H1,P1,2027-01,件,2"),
                                   ("医院编码,产品编码,月份,指标（支）", "H1,P1,2027-01,2")])  # fmt: skip
def test_a_target_in_another_unit_than_the_products_own_is_refused(preview, lines):
    [row] = rows_of(preview("targets", *lines))
    assert [problem.message for problem in row.problems] == [
        "The target is in %(unit)s, but packs of %(product)s are needed."
    ]
