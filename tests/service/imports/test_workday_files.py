"""Files of public holidays and make-up days: what they add and change, what is refused, and taking them back."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.core.errors import Conflict
from repcrm.core.workdays import DayKind, SpecialDay
from repcrm.imports.templates import csv_template
from repcrm.imports.verdicts import Verdict
from repcrm.organisation import workdays
from repcrm.organisation.calendar import special_day
from repcrm.organisation.models import CalendarDay
from repcrm.sales.models import ImportKind
from tests.factories import NOW, make_calendar_day
from tests.service.imports.kept import rows_of

CHINESE = "日期,类型,中文名称,英文名称,国家,是否暂定"
NATIONAL_DAY = SpecialDay(date(2027, 10, 1), DayKind.HOLIDAY, False, "国庆节", "National Day")


def on_file(session):
    days = session.scalars(select(CalendarDay).order_by(CalendarDay.country, CalendarDay.on))
    return [(day.country, special_day(day)) for day in days]


def verdicts(batch):
    return [row.verdict for row in rows_of(batch)]


def problems(batch):
    return [
        (row.row, problem.header, problem.message % problem.params)
        for row in rows_of(batch)
        for problem in row.problems
    ]


def test_days_are_added_and_changed_and_others_stay(session, take_in, preview):
    make_calendar_day(session, on=date(2027, 10, 1), is_provisional=True, name_en="National Day")
    make_calendar_day(session, on=date(2027, 10, 2), is_provisional=True)
    lines = (
        CHINESE,
        "2027-10-01,放假,,,,否",
        "2027年10月9日,补班,国庆节,,中国,",
        "2027-10-11,放假,体育日,Sports Day,JP,暂定",
    )
    assert verdicts(preview("workdays", *lines)) == [Verdict.CHANGED, Verdict.NEW, Verdict.NEW]
    take_in("workdays", *lines)
    assert on_file(session) == [
        ("CN", NATIONAL_DAY),
        ("CN", SpecialDay(date(2027, 10, 2), DayKind.HOLIDAY, True, "国庆节", "National Day")),
        ("CN", SpecialDay(date(2027, 10, 9), DayKind.MAKEUP, False, "国庆节", "国庆节")),
        ("JP", SpecialDay(date(2027, 10, 11), DayKind.HOLIDAY, True, "体育日", "Sports Day")),
    ]
    assert verdicts(preview("workdays", *lines)) == [Verdict.UNCHANGED] * 3


def test_what_cannot_be_a_holiday_or_make_up_day_is_refused_with_its_row(preview):
    batch = preview(
        "workdays",
        CHINESE,
        "2027-10-11,补班,国庆节,National Day,,",
        "2027-10-12,调休,国庆节,National Day,,",
        "2027-10-13,放假,国庆节,National Day,Utopia,",
        "2027-10-14,放假,国庆节,National Day,CN,",
        "2027-10-14,放假,国庆节,National Day,,",
        ",放假,国庆节,National Day,,",
    )
    said = problems(batch)
    assert said[0] == (2, "日期", "2027-10-11 is not a Saturday or Sunday, so it cannot be a make-up working day.")
    assert said[1][:2] == (3, "类型")  # 调休 alone: off, or worked?
    assert said[2] == (4, "国家", "“Utopia” is not the two-letter code of a country.")
    assert (said[3][0], said[4][0]) == (6, 7)
    assert verdicts(batch).count(Verdict.REFUSED) == 5


def test_a_file_is_taken_back_whole(session, take_in, undo):
    make_calendar_day(session, on=date(2027, 10, 1), is_provisional=True)
    before = on_file(session)
    undo(take_in("workdays", CHINESE, "2027-10-01,放假,国庆日,,,否", "2027-10-09,补班,国庆节,,,"))
    assert on_file(session) == before


def test_a_file_is_not_taken_back_over_what_somebody_changed_since(session, take_in, undo):
    batch = take_in("workdays", CHINESE, "2027-10-01,放假,国庆节,National Day,,")
    workdays.set_days(session, None, "CN", [NATIONAL_DAY._replace(name_en="Golden Week")], now=NOW)
    with pytest.raises(Conflict) as refused:
        undo(batch)
    assert refused.value.params["name"] == "2027-10-01"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_is_a_file_that_can_be_taken_in(session, take_in, language):
    header, sample = csv_template(ImportKind.WORKDAYS, language).decode("utf-8-sig").splitlines()
    take_in("workdays", header, sample)
    assert on_file(session) == [("CN", NATIONAL_DAY)]
