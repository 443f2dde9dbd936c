"""Lawful things to begin a test with: plain functions, one a model, whose defaults are in order.

Every function takes the session and, by name, whatever the test cares about; what is left out is filled in, and
the things it needs are made (`make_department(session)` makes a hospital, too). A related thing may be given itself
(`hospital=`) or by its key (`hospital_id=`). They flush; `save` or the session commits.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from repcrm.accounts.models import (
    AdoptionRating,
    ClinicSession,
    Department,
    Doctor,
    DoctorClass,
    Hospital,
    HospitalGrade,
    Listing,
    ListingStage,
    Post,
)
from repcrm.accounts.models import Session as PartOfDay
from repcrm.calls.models import (
    Amendment,
    Call,
    CallDoctor,
    CallProduct,
    CallPurpose,
    CallPurposeChoice,
    CallResult,
    CallSheet,
    CallStatus,
    CompetitorSeen,
    ContactCeiling,
    FollowUp,
)
from repcrm.catalogue.models import Competitor, PackUnit, Product, ProductConversion, ProductPrice
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import DayKind
from repcrm.db.base import Base
from repcrm.db.journal import JournalEntry
from repcrm.diary.models import (
    Appointment,
    EveningDuty,
    EveningRound,
    ReceptionWindow,
    RepBase,
    TimeOff,
    TravelOverride,
)
from repcrm.diary.terms import AppointmentKind, TimeOffKind
from repcrm.imports.models import ImportLayout, NameAlias, NameKind
from repcrm.meeting.models import Action, Review
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import (
    CalendarDay,
    CalendarFeed,
    Region,
    RegionCalendar,
    Territory,
    TerritoryAssignment,
    User,
)
from repcrm.planning.models import CallPlan, ChangeRequest, PlanningRules, PlanProposal, PlanVisit, RatingWorth
from repcrm.planning.policy import RULES, Policy
from repcrm.planning.terms import ProposalKind, VisitOrigin
from repcrm.reports.body import DOCTOR_STORED, STORED, Row, stored
from repcrm.reports.models import ReportKind, ReportSnapshot, SnapshotChart
from repcrm.sales.models import (
    BatchStatus,
    ClaimKind,
    Distributor,
    DistributorRegion,
    FlowGrain,
    FlowLine,
    FlowMode,
    ImportBatch,
    ImportContent,
    ImportKind,
    ImportRow,
    SalesClaim,
    SalesToken,
    StockLine,
)
from repcrm.scheduler.models import JobRun, RunStatus
from repcrm.spelling import name_key
from repcrm.sync.models import SyncConflict, SyncOperation
from repcrm.sync.operation import ConflictKind, Kind, Outcome
from repcrm.targets.models import AdoptionFactor, HospitalTarget, PeriodTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.work.models import LongWork, WorkAttachment

Made = TypeVar("Made", bound=Base)
Maker = Callable[[Session], Base]

LONG_AGO = date(2025, 1, 1)
MONTH = date(2026, 11, 1)
MONDAY = date(2026, 11, 16)
"""The Monday of 2026-W47."""
NEXT_MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 23 November 2026, ten in the morning in Shanghai."""

_numbers = count(1)


def _make(
    session: Session, model: type[Made], values: dict[str, Any], needs: dict[str, Maker], /, **defaults: Any
) -> Made:
    """A row with the values asked for, the defaults for the rest, and what it needs made where nobody gave it."""
    for name, make in needs.items():
        if f"{name}_id" in values:
            continue
        related = values.pop(name, None) if name in values else make(session)
        if hasattr(model, name):
            values[name] = related
        else:
            values[f"{name}_id"] = related.id if related is not None else None
    row = model(**{**defaults, **values})
    session.add(row)
    session.flush()
    return row


def scope_of(user: User, on: date = MONDAY) -> Scope:
    """The eyes of a person on a day."""
    return Scope(user.id, user.role, user.region_id, on)


# --- organisation -----------------------------------------------------------------------------------------------------


def make_region(session: Session, **values: Any) -> Region:
    number = next(_numbers)
    return _make(session, Region, values, {}, code=f"R{number:04}", name=f"Region {number}")


