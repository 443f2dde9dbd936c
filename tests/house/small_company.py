"""A company small enough to be run through every command: one rep, one hospital, one doctor, a week of sales."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import ClinicSession
from repcrm.accounts.models import Session as DayPart
from repcrm.db import schema
from repcrm.db.engine import make_engine
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from repcrm.organisation.shipped import load_shipped
from tests import factories as make
from tests.unit.planning import simple

ITS_DAY = "2026-12-01T09:00+08:00"
"""Docs speak of weeks and cycles around this Tuesday."""
CLOCK = f"""
from datetime import datetime
import time_machine
time_machine.travel(datetime.fromisoformat("{ITS_DAY}")).start()
"""
"""A sitecustomize.py that sets the clock of every Python it is on the path of."""


def make_company(url: str) -> None:
    """Fill an empty database."""
    engine = make_engine(url)
    schema.upgrade(engine)
    with Session(engine) as session:
        if not session.scalar(select(func.count()).select_from(User)):
            _fill(session)
        session.commit()
    engine.dispose()


def _fill(session: Session) -> None:
    load_shipped(session, now=make.NOW)
    region = make.make_region(session, code="EAST", name="East")
    make.make_distributor(session, name="Example Distribution")
    rep = make.make_rep(session, region=region, code="R01", username="name")
    make.make_user(session, role=Role.ADMIN, region=None)
    hospital = make.make_hospital(session, region=region, code="H001", latitude=31.0, longitude=121.0)
    product = make.make_product(session, code="P01")
    make.make_price(session, product=product)
    make.make_assignment(session, hospital=hospital, product=product, rep=rep)
    make.make_target(session, hospital=hospital, product=product, month_on=date(2026, 7, 1))
    make.make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 18), packs=12)
    doctor = make.make_doctor(session, department=make.make_department(session, hospital=hospital))
    make.make_rating(session, doctor=doctor, product=product, rating=4, rated_on=make.LONG_AGO, set_by=rep)
    session.add_all(ClinicSession(doctor_id=doctor.id, weekday=day, session=DayPart.AM) for day in range(1, 6))


def write_files(folder: Path) -> None:
    """The files that commands of the docs name."""
    (folder / "PROBLEM.json").write_text(json.dumps(simple.problem(simple.doctor())), "utf-8")
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["hospital_code", "product_code", "date", "packs"])
    sheet.append(["H001", "P01", date(2026, 11, 18), 40])
    book.save(folder / "november.xlsx")


def environment_of(folder: Path, url: str) -> dict[str, str]:
    """What commands run with in a folder: its own home, its own database, the clock of the docs."""
    site = folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(CLOCK, "utf-8")
    return {
        "HOME": str(folder), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(site),
        "REPCRM_DATABASE_URL": url, "REPCRM_SECRET_KEY": "x1y2" * 8,
    }  # fmt: skip
