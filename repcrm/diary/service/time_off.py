"""What is done with time off: taken, cancelled."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record, values_of
from repcrm.diary.models import TimeOff
from repcrm.diary.service.hands import check_hand, lock_region
from repcrm.diary.terms import TimeOffKind
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User

LONGEST_DAYS = 366
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Absence:
    """Days on which a rep is away.

    until_on  half-open
    part      the same part of each day; None: whole days
    """

    from_on: date
    until_on: date
    kind: TimeOffKind
    part: DayPart | None = None
    note: str = ""


def take_time_off(session: Session, who: Scope, rep: User, absence: Absence, *, now: datetime) -> TimeOff:
    """Note that a rep is away. Goes into the journal.

    raises  RuleBroken for days in the wrong order, more than a year, or days on which the rep is away already;
            NotFound for somebody else's diary
    """
    check_hand(who, rep.region_id, rep.id)
    check_absence(rep, absence)
    lock_region(session, rep.region_id)
    overlapping = select(TimeOff).where(
        TimeOff.rep_id == rep.id, TimeOff.from_on < absence.until_on, TimeOff.until_on > absence.from_on
    )
    for other in session.scalars(overlapping.order_by(TimeOff.from_on)):
        if None in (other.part, absence.part) or other.part == absence.part:
            raise RuleBroken(
                N_("%(rep)s is away from %(from_on)s to %(to_on)s already."),
                field="from_on", rep=rep.name, from_on=other.from_on, to_on=other.until_on - ONE_DAY,
            )  # fmt: skip
    time_off = TimeOff(rep_id=rep.id, **vars(absence))
    session.add(time_off)
    session.flush()
    record(session, who.user_id, "time_off", time_off.id, "take_time_off", None, _values(time_off), at=now)
    return time_off


def check_absence(rep: User, absence: Absence) -> None:
    """See that time off is lawful for itself.

    raises  RuleBroken naming the field
    """
    if rep.role is not Role.REP:
        raise RuleBroken(N_("%(person)s is not a rep."), field="rep_id", person=rep.name)
    if absence.until_on <= absence.from_on:
        raise RuleBroken(N_("The last day comes before the first."), field="to_on")
    if (absence.until_on - absence.from_on).days > LONGEST_DAYS:
        raise RuleBroken(N_("Time off lasts a year at most."), field="to_on")


def cancel_time_off(session: Session, who: Scope, time_off: TimeOff, *, today: date, now: datetime) -> None:
    """Take time off back: what is still to come of it. Goes into the journal.

    today   one that has begun ends today; the days gone by stay as they were
    raises  RuleBroken for one that is over, NotFound for somebody else's or one that is gone
    """
    check_hand(who, time_off.rep.region_id, time_off.rep_id)
    lock_region(session, time_off.rep.region_id)
    fresh = session.scalar(
        select(TimeOff).where(TimeOff.id == time_off.id).execution_options(populate_existing=True).with_for_update()
    )
    if fresh is None:
        raise NotFound(N_("There is no such time off here."))
    if fresh.until_on <= today:
        raise RuleBroken(N_("This time off is over: it stays as it was."))
    before, after = _values(fresh), None
    if fresh.from_on < today:
        fresh.until_on = today
        after = _values(fresh)
    else:
        session.delete(fresh)
    session.flush()
    record(session, who.user_id, "time_off", time_off.id, "cancel_time_off", before, after, at=now)


def _values(time_off: TimeOff) -> dict[str, object]:
    return values_of(time_off, "rep_id", "from_on", "until_on", "part", "kind", "note")
