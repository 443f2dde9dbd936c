"""What the lead looks at: where plans went another way, and whom nobody has seen for longer than is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Department, Doctor, DoctorClass, Hospital, Post, Tier
from repcrm.accounts.queries import latest_ratings
from repcrm.calls.models import Call, CallResult, CallStatus
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import TerritoryAssignment, User
from repcrm.organisation.queries import people_in
from repcrm.planning.cycle import DAYS, Cycle
from repcrm.planning.deviations import Deviations, Made, Published, deviations
from repcrm.planning.models import PlanVisit
from repcrm.planning.policy import Policy
from repcrm.planning.queries.calls import calls_of_reps
from repcrm.planning.queries.plans import list_plans
from repcrm.planning.queries.policy import get_policy


@dataclass(frozen=True)
class RepDeviations:
    """A rep's published plan and what became of it; names of doctors by key."""

    plan_id: int
    rep_id: int
    rep: str
    found: Deviations
    doctors: dict[int, str]


def get_deviations(session: Session, scope: Scope, start_on: date, rep_id: int | None = None) -> list[RepDeviations]:
    """Return where the published plans of a cycle went another way, as of `scope.on`, by the reps' codes.

    rep_id  of one rep only; None: of everybody in scope
    """
    plans = [
        plan
        for plan in list_plans(session, scope, start_on)
        if plan.is_published and rep_id in (None, plan.rep_id)
    ]  # fmt: skip
    visits: dict[int, list[PlanVisit]] = {plan.id: [] for plan in plans}
    for visit in session.scalars(select(PlanVisit).where(PlanVisit.plan_id.in_(list(visits)))):
        visits[visit.plan_id].append(visit)
    calls = calls_of_reps(session, [plan.rep_id for plan in plans], Cycle(start_on))
    found = []
    for plan in plans:
        mine = calls.get(plan.rep_id, [])
        made = [
            Made(row.id, row.doctor_id, row.day_on, row.state(scope.on), row.is_planned, row.miss_reason,
                 row.cancel_reason)
            for row in mine
        ]  # fmt: skip
        published = [Published(one.doctor_id, one.day_on, one.call_id) for one in visits[plan.id]]
        names = {row.doctor_id: row.doctor for row in mine}
        found.append(RepDeviations(plan.id, plan.rep_id, plan.rep.name, deviations(published, made), names))
    _name_the_rest(session, found)
    return found


def _name_the_rest(session: Session, found: list[RepDeviations]) -> None:
    """Doctors of visits whose call is gone."""
    unnamed = {line.doctor_id for one in found for line in one.found.lines if line.doctor_id not in one.doctors}
    if unnamed:
        names = dict(session.execute(select(Doctor.id, Doctor.name).where(Doctor.id.in_(unnamed))).all())
        for one in found:
            one.doctors.update(names)


@dataclass(frozen=True)
class Unseen:
    """A doctor whom the rep has not met for longer than is due.

    rhythm_days   calendar days from one call to the next, by the goal of a cycle
    last_met_on   None: never met
    days_unseen   None: never met
    """

    doctor_id: int
    doctor: str
    tier: Tier
    rating: int | None
    hospital_id: int
    hospital: str
    department: str
    rep_id: int
    rep: str
    goal: int
    rhythm_days: int
    last_met_on: date | None
    days_unseen: int | None


def list_unseen(session: Session, scope: Scope, *, rep_id: int | None = None, limit: int = 100) -> list[Unseen]:
    """Return the doctors in scope not met for longer than their rhythm on `scope.on`, the longest overdue first.

    Somebody never met counts as overdue by a whole cycle. Ward staff have no rhythm.
    """
    if scope.role is Role.ADMIN:
        return []
    policy = get_policy(session, scope)
    rows = list(_doctors_of_reps(session, scope, rep_id))
    doctor_ids = {row[0] for row in rows}
    met = _last_met(session, {row[6] for row in rows}, scope.on)
    best: dict[int, int] = {}
    for (doctor_id, _), given in latest_ratings(session, scope, doctor_ids, scope.on).items():
        best[doctor_id] = max(given, best.get(doctor_id, 0))
    found = []
    for doctor_id, name, tier, hospital_id, hospital, department, whose, rep in rows:
        rating, last = best.get(doctor_id), met.get((whose, doctor_id))
        goal = policy.goal(tier is Tier.KEY, rating)
        days = (scope.on - last).days if last else None
        rhythm = _rhythm(policy, tier, rating)
        if rhythm and (days is None or days > rhythm):
            found.append(
                Unseen(doctor_id, name, tier, rating, hospital_id, hospital, department, whose, rep, goal, rhythm,
                       last, days)
            )  # fmt: skip
    found.sort(key=lambda one: (-_overdue(one), one.tier is not Tier.KEY, one.doctor, one.doctor_id))
    return found[:limit]


def _rhythm(policy: Policy, tier: Tier, rating: int | None) -> int:
    goal = policy.goal(tier is Tier.KEY, rating)
    return -(-DAYS.days // goal) if goal else 0


def _overdue(one: Unseen) -> int:
    return DAYS.days if one.days_unseen is None else one.days_unseen - one.rhythm_days


def _doctors_of_reps(
    session: Session, scope: Scope, rep_id: int | None
) -> Iterator[tuple[int, str, Tier, int, str, str, int, str]]:
    """Who is whose on the scope's day, each pair once."""
    day, held = scope.on, TerritoryAssignment
    pairs = (
        select(held.rep_id, held.hospital_id)
        .where(held.from_on <= day, or_(held.until_on.is_(None), held.until_on > day))
        .distinct()
        .subquery()
    )
    wanted = (
        select(
            Doctor.id, Doctor.name, Doctor.tier, Hospital.id, Hospital.name, Department.name, User.id, User.name
        )
        .join(Post, Post.doctor_id == Doctor.id)
        .join(Department, Department.id == Post.department_id)
        .join(Hospital, Hospital.id == Department.hospital_id)
        .join(pairs, pairs.c.hospital_id == Hospital.id)
        .join(User, User.id == pairs.c.rep_id)
        .where(people_in(scope), User.is_active, Doctor.is_active, Doctor.doctor_class != DoctorClass.NURSING)
        .where(Post.from_on <= day, or_(Post.until_on.is_(None), Post.until_on > day))
        .order_by(Doctor.id, Post.from_on, User.id)
    )  # fmt: skip
    if rep_id is not None:
        wanted = wanted.where(User.id == rep_id)
    newest = {(row[0], row[6]): row for row in session.execute(wanted)}
    yield from newest.values()


def _last_met(session: Session, rep_ids: set[int], day: date) -> dict[tuple[int, int], date]:
    wanted = (
        select(Call.rep_id, Call.main_doctor_id, func.max(Call.day_on))
        .where(Call.rep_id.in_(rep_ids), Call.status == CallStatus.DONE, Call.day_on <= day)
        .where(Call.result != CallResult.DOCTOR_NOT_MET)
        .group_by(Call.rep_id, Call.main_doctor_id)
    )
    return {(rep_id, doctor_id): last for rep_id, doctor_id, last in session.execute(wanted)}
