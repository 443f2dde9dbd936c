"""Files of time off, appointments and reception hours: taken in through their verbs, and taken back."""

from datetime import date, time

import pytest
from sqlalchemy import func, select

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.diary import queries
from repcrm.diary.models import Appointment, EveningRound, ReceptionWindow, TimeOff
from repcrm.diary.terms import AppointmentKind, TimeOffKind
from repcrm.imports.verdicts import Verdict
from tests.factories import make_appointment, make_rep, make_time_off
from tests.service.imports.kept import rows_of

TIME_OFF = "代表工号,类型,开始日期,结束日期,时段,备注"
APPOINTMENTS = "Rep code,Region,Kind,Title,Day,Every week on,Part of the day,Begins at,Minutes,Hospital code"
RECEPTION = "医院编码,接待时间,夜访"


def verdicts(batch):
    return [row.verdict for row in rows_of(batch)]


def problems(batch):
    return [
        (row.row, problem.letter, problem.header, problem.message % problem.params)
        for row in rows_of(batch)
        for problem in row.problems
    ]


def kept(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_time_off_is_noted_and_the_same_file_twice_changes_nothing(session, rep, take_in, preview):
    lines = (TIME_OFF, "R1,年假,2026-12-07,2026-12-09,,", "R1,外出培训,2026/12/11,,下午,产品课")
    take_in("time_off", *lines)
    found = session.scalars(select(TimeOff).order_by(TimeOff.from_on)).all()
    assert [(one.rep_id, one.from_on, one.until_on, one.part, one.kind, one.note) for one in found] == [
        (rep.id, date(2026, 12, 7), date(2026, 12, 10), None, TimeOffKind.ANNUAL, ""),
        (rep.id, date(2026, 12, 11), date(2026, 12, 12), DayPart.PM, TimeOffKind.TRAINING, "产品课"),
    ]
    assert kept(session, JournalEntry) == 3
    assert verdicts(preview("time_off", *lines)) == [Verdict.UNCHANGED] * 2


def test_what_the_verbs_refuse_is_refused_with_row_and_column_and_nothing_is_taken_in(session, rep, preview, apply):
    make_time_off(session, rep=rep, from_on=date(2026, 12, 7), until_on=date(2026, 12, 10))
    batch = preview(
        "time_off",
        TIME_OFF,
        "R1,年假,2026-12-09,2026-12-11,,",
        "R1,年假,2026-12-20,2026-12-19,,",
        "R1,产假,2026-12-20,,,",
        "R9,年假,2026-12-20,,,",
        "R1,年假,2026-12-24,2026-12-25,,",
        "R1,病假,2026-12-25,,上午,",
    )
    assert problems(batch) == [
        (2, "C", "开始日期", "陈晓 is away from 2026-12-07 to 2026-12-09 already."),
        (3, "D", "结束日期", "The last day comes before the first."),
        (4, "B", "类型", "“产假” is none of: 年假, 病假, 外出培训, 其他休假."),
        (7, "C", "开始日期", "陈晓 is away from 2026-12-24 to 2026-12-25 already."),
    ]
    assert verdicts(batch)[4] is Verdict.NEW
    assert kept(session, TimeOff) == 1
    assert kept(session, JournalEntry) == 0
    with pytest.raises(RuleBroken):
        apply(batch)


def test_time_off_taken_in_is_taken_back(session, take_in, undo):
    batch = take_in("time_off", TIME_OFF, "R1,年假,2026-12-07,2026-12-09,,")
    undo(batch)
    assert kept(session, TimeOff) == 0


def test_one_who_no_longer_works_here_takes_no_leave(session, region, company, preview):
    make_rep(session, region=region, code="R7", name="周宁", is_active=False)
    assert problems(preview("time_off", TIME_OFF, "R7,年假,2026-12-07,,,")) == [
        (2, "A", "代表工号", "周宁 no longer works here.")
    ]


def test_appointments_of_everybody_of_a_rep_and_in_a_hospital(session, region, rep, company, take_in, preview):
    lines = (
        APPOINTMENTS,
        ",EAST,team meeting,Monday meeting,2026-11-30,Monday,morning,8:30,30,",
        "R1,,department meeting,,2026-12-08,,afternoon,,45,H1",
    )
    take_in("appointments", *lines)
    weekly, once = session.scalars(select(Appointment).order_by(Appointment.from_on)).all()
    assert (weekly.rep_id, weekly.region_id, weekly.weekday, weekly.until_on) == (None, region.id, 1, None)
    assert (weekly.title, weekly.part, weekly.starts_at_time, weekly.minutes) == (
        "Monday meeting", DayPart.AM, time(8, 30), 30,
    )  # fmt: skip
    assert (once.rep_id, once.hospital_id, once.kind) == (
        rep.id, company["H1"].id, AppointmentKind.DEPARTMENT_MEETING,
    )  # fmt: skip
    assert (once.weekday, once.from_on, once.until_on) == (None, date(2026, 12, 8), date(2026, 12, 9))
    assert verdicts(preview("appointments", *lines)) == [Verdict.UNCHANGED] * 2


def test_appointments_at_one_hour_or_of_nobody_are_refused(session, region, rep, company, preview):
    make_appointment(session, region=region, starts_at_time=time(8, 30))
    batch = preview(
        "appointments",
        APPOINTMENTS,
        "R1,,joint visit,,2026-12-07,,morning,8:45,60,",
        ",,team meeting,,2026-12-07,,morning,,30,",
        "R1,,training,,2026-12-07,,morning,15:00,30,",
        "R1,,training,,2026-12-07,,morning,25:00,30,",
        "R1,,training,,2026-12-07,,morning,,3000,",
    )
    assert problems(batch) == [
        (2, "H", "Begins at", "“Monday meeting” is at the same hour."),
        (3, "B", "Region", "Give a rep, a hospital or a region."),
        (4, "H", "Begins at", "This hour lies in another part of the day."),
        (5, "H", "Begins at", "“25:00” is not a time such as 08:30."),
        (6, "I", "Minutes", "“3000” is too large to be true."),
    ]
    assert kept(session, Appointment) == 1


def test_an_appointment_with_its_hour_comes_back_when_the_batch_that_changed_nothing_of_it_is_undone(
    session, region, company, take_in, undo
):
    make_appointment(session, region=region, starts_at_time=time(8, 30))
    undo(take_in("appointments", APPOINTMENTS, "R1,,department meeting,,2026-12-08,,afternoon,13:00,45,H1"))
    assert [one.starts_at_time for one in session.scalars(select(Appointment))] == [time(8, 30)]


def test_reception_hours_and_rounds_take_the_place_of_what_was(session, lead, company, scope, take_in, preview, undo):
    first = take_in("reception", RECEPTION, "H1,周二上午；周四下午,周一；周三", "H2,,周五")
    assert queries.reception_of(session, scope) == {company["H1"].id: {(2, DayPart.AM), (4, DayPart.PM)}}
    assert queries.evening_rounds_of(session, scope) == {company["H1"].id: {1, 3}, company["H2"].id: {5}}
    batch = preview("reception", RECEPTION, "H1,随时,", "H2,,周五")
    assert verdicts(batch) == [Verdict.CHANGED, Verdict.UNCHANGED]
    assert rows_of(batch)[0].changes == {"reception": ["2am 4pm", ""]}
    undo(first)
    assert (kept(session, ReceptionWindow), kept(session, EveningRound)) == (0, 0)


def test_hours_replaced_come_back_when_undone(session, scope, company, take_in, undo):
    take_in("reception", RECEPTION, "H1,周二上午,周一")
    undo(take_in("reception", RECEPTION, "H1,随时,没有"))
    assert queries.reception_of(session, scope) == {company["H1"].id: {(2, DayPart.AM)}}
    assert queries.evening_rounds_of(session, scope) == {company["H1"].id: {1}}


def test_hours_nobody_understands_are_refused(preview):
    assert problems(preview("reception", RECEPTION, "H1,有空时,")) == [
        (
            2, "B", "接待时间",
            "“有空时” is no weekday and part of the day. Write it like 周一上午；周三下午 / Mon AM; Wed PM.",
        )
    ]  # fmt: skip
