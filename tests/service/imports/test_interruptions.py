"""Killed in the middle, and two at once: never a half of a file, never two files for one period."""

import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.db.unit_of_work import begin_writing, unit_of_work
from repcrm.imports import service
from repcrm.imports.opened import open_import
from repcrm.sales.models import BatchStatus, FlowLine, ImportBatch, ImportChange, ImportKind
from repcrm.targets.models import HospitalTarget
from tests.factories import NOW

FLOW = ("医院编码,产品编码,日期,盒数", "H1,P1,2026-11-03,120", "H2,P2,2026-11-04,30")
TARGETS = ("医院编码,产品编码,月份,保底", "H1,P1,2026-11,10", "H2,P1,2026-11,10")

APPLY_THEN_DIE = """
import os, signal, sys
from datetime import UTC, date, datetime
from sqlalchemy.orm import Session
import repcrm.tables
from repcrm.db.engine import make_engine
from repcrm.db.unit_of_work import begin_writing
from repcrm.imports import service
from repcrm.organisation.access import Role, Scope
from repcrm.sales.models import ImportBatch

url, batch_id, admin_id = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with Session(make_engine(url)) as session:
    begin_writing(session)
    batch = session.get(ImportBatch, batch_id)
    service.apply(session, Scope(admin_id, Role.ADMIN, None, date(2026, 11, 23)), batch, now=datetime.now(UTC))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(("kind", "lines", "table"), [("flow", FLOW, FlowLine), ("targets", TARGETS, HospitalTarget)])
def test_a_process_killed_before_the_commit_leaves_nothing(session, database, admin, preview, kind, lines, table):
    batch = preview(kind, *lines, **({"distributor": "商业甲"} if kind == "flow" else {}))
    arguments = [database, str(batch.id), str(admin.id)]
    session.commit()
    died = subprocess.run(
        [sys.executable, "-c", APPLY_THEN_DIE, *arguments], check=False, capture_output=True, text=True
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert session.scalar(select(func.count()).select_from(table)) == 0
    assert session.scalar(select(func.count()).select_from(ImportChange)) == 0
    assert session.scalar(select(ImportBatch.status)) is BatchStatus.PREVIEWED


def test_of_two_files_applied_at_once_one_is_told_to_look_again(session, engine, scope, preview):
    first = preview("flow", *FLOW, distributor="商业甲").id
    second = preview("flow", *FLOW[:2], distributor="商业甲").id
    session.close()
    begin, outcomes = threading.Barrier(2), []

    def apply(batch_id: int) -> None:
        with Session(engine) as own:
            begin.wait(timeout=20)
            begin_writing(own)
            try:
                service.apply(own, scope, own.get_one(ImportBatch, batch_id), now=NOW)
                own.commit()
                outcomes.append("applied")
            except Conflict as conflict:
                outcomes.append(conflict.message[:30])

    threads = [threading.Thread(target=apply, args=(batch_id,)) for batch_id in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["Sales of %(source)s have chang", "applied"]
    applied = select(func.count()).where(ImportBatch.status == BatchStatus.APPLIED)
    assert session.scalar(applied) == 1


IN_STEPS = """
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from sqlalchemy.orm import Session
import repcrm.tables
from repcrm.db.engine import make_engine
from repcrm.imports import service
from repcrm.imports.opened import open_import
from repcrm.organisation.access import Role, Scope
from repcrm.sales.models import ImportKind

url, batch_id, admin_id, what = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
engine = make_engine(url)
make_session = lambda: Session(engine)
scope = Scope(admin_id, Role.ADMIN, None, date(2026, 11, 23))

def die_later(label, done, total):
    if done:
        os.kill(os.getpid(), signal.SIGKILL)

if what == "apply":
    service.apply_flow_in_steps(make_session, scope, batch_id, step=die_later)
else:
    file = open_import(Path(sys.argv[5]).read_bytes(), "flow.csv", ImportKind.FLOW)
    with make_session() as session:
        drafted = service.draft(session, scope, file, {"distributor": "商业甲"}, now=datetime.now(UTC))
    service.save_in_steps(make_session, scope, drafted, now=datetime.now(UTC), step=die_later)
