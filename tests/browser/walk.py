"""Which pages there are to look at: the menu of each role, and one page of each kind of thing it may open."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.calls.models import Call, CallSheet, CallStatus, SheetStatus
from repcrm.diary.models import Appointment, EveningDuty, RepBase, TimeOff
from repcrm.meeting.models import Review
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.models import ImportBatch
from repcrm.targets.models import QuotaSplit
from repcrm.web.navigation import WAYS


def menu_of(app: Flask, role: Role) -> list[str]:
    """The addresses of a role's menu."""
    with app.test_request_context():
        return [app.url_for(entry.endpoint) for entry in WAYS[role]]


def things_of(session: Session, role: Role, user: User) -> list[str]:
    """One page of each kind of thing that the role may open."""

    def one(column, *conditions) -> int | None:
        found: int | None = session.scalar(select(func.max(column)).where(*conditions))
        return found

    rep = role is Role.REP
    call = one(Call.id, Call.status == CallStatus.DONE, *([Call.rep_id == user.id] if rep else []))
    sheet = one(CallSheet.id, CallSheet.status != SheetStatus.DRAFT, *([CallSheet.rep_id == user.id] if rep else []))
    doctor, hospital = session.execute(select(Call.main_doctor_id, Call.hospital_id).where(Call.id == call)).one()
    accounts = [f"/doctors/{doctor}", f"/hospitals/{hospital}", "/search?q=a"]
    field = [
        f"/calls/{call}", f"/sheets/{sheet}", f"/reports/{one(ReportSnapshot.id)}", f"/meeting/{one(Review.id)}",
        f"/meeting/{one(Review.id)}/slides", f"/doctors/{doctor}/ratings",
    ]  # fmt: skip
    own_time_off, own_duty = ([TimeOff.rep_id == user.id], [EveningDuty.rep_id == user.id]) if rep else ([], [])
    diary = [
        "/diary/2026-W49", "/time-off/new", f"/time-off/{one(TimeOff.id, *own_time_off)}", "/appointments/new",
        f"/appointments/{one(Appointment.id, Appointment.weekday == 1)}", "/evenings/2026-12",
        f"/evenings/duties/{one(EveningDuty.id, *own_duty)}", f"/diary/base/{user.id if rep else one(RepBase.rep_id)}",
    ]  # fmt: skip
    own = {
        Role.REP: [*field, *diary, f"/calls/new?doctor_id={doctor}&day=2026-11-23", "/calls/find"],
        Role.LEAD: [
            *field, f"/targets/{one(QuotaSplit.target_id)}/split", f"/hospitals/{hospital}/edit",
            f"/doctors/{doctor}/edit", "/splits/factors",
            *diary, f"/reception/{hospital}", "/travel",
        ],
        Role.ADMIN: [
            f"/imports/{one(ImportBatch.id)}", f"/admin/users/{user.id}", "/admin/users/new", "/design", "/products/1",
            "/hospitals/new", "/doctors/new", "/territories/new", f"/territories/{hospital}",
        ],
    }  # fmt: skip
    return accounts + own[role]
