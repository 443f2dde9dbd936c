"""The best way of a day once every stop has a weight: a shortest path through sessions of up to three stops."""

import numpy as np

from repcrm.planning.engine.compiled import kernel, lean
from repcrm.planning.engine.day import LONGEST_BREAK, NEVER, above_price
from repcrm.planning.engine.tables import FORBIDDEN


@kernel
def price_again(tables, day, profit, call_price, minute_price, again, again_count, twice_stop, twice_price):
    """What passing a hospital once more earns too much: whoever was called there in an earlier session cannot be again.

    again, again_count  the earlier stops that are remembered
    twice_stop   out: (item, session) -> the later stop at the same hospital, or -1
    twice_price  out: (item, session) -> what its calls on the same doctors earn
    """
    once = np.zeros(tables.date[tables.frame[0].days].first_double)
    for item in range(again_count):
        for session in range(tables.frame[0].sessions):
            twice_stop[item, session] = -1
            cell = day * tables.frame[0].sessions + session
            for stop in range(tables.cell[cell].first, tables.cell[cell + 1].first):
                if stop > again[item] and tables.stop[stop].hospital == tables.stop[again[item]].hospital:
                    twice_stop[item, session] = stop
                    twice_price[item, session] = earned_twice(
                        tables, profit, call_price, minute_price, once, again[item], stop
                    )


@lean
def earned_twice(tables, profit, call_price, minute_price, once_price, stop, later):
    """The smaller of what two calls on the same doctor at two stops earn above prices, for all such doctors."""
    total = 0.0
    for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
        option = tables.of_stop[place]
        if tables.option[option].double < 0:
            continue
        for there in range(tables.stop[later].first, tables.stop[later + 1].first):
            other = tables.of_stop[there]
            if tables.option[other].double == tables.option[option].double:
                here_price, there_price = (
                    minute_price[tables.option[option].session],
                    minute_price[tables.option[other].session],
                )
                here = above_price(tables.option, option, profit, call_price, here_price, once_price)
                then = above_price(tables.option, other, profit, call_price, there_price, once_price)
                total += max(0.0, min(here, then))
    return total


@kernel
def best_way(
    tables,
    day,
    weight,
    call_price,
    minute_price,
    evening_price,
    may_evening,
    bridges,
    again,
    again_count,
    twice_stop,
    twice_price,
    order,
    length,
):
    """The best way of a day by the weights of its stops.

    may_evening  whether the last session may be used
    bridges      also pass stops that earn nothing: they can make a way lawful, so a proof has to look at them
    again, again_count, twice_...  stops of which a way remembers whether it has passed them, see `price_again`: ways
                 that end at the same stop with different memories (bits) are different states
    order        out: (session, place) -> stop
    length       out: session -> number of stops
    returns      value of the way, MUST included; an empty day is worth 0
    """
    sessions, most = tables.frame[0].sessions, tables.frame[0].stops_per_session
    total = tables.cell[(day + 1) * sessions].first - tables.cell[day * sessions].first
    memories = 1 << again_count
    live, first = np.empty(total, np.int64), np.empty(sessions + 1, np.int64)
    entry = np.full((memories, total), NEVER)  # best value on reaching a stop as the first of its session
    reach = np.full((memories, total), NEVER)  # best value of a way that ends at a stop
    before = np.empty((memories, total), np.int64)
    alive, born = np.zeros(memories, np.bool_), np.zeros(memories, np.bool_)
    alive[0] = True
    regret = _regrets(again_count, twice_stop, twice_price, sessions)
    used = call_price * tables.date[day].most_calls
    count = 0
    for session in range(sessions):
        begin, cell = count, day * sessions + session
        first[session] = begin
        if session < sessions - 1 or may_evening:
            for stop in range(tables.cell[cell].first, tables.cell[cell + 1].first):
                if bridges or weight[stop] > 0.0:
                    live[count] = stop
                    count += 1
        first[session + 1] = count
        if begin == count:
            continue
        opening = minute_price[session] * tables.cell[cell].minutes
        if session == sessions - 1:
            opening -= evening_price
        hops = _hops(tables, live, begin, count, minute_price[session])
        own = _own_bits(tables, cell, again, again_count)
        for memory in range(memories):
            if alive[memory]:
                _enter(tables, live, first, session, memory, used, opening, reach, entry, before)
        if memories > 1:
            _forget(entry, alive, begin, count, regret)
        for memory in range(memories):
            if not alive[memory]:
                continue
            chosen = 0
            while True:  # each set of remembered stops of this session that a way may pass
                if chosen == 0 or _bits(chosen) <= most:
                    worth = _worths(
                        live, begin, count, weight, again, again_count, memory, own & ~chosen, session,
                        twice_stop, twice_price,
                    )  # fmt: skip
                    row = memory | chosen
                    if chosen == 0:
                        _through_session(hops, worth, entry[memory, begin:count], most, reach[row, begin:count])
                    else:
                        needed = _places(live, begin, count, again, again_count, chosen)
                        _through_places(hops, worth, entry[memory, begin:count], most, needed, reach[row, begin:count])
                    born[row] = True
                chosen = (chosen - own) & own
                if chosen == 0:
                    break
        _forget(reach, born, begin, count, regret)
        for memory in range(memories):
            for here in range(begin, count):
                alive[memory] = alive[memory] or reach[memory, here] > NEVER / 2
        born[:] = False
    best, last, memory = 0.0, -1, 0
    for state in range(memories):
        for here in range(count):
            home = tables.travel[tables.stop[live[here]].hospital, tables.frame[0].home]
            value = reach[state, here] - tables.frame[0].travel_cost * home
            if value > best:
                best, last, memory = value, here, state
    length[:] = 0
    at = np.empty(3, np.int64)
    while last >= 0:
        session = sessions - 1
        while first[session] > last:
            session -= 1
        begin, end = first[session], first[session + 1]
        own = _own_bits(tables, day * sessions + session, again, again_count)
        hops = _hops(tables, live, begin, end, minute_price[session])
        shut = own & ~memory
        memory &= ~own
        worth = _worths(live, begin, end, weight, again, again_count, memory, shut, session, twice_stop, twice_price)
        length[session] = _trace(hops, worth, entry[memory, begin:end], most, last - begin, at)
        for place in range(length[session]):
            order[session, place] = live[begin + at[place]]
        last = before[memory, begin + at[0]]
    return best


