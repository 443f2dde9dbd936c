"""How good any plan can be: a Lagrangian bound.

A doctor sees the calls of a plan as dates, a day sees them as stops. The link between the two views is given up and
every option gets a price instead: doctors buy days at that price, days sell at it. For any prices the sum of what all
doctors and all days earn on their own is at least the worth of the best plan (Held, Karp 1971; Fisher 1981). Prices
follow the deflected subgradient of Camerini, Fratta and Maffioli (1975) with Polyak's step towards the best plan known.
Limits of the day (calls, minutes) and of the week (evenings) are priced along with it.
"""

import numpy as np

from repcrm.planning.engine.compiled import entrance, kernel
from repcrm.planning.engine.day import MINUTES, best_way, price_stops
from repcrm.planning.engine.doctor import best_days
from repcrm.planning.engine.exact import best_day

DEFLECTION = 1.5
SHORTEST = 0.005
MOST_CALLS = 200


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
def sum_of_sides(
    tables, option_price, call_price, minute_price, evening_price, slope, call_slope, minute_slope, evening_slope
):
    """The bound at some prices, and its slope in each of them."""
    total = _doctors_side(tables, option_price, slope)
    call_slope[:] = 0.0
    minute_slope[:] = 0.0
    for week in range(tables.frame[0].weeks):
        total += evening_price[week] * tables.frame[0].evenings_per_week
        evening_slope[week] = tables.frame[0].evenings_per_week
    once = np.zeros(tables.date[tables.frame[0].days].first_double)
    weight = np.empty(tables.stop.size)
    order, length = np.empty((tables.frame[0].sessions, 3), np.int64), np.empty(tables.frame[0].sessions, np.int64)
    for day in range(tables.frame[0].now, tables.frame[0].days):
        prices = minute_price[day]
        base = price_stops(tables, day, option_price, call_price[day], prices, once, weight)
        evening = tables.frame[0].evening_cost + evening_price[tables.date[day].week]
        total += best_way(tables, day, weight, call_price[day], prices, evening, True, True, order, length) + base
        used = 0
        for session in range(tables.frame[0].sessions):
            if not length[session]:
                continue
            used = 1
            if session == tables.frame[0].sessions - 1:
                evening_slope[tables.date[day].week] -= 1.0
            left = tables.cell[day * tables.frame[0].sessions + session].minutes
            for at in range(length[session]):
                stop = order[session, at]
                left -= tables.entry[tables.stop[stop].hospital]
                if at:
                    left -= tables.travel[tables.stop[order[session, at - 1]].hospital, tables.stop[stop].hospital]
                for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
                    option = tables.of_stop[place]
                    above = (
                        option_price[option] - call_price[day] - prices[session] * tables.option[option].call_minutes
                    )
                    if above > 0.0 or tables.option[option].pinned:
                        slope[option] += 1.0
                        call_slope[day] -= 1.0
                        left -= tables.option[option].call_minutes
            minute_slope[day, session] = left / MINUTES
        call_slope[day] += used * tables.date[day].most_calls
    return total


@kernel
def exact_sum_of_sides(tables, option_price, evening_price, prices, passes, room, slope, evening_slope):
    """The bound with every day at its best lawful worth: tighter, and dearer to compute.

    prices   of the limits of days, followed inside each day
    """
    total = _doctors_side(tables, option_price, slope)
    for week in range(tables.frame[0].weeks):
        total += evening_price[week] * tables.frame[0].evenings_per_week
        evening_slope[week] = tables.frame[0].evenings_per_week
    order, length = np.empty((tables.frame[0].sessions, 3), np.int64), np.empty(tables.frame[0].sessions, np.int64)
    chosen = np.empty(MOST_CALLS, np.int64)
    for day in range(tables.frame[0].now, tables.frame[0].days):
        evening = tables.frame[0].evening_cost + evening_price[tables.date[day].week]
        count, _, bound = best_day(tables, day, option_price, prices, evening, passes, room, order, length, chosen)
        total += bound
        if count >= 0 and length[tables.frame[0].sessions - 1]:
            evening_slope[tables.date[day].week] -= 1.0
        for at in range(count):
            slope[chosen[at]] += 1.0
    return total


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
def tighten(tables, price, best_price, direction, state, target, steps, prices, passes, room, stop):
    """Improve the bound by some steps.

    price       all prices in a row: options, evenings of each week, calls of each day, quarters of an hour of each cell
    best_price  out: those of the best bound
    direction   of the last step
    state       [best bound, length of steps, steps since it became better, patience, how much shorter steps become]
    target      worth of the best plan known
    prices, passes, room  of `best_day`; 0 passes: days are priced, not solved, which is quick
    stop        [1] ends it early
    """
    options, days, cells = tables.option.size, tables.frame[0].days, tables.frame[0].days * tables.frame[0].sessions
    ends = (
        options,
        options + tables.frame[0].weeks,
        options + tables.frame[0].weeks + days,
        options + tables.frame[0].weeks + days + cells,
    )
    slope = np.zeros(price.size)
    for _ in range(steps):
        if stop[0]:
            return
        if passes:
            total = exact_sum_of_sides(
                tables, price[: ends[0]], price[ends[0] : ends[1]], prices, passes, room,
                slope[: ends[0]], slope[ends[0] : ends[1]],
            )  # fmt: skip
        else:
            total = sum_of_sides(
                tables, price[: ends[0]], price[ends[1] : ends[2]],
                (price[ends[2] : ends[3]] / MINUTES).reshape(days, tables.frame[0].sessions), price[ends[0] : ends[1]],
                slope[: ends[0]], slope[ends[1] : ends[2]],
                slope[ends[2] : ends[3]].reshape(days, tables.frame[0].sessions), slope[ends[0] : ends[1]],
            )  # fmt: skip
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
