"""Files of targets: floor and stretch of a hospital x product x month, a row each or with months across."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.catalogue.conversions import packs_per_unit
from repcrm.catalogue.models import Product
from repcrm.core.errors import BadInput, RepCRMError
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.imports.kinds.shared import PLACE_INSTEAD, Context, Kind, find_hospital, find_product
from repcrm.imports.kinds.targets_columns import ACROSS, COLUMNS
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.organisation.calendar import work_calendar
from repcrm.sales.models import ImportKind
from repcrm.targets.cascade import Segment, share_by_working_days
from repcrm.targets.grid import check_range
from repcrm.targets.models import HospitalTarget, QuotaSplit
from repcrm.targets.service import CellEdit, assign_targets


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the target on file."""
    for row in rows:
        find_hospital(context, row)
        if (product := find_product(context, row)) is not None:
            _check_unit(row, product)
        if not row.is_stuck and "quarter" in row.values:
            _divide_quarter(context, row)
    present = _present(context, rows)
    for row in rows:
        if row.is_stuck:
            continue
        target = present.get(_place(row))
        floor = row.values["floor"]
        stretch = row.values.get("stretch")
        if stretch is None:
            stretch = max(floor, target.stretch_packs if target else floor)
        row.found["range"] = floor, stretch
        try:
            check_range(floor, stretch)
        except RepCRMError as error:
            row.refuse(error, "stretch")
            continue
        if target is not None:
            row.compare(
                {"floor": target.floor_packs, "stretch": target.stretch_packs}, {"floor": floor, "stretch": stretch}
            )
    refuse_duplicates(rows, _place)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Assign the new and changed targets, all at once."""
    edits = [
        CellEdit(*_place(row), *row.found["range"])
        for row in rows
        if row.verdict in (Verdict.NEW, Verdict.CHANGED)
    ]  # fmt: skip
    assign_targets(context.session, scope, edits, now=now, reason=context.file_name)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The targets of the file, and their splits: a changed floor makes a split a draft again."""
    targets = HospitalTarget.hospital_id.in_({row.found["hospital"].id for row in rows}) & HospitalTarget.month_on.in_(
        {_place(row)[2] for row in rows}
    )
    return [
        select(HospitalTarget).where(targets),
        select(QuotaSplit).join(HospitalTarget, HospitalTarget.id == QuotaSplit.target_id).where(targets),
    ]


def _check_unit(row: Row, product: Product) -> None:
    """Refuse a target that is stated in anything but packs of the product."""
    unit = row.values.get("unit", "")
    if packs_per_unit(unit, product, date.min, ()) != 1:
        row.refuse(
            BadInput(N_("The target is in %(unit)s, but packs of %(product)s are needed."),
                     unit=unit, product=product.name),
            "floor",
        )  # fmt: skip


def _divide_quarter(context: Context, row: Row) -> None:
    """Leave a month its share of the quarter's packs, by the working days of the hospital's region.

    What the stretch adds to the floor is divided by itself, so that no month's stretch lies below its floor.
    """
    months = {one.from_on.isoformat(): one for one in Period.parse(row.values.pop("quarter")).months()}
    calendar = work_calendar(context.session, row.found["hospital"].region_id)
    month = months[row.values["month"]]
    spans = [Segment(None, one.from_on, one.until_on) for one in months.values()]
    this = Segment(None, month.from_on, month.until_on)
    floor, stretch = row.values.get("floor", 0), row.values.get("stretch")
    row.values["floor"] = share_by_working_days(floor, spans, calendar)[this]
    if stretch is not None:
        above = share_by_working_days(stretch - floor, spans, calendar)[this]
        row.values["stretch"] = row.values["floor"] + above


def _place(row: Row) -> tuple[int, int, date]:
    return row.found["hospital"].id, row.found["product"].id, date.fromisoformat(row.values["month"])


def _present(context: Context, rows: list[Row]) -> dict[tuple[int, int, date], HospitalTarget]:
    places = [_place(row) for row in rows if not row.is_stuck]
    found = context.session.scalars(
        select(HospitalTarget).where(
            HospitalTarget.hospital_id.in_({place[0] for place in places}),
            HospitalTarget.month_on.in_({place[2] for place in places}),
        )
    )
    return {(one.hospital_id, one.product_id, one.month_on): one for one in found}


KIND = Kind(ImportKind.TARGETS, COLUMNS, judge, take, watch, PLACE_INSTEAD, ACROSS)
