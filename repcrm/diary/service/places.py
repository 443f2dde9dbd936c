"""What is settled about hospitals and ways: when reps are received, evening rounds, minutes, where a day starts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record, values_of
from repcrm.diary.models import EveningRound, ReceptionWindow, RepBase, TravelOverride
from repcrm.diary.service.hands import check_hand, lock_region
from repcrm.diary.travel import Point, pair
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User

Slot = tuple[int, DayPart]
"""ISO weekday 1 to 7, and the part of the day."""

MOST_MINUTES = 600
BASE_DIGITS = 3
"""Of degrees: about a hundred metres, so that nobody's door can be read from it."""


def set_reception(session: Session, who: Scope, hospital: Hospital, slots: Collection[Slot], *, now: datetime) -> bool:
    """Say when a hospital receives reps: then and only then; nothing said is always. Goes into the journal.

    slots    ISO weekday and part of the day
    returns  whether anything differed
    """
    _check_weekdays({weekday for weekday, _part in slots})
    lock_region(session, hospital.region_id)
    windows = session.scalars(select(ReceptionWindow).where(ReceptionWindow.hospital_id == hospital.id))
    before, after = {(one.weekday, one.part) for one in windows}, set(slots)
    if before == after:
        return False
    session.execute(delete(ReceptionWindow).where(ReceptionWindow.hospital_id == hospital.id))
    session.add_all(
        ReceptionWindow(hospital_id=hospital.id, weekday=weekday, part=part) for weekday, part in sorted(after)
    )
    session.flush()
    old, new = ({"reception": [f"{weekday} {part}" for weekday, part in sorted(said)]} for said in (before, after))
    record(session, who.user_id, "hospital", hospital.id, "set_reception", old, new, at=now)
    return True


def set_rounds(session: Session, who: Scope, hospital: Hospital, weekdays: Collection[int], *, now: datetime) -> bool:
    """Say on which evenings somebody of the team is in a hospital. Goes into the journal.

    weekdays  ISO; none: the hospital keeps no evening round
    returns   whether anything differed

    Evenings that are shared out already stay: share them out again.
    """
    _check_weekdays(weekdays)
    lock_region(session, hospital.region_id)
    before = set(session.scalars(select(EveningRound.weekday).where(EveningRound.hospital_id == hospital.id)))
    if before == set(weekdays):
        return False
    session.execute(delete(EveningRound).where(EveningRound.hospital_id == hospital.id))
    session.add_all(EveningRound(hospital_id=hospital.id, weekday=weekday) for weekday in sorted(set(weekdays)))
    session.flush()
    old, new = ({"evening_rounds": sorted(said)} for said in (before, set(weekdays)))
    record(session, who.user_id, "hospital", hospital.id, "set_rounds", old, new, at=now)
    return True


def set_travel(
    session: Session, who: Scope, one: Hospital, other: Hospital, minutes: int | None, *, now: datetime
) -> TravelOverride | None:
    """Say how many minutes it takes between two hospitals, either way. Goes into the journal.

    minutes  None: what the map says counts again
    raises   RuleBroken for one hospital twice, two regions, or minutes that are none
    """
    if one.id == other.id:
        raise RuleBroken(N_("Choose two different hospitals."), field="other_id")
    if one.region_id != other.region_id:
        raise RuleBroken(N_("The hospitals lie in different regions."), field="other_id")
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise RuleBroken(N_("A way takes 0 to %(most)s minutes."), field="minutes", most=MOST_MINUTES)
    lock_region(session, one.region_id)
    one_id, other_id = pair(one.id, other.id)
    wanted = select(TravelOverride).where(TravelOverride.one_id == one_id, TravelOverride.other_id == other_id)
    way = session.scalar(wanted)
    before = _way(way) if way else None
    if way is None and minutes is None:
        return None
    if way is None:
        way = TravelOverride(one_id=one_id, other_id=other_id)
        session.add(way)
    if minutes is None:
        session.delete(way)
    else:
        way.minutes = minutes
    session.flush()
    after = _way(way) if minutes is not None else None
    record(session, who.user_id, "travel_override", way.id, "set_travel", before, after, at=now)
    return way if minutes is not None else None


def set_base(
    session: Session, who: Scope, rep: User, name: str, point: Point | None, *, now: datetime
) -> RepBase | None:
    """Say where a rep's day starts and ends. Goes into the journal, without the place: only that it was set.

    name    what to call it: office, home, the name of a hospital; never an address
    point   None: nobody knows any more
    raises  RuleBroken without a name, or for a point that is not on earth; NotFound for somebody else's
    """
    check_hand(who, rep.region_id, rep.id)
    if rep.role is not Role.REP:
        raise RuleBroken(N_("%(person)s is not a rep."), field="rep_id", person=rep.name)
    if point is not None:
        _check_base(name, point)
    lock_region(session, rep.region_id)
    base = session.scalar(select(RepBase).where(RepBase.rep_id == rep.id))
    if point is None:
        if base is not None:
            session.delete(base)
            session.flush()
            record(session, who.user_id, "rep_base", base.id, "set_base", {"rep_id": rep.id}, None, at=now)
        return None
    if base is None:
        base = RepBase(rep_id=rep.id)
        session.add(base)
    base.name = name
    base.latitude, base.longitude = round(point.latitude, BASE_DIGITS), round(point.longitude, BASE_DIGITS)
    session.flush()
    record(session, who.user_id, "rep_base", base.id, "set_base", None, values_of(base, "rep_id"), at=now)
    return base


def _check_base(name: str, point: Point) -> None:
    if not name:
        raise RuleBroken(N_("Give the place a name, such as “office”."), field="name")
    if not -90 <= point.latitude <= 90:
        raise RuleBroken(N_("Latitude lies between -90 and 90."), field="latitude")
    if not -180 <= point.longitude <= 180:
        raise RuleBroken(N_("Longitude lies between -180 and 180."), field="longitude")


def _check_weekdays(weekdays: Collection[int]) -> None:
    if not set(weekdays) <= set(range(1, 8)):
        raise RuleBroken(N_("A week has seven days."), field="weekday")


def _way(way: TravelOverride) -> dict[str, object]:
    return values_of(way, "one_id", "other_id", "minutes")
