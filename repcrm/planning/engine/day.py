"""One day against prices: which hospitals, in which order, and whom to call there.

A call earns its profit; a day may hold `most_calls` of them, a session so many minutes. Priced out (a call at
`call_price`, a minute of session s at `minute_price[s]`) the two limits vanish, every stop has a weight of its own and
the best way is a shortest path. Whatever the prices, its value is at least that of the best lawful day (Lagrange);
filling the stops of that way within the limits gives a lawful day.
"""

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.tables import FORBIDDEN

MUST = 1e9
"""What a stop that must be on the way is promised on top; taken off again from the value of the day."""
LONGEST_BREAK = 999.0
MINUTES = 15.0
"""Prices of minutes move as prices of a quarter of an hour, which has about the size of a call."""
NEVER = -1e18


@kernel
def above_price(tables, option, profit, call_price, minute_price, once_price):
    """What a call earns above the prices of its seat, of its minutes and of meeting the doctor only once that day."""
    above = profit[option] - call_price - minute_price * tables.option[option].call_minutes
    if tables.option[option].double >= 0:
        above -= once_price[tables.option[option].double]
    return above


@kernel
def price_stops(tables, day, profit, call_price, minute_price, once_price, weight):
    """Weight of each stop of a day: what its calls earn above prices, less the minutes of entering.

    weight   out: stop -> weight
    returns  what has to be added to the value of any way: the prices of meeting doctors once, less what was promised
             for stops that are a must
    """
    base = 0.0
    for pair in range(tables.date[day].first_double, tables.date[day + 1].first_double):
        base += once_price[pair]
    for session in range(tables.frame[0].sessions):
        cell = day * tables.frame[0].sessions + session
        price = minute_price[session]
        for stop in range(tables.cell[cell].first, tables.cell[cell + 1].first):
            total = -price * tables.entry[tables.stop[stop].hospital]
            for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
                option = tables.of_stop[place]
                above = above_price(tables, option, profit, call_price, price, once_price)
                if above > 0.0 or tables.option[option].pinned:
                    total += above
            if tables.stop[stop].forced:
                total += MUST
                base -= MUST
            weight[stop] = total
    return base


@kernel
def slopes_of_way(tables, day, profit, call_price, minute_price, once_price, order, length, minute_slope, once_slope):
    """What is left of calls, minutes and single meetings when every call above its price is made: where prices go.

    minute_slope  out: in quarters of an hour, about the size of a call
    once_slope    out: pair -> 1 less the calls on the doctor that day
    returns       calls left
    """
    calls_left = 0.0
    minute_slope[:] = 0.0
    once_slope[tables.date[day].first_double : tables.date[day + 1].first_double] = 1.0
    for session in range(tables.frame[0].sessions):
        if not length[session]:
            continue
        if calls_left == 0.0:
            calls_left = np.float64(tables.date[day].most_calls)
    for session in range(tables.frame[0].sessions):
        if not length[session]:
            continue
        left = tables.cell[day * tables.frame[0].sessions + session].minutes
        for at in range(length[session]):
            stop = order[session, at]
            left -= tables.entry[tables.stop[stop].hospital]
            if at:
                left -= tables.travel[tables.stop[order[session, at - 1]].hospital, tables.stop[stop].hospital]
            for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
                option = tables.of_stop[place]
                above = above_price(tables, option, profit, call_price, minute_price[session], once_price)
                if above > 0.0 or tables.option[option].pinned:
                    calls_left -= 1.0
                    left -= tables.option[option].call_minutes
                    if tables.option[option].double >= 0:
                        once_slope[tables.option[option].double] -= 1.0
        minute_slope[session] = left / MINUTES
    return calls_left


