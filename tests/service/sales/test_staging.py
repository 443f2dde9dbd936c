"""Lines are staged in short transactions and made to count in one: killed anywhere in between, nothing counts."""

import os
import signal
import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import func, select

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.periods import Period
from repcrm.db.journal import JournalEntry
from repcrm.sales import staging
from repcrm.sales.lines import Delivery, StockSeen
from repcrm.sales.models import BatchStatus, FlowLine, FlowMode, StockLine
from repcrm.sales.queries import applied_ids, list_monthly_flow
from repcrm.sales.service import take_flow
from repcrm.sales.staging import let_count, stage_lines, stage_stock, unstage
from tests.factories import NOW, make_batch, make_distributor, make_hospital, make_product, scope_of

NOVEMBER = Period.parse("2026-11")
DAY = date(2026, 11, 3)
Place = tuple[int, int]
LINES, PACKS = 50, 1275
"""Of the lines staged below, in two chunks of 25: 1 + 2 + … + 50 packs."""


@pytest.fixture
def place(session, region):
    return make_hospital(session, region=region).id, make_product(session).id


@pytest.fixture
def chunks(place: Place):
    lines = [Delivery(*place, DAY, packs) for packs in range(1, LINES + 1)]
    return [(lines[:25], 1), (lines[25:], 26)]


@pytest.fixture
def waiting(session, admin):
    """A previewed file of a distributor that replaces November."""
    values = {"status": BatchStatus.PREVIEWED, "applied_at": None, "created_by": admin}
    batch = make_batch(session, distributor=make_distributor(session, name="甲"), **values)
    session.commit()
    return batch


@pytest.fixture
def packs_of(session, admin):
    return lambda: sum(list_monthly_flow(session, scope_of(admin), [NOVEMBER]).values())


def test_staged_lines_do_not_count_before_they_are_made_to(session, admin, waiting, chunks, packs_of):
    for lines, first in chunks:
        stage_lines(session, waiting, lines, first)
        session.commit()
    assert (waiting.staged_lines, waiting.staged_packs, waiting.staged_late, packs_of()) == (LINES, PACKS, 0, 0)
    assert let_count(session, waiting, admin.id, NOW, lines=LINES, packs=PACKS, known=[]) == []
    assert (waiting.status, waiting.applied_at, packs_of()) == (BatchStatus.APPLIED, NOW, PACKS)
    assert list(session.scalars(select(FlowLine.line_no).order_by(FlowLine.id))) == list(range(1, LINES + 1))
    entry = session.scalars(select(JournalEntry)).one()
    assert entry.after == {
        "status": "applied", "mode": "replaces", "replaces": [], "source": "甲", "period": "2026-11",
        "file_name": "flow.csv", "lines": LINES, "packs": PACKS, "late": 0,
    }  # fmt: skip


def test_half_of_a_file_never_counts(session, admin, waiting, chunks, packs_of):
    stage_lines(session, waiting, *chunks[0])
    with pytest.raises(Conflict, match="25 of 50 lines are stored"):
        let_count(session, waiting, admin.id, NOW, lines=LINES, packs=PACKS)
    with pytest.raises(Conflict, match="25 of 25 lines are stored"):
        let_count(session, waiting, admin.id, NOW, lines=25, packs=PACKS)  # as many lines, but 325 packs
    assert (waiting.status, packs_of()) == (BatchStatus.PREVIEWED, 0)


def test_a_second_attempt_starts_over(session, admin, waiting, chunks, packs_of, monkeypatch):
    monkeypatch.setattr(staging, "LINES_AT_ONCE", 10)
    stage_lines(session, waiting, *chunks[0])
    stage_stock(session, waiting, [(1, StockSeen(None, chunks[0][0][0].product_id, DAY, 7))])
    removed = []
    while count := unstage(session, waiting):
        removed.append(count)
        session.commit()
    assert removed == [10, 10, 5, 1]
    assert (waiting.staged_lines, waiting.staged_packs) == (0, 0)
    for lines, first in chunks:
        stage_lines(session, waiting, lines, first)
    let_count(session, waiting, admin.id, NOW, lines=LINES, packs=PACKS)
    assert packs_of() == PACKS
    assert session.scalar(select(func.count()).select_from(StockLine)) == 0


