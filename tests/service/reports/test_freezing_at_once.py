"""Two who freeze at once leave one snapshot, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from repcrm.core.periods import Period
from repcrm.db.unit_of_work import PATIENCE, unit_of_work
from repcrm.organisation.models import Region
from repcrm.reports import service
from repcrm.reports.models import ReportSnapshot, SnapshotChart
from tests.service.reports.conftest import LATER, NOW, Company

W47 = Period.parse("2026-W47")


def test_two_at_once_leave_one_snapshot(session: Session, engine: Engine, company: Company) -> None:
    session.commit()
    region_id, start = company.region.id, Barrier(2)

    def freeze(_: int) -> int:
        make_session = sessionmaker(engine)

        def draft() -> service.Draft:
            with make_session() as own:
                drafted = service.draft(own, W47, own.get_one(Region, region_id), now=NOW, today=LATER)
            start.wait()
            return drafted

        def keep(own: Session, drafted: service.Draft | None) -> int:
            region = own.get_one(Region, region_id)
            return service.freeze(own, W47, region, now=NOW, today=LATER, drafted=drafted).id

        return service.keep_drafted(draft, lambda: unit_of_work(make_session, patience=PATIENCE), keep)

    with ThreadPoolExecutor(2) as pool:
        ids = list(pool.map(freeze, range(2)))

    assert ids[0] == ids[1]
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ReportSnapshot)) == 1
    assert session.scalar(select(func.count()).select_from(SnapshotChart)) == 4