@kernel
def best_way(tables, day, weight, call_price, minute_price, evening_price, may_evening, bridges, order, length):
    """The best way of a day by the weights of its stops.

    may_evening  whether the last session may be used
    bridges      also pass stops that earn nothing: they can make a way lawful, so a proof has to look at them
    order        out: (session, place) -> stop
    length       out: session -> number of stops
    returns      value of the way, MUST included; an empty day is worth 0
    """
    sessions, travel, price = tables.frame[0].sessions, tables.travel, tables.frame[0].travel_cost
    begin = tables.cell[day * sessions].first
    total = tables.cell[(day + 1) * sessions].first - begin
    live = np.empty(total, np.int64)
    enter, reach = np.empty(total), np.empty(total)
    before = np.empty(total, np.int64)
    first = np.empty(sessions + 1, np.int64)
    count = 0
    for session in range(sessions):
        first[session] = count
        cell = day * sessions + session
        if session == sessions - 1 and not may_evening:
            continue
        for stop in range(tables.cell[cell].first, tables.cell[cell + 1].first):
            if bridges or weight[stop] > 0.0:
                live[count] = stop
                count += 1
        used = minute_price[session] * tables.cell[cell].minutes
        if session == sessions - 1:
            used -= evening_price
        for here in range(first[session], count):
            hospital = tables.stop[live[here]].hospital
            best = call_price * tables.date[day].most_calls - price * travel[tables.frame[0].home, hospital]
            before[here] = -1
            for earlier in range(session):
                limit = tables.break_limit[earlier] if earlier == session - 1 else LONGEST_BREAK
                for there in range(first[earlier], first[earlier + 1]):
                    hop = travel[tables.stop[live[there]].hospital, hospital]
                    if hop <= limit and reach[there] - price * hop > best:
                        best = reach[there] - price * hop
                        before[here] = there
            enter[here] = best + used + weight[live[here]]
            reach[here] = enter[here]
        _through_session(tables, session, live, first[session], count, weight, minute_price[session], enter, reach)
    first[sessions] = count
    best, last = 0.0, -1
    for here in range(count):
        value = reach[here] - price * travel[tables.stop[live[here]].hospital, tables.frame[0].home]
        if value > best:
            best, last = value, here
    length[:] = 0
    while last >= 0:
        session = sessions - 1
        while first[session] > last:
            session -= 1
        begin, end = first[session], first[session + 1]
        start, length[session] = _trace(
            tables, live, begin, end, weight, minute_price[session], enter, last, order[session]
        )
        last = before[start]
    return best


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


@kernel
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
def _through_session(tables, session, live, begin, end, weight, minute_price, enter, reach):
    """Extend `reach` (best value of a way that ends at a stop) by a second and a third stop of the session."""
    size = end - begin
    if size < 2 or tables.frame[0].stops_per_session < 2:
        return
    hops = _hops(tables, live, begin, end, minute_price)
    worth = np.empty(size)
    far = np.empty(size)
    for a in range(size):
        worth[a] = weight[live[begin + a]]
        far[a] = reach[begin + a]
    _widen(hops, worth, enter[begin:end], far, tables.frame[0].stops_per_session)
    for a in range(size):
        reach[begin + a] = far[a]


@kernel
def _trace(tables, live, begin, end, weight, minute_price, enter, last, order):
    """Find again the session's stops up to `last`: the inner loops only kept the value.

    order    out: the stops, in order
    returns  the first of them and how many
    """
    best, first, middle = enter[last], last, -1
    if end - begin > 1 and tables.frame[0].stops_per_session > 1:
        hops = _hops(tables, live, begin, end, minute_price)
        own = weight[live[last]]
        for a in range(begin, end):
            if a == last:
                continue
            value = enter[a] + own - hops[a - begin, last - begin]
            if value > best:
                best, first, middle = value, a, -1
            if tables.frame[0].stops_per_session > 2:
                for m in range(begin, end):
                    if m != a and m != last:
                        value = enter[a] + weight[live[m]] - hops[a - begin, m - begin]
                        value += own - hops[m - begin, last - begin]
                        if value > best:
                            best, first, middle = value, a, m
    order[0] = live[first]
    count = 1
    if middle >= 0:
        order[count] = live[middle]
        count += 1
    if first != last:
        order[count] = live[last]
        count += 1
    return first, count


