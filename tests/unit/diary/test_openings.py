"""What is left of a rep's day."""

from dataclasses import dataclass
from datetime import date

import pytest

from repcrm.core.workdays import DayKind, SpecialDay, WorkCalendar
from repcrm.diary.openings import Opening, Reason, falls_on, openings_of
from repcrm.diary.terms import AppointmentKind, Hindrance, TimeOffKind

MONDAY, TUESDAY, WEDNESDAY, SATURDAY = (date(2026, 11, day) for day in (23, 24, 25, 28))
ORDINARY = {"am": 210, "pm": 210, "eve": 90}


@dataclass
class Leave:
    from_on: date = MONDAY
    until_on: date | None = TUESDAY
    part: str | None = None
    kind: TimeOffKind = TimeOffKind.ANNUAL


@dataclass
class Meeting:
    """Half an hour on Monday mornings, since ever and for ever."""

    from_on: date = date(2026, 1, 1)
    until_on: date | None = None
    weekday: int | None = 1
    part: str = "am"
    minutes: int = 30
    hospital_id: int | None = None
    kind: AppointmentKind = AppointmentKind.TEAM_MEETING
    title: str = "Monday meeting"


def left(day=MONDAY, absences=(), fixtures=(), rounds=(), special=()):
    found = openings_of([day], ORDINARY, WorkCalendar(special), absences, fixtures, rounds, "eve")
    return {part: opening for (_day, part), opening in found.items()}


def test_an_ordinary_day_is_open():
    assert left() == {"am": Opening(210), "pm": Opening(210), "eve": Opening(90)}


@pytest.mark.parametrize(
    ("day", "special"), [(SATURDAY, ()), (MONDAY, [SpecialDay(MONDAY, DayKind.HOLIDAY)])], ids=["weekend", "holiday"]
)
def test_a_day_nobody_works_is_closed_and_its_meetings_fall_out(day, special):
    found = left(day, fixtures=[Meeting(weekday=None, from_on=day, hospital_id=4)], special=special)
    assert found["am"] == Opening(0, (Reason(Hindrance.NOT_WORKED, 210),))


def test_a_make_up_day_is_open():
    assert left(SATURDAY, special=[SpecialDay(SATURDAY, DayKind.MAKEUP)])["am"] == Opening(210)


def test_a_meeting_takes_its_minutes_of_its_part():
    found = left(fixtures=[Meeting()])
    assert found["am"] == Opening(
        180, (Reason(Hindrance.APPOINTMENT, 30, AppointmentKind.TEAM_MEETING, "Monday meeting"),)
    )
    assert found["pm"] == Opening(210)


def test_meetings_never_take_more_than_there_is():
    found = left(fixtures=[Meeting(minutes=200), Meeting(minutes=60)])
    assert found["am"].minutes == 0
    assert [reason.minutes for reason in found["am"].reasons] == [200, 10]


def test_time_off_closes_the_day_and_a_meeting_there_no_longer_binds():
    found = left(absences=[Leave()], fixtures=[Meeting(hospital_id=4)], rounds=[(MONDAY, 5)])
    assert set(found.values()) == {
        Opening(0, (Reason(Hindrance.TIME_OFF, minutes, TimeOffKind.ANNUAL),)) for minutes in (210, 90)
    }


def test_time_off_of_a_part_leaves_the_others():
    found = left(absences=[Leave(part="pm")])
    assert [opening.minutes for opening in found.values()] == [210, 0, 90]


def test_a_department_meeting_takes_minutes_and_binds_the_place():
    found = left(fixtures=[Meeting(kind=AppointmentKind.DEPARTMENT_MEETING, minutes=45, hospital_id=4)])
    assert (found["am"].minutes, found["am"].presences) == (165, (4,))


def test_a_joint_visit_binds_the_place_and_takes_no_minutes():
    found = left(fixtures=[Meeting(kind=AppointmentKind.JOINT_VISIT, minutes=120, hospital_id=4)])
    assert found["am"] == Opening(210, (), (4,))


def test_an_evening_round_binds_the_evening_of_its_day():
    assert left(rounds=[(MONDAY, 5), (TUESDAY, 6)])["eve"] == Opening(90, (), (5,))


@pytest.mark.parametrize(
    ("meeting", "days"),
    [
        (Meeting(), [MONDAY]),
        (Meeting(weekday=None, from_on=TUESDAY, until_on=WEDNESDAY), [TUESDAY]),
        (Meeting(from_on=TUESDAY), []),
        (Meeting(until_on=MONDAY), []),
    ],
)
def test_something_weekly_is_on_its_weekday_within_its_stretch(meeting, days):
    assert [day for day in (MONDAY, TUESDAY, WEDNESDAY) if falls_on(meeting, day)] == days
