"""The visits of a cycle as they stand, whether in a draft or on the call sheets."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor
from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.queries import clinic_rosters
from repcrm.organisation.access import Scope
from repcrm.organisation.models import User
from repcrm.planning.board import BoardVisit, visit_key
from repcrm.planning.ground import Ground
from repcrm.planning.models import CallPlan, PlanVisit
from repcrm.planning.queries.calls import CallRow, calls_of_cycle
from repcrm.planning.queries.plans import list_visits
from repcrm.planning.queries.scope import eyes_on_master_data
from repcrm.planning.terms import VisitState


def standing_visits(
    session: Session, scope: Scope, rep: User, ground: Ground, plan: CallPlan | None
) -> list[BoardVisit]:
    """Return the visits of a cycle as they stand: the calls on the sheets; in a draft also those still to publish.

    rep  already found within the scope
    """
    calls = calls_of_cycle(session, rep.id, ground.cycle)
    drafted = list_visits(session, scope, plan.id) if plan else []
    published = {visit.call_id: visit for visit in drafted if visit.call_id}
    rosters = clinic_rosters(session, eyes_on_master_data(rep, ground.today), [call.doctor_id for call in calls])
    visits = [_of_call(call, published.get(call.id), ground.today, rosters) for call in calls]
    if plan and not plan.is_published:
        on_sheet = {(visit.doctor_id, visit.day_on) for visit in visits if visit.takes_time}
        coming = [one for one in drafted if one.day_on >= ground.today and (one.doctor_id, one.day_on) not in on_sheet]
        names = doctor_names(session, {one.doctor_id for one in coming} - ground.field.doctors.keys())
        names |= {doctor.id: doctor.name for doctor in ground.field.doctors.values()}
        visits += [_of_draft(one, names[one.doctor_id]) for one in coming]
    return visits


def _of_call(
    call: CallRow, visit: PlanVisit | None, today: date, rosters: Mapping[int, Sequence[tuple[int, DayPart]]]
) -> BoardVisit:
    in_clinic = [part for weekday, part in rosters.get(call.doctor_id, ()) if weekday == call.day_on.isoweekday()]
    return BoardVisit(
        key=visit_key(call.doctor_id, call.day_on),
        doctor_id=call.doctor_id,
        doctor=call.doctor,
        hospital_id=call.hospital_id,
        day_on=call.day_on,
        part=call.part or next(iter(in_clinic), DayPart.AM),
        state=call.state(today),
        is_planned=call.is_planned,
        is_pinned=call.is_pinned,
        origin=visit.origin if visit else None,
        call_id=call.id,
        call_version=call.version,
        moved_from=visit.day_on if visit and visit.day_on != call.day_on else None,
        miss_reason=call.miss_reason,
        words=call.cancel_reason,
    )


def _of_draft(visit: PlanVisit, doctor: str) -> BoardVisit:
    return BoardVisit(
        key=visit_key(visit.doctor_id, visit.day_on),
        doctor_id=visit.doctor_id,
        doctor=doctor,
        hospital_id=visit.hospital_id,
        day_on=visit.day_on,
        part=visit.part,
        state=VisitState.PLANNED,
        is_pinned=visit.is_pinned,
        origin=visit.origin,
    )


def doctor_names(session: Session, doctor_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of doctors by key, in the field or not."""
    wanted = sorted(doctor_ids)
    if not wanted:
        return {}
    return dict(session.execute(select(Doctor.id, Doctor.name).where(Doctor.id.in_(wanted))).all())
