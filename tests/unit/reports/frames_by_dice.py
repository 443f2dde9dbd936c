"""Companies made up by hypothesis: what the database could say about a region."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from repcrm.catalogue.prices import Prices
from repcrm.core.periods import Period, PeriodKind
from repcrm.organisation.territories import Holding
from repcrm.reports.frames import Frames

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)
MONTHS = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
HOSPITALS, PRODUCTS, DOCTORS, REPS = (1, 2), (1, 2), (1, 2, 3), (1, 2, 3)
PLACES = [(hospital, product) for hospital in HOSPITALS for product in PRODUCTS]

days = st.integers(0, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
packs = st.integers(-50, 400)


@st.composite
def companies(draw: st.DrawFn) -> Frames:
    """Two hospitals, two products, three doctors in each; territories that change hands, returns, months and days."""
    lines = draw(st.lists(st.tuples(st.sampled_from(PLACES), days, packs, st.booleans()), max_size=12))
    monthly = draw(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(MONTHS), packs), max_size=4))
    floors = draw(st.lists(st.integers(0, 300), min_size=len(PLACES) * 3, max_size=len(PLACES) * 3))
    asked = [(*place, month) for place in PLACES for month in MONTHS]
    targets = [
        (*key, floor, floor + draw(st.integers(0, 90))) for key, floor in zip(asked, floors, strict=True) if floor % 7
    ]
    shares = {
        (*key[:3],): {doctor: draw(st.integers(0, 40)) for doctor in DOCTORS} for key in targets if draw(st.booleans())
    }
    keys = map(st.sampled_from, (REPS, HOSPITALS, (0, *PRODUCTS), DOCTORS))
    call = st.tuples(*keys, *[st.integers(0, 3)] * 3)
    calls = draw(st.lists(call, max_size=6))
    rated = [(doctor, product) for doctor in DOCTORS for product in PRODUCTS if draw(st.booleans())]
    rep_columns = ["rep", "hospital", "product", "doctor"]
    target_columns = ["hospital", "product", "month_on", "floor", "stretch"]
    return Frames(
        hospitals=_table(["id", "code", "name"], [(n, f"H{n}", f"Hospital {n}") for n in HOSPITALS], ["id"]),
        products=_table(["id", "code", "name", "unit"], [(n, f"P{n}", f"P {n}", "box") for n in PRODUCTS], ["id"]),
        people=_table(["id", "code", "name"], [(n, f"U{n}", f"Rep {n}") for n in REPS], ["id"]),
        prices=Prices([(1, FIRST, 4990), (2, FIRST, 1299), (2, MONTHS[2], 1350)]),
        holdings={place: _holdings(draw, place) for place in PLACES},
        targets=_table(target_columns, targets, [name for name in target_columns if name != "month_on"]),
        shares=shares,
        flow=_flow([(place, day, amount, amount * 1000 if priced else None) for place, day, amount, priced in lines]),
        monthly_flow=_flow([(place, day, amount, None) for place, day, amount in monthly]),
        ratings=_table(["doctor", "product", "rating"], [(*key, draw(st.integers(1, 7))) for key in rated], None),
        factors={0: 300, 1: 0, 2: 100, 3: 400, 4: 600, 5: 800, 6: 900, 7: 1000},
        posts=_table(["doctor", "department", "hospital", "in_scope"], [], ["doctor", "department", "hospital"]),
        departments=_table(["id", "hospital"], [], ["id", "hospital"]),
        doctors=_table(
            ["id", "code", "name", "tier", "title"], [(n, f"D{n}", f"D{n}", "key", "") for n in DOCTORS], ["id"]
        ),
        calls=_table([*rep_columns, "planned", "done", "effective"], calls, None),
        seen=_table(rep_columns, [one[:4] for one in calls], None),
        last_seen={},
        stock=_table(["hospital", "product", "packs", "seen_on"], [], ["hospital", "product", "packs"]),
        listings=_table(["hospital", "product", "stage", "since_on"], [], ["hospital", "product"]),
    )  # fmt: skip


def _holdings(draw: st.DrawFn, place: tuple[int, int]) -> list[Holding]:
    """One rep after the other, with days in between that nobody held."""
    edges = sorted(set(draw(st.lists(days, max_size=4))))
    found = []
    for from_on, until_on in zip(edges, [*edges[1:], None], strict=False):
        if draw(st.booleans()):
            found.append(Holding(*place, from_on, until_on, draw(st.sampled_from(REPS)), 1))
    return found


def _flow(lines: list[tuple[tuple[int, int], date, int, int | None]]) -> pd.DataFrame:
    rows = [
        ("Source", *place, day, amount, fen or 0, amount if fen is None else 0) for place, day, amount, fen in lines
    ]
    columns = ["source", "hospital", "product", "day", "packs", "fen", "unpriced"]
    return _table(columns, rows, ["hospital", "product", "packs", "fen", "unpriced"])


def _table(columns: list[str], rows: list[tuple[Any, ...]], numbers: list[str] | None) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    return table.astype(dict.fromkeys(columns if numbers is None else numbers, "int64"))


def weeks() -> list[Period]:
    """Every week that shares a day with the three months."""
    found = [Period.of(PeriodKind.WEEK, FIRST)]
    while found[-1].until_on <= LAST:
        found.append(found[-1].next())
    return found
