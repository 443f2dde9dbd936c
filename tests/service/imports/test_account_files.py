"""Files of hospitals and doctors: added, revised, left alone, taken back."""

from datetime import date

import pytest
from sqlalchemy import func, select

from repcrm.accounts.models import ClinicSession, Department, Doctor, DoctorClass, Hospital, HospitalGrade, Post, Tier
from repcrm.core.errors import Conflict
from repcrm.imports.remembering import Kept
from repcrm.imports.verdicts import Verdict
from repcrm.sales.models import BatchStatus, ImportChange
from tests.factories import make_department, make_doctor, make_post
from tests.service.imports.kept import questions_of, rows_of

HOSPITALS = "医院编码,医院名称,大区,等级,床位数,城市"
DOCTORS = "医生编码,姓名,医院,科室,任职日期,医生类别,分级,职称,出诊时间"
LIN = "D1,林若云,江岸第一医院,心内科,2026-01-05,主任级,重点,主任医师,周一上午；周三下午"


def verdicts(batch):
    return [row.verdict for row in rows_of(batch)]


def test_hospitals_are_added_and_revised(session, company, preview, apply):
    batch = preview(
        "hospitals",
        HOSPITALS,
        'H1,江岸第一医院,EAST,三级甲等,"1,200",江岸',
        "H7,江北医院,East,二甲,,",
        "H2,江岸第二医院,,,,",
    )
    assert verdicts(batch) == [Verdict.CHANGED, Verdict.NEW, Verdict.UNCHANGED]
    assert rows_of(batch)[0].changes["beds"] == [None, 1200]
    apply(batch)
    new = session.scalar(select(Hospital).where(Hospital.code == "H7"))
    assert (new.name, new.grade, new.region.code, new.name_initials) == ("江北医院", HospitalGrade.G2A, "EAST", "jbyy")
    assert (company["H1"].grade, company["H1"].beds, company["H1"].short_name) == (HospitalGrade.G3A, 1200, "江岸一院")


def test_a_new_hospital_needs_a_region_that_is_on_file(preview):
    batch = preview("hospitals", HOSPITALS, "H7,江北医院,,,,", "H8,江南医院,Eest,,,", "H9,江东医院,EAST,四级,,")
    said = [[p.message % p.params for p in row.problems] for row in rows_of(batch)]
    assert said[0] == ["A new hospital needs its region."]
    assert (said[1], questions_of(batch)) == ([], ["name:region:Eest"])
    assert said[2][0].startswith("“四级” is none of: 三级甲等")


def test_a_hospital_is_not_moved_to_another_region(preview, other_rep):
    batch = preview("hospitals", HOSPITALS, "H1,江岸第一医院,WEST,,,")
    assert verdicts(batch) == [Verdict.REFUSED]


def test_the_same_code_twice_is_refused_naming_both_rows(preview):
    batch = preview("hospitals", HOSPITALS, "H7,江北医院,EAST,,,", "h7,江南医院,EAST,,,")
    refused = rows_of(batch)[1]
    assert (refused.row, refused.problems[0].params["row"]) == (3, 2)


def test_undoing_brings_former_values_back_and_takes_new_hospitals_away(session, company, take_in, undo):
    batch = take_in("hospitals", HOSPITALS, "H1,江岸第一人民医院,EAST,三级甲等,1200,江岸", "H7,江北医院,EAST,,,")
    assert session.scalar(select(func.count()).where(ImportChange.batch_id == batch.id)) == 2
    undo(batch)
    h1 = company["H1"]
    assert (h1.name, h1.grade, h1.beds, h1.name_initials) == (
        "江岸第一医院",
        HospitalGrade.G3A,
        h1.beds,
        h1.name_initials,
    )
    assert session.scalar(select(Hospital).where(Hospital.code == "H7")) is None
    assert batch.status is BatchStatus.UNDONE


