"""When the clock's jobs are due; values worked out from a calendar on the wall."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
import pytest

from repcrm.cli.job import command
from repcrm.core.errors import NotFound
from repcrm.core.periods import Period
from repcrm.scheduler.jobs import JOBS, due_at, due_periods, get_job

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK, MONTH, QUARTER = JOBS


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def periods(*texts: str) -> list[Period]:
    return [Period.parse(text) for text in texts]


@pytest.mark.parametrize(
    ("job", "period", "utc"),
    [
        (WEEK, "2026-W47", datetime(2026, 11, 22, 22, tzinfo=UTC)),  # Monday 23 November 06:00 in Shanghai
        (MONTH, "2026-11", datetime(2026, 11, 30, 22, tzinfo=UTC)),
        (QUARTER, "2026-Q4", datetime(2026, 12, 31, 22, tzinfo=UTC)),
    ],
)
def test_a_job_is_due_at_six_on_the_first_day_after_its_period(job, period, utc):
    assert due_at(job, Period.parse(period), SHANGHAI) == utc


def test_a_week_is_not_due_before_six_on_monday():
    done = periods("2026-W46")
    assert due_periods(WEEK, done, at("2026-11-23 05:59:59"), SHANGHAI) == []
    assert due_periods(WEEK, done, at("2026-11-23 06:00:00"), SHANGHAI) == periods("2026-W47")


def test_what_was_missed_while_the_machine_was_off_is_due_oldest_first():
    done = periods("2026-W43", "2026-W45")
    due = due_periods(WEEK, done, at("2026-11-26 12:00"), SHANGHAI)
    assert due == periods("2026-W44", "2026-W46", "2026-W47")


def test_a_region_without_history_begins_with_the_period_that_ended_last():
    assert due_periods(WEEK, [], at("2026-11-25 12:00"), SHANGHAI) == periods("2026-W47")
    assert due_periods(MONTH, [], at("2026-11-25 12:00"), SHANGHAI) == periods("2026-10")
    assert due_periods(QUARTER, [], at("2026-11-25 12:00"), SHANGHAI) == periods("2026-Q3")


def test_a_clock_that_is_set_back_makes_nothing_due_again():
    done = periods("2026-W46", "2026-W47")
    assert due_periods(WEEK, done, at("2026-11-20 12:00"), SHANGHAI) == []


def test_week_53_comes_before_week_1():
    due = due_periods(WEEK, periods("2026-W52"), at("2027-01-11 06:00"), SHANGHAI)
    assert due == periods("2026-W53", "2027-W01")


def test_daylight_saving_does_not_move_six_in_the_morning():
    berlin = ZoneInfo("Europe/Berlin")
    # The clocks of Berlin go back on Sunday 25 October 2026, the last day of week 43.
    assert due_at(WEEK, Period.parse("2026-W42"), berlin) == datetime(2026, 10, 19, 4, tzinfo=UTC)
    assert due_at(WEEK, Period.parse("2026-W43"), berlin) == datetime(2026, 10, 26, 5, tzinfo=UTC)


def test_an_unknown_job_is_not_found():
    with pytest.raises(NotFound, match="review_week, freeze_month, freeze_quarter"):
        get_job("freeze_century")


def test_every_job_has_a_twin_on_the_command_line():
    twin = next(parameter for parameter in command.commands["run"].params if parameter.name == "name")
    assert isinstance(twin.type, click.Choice)
    assert list(twin.type.choices) == [job.name for job in JOBS]
