"""Files of reception hours and evening rounds of hospitals; an empty cell leaves what is on file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.accounts.models import Session as DayPart
from repcrm.core.words import N_
from repcrm.diary.models import EveningRound, ReceptionWindow
from repcrm.diary.service import set_reception, set_rounds
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import HOSPITAL_CODE, HOSPITAL_NAME, Context, Kind, find_hospital
from repcrm.imports.roster import roster, slots_of, written
from repcrm.imports.text import plain
from repcrm.imports.verdicts import Row, refuse_duplicates
from repcrm.imports.workbook import Cell
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

ALWAYS = {"随时", "不限", "always", "any time", "anytime"}
NEVER = {"没有", "不夜访", "none", "never"}


def hours(cell: Cell) -> str:
    """Reception hours as `1am 3pm`; always is empty."""
    return "" if plain(cell).casefold() in ALWAYS else roster(cell)


def evenings(cell: Cell) -> str:
    """Weekdays of evening rounds as `1eve 4eve`; none is empty."""
    if plain(cell).casefold() in NEVER:
        return ""
    return written({(weekday, DayPart.EVE.value) for weekday, _part in slots_of(roster(cell))})


COLUMNS = (
    HOSPITAL_CODE,
    HOSPITAL_NAME,
    Column(
        "reception", "Reception hours", "接待时间", hours, ("接待时段", "接待日", "visiting hours", "reception"),
        note=N_("Such as 周二上午；周四下午 or Tue AM; Thu PM; 随时 or always where reps are always let in."),
        samples=("Tue AM; Thu PM", "周二上午；周四下午"), shape="roster",
    ),
    Column(
        "evenings", "Evening rounds", "夜访", evenings, ("夜访日", "夜访星期", "evening round"),
        note=N_("Weekdays on whose evening somebody is there, such as 周一；周三 or Mon; Wed; 没有 or none."),
        samples=("Mon; Wed", "周一；周三"), shape="roster",
    ),
)  # fmt: skip
INSTEAD = {"hospital_code": ("hospital_name",)}
FACTS = ("reception", "evenings")


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with what holds for its hospital."""
    for row in rows:
        find_hospital(context, row)
    refuse_duplicates(rows, lambda row: row.found["hospital"].id)
    windows, rounds = (context.session.scalars(wanted).all() for wanted in watch(context, rows))
    hours_of: dict[int, set[tuple[int, str]]] = {}
    evenings_of: dict[int, set[tuple[int, str]]] = {}
    for window in windows:
        hours_of.setdefault(window.hospital_id, set()).add((window.weekday, window.part.value))
    for one in rounds:
        evenings_of.setdefault(one.hospital_id, set()).add((one.weekday, DayPart.EVE.value))
    for row in rows:
        if not row.is_stuck:
            id_ = row.found["hospital"].id
            before = {
                "reception": written(hours_of.get(id_, set())),
                "evenings": written(evenings_of.get(id_, set())),
            }
            row.compare(before, {name: row.values[name] for name in FACTS if name in row.values})


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Settle what the file says."""
    for row in rows:
        hospital = row.found["hospital"]
        if "reception" in row.changes:
            slots = [(day, DayPart(part)) for day, part in slots_of(row.values["reception"])]
            set_reception(context.session, scope, hospital, slots, now=now)
        if "evenings" in row.changes:
            days = {day for day, _part in slots_of(row.values["evenings"])}
            set_rounds(context.session, scope, hospital, days, now=now)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """What holds for the hospitals of the file."""
    ids = {row.found["hospital"].id for row in rows if row.found.get("hospital")}
    return [
        select(ReceptionWindow).where(ReceptionWindow.hospital_id.in_(ids)),
        select(EveningRound).where(EveningRound.hospital_id.in_(ids)),
    ]


KIND = Kind(ImportKind.RECEPTION, COLUMNS, judge, take, watch, INSTEAD)
