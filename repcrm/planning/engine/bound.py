"""How good any plan can be: a Lagrangian bound.

A doctor sees the calls of a plan as dates, a day sees them as stops. The link between the two views is given up and
every option gets a price instead: doctors buy days at that price, days sell at it. For any prices the sum of what all
doctors and all days earn on their own is at least the worth of the best plan (Held, Karp 1971; Fisher 1981). Prices
follow the deflected subgradient of Camerini, Fratta and Maffioli (1975) with Polyak's step towards the best plan known.
Minutes of sessions and evenings of weeks are priced along with it; a day keeps its calls by itself (`best_day.py`).

Visits (a hospital on a day) can be decided beforehand: one that is not made has no options, one that is made earns a
reward, which is the price of the rule that the day has at least one stop there.
"""

from typing import NamedTuple

import numpy as np

from repcrm.planning.engine.best_day import DayDesk, best_day, day_desk
from repcrm.planning.engine.compiled import entrance, kernel
from repcrm.planning.engine.day import MINUTES, slopes_of_way
from repcrm.planning.engine.doctor import DoctorDesk, best_days, doctor_desk
from repcrm.planning.engine.rows import copy, copy_rows
from repcrm.planning.engine.tables import Floats, Ints, Sizes, Tables

DEFLECTION = 1.5
SHORTEST = 0.005
"""Steps become no shorter."""
OPEN, AWAY, THERE = 0, 1, 2
"""What is decided of a visit: nothing, that it is not made, that it is."""
FADING = 0.97
FAR = 1e9
"""Price of an option that has been ruled out."""


class Memory(NamedTuple):
    """What is kept of the days from step to step."""

    twice: Floats  # (day, hospital): what calls on the same doctors in two sessions have earned so far
    hospital: Ints  # (day, item): those that a way remembers
    hospitals: Ints  # day -> how many
    order: Ints  # (day, way, session, place): stops of the last best ways
    length: Ints  # (day, way, session): how many
    last_call: Floats  # day -> what the last of the calls it may hold earns


class Branch(NamedTuple):
    """The part of all plans that is looked at: visit -> OPEN, AWAY or THERE; and its part of the last ways."""

    decided: Ints
    seen: Floats


class BoundDesk(NamedTuple):
    """Room for a step."""

    day: DayDesk
    doctor: DoctorDesk
    chosen: Ints  # options
    bought: Ints
    cost: Floats  # of options for doctors
    profit: Floats  # of options for days
    minute_price: Floats  # (day, session)
    minute_slope: Floats
    once_slope: Floats
    order: Ints
    length: Ints
    slope: Floats  # of all prices in a row


def bound_desk(tables: Tables, sizes: Sizes, prices: int, hospitals: int) -> BoundDesk:
    """Room for the steps of a problem with so many prices and remembered hospitals."""
    options, cells = sizes.options, (sizes.days, sizes.sessions)
    return BoundDesk(
        day=day_desk(sizes, hospitals),
        doctor=doctor_desk(tables),
        chosen=np.empty(options, np.int64),
        bought=np.empty(options, np.int64),
        cost=np.empty(options),
        profit=np.empty(options),
        minute_price=np.empty(cells),
        minute_slope=np.zeros(cells),
        once_slope=np.empty(sizes.doubles),
        order=np.empty((sizes.sessions, 3), np.int64),
        length=np.empty(sizes.sessions, np.int64),
        slope=np.zeros(prices),
    )


@kernel
def _doctors_side(tables, option_price, slope, desk):
    """What all doctors earn at these prices; begins the slopes of the prices with the calls they buy."""
    total, chosen = 0.0, desk.chosen
    slope[:] = 0.0
    for doctor in range(tables.frame[0].doctors):
        earned, count = best_days(tables, doctor, option_price, chosen, desk.doctor)
        total += earned
        for at in range(count):
            slope[chosen[at]] -= 1.0
    return total


