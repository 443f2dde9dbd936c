"""The best way of a day once every stop has a weight: a shortest path through sessions of up to three stops."""

from typing import NamedTuple

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.day import NEVER, longest_break
from repcrm.planning.engine.tables import FORBIDDEN, Floats, Ints, Sizes


class WayDesk(NamedTuple):
    """Room for the ways of a day, by the stops that earn something."""

    live: Ints  # the stops
    first: Ints  # session -> the first of them
    worth: Floats  # what passing one earns
    entry: Floats  # best value on reaching one as the first of its session
    enter: Floats  # the same and what passing it earns
    reach: Floats  # best value of a way that ends at one
    before: Ints
    hops: Floats  # of one session
    at: Ints


def way_desk(sizes: Sizes) -> WayDesk:
    """Room for any day."""
    stops = sizes.stops
    return WayDesk(
        live=np.empty(stops, np.int64),
        first=np.empty(sizes.sessions + 1, np.int64),
        worth=np.empty(stops),
        entry=np.empty(stops),
        enter=np.empty(stops),
        reach=np.empty(stops),
        before=np.empty(stops, np.int64),
        hops=np.empty((stops, stops)),
        at=np.empty(3, np.int64),
    )


@kernel
def best_way(tables, day, weight, call_price, minute_price, evening_price, may_evening, order, length, desk):
    """The best way of a day by the weights of its stops; it passes only such as earn something.

    may_evening  whether the last session may be used
    order        out: (session, place) -> stop
    length       out: session -> number of stops
    returns      value of the way, MUST included; an empty day is worth 0
    """
    sessions, most = tables.frame[0].sessions, tables.frame[0].stops_per_session
    live, first, worth, entry, _, reach, before, hops, at = desk
    used = call_price * tables.date[day].most_calls
    count = 0
    for session in range(sessions):
        begin, cell = count, day * sessions + session
        first[session] = begin
        if session < sessions - 1 or may_evening:
            for stop in range(tables.cell[cell].first, tables.cell[cell + 1].first):
                if weight[stop] > 0.0:
                    live[count], worth[count], reach[count] = stop, weight[stop], NEVER
                    count += 1
        first[session + 1] = count
        if begin == count:
            continue
        opening = minute_price[session] * tables.cell[cell].minutes
        if session == sessions - 1:
            opening -= evening_price
        _hops(tables, live, begin, count, minute_price[session], hops)
        _enter(tables, live, first, session, used, opening, reach, entry, before)
        _through_session(desk, begin, count, most)
    best, last = 0.0, -1
    for here in range(count):
        home = tables.travel[tables.stop[live[here]].hospital, tables.frame[0].home]
        value = reach[here] - tables.frame[0].travel_cost * home
        if value > best:
            best, last = value, here
    length[:] = 0
    while last >= 0:
        session = sessions - 1
        while first[session] > last:
            session -= 1
        begin, end = first[session], first[session + 1]
        _hops(tables, live, begin, end, minute_price[session], hops)
        length[session] = _trace(hops, worth[begin:end], entry[begin:end], most, last - begin, at)
        for place in range(length[session]):
            order[session, place] = live[begin + at[place]]
        last = before[begin + at[0]]
    return best


@kernel
def _enter(tables, live, first, session, used, opening, reach, entry, before):
    """Best values on entering a session at each of its stops, coming from home or from an earlier session.

    used     what using the day is worth at the prices of its limits;  opening  what using the session is worth
    """
    travel, price = tables.travel, tables.frame[0].travel_cost
    for here in range(first[session], first[session + 1]):
        home = travel[tables.frame[0].home, tables.stop[live[here]].hospital]
        before[here] = -1
        entry[here] = used + opening - price * home
    for earlier in range(session):
        limit = longest_break(tables, earlier, session)
        for there in range(first[earlier], first[earlier + 1]):
            so_far = reach[there] + opening
            last = tables.stop[live[there]].hospital
            for here in range(first[session], first[session + 1]):
                hop = travel[last, tables.stop[live[here]].hospital]
                if hop <= limit and so_far - price * hop > entry[here]:
                    entry[here], before[here] = so_far - price * hop, there


@kernel
def _hops(tables, live, begin, end, minute_price, hops):
    """Write down the prices of the hops between the stops of a session; FORBIDDEN where too long."""
    size = end - begin
    for a in range(size):
        row = tables.stop[live[begin + a]].hospital
        for b in range(size):
            minutes = tables.travel[row, tables.stop[live[begin + b]].hospital]
            lawful = a != b and minutes <= tables.frame[0].hop_limit
            hops[a, b] = (tables.frame[0].travel_cost + minute_price) * minutes if lawful else FORBIDDEN


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
def _through_session(desk, begin, end, stops):
    """Raise `reach` by the ways of one, two or three stops through a session that is entered with `entry`."""
    worth, enter, reach = desk.worth[begin:end], desk.enter[begin:end], desk.reach[begin:end]
    for here in range(worth.size):
        enter[here] = desk.entry[begin + here] + worth[here]
        reach[here] = max(reach[here], enter[here])
    if worth.size > 1 and stops > 1:
        _widen(desk.hops, worth, enter, reach, stops)


@kernel
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
