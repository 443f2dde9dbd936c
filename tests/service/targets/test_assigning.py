"""Assigning targets to hospitals, and what is asked of a region."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.organisation.access import Role
from repcrm.targets.grid import CellKey, Range, StaleCells
from repcrm.targets.models import HospitalTarget, PeriodTarget, SplitStatus
from repcrm.targets.service import CellEdit, ask_of_region, assign_targets
from tests.factories import (
    MONTH,
    NOW,
    make_hospital,
    make_lead,
    make_period_target,
    make_product,
    make_split,
    make_target,
    scope_of,
)

DECEMBER = date(2026, 12, 1)


@pytest.fixture
def hospital(session, region, save):
    return save(make_hospital(session, region=region, name="First Hospital"))


@pytest.fixture
def product(session, save):
    return save(make_product(session))


def journal(session, subject="hospital_target"):
    entries = session.scalars(select(JournalEntry).where(JournalEntry.subject == subject).order_by(JournalEntry.id))
    return [(entry.verb, entry.before, entry.after, entry.reason) for entry in entries]


def test_a_block_of_cells_becomes_targets(session, lead, hospital, product):
    edits = [
        CellEdit(hospital.id, product.id, MONTH, 100, 120, version=0),
        CellEdit(hospital.id, product.id, DECEMBER, 110, 130, version=0),
    ]
    assigned = assign_targets(session, scope_of(lead), edits, now=NOW)
    assert [(t.month_on, t.floor_packs, t.stretch_packs, t.version) for t in assigned.targets] == [
        (MONTH, 100, 120, 1), (DECEMBER, 110, 130, 1),
    ]  # fmt: skip
    assert journal(session)[0] == (
        "assign_targets", None, {"floor_packs": 100, "stretch_packs": 120, "is_locked": False}, "",
    )  # fmt: skip


def test_planning_anew_keeps_the_former_value_in_the_journal(session, lead, hospital, product, save):
    save(make_target(session, hospital=hospital, product=product))
    edit = CellEdit(hospital.id, product.id, MONTH, 90, 120, version=1)
    assign_targets(session, scope_of(lead), [edit], now=NOW, reason="third quarter fell short")
    ((_, before, after, reason),) = journal(session)
    assert (before["floor_packs"], after["floor_packs"], reason) == (100, 90, "third quarter fell short")


def test_what_does_not_change_is_left_alone(session, lead, hospital, product, save):
    target = save(make_target(session, hospital=hospital, product=product))
    edit = CellEdit(hospital.id, product.id, MONTH, 100, 120, version=1)
    assert assign_targets(session, scope_of(lead), [edit], now=NOW).targets == []
    assert (target.version, journal(session)) == (1, [])


def test_locking_a_cell_is_a_change_that_leaves_the_split_alone(session, lead, hospital, product, save):
    target = make_target(session, hospital=hospital, product=product)
    split = save(make_split(session, target=target, status=SplitStatus.APPROVED))
    edit = CellEdit(hospital.id, product.id, MONTH, 100, 120, version=1, is_locked=True)
    assigned = assign_targets(session, scope_of(lead), [edit], now=NOW)
    assert (target.is_locked, target.version, assigned.reopened) == (True, 2, [])
    assert split.status is SplitStatus.APPROVED


@pytest.mark.parametrize("status", [SplitStatus.PROPOSED, SplitStatus.APPROVED])
def test_a_changed_floor_makes_the_split_a_draft_again(session, lead, hospital, product, save, status):
    target = make_target(session, hospital=hospital, product=product)
    split = save(make_split(session, target=target, status=status, approved_by_id=lead.id, approved_at=NOW))
    edit = CellEdit(hospital.id, product.id, MONTH, 110, 120, version=1)
    assert assign_targets(session, scope_of(lead), [edit], now=NOW).reopened == [split]
    assert (split.status, split.version, split.approved_by_id, split.approved_at) == (SplitStatus.DRAFT, 2, None, None)
    ((verb, before, after, _),) = journal(session, "quota_split")
    assert (verb, before, after) == ("target_changed", {"status": status.value}, {"status": "draft"})


def test_a_changed_stretch_leaves_the_split_as_it_is(session, lead, hospital, product, save):
    target = make_target(session, hospital=hospital, product=product)
    split = save(make_split(session, target=target, status=SplitStatus.APPROVED))
    edit = CellEdit(hospital.id, product.id, MONTH, 100, 140, version=1)
    assert assign_targets(session, scope_of(lead), [edit], now=NOW).reopened == []
    assert split.status is SplitStatus.APPROVED


def test_a_stale_cell_is_a_conflict_that_names_who_and_which(session, lead, hospital, product, region, save):
    colleague = save(make_lead(session, region=region, name="Second Lead"))
    first = CellEdit(hospital.id, product.id, MONTH, 100, 120, version=0)
    assign_targets(session, scope_of(colleague), [first], now=NOW)
    session.commit()
    edits = [
        CellEdit(hospital.id, product.id, DECEMBER, 70, 70, version=0),
        CellEdit(hospital.id, product.id, MONTH, 80, 90, version=0),
    ]
    with pytest.raises(StaleCells) as refused:
        assign_targets(session, scope_of(lead), edits, now=NOW)
    (cell,) = refused.value.cells
    assert (cell.key, cell.who, cell.floor_packs, cell.version) == (CellKey(hospital.id, MONTH), "Second Lead", 100, 1)
    assert str(refused.value) == "Second Lead has meanwhile changed: First Hospital 2026-11."
    assert session.scalars(select(HospitalTarget.floor_packs)).all() == [100]


def test_an_imported_file_takes_whatever_is_there(session, admin, hospital, product, save):
    target = save(make_target(session, hospital=hospital, product=product))
    assign_targets(session, scope_of(admin), [CellEdit(hospital.id, product.id, MONTH, 5, 6)], now=NOW)
    assert (target.floor_packs, target.stretch_packs, target.version) == (5, 6, 2)


def test_a_stretch_below_its_floor_is_refused(session, lead, hospital, product):
    with pytest.raises(RuleBroken, match="stretch"):
        assign_targets(session, scope_of(lead), [CellEdit(hospital.id, product.id, MONTH, 10, 9)], now=NOW)


def test_a_target_begins_on_the_first_of_a_month(session, lead, hospital, product):
    with pytest.raises(RuleBroken, match="whole month"):
        assign_targets(session, scope_of(lead), [CellEdit(hospital.id, product.id, date(2026, 11, 2), 1, 1)], now=NOW)


def test_a_hospital_or_product_out_of_scope_is_not_found(session, lead, rep, hospital, product, save):
    elsewhere = save(make_hospital(session))
    for scope, place in [
        (scope_of(lead), (elsewhere.id, product.id)),
        (scope_of(lead), (hospital.id, product.id + 999)),
        (scope_of(rep), (hospital.id, product.id)),
    ]:
        with pytest.raises(NotFound):
            assign_targets(session, scope, [CellEdit(*place, MONTH, 1, 1)], now=NOW)
    assert session.scalars(select(HospitalTarget)).all() == []


def test_nothing_to_assign_is_nothing(session, lead):
    assert assign_targets(session, scope_of(lead), [], now=NOW).targets == []


def test_what_is_asked_of_the_region_is_noted_by_month(session, lead, product):
    asked = {MONTH: Range(1000, 1200), DECEMBER: Range(1100, 1300)}
    changed = ask_of_region(session, scope_of(lead), lead.region_id, product.id, asked, versions={}, now=NOW)
    assert [(target.month_on, target.floor_packs, target.version) for target in changed] == [
        (MONTH, 1000, 1), (DECEMBER, 1100, 1),
    ]  # fmt: skip
    again = ask_of_region(session, scope_of(lead), lead.region_id, product.id, asked, now=NOW)
    assert again == []
    assert [entry[0] for entry in journal(session, "period_target")] == ["ask_of_region"] * 2


def test_a_stale_figure_of_the_region_is_a_conflict(session, lead, product, save):
    target = save(make_period_target(session, region_id=lead.region_id, product=product))
    with pytest.raises(Conflict):
        ask_of_region(
            session, scope_of(lead), lead.region_id, product.id, {MONTH: Range(1, 1)}, versions={MONTH: 0}, now=NOW
        )
    assert target.floor_packs == 1000


@pytest.mark.parametrize("role", [Role.REP, Role.LEAD])
def test_another_region_is_not_found(session, request, role, other_rep, product):
    asker = request.getfixturevalue(role.value)
    region_id = other_rep.region_id if role is Role.LEAD else asker.region_id
    with pytest.raises(NotFound):
        ask_of_region(session, scope_of(asker), region_id, product.id, {MONTH: Range(1, 1)}, now=NOW)
    assert session.scalars(select(PeriodTarget)).all() == []
