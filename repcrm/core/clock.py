"""What time it is. Nothing else in the product asks the machine; everything else is told."""

from datetime import UTC, date, datetime, tzinfo


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: tzinfo) -> date:
    """The date that the calendar on the wall of the office shows now.

    zone     the business time zone
    returns  a date; near midnight it is not the date in UTC
    """
    return day_of(now(), zone)


def day_of(instant: datetime, zone: tzinfo) -> date:
    """The business day an instant belongs to.

    instant  aware
    zone     the business time zone
    returns  the date in that zone
    raises   ValueError for a naive instant: nobody can tell which day it means
    """
    if instant.tzinfo is None:
        raise ValueError("a naive datetime belongs to no day")
    return instant.astimezone(zone).date()
