"""How good any plan can be: a Lagrangian bound.

A doctor sees the calls of a plan as dates, a day sees them as stops. The link between the two views is given up and
every option gets a price instead: doctors buy days at that price, days sell at it. For any prices the sum of what all
doctors and all days earn on their own is at least the worth of the best plan (Held, Karp 1971; Fisher 1981). Prices
follow the deflected subgradient of Camerini, Fratta and Maffioli (1975) with Polyak's step towards the best plan known.
Limits of the day (calls, minutes) and of the week (evenings) are priced along with it.
"""

import numpy as np

from repcrm.planning.engine.compiled import entrance, kernel
from repcrm.planning.engine.day import MINUTES, calls_above_price, price_stops, slopes_of_way
from repcrm.planning.engine.doctor import best_days
from repcrm.planning.engine.way import best_way, earned_twice, price_again

DEFLECTION = 1.5
SHORTEST = 0.005
SETTLED = 0.3
"""Steps so short mean that prices are about right: what a day passes twice from now on is worth remembering."""


@kernel
def _doctors_side(tables, option_price, slope):
    """What all doctors earn at these prices; begins the slopes of the prices with the calls they buy."""
    total = 0.0
    slope[:] = 0.0
    chosen = np.empty(slope.size + 1, np.int64)
    for doctor in range(tables.frame[0].doctors):
        earned, count = best_days(tables, doctor, option_price, chosen)
        total += earned
        for at in range(count):
            slope[chosen[at]] -= 1.0
    return total


@kernel
def sum_of_sides(tables, prices, slopes, memory, may_remember):
    """The bound at some prices, and its slope in each of them.

    prices   of options, evenings of weeks, calls of days and minutes of cells
    slopes   out: of the same (those of minutes in quarters of an hour)
    memory   (day -> how many stops are remembered, (day, place) -> stop);
    may_remember  whether it grows by hospitals that were passed twice
    """
    option_price, evening_price, call_price, minute_price = prices
    option_slope, evening_slope, call_slope, minute_slope = slopes
    sessions = tables.frame[0].sessions
    total = _doctors_side(tables, option_price, option_slope)
    for week in range(tables.frame[0].weeks):
        total += evening_price[week] * tables.frame[0].evenings_per_week
        evening_slope[week] = tables.frame[0].evenings_per_week
    once_price = np.zeros(tables.date[tables.frame[0].days].first_double)
    once_slope = np.empty(once_price.size)
    weight, bought = np.empty(tables.stop.size), np.empty(tables.option.size, np.int64)
    order, length = np.empty((sessions, 3), np.int64), np.empty(sessions, np.int64)
    counts, stops = memory
    twice_stop, twice_price = np.empty((stops.shape[1], sessions), np.int64), np.empty((stops.shape[1], sessions))
    for day in range(tables.frame[0].now, tables.frame[0].days):
        per_call, per_minute, again = call_price[day], minute_price[day], stops[day]
        base = price_stops(tables, day, option_price, per_call, per_minute, once_price, weight)
        price_again(tables, day, option_price, per_call, per_minute, again, counts[day], twice_stop, twice_price)
        evening = tables.frame[0].evening_cost + evening_price[tables.date[day].week]
        total += base + best_way(
            tables, day, weight, per_call, per_minute, evening, True, True,
            again, counts[day], twice_stop, twice_price, order, length,
        )  # fmt: skip
        wanted = calls_above_price(
            tables, day, option_price, per_call, per_minute, once_price, True, order, length, bought
        )
        call_slope[day] = slopes_of_way(tables, day, order, length, bought, wanted, minute_slope[day], once_slope)
        for at in range(wanted):
            option_slope[bought[at]] += 1.0
        if length[sessions - 1]:
            evening_slope[tables.date[day].week] -= 1.0
        if may_remember:
            counts[day] = _remember(
                tables, option_price, per_call, per_minute, once_price, order, length, again, counts[day]
            )
    return total


@kernel
def _remember(tables, profit, call_price, minute_price, once_price, order, length, again, count):
    """Remember stops of hospitals that a way passes again, calling on doctors twice; returns how many."""
    for session in range(tables.frame[0].sessions):
        for at in range(length[session]):
            stop = order[session, at]
            for later_session in range(session + 1, tables.frame[0].sessions):
                for later_at in range(length[later_session]):
                    later = order[later_session, later_at]
                    if tables.stop[later].hospital != tables.stop[stop].hospital:
                        continue
                    known = count == again.size
                    for item in range(count):
                        known = known or again[item] == stop
                    if (
                        not known
                        and earned_twice(tables, profit, call_price, minute_price, once_price, stop, later) > 0.0
                    ):
                        again[count] = stop
                        count += 1
    return count


@kernel
def _deflect(price, slope, direction):
    """Products of slope and direction; a price that is 0 and would fall further takes no part."""
    squared, across, along = 0.0, 0.0, 0.0
    for at in range(slope.size):
        if price[at] <= 0.0 and slope[at] > 0.0:
            slope[at] = 0.0
        squared += slope[at] * slope[at]
        across += slope[at] * direction[at]
        along += direction[at] * direction[at]
    return squared, across, along


@entrance
def tighten(tables, price, best_price, direction, state, target, steps, memory, stop):
    """Improve the bound by some steps.

    price       all prices in a row: options, evenings of each week, calls of each day, quarters of an hour of each cell
    best_price  out: those of the best bound
    direction   of the last step
    state       [best bound, length of steps, steps since it became better, patience, how much shorter steps become]
    target      worth of the best plan known
    memory      of `sum_of_sides`
    stop        [1] ends it early
    """
    options, days, sessions = tables.option.size, tables.frame[0].days, tables.frame[0].sessions
    evenings, calls = options + tables.frame[0].weeks, options + tables.frame[0].weeks + days
    slope = np.zeros(price.size)
    slopes = (slope[:options], slope[options:evenings], slope[evenings:calls], slope[calls:].reshape(days, sessions))
    for _ in range(steps):
        if stop[0]:
            return
        per_minute = (price[calls:] / MINUTES).reshape(days, sessions)
        prices = (price[:options], price[options:evenings], price[evenings:calls], per_minute)
        total = sum_of_sides(tables, prices, slopes, memory, state[1] < SETTLED)
        if total < state[0] - 1e-9 * abs(state[0]):
            state[0], state[2] = total, 0.0
            best_price[:] = price
        else:
            state[2] += 1.0
            if state[2] >= state[3]:
                state[1], state[2] = max(SHORTEST, state[1] * state[4]), 0.0
        squared, across, along = _deflect(price, slope, direction)
        if squared == 0.0:
            return  # every side agrees with every other: the bound is exact
        turn = -DEFLECTION * across / along if across < 0.0 and along > 0.0 else 0.0
        squared = 0.0
        for at in range(price.size):
            direction[at] = slope[at] + turn * direction[at]
            squared += direction[at] * direction[at]
        length = state[1] * max(total - target, 1e-6 * abs(total)) / squared
        for at in range(price.size):
            price[at] = max(0.0, price[at] - length * direction[at])
