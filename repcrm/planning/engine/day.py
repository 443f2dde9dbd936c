"""One day against prices: which hospitals, in which order, and whom to call there.

A call earns its profit; a day may hold `most_calls` of them, a session so many minutes. Priced out (a call at
`call_price`, a minute of session s at `minute_price[s]`) the two limits vanish, every stop has a weight of its own and
the best way is a shortest path. Whatever the prices, its value is at least that of the best lawful day (Lagrange);
filling the stops of that way within the limits gives a lawful day.
"""

from typing import NamedTuple

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.tables import Floats, Ints, Sizes

MUST = 1e9
"""What a stop that must be on the way is promised on top; taken off again from the value of the day."""
LONGEST_BREAK = 999.0
MINUTES = 15.0
"""Prices of minutes move as prices of a quarter of an hour, which has about the size of a call."""
NEVER = -1e18


class FillDesk(NamedTuple):
    """Room for filling the stops of a way."""

    left: Floats  # session -> minutes
    wanted: Ints  # options
    key: Floats
    place: Ints


def fill_desk(sizes: Sizes) -> FillDesk:
    """Room for any day."""
    options = sizes.options
    return FillDesk(
        np.empty(sizes.sessions), np.empty(options, np.int64), np.empty(options), np.empty(options, np.int64)
    )


@kernel
def above_price(options, option, profit, call_price, minute_price, once_price):
    """What a call earns above the prices of its seat, of its minutes and of meeting the doctor only once that day."""
    above = profit[option] - call_price - minute_price * options[option].call_minutes
    if options[option].double >= 0:
        above -= once_price[options[option].double]
    return above


@kernel
def price_stops(tables, day, profit, call_price, minute_price, once_price, weight):
    """Weight of each stop of a day: what its calls earn above prices, less the minutes of entering.

    weight   out: stop -> weight
    returns  what has to be added to the value of any way: the prices of meeting doctors once, less what was promised
             for stops that are a must
    """
    options, of_stop, stops, cells, entry = tables.option, tables.of_stop, tables.stop, tables.cell, tables.entry
    sessions = tables.frame[0].sessions
    base = 0.0
    for pair in range(tables.date[day].first_double, tables.date[day + 1].first_double):
        base += once_price[pair]
    for session in range(sessions):
        price = minute_price[session]
        for stop in range(cells[day * sessions + session].first, cells[day * sessions + session + 1].first):
            total = -price * entry[stops[stop].hospital]
            for place in range(stops[stop].first, stops[stop + 1].first):
                option = of_stop[place]
                above = above_price(options, option, profit, call_price, price, once_price)
                if above > 0.0 or options[option].pinned:
                    total += above
            if stops[stop].forced:
                total += MUST
                base -= MUST
            weight[stop] = total
    return base


@kernel
def calls_above_price(tables, day, profit, call_price, minute_price, once_price, once, order, length, bought):
    """The calls that the stops of a way make when nothing but prices limits them.

    once     whether of two calls on the same doctor only the better one is made
    bought   out: the options
    returns  how many
    """
    count = 0
    for session in range(tables.frame[0].sessions):
        for at in range(length[session]):
            stop = order[session, at]
            for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
                option = tables.of_stop[place]
                above = above_price(tables.option, option, profit, call_price, minute_price[session], once_price)
                if above <= 0.0 and not tables.option[option].pinned:
                    continue
                twin = -1
                if once and tables.option[option].double >= 0:
                    for other in range(count):
                        if tables.option[bought[other]].double == tables.option[option].double:
                            twin = other
                if twin < 0:
                    bought[count] = option
                    count += 1
                else:
                    there = minute_price[tables.option[bought[twin]].session]
                    if above > above_price(tables.option, bought[twin], profit, call_price, there, once_price):
                        bought[twin] = option
    return count


@kernel
def slopes_of_way(tables, day, order, length, bought, count, minute_slope, once_slope):
    """What the calls bought at the stops of a way leave of the limits of the day: where their prices go.

    minute_slope  out: in quarters of an hour, about the size of a call
    once_slope    out: pair of options -> 1 less the calls on the doctor that day
    returns       calls left
    """
    once_slope[tables.date[day].first_double : tables.date[day + 1].first_double] = 1.0
    used = False
    for session in range(tables.frame[0].sessions):
        minute_slope[session] = 0.0
        if not length[session]:
            continue
        used = True
        left = tables.cell[day * tables.frame[0].sessions + session].minutes
        for at in range(length[session]):
            hospital = tables.stop[order[session, at]].hospital
            left -= tables.entry[hospital]
            if at:
                left -= tables.travel[tables.stop[order[session, at - 1]].hospital, hospital]
        minute_slope[session] = left / MINUTES
    for at in range(count):
        option = bought[at]
        minute_slope[tables.option[option].session] -= tables.option[option].call_minutes / MINUTES
        if tables.option[option].double >= 0:
            once_slope[tables.option[option].double] -= 1.0
    return (tables.date[day].most_calls if used else 0.0) - count


@kernel
def rank(key, count, place):
    """Write down the places of the first `count` keys, largest key first (heapsort: numpy's makes arrays)."""
    for at in range(count):
        place[at] = at
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


@kernel
def fill(tables, day, profit, minute_price, order, length, calls, desk):
    """Call on the doctors at the stops of a way within the limits of the day, most profit above price of minutes first.

    order, length  the way; stops at which nobody is called leave it
    calls    out: the options taken
    returns  number of calls, their profit, travel minutes (below 0: the way is not lawful)
    """
    most = tables.date[day].most_calls
    left, wanted, key = desk.left, desk.wanted, desk.key
    for session in range(tables.frame[0].sessions):
        left[session] = tables.cell[day * tables.frame[0].sessions + session].minutes
        for at in range(length[session]):
            stop = order[session, at]
            hospital = tables.stop[stop].hospital
            left[session] -= tables.entry[hospital]
            if at:
                left[session] -= tables.travel[tables.stop[order[session, at - 1]].hospital, hospital]
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
            return 0, 0.0, -1.0
    rank(key, size, desk.place)
    for at in range(size):
        if count >= most:
            break
        option = wanted[desk.place[at]]
        session = tables.option[option].session
        if tables.option[option].call_minutes > left[session]:
            continue
        again = False
        for other in range(count):
            again = again or tables.option[calls[other]].doctor == tables.option[option].doctor
        if not again:
            calls[count] = option
            count += 1
            total += profit[option]
            left[session] -= tables.option[option].call_minutes
    return count, total, tidy_way(tables, day, order, length, calls, count)


@kernel
def longest_break(tables, earlier, session):
    """The longest hop from one session to a later one of the same day."""
    return tables.break_limit[earlier] if earlier == session - 1 else LONGEST_BREAK


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
                limit = longest_break(tables, used, session)
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
