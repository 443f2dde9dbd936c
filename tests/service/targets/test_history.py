"""Splits of the time before are taken over at once, as they were approved."""

import pytest
from sqlalchemy import select

from repcrm.core.errors import NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.targets.models import QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.service import PastSplit, take_over_splits
from tests.factories import NOW, make_assignment, make_department, make_doctor, make_hospital, make_target, scope_of


@pytest.fixture
def target(session, region, rep, save):
    hospital = make_hospital(session, region=region)
    target = make_target(session, hospital=hospital)
    make_assignment(session, hospital=hospital, product=target.product, rep=rep)
    return save(target)


@pytest.fixture
def doctor(session, target, save):
    return save(make_doctor(session, department=make_department(session, hospital=target.hospital)))


def past(target, rep, shares):
    return PastSplit(target.id, shares, rep.id, NOW)


def test_an_approved_split_is_taken_over(session, rep, lead, target, doctor):
    shares = {doctor.id: target.floor_packs}
    take_over_splits(session, scope_of(lead), [past(target, rep, shares)], approved_at=NOW)
    split = session.scalars(select(QuotaSplit)).one()
    assert (split.status, split.edited_by_id, split.approved_by_id) == (SplitStatus.APPROVED, rep.id, lead.id)
    assert [(share.doctor_id, share.packs) for share in session.scalars(select(QuotaShare))] == list(shares.items())
    assert session.scalars(select(JournalEntry.verb)).all() == ["approve_split"]


def test_one_that_does_not_add_up_is_refused_and_none_is_taken_over(session, rep, lead, target, doctor):
    with pytest.raises(RuleBroken):
        take_over_splits(
            session, scope_of(lead), [past(target, rep, {doctor.id: target.floor_packs - 1})], approved_at=NOW
        )
    assert session.scalars(select(QuotaSplit)).all() == []


def test_a_doctor_of_another_hospital_takes_no_part(session, rep, lead, target, region, save):
    stranger = save(
        make_doctor(session, department=make_department(session, hospital=make_hospital(session, region=region)))
    )
    with pytest.raises(NotFound):
        take_over_splits(
            session, scope_of(lead), [past(target, rep, {stranger.id: target.floor_packs})], approved_at=NOW
        )


def test_a_rep_approves_nothing_in_the_past_either(session, rep, target, doctor):
    with pytest.raises(NotFound):
        take_over_splits(session, scope_of(rep), [past(target, rep, {doctor.id: target.floor_packs})], approved_at=NOW)
