"""The verbs of the Monday review."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.workdays import WorkCalendar
from repcrm.meeting.models import Review
from repcrm.reports.models import ReportSnapshot


def open_review(session: Session, snapshot: ReportSnapshot, calendar: WorkCalendar, *, now: datetime) -> Review:
    """Open the meeting about a week's report, once; a revised report is what an open meeting shows from then on.

    snapshot  of a week
    returns   the review of that region and week, on the first working day after the week
    """
    review = session.scalar(
        select(Review).where(Review.region_id == snapshot.region_id, Review.period == snapshot.period)
    )
    if review is None:
        review = Review(
            region_id=snapshot.region_id,
            period=snapshot.period,
            snapshot_id=snapshot.id,
            meets_on=_meeting_day(snapshot.until_on, calendar),
            opened_at=now,
        )
        session.add(review)
    elif review.closed_at is None:
        review.snapshot_id = snapshot.id
    session.flush()
    return review


def _meeting_day(monday: date, calendar: WorkCalendar) -> date:
    """The Monday after the week, or the first working day after it when that is a holiday."""
    return next((day for day in calendar.days(monday, date.fromordinal(monday.toordinal() + 14))), monday)
