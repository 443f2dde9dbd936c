"""Killed in the middle, and two at once: never a half of a file, never two files for one period."""

import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.db.unit_of_work import begin_writing
from repcrm.imports import service
from repcrm.sales.models import BatchStatus, FlowLine, ImportBatch, ImportChange
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
    batch = preview(kind, *lines, **({"source": "商业甲"} if kind == "flow" else {}))
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
    first = preview("flow", *FLOW, source="商业甲").id
    second = preview("flow", *FLOW[:2], source="商业甲").id
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
    assert sorted(outcomes) == ["What is on file has changed si", "applied"]
    applied = select(func.count()).where(ImportBatch.status == BatchStatus.APPLIED)
    assert session.scalar(applied) == 1
