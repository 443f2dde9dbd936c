"""Long work: asked for once, taken by one worker, told, stopped, lost, and ended."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from repcrm.core import clock
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.organisation.models import Region
from repcrm.work import queries, service
from repcrm.work.models import LongWork, WorkState
from repcrm.work.service import Told
from repcrm.worker.runner import run_next
from tests import factories

NOW = factories.NOW
ANY = {"freeze": None}


@pytest.fixture
def who(lead):
    return factories.scope_of(lead)


@pytest.fixture
def work(session, who):
    return service.ask_for(session, who, "freeze", {"period": "2026-W47"}, now=NOW)


def after(seconds):
    return NOW + timedelta(seconds=seconds)


def test_asking_twice_for_the_same_gives_the_work_that_is_under_way(session, who, work):
    assert service.ask_for(session, who, "freeze", {"period": "2026-W47"}, now=NOW).id == work.id
    assert service.ask_for(session, who, "freeze", {"period": "2026-W46"}, now=NOW).id != work.id
    service.ask_to_stop(session, work, now=NOW)
    assert service.ask_for(session, who, "freeze", {"period": "2026-W47"}, now=NOW).id != work.id


def test_nobody_fills_the_queue_for_everybody_else(session, who, work, other_rep):
    for week in range(service.MOST_OPEN - 1):
        last = service.ask_for(session, who, "freeze", {"period": f"2026-W{week + 10}"}, now=NOW)
    with pytest.raises(RuleBroken, match="still open"):
        service.ask_for(session, who, "freeze", {"period": "2026-W46"}, now=NOW)
    assert service.ask_for(session, who, "freeze", {"period": "2026-W47"}, now=NOW).id == work.id, "the same as before"
    service.ask_for(session, who, "import", {}, now=NOW)
    service.ask_for(session, factories.scope_of(other_rep), "freeze", {"period": "2026-W46"}, now=NOW)
    service.ask_to_stop(session, last, now=NOW)
    service.ask_for(session, who, "freeze", {"period": "2026-W46"}, now=NOW)


def test_each_piece_goes_to_one_worker_the_oldest_first(session, who, work):
    later = service.ask_for(session, who, "freeze", {"period": "2026-W46"}, now=after(1))
    assert service.claim_next(session, "one", {"other": None}, now=after(2)) is None, "of a kind it does not know"
    assert service.claim_next(session, "one", ANY, now=after(2)) is work
    assert service.claim_next(session, "two", ANY, now=after(2)) is later
    assert service.claim_next(session, "three", ANY, now=after(2)) is None


def test_two_workers_that_claim_at_once_do_not_both_get_it(engine, session, work):
    session.commit()
    with Session(engine) as one, Session(engine) as two:
        taken = [service.claim_next(one, "one", ANY, now=NOW)]
        one.commit()
        taken.append(service.claim_next(two, "two", ANY, now=NOW))
    assert [bool(each) for each in taken] == [True, False]


def test_what_waits_stops_at_once_and_what_runs_hears_of_it(session, who, work):
    waiting = service.ask_for(session, who, "freeze", {"period": "2026-W46"}, now=NOW)
    service.ask_to_stop(session, waiting, now=after(1))
    assert waiting.state is WorkState.STOPPED

    service.claim_next(session, "one", ANY, now=NOW)
    assert service.tell(session, work.id, "one", Told("Working out the gap", 1, 4, {"gap": 2}), now=after(1)) is False
    service.ask_to_stop(session, work, now=after(2))
    assert service.tell(session, work.id, "one", None, now=after(3)) is True
    session.refresh(work)
    assert (work.state, work.stage, work.steps_done, work.steps) == (WorkState.RUNNING, "Working out the gap", 1, 4)
    assert work.figures == {"gap": 2}


def test_the_work_of_a_worker_that_is_not_heard_of_is_lost_and_what_it_brings_later_refused(session, work):
    service.claim_next(session, "one", ANY, now=NOW)
    session.refresh(work)
    assert not service.is_lost(work, after(15))
    assert service.is_lost(work, after(16))
    assert service.bury_lost(session, now=after(16)) == 1
    session.refresh(work)
    assert (work.state, work.error) == (WorkState.FAILED, service.LOST)
    assert service.tell(session, work.id, "one", None, now=after(17)) is True
    with pytest.raises(Conflict):
        service.end(session, work.id, "one", WorkState.DONE, now=after(17), outcome={"snapshot_id": 1})


def test_only_the_one_who_asked_sees_it(session, work, who, other_rep):
    assert queries.get_work(session, who, work.id) is work
    with pytest.raises(NotFound):
        queries.get_work(session, factories.scope_of(other_rep), work.id)


def test_those_who_wait_know_how_many_come_first(session, who, work):
    later = service.ask_for(session, who, "freeze", {"period": "2026-W46"}, now=NOW)
    assert (queries.pieces_before(session, work), queries.pieces_before(session, later)) == (0, 1)
    assert queries.is_anyone_working(session, later, after(10)), "it has hardly waited"
    assert not queries.is_anyone_working(session, later, after(20))
    service.claim_next(session, "one", ANY, now=after(10))
    assert queries.is_anyone_working(session, later, after(20))
    assert queries.find_work(session, who, "freeze", period="2026-W46") is later
    assert queries.find_work(session, who, "freeze", period="2026-W01") is None


def name_a_region(make_session, wish, desk):
    """Work as a kind does it: reads, saves, says what came of it."""
    desk.step("Reading targets, flow and calls", 0, 2)
    with desk.saving() as session:
        region = factories.make_region(session, code=wish["code"], name="made by work")
        desk.finish(session, region_id=region.id)


def done_by(engine, session, settings, do, **wish):
    """Have something done by a worker; returns the work as it ended."""
    lead = factories.make_lead(session)
    work = LongWork(kind="do", wish=wish, asked_by_id=lead.id, asked_at=clock.now(), figures={}, error_values={})
    session.add(work)
    session.commit()
    assert run_next(sessionmaker(engine), "one", {"do": do}, zone=settings.zone)
    assert not run_next(sessionmaker(engine), "one", {"do": do}, zone=settings.zone), "it is done once"
    session.refresh(work)
    return work


def test_a_worker_does_it_and_says_what_came_of_it(engine, session, settings):
    work = done_by(engine, session, settings, name_a_region, code="NEW")
    assert work.state is WorkState.DONE
    assert session.get_one(Region, work.outcome["region_id"]).code == "NEW"


def test_a_refusal_is_kept_with_its_values_and_an_accident_with_its_number(engine, session, settings):
    def refuse(make_session, wish, desk):
        raise RuleBroken("%(rep)s holds it from %(from_on)s on.", rep="Li", from_on=NOW.date())

    work = done_by(engine, session, settings, refuse)
    assert (work.state, work.error % work.error_values) == (WorkState.FAILED, f"Li holds it from {NOW.date()} on.")

    def stumble(make_session, wish, desk):
        with desk.saving() as session:
            factories.make_region(session, code="HALF", name="half")
            raise ZeroDivisionError

    work = done_by(engine, session, settings, stumble)
    assert (work.state, work.error_values) == (WorkState.FAILED, {"work": str(work.id)})
    assert session.query(Region).filter_by(code="HALF").all() == [], "nothing of it was kept"


def test_work_that_was_stopped_says_so_and_keeps_nothing(engine, session, settings):
    def be_stopped(make_session, wish, desk):
        with make_session() as other:
            service.ask_to_stop(other, other.get_one(LongWork, desk.work_id), now=clock.now())
            other.commit()
        desk._stop.wait(timeout=10)
        name_a_region(make_session, {"code": "NEVER"}, desk)

    work = done_by(engine, session, settings, be_stopped)
    assert work.state is WorkState.STOPPED
    assert session.query(Region).filter_by(code="NEVER").all() == []