@lean
def _own_bits(tables, cell, again, again_count):
    """The remembered stops of a session, as bits."""
    own = 0
    for item in range(again_count):
        if tables.cell[cell].first <= again[item] < tables.cell[cell + 1].first:
            own |= 1 << item
    return own


@lean
def _bits(memory):
    count = 0
    while memory:
        memory &= memory - 1
        count += 1
    return count


@kernel
def _regrets(again_count, twice_stop, twice_price, sessions):
    """The most that each memory can cost a way later on."""
    regret = np.zeros(1 << again_count)
    for memory in range(1, regret.size):
        for item in range(again_count):
            if memory >> item & 1:
                for session in range(sessions):
                    if twice_stop[item, session] >= 0:
                        regret[memory] += twice_price[item, session]
    return regret


@kernel
def _forget(value, alive, begin, end, regret):
    """Drop what a better way beats at the same stop even if its own memory costs it all that it can."""
    for here in range(begin, end):
        best, champion = NEVER, 0
        for memory in range(alive.size):
            if alive[memory] and value[memory, here] - regret[memory] > best:
                best, champion = value[memory, here] - regret[memory], memory
        for memory in range(alive.size):
            if alive[memory] and memory != champion and value[memory, here] <= best + regret[memory & champion]:
                value[memory, here] = NEVER


@kernel
def _places(live, begin, end, again, again_count, chosen):
    """Which of a session's stops are the chosen ones."""
    needed = np.zeros(end - begin, np.bool_)
    for item in range(again_count):
        if chosen >> item & 1:
            for here in range(begin, end):
                needed[here - begin] = needed[here - begin] or live[here] == again[item]
    return needed


@kernel
def _through_places(hops, worth, entry, stops, needed, reach):
    """Raise `reach` by the ways through a session that pass every needed stop."""
    size, wanted = worth.size, needed.sum()
    for a in range(size):
        after_a = wanted - needed[a]
        one = entry[a] + worth[a]
        if one < -FORBIDDEN / 2 or after_a > stops - 1:
            continue
        if after_a == 0:
            reach[a] = max(reach[a], one)
        for middle in range(size):
            if stops < 2 or middle == a:
                continue
            after_middle = after_a - needed[middle]
            two = one + worth[middle] - hops[a, middle]
            if two < -FORBIDDEN / 2 or after_middle > stops - 2:
                continue
            if after_middle == 0:
                reach[middle] = max(reach[middle], two)
            for b in range(size):
                if stops > 2 and b != a and b != middle and after_middle - needed[b] == 0:
                    reach[b] = max(reach[b], two + worth[b] - hops[middle, b])


