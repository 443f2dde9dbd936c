"""The agenda: half an hour, what comes back, how an action stands, what a fact asks for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from repcrm.core.periods import Period
from repcrm.core.workdays import DayKind, SpecialDay, WorkCalendar
from repcrm.meeting.agenda import (
    MINUTES,
    OF_THE_LEAD,
    TO_DO,
    by_urgency,
    carried_over,
    facts_about,
    meeting_day,
    owner_of,
    reps_in_order,
    standing,
    stops,
    to_do,
    weeks_between,
)
from repcrm.meeting.terms import ActionStatus, Standing, Topic
from repcrm.reports.body import STORED, Body
from repcrm.reports.sentences import FACTS


@dataclass
class AMeeting:
    id: int
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass
class AnAction:
    id: int
    review_id: int
    due_on: date
    status: ActionStatus = ActionStatus.OPEN
    closed_at: datetime | None = None


def at(day, hour=9):
    return datetime(2026, 11, day, hour, tzinfo=UTC)


LAST = AMeeting(2, at(16), at(16, 10))


def ids(actions):
    return [action.id for action in actions]


def test_the_topics_take_half_an_hour_and_begin_with_what_was_promised():
    assert list(MINUTES) == list(Topic)
    assert sum(MINUTES.values()) == 30
    assert next(iter(Topic)) is Topic.LAST_ACTIONS


def test_open_actions_of_any_earlier_meeting_come_back_the_longest_due_first():
    actions = [AnAction(1, 2, date(2026, 11, 23)), AnAction(2, 1, date(2026, 11, 9)), AnAction(3, 2, date(2026, 11, 9))]
    assert ids(carried_over(actions, LAST)) == [2, 3, 1]


def test_what_was_closed_since_the_last_meeting_is_heard_once_after_the_open_ones():
    done = ActionStatus.DONE
    actions = [
        AnAction(1, 1, date(2026, 11, 9), done, at(16, 9)),  # reported in the last meeting
        AnAction(2, 1, date(2026, 11, 9), done, at(18)),
        AnAction(3, 1, date(2026, 11, 20)),
        AnAction(4, 1, date(2026, 11, 9), ActionStatus.DROPPED, at(19)),
    ]
    assert ids(carried_over(actions, LAST)) == [3, 2, 4]


def test_what_the_last_meeting_decided_is_heard_even_if_it_was_done_on_the_spot():
    assert ids(carried_over([AnAction(1, 2, date(2026, 11, 16), ActionStatus.DONE, at(16, 9))], LAST)) == [1]


def test_a_last_meeting_that_nobody_closed_counts_from_its_opening():
    last = AMeeting(2, at(16))
    actions = [
        AnAction(1, 1, date(2026, 11, 9), ActionStatus.DONE, at(16, 9)),
        AnAction(2, 1, date(2026, 11, 9), ActionStatus.DONE, at(15)),
    ]
    assert ids(carried_over(actions, last)) == [1]


def test_the_first_meeting_hears_of_nothing():
    assert carried_over([], None) == []


@pytest.mark.parametrize(
    ("status", "due", "found"),
    [
        (ActionStatus.OPEN, date(2026, 11, 22), Standing.OVERDUE),
        (ActionStatus.OPEN, date(2026, 11, 23), Standing.DUE),
        (ActionStatus.OPEN, date(2026, 11, 24), Standing.OPEN),
        (ActionStatus.DONE, date(2026, 11, 1), Standing.DONE),
        (ActionStatus.DROPPED, date(2026, 11, 1), Standing.DROPPED),
    ],
)
def test_how_an_action_stands(status, due, found):
    assert standing(AnAction(1, 1, due, status), date(2026, 11, 23)) is found


@pytest.mark.parametrize(
    ("decided", "heard", "weeks"),
    [("2026-W47", "2026-W47", 0), ("2026-W52", "2027-W01", 2), ("2026-W46", "2026-W47", 1)],
)
def test_how_often_an_action_has_come_back(decided, heard, weeks):
    assert weeks_between(decided, heard) == weeks  # 2026 has a week 53


def test_the_meeting_is_on_monday_or_the_first_working_day_after():
    week = Period.parse("2026-W40")
    assert meeting_day(Period.parse("2026-W47"), WorkCalendar([])) == date(2026, 11, 23)
    holidays = WorkCalendar([SpecialDay(date(2026, 10, day), DayKind.HOLIDAY) for day in range(1, 8)])
    assert week.until_on == date(2026, 10, 5)
    assert meeting_day(week, holidays) == date(2026, 10, 8)


def stored(level, rep=None, hospital=None, product=None, **measures):
    return [level, rep, hospital, product, *(measures.get(name, 0) for name in STORED)]


@pytest.fixture
def body():
    rows = [
        stored("region", floor=300, actual=200),
        stored("rep", 0, floor=100, actual=100, floor_fen=10_000, actual_fen=10_000),
        stored("rep", 1, floor=200, actual=100, floor_fen=20_000, actual_fen=10_000),
        stored("rep", None),
    ]
    return Body(
        {
            "period": "2026-W47", "calendar": {"horizon": "2026-11"}, "rows": rows, "doctor_rows": [],
            "reps": [[7, "R1", "Ann"], [8, "R2", "Ben"]], "hospitals": [[5, "H1", "First Hospital"]],
            "products": [[3, "P1", "Alpha", "box"]], "doctors": [[9, "D1", "Dr Li", "chief", "key"]],
        }
    )  # fmt: skip


def test_whoever_is_further_behind_comes_first_and_nobody_is_left_away_unless_empty(body):
    assert [row.rep for row in reps_in_order(body)] == [1, 0]


def test_the_slides_follow_the_agenda_with_one_a_rep(body):
    assert [(stop.key, stop.rep) for stop in stops(body)] == [
        ("actions", None), ("figures", None), ("trend", None), ("products", None), ("rep", 1), ("rep", 0),
        ("facts", None), ("decide", None), ("next", None),
    ]  # fmt: skip


def english(words):
    return words


def test_a_fact_asks_for_an_action_in_words_with_its_numbers(body):
    fact = {
        "code": "gap_missed_calls",
        "rep": 0,
        "hospital": 0,
        "packs": "1,200",
        "missed": "3",
        "planned": 9,
        "fen": 1,
    }
    assert to_do(fact, body, english) == "Make up 3 missed calls at First Hospital, 1,200 packs behind"
    assert owner_of(fact, body) == "R1"


@pytest.mark.parametrize(("days", "ending"), [("40", "last met 40 days ago"), (None, "not met yet")])
def test_a_doctor_who_was_never_met_is_said_to_be(body, days, ending):
    fact = {"code": "top_doctor_unseen", "rep": 1, "hospital": 0, "product": 0, "doctor": 0, "rating": 7, "days": days}
    assert to_do(fact, body, english) == f"See Dr Li at First Hospital, rated 7 for Alpha, {ending}"


def test_what_only_the_lead_can_do_is_the_leads(body):
    assert owner_of({"code": "late_data", "source": "X"}, body) is None
    assert owner_of({"code": "sold_without_target", "rep": 1}, body) is None


def test_the_calendar_asks_for_nothing(body):
    assert to_do({"code": "provisional_calendar", "year": 2027}, body, english) is None


def test_every_kind_of_fact_has_its_action():
    assert set(FACTS) - set(TO_DO) == {"provisional_calendar", "missing_calendar"}
    assert set(TO_DO) <= set(FACTS)
    assert set(FACTS) >= OF_THE_LEAD


def test_facts_of_a_rep_or_a_hospital():
    facts: list[dict[str, Any]] = [
        {"rep": 0, "hospital": 1},
        {"rep": 1, "hospital": 1},
        {"code": "late_data"},
        {"rep": 0},
    ]
    assert facts_about(enumerate(facts), ()) == [0, 1, 2, 3]
    assert facts_about(enumerate(facts), (0,)) == [0, 3]
    assert facts_about(enumerate(facts), (0, 1)) == [0]
    assert facts_about(enumerate(facts), (None,)) == []


def test_two_facts_of_every_kind_come_before_the_third_of_any():
    codes = ["calls", "calls", "calls", "stock", "calls", "stock"]
    assert by_urgency([0, 1, 2, 3, 4, 5], codes) == [0, 1, 3, 5, 2, 4]
    assert by_urgency([2, 4], codes) == [2, 4]
