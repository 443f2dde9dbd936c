"""Sums by an outsider's arithmetic: whatever is applied, replaced, added, corrected and reverted, they agree."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.periods import Period
from repcrm.sales.lines import Delivery
from repcrm.sales.models import BatchStatus, FlowMode, ImportBatch
from repcrm.sales.service import take_back_flow, take_flow
from tests.factories import NOW, make_distributor, make_hospital, make_product

SUMS = text(
    """
    SELECT d.code, l.hospital_id, l.product_id, substr(CAST(l.on_day AS VARCHAR(10)), 1, 7), SUM(l.packs)
    FROM flow_line l JOIN import_batch b ON b.id = l.batch_id JOIN distributor d ON d.id = b.distributor_id
    WHERE b.status = 'applied' GROUP BY 1, 2, 3, 4
    """
)
PERIODS = [
    Period.parse(name) for name in ("2026-Q4", "2026-10", "2026-11", "2026-12", "2026-W45", "2026-W46", "2026-W49")
]

Sums = Counter[tuple[str, int, int, str]]


class Books:
    """What should count, kept by hand: every import with its lines, its state and what it replaced."""

    def __init__(self) -> None:
        self.sums: dict[int, Sums] = {}
        self.facts: dict[int, tuple[str, Period, FlowMode]] = {}
        self.counting: set[int] = set()
        self.replaced: dict[int, set[int]] = {}

    def apply(self, key: int, code: str, period: Period, mode: FlowMode, sums: Sums) -> None:
        self.facts[key], self.sums[key], self.replaced[key] = (code, period, mode), sums, set()
        if mode is FlowMode.REPLACES:
            self.replaced[key] = {other for other in self.counting if self._is_within(other, code, period)}
        self.counting = self.counting - self.replaced[key] | {key}

    def revert(self, key: int) -> None:
        self.counting = self.counting - {key} | self.replaced[key]

    def total(self) -> Sums:
        total: Sums = Counter()
        for key in self.counting:
            total.update(self.sums[key])
        return total

    def _is_within(self, other: int, code: str, period: Period) -> bool:
        whose, there, _ = self.facts[other]
        return whose == code and period.from_on <= there.from_on and there.to_on <= period.to_on


@pytest.mark.parametrize("seed", range(6))
def test_sums_agree_with_the_books_and_reverting_brings_back_those_before(session, region, admin, seed: int):
    dice, books = Random(seed), Books()
    batches: dict[int, ImportBatch] = {}
    distributors = [make_distributor(session) for _ in range(2)]
    hospitals = [make_hospital(session, region=region).id for _ in range(2)]
    products = [make_product(session).id for _ in range(2)]
    session.commit()

    def outside() -> Sums:
        return Counter({(row[0], row[1], row[2], row[3]): int(row[4]) for row in session.execute(SUMS)})

    def lines_of(period: Period) -> list[Delivery]:
        days = [period.from_on + timedelta(days=dice.randint(-20, len(period.days()) - 1)) for _ in range(6)]
        return [Delivery(dice.choice(hospitals), dice.choice(products), on, dice.randint(-9, 40)) for on in days]

    refused = 0
    for _ in range(25):
        before = outside()
        if batches and dice.random() < 0.3:
            key = dice.choice(list(batches))
            try:
                restored = take_back_flow(session, batches[key], admin.id, NOW)
            except Conflict:
                assert key not in books.counting
                assert outside() == before
                refused += 1
            else:
                assert {batch.id for batch in restored} == books.replaced[key]
                books.revert(key)
        else:
            distributor, period, mode = dice.choice(distributors), dice.choice(PERIODS), dice.choice(list(FlowMode))
            lines = lines_of(period)
            try:
                batch = take_flow(session, admin.id, distributor, period, lines, NOW, mode=mode, late=True)
            except RuleBroken:
                session.rollback()
                refused += 1
            else:
                session.commit()
                sums: Sums = Counter()
                for line in lines:
                    sums[distributor.code, line.hospital_id, line.product_id, f"{line.on:%Y-%m}"] += line.packs
                books.apply(batch.id, distributor.code, period, mode, sums)
                batches[batch.id] = batch
                if dice.random() < 0.4:
                    take_back_flow(session, batch, admin.id, NOW)
                    books.revert(batch.id)
                    assert nonzero(outside()) == nonzero(before)
        session.commit()
        assert nonzero(outside()) == nonzero(books.total())
    assert any(batch.status is BatchStatus.APPLIED for batch in batches.values())
    assert refused


def nonzero(sums: Sums) -> dict[tuple[str, int, int, str], int]:
    """Sums without those that come to nothing: returns may outweigh deliveries exactly."""
    return {key: packs for key, packs in sums.items() if packs}


def test_the_books_know_november_is_replaced_by_the_quarter_and_comes_back() -> None:
    books, key = Books(), ("D", 1, 1, "2026-11")
    books.apply(1, "D", Period.parse("2026-11"), FlowMode.REPLACES, Counter({key: 5}))
    books.apply(2, "D", Period.parse("2026-11"), FlowMode.ADDS, Counter({key: 2}))
    assert books.total() == {key: 7}
    books.apply(3, "D", Period.parse("2026-Q4"), FlowMode.REPLACES, Counter({key: 4}))
    assert books.total() == {key: 4}
    books.revert(3)
    assert books.total() == {key: 7}