def make_user(session: Session, **values: Any) -> User:
    """A rep, unless a role is given; nobody can sign in with a password unless a hash is given."""
    number = next(_numbers)
    role = values.setdefault("role", Role.REP)
    needs: dict[str, Maker] = {} if role is Role.ADMIN else {"region": make_region}
    return _make(
        session, User, values, needs,
        code=f"U{number:04}", username=f"user{number}", name=f"User {number}", created_at=NOW,
    )  # fmt: skip


def make_rep(session: Session, **values: Any) -> User:
    return make_user(session, role=Role.REP, **values)


def make_lead(session: Session, **values: Any) -> User:
    return make_user(session, role=Role.LEAD, **values)


def make_admin(session: Session, **values: Any) -> User:
    return make_user(session, role=Role.ADMIN, **values)


def make_territory(session: Session, **values: Any) -> Territory:
    number = next(_numbers)
    return _make(session, Territory, values, {"region": make_region}, code=f"T{number:04}", name=f"Territory {number}")


def make_assignment(session: Session, **values: Any) -> TerritoryAssignment:
    """A hospital x product given to a rep, for ever since long ago, in a territory of the hospital's region."""
    hospital = values.pop("hospital", None)
    if hospital is None and "hospital_id" in values:
        hospital = session.get_one(Hospital, values["hospital_id"])
    if hospital is None:
        hospital = make_hospital(session)
    values["hospital_id"] = hospital.id

    def territory(_: Session) -> Base:
        return make_territory(session, region_id=hospital.region_id)

    def rep(_: Session) -> Base:
        return make_rep(session, region_id=hospital.region_id)

    return _make(
        session, TerritoryAssignment, values,
        {"territory": territory, "product": make_product, "rep": rep},
        from_on=LONG_AGO,
    )  # fmt: skip


def make_calendar_day(session: Session, **values: Any) -> CalendarDay:
    return _make(
        session, CalendarDay, values, {},
        on=date(2026, 10, 1), kind=DayKind.HOLIDAY, name_zh="国庆节", name_en="National Day",
    )  # fmt: skip


# --- catalogue --------------------------------------------------------------------------------------------------------


def make_region_calendar(session: Session, **values: Any) -> RegionCalendar:
    """A region that follows the public holidays of Singapore from this year on."""
    needs: dict[str, Maker] = {"region": make_region}
    return _make(session, RegionCalendar, values, needs, from_on=date(2026, 1, 1), country="SG")


def make_product(session: Session, **values: Any) -> Product:
    number = next(_numbers)
    return _make(
        session, Product, values, {},
        code=f"P{number:04}", name=f"Product {number}", pack_size="10 mg x 28", unit=PackUnit.BOX,
    )  # fmt: skip


def make_price(session: Session, **values: Any) -> ProductPrice:
    """50 yuan a pack since long ago."""
    return _make(session, ProductPrice, values, {"product": make_product}, from_on=LONG_AGO, price_fen=5000)


def make_conversion(session: Session, **values: Any) -> ProductConversion:
    """A case of 200 packs since long ago."""
    return _make(
        session, ProductConversion, values, {"product": make_product}, unit="件", packs_num=200, packs_den=1,
        from_on=LONG_AGO,
    )  # fmt: skip


def make_competitor(session: Session, **values: Any) -> Competitor:
    return _make(session, Competitor, values, {"product": make_product}, name=f"Competitor {next(_numbers)}")


# --- accounts ---------------------------------------------------------------------------------------------------------


def make_hospital(session: Session, **values: Any) -> Hospital:
    number = next(_numbers)
    return _make(
        session, Hospital, values, {"region": make_region},
        code=f"H{number:04}", name=f"Hospital {number}", grade=HospitalGrade.G3A,
    )  # fmt: skip


def make_department(session: Session, **values: Any) -> Department:
    return _make(session, Department, values, {"hospital": make_hospital}, name=f"Department {next(_numbers)}")