@kernel
def ranking(key, count):
    """Places of the first `count` keys, largest key first (heapsort: numpy's sorting takes seconds to compile)."""
    place = np.arange(count)
    for end in range(count - 1 + count // 2, 0, -1):
        heaping = (
            end >= count
        )  # first make a heap with the smallest on top, then move the top to the end again and again
        root = end - count if heaping else 0
        size = count if heaping else end
        if not heaping:
            place[0], place[end] = place[end], place[0]
        while True:
            child = 2 * root + 1
            if child >= size:
                break
            if child + 1 < size and key[place[child + 1]] < key[place[child]]:
                child += 1
            if key[place[root]] <= key[place[child]]:
                break
            place[root], place[child] = place[child], place[root]
            root = child
    return place


@kernel
def fill(tables, day, profit, minute_price, twice, order, length, calls):
    """Call on the doctors at the stops of a way within the limits of the day, most profit above price of minutes first.

    twice    whether a doctor may be called in two sessions of the day (the proof lets it happen, a plan never)
    order, length  the way; stops at which nobody is called leave it
    calls    out: the options taken
    returns  number of calls, their profit, travel minutes (below 0: the way is not lawful), whether minutes ran short
    """
    most = tables.date[day].most_calls
    left = np.empty(tables.frame[0].sessions)
    size = 0
    for session in range(tables.frame[0].sessions):
        left[session] = tables.cell[day * tables.frame[0].sessions + session].minutes
        for at in range(length[session]):
            stop = order[session, at]
            size += tables.stop[stop + 1].first - tables.stop[stop].first
            hospital = tables.stop[stop].hospital
            left[session] -= tables.entry[hospital]
            if at:
                left[session] -= tables.travel[tables.stop[order[session, at - 1]].hospital, hospital]
    wanted, key = np.empty(size, np.int64), np.empty(size)
    count, size, total = 0, 0, 0.0
    for session in range(tables.frame[0].sessions):
        for at in range(length[session]):
            stop = order[session, at]
            for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
                option = tables.of_stop[place]
                if tables.option[option].pinned:
                    calls[count] = option
                    count += 1
                    total += profit[option]
                    left[session] -= tables.option[option].call_minutes
                elif profit[option] > 0.0:
                    wanted[size] = option
                    key[size] = profit[option] - minute_price[session] * tables.option[option].call_minutes
                    size += 1
        if length[session] and left[session] < 0.0:
            return 0, 0.0, -1.0, True
    short = False
    ranked = ranking(key, size)
    for rank in range(size):
        if count >= most:
            break
        option = wanted[ranked[rank]]
        session = tables.option[option].session
        if tables.option[option].call_minutes > left[session]:
            short = True
            continue
        again = False
        if not twice:
            for other in range(count):
                again = again or tables.option[calls[other]].doctor == tables.option[option].doctor
        if not again:
            calls[count] = option
            count += 1
            total += profit[option]
            left[session] -= tables.option[option].call_minutes
    return count, total, tidy_way(tables, day, order, length, calls, count), short


@kernel
def tidy_way(tables, day, order, length, calls, count):
    """Take the stops at which nobody is called off a way; returns its minutes of travel, below 0 if not lawful."""
    minutes, last, used = 0.0, tables.frame[0].home, -1
    for session in range(tables.frame[0].sessions):
        kept = 0
        for at in range(length[session]):
            stop = order[session, at]
            needed = tables.stop[stop].forced > 0
            for other in range(count):
                needed = needed or tables.option[calls[other]].stop == stop
            if not needed:
                continue
            here = tables.stop[stop].hospital
            hop = tables.travel[last, here]
            if kept:
                limit = tables.frame[0].hop_limit
            elif used < 0:
                limit = hop
            else:
                limit = tables.break_limit[used] if used == session - 1 else LONGEST_BREAK
            if hop > limit:
                return -1.0
            minutes += hop
            last = here
            order[session, kept] = stop
            kept += 1
        length[session] = kept
        if kept:
            used = session
    return minutes + tables.travel[last, tables.frame[0].home]


@kernel
def _best_by_count(tables, session, profit, order, length, minutes, most, options, best, taken):
    """Best profit of a session's calls by their number, within its minutes: a knapsack over calls and minutes.

    minutes   left for calls
    options   out: the options looked at
    best      out: number of calls -> profit, NEVER where so many do not fit
    taken     out: (option, calls, units of minutes) -> whether the option is taken then
    returns   how many options, units of minutes
    """
    size = 0
    for at in range(length[session]):
        stop = order[session, at]
        for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
            option = tables.of_stop[place]
            if profit[option] > 0.0 and not tables.option[option].pinned:
                options[size] = option
                size += 1
    units = int(minutes) // tables.frame[0].minute_unit
    within = np.full((most + 1, units + 1), NEVER)
    within[0, :] = 0.0
    for item in range(size):
        option = options[item]
        needs = int(tables.option[option].call_minutes) // tables.frame[0].minute_unit
        for number in range(min(most, item + 1), 0, -1):
            for unit in range(units, -1, -1):
                taken[item, number, unit] = False
                if unit >= needs and within[number - 1, unit - needs] + profit[option] > within[number, unit]:
                    within[number, unit] = within[number - 1, unit - needs] + profit[option]
                    taken[item, number, unit] = True
        for number in range(min(most, item + 1) + 1, most + 1):
            taken[item, number, :] = False
    for number in range(most + 1):
        best[number] = within[number, units]
    return size, units


@kernel
def fill_exactly(tables, day, profit, order, length, calls):
    """Call on the doctors at the stops of a way so that their profit is largest, each session for itself.

    A doctor may be called in two sessions: only the proof uses it.

    returns  number of calls, their profit; below 0 calls when not even the pinned ones fit
    """
    sessions, most = tables.frame[0].sessions, tables.date[day].most_calls
    largest, count, total = 1, 0, 0.0
    left = np.zeros(sessions)
    for session in range(sessions):
        size = 0
        left[session] = tables.cell[day * sessions + session].minutes
        for at in range(length[session]):
            stop = order[session, at]
            size += tables.stop[stop + 1].first - tables.stop[stop].first
            hospital = tables.stop[stop].hospital
            left[session] -= tables.entry[hospital]
            if at:
                left[session] -= tables.travel[tables.stop[order[session, at - 1]].hospital, hospital]
            for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
                option = tables.of_stop[place]
                if tables.option[option].pinned:
                    calls[count] = option
                    count += 1
                    total += profit[option]
                    left[session] -= tables.option[option].call_minutes
        if length[session] and left[session] < 0.0:
            return -1, 0.0
        largest = max(largest, size)
    most -= count
    widest = int(left.max()) // tables.frame[0].minute_unit + 1
    options = np.empty((sessions, largest), np.int64)
    taken = np.empty((sessions, largest, most + 1, widest), np.bool_)
    best = np.empty((sessions, most + 1))
    sizes, units = np.zeros(sessions, np.int64), np.zeros(sessions, np.int64)
    together = np.full((sessions + 1, most + 1), NEVER)
    share = np.zeros((sessions, most + 1), np.int64)
    together[0, 0] = 0.0
    for session in range(sessions):
        best[session] = NEVER
        best[session, 0] = 0.0
        if length[session]:
            sizes[session], units[session] = _best_by_count(
                tables,
                session,
                profit,
                order,
                length,
                left[session],
                most,
                options[session],
                best[session],
                taken[session],
            )
        for number in range(most + 1):
            for own in range(number + 1):
                value = together[session, number - own] + best[session, own]
                if value > together[session + 1, number]:
                    together[session + 1, number] = value
                    share[session, number] = own
    number = int(np.argmax(together[sessions]))
    total += together[sessions, number]
    for session in range(sessions - 1, -1, -1):
        own, unit = share[session, number], units[session]
        number -= own
        for item in range(sizes[session] - 1, -1, -1):
            if own and taken[session, item, own, unit]:
                calls[count] = options[session, item]
                count += 1
                own -= 1
                unit -= int(tables.option[options[session, item]].call_minutes) // tables.frame[0].minute_unit
    return count, total
