"""Files of targets: floor and stretch of a hospital x product x month, a row each or with months across."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.core.errors import RepCRMError
from repcrm.imports.kinds.shared import PLACE_INSTEAD, Context, Kind, find_hospital, find_product
from repcrm.imports.kinds.targets_columns import ACROSS, COLUMNS
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind
from repcrm.targets.grid import check_range
from repcrm.targets.models import HospitalTarget, QuotaSplit
from repcrm.targets.service import CellEdit, assign_targets


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the target on file."""
    for row in rows:
        find_hospital(context, row)
        find_product(context, row)
    present = _present(context, rows)
    for row in rows:
        if row.verdict is Verdict.REFUSED:
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
    assign_targets(context.session, scope, edits, now=now, reason=context.batch.file_name)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The targets of the file, and their splits: a changed floor makes a split a draft again."""
    targets = HospitalTarget.hospital_id.in_({row.found["hospital"].id for row in rows}) & HospitalTarget.month_on.in_(
        {_place(row)[2] for row in rows}
    )
    return [
        select(HospitalTarget).where(targets),
        select(QuotaSplit).join(HospitalTarget, HospitalTarget.id == QuotaSplit.target_id).where(targets),
    ]


def _place(row: Row) -> tuple[int, int, date]:
    return row.found["hospital"].id, row.found["product"].id, date.fromisoformat(row.values["month"])


def _present(context: Context, rows: list[Row]) -> dict[tuple[int, int, date], HospitalTarget]:
    places = [_place(row) for row in rows if row.verdict is not Verdict.REFUSED]
    found = context.session.scalars(
        select(HospitalTarget).where(
            HospitalTarget.hospital_id.in_({place[0] for place in places}),
            HospitalTarget.month_on.in_({place[2] for place in places}),
        )
    )
    return {(one.hospital_id, one.product_id, one.month_on): one for one in found}


KIND = Kind(ImportKind.TARGETS, COLUMNS, judge, take, watch, PLACE_INSTEAD, ACROSS)