def make_doctor(session: Session, **values: Any) -> Doctor:
    """A doctor without a post; give `department=` or `hospital=` for one who holds a post since long ago."""
    department = values.pop("department", None)
    hospital = values.pop("hospital", None)
    number = next(_numbers)
    doctor = _make(
        session, Doctor, values, {}, code=f"D{number:04}", name=f"Doctor {number}", doctor_class=DoctorClass.GENERAL
    )
    if hospital is not None and department is None:
        department = make_department(session, hospital=hospital)
    if department is not None:
        make_post(session, doctor=doctor, department=department)
    return doctor


def make_post(session: Session, **values: Any) -> Post:
    needs: dict[str, Maker] = {"doctor": make_doctor, "department": make_department}
    return _make(session, Post, values, needs, from_on=LONG_AGO)


def make_rating(session: Session, **values: Any) -> AdoptionRating:
    needs: dict[str, Maker] = {"doctor": make_doctor, "product": make_product, "set_by": make_rep}
    return _make(session, AdoptionRating, values, needs, rating=4, rated_on=MONDAY, set_at=NOW)


def make_clinic_session(session: Session, **values: Any) -> ClinicSession:
    """Monday morning."""
    return _make(session, ClinicSession, values, {"doctor": make_doctor}, weekday=1, session=PartOfDay.AM)


def make_listing(session: Session, **values: Any) -> Listing:
    needs: dict[str, Maker] = {"hospital": make_hospital, "product": make_product}
    return _make(session, Listing, values, needs, stage=ListingStage.LISTED, since_on=LONG_AGO)


# --- sales ------------------------------------------------------------------------------------------------------------


def make_distributor(session: Session, **values: Any) -> Distributor:
    """A first-tier distributor that reports every month by the 5th."""
    number = next(_numbers)
    return _make(session, Distributor, values, {}, code=f"DC{number}", name=f"Distributor {number}")


def make_distributor_region(session: Session, **values: Any) -> DistributorRegion:
    return _make(session, DistributorRegion, values, {"distributor": make_distributor, "region": make_region})


def make_batch(session: Session, **values: Any) -> ImportBatch:
    """An applied batch of flow for November, each of another distributor; a replaced one was so by yet another."""
    if values.get("status") is BatchStatus.REPLACED and "replaced_by_id" not in values:
        values["replaced_by_id"] = make_batch(session).id
    return _make(
        session, ImportBatch, values, {"created_by": make_admin, "distributor": make_distributor},
        kind=ImportKind.FLOW, period="2026-11", mode=FlowMode.REPLACES, file_name="flow.csv",
        file_digest="0" * 64, status=BatchStatus.APPLIED, created_at=NOW, applied_at=NOW,
    )  # fmt: skip


def make_token(session: Session, **values: Any) -> SalesToken:
    """A token in use; nobody knows its secret unless a digest is given."""
    return _make(
        session, SalesToken, values, {"distributor": make_distributor, "created_by": make_admin},
        token_digest=f"{next(_numbers):064}", label="ERP", created_at=NOW,
    )  # fmt: skip


def make_claim(session: Session, **values: Any) -> SalesClaim:
    """An open claim: 10 packs of November are missing; give `line=` and a kind for one about a line."""
    needs: dict[str, Maker] = {"hospital": make_hospital, "product": make_product, "made_by": make_rep}
    return _make(
        session, SalesClaim, values, needs, kind=ClaimKind.MISSING, month_on=MONTH, packs=10, note="Not delivered",
        made_at=NOW,
    )  # fmt: skip


def make_stock_line(session: Session, **values: Any) -> StockLine:
    """Ten packs in stock on the 20th."""
    return _make(
        session, StockLine, values, {"batch": make_batch, "product": make_product},
        line_no=next(_numbers), on=date(2026, 11, 20), packs=10,
    )  # fmt: skip


def make_import_content(session: Session, **values: Any) -> ImportContent:
    """The bytes of a file that waits."""
    return _make(session, ImportContent, values, {"batch": make_batch}, content=b"packs")