@kernel
def _sum_of_sides(tables, prices, slopes, memory, branch, step, desk):
    """The bound at some prices, and its slope in each of them.

    prices   of options, evenings of weeks, and rewards of visits; those of minutes lie on the desk
    slopes   out: of the same (those of minutes in quarters of an hour)
    """
    option_price, evening_price, reward = prices
    option_slope, evening_slope, visit_slope = slopes
    sessions, minute_price, minute_slope = tables.frame[0].sessions, desk.minute_price, desk.minute_slope
    cost, profit = desk.cost, desk.profit
    for option in range(cost.size):
        cost[option], profit[option] = option_price[option], option_price[option]
        if branch.decided[tables.stop[tables.option[option].stop].visit] == AWAY:
            cost[option], profit[option] = FAR, -FAR
    total = _doctors_side(tables, cost, option_slope, desk)
    for visit in range(reward.size):
        total -= reward[visit]
        visit_slope[visit] = -1.0 if branch.decided[visit] == THERE else 0.0
        branch.seen[visit] *= FADING
    for week in range(tables.frame[0].weeks):
        total += evening_price[week] * tables.frame[0].evenings_per_week
        evening_slope[week] = tables.frame[0].evenings_per_week
    order, length, bought = desk.order, desk.length, desk.bought
    slot = step % memory.order.shape[1]
    for day in range(tables.frame[0].now, tables.frame[0].days):
        week = tables.date[day].week
        evening = tables.frame[0].evening_cost + evening_price[week]
        earned, count, memory.last_call[day] = best_day(
            tables, day, profit, minute_price[day], evening, reward,
            memory.hospital[day, : memory.hospitals[day]], memory.order[day], memory.length[day], order, length, bought,
            desk.day,
        )  # fmt: skip
        total += earned
        copy_rows(order, memory.order[day, slot])
        copy(length, memory.length[day, slot])
        slopes_of_way(tables, day, order, length, bought, count, minute_slope[day], desk.once_slope)
        for at in range(count):
            option_slope[bought[at]] += 1.0
        _note_visits(tables, order, length, branch, visit_slope)
        if length[sessions - 1]:
            evening_slope[week] -= 1.0
        _note_twice(tables, option_price, bought, count, memory.twice[day])
    return total


@kernel
def _note_visits(tables, order, length, branch, visit_slope):
    """Count the stops of a way by visits."""
    for session in range(length.size):
        for at in range(length[session]):
            visit = tables.stop[order[session, at]].visit
            branch.seen[visit] += 1.0 - FADING
            if branch.decided[visit] == THERE:
                visit_slope[visit] += 1.0


@kernel
def _note_twice(tables, option_price, bought, count, twice):
    """Add up by hospital what calls on doctors who are called on twice that day earn."""
    for at in range(count):
        option = bought[at]
        for earlier in range(at):
            other = bought[earlier]
            if tables.option[option].double >= 0 and tables.option[option].double == tables.option[other].double:
                hospital = tables.stop[tables.option[option].stop].hospital
                twice[hospital] += min(option_price[option], option_price[other])


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
def tighten(tables, price, best_price, direction, state, target, steps, memory, branch, last_call, stop, desk):
    """Improve the bound by some steps.

    price       all prices in a row: options, evenings of each week, quarters of an hour of each cell, rewards of visits
    best_price  out: those of the best bound
    direction   of the last step
    state       [best bound, length of steps, steps since it became better, patience, how much shorter steps become,
                number of steps]
    target      worth of the best plan known; where nothing better is left there is nothing more to do
    last_call   out: `Memory.last_call` of the best bound
    stop        [1] ends it early
    """
    options, days, sessions = tables.option.size, tables.frame[0].days, tables.frame[0].sessions
    evenings = options + tables.frame[0].weeks
    cells = evenings + days * sessions
    prices = (price[:options], price[options:evenings], price[cells:])
    slope = desk.slope
    slopes = (slope[:options], slope[options:evenings], slope[cells:])
    for _ in range(steps):
        if stop[0]:
            return
        for at in range(days * sessions):
            desk.minute_price[at // sessions, at % sessions] = price[evenings + at] / MINUTES
        total = _sum_of_sides(tables, prices, slopes, memory, branch, int(state[5]), desk)
        for at in range(days * sessions):
            slope[evenings + at] = desk.minute_slope[at // sessions, at % sessions]
        state[5] += 1.0
        if total < state[0] - 1e-9 * abs(state[0]):
            state[0], state[2] = total, 0.0
            copy(price, best_price)
            copy(memory.last_call, last_call)
        else:
            state[2] += 1.0
            if state[2] >= state[3]:
                state[1], state[2] = max(SHORTEST, state[1] * state[4]), 0.0
        if state[0] <= target:
            return
        squared, across, along = _deflect(price, slope, direction)
        if squared == 0.0:
            return  # every side agrees with every other: the bound is exact
        bends = across < 0.0 and DEFLECTION * across**2 < squared * along  # else it would turn round and climb
        turn = -DEFLECTION * across / along if bends else 0.0
        squared = 0.0
        for at in range(price.size):
            direction[at] = slope[at] + turn * direction[at]
            squared += direction[at] * direction[at]
        length = state[1] * max(total - target, 1e-6 * abs(total)) / squared
        for at in range(price.size):
            price[at] = max(0.0, price[at] - length * direction[at])
