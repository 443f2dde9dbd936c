"""Splitting a hospital's month: the rep proposes, the lead approves or sends back."""

import pytest
from sqlalchemy import select

from repcrm.accounts.models import DoctorClass
from repcrm.core.errors import BadInput, Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.targets.models import QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.service import Share, approve_split, propose_split, return_split, split_quota
from tests.factories import (
    NOW,
    make_assignment,
    make_department,
    make_doctor,
    make_hospital,
    make_target,
    scope_of,
)


@pytest.fixture
def hospital(session, region, save):
    return save(make_hospital(session, region=region))


@pytest.fixture
def target(session, hospital, rep, save):
    target = make_target(session, hospital=hospital)
    make_assignment(session, hospital=hospital, product=target.product, rep=rep)
    return save(target)


@pytest.fixture
def doctors(session, hospital, save):
    department = make_department(session, hospital=hospital)
    found = [make_doctor(session, department=department) for _ in range(3)]
    save(*found)
    return [doctor.id for doctor in found]


def shares_of(session, split):
    found = session.scalars(select(QuotaShare).where(QuotaShare.split_id == split.id).order_by(QuotaShare.doctor_id))
    return {share.doctor_id: share.packs for share in found}


def test_a_rep_drafts_hands_in_and_the_lead_approves(session, rep, lead, target, doctors):
    zhao, qian, sun = doctors
    split = split_quota(session, scope_of(rep), target.id, [Share(zhao, 60), Share(qian, 30)], version=0, now=NOW)
    assert (split.status, split.version) == (SplitStatus.DRAFT, 1)
    split_quota(session, scope_of(rep), target.id, [Share(zhao, 60, True), Share(sun, 40)], version=1, now=NOW)
    assert shares_of(session, split) == {zhao: 60, sun: 40}
    propose_split(session, scope_of(rep), target.id, version=2, now=NOW)
    assert split.status is SplitStatus.PROPOSED
    approve_split(session, scope_of(lead), target.id, version=3, now=NOW)
    assert (split.status, split.approved_by_id, split.approved_at, split.version) == (
        SplitStatus.APPROVED, lead.id, NOW, 4,
    )  # fmt: skip
    verbs = session.scalars(select(JournalEntry.verb).order_by(JournalEntry.id)).all()
    assert verbs == ["split_quota", "split_quota", "propose_split", "approve_split"]


