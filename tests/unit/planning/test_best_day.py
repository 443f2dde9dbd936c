"""The most that a day can earn at given prices, against trying every way; in plain Python, which minds its indices."""

from itertools import pairwise, permutations, product

import numpy as np
import pytest

from repcrm.core.errors import BadInput
from repcrm.planning.engine.best_day import best_day, day_desk
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.tables import sizes_of, tables_of
from tests.unit.planning.small import legible, random_problem


def asked(tables, day, profit, minute_price, evening_price, hospitals, orders, lengths):
    tables, sizes = legible(tables), sizes_of(tables)
    sessions = sizes.sessions
    order, length = np.zeros((sessions, 3), np.int64), np.zeros(sessions, np.int64)
    bought, no_reward = np.empty(tables.option.size, np.int64), np.zeros(tables.stop[-1].visit)
    earned, count, _ = best_day(
        tables, day, profit, minute_price, evening_price, no_reward, hospitals, orders, lengths, order, length, bought,
        day_desk(sizes, hospitals.size),
    )  # fmt: skip
    return earned, bought[:count], order, length


class Day:
    """One day of a problem with prices, and the worth of any way through it."""

    def __init__(self, tables, day, draw):
        self.tables, self.day = tables, day
        self.sessions = int(tables.frame["sessions"][0])
        self.profit = draw.uniform(-20, 120, tables.option.size)
        self.minute_price = draw.uniform(0, 1.5, self.sessions) * draw.integers(0, 2, self.sessions)
        self.evening_price = float(draw.uniform(0, 30))
        cells = tables.cell["first"][day * self.sessions : (day + 1) * self.sessions + 1]
        self.stops = [range(int(first), int(last)) for first, last in pairwise(cells)]
        self.hospital = tables.stop["hospital"]

    def bound(self, hospitals=(), ways=()):
        orders, lengths = (
            np.zeros((len(ways), self.sessions, 3), np.int64),
            np.zeros((len(ways), self.sessions), np.int64),
        )
        for number, (order, length) in enumerate(ways):
            orders[number], lengths[number] = order, length
        return asked(
            self.tables, self.day, self.profit, self.minute_price, self.evening_price,
            np.array(sorted(hospitals), np.int64), orders, lengths,
        )  # fmt: skip

    def above(self, option):
        record = self.tables.option[option]
        return float(self.profit[option] - self.minute_price[record["session"]] * record["call_minutes"])

    def ways(self):
        """Every lawful way."""
        most = int(self.tables.frame["stops_per_session"][0])
        parts = [
            [(), *(way for size in range(1, most + 1) for way in permutations(stops, size))] for stops in self.stops
        ]
        forced = {stop for stops in self.stops for stop in stops if self.tables.stop["forced"][stop]}
        for way in product(*parts):
            if forced <= {stop for part in way for stop in part} and self.travel(way) is not None:
                yield way

    def travel(self, way):
        """What hops, minutes and evening of a way cost; None where it breaks a rule."""
        frame, travel = self.tables.frame[0], self.tables.travel
        cost, last, before = 0.0, int(frame["home"]), None
        for session, stops in enumerate(way):
            for at, stop in enumerate(stops):
                minutes = float(travel[last, self.hospital[stop]])
                if at and minutes > frame["hop_limit"]:
                    return None
                if not at and before == session - 1 and minutes > self.tables.break_limit[before]:
                    return None
                cost += minutes * (frame["travel_cost"] + (self.minute_price[session] if at else 0.0))
                cost += self.minute_price[session] * self.tables.entry[self.hospital[stop]]
                last = self.hospital[stop]
            if stops:
                before = session
                cost -= self.minute_price[session] * self.tables.cell["minutes"][self.day * self.sessions + session]
                cost += self.evening_price * (session == self.sessions - 1)
        return cost + float(frame["travel_cost"] * travel[last, frame["home"]])

    def worth(self, way):
        best: dict[int, float] = {}
        pinned: dict[int, float] = {}
        for stop in (stop for part in way for stop in part):
            for option in self.tables.of_stop[self.tables.stop["first"][stop] : self.tables.stop["first"][stop + 1]]:
                record = self.tables.option[option]
                kept = pinned if record["pinned"] else best
                kept[int(record["doctor"])] = max(kept.get(int(record["doctor"]), -1e9), self.above(option))
        most = max(0, int(self.tables.date["most_calls"][self.day]) - len(pinned))
        calls = sorted((one for one in best.values() if one > 0), reverse=True)[:most]
        return sum(pinned.values()) + sum(calls) - self.travel(way)


def days(seeds):
    for seed in seeds:
        try:
            tables, _, _ = tables_of(Problem.from_dict(random_problem(seed)))
        except BadInput:
            continue  # what is pinned cannot be kept
        draw = np.random.default_rng(seed)
        for day in range(int(tables.frame["now"][0]), int(tables.frame["days"][0])):
            if tables.option.size:
                yield seed, Day(tables, day, draw)


@pytest.mark.parametrize("part", range(4))
def test_it_is_the_worth_of_the_best_way_where_all_is_remembered(part):
    exact = 0
    for seed, day in days(range(40 * part, 40 * (part + 1))):
        passed = [int(day.hospital[stop]) for stops in day.stops for stop in stops]
        again = {hospital for hospital in passed if passed.count(hospital) > 1}
        best = max((day.worth(way) for way in day.ways()), default=0.0)
        earned, bought, order, length = day.bound(again)
        assert earned >= best - 1e-4, seed
        assert day.bound()[0] >= best - 1e-4, f"{seed}: remembering nothing"
        assert day.bound(again, [(order, length)])[0] == pytest.approx(earned, abs=1e-4), "a known way changes nothing"
        if best <= 0.0 or any(passed.count(hospital) > 2 for hospital in again):
            continue  # an empty day is worth 0; a hospital with three sessions earns a little too much
        assert earned == pytest.approx(best, abs=1e-4), seed
        assert day.bound()[0] >= earned - 1e-4, f"{seed}: what is not remembered can only earn more"
        way = [tuple(order[session, : length[session]].tolist()) for session in range(day.sessions)]
        assert day.worth(way) == pytest.approx(best, abs=1e-4), f"{seed}: the way that is told"
        doctors = [int(day.tables.option["doctor"][option]) for option in bought]
        assert len(doctors) == len(set(doctors)), "nobody is called on twice"
        assert sum(day.above(option) for option in bought) - day.travel(way) == pytest.approx(best, abs=1e-4), seed
        exact += 1
    assert exact > 20
