"""What time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from repcrm.core import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_now_is_aware_and_in_utc():
    with time_machine.travel(datetime(2026, 11, 22, 22, 0, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
        assert clock.now().tzinfo is UTC


def test_monday_six_in_shanghai_is_still_sunday_in_utc():
    with time_machine.travel(datetime(2026, 11, 22, 22, 0, tzinfo=UTC), tick=False):
        assert clock.today(SHANGHAI) == date(2026, 11, 23)
        assert clock.today(UTC) == date(2026, 11, 22)


def test_an_instant_without_a_zone_belongs_to_no_day():
    with pytest.raises(ValueError, match="naive"):
        clock.day_of(datetime(2026, 11, 23, 6, 0), SHANGHAI)
