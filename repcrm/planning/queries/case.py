"""Reading a rep's cycle as the planner's problem."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.queries import clinic_rosters, latest_ratings
from repcrm.calls.ceiling import Ceiling
from repcrm.calls.models import Call, CallDoctor, CallResult, CallStatus
from repcrm.calls.queries import ceiling_of_company
from repcrm.catalogue.queries import prices_on
from repcrm.diary.queries import reception_of
from repcrm.organisation.access import Scope
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import User
from repcrm.planning.case import Case, Facts
from repcrm.planning.ground import Ground
from repcrm.planning.models import CallPlan
from repcrm.planning.queries.field import last_met
from repcrm.planning.queries.ground import ground_of
from repcrm.planning.queries.scope import eyes_on_master_data, eyes_on_region
from repcrm.planning.queries.standing import standing_visits
from repcrm.planning.quota import missing_fen, months_of, only_of, parts_of_months
from repcrm.sales.queries import list_monthly_flow
from repcrm.targets.queries import adoption_factors, approved_shares


def case_of(session: Session, scope: Scope, rep: User, start_on: date, plan: CallPlan | None, today: date) -> Case:
    """Return a rep's cycle as the planner's problem.

    rep   already found within the scope
    plan  of the cycle, None if there is none yet
    """
    ground = ground_of(session, rep, start_on, today)
    standing = tuple(standing_visits(session, scope, rep, ground, plan))
    return Case(ground, _facts(session, rep, ground), standing, plan is not None and plan.is_published)


def _facts(session: Session, rep: User, ground: Ground) -> Facts:
    doctor_ids = list(ground.field.doctors)
    ceiling = ceiling_of_company(session)
    return Facts(
        rosters=clinic_rosters(session, eyes_on_master_data(rep, ground.today), doctor_ids),
        receptions=reception_of(session, eyes_on_region(rep, ground.today), list(ground.field.hospitals)),
        missing=_missing(session, rep, ground),
        last_met=last_met(session, rep, ground.cycle.start_on),
        contacts=_contacts(session, rep, ground, ceiling) if ceiling else {},
        ceiling=ceiling,
    )


def _missing(session: Session, rep: User, ground: Ground) -> dict[int, int]:
    hospital_ids, months = list(ground.field.hospitals), months_of(ground.cycle)
    shares = approved_shares(session, hospital_ids, [month.from_on for month in months])
    flow = list_monthly_flow(session, eyes_on_region(rep, ground.today), months, hospital_ids=hospital_ids)
    doctor_ids = {doctor_id for packs in shares.values() for doctor_id in packs}
    ratings = latest_ratings(session, eyes_on_master_data(rep, ground.today), doctor_ids, ground.today)
    return missing_fen(
        only_of(shares, ground.field.held),
        flow,
        ratings,
        adoption_factors(session),
        prices_on(session, None, ground.today),
        parts_of_months(ground.cycle, work_calendar(session, rep.region_id)),
    )


def _contacts(session: Session, rep: User, ground: Ground, ceiling: Ceiling) -> dict[int, list[date]]:
    """The days on which anybody of the company met the doctors, or has promised others' calls, near the cycle."""
    met = (Call.status == CallStatus.DONE) & (Call.result != CallResult.DOCTOR_NOT_MET)
    promised = (Call.status == CallStatus.PLANNED) & (Call.rep_id != rep.id) & (Call.day_on >= ground.today)
    window = timedelta(days=ceiling.window_days)
    wanted = (
        select(CallDoctor.doctor_id, Call.day_on)
        .join(Call, Call.id == CallDoctor.call_id)
        .where(CallDoctor.doctor_id.in_(list(ground.field.doctors)), or_(met, promised))
        .where(Call.day_on > ground.cycle.start_on - window, Call.day_on < ground.cycle.until_on + window)
        .order_by(Call.day_on)
    )
    found: dict[int, list[date]] = defaultdict(list)
    for doctor_id, day_on in session.execute(wanted):
        found[doctor_id].append(day_on)
    return found