"""
MANY = (
    "医院编码,产品编码,日期,盒数,单据号",
    *(f"H{n % 2 + 1},P1,2026-11-{n % 20 + 1:02},{n},D{n}" for n in range(1, 4201)),
)
"""More lines than two portions hold; their packs add up to 4200 * 4201 / 2."""
ALL_PACKS = 8_822_100
COUNTING = select(func.coalesce(func.sum(FlowLine.packs), 0)).join(ImportBatch, ImportBatch.id == FlowLine.batch_id)
COUNTING = COUNTING.where(ImportBatch.status == BatchStatus.APPLIED)


def kill_in_steps(*arguments: str) -> None:
    died = subprocess.run([sys.executable, "-c", IN_STEPS, *arguments], check=False, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_while_lines_are_staged_nothing_counts_and_the_next_attempt_starts_over(
    session, engine, database, admin, scope, preview, undo
):
    before = preview("flow", *FLOW, distributor="商业乙")
    service.apply(session, scope, before, now=NOW)
    session.commit()
    batch = preview("flow", *MANY, distributor="商业甲")
    arguments = database, str(batch.id), str(admin.id)
    session.commit()
    kill_in_steps(*arguments, "apply")
    assert session.scalar(select(func.count()).where(FlowLine.batch_id == batch.id)) == 500
    assert (session.scalar(COUNTING), batch.status) == (150, BatchStatus.PREVIEWED)
    batch_id = batch.id
    session.close()
    service.apply_flow_in_steps(lambda: Session(engine), scope, batch_id)
    batch = session.get_one(ImportBatch, batch_id)
    service.conclude_flow(session, scope, batch, now=NOW)
    session.commit()
    assert session.scalar(COUNTING) == ALL_PACKS + 150
    undo(batch)
    assert session.scalar(COUNTING) == 150


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_while_a_preview_is_saved_it_can_not_be_applied(
    session, database, admin, scope, company, known_distributor, tmp_path
):
    known_distributor("商业甲")
    session.commit()
    file = tmp_path / "flow.csv"
    file.write_text("\n".join(MANY))
    arguments = database, "0", str(admin.id), "save", str(file)
    session.commit()
    kill_in_steps(*arguments)
    [batch] = session.scalars(select(ImportBatch))
    assert batch.status is BatchStatus.READING
    for apply in (service.apply, service.conclude_flow):
        with pytest.raises(Conflict):
            apply(session, scope, batch, now=NOW)
        session.rollback()
    assert session.scalar(select(func.count()).select_from(FlowLine)) == 0


def test_of_two_people_applying_one_batch_at_once_one_does_and_it_counts_once(session, engine, scope, preview):
    batch_id = preview("flow", *MANY[:2501], distributor="商业甲").id
    session.close()
    begin, outcomes = threading.Barrier(2), []

    def apply() -> None:
        begin.wait(timeout=20)
        try:
            service.apply_flow_in_steps(lambda: Session(engine), scope, batch_id)
            with unit_of_work(lambda: Session(engine)) as own:
                service.conclude_flow(own, scope, own.get_one(ImportBatch, batch_id), now=NOW)
            outcomes.append("applied")
        except (Conflict, IntegrityError) as refused:
            outcomes.append(type(refused).__name__)

    threads = [threading.Thread(target=apply) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(outcomes) == 2
    assert outcomes.count("applied") <= 1
    expected = 2500 * 2501 // 2 if "applied" in outcomes else 0
    assert session.scalar(COUNTING) == expected


def test_an_answer_saved_while_another_person_applies_does_not_change_what_counts(session, engine, scope, preview):
    batch = preview("flow", *FLOW, distributor="商业甲")
    file = open_import("\n".join(FLOW[:2]).encode(), "flow.csv", ImportKind.FLOW)
    drafted = service.draft(session, scope, file, {"distributor": "商业甲"}, now=NOW)
    batch_id = batch.id
    session.commit()
    with unit_of_work(lambda: Session(engine)) as other:
        service.apply(other, scope, other.get_one(ImportBatch, batch_id), now=NOW)
    session.expire_all()
    with pytest.raises(Conflict):
        service.save(session, scope, drafted, now=NOW, batch=session.get_one(ImportBatch, batch_id))
    session.rollback()
    assert session.scalar(COUNTING) == 150
