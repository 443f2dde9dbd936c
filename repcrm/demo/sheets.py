"""The demo company's call sheets: week after week planned, filled, handed in and reviewed by the lead."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from repcrm.calls import service
from repcrm.calls.models import CallSheet
from repcrm.calls.terms import SheetStatus
from repcrm.core.periods import Period, PeriodKind
from repcrm.demo.diary import days_off
from repcrm.demo.field import Desk
from repcrm.demo.world import World

LIVE_WEEKS = 6
"""So many weeks, the running one included, are written day by day; those before are taken over week by week."""


def plan_field_work(world: World) -> None:
    """Put every rep's weeks on the agenda."""
    desks = [Desk(world, rep, place) for place, rep in enumerate(world.reps)]
    this_week = Period.of(PeriodKind.WEEK, world.today)
    week = Period.of(PeriodKind.WEEK, world.begins_on)
    live_from = this_week.trail(LIVE_WEEKS)[0]
    while week <= this_week:
        days = [day for day in world.working_days(week.from_on, week.until_on) if day >= world.begins_on]
        for desk in desks if days else ():
            if week < live_from:
                _plan_past_week(world, desk, days)
            else:
                there = [day for day in days if day not in days_off(world, desk.rep)]
                _plan_week(world, desk, there, is_last=week.next() == this_week)
        week = week.next()


def _plan_past_week(world: World, desk: Desk, days: list[date]) -> None:
    morning, evening = world.instant(days[0], 8, desk.place), world.instant(days[-1], 18, 40 + desk.place)
    reviewed_at = world.instant(world.next_working_day(days[-1] + timedelta(days=1)), 10, 5 + 2 * desk.place)
    chance = world.rng("review", desk.rep.code, days[0])
    comments = {day: world.phrase(chance, "review") if chance.random() < 0.15 else "" for day in days}
    world.happens(morning, lambda: desk.plan_week(days, morning, desk.past))
    for day in days:
        _plan_past_day(world, desk, day)
    world.happens(evening, lambda: desk.owe(desk.past.take_over(reviewed_at, comments)))


def _plan_past_day(world: World, desk: Desk, day: date) -> None:
    world.happens(world.instant(day, 18, 10 + desk.place), lambda: desk.work(day, None, desk.past))


def _plan_week(world: World, desk: Desk, days: list[date], *, is_last: bool) -> None:
    morning = world.instant(days[0], 8, desk.place)
    world.happens(morning, lambda: desk.take_up_week(days, morning))
    for day in days:
        _plan_day(world, desk, day, forgets=is_last and day == days[-1] and desk.place % 4 == 1)
    after = world.next_working_day(days[-1] + timedelta(days=1))
    review = world.instant(after, 10, 5 + 2 * desk.place)
    if not is_last or desk.place % 2 == 0 or world.today > after + timedelta(days=2):
        world.happens(review, lambda: _review(world, desk, days, review, sends_back=is_last and desk.place == 0))


def _plan_day(world: World, desk: Desk, day: date, *, forgets: bool) -> None:
    """The day's calls; then the sheet is handed in, unless the rep forgets it together with the late calls."""
    noon, evening = world.instant(day, 12), world.instant(day, 18, 10 + desk.place)
    if forgets:
        world.happens(noon, lambda: desk.work(day, noon, desk.live))
    elif evening <= world.now:
        world.happens(evening, lambda: desk.work(day, None, desk.live))
        handed_in, later = evening + timedelta(minutes=20), evening + timedelta(hours=2)
        world.happens(handed_in, lambda: _submit(world, desk, day, handed_in))
        if world.rng("sheet", desk.rep.code, day).random() < 0.06:
            world.happens(later, lambda: desk.correct(later))
    elif day == world.today:
        world.happens(world.now, lambda: desk.work(day, world.now, desk.live))


def _submit(world: World, desk: Desk, day: date, at: datetime) -> None:
    service.submit_sheet(world.session, world.scope(desk.rep, day), desk.live.sheet(day), now=at)


def _review(world: World, desk: Desk, days: list[date], at: datetime, *, sends_back: bool) -> None:
    """The lead goes through a rep's week: accepts nearly all, sends one back now and then, or surely the last one."""
    chance = world.rng("review", desk.rep.code, days[0])
    scope = world.scope(world.lead, at.date())
    sheets = world.session.scalars(
        select(CallSheet)
        .where(CallSheet.rep_id == desk.rep.id, CallSheet.day_on.in_(days), CallSheet.status == SheetStatus.SUBMITTED)
        .order_by(CallSheet.day_on)
    ).all()
    for sheet in sheets:
        if chance.random() < 0.05 or (sends_back and sheet is sheets[-1]):
            service.return_sheet(world.session, scope, sheet, world.phrase(chance, "return"), now=at)
            _put_right(world, desk, sheet, at)
        else:
            comment = world.phrase(chance, "review") if chance.random() < 0.15 else ""
            service.accept_sheet(world.session, scope, sheet, comment, now=at)


def _put_right(world: World, desk: Desk, sheet: CallSheet, returned_at: datetime) -> None:
    """Two days later the rep hands it in again, and the lead accepts."""
    day = world.next_working_day(returned_at.date() + timedelta(days=2))
    again, accepted = world.instant(day, 9), world.instant(day, 16)

    def hand_in() -> None:
        service.submit_sheet(world.session, world.scope(desk.rep, day), sheet, now=again)

    def accept() -> None:
        service.accept_sheet(world.session, world.scope(world.lead, day), sheet, "已补充", now=accepted)

    world.happens(again, hand_in)
    world.happens(accepted, accept)