def make_import_row(session: Session, **values: Any) -> ImportRow:
    """A new row of a previewed file."""
    return _make(
        session, ImportRow, values, {"batch": make_batch},
        number=1, verdict="new", kept={"sheet": "", "row": 2, "values": {}},
    )  # fmt: skip


def make_import_layout(session: Session, **values: Any) -> ImportLayout:
    """What an admin answered for a layout of distributor sales."""
    return _make(
        session, ImportLayout, values, {"confirmed_by": make_admin},
        kind=ImportKind.FLOW, signature=f"{next(_numbers):064}", answers={"unit": "盒"}, confirmed_at=NOW,
    )  # fmt: skip


def make_flow(session: Session, **values: Any) -> FlowLine:
    """100 packs delivered on a Monday."""
    needs: dict[str, Maker] = {"batch": make_batch, "hospital": make_hospital, "product": make_product}
    return _make(session, FlowLine, values, needs, line_no=next(_numbers), on=MONDAY, grain=FlowGrain.DAY, packs=100)


def make_alias(session: Session, **values: Any) -> NameAlias:
    """A spelling in everybody's files that stands for a hospital; give `hospital=None` for one that is not ours."""
    number = next(_numbers)
    spelling = values.setdefault("spelling", f"Spelling {number}")
    needs: dict[str, Maker] = {"decided_by": make_admin}
    if values.get("kind", NameKind.HOSPITAL) is NameKind.HOSPITAL:
        needs["hospital"] = make_hospital
    return _make(
        session, NameAlias, values, needs, kind=NameKind.HOSPITAL, spelling_key=name_key(spelling), decided_at=NOW
    )  # fmt: skip


# --- calls ------------------------------------------------------------------------------------------------------------


def make_sheet(session: Session, **values: Any) -> CallSheet:
    """A draft of Monday."""
    return _make(session, CallSheet, values, {"rep": make_rep}, day_on=MONDAY)


def make_call(session: Session, **values: Any) -> Call:
    """A call made on the sheet's day, goal met; rep and day are the sheet's, and the main doctor stands on its list."""
    sheet = values.setdefault("sheet", None) or make_sheet(
        session, **{name: values[name] for name in ("rep", "rep_id", "day_on") if name in values}
    )
    values = {name: value for name, value in values.items() if name not in ("sheet", "rep", "rep_id", "day_on")}
    planned = values.get("status", CallStatus.DONE) is not CallStatus.DONE
    call = _make(
        session, Call, values, {"hospital": make_hospital, "main_doctor": make_doctor},
        sheet_id=sheet.id, rep_id=sheet.rep_id, day_on=sheet.day_on,
        status=CallStatus.DONE, result=None if planned else CallResult.GOAL_MET,
    )  # fmt: skip
    _make(session, CallDoctor, {"call_id": call.id, "doctor_id": call.main_doctor_id}, {})
    return call


def make_call_purpose(session: Session, **values: Any) -> CallPurposeChoice:
    return _make(session, CallPurposeChoice, values, {"call": make_call}, purpose=CallPurpose.INCREASE_USE)


def make_call_product(session: Session, **values: Any) -> CallProduct:
    return _make(session, CallProduct, values, {"call": make_call, "product": make_product})


def make_competitor_seen(session: Session, **values: Any) -> CompetitorSeen:
    return _make(session, CompetitorSeen, values, {"call": make_call, "competitor": make_competitor})


def make_follow_up(session: Session, **values: Any) -> FollowUp:
    """Something promised to the call's main doctor, due a week after the call."""
    call = values.pop("call", None) or make_call(session)
    return _make(
        session, FollowUp, values, {},
        call_id=call.id, rep_id=call.rep_id, doctor_id=call.main_doctor_id, due_on=NEXT_MONDAY,
        text="Bring paper",
    )  # fmt: skip


def make_amendment(session: Session, **values: Any) -> Amendment:
    needs: dict[str, Maker] = {"call": make_call, "by": make_rep}
    return _make(session, Amendment, values, needs, at=NOW, reason="Wrong result", before={}, after={})


# --- diary ------------------------------------------------------------------------------------------------------------


