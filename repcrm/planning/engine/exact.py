"""The best day against prices, exactly: every way that could be better than the best lawful one is filled."""

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.day import (
    LONGEST_BREAK,
    MUST,
    NEVER,
    _hops,
    _widen,
    fill,
    fill_exactly,
    price_stops,
    ranking,
)
from repcrm.planning.engine.market import buy_day

CLOSE = 1e-3
"""A bound so near to a lawful day is as good as exact."""
FIRST_DEPTH, DEEPER = 1.0, 6
"""Ways are looked for so far below the bound first, then three times as deep, so many times."""


@kernel
def _look_ahead(
    tables, day, weight, call_price, minute_price, evening_price, may_evening, live, first, onward, through
):
    """Best values of what can follow, found from the evening backwards.

    live, first  out: the stops of the day, session by session
    onward   out: (stop, session) -> best value after leaving the stop when the next session used is at least that one
    through  out: stop -> best value of entering the stop's session there and all that follows
    """
    sessions, travel, price = tables.frame[0].sessions, tables.travel, tables.frame[0].travel_cost
    count = 0
    for session in range(sessions):
        first[session] = count
        cell = day * sessions + session
        if session < sessions - 1 or may_evening:
            for stop in range(tables.cell[cell].first, tables.cell[cell + 1].first):
                live[count] = stop
                count += 1
    first[sessions] = count
    for session in range(sessions - 1, -1, -1):
        begin, end = first[session], first[session + 1]
        for here in range(begin, end):
            hospital = tables.stop[live[here]].hospital
            best = -price * travel[hospital, tables.frame[0].home]
            onward[here, sessions] = best
            for later in range(sessions - 1, session, -1):
                limit = tables.break_limit[session] if later == session + 1 else LONGEST_BREAK
                for there in range(first[later], first[later + 1]):
                    hop = travel[hospital, tables.stop[live[there]].hospital]
                    if hop <= limit:
                        best = max(best, through[there] - price * hop)
                onward[here, later] = best
        used = minute_price[session] * tables.cell[day * sessions + session].minutes
        if session == sessions - 1:
            used -= evening_price
        size = end - begin
        worth, far = np.empty(size), np.empty(size)
        for here in range(size):
            worth[here] = weight[live[begin + here]]
            far[here] = onward[begin + here, session + 1] + worth[here]
        if size > 1 and tables.frame[0].stops_per_session > 1:
            hops = _hops(tables, live, begin, end, minute_price[session])
            _widen(hops.T.copy(), worth, far.copy(), far, tables.frame[0].stops_per_session)
        for here in range(size):
            through[begin + here] = far[here] + used
    return count


@kernel
def best_day(tables, day, profit, prices, evening_price, passes, room, order, length, calls):
    """The best lawful day, in which no doctor is called twice, or nearly so with a bound.

    prices   of the day's limits; they only decide how many ways have to be looked at
    passes   of following them
    room     arrays for unfinished ways
    order, length, calls  out: a good lawful day
    returns  number of its calls (-1: none was found), its worth, a bound on the worth of any
    """
    number, best, _, bound = buy_day(
        tables, day, profit, prices, evening_price, True, True, passes, order, length, calls
    )
    if bound - best <= CLOSE or not room[0].size:
        return number, best, bound
    sessions = tables.frame[0].sessions
    call_price, minute_price, once_price = prices[0][day], prices[1][day], prices[2]
    begin = tables.cell[day * sessions].first
    total = tables.cell[(day + 1) * sessions].first - begin
    weight = np.empty(begin + total + 1)
    base = price_stops(tables, day, profit, call_price, minute_price, once_price, weight)
    live, first = np.empty(total, np.int64), np.empty(sessions + 1, np.int64)
    onward, through = np.full((total, sessions + 1), NEVER), np.empty(total)
    _look_ahead(tables, day, weight, call_price, minute_price, evening_price, True, live, first, onward, through)
    depth = FIRST_DEPTH
    for _ in range(DEEPER):
        floor = max(best, bound - depth)
        count = _ways_above(
            tables,
            day,
            weight,
            call_price,
            minute_price,
            evening_price,
            live,
            first,
            onward,
            through,
            floor - base,
            room,
        )
        if count < 0:
            return number, best, bound
        found, worth = _fill_best(
            tables, day, profit, minute_price, evening_price, onward, count, floor, base, room, order, length, calls
        )
        if found >= 0:
            return found, worth, worth
        if floor <= best:
            return number, best, best
        bound = floor
        depth *= 3.0
    return number, best, bound


