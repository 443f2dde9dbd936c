"""Two people at once, on both databases: nothing is lost, every sum is right."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from repcrm.core.errors import Conflict
from repcrm.db.unit_of_work import unit_of_work
from repcrm.targets.grid import StaleCells
from repcrm.targets.models import HospitalTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.service import CellEdit, Share, approve_split, assign_targets, propose_split, split_quota
from tests.factories import (
    MONTH,
    NOW,
    make_department,
    make_doctor,
    make_hospital,
    make_lead,
    make_product,
    make_split,
    make_target,
    scope_of,
)


def at_once(engine: Engine, *deeds: Callable[[Session], object]) -> list[object]:
    """Do these at the same moment, each in a unit of work of its own; returns each outcome or Conflict."""
    barrier = Barrier(len(deeds))
    outcomes: list[object] = [None] * len(deeds)

    def do(place: int, deed: Callable[[Session], object]) -> None:
        barrier.wait()
        try:
            with unit_of_work(sessionmaker(engine)) as session:
                outcomes[place] = deed(session)
        except Conflict as conflict:
            outcomes[place] = conflict

    threads = [Thread(target=do, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def leads(session, lead, region, save):
    return lead, save(make_lead(session, region=region, name="Second Lead"))


@pytest.fixture
def hospital(session, region, save):
    return save(make_hospital(session, region=region, name="First Hospital"))


@pytest.mark.parametrize("exists", [True, False], ids=["changed", "added"])
def test_two_leads_editing_one_cell(session, engine, leads, hospital, save, exists):
    product = save(make_product(session))
    if exists:
        save(make_target(session, hospital=hospital, product=product))

    def edit(lead, packs):
        scope = scope_of(lead)
        cells = [CellEdit(hospital.id, product.id, MONTH, packs, packs, version=int(exists))]
        return lambda session: assign_targets(session, scope, cells, now=NOW) and packs

    outcomes = at_once(engine, edit(leads[0], 200), edit(leads[1], 300))
    session.rollback()  # see what they have done
    (conflict,) = [outcome for outcome in outcomes if isinstance(outcome, StaleCells)]
    (won,) = [outcome for outcome in outcomes if isinstance(outcome, int)]
    winner = leads[outcomes.index(won)]
    assert session.scalars(select(HospitalTarget.floor_packs)).all() == [won]
    assert str(conflict) == f"{winner.name} has meanwhile changed: First Hospital 2026-11."
    assert conflict.cells[0].floor_packs == won


def test_two_leads_editing_one_split(session, engine, leads, hospital, save):
    target = make_target(session, hospital=hospital)
    department = make_department(session, hospital=hospital)
    doctors = [make_doctor(session, department=department).id for _ in range(4)]
    save()
    target_id = target.id

    def edit(lead, parts):
        scope = scope_of(lead)
        shares = [Share(doctor, packs) for doctor, packs in zip(doctors, parts, strict=True)]

        def deed(session):
            split_quota(session, scope, target_id, shares, version=0, now=NOW)
            propose_split(session, scope, target_id, version=1, now=NOW)
            approve_split(session, scope, target_id, version=2, now=NOW)
            return parts

        return deed

    outcomes = at_once(engine, edit(leads[0], (100, 0, 0, 0)), edit(leads[1], (10, 20, 30, 40)))
    session.rollback()
    (won,) = [outcome for outcome in outcomes if isinstance(outcome, tuple)]
    (conflict,) = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert leads[outcomes.index(won)].name in str(conflict)
    kept = session.scalars(select(QuotaShare.packs).order_by(QuotaShare.doctor_id)).all()
    assert tuple(kept) == won
    assert sum(kept) == session.get_one(HospitalTarget, target_id).floor_packs


def test_a_split_approved_while_its_target_changes_never_stays_approved_with_a_wrong_sum(
    session, engine, leads, hospital, save
):
    target = make_target(session, hospital=hospital)
    doctor = make_doctor(session, hospital=hospital)
    save(make_split(session, target=target, status=SplitStatus.PROPOSED, shares={doctor: 100}))
    scopes = [scope_of(lead) for lead in leads]
    cells = [CellEdit(hospital.id, target.product_id, MONTH, 130, 130, version=1)]
    target_id = target.id
    at_once(
        engine,
        lambda session: approve_split(session, scopes[0], target_id, version=1, now=NOW) and "approved",
        lambda session: assign_targets(session, scopes[1], cells, now=NOW) and "assigned",
    )
    session.rollback()
    split = session.scalars(select(QuotaSplit)).one()
    assert (session.get_one(HospitalTarget, target_id).floor_packs, split.status) == (130, SplitStatus.DRAFT)
