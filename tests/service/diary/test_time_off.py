"""Time off taken and cancelled."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import NotFound, RuleBroken
from repcrm.diary import queries
from repcrm.diary.models import TimeOff
from repcrm.diary.service import Absence, cancel_time_off, take_time_off
from repcrm.diary.terms import TimeOffKind
from tests.factories import make_admin, make_lead
from tests.service.diary.conftest import NOW, TODAY, Team

MONDAY, WEDNESDAY, NEXT_MONDAY = date(2026, 11, 30), date(2026, 12, 2), date(2026, 12, 7)


def kept(team: Team) -> list[tuple[date, date]]:
    return [(one.from_on, one.until_on) for one in team.session.scalars(select(TimeOff).order_by(TimeOff.from_on))]


def test_a_rep_takes_time_off_and_the_lead_sees_it(team: Team) -> None:
    time_off = team.takes_off(MONDAY, WEDNESDAY)
    assert queries.list_time_off(team.session, team.scope(team.lead), MONDAY, NEXT_MONDAY) == [time_off]
    assert [(verb, before) for verb, before, _after in team.journal("time_off")] == [("take_time_off", None)]


def test_a_lead_takes_it_for_a_rep(team: Team) -> None:
    assert team.takes_off(MONDAY, WEDNESDAY, who=team.lead).rep_id == team.rep.id


def test_nobody_writes_in_the_diary_of_a_colleague_or_of_another_region(team: Team) -> None:
    for who in (team.colleague, team.stranger, make_lead(team.session, region_id=team.stranger.region_id)):
        with pytest.raises(NotFound):
            team.takes_off(MONDAY, WEDNESDAY, who=who)
    assert kept(team) == []


@pytest.mark.parametrize(
    ("from_on", "until_on", "field"),
    [(WEDNESDAY, WEDNESDAY, "to_on"), (WEDNESDAY, MONDAY, "to_on"), (MONDAY, date(2028, 1, 1), "to_on")],
)
def test_days_in_the_wrong_order_or_too_many_are_refused(team: Team, from_on: date, until_on: date, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        team.takes_off(from_on, until_on)
    assert refused.value.field == field
    assert kept(team) == []


def test_only_reps_keep_a_diary(team: Team) -> None:
    with pytest.raises(RuleBroken):
        take_time_off(
            team.session, team.scope(team.lead), team.lead, Absence(MONDAY, WEDNESDAY, TimeOffKind.SICK), now=NOW
        )


@pytest.mark.parametrize("part", [None, DayPart.AM])
def test_nobody_is_away_twice(team: Team, part: DayPart | None) -> None:
    team.takes_off(MONDAY, WEDNESDAY)
    with pytest.raises(RuleBroken, match="away from 2026-11-30 to 2026-12-01 already"):
        team.takes_off(date(2026, 12, 1), NEXT_MONDAY, part)
    assert kept(team) == [(MONDAY, WEDNESDAY)]


def test_the_day_after_and_another_part_of_the_day_are_free(team: Team) -> None:
    team.takes_off(MONDAY, WEDNESDAY, DayPart.AM)
    team.takes_off(MONDAY, WEDNESDAY, DayPart.PM)
    team.takes_off(WEDNESDAY, NEXT_MONDAY)
    assert len(kept(team)) == 3


def test_what_is_still_to_come_is_taken_back_whole(team: Team) -> None:
    time_off = team.takes_off(MONDAY, WEDNESDAY)
    cancel_time_off(team.session, team.scope(team.rep), time_off, today=TODAY, now=NOW)
    assert kept(team) == []
    assert [(verb, after) for verb, _before, after in team.journal("time_off")][1:] == [("cancel_time_off", None)]


def test_what_has_begun_ends_today(team: Team) -> None:
    time_off = team.takes_off(MONDAY, NEXT_MONDAY)
    cancel_time_off(team.session, team.scope(team.rep), time_off, today=WEDNESDAY, now=NOW)
    assert kept(team) == [(MONDAY, WEDNESDAY)]


def test_what_is_over_stays(team: Team) -> None:
    time_off = team.takes_off(MONDAY, WEDNESDAY)
    with pytest.raises(RuleBroken):
        cancel_time_off(team.session, team.scope(team.rep), time_off, today=WEDNESDAY, now=NOW)
    assert kept(team) == [(MONDAY, WEDNESDAY)]


def test_a_second_cancelling_finds_nothing(team: Team) -> None:
    time_off = team.takes_off(MONDAY, WEDNESDAY)
    team.session.commit()
    time_off_again = queries.get_time_off(team.session, team.scope(team.lead), time_off.id)
    cancel_time_off(team.session, team.scope(team.rep), time_off, today=TODAY, now=NOW)
    with pytest.raises(NotFound):
        cancel_time_off(team.session, team.scope(team.lead), time_off_again, today=TODAY, now=NOW)


def test_only_the_rep_and_the_lead_see_it(team: Team) -> None:
    time_off = team.takes_off(MONDAY, WEDNESDAY)
    for who in (team.colleague, team.stranger, make_admin(team.session)):
        assert queries.list_time_off(team.session, team.scope(who), MONDAY, NEXT_MONDAY) == []
        with pytest.raises(NotFound):
            queries.get_time_off(team.session, team.scope(who), time_off.id)
