"""A rep's cycle on one page, read in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Session as DayPart
from repcrm.organisation.access import Scope
from repcrm.organisation.queries import names_of
from repcrm.planning.board import (
    Board,
    BoardDay,
    BoardDoctor,
    BoardPart,
    BoardProposal,
    BoardVisit,
    Ghost,
    LeftOut,
    PlanHead,
    Stop,
)
from repcrm.planning.coverage import DoctorCount, coverage
from repcrm.planning.cycle import Cycle
from repcrm.planning.ground import PARTS, Ground
from repcrm.planning.models import CallPlan, ChangeRequest, PlanProposal
from repcrm.planning.proposal import Proposed, read_proposal
from repcrm.planning.queries.field import last_met
from repcrm.planning.queries.ground import ground_of
from repcrm.planning.queries.plans import find_open_proposal, find_plan
from repcrm.planning.queries.scope import get_rep
from repcrm.planning.queries.standing import doctor_names, standing_visits
from repcrm.planning.tally import Tally, calls_due, tally
from repcrm.planning.terms import Change, RequestState


def get_board(session: Session, scope: Scope, rep_id: int, start_on: date, today: date) -> Board:
    """Return a rep's cycle as it stands today.

    start_on  the Monday its cycle begins on
    raises    NotFound for a rep outside the scope, BadInput if no cycle begins on that day
    """
    rep = get_rep(session, scope, rep_id)
    ground = ground_of(session, rep, start_on, today)
    plan = find_plan(session, scope, rep_id, start_on)
    standing = standing_visits(session, scope, rep, ground, plan)
    proposal = find_open_proposal(session, scope, plan.id) if plan else None
    desk = _Desk(ground, standing, proposal, plan.version if plan else 0, _names(session, proposal, ground))
    return Board(
        rep_id=rep.id,
        rep=rep.name,
        cycle=ground.cycle,
        today=today,
        doubts=ground.doubts,
        plan=_head(session, scope, plan) if plan else None,
        weeks=tuple(
            tuple(desk.day(day) for day in ground.days if ground.cycle.week_of(day) == week)
            for week in range(len(ground.cycle.mondays))
        ),
        doctors=desk.doctors(last_met(session, rep, today)),
        hospitals={one.id: one.short_name or one.name for one in ground.field.hospitals.values()},
        coverage=coverage(desk.counts()),
        proposal=desk.proposal(),
        open_requests=_open_requests(session, plan) if plan else 0,
    )


def route_of_day(session: Session, scope: Scope, rep_id: int, day: date) -> BoardDay | None:
    """Return one day of a rep with its way: the hospitals in order, minutes between them, calls at each.

    returns  None for a day on which nobody works
    raises   NotFound for a rep outside the scope
    """
    rep = get_rep(session, scope, rep_id)
    start_on = Cycle.of(day).start_on
    ground = ground_of(session, rep, start_on, scope.on)
    if day not in ground.day_index:
        return None
    standing = standing_visits(session, scope, rep, ground, find_plan(session, scope, rep_id, start_on))
    return _Desk(ground, standing, None, 0, {}).day(day)


@dataclass(frozen=True)
class _Desk:
    """What lies on the desk when the page is put together: everything read, nothing counted yet."""

    ground: Ground
    visits: list[BoardVisit]
    row: PlanProposal | None
    plan_version: int
    names: Mapping[int, str]

    @cached_property
    def tallies(self) -> Mapping[int, Tally]:
        return tally(self.visits)

    @cached_property
    def proposed(self) -> Proposed | None:
        return read_proposal(self.row.body, self.row.taken) if self.row else None

    @property
    def is_outdated(self) -> bool:
        return self.row is not None and self.row.basis_version != self.plan_version

    @cached_property
    def ghosts(self) -> list[Ghost]:
        if self.proposed is None or self.is_outdated:
            return []
        return [
            Ghost(
                one.key, one.doctor_id, self.names[one.doctor_id], one.hospital_id, one.day_on, one.part, one.change,
                one.from_on, one.from_part, one.reasons,
            )
            for one in self.proposed.open_changes
        ]  # fmt: skip

    def day(self, day: date) -> BoardDay:
        ground, policy = self.ground, self.ground.policy
        today = [visit for visit in self.visits if visit.day_on == day]
        busy = [visit for visit in today if visit.takes_time]
        stops: dict[DayPart, set[int]] = {part: set(ground.openings[day, part].presences) for part in PARTS}
        for visit in busy:
            stops[visit.part].add(visit.hospital_id)
        way = ground.way(day, stops)
        route = tuple(
            Stop(
                leg.hospital_id, leg.part, leg.minutes, sum(_is_at(visit, leg.hospital_id, leg.part) for visit in busy)
            )
            for leg in way.legs
        )
        parts = tuple(self._part(day, part, today, route) for part in PARTS)
        return BoardDay(
            day_on=day,
            works=day in ground.works,
            holiday=ground.holidays.get(day),
            parts=parts,
            calls=len(busy),
            most_calls=policy.calls_a_day if day in ground.works else 0,
            hospitals=len({hospital_id for keys in stops.values() for hospital_id in keys}),
            minutes_left=sum(part.minutes_left for part in parts),
            route=route,
            home_minutes=way.home_minutes,
        )

    def _part(self, day: date, part: DayPart, today: Sequence[BoardVisit], route: Sequence[Stop]) -> BoardPart:
        ground, policy = self.ground, self.ground.policy
        opening = ground.openings[day, part]
        stops = [stop for stop in route if stop.part is part]
        hops = sum(stop.minutes for stop in stops[1:])
        taken = policy.entry_minutes * len(stops) + policy.call_minutes * sum(stop.calls for stop in stops) + hops
        return BoardPart(
            part=part,
            minutes=opening.minutes,
            minutes_left=opening.minutes - taken,
            reasons=opening.reasons,
            presences=opening.presences,
            visits=tuple(visit for visit in today if visit.part is part),
            ghosts=tuple(ghost for ghost in self.ghosts if (ghost.day_on, ghost.part) == (day, part)),
        )

    def doctors(self, last: Mapping[int, date]) -> tuple[BoardDoctor, ...]:
        ground = self.ground
        days_gone = sum(day <= ground.today for day in ground.works)
        found = []
        for doctor in ground.field.doctors.values():
            mine, goal = self.tallies[doctor.id], doctor.goal(ground.policy)
            stay = doctor.main_stay(ground.days[ground.now :] or ground.days)
            last_on = max([*mine.done, *([last[doctor.id]] if doctor.id in last else [])], default=None)
            found.append(
                BoardDoctor(
                    id=doctor.id,
                    name=doctor.name,
                    doctor_class=doctor.doctor_class,
                    tier=doctor.tier,
                    rating=doctor.rating,
                    hospital_id=stay.hospital_id,
                    department=stay.department,
                    goal=goal,
                    must=ground.policy.must(doctor.is_key),
                    planned=len(mine.planned),
                    done=len(mine.done),
                    missed=len(mine.missed),
                    due=calls_due(goal, len(mine.done), days_gone, len(ground.works)),
                    last_call_on=last_on,
                    days_unseen=(ground.today - last_on).days if last_on else None,
                )
            )
        return tuple(found)

    def counts(self) -> list[DoctorCount]:
        change = None if self.proposed is None or self.is_outdated else self.proposed.change_by_doctor
        return [
            DoctorCount(
                tier=doctor.tier.value,
                rating=doctor.rating,
                goal=doctor.goal(self.ground.policy),
                done=len(mine.done),
                planned=len(mine.planned),
                proposed=None if change is None else len(mine.planned) + change.get(doctor.id, 0),
            )
            for doctor in self.ground.field.doctors.values()
            for mine in [self.tallies[doctor.id]]
        ]

    def proposal(self) -> BoardProposal | None:
        if self.row is None or self.proposed is None:
            return None
        row, changes = self.row, [one.change for one in self.proposed.open_changes]
        return BoardProposal(
            id=row.id,
            version=row.version,
            kind=row.kind,
            made_at=row.made_at,
            now_on=row.now_on,
            objective=row.objective,
            upper_bound=row.upper_bound,
            seconds=row.seconds,
            is_outdated=self.is_outdated,
            changes={change: changes.count(change) for change in (Change.MOVED, Change.ADDED, Change.DROPPED)},
            left_out=tuple(
                LeftOut(doctor_id, self.names[doctor_id], reasons) for doctor_id, reasons in self.proposed.left_out
            ),
            must=self.proposed.must,
        )


def _is_at(visit: BoardVisit, hospital_id: int, part: DayPart) -> bool:
    return visit.hospital_id == hospital_id and visit.part is part


def _names(session: Session, row: PlanProposal | None, ground: Ground) -> dict[int, str]:
    """The names of the doctors a proposal mentions: one may have left the field since it was made."""
    names = {doctor.id: doctor.name for doctor in ground.field.doctors.values()}
    mentioned = read_proposal(row.body, row.taken).doctor_ids if row else frozenset()
    return names | doctor_names(session, mentioned - names.keys())


def _head(session: Session, scope: Scope, plan: CallPlan) -> PlanHead:
    hands = {one for one in (plan.published_by_id, plan.locked_by_id) if one}
    names = names_of(session, scope, hands) if hands else {}
    return PlanHead(
        id=plan.id,
        version=plan.version,
        status=plan.status,
        published_at=plan.published_at,
        published_by=names.get(plan.published_by_id or 0),
        locked_at=plan.locked_at,
        locked_by=names.get(plan.locked_by_id or 0),
    )


def _open_requests(session: Session, plan: CallPlan) -> int:
    wanted = select(func.count()).select_from(ChangeRequest)
    return session.scalar(wanted.where(ChangeRequest.plan_id == plan.id, ChangeRequest.state == RequestState.OPEN)) or 0
