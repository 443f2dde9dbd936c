"""Files of time off: who is away from when to when; what is on file already is left as it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from repcrm.accounts.models import Session as DayPart
from repcrm.core.words import N_
from repcrm.diary.models import TimeOff
from repcrm.diary.service import Absence, take_time_off
from repcrm.diary.terms import TimeOffKind
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import PART, REP_CODE, REP_NAME, Context, Kind, find_rep, rehearse
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

KINDS_OF_TIME_OFF = {
    "年假": "annual", "年休假": "annual", "休假": "annual", "annual leave": "annual", "annual": "annual",
    "病假": "sick", "sick leave": "sick", "sick": "sick",
    "外出培训": "training", "培训": "training", "away for training": "training", "training": "training",
    "其他休假": "other", "其他": "other", "事假": "other", "other time off": "other", "other": "other",
}  # fmt: skip

COLUMNS = (
    REP_CODE,
    REP_NAME,
    Column(
        "kind", "Kind", "类型", values.one_of(KINDS_OF_TIME_OFF), ("休假类型", "假别", "leave type"), required=True,
        note=N_("Annual leave, sick leave, training or other; no file says anything about health."),
        samples=("annual leave", "年假"), term=TimeOffKind,
    ),
    Column(
        "from_on", "First day", "开始日期", values.day, ("第一天", "开始", "from", "from on", "start"), required=True,
        samples=("2026-12-07", "2026-12-07"), shape="day",
    ),
    Column(
        "to_on", "Last day", "结束日期", values.day, ("最后一天", "结束", "to", "to on", "end", "until"),
        note=N_("Left empty, it is one day."), samples=("2026-12-09", "2026-12-09"), shape="day",
    ),
    replace(PART, note=N_("Left empty, whole days."), samples=("", "")),
    Column("note", "Note", "备注", values.text(200), ("说明", "remark")),
)  # fmt: skip
INSTEAD = {"rep_code": ("rep_name",)}


def judge(context: Context, rows: list[Row]) -> None:
    """Rehearse every row that is not on file already."""
    for row in rows:
        find_rep(context, row)
    refuse_duplicates(rows, _key)
    on_file = {_key_of(one) for one in context.session.scalars(watch(context, rows)[0])}
    for row in rows:
        if row.verdict is Verdict.NEW and _key(row) in on_file:
            row.verdict = Verdict.UNCHANGED
    rehearse(context, rows, lambda row, who, now: _do(context, row, who, now))


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Note the time off."""
    for row in rows:
        if row.verdict is Verdict.NEW:
            _do(context, row, scope, now)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The time off of the reps in the file."""
    return [select(TimeOff).where(TimeOff.rep_id.in_({row.found["rep"].id for row in rows if row.found.get("rep")}))]


def _do(context: Context, row: Row, who: Scope, now: datetime) -> TimeOff:
    return take_time_off(context.session, who, row.found["rep"], _absence(row), now=now)


def _absence(row: Row) -> Absence:
    from_on = date.fromisoformat(row.values["from_on"])
    to_on = date.fromisoformat(row.values.get("to_on", row.values["from_on"]))
    part = DayPart(row.values["part"]) if "part" in row.values else None
    return Absence(
        from_on, to_on + timedelta(days=1), TimeOffKind(row.values["kind"]), part, row.values.get("note", "")
    )


def _key(row: Row) -> tuple[object, ...]:
    absence = _absence(row)
    return row.found["rep"].id, absence.from_on, absence.until_on, absence.part, absence.kind


def _key_of(one: TimeOff) -> tuple[object, ...]:
    return one.rep_id, one.from_on, one.until_on, one.part, one.kind


KIND = Kind(ImportKind.TIME_OFF, COLUMNS, judge, take, watch, INSTEAD, rehearses=True)
