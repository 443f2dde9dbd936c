"""How long a flow file of 50,000 lines takes: `python bench/imports.py`, on an SQLite file of its own."""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy.orm import Session

import repcrm.tables  # noqa: F401 - every model
from repcrm.accounts.service import HospitalFacts, open_hospital
from repcrm.catalogue.models import PackUnit
from repcrm.catalogue.service import ProductFacts, add_product
from repcrm.db.engine import make_engine
from repcrm.db.schema import upgrade
from repcrm.db.unit_of_work import begin_writing
from repcrm.imports import service as imports
from repcrm.imports.files import read_file
from repcrm.organisation import service as organisation
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.regions import add_region
from repcrm.sales.models import ImportKind

LINES = 50_000
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
Done = TypeVar("Done")


def main() -> None:
    """Read, preview and apply one file, then preview it again."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/bench.sqlite3")
        upgrade(engine)
        with Session(engine) as session:
            begin_writing(session)
            scope = _company(session)
            file = timed("read", lambda: read_file(flow_file(), "flow.csv", ImportKind.FLOW))
            batch = timed("preview", lambda: imports.preview(session, scope, file, now=NOW, source="A"))
            session.commit()
            begin_writing(session)
            timed("apply", lambda: imports.apply(session, scope, batch, now=NOW))
            timed("commit", session.commit)
            begin_writing(session)
            again = read_file(flow_file(), "flow.csv", ImportKind.FLOW)
            timed("preview of the same", lambda: imports.preview(session, scope, again, now=NOW, source="A"))


def timed(what: str, action: Callable[[], Done]) -> Done:
    """Do something and say how long it took."""
    before = time.perf_counter()
    done = action()
    sys.stdout.write(f"{what:22} {time.perf_counter() - before:5.2f} s\n")
    return done


def flow_file() -> bytes:
    """A month of a distributor, as Excel saves it in China."""
    rows = ["医院编码,医院名称,产品编码,日期,盒数,金额（元）,单据号"]
    for n in range(LINES):
        hospital, packs = n % 40, n % 50 + 1
        money = f'"{packs * 50:,}.00"'
        rows.append(f"H{hospital},江岸第{hospital}医院,P{n % 6},2026/11/{n % 28 + 1},{packs},{money},CK{n}")
    return "\n".join(rows).encode("gb18030")


def _company(session: Session) -> Scope:
    region = add_region(session, None, code="EAST", name="East", now=NOW)
    admin = organisation.add_user(
        session, None, code="A1", username="admin", name="Admin", role=Role.ADMIN, region_id=None, now=NOW
    )
    for n in range(40):
        open_hospital(session, f"H{n}", region.id, HospitalFacts(name=f"江岸第{n}医院"))
    for n in range(6):
        add_product(session, f"P{n}", ProductFacts(f"产品{n}", "10 mg x 28", PackUnit.BOX))
    session.commit()
    begin_writing(session)
    return Scope(admin.id, Role.ADMIN, None, date(2026, 11, 23))


if __name__ == "__main__":
    main()
