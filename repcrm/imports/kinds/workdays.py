"""Files of working days: public holidays and make-up days, by country; days the file does not name stay as they are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.core.errors import BadInput, RepCRMError
from repcrm.core.words import N_
from repcrm.core.workdays import DayKind, SpecialDay, check_special_day
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import Context, Kind
from repcrm.imports.text import plain
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.imports.workbook import Cell
from repcrm.organisation.access import Scope
from repcrm.organisation.calendar import special_day
from repcrm.organisation.models import DEFAULT_COUNTRY, CalendarDay
from repcrm.organisation.public_holidays import COUNTRIES
from repcrm.organisation.workdays import set_days
from repcrm.sales.models import ImportKind

KINDS_OF_DAY = {
    "放假": "holiday", "节假日": "holiday", "法定节假日": "holiday", "假日": "holiday", "休息": "holiday",
    "public holiday": "holiday", "holiday": "holiday", "day off": "holiday",
    "调休上班": "makeup", "补班": "makeup", "上班": "makeup", "工作日": "makeup",
    "make-up working day": "makeup", "make-up day": "makeup", "makeup": "makeup", "working day": "makeup",
}  # fmt: skip
YES_NO = {
    "是": "yes", "暂定": "yes", "未公布": "yes", "yes": "yes", "provisional": "yes",
    "否": "no", "已公布": "no", "no": "no", "announced": "no",
}  # fmt: skip
UNNAMED = {DayKind.HOLIDAY: ("公共假日", "Public holiday"), DayKind.MAKEUP: ("调休上班", "Make-up working day")}


def country_code(cell: Cell) -> str:
    """The two-letter code of a country; 中国 and China will do for CN."""
    words = plain(str(cell)).upper()
    code = DEFAULT_COUNTRY if words in ("中国", "中国大陆", "CHINA") else words
    if code not in COUNTRIES:
        raise BadInput(N_("“%(country)s” is not the two-letter code of a country."), country=str(cell))
    return code


COLUMNS = (
    Column(
        "on", "Day", "日期", values.day, ("date", "on"), required=True,
        samples=("2027-10-01", "2027-10-01"), shape="day",
    ),
    Column(
        "kind", "Kind", "类型", values.one_of(KINDS_OF_DAY), ("性质", "放假或上班", "day type"), required=True,
        note=N_("Public holiday, or make-up working day: a Saturday or Sunday that is worked."),
        samples=("public holiday", "放假"), term=DayKind,
    ),
    Column(
        "name_zh", "Name in Chinese", "中文名称", values.text(100), ("名称", "节日", "节日名称", "节假日名称"),
        note=N_("Left empty, the name in the other language."), samples=("国庆节", "国庆节"),
    ),
    Column(
        "name_en", "Name in English", "英文名称", values.text(100), ("name", "holiday name"),
        note=N_("Left empty, the name in the other language."), samples=("National Day", "National Day"),
    ),
    Column(
        "country", "Country", "国家", country_code, ("国家代码", "country code"),
        note=N_("Two-letter code. Left empty, CN."), samples=("CN", "CN"),
    ),
    Column(
        "provisional", "Provisional", "暂定", values.one_of(YES_NO), ("是否暂定",),
        note=N_("Yes while the day is not announced yet. Left empty, no."), samples=("no", "否"),
    ),
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each day with the one on file."""
    refuse_duplicates(rows, _key)
    alive = [row for row in rows if row.verdict is not Verdict.REFUSED]
    on_file = {(day.country, day.on): special_day(day) for day in context.session.scalars(watch(context, alive)[0])}
    for row in alive:
        before = on_file.get(_key(row))
        day = row.found["day"] = _day(row, before)
        try:
            check_special_day(day)
        except RepCRMError as error:
            row.refuse(error)
            continue
        if before is not None:
            row.compare(_facts(before), _facts(day))


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Set the days, country by country."""
    by_country: dict[str, list[SpecialDay]] = {}
    for row in rows:
        by_country.setdefault(_key(row)[0], []).append(row.found["day"])
    for country, days in by_country.items():
        set_days(context.session, scope.user_id, country, days, now=now)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The days that the file names."""
    keys = {_key(row) for row in rows}
    return [
        select(CalendarDay).where(
            CalendarDay.country.in_({country for country, _ in keys}), CalendarDay.on.in_({on for _, on in keys})
        )
    ]


def _key(row: Row) -> tuple[str, date]:
    return row.values.get("country", DEFAULT_COUNTRY), date.fromisoformat(row.values["on"])


def _day(row: Row, before: SpecialDay | None) -> SpecialDay:
    """The day a row asks for: what it leaves empty is as on file, else as usual."""
    kind = DayKind(row.values["kind"])
    old_zh, old_en = (before.name_zh, before.name_en) if before else ("", "")
    zh, en = row.values.get("name_zh") or old_zh, row.values.get("name_en") or old_en
    is_provisional = row.values.get("provisional")
    return SpecialDay(
        date.fromisoformat(row.values["on"]),
        kind,
        is_provisional == "yes" if is_provisional else bool(before and before.is_provisional),
        zh or en or UNNAMED[kind][0],
        en or zh or UNNAMED[kind][1],
    )


def _facts(day: SpecialDay) -> dict[str, str]:
    provisional = "yes" if day.is_provisional else "no"
    return {"kind": day.kind.value, "name_zh": day.name_zh, "name_en": day.name_en, "provisional": provisional}


KIND = Kind(ImportKind.WORKDAYS, COLUMNS, judge, take, watch)
