"""When hospitals receive reps, how far they are from each other, and where a rep's day starts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from repcrm.accounts.models import Hospital, HospitalStatus
from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.queries import hospitals_in
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.diary.models import EveningRound, ReceptionWindow, RepBase, TravelOverride
from repcrm.diary.queries.scope import get_rep, reps_in
from repcrm.diary.travel import ROADS, Point, Roads, Travel, pair, point_of, travel_of
from repcrm.organisation.access import Scope
from repcrm.organisation.models import User

Slot = tuple[int, DayPart]
"""ISO weekday 1 to 7, and the part of the day."""


@dataclass(frozen=True)
class Reception:
    """When a hospital lets reps in.

    slots   weekdays and parts; empty: always
    rounds  ISO weekdays on whose evening somebody of the team is there
    """

    hospital_id: int
    hospital_name: str
    slots: frozenset[Slot]
    rounds: frozenset[int]


def list_reception_windows(session: Session, scope: Scope) -> list[Reception]:
    """Return the hospitals in scope that receive reps at times, or keep an evening round, by name."""
    slots = reception_of(session, scope)
    rounds = evening_rounds_of(session, scope)
    wanted = select(Hospital.id, Hospital.name).where(Hospital.id.in_(slots.keys() | rounds.keys()))
    return [
        Reception(id_, name, slots.get(id_, frozenset()), rounds.get(id_, frozenset()))
        for id_, name in session.execute(wanted.order_by(Hospital.name_pinyin, Hospital.name, Hospital.id))
    ]


def reception_of(
    session: Session, scope: Scope, hospital_ids: Collection[int] | None = None
) -> Mapping[int, frozenset[Slot]]:
    """Return when hospitals in scope receive reps: hospital -> slots; one that is not in it receives them always.

    hospital_ids  None for all in scope
    """
    wanted = select(ReceptionWindow.hospital_id, ReceptionWindow.weekday, ReceptionWindow.part)
    wanted = wanted.join(Hospital, Hospital.id == ReceptionWindow.hospital_id).where(hospitals_in(scope))
    if hospital_ids is not None:
        wanted = wanted.where(ReceptionWindow.hospital_id.in_(hospital_ids))
    found: dict[int, set[Slot]] = {}
    for hospital_id, weekday, part in session.execute(wanted):
        found.setdefault(hospital_id, set()).add((weekday, part))
    return {hospital_id: frozenset(slots) for hospital_id, slots in found.items()}


def evening_rounds_of(
    session: Session, scope: Scope, hospital_ids: Collection[int] | None = None
) -> Mapping[int, frozenset[int]]:
    """Return the ISO weekdays of evening rounds: hospital -> weekdays; one that is not in it keeps none.

    hospital_ids  None for all in scope
    """
    wanted = select(EveningRound.hospital_id, EveningRound.weekday)
    wanted = wanted.join(Hospital, Hospital.id == EveningRound.hospital_id)
    wanted = wanted.where(hospitals_in(scope), Hospital.status == HospitalStatus.ACTIVE)
    if hospital_ids is not None:
        wanted = wanted.where(EveningRound.hospital_id.in_(hospital_ids))
    found: dict[int, set[int]] = {}
    for hospital_id, weekday in session.execute(wanted):
        found.setdefault(hospital_id, set()).add(weekday)
    return {hospital_id: frozenset(weekdays) for hospital_id, weekdays in found.items()}


def travel_matrix(
    session: Session, scope: Scope, rep_id: int, hospital_ids: Sequence[int], roads: Roads = ROADS
) -> Travel:
    """Return the minutes between hospitals, and between them and the rep's base.

    hospital_ids  in scope; the rows and columns follow their order, the base is the last
    roads         how ways on the map become minutes
    raises        NotFound for a rep or a hospital outside the scope
    """
    get_rep(session, scope, rep_id)
    wanted = select(Hospital.id, Hospital.latitude, Hospital.longitude)
    wanted = wanted.where(Hospital.id.in_(hospital_ids), hospitals_in(scope))
    places = {id_: point_of(latitude, longitude) for id_, latitude, longitude in session.execute(wanted)}
    if not places.keys() >= set(hospital_ids):
        raise NotFound(N_("There is no such hospital."))
    ways = select(TravelOverride.one_id, TravelOverride.other_id, TravelOverride.minutes).where(
        TravelOverride.one_id.in_(hospital_ids), TravelOverride.other_id.in_(hospital_ids)
    )
    known = {pair(one, other): minutes for one, other, minutes in session.execute(ways)}
    base = session.execute(select(RepBase.latitude, RepBase.longitude).where(RepBase.rep_id == rep_id)).one_or_none()
    start = Point(base.latitude, base.longitude) if base else None
    return travel_of([(id_, places[id_]) for id_ in hospital_ids], start, known, roads)


def get_travel_override(session: Session, scope: Scope, override_id: int) -> TravelOverride:
    """Return the known way between two hospitals in scope, or raise NotFound."""
    found = next((one for one in list_travel_overrides(session, scope) if one.id == override_id), None)
    if found is None:
        raise NotFound(N_("There is no such way here."))
    return found


def list_travel_overrides(session: Session, scope: Scope) -> list[TravelOverride]:
    """Return the known ways of which both ends are in scope, each with its hospitals, by their names."""
    one, other = aliased(Hospital), aliased(Hospital)
    inside = select(Hospital.id).where(hospitals_in(scope))
    wanted = (
        select(TravelOverride)
        .join(one, one.id == TravelOverride.one_id)
        .join(other, other.id == TravelOverride.other_id)
        .options(joinedload(TravelOverride.one), joinedload(TravelOverride.other))
        .where(TravelOverride.one_id.in_(inside), TravelOverride.other_id.in_(inside))
        .order_by(one.name_pinyin, other.name_pinyin, TravelOverride.id)
    )
    return list(session.scalars(wanted))


def find_base(session: Session, scope: Scope, rep_id: int) -> RepBase | None:
    """Return where a rep's day starts and ends; None where nobody has said, or the rep is out of scope."""
    wanted = select(RepBase).join(User, User.id == RepBase.rep_id).where(RepBase.rep_id == rep_id, reps_in(scope))
    return session.scalar(wanted)


def list_bases(session: Session, scope: Scope) -> dict[int, RepBase]:
    """Return where the days of the reps in scope start and end: rep -> base."""
    wanted = select(RepBase).join(User, User.id == RepBase.rep_id).where(reps_in(scope))
    return {base.rep_id: base for base in session.scalars(wanted)}
