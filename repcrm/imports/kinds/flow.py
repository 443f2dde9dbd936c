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
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import PLACE, PLACE_INSTEAD, Context, Kind, find_hospital, find_product
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.lines import Delivery
from repcrm.sales.models import FlowGrain, ImportKind
from repcrm.sales.queries import lines_of_batches
from repcrm.sales.service import take_flow

COLUMNS = (
    Column(
        "source", "Distributor", "商业公司", values.text(60),
        ("配送商", "经销商", "商业", "供货商", "配送企业", "source", "wholesaler", "流向来源"),
        note=N_("Only needed if it is not chosen when the file is read; one file, one distributor."),
        samples=("Example Distribution", "示例医药商业"),
    ),
    *PLACE,
    Column(
        "on", "Date", "日期", values.day_or_month,
        (
            "销售日期", "出库日期", "业务日期", "单据日期", "开票日期", "发货日期", "流向日期", "day", "sales date",
            "delivery date", "invoice date",
        ),
        required=True, note=N_("The day of the delivery, such as 2026-11-03."), samples=("2026-11-03", "2026-11-03"),
        shape="day",
    ),
    Column(
        "month", "Month", "月份", values.month, ("年月", "销售月份", "sales month"),
        note=N_("Instead of the date, for a distributor that reports whole months, such as 2026-11."), shape="month",
    ),
    Column(
        "packs", "Packs", "盒数", values.packs,
        (
            "数量", "销售数量", "出库数量", "发货数量", "销量", "实销数量", "支数", "流向数量", "quantity",
            "qty", "units",
            "boxes", "volume", "pack",
        ),
        required=True, note=N_("Whole packs; returns are negative."), samples=(120, 120), shape="packs",
    ),
    Column(
        "value", "Value (yuan)", "金额（元）", values.money,
        ("金额", "销售金额", "含税金额", "总金额", "value", "value yuan", "amount", "sales value", "value cny"),
        note=N_("Left empty, it is packs times the price of the day."), samples=(6000, 6000), shape="fen",
    ),
    Column(
        "document", "Delivery note", "单据号", values.text(60),
        ("单号", "单据编号", "出库单号", "发票号", "订单号", "document", "document no", "invoice no", "invoice",
        "order no"),
        note=N_("Tells two equal deliveries of one day apart."), samples=("CK-0001", "CK-0001"),
    ),
)  # fmt: skip
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
    distributor = context.batch.distributor
    assert distributor is not None, "only a file of sales comes here, and the preview has found its distributor"
    take_flow(context.session, scope.user_id, distributor, context.period, lines, now, batch=context.batch)


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
    for line in lines_of_batches(context.session, [batch.id for batch in context.replaced]):
        before[line.hospital_id, line.product_id, line.on, line.grain, line.document][line.packs, line.value_fen] += 1
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


KIND = Kind(ImportKind.FLOW, COLUMNS, judge, take, watch, INSTEAD, names_doctors=False)
