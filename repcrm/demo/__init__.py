"""The demo company, built through the services, the same every time."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from repcrm.demo.diary import keep_diaries
from repcrm.demo.doctors import register_doctors
from repcrm.demo.facts import read_facts
from repcrm.demo.flow import plan_flow
from repcrm.demo.holding import give_out
from repcrm.demo.market import open_hospitals, stock_catalogue
from repcrm.demo.mondays import plan_mondays
from repcrm.demo.people import hire
from repcrm.demo.plans import plan_cycle
from repcrm.demo.sheets import plan_field_work
from repcrm.demo.splits import plan_splits
from repcrm.demo.targets import plan_targets
from repcrm.demo.world import FULL, SMALL, Say, Size, World
from repcrm.paths import SEED

__all__ = ["FULL", "SMALL", "Size", "build"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENDS_AT = time(11, 40)
"""History stops in the middle of a working day, so that there is something left to do in it."""


def build(
    session: Session,
    today: date,
    now: datetime | None = None,
    *,
    size: Size = FULL,
    zone: ZoneInfo = SHANGHAI,
    say: Say = lambda line: None,
) -> None:
    """Build the demo company and let its history happen, up to this morning.

    session  on an empty database, its transaction open; flushed, not committed: an interrupted build leaves nothing
    today    the business day that history ends on
    now      aware; history ends at this minute, or at twenty to twelve if that is earlier, as it does for None
    size     FULL, or SMALL for tests
    say      told how far it is, a line now and then

    The same day, minute and size give the same rows, keys included, on any machine.
    """
    ends_at = datetime.combine(today, ENDS_AT, zone)
    world = World(
        session=session,
        facts=read_facts(SEED),
        size=size,
        now=min(now.astimezone(zone), ends_at) if now else ends_at,
        zone=zone,
        say=say,
    )
    with session.no_autoflush:
        _found(world)
        _plan_history(world)
        _live(world)


def _found(world: World) -> None:
    hire(world)
    stock_catalogue(world)
    open_hospitals(world)
    register_doctors(world)
    give_out(world)
    world.say(f"{len(world.hospitals)} hospitals, {len(world.people)} doctors, {len(world.reps)} reps")


def _plan_history(world: World) -> None:
    plan_flow(world)
    plan_targets(world)
    plan_splits(world)
    keep_diaries(world)
    plan_cycle(world)
    plan_field_work(world)
    plan_mondays(world)


def _live(world: World) -> None:
    """Let everything happen, telling each month as it begins."""
    months = {month.from_on: place for place, month in enumerate(world.months())}
    told = None
    for at in world.go_through():
        first = at.date().replace(day=1)
        if first != told and first in months:
            world.say(f"{first:%Y-%m}: {100 * months[first] // len(months)} %")
            told = first