@kernel
def _ways_above(
    tables, day, weight, call_price, minute_price, evening_price, live, first, onward, through, floor, room
):
    """All ways whose priced value is above a floor; returns how many there are, -1 when there is no room for them."""
    sessions, travel, price = tables.frame[0].sessions, tables.travel, tables.frame[0].travel_cost
    value, last, left_in, ways, lengths = room
    most_ways = value.size
    value[0], last[0], left_in[0] = call_price * tables.date[day].most_calls, -1, -1
    lengths[0] = 0
    count = 1
    for session in range(sessions):
        first_a, end = first[session], first[session + 1]
        size = end - first_a
        if size == 0:
            continue
        hops = _hops(tables, live, first_a, end, minute_price[session])
        bonus = minute_price[session] * tables.cell[day * sessions + session].minutes
        if session == sessions - 1:
            bonus -= evening_price
        known = count
        for way in range(known):
            start = tables.frame[0].home if last[way] < 0 else tables.stop[live[last[way]]].hospital
            limit = 1e9
            if last[way] >= 0:
                limit = tables.break_limit[left_in[way]] if left_in[way] == session - 1 else LONGEST_BREAK
            for a in range(size):
                hop = travel[start, tables.stop[live[first_a + a]].hospital]
                entered = value[way] - price * hop
                if hop > limit or entered + through[first_a + a] <= floor:
                    continue
                one = entered + bonus + weight[live[first_a + a]]
                for m in range(-1, size):
                    if m < 0:
                        two, at = one, a
                    elif m == a or tables.frame[0].stops_per_session < 2 or hops[a, m] > 1e14:
                        continue
                    else:
                        two, at = one - hops[a, m] + weight[live[first_a + m]], m
                    for b in range(-1, size):
                        if b < 0:
                            three, tail = two, at
                        elif m < 0 or b in (a, m) or tables.frame[0].stops_per_session < 3:
                            continue
                        else:
                            three, tail = two - hops[m, b] + weight[live[first_a + b]], b
                        if three + onward[first_a + tail, session + 1] <= floor:
                            continue
                        if count == most_ways:
                            return -1
                        value[count], last[count], left_in[count] = three, first_a + tail, session
                        ways[count] = ways[way]
                        lengths[count] = lengths[way]
                        ways[count, session, 0] = live[first_a + a]
                        lengths[count, session] = 1
                        if m >= 0:
                            ways[count, session, 1] = live[first_a + m]
                            lengths[count, session] = 2
                        if b >= 0:
                            ways[count, session, 2] = live[first_a + b]
                            lengths[count, session] = 3
                        count += 1
    return count


@kernel
def _fill_best(
    tables, day, profit, minute_price, evening_price, onward, count, floor, base, room, order, length, calls
):
    sessions, travel, price = tables.frame[0].sessions, tables.travel, tables.frame[0].travel_cost
    value, last, _, ways, lengths = room
    final = np.empty(count)
    final[0] = base
    for way in range(1, count):
        final[way] = base + value[way] + onward[last[way], sessions]
    ranked = ranking(final, count)
    best, best_count = floor, -1
    trial, trial_length = np.empty((sessions, 3), np.int64), np.empty(sessions, np.int64)
    trial_calls = np.empty(tables.date[day].most_calls + 1, np.int64)
    unpriced = np.zeros(sessions)  # the calls of most profit are the best ones as long as there are minutes
    for rank in range(count):
        way = ranked[rank]
        if final[way] <= best:
            break
        trial[:], trial_length[:] = ways[way], lengths[way]
        if way == 0:
            if base > -MUST / 2 and best < 0.0:
                best, best_count = 0.0, 0
                length[:] = 0
            continue
        number, earned, _, short = fill(tables, day, profit, unpriced, False, trial, trial_length, trial_calls)
        trial[:], trial_length[:] = ways[way], lengths[way]
        if short:
            number, earned = fill_exactly(tables, day, profit, trial, trial_length, trial_calls)
            if number < 0:
                continue
        got = earned
        at = tables.frame[0].home
        for session in range(sessions):
            for stop in range(trial_length[session]):
                there = tables.stop[trial[session, stop]].hospital
                got -= price * travel[at, there]
                at = there
        got -= price * travel[at, tables.frame[0].home]
        if trial_length[sessions - 1]:
            got -= evening_price
        got = min(got, final[way])
        if got > best:
            best, best_count = got, number
            order[:], length[:] = trial, trial_length
            calls[:number] = trial_calls[:number]
    return best_count, best
