"""Files of distributor flow: packs by hospital x product and day or month, for one source and period."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select

from repcrm.core.errors import BadInput
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.imports.kinds.flow_columns import ACROSS, COLUMNS
from repcrm.imports.kinds.shared import PLACE_INSTEAD, Context, Kind, find_hospital, find_product
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import FlowGrain, ImportKind
from repcrm.sales.queries import lines_of_batch
from repcrm.sales.service import Delivery, take_flow

INSTEAD = {**PLACE_INSTEAD, "on": ("month",)}
Key = tuple[int, int, date, FlowGrain, str]


def derive_source(rows: list[Row]) -> str:
    """The distributor that the rows of a file name.

    raises  BadInput if they name none, or several
    """
    named = list(dict.fromkeys(row.values["source"] for row in rows if row.values.get("source")))
    if not named:
        raise BadInput(N_("Say which distributor the flow is from."), field="source")
    if len(named) > 1:
        raise BadInput(
            N_("The file holds flow of several distributors (%(sources)s). Make it one file each."),
            field="source",
            sources=", ".join(named[:5]),
        )
    return str(named[0])


def derive_period(rows: list[Row]) -> Period:
    """The month that all days of a file lie in.

    raises  BadInput if there is more than one: then somebody has to say what the file answers for
    """
    months = sorted(
        {Period.of(PeriodKind.MONTH, day_of(row)[0]) for row in rows if row.values.keys() & {"on", "month"}}
    )
    if not months:
        raise BadInput(N_("Say which period the file is for, such as 2026-11."), field="period")
    if len(months) > 1:
        raise BadInput(
            N_(
                "The file has days of %(first)s to %(last)s. Give a period that holds them all, such as 2026-Q4 or "
                "2026, or make it one file a month."
            ),
            field="period",
            first=str(months[0]),
            last=str(months[-1]),
        )
    return months[0]


def day_of(row: Row) -> tuple[date, FlowGrain]:
    """The day of a line and how finely it is dated; a month stands on its first day."""
    said = str(row.values.get("on") or row.values["month"][:7])
    return (
        (date.fromisoformat(said + "-01"), FlowGrain.MONTH)
        if len(said) == 7
        else (date.fromisoformat(said), FlowGrain.DAY)
    )


def judge(context: Context, rows: list[Row]) -> None:
    """Compare the lines with those of the batch that this one would replace."""
    period = context.period
    for row in rows:
        find_hospital(context, row)
        find_product(context, row)
        if row.values.keys() & {"on", "month"}:
            _check_day(row, period)
        if row.values.get("source") and row.values["source"] != context.batch.source:
            row.refuse(
                BadInput(N_("This line is of another distributor: %(source)s."), source=row.values["source"]), "source"
            )
        if row.values.get("packs") == 0 and row.values.get("value"):
            row.refuse(BadInput(N_("There is money, but no packs.")), "packs")
    refuse_duplicates(
        rows,
        lambda row: (*_key(row), *_amount(row)),
        N_(
            "Row %(row)s of sheet %(sheet)s is the same delivery. Keep one of the two, or tell them apart by a column "
            "with the delivery note."
        ),
    )
    _compare(context, [row for row in rows if row.verdict is not Verdict.REFUSED])


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Let the lines of the file take the place of those of the batch before."""
    lines = [
        Delivery(hospital, product, on, *_amount(row), grain, document)
        for row in rows
        for hospital, product, on, grain, document in [_key(row)]
    ]
    take_flow(context.session, scope.user_id, context.batch.source, context.period, lines, now, batch=context.batch)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """Nothing: a batch of flow is its own memory, its lines count only while it is applied."""
    return []


def _check_day(row: Row, period: Period) -> None:
    if not _lies_in(*day_of(row), period):
        said = row.values.get("on") or row.values["month"][:7]
        of = "on" if row.values.get("on") else "month"
        row.refuse(BadInput(N_("%(day)s does not lie in %(period)s."), day=said, period=str(period)), of)


@lru_cache(maxsize=2000)
def _lies_in(on: date, grain: FlowGrain, period: Period) -> bool:
    last_on = on if grain is FlowGrain.DAY else Period.of(PeriodKind.MONTH, on).to_on
    return on in period and last_on in period


def _key(row: Row) -> Key:
    if "key" not in row.found:
        on, grain = day_of(row)
        document = row.values.get("document", "")
        row.found["key"] = row.found["hospital"].id, row.found["product"].id, on, grain, document
    found: Key = row.found["key"]
    return found


def _amount(row: Row) -> tuple[int, int | None]:
    return row.values["packs"], row.values.get("value")


def _compare(context: Context, rows: list[Row]) -> None:
    """Pair the lines with those before: equal ones first, then what is left of the same day and place."""
    before: dict[Key, Counter[tuple[int, int | None]]] = defaultdict(Counter)
    if context.replaced is not None:
        for line in lines_of_batch(context.session, context.replaced.id):
            before[line.hospital_id, line.product_id, line.on, line.grain, line.document][
                line.packs, line.value_fen
            ] += 1
    waiting = []
    for row in rows:
        there = before.get(_key(row))
        if there and there[_amount(row)] > 0:
            there[_amount(row)] -= 1
            row.verdict = Verdict.UNCHANGED
        else:
            waiting.append(row)
    for row in waiting:
        left = sorted((before.get(_key(row)) or Counter()).elements(), key=str)
        if left:
            before[_key(row)][left[0]] -= 1
            packs, value = _amount(row)
            row.compare({"packs": left[0][0], "value": left[0][1]}, {"packs": packs, "value": value})
    context.gone = sum(sum(one.values()) for one in before.values())


KIND = Kind(ImportKind.FLOW, COLUMNS, judge, take, watch, INSTEAD, ACROSS, names_doctors=False)
