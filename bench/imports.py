"""What a long file of sales costs, and how long others wait meanwhile: `python bench/imports.py --lines 100000`.

Opening, checking, saving the preview and applying are timed one by one, with the peak memory of this process and its
child. Another process writes one row over and over; its longest wait is what a colleague who signs in would feel.
"""

import argparse
import io
import multiprocessing
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy.orm import Session, sessionmaker

import repcrm.tables  # noqa: F401 - every model
from repcrm.accounts.service import HospitalFacts, open_hospital
from repcrm.catalogue.models import PackUnit
from repcrm.catalogue.service import ProductFacts, add_product
from repcrm.core.garbage import set_loaded_apart
from repcrm.db.engine import make_engine
from repcrm.db.schema import upgrade
from repcrm.db.unit_of_work import unit_of_work
from repcrm.imports import service
from repcrm.imports.opened import open_import
from repcrm.organisation import service as organisation
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import SignInThrottle
from repcrm.organisation.regions import add_region
from repcrm.sales.distributors import DistributorFacts, add_distributor
from repcrm.sales.models import ImportBatch, ImportKind
from tests.postgresql import running_server

NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
HOSPITALS, PRODUCTS = 400, 10
Done = TypeVar("Done")


def main() -> None:
    """Measure one file on one database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = parser.parse_args()
    with _database(chosen.database) as url:
        engine = make_engine(url)
        upgrade(engine)
        make_session = sessionmaker(engine)
        with unit_of_work(make_session) as session:
            scope = _company(session)
        content = flow_file(chosen.lines)
        print(f"{chosen.lines:,} lines, {len(content) / 1e6:.1f} MB, {chosen.database}")
        with _memory():
            _import(make_session, scope, content, url)
        engine.dispose()


def _import(make_session: Any, scope: Scope, content: bytes, url: str) -> None:
    file = timed("open", lambda: open_import(content, "flow.csv", ImportKind.FLOW))
    answers = {"distributor": "A", "duplicates": "count"}
    with make_session() as reading:
        drafted = timed("check", lambda: service.draft(reading, scope, file, answers, now=NOW))
    print(f"{'':22} {dict(drafted.spool.counts)}, questions: {[question.key for question in drafted.questions]}")
    set_loaded_apart()  # as a worker does when it begins
    with _waits(url) as longest:
        batch_id = timed("save the preview", lambda: service.save_in_steps(make_session, scope, drafted, now=NOW))
        with unit_of_work(make_session) as session:
            service.conclude(session, batch_id, drafted)
        timed("write the lines", lambda: service.apply_flow_in_steps(make_session, scope, batch_id))
        with make_session() as reading:
            touched = service.touched_by_applying(reading, reading.get_one(ImportBatch, batch_id))

        def count() -> None:
            with unit_of_work(make_session) as session:
                batch = session.get_one(ImportBatch, batch_id)
                service.conclude_flow(session, scope, batch, now=NOW, touched=touched)

        timed("let them count", count)
    print(f"{'others waited at most':22} {longest():5.2f} s")


def timed(what: str, action: Callable[[], Done]) -> Done:
    """Do something and say how long it took, by the clock and of one core."""
    before, cpu = time.perf_counter(), time.process_time()
    done = action()
    print(f"{what:22} {time.perf_counter() - before:5.2f} s, {time.process_time() - cpu:5.2f} s of a core")
    return done


@contextmanager
def _memory() -> Iterator[None]:
    """Say the most memory that this process held meanwhile, sampled, and the largest child ever."""
    over, most = threading.Event(), [0]

    def sample() -> None:
        while not over.wait(0.05):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            most[0] = max(most[0], pages * resource.getpagesize())

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield
    finally:
        over.set()
        sampler.join()
    print(f"{'peak memory':22} {most[0] / 1e6:.0f} MB")


@contextmanager
def _waits(url: str) -> Iterator[Callable[[], float]]:
    """Write one row over and over in another process; gives its longest wait so far."""
    longest, over = multiprocessing.Value("d", 0.0), multiprocessing.Event()
    prober = multiprocessing.get_context("fork").Process(target=_probe, args=(url, longest, over))
    prober.start()
    try:
        yield lambda: float(longest.value)
    finally:
        over.set()
        prober.join()


def _probe(url: str, longest: Any, over: Any) -> None:
    make_session = sessionmaker(make_engine(url))
    number = 0
    while not over.is_set():
        began, number = time.perf_counter(), number + 1
        with unit_of_work(make_session) as session:
            session.add(SignInThrottle(username=f"u{number}"))
        longest.value = max(longest.value, time.perf_counter() - began)
        time.sleep(0.01)


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        with running_server() as server:
            yield server.url(server.create())
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.sqlite3"


def flow_file(lines: int) -> bytes:
    """A month of a distributor, as Excel saves it in China."""
    file = io.BytesIO()
    file.write("医院编码,医院名称,产品编码,日期,盒数,金额（元）,单据号\n".encode("gb18030"))
    for n in range(lines):
        hospital, packs = n % HOSPITALS, n % 50 + 1
        money = f'"{packs * 50:,}.00"'
        row = f"H{hospital},江岸第{hospital}医院,P{n % PRODUCTS},2026/11/{n % 28 + 1},{packs},{money},CK{n}\n"
        file.write(row.encode("gb18030"))
    return file.getvalue()


def _company(session: Session) -> Scope:
    region = add_region(session, None, code="EAST", name="East", now=NOW)
    admin = organisation.add_user(
        session, None, code="A1", username="admin", name="Admin", role=Role.ADMIN, region_id=None, now=NOW
    )
    for n in range(HOSPITALS):
        open_hospital(session, f"H{n}", region.id, HospitalFacts(name=f"江岸第{n}医院"))
    for n in range(PRODUCTS):
        add_product(session, f"P{n}", ProductFacts(f"产品{n}", "10 mg x 28", PackUnit.BOX))
    add_distributor(session, "A", DistributorFacts("A"), actor_id=admin.id, now=NOW)
    return Scope(admin.id, Role.ADMIN, None, date(2026, 12, 1))


if __name__ == "__main__":
    main()
