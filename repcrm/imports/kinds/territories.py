"""Files of territories: from which day on a rep holds a hospital x product."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.core.codes import code_key, look_alike
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.db.codes import MISTAKABLE
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import (
    PLACE,
    PLACE_INSTEAD,
    REP_CODE,
    REP_NAME,
    Context,
    Kind,
    find_hospital,
    find_product,
    find_rep,
)
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation import territories
from repcrm.organisation.access import Scope
from repcrm.organisation.models import Territory, TerritoryAssignment, User
from repcrm.sales.models import ImportKind

COLUMNS = (
    *PLACE,
    REP_CODE,
    REP_NAME,
    Column(
        "from_on", "From", "开始日期", values.day, ("生效日期", "起始日期", "from on", "from day", "start",
        "valid from"),
        required=True, note=N_("The first day the rep holds it; until then everything stays as it is."),
        samples=("2026-11-01", "2026-11-01"), shape="day",
    ),
    Column(
        "territory", "Territory code", "辖区编码", values.text(32), ("辖区", "辖区代码", "territory"),
        note=N_("Left empty, it stays in its territory, or goes to the rep's. A new code opens a territory."),
        samples=("T01", "T01"),
    ),
    Column(
        "territory_name", "Territory name", "辖区名称", values.text(100), samples=("Riverside north", "江岸北区"),
    ),
)  # fmt: skip
INSTEAD = {**PLACE_INSTEAD, "rep_code": ("rep_name",)}


@dataclass(frozen=True)
class Stretch:
    """Days in which a rep holds a place, half-open, and the territory it then lies in."""

    from_on: date
    until_on: date | None
    rep_id: int
    territory: str

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with who holds the hospital x product on its day, the file's earlier days included."""
    for row in rows:
        _find(context, row)
    refuse_duplicates(rows, lambda row: (*_place(row), row.values["from_on"]))
    alive = [row for row in rows if not row.is_stuck]
    held, homes = _held(context, alive), _homes(context)
    opened: dict[str, tuple[str, int]] = {}
    for row in sorted(alive, key=lambda one: str(one.values["from_on"])):
        hospital, rep = row.found["hospital"], row.found["rep"]
        stretches = held.setdefault(_place(row), [])
        current = next((one for one in stretches if _day(row) in one), None)
        code = row.values.get("territory") or (
            current.territory if current else homes.get(rep.id) or f"T-{rep.code}"[:32]
        )
        territory = context.territories.get(code_key(code))
        code = row.found["territory_code"] = territory.code if territory else code
        if territory is None and (other := _mistakable(context, opened, code)):
            row.refuse(BadInput(MISTAKABLE, code=code, other=other), "territory")
            continue
        lies_in = territory.region_id if territory else opened.setdefault(code_key(code), (code, hospital.region_id))[1]
        if lies_in != hospital.region_id:
            row.refuse(BadInput(N_("The hospital lies in another region than the territory.")), "territory")
            continue
        if current is not None:
            before = {"rep_code": _code(context, current.rep_id), "territory": current.territory}
            row.compare(before, {"rep_code": rep.code, "territory": code})
        if row.verdict is not Verdict.UNCHANGED:
            held[_place(row)] = handed_over(stretches, rep.id, code, _day(row))


def handed_over(held: list[Stretch], rep_id: int, territory: str, day: date) -> list[Stretch]:
    """Who holds a place after it has been handed over on a day, as `territories.hand_over` does it."""
    current = next((one for one in held if day in one), None)
    later = min((one.from_on for one in held if one.from_on > day), default=None)
    rest = [one for one in held if one is not current]
    if current is not None and current.from_on < day:
        rest.append(replace(current, until_on=day))
    return [*rest, Stretch(day, current.until_on if current else later, rep_id, territory)]


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Hand over in the order of days, so that a file may tell a whole history."""
    ours = [row for row in rows if row.verdict in (Verdict.NEW, Verdict.CHANGED)]
    homes = dict(context.territories)
    for row in sorted(ours, key=lambda one: str(one.values["from_on"])):
        hospital, code = row.found["hospital"], row.found["territory_code"]
        territory = homes.get(code_key(code))
        if territory is None:
            unnamed = code if row.values.get("territory") else row.found["rep"].name
            name = row.values.get("territory_name") or unnamed
            territory = territories.open_territory(context.session, code, name, hospital.region_id)
            homes[code_key(code)] = territory
        territories.hand_over(
            context.session,
            territory,
            hospital,
            row.found["product"].id,
            row.found["rep"],
            date.fromisoformat(row.values["from_on"]),
            actor_id=scope.user_id,
            now=now,
            reason=context.file_name,
        )


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """Who holds what in the hospitals of the file, and the territories it may open."""
    return [
        select(Territory).where(Territory.code.in_({row.found["territory_code"] for row in rows})),
        select(TerritoryAssignment).where(
            TerritoryAssignment.hospital_id.in_({row.found["hospital"].id for row in rows})
        ),
    ]


def _mistakable(context: Context, opened: dict[str, tuple[str, int]], code: str) -> str | None:
    """A territory code, on file or further up in the file, that a new one could be mistaken for."""
    if code_key(code) in opened:
        return None
    others = [*(one.code for one in context.territories.values()), *(one for one, _ in opened.values())]
    return next((other for other in others if look_alike(other, code)), None)


def _find(context: Context, row: Row) -> None:
    hospital = find_hospital(context, row)
    find_product(context, row)
    rep = find_rep(context, row)
    if rep is not None and rep.is_active and hospital is not None and rep.region_id != hospital.region_id:
        of = "rep_name" if "rep_name" in row.values else "rep_code"
        row.refuse(BadInput(N_("%(rep)s is not a rep of this region."), rep=rep.name), of)


def _place(row: Row) -> tuple[int, int]:
    return row.found["hospital"].id, row.found["product"].id


def _day(row: Row) -> date:
    return date.fromisoformat(row.values["from_on"])


def _held(context: Context, rows: list[Row]) -> dict[tuple[int, int], list[Stretch]]:
    held: dict[tuple[int, int], list[Stretch]] = {}
    codes = {one.id: one.code for one in context.territories.values()}
    ids = {row.found["hospital"].id for row in rows}
    for one in territories.holdings(context.session, hospital_ids=ids, from_on=date.min):
        stretch = Stretch(one.from_on, one.until_on, one.rep_id, codes[one.territory_id])
        held.setdefault((one.hospital_id, one.product_id), []).append(stretch)
    return held


def _homes(context: Context) -> dict[int, str]:
    """Rep -> code of the territory of the rep's latest holding."""
    latest = (
        select(TerritoryAssignment.rep_id, Territory.code)
        .join(Territory, Territory.id == TerritoryAssignment.territory_id)
        .order_by(TerritoryAssignment.from_on, TerritoryAssignment.id)
    )
    return dict(context.session.execute(latest).all())


def _code(context: Context, rep_id: int) -> str:
    rep = context.session.get(User, rep_id)
    return rep.code if rep else "–"


KIND = Kind(ImportKind.TERRITORIES, COLUMNS, judge, take, watch, INSTEAD)
