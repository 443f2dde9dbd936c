"""How long it takes to freeze a week, a month and a quarter of a company of the demo's size, beside a floor.

    .venv/bin/python bench/reports.py [database url]

Without an address it makes its own company in a temporary SQLite file: 1 region, 8 reps, 40 hospitals, 1,200
doctors, 6 products, 15 months. The floor is what cannot be avoided: the same statements without what follows,
and writing a body of that size as JSON with its digest. On a busy machine look at cpu, the first line includes
loading pandas and Altair.
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import AdoptionRating, Department, Doctor, DoctorClass, Hospital, Post, Tier
from repcrm.calls.models import Call, CallDoctor, CallProduct, CallResult, CallSheet, CallStatus
from repcrm.catalogue.models import PackUnit, Product, ProductPrice
from repcrm.core.periods import Period, PeriodKind
from repcrm.db import schema
from repcrm.db.engine import make_engine
from repcrm.organisation.access import Role
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import Region, Territory, TerritoryAssignment, User
from repcrm.organisation.shipped import load_shipped
from repcrm.reports.body import canonical, digest
from repcrm.reports.frames import read_frames
from repcrm.reports.service import freeze
from repcrm.reports.span import Span
from repcrm.sales.models import BatchStatus, Distributor, FlowGrain, FlowLine, FlowMode, ImportBatch, ImportKind
from repcrm.targets.models import HospitalTarget, QuotaShare, QuotaSplit, SplitStatus

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(2025, 9, 1), date(2026, 11, 22)
HOSPITALS, REPS, DOCTORS, PRODUCTS = 40, 8, 30, 6
PERIODS = ("2026-W47", "2026-10", "2026-Q3")


def main() -> None:
    """Measure, and say it as a table."""
    with TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
        engine = make_engine(url)
        with Session(engine) as session:
            if len(sys.argv) < 2:
                schema.upgrade(engine)
                make_company(session)
                session.commit()
            region = session.scalars(select(Region).order_by(Region.code)).first()
            assert region, "the database has no region"
            say(f"{'period':10} {'freeze':>8} {'cpu':>8} {'floor':>8} {'body':>10} {'rows':>6}")
            for text in PERIODS:
                measure(session, region, Period.parse(text))


def measure(session: Session, region: Region, period: Period) -> None:
    """Freeze, then do only what cannot be avoided; nothing of it stays."""
    started, cpu = perf_counter(), process_time()
    snapshot = freeze(session, period, region, now=AT, today=AT.date())
    took, cpu = perf_counter() - started, process_time() - cpu
    body = snapshot.body
    session.rollback()
    started = perf_counter()
    read_frames(session, region.id, Span.of(period, work_calendar(session, region.id)))
    digest(body)
    floor = perf_counter() - started
    rows = len(body["rows"]) + len(body["doctor_rows"])
    say(f"{period!s:10} {took:7.2f}s {cpu:7.2f}s {floor:7.2f}s {len(canonical(body)) / 1e6:8.2f}MB {rows:6}")


def say(line: str) -> None:
    """One line of the table."""
    sys.stdout.write(line + "\n")


def make_company(session: Session) -> None:
    """Fill an empty database, the same way every time."""
    dice = random.Random(47)
    load_shipped(session, now=AT)
    session.add(region := Region(code="EAST", name="East"))
    session.flush()
    people = [
        User(code=f"U{n}", username=f"u{n}", name=f"Rep {n}", role=Role.REP, region_id=region.id, created_at=AT)
        for n in range(REPS)
    ]
    products = [
        Product(code=f"P{n}", name=f"Product {n}", pack_size="10 x 1", unit=PackUnit.BOX) for n in range(PRODUCTS)
    ]
    hospitals = [Hospital(code=f"H{n:02}", name=f"Hospital {n}", region_id=region.id) for n in range(HOSPITALS)]
    session.add_all([*people, *products, *hospitals, territory := Territory(code="T", name="T", region_id=region.id)])
    session.flush()
    for n, product in enumerate(products):
        session.add(ProductPrice(product_id=product.id, from_on=FIRST_DAY, price_fen=2500 + 700 * n))
    doctors = _doctors(session, hospitals, products, people[0], dice)
    _territories(session, territory, hospitals, products, people)
    _targets(session, hospitals, products, doctors, people[0], dice)
    _flow(session, hospitals, products, people[0], dice)
    _calls(session, hospitals, products, doctors, people, dice)


def _doctors(
    session: Session, hospitals: list[Hospital], products: list[Product], rep: User, dice: random.Random
) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for hospital in hospitals:
        departments = [Department(hospital_id=hospital.id, name=f"Ward {n}") for n in range(5)]
        doctors = [
            Doctor(
                code=f"{hospital.code}-{n:02}",
                name=f"Doctor {n}",
                doctor_class=DoctorClass.GENERAL,
                tier=Tier.KEY if n % 4 == 0 else Tier.GENERAL,
            )
            for n in range(DOCTORS)
        ]
        session.add_all([*departments, *doctors])
        session.flush()
        for n, doctor in enumerate(doctors):
            session.add(Post(doctor_id=doctor.id, department_id=departments[n % 5].id, from_on=FIRST_DAY))
        ratings = [
            {"doctor_id": doctor.id, "product_id": product.id, "rating": dice.randint(1, 7), "rated_on": FIRST_DAY,
             "set_by_id": rep.id, "set_at": AT}
            for doctor in doctors for product in products
        ]  # fmt: skip
        session.execute(insert(AdoptionRating), ratings)
        found[hospital.id] = [doctor.id for doctor in doctors]
    return found


def _territories(
    session: Session, territory: Territory, hospitals: list[Hospital], products: list[Product], people: list[User]
) -> None:
    for n, hospital in enumerate(hospitals):
        for product in products:
            given = {"territory_id": territory.id, "hospital_id": hospital.id, "product_id": product.id}
            change = date(2026, 7, 15) if n % 10 == 0 else None
            session.add(TerritoryAssignment(**given, rep_id=people[n % REPS].id, from_on=FIRST_DAY, until_on=change))
            if change:
                session.add(TerritoryAssignment(**given, rep_id=people[(n + 1) % REPS].id, from_on=change))


def _months() -> Iterator[Period]:
    month = Period.of(PeriodKind.MONTH, FIRST_DAY)
    while month.from_on <= LAST_DAY:
        yield month
        month = month.next()


def _targets(
    session: Session,
    hospitals: list[Hospital],
    products: list[Product],
    doctors: dict[int, list[int]],
    rep: User,
    dice: random.Random,
) -> None:
    targets = [
        HospitalTarget(
            hospital_id=hospital.id,
            product_id=product.id,
            month_on=month.from_on,
            floor_packs=(floor := dice.randint(40, 400)),
            stretch_packs=floor * 5 // 4,
        )
        for month in _months()
        for hospital in hospitals
        for product in products
    ]
    session.add_all(targets)
    session.flush()
    splits = [
        QuotaSplit(target_id=target.id, status=SplitStatus.APPROVED, edited_by_id=rep.id, edited_at=AT)
        for target in targets
    ]
    session.add_all(splits)
    session.flush()
    shares: list[dict[str, Any]] = []
    for target, split in zip(targets, splits, strict=True):
        chosen = dice.sample(doctors[target.hospital_id], 12)
        part, rest = divmod(target.floor_packs, len(chosen))
        shares += [
            {"split_id": split.id, "doctor_id": doctor, "packs": part + (n < rest)} for n, doctor in enumerate(chosen)
        ]
    session.execute(insert(QuotaShare), shares)


def _flow(session: Session, hospitals: list[Hospital], products: list[Product], rep: User, dice: random.Random) -> None:
    distributor = Distributor(code="D1", name="Distributor")
    for month in _months():
        batch = ImportBatch(
            kind=ImportKind.FLOW, distributor=distributor, mode=FlowMode.REPLACES, period=str(month),
            file_name="flow.csv", file_digest="0" * 64,
            status=BatchStatus.APPLIED, created_by_id=rep.id, created_at=AT, applied_at=AT,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        lines: list[dict[str, Any]] = []
        for hospital in hospitals:
            for product in products:
                monthly = hospital.id % 8 == 0
                days = (
                    [month.from_on] if monthly else sorted(dice.sample([d for d in month.days() if d <= LAST_DAY], 5))
                )
                lines += [
                    {"batch_id": batch.id, "line_no": len(lines) + n, "hospital_id": hospital.id,
                     "product_id": product.id, "on": day, "grain": FlowGrain.MONTH if monthly else FlowGrain.DAY,
                     "packs": dice.randint(5, 60) * (5 if monthly else 1), "value_fen": None}
                    for n, day in enumerate(days)
                ]  # fmt: skip
        session.execute(insert(FlowLine), lines)


def _calls(
    session: Session,
    hospitals: list[Hospital],
    products: list[Product],
    doctors: dict[int, list[int]],
    people: list[User],
    dice: random.Random,
) -> None:
    day = FIRST_DAY
    while day <= LAST_DAY:
        if day.weekday() < 5:
            for n, rep in enumerate(people):
                session.add(sheet := CallSheet(rep_id=rep.id, day_on=day))
                session.flush()
                for _ in range(8):
                    hospital = dice.choice(hospitals[n::REPS])
                    missed = dice.random() < 0.1
                    doctor = dice.choice(doctors[hospital.id])
                    call = Call(
                        sheet_id=sheet.id, rep_id=rep.id, day_on=day, hospital_id=hospital.id, main_doctor_id=doctor,
                        status=CallStatus.CANCELLED if missed else CallStatus.DONE, is_planned=dice.random() < 0.8,
                        result=None if missed else dice.choice(list(CallResult)), logged_at=AT,
                    )  # fmt: skip
                    session.add(call)
                    session.flush()
                    session.add(CallDoctor(call_id=call.id, doctor_id=doctor))
                    product = dice.choice(products)
                    session.add(CallProduct(call_id=call.id, product_id=product.id, stock_packs=dice.randint(0, 80)))
        day += timedelta(days=1)
    session.flush()


if __name__ == "__main__":
    main()
