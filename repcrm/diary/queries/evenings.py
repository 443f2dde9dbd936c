"""The rota of evening rounds, within the reader's scope."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from repcrm.accounts.models import Hospital
from repcrm.core.errors import NotFound
from repcrm.core.periods import days_between
from repcrm.core.words import N_
from repcrm.diary.models import EveningDuty
from repcrm.diary.queries.places import evening_rounds_of
from repcrm.diary.queries.scope import duties_in
from repcrm.diary.rota import round_days
from repcrm.organisation.access import Scope
from repcrm.organisation.calendar import holidays_between


@dataclass(frozen=True)
class EveningLine:
    """An evening on which somebody is to be in a hospital; `duty` None: nobody is."""

    on: date
    hospital: Hospital
    duty: EveningDuty | None


def evening_duties(
    session: Session, scope: Scope, from_on: date, until_on: date, rep_id: int | None = None
) -> list[EveningDuty]:
    """Return who goes on which evening round within scope, each with hospital and rep, by day and hospital.

    from_on, until_on  half-open
    rep_id             of one rep only; None: of everybody in scope
    """
    wanted = select(EveningDuty).join(Hospital, Hospital.id == EveningDuty.hospital_id)
    wanted = wanted.options(joinedload(EveningDuty.hospital), joinedload(EveningDuty.rep))
    wanted = wanted.where(duties_in(scope), EveningDuty.day_on >= from_on, EveningDuty.day_on < until_on)
    if rep_id is not None:
        wanted = wanted.where(EveningDuty.rep_id == rep_id)
    return list(session.scalars(wanted.order_by(EveningDuty.day_on, Hospital.name_pinyin, EveningDuty.id)))


def get_evening_duty(session: Session, scope: Scope, duty_id: int) -> EveningDuty:
    """Return who goes on an evening round, with hospital and rep, or raise NotFound outside the scope."""
    wanted = select(EveningDuty).options(joinedload(EveningDuty.hospital), joinedload(EveningDuty.rep))
    found = session.scalar(wanted.where(EveningDuty.id == duty_id, duties_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such evening round here."))
    return found


def list_evenings(session: Session, scope: Scope, from_on: date, until_on: date) -> list[EveningLine]:
    """Return the evenings of some days, those included that nobody takes yet, by day and hospital.

    from_on, until_on  half-open
    """
    duties = evening_duties(session, scope, from_on, until_on)
    lines = [EveningLine(one.day_on, one.hospital, one) for one in duties]
    taken = {(one.day_on, one.hospital_id) for one in duties}
    rounds = [
        (hospital_id, weekday)
        for hospital_id, weekdays in evening_rounds_of(session, scope).items()
        for weekday in weekdays
    ]
    wanted = round_days(
        rounds, days_between(from_on, until_on), holidays_between(session, scope.region_id, from_on, until_on)
    )
    places = select(Hospital).where(Hospital.id.in_({hospital_id for hospital_id, _weekday in rounds}))
    hospitals = {hospital.id: hospital for hospital in session.scalars(places)}
    lines += [EveningLine(on, hospitals[place], None) for on, place in wanted if (on, place) not in taken]
    return sorted(lines, key=lambda line: (line.on, line.hospital.name_pinyin, line.hospital.id))
