"""Files of listings: where a product stands on its way into a hospital's formulary, since when."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.accounts.listing import ListingStage, check_move
from repcrm.accounts.models import Listing
from repcrm.accounts.service import move_listing, open_listing, revise_listing
from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import PLACE, PLACE_INSTEAD, Context, Kind, find_hospital, find_product
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

STAGES = {
    "未进药": "not_listed", "未准入": "not_listed", "not listed": "not_listed",
    "已申请": "applied", "申请中": "applied", "applied": "applied", "applied for": "applied",
    "药剂科已受理": "pharmacy_accepted", "药剂科受理": "pharmacy_accepted", "pharmacy accepted": "pharmacy_accepted",
    "药事会": "committee", "药事会审议": "committee", "drug committee": "committee",
    "已进药": "listed", "已准入": "listed", "在用": "listed", "listed": "listed",
    "临时采购": "temporary", "临采": "temporary", "temporary purchase": "temporary",
    "被拒绝": "refused", "未通过": "refused", "refused": "refused",
    "已退出": "delisted", "停用": "delisted", "delisted": "delisted",
}  # fmt: skip

COLUMNS = (
    *PLACE,
    Column(
        "stage", "Stage", "进药状态", values.one_of(STAGES), ("准入状态", "进药情况", "状态", "listing stage",
        "formulary status"),
        required=True, samples=("listed", "已进药"), term=ListingStage,
    ),
    Column(
        "since_on", "Since", "起始日期", values.day, ("状态日期", "进药日期", "准入日期", "since on", "listed on"),
        required=True, note=N_("Since when it stands there; today or earlier."),
        samples=("2026-03-01", "2026-03-01"), shape="day",
    ),
    Column(
        "potential", "Potential (packs a month)", "月潜力（盒）", values.whole(0, 100_000_000), ("潜力", "月潜力",
        "potential", "potential packs"),
        note=N_("Packs a month the hospital could use, as estimated."), samples=(300, 300), shape="packs",
    ),
    Column("competitor_note", "Competitors there", "竞品情况", values.text(2000), ("竞品备注", "competitor note")),
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the listing on file, and refuse moves that the pipeline does not know."""
    for row in rows:
        find_hospital(context, row)
        find_product(context, row)
    present = {(one.hospital_id, one.product_id): one for one in context.session.scalars(watch(context, rows)[0])}
    for row in rows:
        if row.is_stuck:
            continue
        on_file = row.found["listing"] = present.get(_place(row))
        if on_file is not None:
            _compare(context, row, on_file)
        elif _since_on(row) > context.today:
            row.refuse(RuleBroken(N_("That day is still to come.")), "since_on")
    refuse_duplicates(rows, _place)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Open, move and revise the listings."""
    for row in rows:
        stage, on_file = ListingStage(row.values["stage"]), row.found["listing"]
        potential, note = row.values.get("potential"), row.values.get("competitor_note")
        if row.verdict is Verdict.NEW:
            open_listing(
                context.session,
                row.found["hospital"],
                row.found["product"],
                _since_on(row),
                stage,
                potential_packs=potential,
                competitor_note=note or "",
            )
        elif row.verdict is Verdict.CHANGED:
            if "stage" in row.changes:
                move_listing(
                    context.session, on_file, stage, _since_on(row),
                    actor_id=scope.user_id, now=now, today=context.today,
                )  # fmt: skip
            revise_listing(
                context.session,
                on_file,
                on_file.potential_packs if potential is None else potential,
                on_file.competitor_note if note is None else note,
            )


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The listings of the hospitals in the file."""
    ids = {row.found["hospital"].id for row in rows if row.found.get("hospital")}
    return [select(Listing).where(Listing.hospital_id.in_(ids))]


def _compare(context: Context, row: Row, on_file: Listing) -> None:
    stage = ListingStage(row.values["stage"])
    if stage is not on_file.stage:
        try:
            check_move(on_file.stage, on_file.since_on, stage, _since_on(row), context.today)
        except RuleBroken as error:
            row.refuse(error, "stage" if error.field == "stage" else "since_on")
            return
    elif _since_on(row) != on_file.since_on:
        row.refuse(BadInput(N_("On file it stands there since %(since_on)s."), since_on=on_file.since_on), "since_on")
        return
    before = {
        "stage": on_file.stage.value,
        "since_on": on_file.since_on.isoformat(),
        "potential": on_file.potential_packs,
        "competitor_note": on_file.competitor_note,
    }
    row.compare(before, {name: row.values[name] for name in before if name in row.values})


def _place(row: Row) -> tuple[int, int]:
    return row.found["hospital"].id, row.found["product"].id


def _since_on(row: Row) -> date:
    return date.fromisoformat(row.values["since_on"])


KIND = Kind(ImportKind.LISTINGS, COLUMNS, judge, take, watch, PLACE_INSTEAD)
