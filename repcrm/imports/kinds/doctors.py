"""Files of doctors: the card, the post and the clinic roster, by code; an empty cell leaves what is on file."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from repcrm.accounts.models import ClinicSession, Department, Doctor, DoctorClass, Post, Tier
from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.service import (
    DoctorFacts,
    add_department,
    post_doctor,
    register_doctor,
    revise_doctor,
    set_clinic_roster,
)
from repcrm.core.codes import code_key
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.db.codes import find_by_codes
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.alike import ask_about_names, doctors_by_name, note_alike
from repcrm.imports.kinds.codes import codes_on_file, refuse_mistakable
from repcrm.imports.kinds.shared import HOSPITAL_CODE, HOSPITAL_NAME, Context, Kind, find_hospital
from repcrm.imports.roster import roster, slots_of, written
from repcrm.imports.text import key
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

CLASSES = {
    "主任级": "chief", "主任": "chief", "副主任": "chief", "主任医师": "chief", "副主任医师": "chief",
    "chief level": "chief",
    "chief": "chief", "专家返聘": "expert", "返聘专家": "expert", "返聘": "expert", "专家": "expert",
    "re-hired expert": "expert",
    "expert": "expert", "一般医生": "general", "普通医生": "general", "医生": "general", "住院医师": "general",
    "general doctor": "general", "general": "general", "护理": "nursing", "护士": "nursing", "nursing": "nursing",
    "nurse": "nursing",
}  # fmt: skip
TIERS = {"重点": "key", "key": "key", "一般": "general", "普通": "general", "general": "general"}
WORKING = {
    "在职": "yes", "是": "yes", "yes": "yes", "active": "yes", "离职": "no", "否": "no", "no": "no",
    "left": "no", "退休": "no",
}  # fmt: skip

COLUMNS = (
    Column(
        "code", "Doctor code", "医生编码", values.text(32), ("医生代码", "医生编号", "编码", "doctor id", "医生id"),
        required=True, note=N_("Your own code of the doctor; what is on file under it is revised."),
        samples=("D9001", "D9001"),
    ),
    Column(
        "name", "Doctor", "医生姓名", values.text(60), ("姓名", "医生", "医生名称", "doctor name", "name"),
        required=True,
        samples=("Lin Ruoyun", "林若云"),
    ),
    replace(HOSPITAL_CODE, required=False, note=N_("Hospital and department are needed for a new doctor or post.")),
    HOSPITAL_NAME,
    Column(
        "department", "Department", "科室", values.text(60), ("部门", "科室名称", "所在科室", "department name"),
        note=N_("A department that the hospital does not have yet is added."), samples=("Cardiology", "心内科"),
    ),
    Column(
        "from_on", "Post from", "任职日期", values.day, ("任职开始", "到岗日期", "开始日期", "from", "from on"),
        note=N_("Since when the doctor works there; today if left empty."),
        samples=("2026-01-01", "2026-01-01"), shape="day",
    ),
    Column(
        "doctor_class", "Class", "医生类别", values.one_of(CLASSES), ("类别", "分类", "级别", "doctor class"),
        samples=("general doctor", "一般医生"), term=DoctorClass,
    ),
    Column(
        "tier", "Tier", "重点/一般", values.one_of(TIERS), ("分级", "客户分级", "重点级别", "重点医生"),
        samples=("key", "重点"), term=Tier,
    ),
    Column("title", "Title", "职称", values.text(60), ("职务", "post title"), samples=("attending doctor", "主治医师")),
    Column(
        "office_phone", "Office phone", "办公电话", values.text(40), ("科室电话", "电话"),
        note=N_("Professional contact only."), samples=("021-5550 1234", "021-5550 1234"),
    ),
    Column("work_email", "Work email", "工作邮箱", values.text(120), ("邮箱", "email")),
    Column(
        "roster", "Clinic roster", "出诊排班", roster, ("出诊时间", "门诊时间", "出诊", "clinic", "clinic sessions"),
        note=N_("When the doctor can be met, such as 周一上午；周三下午 or Mon AM; Wed PM."),
        samples=("Mon AM; Wed PM", "周一上午；周三下午"), shape="roster",
    ),
    Column("is_active", "Works here", "是否在职", values.one_of(WORKING), ("在职状态", "状态", "active"),
    samples=("yes", "是")),
)  # fmt: skip
CARD = tuple(field.name for field in fields(DoctorFacts))
Post_ = tuple[Post, Department]


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the doctor of its code: card, post of today, roster."""
    codes = [row.values["code"] for row in rows if "code" in row.values]
    doctors = find_by_codes(context.session, Doctor, codes)
    codes = [doctor.code for doctor in doctors.values()]
    posts, rosters = _posts(context, codes), _rosters(context, codes)
    for row in rows:
        doctor = row.found["doctor"] = doctors.get(code_key(row.values.get("code", "")))
        hospital = find_hospital(context, row)
        named = row.values.keys() & {"hospital_code", "hospital_name"}
        if not row.is_stuck and bool(named) != ("department" in row.values):
            row.refuse(BadInput(N_("Give hospital and department, or neither.")), "department")
        if row.is_stuck:
            continue
        if doctor is None:
            if hospital is None:
                row.refuse(BadInput(N_("A new doctor needs hospital and department.")), "department")
            continue
        _compare(context, row, doctor, posts.get(doctor.id), rosters.get(doctor.id, ""))
    refuse_duplicates(rows, lambda row: code_key(row.values["code"]))
    refuse_mistakable(context, rows, Doctor, "doctor")
    if any(row.verdict is Verdict.NEW for row in rows):
        note_alike(rows, doctors_by_name(context))
        ask_about_names(context, rows)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Register and revise doctors, post them, and set their rosters."""
    departments = _departments(context, rows)
    for row in rows:
        if row.verdict not in (Verdict.NEW, Verdict.CHANGED):
            continue
        doctor: Doctor | None = row.found["doctor"]
        from_on = date.fromisoformat(row.values.get("from_on") or context.today.isoformat())
        if doctor is None:
            department = _department(context, row, departments)
            doctor = register_doctor(
                context.session, row.values["code"], DoctorFacts(**_card(row)), department, from_on, confirmed_new=True
            )
        else:
            on_file = DoctorFacts(**{name: getattr(doctor, name) for name in CARD})
            revise_doctor(context.session, doctor, replace(on_file, **_card(row)))
            if row.found.get("moves"):
                post_doctor(context.session, doctor, _department(context, row, departments), from_on)
        if "roster" in row.values and (row.verdict is Verdict.NEW or "roster" in row.changes):
            slots = [(day, DayPart(part)) for day, part in slots_of(row.values["roster"])]
            set_clinic_roster(context.session, doctor, slots)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The doctors of the file with posts and rosters, and the departments of their hospitals."""
    ids = select(Doctor.id).where(Doctor.code.in_(codes_on_file(rows, "doctor")))
    hospitals = {row.found["hospital"].id for row in rows if row.found.get("hospital")}
    return [
        select(Department).where(Department.hospital_id.in_(hospitals)),
        select(Doctor).where(Doctor.id.in_(ids)),
        select(Post).where(Post.doctor_id.in_(ids)),
        select(ClinicSession).where(ClinicSession.doctor_id.in_(ids)),
    ]