def make_time_off(session: Session, **values: Any) -> TimeOff:
    """Annual leave of a Monday."""
    return _make(
        session, TimeOff, values, {"rep": make_rep},
        from_on=MONDAY, until_on=date(2026, 11, 17), kind=TimeOffKind.ANNUAL,
    )  # fmt: skip


def make_appointment(session: Session, **values: Any) -> Appointment:
    """Everybody's half hour on Monday mornings since long ago; give `rep=` for one of a rep, of the rep's region."""
    rep = values.get("rep")
    if rep is not None:
        values.setdefault("region_id", rep.region_id)
    return _make(
        session, Appointment, values, {"region": make_region},
        kind=AppointmentKind.TEAM_MEETING, title="Monday meeting", weekday=1, from_on=LONG_AGO, part=PartOfDay.AM,
        minutes=30,
    )  # fmt: skip


def make_reception_window(session: Session, **values: Any) -> ReceptionWindow:
    """Monday morning."""
    return _make(session, ReceptionWindow, values, {"hospital": make_hospital}, weekday=1, part=PartOfDay.AM)


def make_travel_override(session: Session, **values: Any) -> TravelOverride:
    """Twenty minutes; `one` has to be the hospital with the smaller key."""
    return _make(session, TravelOverride, values, {"one": make_hospital, "other": make_hospital}, minutes=20)


def make_rep_base(session: Session, **values: Any) -> RepBase:
    return _make(session, RepBase, values, {"rep": make_rep}, name="office", latitude=31.2, longitude=121.5)


def make_evening_round(session: Session, **values: Any) -> EveningRound:
    """Every Monday."""
    return _make(session, EveningRound, values, {"hospital": make_hospital}, weekday=1)


def make_evening_duty(session: Session, **values: Any) -> EveningDuty:
    """On a Monday."""
    needs: dict[str, Maker] = {"hospital": make_hospital, "rep": make_rep}
    return _make(session, EveningDuty, values, needs, day_on=MONDAY)


# --- devices ----------------------------------------------------------------------------------------------------------


def make_operation(session: Session, **values: Any) -> SyncOperation:
    """A change of a call's notes, sent by a phone of its own."""
    number = next(_numbers)
    entity = values.setdefault("entity_id", "call-1")
    said = {
        "op_id": f"01900000-0000-7000-9000-{number:012x}", "device_id": f"01900000-0000-7000-a000-{number:012x}",
        "entity_id": entity, "kind": "revise", "base_version": 1, "day_on": MONDAY.isoformat(), "doctor_id": 1,
        "label": "Li Min", "device_time": NOW.isoformat(), "fields": {"summary": "From the phone"}, "base": {},
    }  # fmt: skip
    return _make(
        session, SyncOperation, values, {"user": make_rep},
        op_id=said["op_id"], device_id=said["device_id"], kind=Kind.REVISE, base_version=1, said=said, digest="0" * 64,
        device_time=NOW, received_at=NOW, outcome=Outcome.CONFLICT, answer="{}",
    )  # fmt: skip


def make_conflict(session: Session, **values: Any) -> SyncConflict:
    """Two versions of the notes on a call."""
    call = values.pop("call", None) or make_call(session)
    operation = make_operation(session, user_id=call.rep_id, entity_id=f"call-{call.id}")
    return _make(
        session, SyncConflict, values, {},
        operation_id=operation.id, user_id=call.rep_id, call_id=call.id, day_on=call.day_on, kind=ConflictKind.CHANGED,
        mine={"summary": "From the phone"}, theirs={"summary": ""}, opened_at=NOW,
    )  # fmt: skip


# --- targets ----------------------------------------------------------------------------------------------------------


def make_period_target(session: Session, **values: Any) -> PeriodTarget:
    needs: dict[str, Maker] = {"region": make_region, "product": make_product}
    return _make(session, PeriodTarget, values, needs, month_on=MONTH, floor_packs=1000, stretch_packs=1200)