@pytest.mark.parametrize(("given", "words"), [((60, 30), "10 packs are still"), ((60, 45), "5 packs too many")])
def test_a_split_that_does_not_add_up_is_not_handed_in(session, rep, target, doctors, given, words):
    shares = [Share(doctor, packs) for doctor, packs in zip(doctors, given, strict=False)]
    split = split_quota(session, scope_of(rep), target.id, shares, version=0, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        propose_split(session, scope_of(rep), target.id, version=1, now=NOW)
    assert words in str(refused.value)
    assert split.status is SplitStatus.DRAFT


def test_a_target_that_changed_after_handing_in_is_not_approved(session, rep, lead, target, doctors, save):
    split_quota(session, scope_of(rep), target.id, [Share(doctors[0], 100)], version=0, now=NOW)
    propose_split(session, scope_of(rep), target.id, version=1, now=NOW)
    target.floor_packs = 110
    save(target)
    with pytest.raises(RuleBroken):
        approve_split(session, scope_of(lead), target.id, version=2, now=NOW)


def test_sending_back_needs_a_reason_and_editing_makes_a_draft(session, rep, lead, target, doctors):
    split = split_quota(session, scope_of(rep), target.id, [Share(doctors[0], 100)], version=0, now=NOW)
    propose_split(session, scope_of(rep), target.id, version=1, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        return_split(session, scope_of(lead), target.id, version=2, now=NOW, reason=" ")
    assert refused.value.field == "comment"
    return_split(session, scope_of(lead), target.id, version=2, now=NOW, reason="Give more to the key doctors.")
    assert (split.status, split.comment) == (SplitStatus.RETURNED, "Give more to the key doctors.")
    split_quota(session, scope_of(rep), target.id, [Share(doctors[1], 100)], version=3, now=NOW)
    assert split.status is SplitStatus.DRAFT


def test_once_approved_only_the_lead_changes_a_split_and_that_takes_the_approval_back(
    session, rep, lead, target, doctors
):
    split = split_quota(session, scope_of(rep), target.id, [Share(doctors[0], 100)], version=0, now=NOW)
    propose_split(session, scope_of(rep), target.id, version=1, now=NOW)
    approve_split(session, scope_of(lead), target.id, version=2, now=NOW)
    with pytest.raises(RuleBroken, match="Only your lead"):
        split_quota(session, scope_of(rep), target.id, [Share(doctors[0], 90)], version=3, now=NOW)
    assert (split.status, split.version) == (SplitStatus.APPROVED, 3)
    split_quota(session, scope_of(lead), target.id, [Share(doctors[0], 90)], version=3, now=NOW)
    assert (split.status, split.approved_by_id) == (SplitStatus.DRAFT, None)


def test_steps_out_of_order_are_refused(session, rep, lead, target, doctors):
    with pytest.raises(RuleBroken, match="not been split"):
        propose_split(session, scope_of(rep), target.id, version=0, now=NOW)
    split_quota(session, scope_of(rep), target.id, [Share(doctors[0], 100)], version=0, now=NOW)
    with pytest.raises(RuleBroken, match="handed in"):
        approve_split(session, scope_of(lead), target.id, version=1, now=NOW)
    with pytest.raises(RuleBroken, match="handed in"):
        return_split(session, scope_of(lead), target.id, version=1, now=NOW, reason="No")
    propose_split(session, scope_of(rep), target.id, version=1, now=NOW)
    with pytest.raises(RuleBroken, match="already"):
        propose_split(session, scope_of(rep), target.id, version=2, now=NOW)


def test_a_stale_version_is_a_conflict_that_names_who(session, rep, target, doctors):
    split_quota(session, scope_of(rep), target.id, [Share(doctors[0], 100)], version=0, now=NOW)
    for stale in (0, 2):
        with pytest.raises(Conflict, match="Rep of the East has changed this split"):
            split_quota(session, scope_of(rep), target.id, [Share(doctors[0], 90)], version=stale, now=NOW)


def test_a_doctor_who_works_elsewhere_is_not_found(session, rep, target, save):
    elsewhere = save(make_doctor(session, hospital=make_hospital(session)))
    with pytest.raises(NotFound):
        split_quota(session, scope_of(rep), target.id, [Share(elsewhere.id, 100)], version=0, now=NOW)
    assert session.scalars(select(QuotaSplit)).all() == []


def test_a_nurse_is_given_no_part(session, rep, target, hospital, save):
    nurse = save(make_doctor(session, hospital=hospital, doctor_class=DoctorClass.NURSING))
    with pytest.raises(NotFound):
        split_quota(session, scope_of(rep), target.id, [Share(nurse.id, 100)], version=0, now=NOW)


@pytest.mark.parametrize("shares", [[(0, 1), (0, 2)], [(0, -1)], [(0, 10_000_000)]])
def test_ill_formed_shares_are_refused(session, rep, target, doctors, shares):
    parts = [Share(doctors[place], packs) for place, packs in shares]
    with pytest.raises(BadInput):
        split_quota(session, scope_of(rep), target.id, parts, version=0, now=NOW)


def test_a_target_out_of_scope_is_not_found(session, other_rep, rep, target, hospital, save):
    not_mine = save(make_target(session, hospital=hospital))  # the same hospital, a product somebody else holds
    for asker, target_id in ((other_rep, target.id), (rep, not_mine.id)):
        with pytest.raises(NotFound):
            split_quota(session, scope_of(asker), target_id, [], version=0, now=NOW)