def test_undoing_is_refused_where_somebody_has_changed_a_value_since(session, company, take_in, undo):
    batch = take_in("hospitals", HOSPITALS, "H1,江岸第一医院,EAST,,1200,", "H2,江岸第二医院,EAST,,900,")
    company["H1"].beds = 1300
    session.commit()
    with pytest.raises(Conflict) as refused:
        undo(batch)
    assert str(refused.value) == (
        "hospital H1 · 江岸第一医院 has been changed since (1200 → 1300), so this import cannot be undone."
    )
    assert refused.value.params["kind"] is Kept.HOSPITAL
    session.rollback()
    assert (company["H1"].beds, company["H2"].beds, batch.status) == (1300, 900, BatchStatus.APPLIED)


def test_undoing_is_refused_where_somebody_has_used_what_is_new(session, take_in, undo):
    batch = take_in("hospitals", HOSPITALS, "H7,江北医院,EAST,,,")
    make_department(session, hospital=session.scalar(select(Hospital).where(Hospital.code == "H7")))
    session.commit()
    with pytest.raises(Conflict, match="H7 · 江北医院 has been used since"):
        undo(batch)
    session.rollback()
    assert session.scalar(select(func.count()).where(Hospital.code == "H7")) == 1


def test_a_doctor_comes_with_post_department_and_roster(session, company, take_in):
    take_in("doctors", DOCTORS, LIN)
    doctor = session.scalar(select(Doctor).where(Doctor.code == "D1"))
    assert (doctor.name, doctor.doctor_class, doctor.tier, doctor.title) == (
        "林若云",
        DoctorClass.CHIEF,
        Tier.KEY,
        "主任医师",
    )
    post = session.scalar(select(Post).where(Post.doctor_id == doctor.id))
    assert (post.department.name, post.department.hospital.code, post.from_on) == ("心内科", "H1", date(2026, 1, 5))
    slots = session.execute(select(ClinicSession.weekday, ClinicSession.session).order_by(ClinicSession.weekday)).all()
    assert [tuple(slot) for slot in slots] == [(1, "am"), (3, "pm")]


def test_the_same_doctors_twice_change_nothing(preview, take_in):
    take_in("doctors", DOCTORS, LIN)
    assert verdicts(preview("doctors", DOCTORS, LIN)) == [Verdict.UNCHANGED]


def test_an_empty_cell_leaves_what_is_on_file(session, preview, take_in):
    take_in("doctors", DOCTORS, LIN)
    batch = preview("doctors", DOCTORS, "D1,林若云,,,,,一般,,")
    assert rows_of(batch)[0].changes == {"tier": ["key", "general"]}


def test_a_doctor_moves_and_moves_back(session, company, take_in, undo):
    take_in("doctors", DOCTORS, LIN)
    moved = take_in("doctors", DOCTORS, "D1,林若云,H2,肾内科,2026-11-16,,,,周五下午")
    doctor = session.scalar(select(Doctor).where(Doctor.code == "D1"))
    posts = session.scalars(select(Post).where(Post.doctor_id == doctor.id).order_by(Post.from_on)).all()
    assert [(post.department.name, post.until_on) for post in posts] == [
        ("心内科", date(2026, 11, 16)),
        ("肾内科", None),
    ]
    undo(moved)
    posts = session.scalars(select(Post).where(Post.doctor_id == doctor.id)).all()
    assert [(post.department.name, post.until_on) for post in posts] == [("心内科", None)]
    assert session.scalar(select(func.count()).where(Department.name == "肾内科")) == 0
    assert set(session.scalars(select(ClinicSession.weekday))) == {1, 3}


def test_a_new_doctor_needs_hospital_and_department(preview):
    header = "医生编码,姓名,医院,科室"
    batch = preview("doctors", header, "D2,周明,,", "D3,王芳,H1,", "D4,赵敏,H1,心内科")
    said = [[p.message for p in row.problems] for row in rows_of(batch)]
    assert said == [["A new doctor needs hospital and department."], ["Give hospital and department, or neither."], []]


def test_a_later_post_is_not_rewritten(session, company, preview):
    department = make_department(session, hospital=company["H1"], name="心内科")
    make_post(session, doctor=make_doctor(session, code="D1"), department=department, from_on=date(2026, 6, 1))
    session.commit()
    batch = preview("doctors", DOCTORS, "D1,林若云,H2,肾内科,2026-03-01,,,,")
    assert verdicts(batch) == [Verdict.REFUSED]
