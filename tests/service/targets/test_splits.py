"""Splits as read from the database."""

from datetime import date

import pytest

from repcrm.accounts.models import DoctorClass, Tier
from repcrm.core.errors import NotFound
from repcrm.targets.models import SplitStatus
from repcrm.targets.queries import (
    SplitFilter,
    approved_shares,
    count_splits,
    list_shares_of_doctor,
    list_splits,
    list_splits_waiting,
    split_page,
)
from tests.factories import (
    MONTH,
    make_assignment,
    make_department,
    make_doctor,
    make_hospital,
    make_post,
    make_rating,
    make_split,
    make_target,
    scope_of,
)

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def hospital(session, region, save):
    return save(make_hospital(session, region=region, name="Alpha"))


@pytest.fixture
def target(session, hospital, rep, save):
    target = make_target(session, hospital=hospital)
    make_assignment(session, hospital=hospital, product=target.product, rep=rep)
    return save(target)


def test_the_page_of_a_split_shows_everybody_who_could_take_a_part(session, rep, hospital, target, save):
    department = make_department(session, hospital=hospital, name="Cardiology")
    general = make_doctor(session, department=department, name="A")
    key = make_doctor(session, department=department, name="B", tier=Tier.KEY)
    newcomer = make_doctor(session, name="C")
    make_post(session, doctor=newcomer, department=department, from_on=date(2026, 11, 16))
    gone = make_doctor(session, name="D")
    make_post(session, doctor=gone, department=department, until_on=MONTH)
    make_doctor(session, department=department, doctor_class=DoctorClass.NURSING)
    make_doctor(session, hospital=make_hospital(session))
    make_rating(session, doctor=key, product=target.product, rating=6)
    last = make_target(session, hospital=hospital, product=target.product, month_on=OCTOBER)
    make_split(session, target=last, status=SplitStatus.APPROVED, shares={key: 70, gone: 30})
    save(make_split(session, target=target, shares={key: 60, gone: 5}))
    page = split_page(session, scope_of(rep), target.id)
    assert [
        (line.doctor.name, line.rating, line.last_packs, line.packs, line.has_left) for line in page.lines
    ] == [("B", 6, 70, 60, False), ("A", None, None, None, False), ("C", None, None, None, False),
          ("D", None, 30, 5, True)]  # fmt: skip
    assert general.id in {line.doctor.doctor_id for line in page.lines}
    assert page.version == 1


def test_only_an_approved_split_of_an_earlier_month_is_the_last(session, rep, hospital, target, save):
    doctor = make_doctor(session, hospital=hospital)
    last = make_target(session, hospital=hospital, product=target.product, month_on=OCTOBER)
    save(make_split(session, target=last, status=SplitStatus.PROPOSED, shares={doctor: 70}))
    assert split_page(session, scope_of(rep), target.id).lines[0].last_packs is None


def test_a_target_out_of_scope_is_not_found(session, other_rep, rep, hospital, target, save):
    somebody_elses = save(make_target(session, hospital=hospital))
    for asker, target_id in ((other_rep, target.id), (rep, somebody_elses.id)):
        with pytest.raises(NotFound):
            split_page(session, scope_of(asker), target_id)


def test_the_list_shows_a_months_targets_by_state(session, lead, other_rep, target, region, save):
    states = {state: make_target(session, hospital=make_hospital(session, region=region)) for state in SplitStatus}
    for state, its_target in states.items():
        make_split(session, target=its_target, status=state, shares={make_doctor(session): 60})
    make_target(session, hospital=target.hospital, floor_packs=0)
    save(make_target(session))
    scope = scope_of(lead)
    assert count_splits(session, scope, MONTH) == dict.fromkeys(SplitFilter, 1)
    (row,) = list_splits(session, scope, MONTH, SplitFilter.NOT_SPLIT).items
    assert (row.hospital, row.status, row.left_packs, row.edited_by) == ("Alpha", None, 100, None)
    (row,) = list_splits(session, scope, MONTH, SplitFilter.RETURNED).items
    assert (row.target_id, row.left_packs) == (states[SplitStatus.RETURNED].id, 40)
    assert [row.target_id for row in list_splits_waiting(session, scope)] == [states[SplitStatus.PROPOSED].id]
    assert list_splits(session, scope, OCTOBER, SplitFilter.NOT_SPLIT).items == []
    assert list_splits(session, scope_of(other_rep), MONTH, SplitFilter.NOT_SPLIT).items == []
    assert sum(count_splits(session, scope_of(other_rep), MONTH).values()) == 0
    assert list_splits_waiting(session, scope_of(other_rep)) == []


def test_a_rep_sees_the_own_targets_in_the_list(session, rep, target, hospital, save):
    save(make_target(session, hospital=hospital))
    assert [row.target_id for row in list_splits(session, scope_of(rep), MONTH, SplitFilter.NOT_SPLIT).items] == [
        target.id
    ]


def test_a_doctors_parts_of_a_month(session, rep, other_rep, target, hospital, save):
    doctor = make_doctor(session, hospital=hospital)
    save(make_split(session, target=target, shares={doctor: 25}))
    (share,) = list_shares_of_doctor(session, scope_of(rep), doctor.id, MONTH)
    assert (share.hospital, share.packs, share.status) == ("Alpha", 25, SplitStatus.DRAFT)
    assert list_shares_of_doctor(session, scope_of(rep), doctor.id, OCTOBER) == []
    assert list_shares_of_doctor(session, scope_of(other_rep), doctor.id, MONTH) == []


def test_only_approved_shares_reach_the_reports(session, target, hospital, save):
    one, other = make_doctor(session), make_doctor(session)
    split = save(make_split(session, target=target, status=SplitStatus.PROPOSED, shares={other: 40, one: 60}))
    assert approved_shares(session, [hospital.id], [MONTH]) == {}
    split.status = SplitStatus.APPROVED
    save(split)
    assert approved_shares(session, [hospital.id], [MONTH]) == {
        (hospital.id, target.product_id, MONTH): {one.id: 60, other.id: 40}
    }
    assert approved_shares(session, [hospital.id], [OCTOBER]) == {}
