"""Appointments made, changed, left out and cancelled."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from repcrm.accounts.models import HospitalStatus
from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.diary import queries
from repcrm.diary.models import Appointment
from repcrm.diary.service import cancel_appointment, change_appointment, skip_appointment
from tests.factories import make_admin, make_hospital
from tests.service.diary.conftest import NOW, TODAY, Team, facts

MONDAY, NEXT_MONDAY, THIRD_MONDAY = date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14)
LATER = date(2026, 12, 9)
"""A Wednesday after the first two meetings."""


def stretches(team: Team) -> list[tuple[date, date | None]]:
    wanted = select(Appointment).order_by(Appointment.from_on)
    return [(one.from_on, one.until_on) for one in team.session.scalars(wanted)]


def test_everybodys_meeting_stands_in_every_diary_of_the_region(team: Team) -> None:
    meeting = team.meets()
    for who in (team.rep, team.colleague, team.lead):
        assert queries.list_appointments(team.session, team.scope(who), MONDAY, NEXT_MONDAY) == [meeting]
    for who in (team.stranger, make_admin(team.session)):
        assert queries.list_appointments(team.session, team.scope(who), MONDAY, NEXT_MONDAY) == []
        with pytest.raises(NotFound):
            queries.get_appointment(team.session, team.scope(who), meeting.id)


def test_a_reps_own_is_seen_by_rep_and_lead_only(team: Team) -> None:
    own = team.meets(team.rep, rep_id=team.rep.id)
    assert queries.list_appointments(team.session, team.scope(team.lead), MONDAY, NEXT_MONDAY, team.rep.id) == [own]
    assert queries.list_appointments(team.session, team.scope(team.lead), MONDAY, NEXT_MONDAY, team.colleague.id) == []
    assert queries.list_appointments(team.session, team.scope(team.colleague), MONDAY, NEXT_MONDAY) == []


def test_a_rep_makes_none_for_others_or_for_everybody(team: Team) -> None:
    for rep_id in (None, team.colleague.id):
        with pytest.raises(NotFound):
            team.meets(team.rep, rep_id=rep_id)


def test_one_that_is_once_ends_the_next_day(team: Team) -> None:
    assert team.meets(weekday=None).until_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"minutes": 4}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"weekday": 8}, "weekday"),
        ({"until_on": MONDAY}, "to_on"),
        ({"starts_at_time": time(15)}, "starts_at_time"),
        ({"part": DayPart.EVE}, "starts_at_time"),
    ],
)
def test_what_is_not_lawful_is_refused(team: Team, said: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        team.meets(**said)
    assert refused.value.field == field
    assert stretches(team) == []


def test_rep_and_hospital_are_of_the_region_and_open(team: Team) -> None:
    closed = make_hospital(team.session, region=team.region, status=HospitalStatus.CLOSED)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"rep_id": team.stranger.id}, "rep_id"),
        ({"rep_id": team.lead.id}, "rep_id"),
        ({"hospital_id": make_hospital(team.session).id}, "hospital_id"),
        ({"hospital_id": closed.id}, "hospital_id"),
    ]
    for said, field in wrong:
        with pytest.raises(RuleBroken) as refused:
            team.meets(**said)
        assert refused.value.field == field


def test_two_at_one_hour_are_refused(team: Team) -> None:
    team.meets()
    with pytest.raises(RuleBroken, match="“Monday meeting” is at the same hour"):
        team.meets(team.rep, rep_id=team.rep.id, weekday=None, from_on=NEXT_MONDAY, starts_at_time=time(8, 45))
    team.meets(team.rep, rep_id=team.rep.id, weekday=None, from_on=NEXT_MONDAY, starts_at_time=time(9))


def test_nobody_is_given_something_while_away(team: Team) -> None:
    team.takes_off(MONDAY, NEXT_MONDAY)
    with pytest.raises(RuleBroken, match="is away then"):
        team.meets(rep_id=team.rep.id, weekday=None, from_on=MONDAY)
    team.meets(rep_id=team.rep.id)


def test_a_change_of_what_is_to_come_changes_it(team: Team) -> None:
    meeting = team.meets()
    changed = change_appointment(
        team.session, team.scope(team.lead), meeting, facts(minutes=45), today=TODAY, now=NOW, version=1
    )
    assert (changed.id, changed.minutes, changed.version) == (meeting.id, 45, 2)
    assert [verb for verb, _before, _after in team.journal("appointment")] == ["make_appointment", "change_appointment"]


def test_a_change_of_what_has_been_begins_today_and_the_past_stays(team: Team) -> None:
    meeting = team.meets()
    changed = change_appointment(
        team.session, team.scope(team.lead), meeting, facts(minutes=45), today=LATER, now=NOW, version=1
    )
    assert stretches(team) == [(MONDAY, LATER), (LATER, None)]
    assert (meeting.minutes, changed.minutes) == (30, 45)


def test_a_change_that_would_end_before_today_is_refused(team: Team) -> None:
    meeting = team.meets()
    with pytest.raises(RuleBroken):
        change_appointment(
            team.session, team.scope(team.lead), meeting, facts(until_on=NEXT_MONDAY), today=LATER, now=NOW
        )


def test_who_saw_an_older_version_is_told(team: Team) -> None:
    meeting = team.meets()
    change_appointment(team.session, team.scope(team.lead), meeting, facts(minutes=45), today=TODAY, now=NOW, version=1)
    with pytest.raises(Conflict):
        cancel_appointment(team.session, team.scope(team.lead), meeting, today=TODAY, now=NOW, version=1)


def test_one_day_is_left_out_and_the_weeks_after_it_go_on(team: Team) -> None:
    meeting = team.meets()
    skip_appointment(team.session, team.scope(team.lead), meeting, NEXT_MONDAY, today=TODAY, now=NOW)
    assert stretches(team) == [(MONDAY, NEXT_MONDAY), (THIRD_MONDAY, None)]


def test_the_first_day_left_out_leaves_the_rest(team: Team) -> None:
    skip_appointment(team.session, team.scope(team.lead), team.meets(), MONDAY, today=TODAY, now=NOW)
    assert stretches(team) == [(NEXT_MONDAY, None)]


def test_the_last_day_left_out_leaves_nothing_after_it(team: Team) -> None:
    meeting = team.meets(until_on=THIRD_MONDAY)
    skip_appointment(team.session, team.scope(team.lead), meeting, NEXT_MONDAY, today=TODAY, now=NOW)
    assert stretches(team) == [(MONDAY, NEXT_MONDAY)]


@pytest.mark.parametrize("day", [date(2026, 12, 8), date(2026, 11, 23)])
def test_a_day_it_is_not_on_cannot_be_left_out(team: Team, day: date) -> None:
    with pytest.raises(RuleBroken):
        skip_appointment(team.session, team.scope(team.lead), team.meets(), day, today=TODAY, now=NOW)


def test_cancelled_before_it_began_it_is_gone(team: Team) -> None:
    cancel_appointment(team.session, team.scope(team.lead), team.meets(), today=TODAY, now=NOW)
    assert stretches(team) == []


def test_cancelled_later_it_ends_today(team: Team) -> None:
    cancel_appointment(team.session, team.scope(team.lead), team.meets(), today=LATER, now=NOW)
    assert stretches(team) == [(MONDAY, LATER)]


def test_one_that_is_over_stays(team: Team) -> None:
    once = team.meets(weekday=None)
    with pytest.raises(RuleBroken):
        cancel_appointment(team.session, team.scope(team.lead), once, today=LATER, now=NOW)


def test_a_rep_does_not_cancel_everybodys(team: Team) -> None:
    meeting = team.meets()
    with pytest.raises(NotFound):
        cancel_appointment(team.session, team.scope(team.rep), meeting, today=TODAY, now=NOW)
