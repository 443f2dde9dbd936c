"""What a worker can do: each kind of long work by its name."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from repcrm.core import clock
from repcrm.core.periods import Period
from repcrm.organisation.models import Region, User
from repcrm.planning.service import proposing as planning
from repcrm.reports import service as reports
from repcrm.worker.desk import Desk, MakeSession

Wish = Mapping[str, Any]
Do = Callable[[MakeSession, Wish, Desk], None]
"""Does the work and saves it with `desk.saving` and `desk.finish`.

raises  RepCRMError in words for whoever asked; Stopped where it was stopped before it saved anything
"""


def freeze_report(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Freeze the gap report of a period by hand, or its next revision.

    wish  period, region_id; reason: of a revision, else None
    """
    period, now = Period.parse(wish["period"]), clock.now()
    today = clock.day_of(now, desk.zone)

    def whose(session: Session) -> tuple[Region, User]:
        return session.get_one(Region, wish["region_id"]), session.get_one(User, desk.asked_by_id)

    with make_session() as reading:
        drafted = reports.draft(reading, period, whose(reading)[0], now=now, today=today, step=desk.step)
    desk.stop_if_asked()
    with desk.saving() as session:
        region, actor = whose(session)
        when: dict[str, Any] = {"now": now, "today": today, "actor": actor, "drafted": drafted}
        if wish["reason"] is None:
            snapshot = reports.freeze(session, period, region, **when)
        else:
            snapshot = reports.revise(session, period, region, **when, reason=wish["reason"])
        desk.finish(session, snapshot_id=snapshot.id)


KINDS: Mapping[str, Do] = {"freeze": freeze_report, planning.WORK: planning.propose}
"""Name, as `work.service.ask_for` is given it -> how it is done."""
