"""The demo company's quota splits: proposed by reps, approved by the lead, or sent back, or not come to yet."""

from datetime import datetime, timedelta

from sqlalchemy import select

from repcrm.core.periods import Period
from repcrm.demo.ambition import has_target, wanted
from repcrm.demo.world import Person, Place, World
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.models import HospitalTarget
from repcrm.targets.service import (
    PastSplit,
    Share,
    approve_split,
    propose_split,
    return_split,
    split_quota,
    take_over_splits,
)
from repcrm.targets.split import Candidate, Way, propose

MOST_DOCTORS = 9
"""Among whom one hospital's month is divided."""
TOO_LOW = "重点医生的份额太低，请按评级重新分解"


def plan_splits(world: World) -> None:
    """Put every month's splits on the agenda, those of the next month too; past ones are taken over at once."""
    for month in world.months()[:-1]:
        _plan_month(world, month)
    for month in (world.month, world.month.next()):
        for place, code in _places(world, month):
            _plan(world, place, code, month)


def _places(world: World, month: Period) -> list[tuple[Place, str]]:
    return [
        ((hospital.id, product.id), code)
        for hospital in world.hospitals.values()
        for code, product in world.products.items()
        if has_target(world, hospital, month) and wanted(world, hospital, code, month)
    ]


def _plan_month(world: World, month: Period) -> None:
    day = max(month.from_on - timedelta(days=4), world.begins_on)
    proposed_at = world.instant(world.next_working_day(day), 16, 40)
    approved_at = proposed_at + timedelta(minutes=55)

    def take_over() -> None:
        splits = []
        for place, code in _places(world, month):
            target, rep = _target(world, place, month), world.holder.get(place)
            forgotten = world.rng("split", *place, month).random() < 0.03
            if target is None or rep is None or forgotten:
                continue
            if shares := _shares(world, target, code, Way.TIER if month == world.first_month else Way.RATING):
                splits.append(PastSplit(target.id, shares, rep.id, proposed_at))
        scope = world.scope(world.lead, approved_at.date())
        take_over_splits(world.session, scope, splits, approved_at=approved_at)

    world.happens(approved_at, take_over)


def _plan(world: World, place: Place, code: str, month: Period) -> None:
    chance = world.rng("split", *place, month)
    fate = chance.random()
    if fate < 0.07:
        return
    day = month.from_on - timedelta(days=chance.randrange(4, 15))
    at = world.instant(max(world.next_working_day(day), world.begins_on), 16, chance.randrange(60))
    world.happens(at, lambda: _propose(world, place, code, month, at))
    decided = at + timedelta(days=3, minutes=20)
    if fate < 0.11:
        return
    world.happens(decided, lambda: _decide(world, place, month, decided, TOO_LOW if fate < 0.14 else ""))


def _propose(world: World, place: Place, code: str, month: Period, at: datetime) -> None:
    target, rep = _target(world, place, month), world.holder.get(place)
    if target is None or rep is None or not (shares := _shares(world, target, code, Way.RATING)):
        return
    scope = world.scope(rep, at.date())
    wished = [Share(doctor_id, packs) for doctor_id, packs in shares.items()]
    split = split_quota(world.session, scope, target.id, wished, version=0, now=at)
    split = propose_split(world.session, scope, target.id, version=split.version, now=at)
    world.proposed[target.id] = split.version


def _decide(world: World, place: Place, month: Period, at: datetime, reason: str) -> None:
    """Approve what was proposed, or send it back for a reason."""
    target = _target(world, place, month)
    if target is None or target.id not in world.proposed:
        return
    scope, version = world.scope(world.lead, at.date()), world.proposed[target.id]
    if reason:
        return_split(world.session, scope, target.id, version=version, now=at, reason=reason)
    else:
        approve_split(world.session, scope, target.id, version=version, now=at)


def _shares(world: World, target: HospitalTarget, code: str, way: Way) -> dict[int, int]:
    """Doctor -> packs, by tier or rating, of those who get any."""
    doctors = _takers(world, target.hospital_id, code)
    if not doctors:
        return {}
    candidates = [Candidate(one.doctor_id, one.is_key, one.told.get(target.product_id)) for one in doctors]
    parts = propose(target.floor_packs, candidates, way, DEFAULT_FACTORS)
    return {doctor_id: packs for doctor_id, packs in parts.items() if packs}


def _takers(world: World, hospital_id: int, code: str) -> list[Person]:
    """Who can use the product, key doctors first; nurses take no part of a quota."""
    wards = world.departments_of[code]
    fit = [person for person in world.staff.get(hospital_id, []) if person.ward.name in wards and not person.is_nurse]
    return sorted(fit, key=lambda person: (not person.is_key, person.doctor_id))[:MOST_DOCTORS]


def _target(world: World, place: Place, month: Period) -> HospitalTarget | None:
    return world.session.scalar(
        select(HospitalTarget).where(
            HospitalTarget.hospital_id == place[0],
            HospitalTarget.product_id == place[1],
            HospitalTarget.month_on == month.from_on,
        )
    )
