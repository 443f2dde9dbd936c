"""A day buys its calls: the prices of its limits are followed until what they allow and what is lawful nearly meet."""

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.day import MINUTES, NEVER, calls_above_price, fill, price_stops, slopes_of_way
from repcrm.planning.engine.way import best_way

CHEAPER = 0.3
"""Prices at which nothing at all is bought fall by so much."""
SHORTER = 0.9
"""Each pass moves prices by so much of the step before."""


@kernel
def buy_day(tables, day, profit, prices, may_evening, passes, order, length, chosen):
    """A good lawful day against profits: follow the prices of its limits for some passes, fill each way, keep the best.

    prices   of calls, minutes and single meetings, kept from visit to visit: the next one starts from the best found
    order, length, chosen  out: the way and the options called, the pinned ones too
    returns  number of calls (-1 where no way was found to be lawful), worth, price of travel and evening
    """
    sessions, evening_cost = tables.frame[0].sessions, tables.frame[0].evening_cost
    call_price, minute_price, once_price = prices
    per_minute = minute_price[day]
    first, last = tables.date[day].first_double, tables.date[day + 1].first_double
    weight = np.empty(tables.cell[(day + 1) * sessions].first + 1)
    way, ends = np.empty((sessions, 3), np.int64), np.empty(sessions, np.int64)
    minute_slope, once_slope = np.empty(sessions), np.empty(once_price.size)
    trial, bought = np.empty(chosen.size, np.int64), np.empty(tables.option.size, np.int64)
    tight_call, tight_minute, tight_once = call_price[day], per_minute.copy(), once_price[first:last].copy()
    best, best_count, best_cost = NEVER, -1, 0.0
    bound, size = 1e18, 1.0
    for _ in range(passes):
        base = price_stops(tables, day, profit, call_price[day], per_minute, once_price, weight)
        top = base + best_way(tables, day, weight, call_price[day], per_minute, evening_cost, may_evening, way, ends)
        if not ends.any() and (call_price[day] > 0.0 or per_minute.any() or once_price[first:last].any()):
            call_price[day] *= CHEAPER  # of the days before, when something dearer was wanted here
            per_minute *= CHEAPER
            once_price[first:last] *= CHEAPER
            continue
        if top < bound:
            bound, tight_call, tight_minute[:], tight_once[:] = top, call_price[day], per_minute, once_price[first:last]
        wanted = calls_above_price(
            tables, day, profit, call_price[day], per_minute, once_price, False, way, ends, bought
        )
        calls_left = slopes_of_way(tables, day, way, ends, bought, wanted, minute_slope, once_slope)
        count, earned, minutes = fill(tables, day, profit, per_minute, way, ends, trial)
        if minutes >= 0.0:
            cost = tables.frame[0].travel_cost * minutes
            if ends[sessions - 1]:
                cost += evening_cost
            if earned - cost > best:
                best, best_count, best_cost = earned - cost, count, cost
                order[:], length[:] = way, ends
                chosen[:count] = trial[:count]
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
    call_price[day], per_minute[:], once_price[first:last] = tight_call, tight_minute, tight_once
    return _without_a_stop(tables, day, profit, per_minute, best_count, best, best_cost, order, length, chosen)


@kernel
def _without_a_stop(tables, day, profit, minute_price, count, best, cost, order, length, chosen):
    """Try to leave out one stop after another: prices cannot tell a way of too many stops from one of enough."""
    sessions = tables.frame[0].sessions
    way, ends = np.empty((sessions, 3), np.int64), np.empty(sessions, np.int64)
    trial = np.empty(chosen.size, np.int64)
    for session in range(sessions):
        for at in range(2, -1, -1):
            if count < 0 or at >= length[session] or tables.stop[order[session, at]].forced:
                continue
            way[:], ends[:] = order, length
            for later in range(at + 1, length[session]):
                way[session, later - 1] = order[session, later]
            ends[session] -= 1
            number, earned, minutes = fill(tables, day, profit, minute_price, way, ends, trial)
            if minutes < 0.0:
                continue
            spent = tables.frame[0].travel_cost * minutes
            if ends[sessions - 1]:
                spent += tables.frame[0].evening_cost
            if earned - spent > best:
                best, count, cost = earned - spent, number, spent
                order[:], length[:] = way, ends
                chosen[:number] = trial[:number]
    return count, best, cost