def make_target(session: Session, **values: Any) -> HospitalTarget:
    """100 packs for November, 120 at best."""
    needs: dict[str, Maker] = {"hospital": make_hospital, "product": make_product}
    return _make(session, HospitalTarget, values, needs, month_on=MONTH, floor_packs=100, stretch_packs=120)


def make_split(session: Session, **values: Any) -> QuotaSplit:
    """A draft without shares; give `shares={doctor: packs}` for some."""
    shares: dict[Doctor, int] = values.pop("shares", {})
    needs: dict[str, Maker] = {"target": make_target, "edited_by": make_rep}
    split = _make(session, QuotaSplit, values, needs, status=SplitStatus.DRAFT, edited_at=NOW)
    for doctor, packs in shares.items():
        make_share(session, split=split, doctor=doctor, packs=packs)
    return split


def make_share(session: Session, **values: Any) -> QuotaShare:
    needs: dict[str, Maker] = {"split": make_split, "doctor": make_doctor}
    return _make(session, QuotaShare, values, needs, packs=10)


def make_adoption_factor(session: Session, **values: Any) -> AdoptionFactor:
    return _make(session, AdoptionFactor, values, {}, rating=4, permille=500)


# --- reports and the meeting ------------------------------------------------------------------------------------------


def report_body(period: str = "2026-W47") -> dict[str, Any]:
    """The body of a report of a region in which nothing was asked for and nothing sold."""
    span = Period.parse(period)
    days = [len(span.days()), 30, 20]
    nothing: list[Any] = []
    return {
        "schema": 1, "kind": span.kind.value, "period": period,
        "from_on": span.from_on.isoformat(), "to_on": span.to_on.isoformat(), "region": [1, "EAST", "East"],
        "calendar": {
            "days": days[0], "horizon": str(Period.of(PeriodKind.MONTH, span.to_on)), "horizon_days": days[1],
            "horizon_passed": days[2], "doubts": [],
        },
        "data": {"has_flow": False, "sources": nothing, "unpriced": nothing},
        **dict.fromkeys(("reps", "hospitals", "products", "doctors"), nothing),
        "columns": ["level", "rep", "hospital", "product", *STORED],
        "rows": [stored(Row("region", None, None, None, None))],
        "doctor_columns": ["rep", "hospital", "product", "doctor", *DOCTOR_STORED], "doctor_rows": nothing,
        "series": {
            "periods": [str(one) for one in span.trail(2)],
            "compared": [str(one.year_before()) for one in span.trail(2)],
            "region": {}, "products": {}, "reps": {},
        },
        "development": {"columns": nothing, "hospitals": nothing, "places": nothing},
        "stock": nothing, "unlisted": nothing, "facts": nothing, "bridge": nothing, "revision": None,
    }  # fmt: skip


def make_snapshot(session: Session, **values: Any) -> ReportSnapshot:
    """The weekly report of 2026-W47 in which nothing happened."""
    values.setdefault("body", report_body(values.get("period", "2026-W47")))
    return _make(
        session, ReportSnapshot, values, {"region": make_region},
        kind=ReportKind.WEEK, period="2026-W47", revision=1, from_on=MONDAY, until_on=NEXT_MONDAY,
        data_as_of_at=NOW, frozen_at=NOW, schema_version=1, digest="0" * 64,
    )  # fmt: skip


def make_chart(session: Session, **values: Any) -> SnapshotChart:
    return _make(session, SnapshotChart, values, {"snapshot": make_snapshot}, name="trend", language="en", svg="<svg/>")


def make_review(session: Session, **values: Any) -> Review:
    """The Monday meeting about a snapshot, of its region and week."""
    snapshot = values.pop("snapshot", None) or make_snapshot(
        session, **{name: values[name] for name in ("region", "region_id", "period") if name in values}
    )
    values = {"region_id": snapshot.region_id, "period": snapshot.period, **values}
    values.pop("region", None)
    return _make(session, Review, values, {}, snapshot_id=snapshot.id, meets_on=snapshot.until_on, opened_at=NOW)


