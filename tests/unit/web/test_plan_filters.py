"""Which doctors the plan page lists."""

from datetime import date

import pytest

from repcrm.accounts.models import DoctorClass, Tier
from repcrm.planning.board import BoardDoctor
from repcrm.web.plan_filters import Filters

DOCTOR = BoardDoctor(
    id=1, name="Wang", doctor_class=DoctorClass.GENERAL, tier=Tier.KEY, rating=None, hospital_id=7, department="Heart",
    goal=8, must=4, planned=2, done=3, missed=1, due=2, last_call_on=date(2026, 11, 10), days_unseen=15,
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({}, True),
        ({"hospital": "7", "tier": "key", "rating": "0", "due": "owed", "unseen": "14"}, True),
        ({"due": "short"}, True),  # 8 due, 3 made, 2 planned
        ({"hospital": "8"}, False),
        ({"tier": "general"}, False),
        ({"rating": "5"}, False),
        ({"unseen": "28"}, False),
        ({"unseen": "x", "tier": "y", "due": "z"}, True),  # nobody can have meant these
    ],
)
def test_a_filter_takes_who_fits(asked, listed):
    assert Filters.read(asked).takes(DOCTOR) is listed


def test_an_address_that_asks_for_the_same_says_only_what_is_chosen():
    assert Filters.read({"rating": "0", "due": "owed", "tier": "key"}).args() == {
        "rating": 0, "due": "owed", "tier": "key",
    }  # fmt: skip