def test_what_someone_else_applied_since_the_preview_is_never_replaced_unseen(
    session, admin, waiting, chunks, place: Place, packs_of
):
    known = applied_ids(session, waiting.distributor)
    take_flow(session, admin.id, waiting.distributor, NOVEMBER, [Delivery(*place, DAY, 8)], NOW)
    stage_lines(session, waiting, *chunks[0])
    with pytest.raises(Conflict, match="Sales of 甲 have changed since the preview"):
        let_count(session, waiting, admin.id, NOW, lines=25, packs=325, known=known)
    assert packs_of() == 8
    let_count(session, waiting, admin.id, NOW, lines=25, packs=325, known=applied_ids(session, waiting.distributor))
    assert packs_of() == 325


def test_lines_of_a_file_that_counts_stay_as_they_are(session, admin, waiting, chunks):
    stage_lines(session, waiting, *chunks[0])
    let_count(session, waiting, admin.id, NOW, lines=25, packs=325)
    with pytest.raises(Conflict, match="no longer waiting"):
        stage_lines(session, waiting, *chunks[1])
    with pytest.raises(Conflict, match="no longer waiting"):
        unstage(session, waiting)
    with pytest.raises(Conflict, match="no longer waiting"):
        let_count(session, waiting, admin.id, NOW, lines=25, packs=325)


def test_a_file_counts_only_once_it_is_known_whose_it_is_and_what_it_does(session, admin, waiting, chunks):
    waiting.mode = None
    stage_lines(session, waiting, *chunks[0])
    with pytest.raises(RuleBroken, match="adds to its period or replaces it"):
        let_count(session, waiting, admin.id, NOW, lines=25, packs=325)
    waiting.mode, waiting.distributor = FlowMode.ADDS, None
    with pytest.raises(RuleBroken, match="which distributor"):
        let_count(session, waiting, admin.id, NOW, lines=25, packs=325)


STAGE_THEN_DIE = """
import os, signal, sys
from datetime import UTC, date, datetime
from sqlalchemy.orm import Session
import repcrm.tables
from repcrm.db.engine import make_engine
from repcrm.db.unit_of_work import begin_writing
from repcrm.sales.lines import Delivery
from repcrm.sales.models import ImportBatch
from repcrm.sales.staging import let_count, stage_lines

url, where, *numbers = sys.argv[1:]
batch_id, admin_id, hospital_id, product_id = map(int, numbers)
lines = [Delivery(hospital_id, product_id, date(2026, 11, 3), packs) for packs in range(1, 51)]

def die_at(stage):
    if where == stage:
        os.kill(os.getpid(), signal.SIGKILL)

with Session(make_engine(url)) as session:
    for start in (0, 25):
        begin_writing(session)
        stage_lines(session, session.get(ImportBatch, batch_id), lines[start : start + 25], start + 1)
        die_at(f"in chunk {start}")
        session.commit()
        die_at(f"after chunk {start}")
    begin_writing(session)
    let_count(session, session.get(ImportBatch, batch_id), admin_id, datetime.now(UTC), lines=50, packs=1275)
    die_at("before it counts")
    session.commit()
    die_at("after it counts")
"""
STAGES = {
    "in chunk 0": 0, "after chunk 0": 25, "in chunk 25": 25, "after chunk 25": 50, "before it counts": 50,
    "after it counts": 50,
}  # fmt: skip
"""Where the process is killed -> lines that are stored by then."""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("stage", STAGES)
def test_a_process_killed_at_any_stage_leaves_all_of_a_file_or_nothing_that_counts(
    session, database, admin, waiting, place: Place, chunks, packs_of, stage: str
):
    before = take_flow(session, admin.id, waiting.distributor, NOVEMBER, [Delivery(*place, DAY, 8)], NOW)
    session.commit()
    numbers = map(str, (waiting.id, admin.id, *place))
    session.rollback()
    died = subprocess.run(
        [sys.executable, "-c", STAGE_THEN_DIE, database, stage, *numbers],
        check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    session.expire_all()
    stored = select(func.count()).where(FlowLine.batch_id == waiting.id)
    assert waiting.staged_lines == session.scalar(stored) == STAGES[stage]
    counts = stage == "after it counts"
    assert packs_of() == (PACKS if counts else 8)
    assert (before.status, waiting.status) == (
        (BatchStatus.REPLACED, BatchStatus.APPLIED) if counts else (BatchStatus.APPLIED, BatchStatus.PREVIEWED)
    )
    if not counts:  # the next attempt starts over
        while unstage(session, waiting):
            session.commit()
        for lines, first in chunks:
            stage_lines(session, waiting, lines, first)
        assert let_count(session, waiting, admin.id, NOW, lines=LINES, packs=PACKS) == [before]
        assert packs_of() == PACKS