def _compare(context: Context, row: Row, doctor: Doctor, post: Post_ | None, on_roster: str) -> None:
    card = _card(row)
    before: dict[str, Any] = {name: _json(getattr(doctor, name)) for name in card}
    after: dict[str, Any] = {name: _json(value) for name, value in card.items()}
    hospital = row.found.get("hospital")
    if hospital is not None:
        here = post is not None and post[1].hospital_id == hospital.id and key(post[1].name) == _department_key(row)
        row.found["moves"] = not here
        if not here:
            before["department"] = post[1].name if post else None
            after["department"] = f"{hospital.name} · {row.values['department']}"
            from_on = date.fromisoformat(row.values.get("from_on") or context.today.isoformat())
            if post is not None and post[0].from_on > from_on:
                row.refuse(
                    BadInput(N_("A later post, from %(from_on)s on, is on file."), from_on=post[0].from_on), "from_on"
                )
                return
    if "roster" in row.values:
        before["roster"], after["roster"] = on_roster, row.values["roster"]
    row.compare(before, after)


def _card(row: Row) -> dict[str, Any]:
    facts = {name: row.values[name] for name in CARD if name in row.values}
    for name, kind in (("doctor_class", DoctorClass), ("tier", Tier)):
        if name in facts:
            facts[name] = kind(facts[name])
    if "is_active" in facts:
        facts["is_active"] = facts["is_active"] == "yes"
    return facts


def _json(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else getattr(value, "value", value)


def _department_key(row: Row) -> str:
    return key(row.values["department"])


def _departments(context: Context, rows: list[Row]) -> dict[tuple[int, str], Department]:
    ids = {row.found["hospital"].id for row in rows if row.found.get("hospital")}
    found = context.session.scalars(select(Department).where(Department.hospital_id.in_(ids)))
    return {(one.hospital_id, key(one.name)): one for one in found}


def _department(context: Context, row: Row, known: dict[tuple[int, str], Department]) -> Department:
    hospital = row.found["hospital"]
    place = hospital.id, _department_key(row)
    if place not in known:
        known[place] = add_department(context.session, hospital, row.values["department"])
    return known[place]


def _posts(context: Context, codes: list[str]) -> dict[int, Post_]:
    """Doctor -> the post that counts: the one of today, else the latest."""
    rows = context.session.execute(
        select(Post, Department)
        .join(Department, Department.id == Post.department_id)
        .join(Doctor, Doctor.id == Post.doctor_id)
        .where(Doctor.code.in_(codes), or_(Post.until_on.is_(None), Post.until_on > context.today))
        .order_by(Post.from_on, Post.id)
    )
    return {post.doctor_id: (post, department) for post, department in rows}


def _rosters(context: Context, codes: list[str]) -> dict[int, str]:
    slots: dict[int, set[tuple[int, str]]] = {}
    wanted = select(ClinicSession).join(Doctor, Doctor.id == ClinicSession.doctor_id).where(Doctor.code.in_(codes))
    for one in context.session.scalars(wanted):
        slots.setdefault(one.doctor_id, set()).add((one.weekday, one.session.value))
    return {doctor_id: written(found) for doctor_id, found in slots.items()}


KIND = Kind(ImportKind.DOCTORS, COLUMNS, judge, take, watch, names_doctors=True)