@lean
def _enter(tables, live, first, session, memory, used, opening, reach, entry, before):
    """Best values on entering a session at each of its stops, coming from home or from an earlier session.

    used     what using the day is worth at the prices of its limits;  opening  what using the session is worth
    """
    travel, price = tables.travel, tables.frame[0].travel_cost
    for here in range(first[session], first[session + 1]):
        before[memory, here] = -1
        entry[memory, here] = NEVER
        if memory == 0:
            home = travel[tables.frame[0].home, tables.stop[live[here]].hospital]
            entry[memory, here] = used + opening - price * home
    for earlier in range(session):
        limit = tables.break_limit[earlier] if earlier == session - 1 else LONGEST_BREAK
        for there in range(first[earlier], first[earlier + 1]):
            so_far = reach[memory, there] + opening
            if so_far < NEVER / 2:
                continue
            last = tables.stop[live[there]].hospital
            for here in range(first[session], first[session + 1]):
                hop = travel[last, tables.stop[live[here]].hospital]
                if hop <= limit and so_far - price * hop > entry[memory, here]:
                    entry[memory, here], before[memory, here] = so_far - price * hop, there


@kernel
def _worths(live, begin, end, weight, again, again_count, memory, shut, session, twice_stop, twice_price):
    """Weights of a session's stops for ways with a memory; remembered stops that are shut may not be passed."""
    worth = np.empty(end - begin)
    for here in range(begin, end):
        worth[here - begin] = weight[live[here]]
        for item in range(again_count):
            if shut >> item & 1 and again[item] == live[here]:
                worth[here - begin] = NEVER
            elif memory >> item & 1 and twice_stop[item, session] == live[here]:
                # a doctor remembered from two sessions is taken off once: less would still be a bound, more would not
                worth[here - begin] = min(worth[here - begin], weight[live[here]] - twice_price[item, session])
    return worth


@kernel
def _hops(tables, live, begin, end, minute_price):
    """Prices of the hops between the stops of a session; FORBIDDEN where too long."""
    size = end - begin
    hops = np.empty((size, size))
    for a in range(size):
        row = tables.stop[live[begin + a]].hospital
        for b in range(size):
            minutes = tables.travel[row, tables.stop[live[begin + b]].hospital]
            lawful = a != b and minutes <= tables.frame[0].hop_limit
            hops[a, b] = (tables.frame[0].travel_cost + minute_price) * minutes if lawful else FORBIDDEN
    return hops


@lean
def _widen(hops, worth, enter, far, stops):
    """Best values of reaching each stop as the second or third one of a session.

    enter  value of having entered at each stop;  worth  what passing it earns;  far  in and out
    The innermost loop carries no index along, so that it is compiled to vector instructions.
    """
    size = worth.size
    for a in range(size):
        kept = worth[a]
        worth[a] = NEVER  # a way does not pass the same stop twice
        for middle in range(size):
            value = enter[a] + worth[middle] - hops[a, middle]
            if value < -FORBIDDEN / 2:
                continue
            far[middle] = max(far[middle], value)
            if stops > 2:
                for b in range(size):
                    far[b] = max(far[b], value + worth[b] - hops[middle, b])
        worth[a] = kept


@kernel
def _through_session(hops, worth, entry, stops, reach):
    """Raise `reach` by the ways of one, two or three stops through a session that is entered with `entry`."""
    size = worth.size
    enter = np.empty(size)
    for here in range(size):
        enter[here] = entry[here] + worth[here]
        reach[here] = max(reach[here], enter[here])
    if size > 1 and stops > 1:
        _widen(hops, worth, enter, reach, stops)


@lean
def _trace(hops, worth, entry, stops, last, at):
    """Find again the stops of the best way through a session to `last`: the inner loops only kept its value.

    at       out: the stops in order, counted from the session's first
    returns  how many
    """
    best = entry[last] + worth[last]
    at[0], count = last, 1
    for a in range(worth.size):
        if a == last or stops < 2:
            continue
        value = entry[a] + worth[a] + worth[last] - hops[a, last]
        if value > best:
            best, at[0], at[1], count = value, a, last, 2
        for middle in range(worth.size):
            if stops < 3 or middle in (a, last):
                continue
            value = entry[a] + worth[a] + worth[middle] - hops[a, middle] + worth[last] - hops[middle, last]
            if value > best:
                best, at[0], at[1], at[2], count = value, a, middle, last, 3
    return count