def make_action(session: Session, **values: Any) -> Action:
    """Decided by a review, of its region, for a rep of it, until the next Monday."""
    review = values.pop("review", None) or make_review(session)

    def owner(_: Session) -> Base:
        return make_rep(session, region_id=review.region_id)

    return _make(
        session, Action, values, {"owner": owner},
        review_id=review.id, region_id=review.region_id, what="Visit the pharmacy", due_on=date(2026, 11, 30),
    )  # fmt: skip


# --- clock and journal ------------------------------------------------------------------------------------------------


def make_job_run(session: Session, **values: Any) -> JobRun:
    return _make(
        session, JobRun, values, {"region": make_region},
        job="freeze_week", period="2026-W47", status=RunStatus.DONE, claimed_by="test", claimed_at=NOW,
        lease_until_at=NOW, finished_at=NOW,
    )  # fmt: skip


def make_work_attachment(session: Session, **values: Any) -> WorkAttachment:
    """A file that came with a wish."""
    return _make(session, WorkAttachment, values, {"work": make_work}, content=b"packs")


def make_work(session: Session, **values: Any) -> LongWork:
    return _make(
        session, LongWork, values, {"asked_by": make_lead},
        kind="freeze", wish={"period": "2026-W47", "region_id": 1, "reason": None}, asked_at=NOW, figures={},
        error_values={},
    )  # fmt: skip


# --- call plans -------------------------------------------------------------------------------------------------------

CYCLE_ON = date(2026, 11, 2)
"""The Monday on which the cycle of `NOW` begins."""


def make_plan(session: Session, **values: Any) -> CallPlan:
    return _make(session, CallPlan, values, {"rep": make_rep}, start_on=CYCLE_ON)


def make_visit(session: Session, **values: Any) -> PlanVisit:
    needs: dict[str, Maker] = {"plan": make_plan, "doctor": make_doctor, "hospital": make_hospital}
    return _make(
        session, PlanVisit, values, needs, day_on=CYCLE_ON, part=PartOfDay.AM, origin=VisitOrigin.BY_HAND
    )  # fmt: skip


def make_proposal(session: Session, **values: Any) -> PlanProposal:
    """An open proposal that changes nothing."""
    return _make(
        session, PlanProposal, values, {"plan": make_plan},
        kind=ProposalKind.PROPOSE, made_at=NOW, now_on=CYCLE_ON, basis_version=1, basis="0" * 64, objective=100.0,
        upper_bound=101.0, seconds=1.0, body={"visits": [], "left_out": [], "must": {}}, taken=[],
    )  # fmt: skip


def make_change_request(session: Session, **values: Any) -> ChangeRequest:
    """A visit to be added."""
    wanted = {"what": "add", "doctor_id": 1, "from_on": None, "day_on": CYCLE_ON.isoformat(), "part": "am"}
    return _make(
        session, ChangeRequest, values, {"plan": make_plan, "asked_by": make_rep},
        asked_at=NOW, reason="The clinic moved", wanted=wanted,
    )  # fmt: skip


def make_rules(session: Session, **values: Any) -> PlanningRules:
    """The default rules, kept for a region."""
    rules = {name: getattr(Policy(), name) for name in RULES}
    return _make(session, PlanningRules, values, {"region": make_region}, **rules)


def make_worth(session: Session, **values: Any) -> RatingWorth:
    """What a rating of 4 stands for."""
    needs: dict[str, Maker] = {"rules": make_rules}
    return _make(session, RatingWorth, values, needs, rating=4, headroom_permille=1000, goal_calls=4)


def make_ceiling(session: Session, **values: Any) -> ContactCeiling:
    """Eight calls in four weeks."""
    return _make(session, ContactCeiling, values, {}, calls=8, window_days=28)


def make_feed(session: Session, **values: Any) -> CalendarFeed:
    return _make(session, CalendarFeed, values, {"user": make_rep}, token_digest="0" * 64, created_at=NOW)


def make_journal_entry(session: Session, **values: Any) -> JournalEntry:
    return _make(
        session, JournalEntry, values, {"actor": make_admin},
        at=NOW, subject="hospital_target", subject_id=1, verb="assign_target", before=None, after={"floor_packs": 100},
    )  # fmt: skip
