"""Files of appointments: of a rep or of everybody, once or weekly; what is on file already is left as it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.diary.models import Appointment
from repcrm.diary.service import AppointmentFacts, make_appointment
from repcrm.diary.terms import AppointmentKind
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import (
    HOSPITAL_CODE,
    HOSPITAL_NAME,
    PART,
    REP_CODE,
    REP_NAME,
    Context,
    Kind,
    find_hospital,
    find_region,
    find_rep,
    rehearse,
)
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.organisation.models import Region
from repcrm.sales.models import ImportKind

KINDS_OF_APPOINTMENT = {
    "团队会议": "team_meeting", "周会": "team_meeting", "例会": "team_meeting", "team meeting": "team_meeting",
    "培训": "training", "training session": "training", "training": "training",
    "科室会": "department_meeting", "department meeting": "department_meeting",
    "协访": "joint_visit", "joint visit": "joint_visit",
    "其他安排": "other", "其他": "other", "other appointment": "other", "other": "other",
}  # fmt: skip
WEEKDAYS = {
    spelling: str(number)
    for number, (han, english) in enumerate(
        zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True), 1
    )
    for spelling in (f"周{han}", f"星期{han}", f"每周{han}", english, f"{english}day", f"every {english}")
} | {"Tuesday": "2", "Wednesday": "3", "Thursday": "4", "Saturday": "6", "周天": "7", "星期天": "7"}

COLUMNS = (
    replace(REP_CODE, required=False, note=N_("Left empty, it is everybody's of the region.")),
    REP_NAME,
    Column(
        "region", "Region", "大区", values.text(100), ("大区编码", "区域", "region code"),
        note=N_("Needed where there is neither rep nor hospital."), samples=("", ""),
    ),
    Column(
        "kind", "Kind", "类型", values.one_of(KINDS_OF_APPOINTMENT), ("安排类型", "appointment type"), required=True,
        samples=("department meeting", "科室会"), term=AppointmentKind,
    ),
    Column(
        "title", "Title", "名称", values.text(100), ("主题", "标题", "subject"),
        note=N_("Left empty, the kind says it."), samples=("Cardiology meeting", "心内科科室会"),
    ),
    Column(
        "from_on", "Day", "日期", values.day, ("开始日期", "第一天", "date", "first day", "from"), required=True,
        note=N_("Of something weekly, the first day."), samples=("2026-12-08", "2026-12-08"), shape="day",
    ),
    Column(
        "weekday", "Every week on", "每周", values.one_of(WEEKDAYS), ("星期", "weekday", "repeats"),
        note=N_("Left empty, it is once."), samples=("", ""), shape="weekday",
    ),
    Column(
        "to_on", "Last day", "结束日期", values.day, ("最后一天", "until", "to"),
        note=N_("Of something weekly; left empty, it goes on."), samples=("", ""), shape="day",
    ),
    replace(PART, required=True),
    Column(
        "starts_at_time", "Begins at", "开始时间", values.hour, ("时间", "time", "start time"),
        samples=("07:30", "07:30"),
    ),
    Column(
        "minutes", "Minutes", "分钟", values.whole(1, 1440), ("时长", "duration"), required=True, samples=(45, 45),
    ),
    replace(HOSPITAL_CODE, required=False),
    HOSPITAL_NAME,
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Rehearse every row that is not on file already."""
    for row in rows:
        rep, hospital = find_rep(context, row), find_hospital(context, row)
        named = find_region(context, row)
        ids = [one.region_id for one in (rep, hospital) if one is not None and one.region_id is not None]
        row.found["region"] = named or (context.session.get(Region, ids[0]) if ids else None)
        if row.found["region"] is None and not row.is_stuck:
            row.refuse(BadInput(N_("Give a rep, a hospital or a region.")), "region")
    refuse_duplicates(rows, _key)
    on_file = {_key_of(one) for one in context.session.scalars(watch(context, rows)[0])}
    for row in rows:
        if row.verdict is Verdict.NEW and _key(row) in on_file:
            row.verdict = Verdict.UNCHANGED
    rehearse(context, rows, lambda row, who, now: _do(context, row, who, now))


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Put the appointments into the diaries."""
    for row in rows:
        if row.verdict is Verdict.NEW:
            _do(context, row, scope, now)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The appointments of the regions of the file."""
    regions = {row.found["region"].id for row in rows if row.found.get("region")}
    return [select(Appointment).where(Appointment.region_id.in_(regions))]


def _do(context: Context, row: Row, who: Scope, now: datetime) -> Appointment:
    return make_appointment(context.session, who, row.found["region"], _facts(row), now=now)


def _facts(row: Row) -> AppointmentFacts:
    said, rep, hospital = row.values, row.found.get("rep"), row.found.get("hospital")
    return AppointmentFacts(
        kind=AppointmentKind(said["kind"]),
        title=said.get("title", ""),
        from_on=date.fromisoformat(said["from_on"]),
        part=DayPart(said["part"]),
        minutes=said["minutes"],
        weekday=int(said["weekday"]) if "weekday" in said else None,
        until_on=date.fromisoformat(said["to_on"]) + timedelta(days=1) if "to_on" in said else None,
        starts_at_time=time.fromisoformat(said["starts_at_time"]) if "starts_at_time" in said else None,
        rep_id=rep.id if rep else None,
        hospital_id=hospital.id if hospital else None,
        with_lead=AppointmentKind(said["kind"]) is AppointmentKind.JOINT_VISIT,
    )


def _key(row: Row) -> tuple[object, ...]:
    return row.found["region"].id, *_identity(_facts(row))


def _key_of(one: Appointment) -> tuple[object, ...]:
    return one.region_id, *_identity(one)


def _identity(one: AppointmentFacts | Appointment) -> tuple[object, ...]:
    return one.rep_id, one.hospital_id, one.kind, one.title, one.weekday, one.from_on, one.part, one.starts_at_time


KIND = Kind(ImportKind.APPOINTMENTS, COLUMNS, judge, take, watch)
