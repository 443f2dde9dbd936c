"""Evening rounds shared out, and taken over."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.diary import queries
from repcrm.diary.models import EveningDuty
from repcrm.diary.service import Shared, set_rounds, share_evenings, swap_evening
from tests.factories import make_calendar_day, make_evening_duty, make_hospital, make_lead, make_rep, make_user
from tests.service.diary.conftest import NOW, TODAY, Team

MONDAY = date(2026, 11, 30)
WEEK = (MONDAY, MONDAY + timedelta(days=7))


@pytest.fixture
def rounds(team: Team) -> Team:
    """The hospital keeps an evening round from Monday to Thursday."""
    set_rounds(team.session, team.scope(team.lead), team.hospital, [1, 2, 3, 4], now=NOW)
    return team


def share(team: Team, from_on: date = WEEK[0], until_on: date = WEEK[1], most: int = 2, today: date = TODAY) -> Shared:
    who = team.scope(team.lead)
    return share_evenings(team.session, who, team.region, from_on, until_on, today=today, now=NOW, most_a_week=most)


def takers(team: Team) -> list[int]:
    return list(team.session.scalars(select(EveningDuty.rep_id).order_by(EveningDuty.day_on)))


def test_the_team_takes_turns(rounds: Team) -> None:
    assert share(rounds) == Shared(4, ())
    assert takers(rounds) == [rounds.rep.id, rounds.colleague.id] * 2
    (verb, _before, after), = rounds.journal("evening_duty")  # fmt: skip
    assert (verb, after) == (
        "share_evenings",
        {"from_on": "2026-11-30", "until_on": "2026-12-07", "evenings": 4, "nobody": 0},
    )


def test_whoever_is_away_or_elsewhere_that_evening_is_spared(rounds: Team) -> None:
    rounds.takes_off(MONDAY, MONDAY + timedelta(days=1))
    rounds.meets(rep_id=rounds.colleague.id, weekday=2, part=DayPart.EVE, starts_at_time=None)
    share(rounds)
    assert takers(rounds)[:2] == [rounds.colleague.id, rounds.rep.id]


def test_time_off_in_the_morning_leaves_the_evening(rounds: Team) -> None:
    rounds.takes_off(*WEEK, DayPart.AM)
    share(rounds)
    assert Counter(takers(rounds)) == {rounds.rep.id: 2, rounds.colleague.id: 2}


def test_evenings_nobody_can_take_are_named(rounds: Team) -> None:
    assert share(rounds, most=1) == Shared(
        2, ((date(2026, 12, 2), rounds.hospital.id), (date(2026, 12, 3), rounds.hospital.id))
    )


def test_only_people_who_work_here_and_hold_the_hospital_that_day_are_asked(rounds: Team) -> None:
    rounds.colleague.is_active = False
    make_rep(rounds.session, region=rounds.region)
    share(rounds)
    assert takers(rounds) == [rounds.rep.id] * 2


def test_nobody_goes_on_a_public_holiday(rounds: Team) -> None:
    make_calendar_day(rounds.session, on=MONDAY)
    assert share(rounds).given == 3


def test_shared_out_again_the_past_and_what_was_settled_by_hand_stay(rounds: Team) -> None:
    share(rounds)
    monday, _tuesday, wednesday, _thursday = rounds.session.scalars(select(EveningDuty).order_by(EveningDuty.day_on))
    swap_evening(
        rounds.session, rounds.scope(rounds.lead), wednesday, rounds.colleague, today=TODAY, now=NOW, version=1
    )
    rounds.takes_off(date(2026, 12, 1), date(2026, 12, 2))
    share(rounds, today=date(2026, 12, 1))
    kept = queries.evening_duties(rounds.session, rounds.scope(rounds.lead), *WEEK)
    assert kept[0].id == monday.id
    assert (kept[2].id, kept[2].rep_id, kept[2].is_locked) == (wednesday.id, rounds.colleague.id, True)
    assert [duty.rep_id for duty in kept] == [
        rounds.rep.id, rounds.colleague.id, rounds.colleague.id, rounds.rep.id,
    ]  # fmt: skip


def test_who_did_the_last_weeks_is_asked_last(rounds: Team) -> None:
    for number in (1, 2, 3):
        make_evening_duty(
            rounds.session, hospital=rounds.hospital, rep=rounds.rep, day_on=MONDAY - timedelta(days=number)
        )
    make_evening_duty(rounds.session, hospital=rounds.hospital, rep=rounds.colleague, day_on=date(2026, 1, 1))
    share(rounds)
    # 3 and 0 so far, with the week's limit of two: Monday and Tuesday the colleague, then the rep.
    assert takers(rounds)[-4:] == [rounds.colleague.id] * 2 + [rounds.rep.id] * 2


@pytest.mark.parametrize(
    ("from_on", "until_on", "most"),
    [(date(2026, 11, 1), TODAY, 2), (MONDAY, MONDAY, 2), (MONDAY, date(2027, 11, 1), 2), (*WEEK, 0)],
)
def test_days_gone_by_and_too_many_are_refused(rounds: Team, from_on: date, until_on: date, most: int) -> None:
    with pytest.raises(RuleBroken):
        share(rounds, from_on, until_on, most)


def test_only_the_lead_of_the_region_shares_out(rounds: Team) -> None:
    for who in (rounds.rep, make_lead(rounds.session, region_id=rounds.stranger.region_id)):
        with pytest.raises(NotFound):
            share_evenings(rounds.session, rounds.scope(who), rounds.region, *WEEK, today=TODAY, now=NOW)


def test_the_rota_shows_what_nobody_takes_yet(rounds: Team) -> None:
    for who in (rounds.rep, rounds.lead):
        lines = queries.list_evenings(rounds.session, rounds.scope(who), *WEEK)
        assert [(line.on.isoweekday(), line.hospital.id, line.duty) for line in lines] == [
            (weekday, rounds.hospital.id, None) for weekday in (1, 2, 3, 4)
        ]
    assert queries.list_evenings(rounds.session, rounds.scope(rounds.stranger), *WEEK) == []


def test_a_rep_takes_an_evening_over_but_gives_none_away(rounds: Team) -> None:
    share(rounds)
    duty = queries.evening_duties(rounds.session, rounds.scope(rounds.colleague), *WEEK)[0]
    assert duty.rep_id == rounds.rep.id
    with pytest.raises(NotFound):
        swap_evening(rounds.session, rounds.scope(rounds.rep), duty, rounds.colleague, today=TODAY, now=NOW, version=1)
    who = rounds.scope(rounds.colleague)
    swap_evening(rounds.session, who, duty, rounds.colleague, today=TODAY, now=NOW, version=1)
    assert (duty.rep_id, duty.is_locked) == (rounds.colleague.id, True)
    with pytest.raises(Conflict):
        swap_evening(rounds.session, who, duty, rounds.colleague, today=TODAY, now=NOW, version=1)


def test_nobody_takes_an_evening_they_cannot_do(rounds: Team) -> None:
    share(rounds)
    duty = queries.evening_duties(rounds.session, rounds.scope(rounds.lead), *WEEK)[1]
    foreigner = make_user(rounds.session, region=rounds.region)

    def refused(rep: object, today: date = TODAY) -> str:
        with pytest.raises(RuleBroken) as error:
            swap_evening(
                rounds.session, rounds.scope(rounds.lead), duty, rep, today=today, now=NOW, version=None  # type: ignore[arg-type]
            )  # fmt: skip
        return str(error.value)

    assert refused(foreigner).endswith("does not hold this hospital on that day.")
    elsewhere = make_evening_duty(rounds.session, hospital=rounds.clinic, rep=rounds.rep, day_on=duty.day_on)
    assert refused(rounds.rep).endswith("is in another hospital that evening.")
    rounds.session.delete(elsewhere)
    rounds.takes_off(duty.day_on, duty.day_on + timedelta(days=1))
    assert refused(rounds.rep).endswith("is away that evening.")
    assert refused(rounds.rep, today=WEEK[1]) == "This evening is gone by."


def test_strangers_see_no_duty(rounds: Team) -> None:
    share(rounds)
    duty = queries.evening_duties(rounds.session, rounds.scope(rounds.rep), *WEEK, rep_id=rounds.rep.id)[0]
    make_hospital(rounds.session)
    assert queries.evening_duties(rounds.session, rounds.scope(rounds.stranger), *WEEK) == []
    with pytest.raises(NotFound):
        queries.get_evening_duty(rounds.session, rounds.scope(rounds.stranger), duty.id)
