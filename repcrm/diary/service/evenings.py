"""What is done with evening rounds (S18): shared out among the teams, taken over by another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital, HospitalStatus
from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.periods import days_between
from repcrm.core.words import N_
from repcrm.db.journal import record, values_of
from repcrm.diary.models import Appointment, EveningDuty, EveningRound, TimeOff
from repcrm.diary.openings import falls_on, is_away
from repcrm.diary.rota import EVENINGS_A_WEEK, Duty, Evening, Rota, round_days, share
from repcrm.diary.service.hands import lock_region
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.calendar import holidays_between
from repcrm.organisation.models import Region, User
from repcrm.organisation.territories import Holding, holdings

REMEMBERED = timedelta(weeks=4)
"""How far back evenings count: who joins the team catches up within a month, and what was long ago is forgotten."""
MOST_DAYS = 92
"""So many days are shared out at once: nobody knows their leave further ahead."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shared:
    """What came of sharing out.

    given   evenings that somebody has now
    nobody  day and hospital of those that nobody can take
    """

    given: int
    nobody: tuple[tuple[date, int], ...]


def share_evenings(
    session: Session,
    who: Scope,
    region: Region,
    from_on: date,
    until_on: date,
    *,
    today: date,
    now: datetime,
    most_a_week: int = EVENINGS_A_WEEK,
) -> Shared:
    """Share the evening rounds of some days out among the reps who hold the hospitals. Goes into the journal.

    from_on, until_on  half-open; days gone by and evenings settled by hand stay as they are
    most_a_week        evenings of one rep in a week
    raises             RuleBroken for days gone by or too many; NotFound for another region
    """
    if who.role is not Role.LEAD or who.region_id != region.id:
        raise NotFound(N_("There is no such region here."))
    if not 1 <= most_a_week <= 7:
        raise RuleBroken(N_("A week has seven evenings."), field="most_a_week")
    if until_on <= max(from_on, today):
        raise RuleBroken(N_("These days are gone by."), field="from_on")
    from_on = max(from_on, today)
    if (until_on - from_on).days > MOST_DAYS:
        raise RuleBroken(N_("Share out at most %(most)s days at once."), field="to_on", most=MOST_DAYS)
    lock_region(session, region.id)
    kept = _clear(session, region.id, from_on, until_on)
    rota = _rota(session, region.id, from_on, until_on, kept, most_a_week)
    rows = [EveningDuty(hospital_id=one.hospital_id, day_on=one.on, rep_id=one.rep_id) for one in rota.duties]
    session.add_all(rows)
    session.flush()
    if rows:
        after = {"from_on": from_on, "until_on": until_on, "evenings": len(rows), "nobody": len(rota.nobody)}
        record(session, who.user_id, "evening_duty", rows[0].id, "share_evenings", None, after, at=now)
    return Shared(len(rota.duties), tuple((one.on, one.hospital_id) for one in rota.nobody))


def swap_evening(
    session: Session, who: Scope, duty: EveningDuty, rep: User, *, today: date, now: datetime, version: int | None
) -> EveningDuty:
    """Let another rep of the team take an evening; it is settled by hand from then on. Goes into the journal.

    rep      a rep takes an evening over from a colleague; a lead gives it to anybody of the team
    version  the one the writer was shown; None skips the check
    raises   RuleBroken for an evening gone by, a rep who does not hold the hospital, is away or elsewhere then;
             NotFound for a rep who would give it to somebody else; Conflict if somebody else was faster
    """
    region_id = duty.hospital.region_id
    if not (who.role is Role.LEAD and who.region_id == region_id) and who.user_id != rep.id:
        raise NotFound(N_("There is no such evening round here."))
    lock_region(session, region_id)
    fresh = session.scalar(
        select(EveningDuty).where(EveningDuty.id == duty.id).execution_options(populate_existing=True)
    )
    if fresh is None:
        raise NotFound(N_("There is no such evening round here."))
    if version is not None and fresh.version != version:
        raise Conflict(N_("Somebody else has changed this in the meantime. Look at it again, then repeat your change."))
    if fresh.day_on < today:
        raise RuleBroken(N_("This evening is gone by."))
    _check_can(session, fresh, rep)
    before = _values(fresh)
    fresh.rep_id, fresh.is_locked, fresh.version = rep.id, True, fresh.version + 1
    session.flush()
    record(session, who.user_id, "evening_duty", fresh.id, "swap_evening", before, _values(fresh), at=now)
    return fresh


