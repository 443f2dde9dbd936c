"""How a distributor's file enters the demo company's books: as bytes, through the door every file takes."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from repcrm.core.periods import Period, PeriodKind
from repcrm.demo.world import World
from repcrm.imports import service
from repcrm.imports.opened import open_import
from repcrm.organisation.access import Scope
from repcrm.sales.models import DeliveryRhythm, Distributor, FlowGrain, FlowMode, ImportBatch, ImportKind

if TYPE_CHECKING:
    from repcrm.demo.flow import Delivery


def take_file(
    world: World, distributor: Distributor, month: Period, lines: Sequence["Delivery"], at: datetime
) -> ImportBatch:
    """Apply a month's sales as the distributor knows them at an instant, in the place of what it sent before."""
    grain = FlowGrain.MONTH if distributor.rhythm is DeliveryRhythm.MONTHLY else FlowGrain.DAY
    name = f"{distributor.name.partition('（')[0]}_{month}_{at:%m%d}.csv"
    scope = world.scope(world.admin, at.date())
    batch = _preview(world, scope, name, _as_csv(grain, lines), distributor, month, at)
    return service.apply(world.session, scope, batch, now=at)


def refuse_file(world: World, distributor: Distributor, lines: Sequence["Delivery"], at: datetime) -> None:
    """Look at a file with two bad rows, and put it aside."""
    known = [line for line in lines if line.told_at <= at][-40:]
    if not known:
        return
    month = Period.of(PeriodKind.MONTH, known[0].on)
    bad = f"H999,P1,{known[0].on},12,,X1\r\n{known[0].hospital.code},P1,{known[0].on},12.5,,X2\r\n".encode()
    name = f"{distributor.name.partition('（')[0]}_{month}_补.csv"
    scope = world.scope(world.admin, at.date())
    batch = _preview(world, scope, name, _as_csv(FlowGrain.DAY, known) + bad, distributor, month, at)
    service.reject(world.session, scope, batch, now=at + timedelta(minutes=6))


def _preview(
    world: World, scope: Scope, name: str, content: bytes, distributor: Distributor, month: Period, at: datetime
) -> ImportBatch:
    """Preview a file as the back office does, its questions answered: it replaces the month."""
    answers = {"distributor": distributor.name, "period": str(month), "mode": FlowMode.REPLACES.value}
    file = open_import(content, name, ImportKind.FLOW)
    drafted = service.draft(world.session, scope, file, answers, now=at)
    return service.save(world.session, scope, drafted, now=at)


def _as_csv(grain: FlowGrain, lines: Sequence["Delivery"]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["医院编码", "产品编码", "日期" if grain is FlowGrain.DAY else "月份", "盒数", "金额", "单号"])
    for line in lines:
        day = line.on.isoformat() if grain is FlowGrain.DAY else f"{line.on:%Y-%m}"
        value = "" if line.value_fen is None else f"{line.value_fen / 100:.2f}"
        writer.writerow([line.hospital.code, line.code, day, line.packs, value, line.document])
    return text.getvalue().encode("utf-8-sig")
