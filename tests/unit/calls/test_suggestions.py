"""Whom to see today, and why."""

from datetime import date
from fractions import Fraction
from typing import Any

from repcrm.calls.suggestions import CALLS_A_DAY, Candidate, Why, suggest

MONDAY = date(2026, 11, 23)
HALF = Fraction(1, 2)


def doctor(doctor_id: int, tier: str = "general", hospital_id: int = 1, **known: Any) -> Candidate:
    return Candidate(doctor_id, hospital_id, tier, **({"sessions": ("am",)} | known))


def test_promises_come_first_the_overdue_before_those_of_today() -> None:
    ranked = suggest(
        [
            doctor(1, "key", last_call_on=date(2026, 11, 20)),
            doctor(2, follow_up_on=MONDAY, sessions=()),
            doctor(3, follow_up_on=date(2026, 11, 20), sessions=()),
        ],
        MONDAY,
        HALF,
    )
    assert [one.candidate.doctor_id for one in ranked] == [3, 2, 1]
    assert [one.reasons[0] for one in ranked] == [Why.FOLLOW_UP_OVERDUE, Why.FOLLOW_UP_TODAY, Why.CLINIC]


def test_who_is_not_in_clinic_today_is_left_out_unless_something_was_promised() -> None:
    assert suggest([doctor(1, sessions=())], MONDAY, HALF) == []
    assert len(suggest([doctor(1, sessions=(), follow_up_on=MONDAY)], MONDAY, HALF)) == 1


def test_a_key_doctor_goes_before_a_general_one() -> None:
    seen: dict[str, Any] = {"last_call_on": date(2026, 11, 16)}
    ranked = suggest(
        [doctor(1, calls_this_month=1, **seen), doctor(2, "key", calls_this_month=4, **seen)], MONDAY, HALF
    )
    assert [one.candidate.doctor_id for one in ranked] == [2, 1]


def test_of_equals_the_one_further_behind_the_month_goes_first() -> None:
    seen: dict[str, Any] = {"last_call_on": date(2026, 11, 16)}
    ranked = suggest([doctor(1, "key", calls_this_month=3, **seen), doctor(2, "key", **seen)], MONDAY, HALF)
    assert [one.candidate.doctor_id for one in ranked] == [2, 1]
    assert Why.BEHIND in ranked[0].reasons
    # Half of the month is over: 4 of 8 calls were due. 0 made lack 4/8, 3 made lack 1/8 of 30 points.
    assert ranked[0].score - ranked[1].score == Fraction(30 * 3, 8)


def test_a_doctor_with_all_calls_of_the_month_is_left_out() -> None:
    assert suggest([doctor(1, calls_this_month=2)], MONDAY, HALF) == []
    assert suggest([doctor(1, "key", calls_this_month=8)], MONDAY, HALF) == []


def test_a_doctor_seen_today_is_not_suggested_again() -> None:
    assert suggest([doctor(1, last_call_on=MONDAY)], MONDAY, HALF) == []


def test_the_list_fills_the_day_and_has_three_more_for_a_full_one() -> None:
    many = [doctor(n) for n in range(1, 30)]
    assert len(suggest(many, MONDAY, HALF)) == CALLS_A_DAY
    assert len(suggest(many, MONDAY, HALF, already=6)) == 4
    assert len(suggest(many, MONDAY, HALF, already=12)) == 3


def test_never_seen_and_long_unseen_are_reasons_of_their_own() -> None:
    ranked = suggest([doctor(1), doctor(2, last_call_on=date(2026, 10, 24))], MONDAY, Fraction(0))
    assert {one.candidate.doctor_id: one.reasons for one in ranked} == {
        1: (Why.CLINIC, Why.NEVER_SEEN),
        2: (Why.CLINIC, Why.LONG_UNSEEN),
    }


def test_the_same_doctors_in_another_order_give_the_same_list() -> None:
    doctors = [doctor(n, hospital_id=n % 3) for n in range(1, 15)]
    assert suggest(doctors, MONDAY, HALF) == suggest(doctors[::-1], MONDAY, HALF)
