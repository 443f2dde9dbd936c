from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from repcrm.accounts.models import Session as DayPart
from repcrm.planning.comparing import Placed, compare
from repcrm.planning.terms import Change

MONDAY = date(2026, 11, 30)


def at(doctor, day, part=DayPart.AM):
    return Placed(doctor, MONDAY + timedelta(days=day), part, 1)


def doctor_of(step):
    place = step.after or step.before
    assert place is not None
    return place.doctor_id


def test_kept_moved_added_and_dropped():
    standing = [at(1, 0), at(1, 2), at(2, 0), at(3, 1), at(4, 0)]
    wanted = [at(1, 0), at(1, 3), at(2, 0, DayPart.PM), at(4, 0), at(4, 2), at(5, 4)]
    steps = [(step.change, doctor_of(step)) for step in compare(standing, wanted)]
    assert steps == [
        (Change.KEPT, 1), (Change.MOVED, 1), (Change.MOVED, 2), (Change.DROPPED, 3), (Change.KEPT, 4),
        (Change.ADDED, 4), (Change.ADDED, 5),
    ]  # fmt: skip


PLANS = st.sets(st.tuples(st.integers(1, 4), st.integers(0, 19)), max_size=30)


@given(PLANS, PLANS)
def test_the_steps_lead_from_one_plan_to_the_other(old, new):
    steps = compare([at(*one) for one in old], [at(*one) for one in new])
    assert {(step.before.doctor_id, step.before.day_on) for step in steps if step.before} == {
        (doctor, MONDAY + timedelta(days=day)) for doctor, day in old
    }
    assert {(step.after.doctor_id, step.after.day_on) for step in steps if step.after} == {
        (doctor, MONDAY + timedelta(days=day)) for doctor, day in new
    }
    for doctor in range(1, 5):
        mine = [step for step in steps if doctor_of(step) == doctor]
        assert not ({Change.ADDED, Change.DROPPED} <= {step.change for step in mine})
