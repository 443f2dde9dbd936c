"""A day buys its calls: the prices of its limits are followed until what they allow and what is lawful nearly meet."""

from typing import NamedTuple

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.day import (
    MINUTES,
    NEVER,
    FillDesk,
    calls_above_price,
    fill,
    fill_desk,
    price_stops,
    slopes_of_way,
)
from repcrm.planning.engine.rows import copy, copy_rows, total
from repcrm.planning.engine.tables import Floats, Ints, Sizes, Tables
from repcrm.planning.engine.way import WayDesk, best_way, way_desk

CHEAPER = 0.3
"""Prices at which nothing at all is bought fall by so much."""
SHORTER = 0.9
"""Each pass moves prices by so much of the step before."""


class MarketDesk(NamedTuple):
    """Room for one day to buy its calls."""

    way: WayDesk
    fill: FillDesk
    weight: Floats  # stop
    order: Ints  # of a way that is tried
    length: Ints
    trial: Ints
    bought: Ints
    minute_slope: Floats
    once_slope: Floats
    tight_minute: Floats
    tight_once: Floats


def market_desk(tables: Tables, sizes: Sizes) -> MarketDesk:
    """Room for any day."""
    return MarketDesk(
        way=way_desk(sizes),
        fill=fill_desk(sizes),
        weight=np.empty(tables.stop.size),
        order=np.empty((sizes.sessions, 3), np.int64),
        length=np.empty(sizes.sessions, np.int64),
        trial=np.empty(sizes.options, np.int64),
        bought=np.empty(sizes.options, np.int64),
        minute_slope=np.empty(sizes.sessions),
        once_slope=np.empty(sizes.doubles),
        tight_minute=np.empty(sizes.sessions),
        tight_once=np.empty(sizes.doubles),
    )


@kernel
def buy_day(tables, day, profit, prices, may_evening, passes, order, length, chosen, desk):
    """A good lawful day against profits: follow the prices of its limits for some passes, fill each way, keep the best.

    prices   of calls, minutes and single meetings, kept from visit to visit: the next one starts from the best found
    order, length, chosen  out: the way and the options called, the pinned ones too
    returns  number of calls (-1 where no way was found to be lawful), worth, price of travel and evening
    """
    sessions, evening_cost = tables.frame[0].sessions, tables.frame[0].evening_cost
    call_price, minute_price, once_price = prices
    per_minute = minute_price[day]
    first, last = tables.date[day].first_double, tables.date[day + 1].first_double
    weight, way, ends, trial, bought = desk.weight, desk.order, desk.length, desk.trial, desk.bought
    minute_slope, once_slope = desk.minute_slope, desk.once_slope
    tight_call, tight_minute, tight_once = call_price[day], desk.tight_minute, desk.tight_once[first:last]
    copy(per_minute, tight_minute)
    copy(once_price[first:last], tight_once)
    best, best_count, best_cost = NEVER, -1, 0.0
    bound, size = 1e18, 1.0
    for _ in range(passes):
        base = price_stops(tables, day, profit, call_price[day], per_minute, once_price, weight)
        top = base + best_way(
            tables, day, weight, call_price[day], per_minute, evening_cost, may_evening, way, ends, desk.way
        )
        asked = call_price[day] + total(per_minute) + total(once_price[first:last])
        if total(ends) == 0 and asked > 0.0:
            call_price[day] *= CHEAPER  # of the days before, when something dearer was wanted here
            _cheapen(per_minute)
            _cheapen(once_price[first:last])
            continue
        if top < bound:
            bound, tight_call = top, call_price[day]
            copy(per_minute, tight_minute)
            copy(once_price[first:last], tight_once)
        wanted = calls_above_price(
            tables, day, profit, call_price[day], per_minute, once_price, False, way, ends, bought
        )
        calls_left = slopes_of_way(tables, day, way, ends, bought, wanted, minute_slope, once_slope)
        count, earned, minutes = fill(tables, day, profit, per_minute, way, ends, trial, desk.fill)
        if minutes >= 0.0:
            cost = tables.frame[0].travel_cost * minutes
            if ends[sessions - 1]:
                cost += evening_cost
            if earned - cost > best:
                best, best_count, best_cost = earned - cost, count, cost
                _take_way(way, ends, order, length)
                copy(trial[:count], chosen)
        squared = 0.0
        if calls_left < 0.0 or call_price[day] > 0.0:
            squared += calls_left**2
        for session in range(sessions):
            if minute_slope[session] < 0.0 or per_minute[session] > 0.0:
                squared += minute_slope[session] ** 2
        for pair in range(first, last):
            if once_slope[pair] < 0.0 or once_price[pair] > 0.0:
                squared += once_slope[pair] ** 2
        if bound - best < 1e-6 or squared == 0.0:
            break
        move = size * max(top - max(best, 0.97 * bound), 0.0) / squared
        call_price[day] = max(0.0, call_price[day] - move * calls_left)
        for session in range(sessions):
            per_minute[session] = max(0.0, per_minute[session] - move * minute_slope[session] / MINUTES)
        for pair in range(first, last):
            once_price[pair] = max(0.0, once_price[pair] - move * once_slope[pair])
        size *= SHORTER
    call_price[day] = tight_call
    copy(tight_minute, per_minute)
    copy(tight_once, once_price[first:last])
    return _without_a_stop(tables, day, profit, per_minute, best_count, best, best_cost, order, length, chosen, desk)


@kernel
def _cheapen(prices):
    for at in range(prices.size):
        prices[at] *= CHEAPER


@kernel
def _take_way(way, ends, order, length):
    copy_rows(way, order)
    copy(ends, length)


@kernel
def _without_a_stop(tables, day, profit, minute_price, count, best, cost, order, length, chosen, desk):
    """Try to leave out one stop after another: prices cannot tell a way of too many stops from one of enough."""
    sessions, way, ends, trial = tables.frame[0].sessions, desk.order, desk.length, desk.trial
    for session in range(sessions):
        for at in range(2, -1, -1):
            if count < 0 or at >= length[session] or tables.stop[order[session, at]].forced:
                continue
            _take_way(order, length, way, ends)
            for later in range(at + 1, length[session]):
                way[session, later - 1] = order[session, later]
            ends[session] -= 1
            number, earned, minutes = fill(tables, day, profit, minute_price, way, ends, trial, desk.fill)
            if minutes < 0.0:
                continue
            spent = tables.frame[0].travel_cost * minutes
            if ends[sessions - 1]:
                spent += tables.frame[0].evening_cost
            if earned - spent > best:
                best, count, cost = earned - spent, number, spent
                _take_way(way, ends, order, length)
                copy(trial[:number], chosen)
    return count, best, cost
