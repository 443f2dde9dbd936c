"""How far along: attainment, gap, time elapsed, run rate, landing, and the word for it."""

from datetime import date
from fractions import Fraction

from repcrm.core.periods import Period
from repcrm.core.words import N_, Term
from repcrm.core.workdays import WorkCalendar

RUN_RATE_DAYS = 20
"""The working days a run rate looks back on."""


class Status(Term):
    """Where attainment stands against time elapsed."""

    ON_TRACK = "on_track", N_("on track")
    WATCH = "watch", N_("watch")
    BEHIND = "behind", N_("behind")


THRESHOLDS: tuple[tuple[Fraction, Status], ...] = (
    (Fraction(100, 100), Status.ON_TRACK),
    (Fraction(90, 100), Status.WATCH),
)
"""Attainment as a part of what is expected by now -> status, highest first; whatever is lower is behind."""


def attainment(actual: int, target: int | None) -> Fraction | None:
    """Return actual / target, or None where there is no target to measure against (never a false 0 %)."""
    return Fraction(actual, target) if target else None


def gap(target: int | None, actual: int) -> int | None:
    """Return target - actual: above 0 when behind, None without a target."""
    return None if target is None else target - actual


def elapsed(period: Period, as_of: date, calendar: WorkCalendar) -> Fraction:
    """Return the part of a period's working days that has passed.

    as_of    the first day that has not passed yet: today, or the day after the data ends
    returns  0 to 1; a period without any working day has passed when its last day has
    """
    whole = calendar.count(period.from_on, period.until_on)
    if not whole:
        return Fraction(as_of >= period.until_on)
    return Fraction(calendar.count(period.from_on, min(as_of, period.until_on)), whole)


def days_left(period: Period, as_of: date, calendar: WorkCalendar) -> int:
    """Return the working days of a period that have not passed yet, `as_of` included."""
    return calendar.count(max(as_of, period.from_on), period.until_on)


def run_rate(packs: int, working_days: int = RUN_RATE_DAYS) -> Fraction:
    """Return packs a working day.

    packs  the actual of the last `working_days` working days
    """
    return Fraction(packs, working_days)


def landing(actual: int, left: int, rate: Fraction) -> int:
    """Return where the period ends at the present pace, in whole packs (half rounds up).

    actual  packs so far
    left    working days that remain
    rate    packs a working day
    """
    return actual + _nearest(left * rate)


def status(attained: Fraction | None, time_elapsed: Fraction) -> Status | None:
    """Return the word for attainment against time elapsed.

    attained  None where there is no target
    returns   None without a target; on track before any time has passed
    """
    if attained is None:
        return None
    for part, word in THRESHOLDS:
        if attained >= part * time_elapsed:
            return word
    return Status.BEHIND


def needed_per_day(target: int | None, actual: int, left: int) -> Fraction | None:
    """Return the packs a working day still asked for to reach the target, 0 when reached.

    returns  None without a target, or when packs are missing and no working day is left
    """
    if target is None:
        return None
    missing = max(target - actual, 0)
    if not missing:
        return Fraction(0)
    return Fraction(missing, left) if left else None


def _nearest(value: Fraction) -> int:
    return (value + Fraction(1, 2)).__floor__()
