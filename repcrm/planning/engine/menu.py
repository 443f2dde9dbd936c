"""What the stops of a day offer at given prices, best calls first."""

from typing import NamedTuple

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.day import MUST
from repcrm.planning.engine.tables import Floats, Ints, Sizes
from repcrm.planning.engine.visited import ANYBODY, KINDS, ONLY_HERE, STATES


class Menu(NamedTuple):
    """What the stops of a day offer, by their place in the day."""

    memory: Ints  # what the hospital weighs in a memory; 0: it is not remembered
    comes_again: Ints  # 1 where the hospital has a stop in a later session
    fixed: Floats  # what passing earns whoever is called on
    earned: Floats  # (stop, kind, n): what the n best calls earn together
    taken: Ints  # (stop, kind, n): option of the n-th best call
    wanted: Ints  # (stop, kind): how many calls earn something


def menu_desk(sizes: Sizes) -> Menu:
    """Room for the menu of any day."""
    stops, offers = sizes.stops, (sizes.stops, KINDS, sizes.calls + 1)
    return Menu(
        memory=np.empty(stops, np.int64),
        comes_again=np.empty(stops, np.int64),
        fixed=np.empty(stops),
        earned=np.empty(offers),
        taken=np.empty(offers, np.int64),
        wanted=np.empty((stops, KINDS), np.int64),
    )


@kernel
def menu_of(tables, day, profit, minute_price, reward, most, hospitals, desk):
    """What each stop of the day offers at these prices, of which `most` calls can be made; written on the desk."""
    sessions = tables.frame[0].sessions
    begin, end = tables.cell[day * sessions].first, tables.cell[(day + 1) * sessions].first
    total = end - begin
    memory, comes_again, fixed = desk.memory[:total], desk.comes_again[:total], desk.fixed[:total]
    earned, taken, count = desk.earned[:total], desk.taken[:total], desk.wanted[:total]
    memory[:], comes_again[:] = 0, 0
    earned[:], count[:] = 0.0, 0
    for stop in range(begin, end):
        at, hospital = stop - begin, tables.stop[stop].hospital
        session = 0
        while tables.cell[day * sessions + session + 1].first <= stop:
            session += 1
        fixed[at] = reward[tables.stop[stop].visit] + (MUST if tables.stop[stop].forced else 0.0)
        fixed[at] -= minute_price[session] * tables.entry[hospital]
        for item in range(hospitals.size):
            if hospitals[item] == hospital:
                memory[at] = STATES**item
        for other in range(begin, end):
            if tables.stop[other].hospital != hospital:
                continue
            if other > stop:
                comes_again[at] = 1
            elif other == stop or memory[at]:
                for place in range(tables.stop[other].first, tables.stop[other + 1].first):
                    option = tables.of_stop[place]
                    above = above_minutes(tables, profit, minute_price, option)
                    if tables.option[option].pinned:
                        fixed[at] += above if other == stop else 0.0
                    elif above > 0.0:
                        for kind in range(KINDS if memory[at] else 1):
                            if _is_called(tables, profit, minute_price, kind, option, above, begin, stop):
                                count[at, kind] = insert(
                                    above, option, earned[at, kind, 1:], taken[at, kind], count[at, kind], most
                                )
    for at in range(total):
        for kind in range(KINDS):
            for number in range(earned.shape[2] - 1):
                more = earned[at, kind, number + 1] if number < count[at, kind] else 0.0
                earned[at, kind, number + 1] = earned[at, kind, number] + more
    return Menu(memory, comes_again, fixed, earned, taken, count)


@kernel
def _is_called(tables, profit, minute_price, kind, option, above, begin, stop):
    """Whether a call is one of those that a stop makes; it may be one of an earlier session."""
    is_single, is_here = tables.option[option].double < 0, tables.option[option].stop == stop
    if kind == ANYBODY:
        return is_here
    if kind == ONLY_HERE or is_single:
        return is_here and is_single
    return _is_best_twin(tables, profit, minute_price, option, above, begin, stop)


@kernel
def above_minutes(tables, profit, minute_price, option):
    """What a call earns above the price of its minutes."""
    return profit[option] - minute_price[tables.option[option].session] * tables.option[option].call_minutes


@kernel
def insert(value, option, earned, taken, count, most):
    """Put a call in its place among the best so far, best first; returns how many there are then."""
    at = count
    while at > 0 and earned[at - 1] < value:
        at -= 1
    if at >= most:
        return count
    count = min(count + 1, most)
    for later in range(count - 1, at, -1):
        earned[later], taken[later] = earned[later - 1], taken[later - 1]
    earned[at], taken[at] = value, option
    return count


@kernel
def _is_best_twin(tables, profit, minute_price, option, above, begin, last):
    """Whether no other session up to that of a stop earns more by the same doctor."""
    for stop in range(begin, last + 1):
        if tables.stop[stop].hospital != tables.stop[last].hospital:
            continue
        for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
            other = tables.of_stop[place]
            if other != option and tables.option[other].double == tables.option[option].double:
                rival = above_minutes(tables, profit, minute_price, other)
                if rival > above or (rival == above and other < option):
                    return False
    return True
