"""What the clock did in the demo company: reports frozen once their period was over, Mondays met, actions decided."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from repcrm.core.periods import Period, PeriodKind
from repcrm.demo.flow import late_at, late_week
from repcrm.demo.world import World
from repcrm.meeting import service as meeting
from repcrm.meeting.models import Action, Review
from repcrm.meeting.service import Decision
from repcrm.reports.body import Body, Row
from repcrm.reports.models import ReportSnapshot
from repcrm.reports.service import newest, revise
from repcrm.scheduler.jobs import JOBS, Job, due_at
from repcrm.scheduler.models import JobRun, RunStatus

NEEDED = {
    PeriodKind.WEEK: "weeks_frozen",
    PeriodKind.MONTH: "months_frozen",
    PeriodKind.QUARTER: "quarters_frozen",
}


def plan_mondays(world: World) -> None:
    """Put every run of the clock on the agenda, the meetings after it, and the revision that late flow made needed."""
    for job in JOBS:
        last = Period.of(job.kind, world.today).previous()
        for period in (
            last.trail(getattr(world.size, NEEDED[job.kind])) if getattr(world.size, NEEDED[job.kind]) else ()
        ):
            if period.from_on >= world.begins_on:
                _plan_run(world, job, period)
    world.happens(
        late_at(world) + timedelta(minutes=50), lambda: _revise(world, late_week(world), "两家医院的流向迟到")
    )
    month = world.month.previous()
    if world.size.months_frozen:
        at = world.instant(month.until_on + timedelta(days=2), 9, 30)
        world.happens(at, lambda: _revise(world, month, "北岸药业的月度流向三日才到", at))


def _plan_run(world: World, job: Job, period: Period) -> None:
    at = due_at(job, period, world.zone) + timedelta(seconds=2)

    def run() -> None:
        job.keep(world.session, period, world.region, None, at, world.zone)
        world.session.add(
            JobRun(
                job=job.name, period=str(period), region_id=world.region.id, status=RunStatus.DONE,
                claimed_by="demo", claimed_at=at, lease_until_at=at + timedelta(minutes=10),
                finished_at=at + timedelta(seconds=3),
            )
        )  # fmt: skip
        world.session.flush()

    world.happens(at, run)
    if job.kind is PeriodKind.WEEK:
        _plan_meeting(world, period)


def _revise(world: World, period: Period, reason: str, at: datetime | None = None) -> None:
    """Freeze a report again because some flow came late."""
    at = at or late_at(world) + timedelta(minutes=50)
    if newest(world.session, period, world.region.id) is None:
        return
    snapshot = revise(
        world.session, period, world.region, now=at, today=at.date(), reason=reason, actor=world.lead
    )  # fmt: skip
    if period.kind is PeriodKind.WEEK:
        meeting.open_review(world.session, snapshot, world.calendar, now=at)


def _plan_meeting(world: World, week: Period) -> None:
    day = world.next_working_day(week.until_on)
    begins = world.instant(day, 9, 30)
    is_latest = week.next().until_on > world.today
    world.happens(begins, lambda: _meet(world, week, begins, is_latest=is_latest))


def _meet(world: World, week: Period, at: datetime, *, is_latest: bool) -> None:
    """Look at the report, decide what to do where most money is missing, and close, but for the latest meeting."""
    session, who = world.session, world.scope(world.lead, at.date())
    review = session.scalars(
        select(Review).where(Review.region_id == world.region.id, Review.period == str(week))
    ).one()
    body = Body(session.get_one(ReportSnapshot, review.snapshot_id).body)
    worst = sorted(body.level("product"), key=lambda row: -row.gap_fen)
    chance = world.rng("meeting", week)
    for number, row in enumerate([row for row in worst if row.rep is not None and row.gap_fen > 0][:12:4]):
        _decide(world, review, body, row, at + timedelta(minutes=12 + 3 * number), chance)
    if is_latest:
        return
    noted = meeting.note_review(
        session, who, review, _notes(body), now=at + timedelta(minutes=28), version=review.version
    )
    closes = at + timedelta(minutes=31)
    meeting.close_review(session, who, noted, now=closes, version=noted.version)


def _notes(body: Body) -> str:
    percent = round(body.total.attainment * 100) if body.total.attainment is not None else None
    said = f"本周达成 {percent} %。" if percent is not None else "本周没有指标。"
    return said + "各代表按行动项跟进，周五前回报进展。"


def _decide(world: World, review: Review, body: Body, row: Row, at: datetime, chance: Random) -> None:
    hospital_id, _, hospital = body.raw["hospitals"][row.hospital][:3]
    product = body.raw["products"][row.product][2]
    wording = chance.randrange(len(world.facts.phrases["action"]))
    words = world.facts.phrases["action"][wording].format(hospital=hospital, product=product)
    due_on = world.next_working_day(at.date() + timedelta(days=chance.choice((4, 4, 7, 11))))
    decision = Decision(words, body.raw["reps"][row.rep][0], due_on, hospital_id)
    who = world.scope(world.lead, at.date())
    action = meeting.decide_action(world.session, who, review, decision, now=at)
    _let_it_go_on(world, action, world.facts.phrases["outcome"][wording], chance)


def _let_it_go_on(world: World, action: Action, outcome: str, chance: Random) -> None:
    """Most actions are done in time, some are given longer, some given up; the others stay open for weeks.

    outcome  what came of it, for those that are done
    """
    due_on, fate = action.due_on, chance.random()
    owner = next(one for one in [*world.reps, world.lead] if one.id == action.owner_id)
    done_at = world.instant(due_on - timedelta(days=chance.randrange(0, 3)), 17, 30)
    meets_at = world.instant(world.next_working_day(due_on + timedelta(days=7 - due_on.weekday())), 9, 35)
    longer_until = world.next_working_day(meets_at.date() + timedelta(days=7))

    def finish(at: datetime) -> None:
        meeting.finish_action(
            world.session, world.scope(owner, at.date()), action, outcome, now=at, version=action.version
        )  # fmt: skip

    def drop() -> None:
        reason = "医院调整采购目录，不再推进"
        who = world.scope(world.lead, meets_at.date())
        meeting.drop_action(world.session, who, action, reason, now=meets_at, version=action.version)

    def carry_on() -> None:
        who = world.scope(world.lead, meets_at.date())
        meeting.carry_action_on(world.session, who, action, longer_until, now=meets_at, version=action.version)

    if fate < 0.66:
        world.happens(done_at, lambda: finish(done_at))
    elif fate < 0.78:
        world.happens(meets_at, drop)
    elif fate < 0.92:
        later = world.instant(longer_until, 16)
        world.happens(meets_at, carry_on)
        world.happens(later, lambda: finish(later))
    else:
        at_last = world.instant(world.next_working_day(due_on + timedelta(days=26)), 17)
        world.happens(at_last, lambda: finish(at_last))
