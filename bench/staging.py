"""How long others wait while an import of sales is stored: `python bench/staging.py`, on an SQLite file of its own."""

import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import repcrm.tables  # noqa: F401 - every model
from repcrm.accounts.service import HospitalFacts, open_hospital
from repcrm.catalogue.models import PackUnit
from repcrm.catalogue.service import ProductFacts, add_product
from repcrm.db.engine import make_engine
from repcrm.db.schema import upgrade
from repcrm.db.unit_of_work import begin_writing
from repcrm.organisation import service as organisation
from repcrm.organisation.access import Role
from repcrm.sales.lines import Delivery
from repcrm.sales.models import BatchStatus, Distributor, FlowMode, ImportBatch, ImportKind
from repcrm.sales.staging import LINES_AT_ONCE, PAUSE_SECONDS, let_count, stage_lines, unstage

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def main(lines: int, at_once: int) -> None:
    """Stage a file, remove it, stage it again and make it count, while somebody else writes all the time."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/bench.sqlite3")
        upgrade(engine)
        batch_id, places = _company(engine)
        file = [Delivery(*places[n % 240], date(2026, 11, n % 28 + 1), n % 50 + 1, None) for n in range(lines)]
        with Session(engine) as session, _Waiting(engine) as waiting:
            for what, work in (("stage", _stage), ("unstage", _unstage), ("stage again", _stage), ("count", _count)):
                longest, before = 0.0, time.perf_counter()
                for seconds in work(session, batch_id, file, at_once):
                    longest = max(longest, seconds)
                    time.sleep(PAUSE_SECONDS)
                taken = time.perf_counter() - before
                sys.stdout.write(
                    f"{what:12} {taken:6.2f} s  longest transaction {longest:5.3f} s  "
                    f"others waited at most {waiting.longest():5.3f} s\n"
                )


def _stage(session: Session, batch_id: int, file: list[Delivery], at_once: int):
    for start in range(0, len(file), at_once):
        chunk = file[start : start + at_once]
        begin_writing(session)
        before = time.perf_counter()
        stage_lines(session, session.get_one(ImportBatch, batch_id), chunk, start + 1)
        session.commit()
        yield time.perf_counter() - before


def _unstage(session: Session, batch_id: int, file: list[Delivery], at_once: int):
    left = 1
    while left:
        begin_writing(session)
        before = time.perf_counter()
        left = unstage(session, session.get_one(ImportBatch, batch_id))
        session.commit()
        yield time.perf_counter() - before


def _count(session: Session, batch_id: int, file: list[Delivery], at_once: int):
    begin_writing(session)
    before = time.perf_counter()
    batch = session.get_one(ImportBatch, batch_id)
    let_count(session, batch, batch.created_by_id, NOW, lines=len(file), packs=sum(line.packs for line in file))
    session.commit()
    yield time.perf_counter() - before


class _Waiting:
    """Somebody else who writes a row every few milliseconds and remembers the longest wait."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.stop, self.waits = engine, threading.Event(), [0.0]
        self.thread = threading.Thread(target=self._write)

    def __enter__(self) -> "_Waiting":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()

    def longest(self) -> float:
        longest, self.waits = max(self.waits), [0.0]
        return longest

    def _write(self) -> None:
        while not self.stop.wait(0.005):
            before = time.perf_counter()
            with Session(self.engine) as session:
                begin_writing(session)
                session.execute(text("UPDATE user_account SET version = version + 1"))
                session.commit()
            self.waits.append(time.perf_counter() - before)


def _company(engine: Engine) -> tuple[int, list[tuple[int, int]]]:
    with Session(engine) as session:
        begin_writing(session)
        region = organisation.add_region(session, "EAST", "East")
        admin = organisation.add_user(
            session, None, code="A1", username="admin", name="Admin", role=Role.ADMIN, region_id=None, now=NOW
        )
        hospitals = [open_hospital(session, f"H{n}", region.id, HospitalFacts(name=f"H{n}")) for n in range(40)]
        products = [add_product(session, f"P{n}", ProductFacts(f"P{n}", "10 mg x 28", PackUnit.BOX)) for n in range(6)]
        batch = ImportBatch(
            kind=ImportKind.FLOW, distributor=Distributor(code="D1", name="A"), period="2026-11",
            mode=FlowMode.REPLACES, file_name="", file_digest="", rows=[], status=BatchStatus.PREVIEWED,
            created_by_id=admin.id, created_at=NOW,
        )  # fmt: skip
        session.add(batch)
        session.commit()
        return batch.id, [(hospital.id, product.id) for hospital in hospitals for product in products]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]) if len(sys.argv) > 2 else (int((sys.argv + ["100000"])[1]), LINES_AT_ONCE))