def _clear(session: Session, region_id: int, from_on: date, until_on: date) -> list[Duty]:
    """Take back what was shared out of some days; returns what counts: settled by hand, or not long gone by."""
    here = select(EveningDuty).join(Hospital, Hospital.id == EveningDuty.hospital_id)
    here = here.where(Hospital.region_id == region_id, EveningDuty.day_on >= from_on - REMEMBERED)
    kept = []
    for one in session.scalars(here.order_by(EveningDuty.day_on, EveningDuty.id)):
        if from_on <= one.day_on < until_on and not one.is_locked:
            session.delete(one)
        else:
            kept.append(Duty(one.day_on, one.hospital_id, one.rep_id))
    session.flush()
    return kept


def _rota(session: Session, region_id: int, from_on: date, until_on: date, kept: list[Duty], most_a_week: int) -> Rota:
    days = days_between(from_on, until_on)
    rounds = select(EveningRound.hospital_id, EveningRound.weekday).join(Hospital)
    rounds = rounds.where(Hospital.region_id == region_id, Hospital.status == HospitalStatus.ACTIVE)
    wanted = round_days(session.execute(rounds).all(), days, holidays_between(session, region_id, from_on, until_on))
    held = holdings(session, region_id=region_id, from_on=from_on, until_on=until_on)
    reps = select(User.id).where(User.region_id == region_id, User.role == Role.REP, User.is_active)
    active = set(session.scalars(reps))
    settled = {(duty.on, duty.hospital_id) for duty in kept}
    evenings = [
        Evening(day, hospital_id, _team(held, hospital_id, day) & active)
        for day, hospital_id in wanted
        if (day, hospital_id) not in settled
    ]
    return share(evenings, _away(session, region_id, active, days), kept, most_a_week)


def _team(held: Iterable[Holding], hospital_id: int, day: date) -> frozenset[int]:
    """Who holds a product of a hospital on a day."""
    return frozenset(
        one.rep_id
        for one in held
        if one.hospital_id == hospital_id and one.from_on <= day and (one.until_on is None or day < one.until_on)
    )


def _away(session: Session, region_id: int, reps: Iterable[int], days: list[date]) -> set[tuple[int, date]]:
    """Rep and day: on leave, or at an appointment that evening."""
    until_on = days[-1] + ONE_DAY
    absences = session.scalars(
        select(TimeOff).where(TimeOff.rep_id.in_(reps), TimeOff.from_on < until_on, TimeOff.until_on > days[0])
    ).all()
    evenings = session.scalars(
        select(Appointment).where(
            Appointment.region_id == region_id, Appointment.part == DayPart.EVE, Appointment.from_on < until_on
        )
    ).all()
    return {
        (rep, day)
        for rep in reps
        for day in days
        if is_away([one for one in absences if one.rep_id == rep], day, DayPart.EVE)
        or any(one.rep_id in (None, rep) and falls_on(one, day) for one in evenings)
    }


def _check_can(session: Session, duty: EveningDuty, rep: User) -> None:
    day = duty.day_on
    held = holdings(session, hospital_ids=[duty.hospital_id], rep_id=rep.id, from_on=day, until_on=day + ONE_DAY)
    if not held or not rep.is_active:
        raise RuleBroken(N_("%(rep)s does not hold this hospital on that day."), field="rep_id", rep=rep.name)
    if _away(session, duty.hospital.region_id, [rep.id], [day]):
        raise RuleBroken(N_("%(rep)s is away that evening."), field="rep_id", rep=rep.name)
    elsewhere = select(EveningDuty.id).where(
        EveningDuty.rep_id == rep.id, EveningDuty.day_on == day, EveningDuty.id != duty.id
    )
    if session.scalar(elsewhere) is not None:
        raise RuleBroken(N_("%(rep)s is in another hospital that evening."), field="rep_id", rep=rep.name)


def _values(duty: EveningDuty) -> dict[str, object]:
    return values_of(duty, "hospital_id", "day_on", "rep_id", "is_locked")
