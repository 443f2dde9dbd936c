"""The most that a day can earn at given prices, for the bound.

A dynamic programme over ways: its states are the last stop, the calls made at most, and a memory. The limit of calls
is kept exactly; minutes are priced, since a day seldom runs out of all of them. Whoever is called on in one session
cannot be called on in another of the same day, so a way remembers of some hospitals (the ng-routes of Baldacci et al.
2011 do the like) whether it has

- not been there yet: then it may call on anybody;
- been there: then it calls only on those who could not be met before;
- put off: it called only on those who cannot be met later, and on coming again calls on each other doctor in the better
  of the sessions.

A hospital that is not remembered can be called at in every session, which earns too much: what comes out is a bound.
States are left out that cannot lead to more than a way that is known (A*: a bound on what is still to come is computed
backwards without memories), or that another way beats at the same stop whatever its memory costs it later.
"""

from typing import NamedTuple

import numpy as np

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.day import MUST, NEVER, calls_above_price, longest_break
from repcrm.planning.engine.menu import Menu, above_minutes, insert, menu_desk, menu_of
from repcrm.planning.engine.rows import copy, copy_rows
from repcrm.planning.engine.tables import FORBIDDEN, Floats, Ints, Sizes
from repcrm.planning.engine.trace import ALIKE, trace_day
from repcrm.planning.engine.visited import ANYBODY, KINDS, PUT_OFF, STATES, left_to_earn, lost_by, turn


class Ways(NamedTuple):
    """The best ways so far: by memory, stop and calls made at most."""

    value: Floats
    known: Ints  # (memory, stop): 1 where there is any


class DayDesk(NamedTuple):
    """Room for the ways of a day."""

    menu: Menu
    opening: Floats  # session -> what using it is worth
    hops: Floats  # (stop, stop)
    to_come: Floats
    so_far: Floats  # (stop, calls)
    entry: Ways  # on entering a session
    alone: Ways  # after the calls at its first stop
    third: Ways  # on reaching its third stop
    reach: Ways  # that end at a stop
    its_memory: Ints
    its_stop: Ints
    best: Floats  # (memory, calls): on reaching a stop as the second one
    second: Floats  # of those that begin otherwise
    begun: Ints  # where the best begin
    used: Ints  # memory -> 1 where there is any
    value: Floats
    whole: Floats  # hospitals
    better: Floats
    no_price: Floats  # of meeting doctors only once
    earned: Floats  # calls
    taken: Ints
    seen: Ints  # stops of a session
    kinds: Ints
    numbers: Ints


def day_desk(sizes: Sizes, hospitals: int) -> DayDesk:
    """Room for any day; hospitals: how many a way may remember."""
    stops, calls, memories = sizes.stops, sizes.calls + 1, STATES**hospitals
    states = memories * stops
    return DayDesk(
        menu=menu_desk(sizes),
        opening=np.empty(sizes.sessions),
        hops=np.empty((stops, stops)),
        to_come=np.empty((4, stops, calls)),
        so_far=np.empty((stops, calls)),
        entry=_ways(memories, stops, calls),
        alone=_ways(memories, stops, calls),
        third=_ways(memories, stops, calls),
        reach=_ways(memories, stops, calls),
        its_memory=np.empty(states, np.int64),
        its_stop=np.empty(states, np.int64),
        best=np.empty((memories, calls)),
        second=np.empty((memories, calls)),
        begun=np.empty((memories, calls), np.int64),
        used=np.zeros(memories, np.int64),
        value=np.empty(calls),
        whole=np.empty(hospitals),
        better=np.empty(hospitals),
        no_price=np.zeros(sizes.doubles),
        earned=np.empty(calls),
        taken=np.empty(calls, np.int64),
        seen=np.empty(3, np.int64),
        kinds=np.empty(3, np.int64),
        numbers=np.empty(3, np.int64),
    )


def _ways(memories: int, stops: int, calls: int) -> Ways:
    return Ways(np.empty((memories, stops, calls)), np.empty((memories, stops), np.int64))


@kernel
def best_day(
    tables, day, profit, minute_price, evening_price, reward, hospitals, orders, lengths, order, length, bought, desk
):
    """The most that the day can earn, and by which way and calls.

    profit   of options;  minute_price  of sessions;  evening_price  of using the last session
    reward   of each stop of a visit;  hospitals  those that a way remembers
    orders, lengths  lawful ways; the better one of them, the quicker
    order, length  out: the best way: (session, place) -> stop, session -> number of stops
    bought   out: the options called on
    returns  what it earns, number of calls, what the last of the calls it may hold earns
    """
    sessions = tables.frame[0].sessions
    begin, end = tables.cell[day * sessions].first, tables.cell[(day + 1) * sessions].first
    calls, base = tables.date[day].most_calls, 0.0
    for stop in range(begin, end):
        if tables.stop[stop].forced:
            base -= MUST
        for place in range(tables.stop[stop].first, tables.stop[stop + 1].first):
            calls -= tables.option[tables.of_stop[place]].pinned
    calls = max(0, calls)
    opening = desk.opening
    for session in range(sessions):
        opening[session] = minute_price[session] * tables.cell[day * sessions + session].minutes
    opening[sessions - 1] -= evening_price
    menu = menu_of(tables, day, profit, minute_price, reward, calls, hospitals, desk.menu)
    floor = -ALIKE  # of what is searched: an empty day is worth nothing
    for way in range(lengths.shape[0]):
        worth = _worth(tables, day, profit, minute_price, menu, calls, orders[way], lengths[way], bought, desk)
        floor = max(floor, worth - ALIKE)
    _hops(tables, day, minute_price, desk.hops)
    _still_to_come(tables, day, menu, desk)
    memories, to_come = STATES**hospitals.size, desk.to_come
    entry, third, reach = _none(desk.entry, memories), _none(desk.third, memories), _none(desk.reach, memories)
    whole, better = desk.whole[: hospitals.size], desk.better[: hospitals.size]
    for session in range(sessions):
        first = tables.cell[day * sessions + session].first - begin
        last = tables.cell[day * sessions + session + 1].first - begin
        left_to_earn(menu, first, whole, better)
        _enter(tables, day, session, opening[session], reach, entry)
        _forget(entry, to_come[0], first, last, whole, better, floor)
        _pass(tables, first, last, menu, whole, better, floor, entry, third, reach, desk)
        left_to_earn(menu, last, whole, better)
        _forget(reach, to_come[tables.frame[0].stops_per_session], first, last, whole, better, floor)
    best, before, at, memory = 0.0, 0.0, -1, 0
    for state in range(memories):
        for here in range(end - begin):
            if reach.known[state, here]:
                minutes = tables.travel[tables.stop[begin + here].hospital, tables.frame[0].home]
                home = tables.frame[0].travel_cost * minutes
                before = max(before, reach.value[state, here, max(0, calls - 1)] - home)
                if reach.value[state, here, calls] - home > best:
                    best, at, memory = reach.value[state, here, calls] - home, here, state
    wanted = trace_day(tables, day, menu, memory, at, calls, order, length, bought, desk)
    return best + base, wanted, best - before


@kernel
def _none(ways, memories):
    """No ways yet, in so many memories."""
    ways.known[:] = 0
    return Ways(ways.value[:memories], ways.known[:memories])


@kernel
def _worth(tables, day, profit, minute_price, menu, most, order, length, bought, desk):
    """What a way earns at least."""
    sessions = tables.frame[0].sessions
    begin, last, worth = tables.cell[day * sessions].first, tables.frame[0].home, 0.0
    for session in range(sessions):
        for at in range(length[session]):
            hospital = tables.stop[order[session, at]].hospital
            per_minute = tables.frame[0].travel_cost + (minute_price[session] if at else 0.0)
            worth += menu.fixed[order[session, at] - begin] - per_minute * tables.travel[last, hospital]
            worth += 0.0 if at else desk.opening[session]
            last = hospital
    worth -= tables.frame[0].travel_cost * tables.travel[last, tables.frame[0].home]
    found = calls_above_price(tables, day, profit, 0.0, minute_price, desk.no_price, True, order, length, bought)
    count = 0
    for at in range(found):
        if not tables.option[bought[at]].pinned:
            above = above_minutes(tables, profit, minute_price, bought[at])
            count = insert(above, bought[at], desk.earned, desk.taken, count, most)
    for at in range(count):
        worth += desk.earned[at]
    return worth


@kernel
def _hops(tables, day, minute_price, hops):
    """Write down the prices of the hops between the stops of each session; FORBIDDEN elsewhere and where too long."""
    sessions = tables.frame[0].sessions
    begin = tables.cell[day * sessions].first
    hops[:] = FORBIDDEN
    for session in range(sessions):
        first, last = tables.cell[day * sessions + session].first, tables.cell[day * sessions + session + 1].first
        for here in range(first, last):
            for there in range(first, last):
                minutes = tables.travel[tables.stop[here].hospital, tables.stop[there].hospital]
                if here != there and minutes <= tables.frame[0].hop_limit:
                    price = tables.frame[0].travel_cost + minute_price[session]
                    hops[here - begin, there - begin] = price * minutes


@kernel
def _widen(so_far, cost, earned, count, out):
    """Raise `out` by what calls at a stop make of a way so far."""
    for number in range(count + 1):
        gain = earned[number] - cost
        for calls in range(number, so_far.size):
            out[calls] = max(out[calls], so_far[calls - number] + gain)


@kernel
def _raise(so_far, cost, out):
    for calls in range(so_far.size):
        out[calls] = max(out[calls], so_far[calls] - cost)


@kernel
def _still_to_come(tables, day, menu, desk):
    """Write down more than any way can still earn, whatever it remembers: by calls left.

    What comes of calls put off is not counted. Here a way may come back to the stop before the last, which is quicker.

    to_come  out: (on entering a session; after the calls at its first, second, third stop), stop, calls left -> worth
    """
    opening, hops, to_come, so_far = desk.opening, desk.hops, desk.to_come, desk.so_far
    sessions, travel, price = tables.frame[0].sessions, tables.travel, tables.frame[0].travel_cost
    begin, most = tables.cell[day * sessions].first, tables.frame[0].stops_per_session
    to_come[:] = NEVER
    entering, leaving = to_come[0], to_come[most]
    for session in range(sessions - 1, -1, -1):
        cell = day * sessions + session
        first, last = tables.cell[cell].first - begin, tables.cell[cell + 1].first - begin
        for here in range(first, last):
            hospital = tables.stop[begin + here].hospital
            leaving[here, :] = -price * travel[hospital, tables.frame[0].home]
            for later in range(session + 1, sessions):
                limit, end = (
                    longest_break(tables, session, later),
                    tables.cell[day * sessions + later + 1].first - begin,
                )
                for there in range(tables.cell[day * sessions + later].first - begin, end):
                    hop = travel[hospital, tables.stop[begin + there].hospital]
                    if hop <= limit:
                        _raise(entering[there], price * hop - opening[later], leaving[here])
        for place in range(most, 0, -1):
            copy_rows(entering[first:last], so_far[first:last])
            for here in range(first, last):
                onward = to_come[place, here]
                if place < most:
                    copy(leaving[here], onward)
                    for there in range(first, last):
                        if hops[here, there] < FORBIDDEN:
                            _raise(so_far[there], hops[here, there], onward)
                earned, wanted = menu.earned[here, ANYBODY], menu.wanted[here, ANYBODY]
                _widen(onward, -menu.fixed[here], earned, wanted, entering[here])


@kernel
def _begin(ways, memory, here):
    """Make sure that a state has values."""
    if not ways.known[memory, here]:
        ways.known[memory, here] = 1
        ways.value[memory, here, :] = NEVER


@kernel
def _enter(tables, day, session, opening, reach, entry):
    """Best values on entering a session at each of its stops, coming from home or from an earlier session."""
    travel, price, cell = tables.travel, tables.frame[0].travel_cost, day * tables.frame[0].sessions
    begin = tables.cell[cell].first
    for here in range(tables.cell[cell + session].first - begin, tables.cell[cell + session + 1].first - begin):
        hospital = tables.stop[begin + here].hospital
        _begin(entry, 0, here)
        entry.value[0, here, :] = opening - price * travel[tables.frame[0].home, hospital]
        for earlier in range(session):
            limit, end = longest_break(tables, earlier, session), tables.cell[cell + earlier + 1].first - begin
            for there in range(tables.cell[cell + earlier].first - begin, end):
                hop = travel[tables.stop[begin + there].hospital, hospital]
                for memory in range(reach.known.shape[0] if hop <= limit else 0):
                    if reach.known[memory, there]:
                        _begin(entry, memory, here)
                        _raise(reach.value[memory, there], price * hop - opening, entry.value[memory, here])


@kernel
def _call(so_far, memory, here, menu, out):
    """Raise `out` by what can be done at a stop, whoever is called on."""
    for kind in range(KINDS):
        after = turn(memory, menu.memory[here], kind, menu.comes_again[here])
        if after >= 0:
            count, earned = menu.wanted[here, kind], menu.earned[here, kind]
            _begin(out, after, here)
            _widen(so_far, -menu.fixed[here], earned, count, out.value[after, here])


@kernel
def _listed(ways, first, last, memories, stops):
    """Make a list of the states there are; returns how many."""
    count = 0
    for memory in range(ways.known.shape[0]):
        for here in range(first, last):
            if ways.known[memory, here]:
                memories[count], stops[count] = memory, here
                count += 1
    return count


@kernel
def _pass(tables, first, last, menu, whole, better, floor, entry, third, reach, desk):
    """Raise `reach` by the ways of one, two or three stops through a session that is entered with `entry`."""
    most, memories, hops, to_come = tables.frame[0].stops_per_session, entry.known.shape[0], desk.hops, desk.to_come
    alone, its_memory, its_stop = _none(desk.alone, memories), desk.its_memory, desk.its_stop
    best, second, begun, used, value = desk.best, desk.second, desk.begun, desk.used, desk.value
    for at in range(_listed(entry, first, last, its_memory, its_stop)):
        memory, here = its_memory[at], its_stop[at]
        _call(entry.value[memory, here], memory, here, menu, alone)
    _forget(alone, to_come[1], first, last, whole, better, floor)
    count = _listed(alone, first, last, its_memory, its_stop)
    for at in range(count):
        memory, here = its_memory[at], its_stop[at]
        _begin(reach, memory, here)
        _raise(alone.value[memory, here], 0.0, reach.value[memory, here])
    for middle in range(first, last):
        if most < 2:
            break
        for at in range(count):
            memory, here = its_memory[at], its_stop[at]
            if hops[here, middle] >= FORBIDDEN:
                continue
            for kind in range(KINDS):
                after = turn(memory, menu.memory[middle], kind, menu.comes_again[middle])
                if after < 0:
                    continue
                if not used[after]:
                    best[after, :], second[after, :], begun[after, :], used[after] = NEVER, NEVER, -1, 1
                value[:] = NEVER
                calls, earned = menu.wanted[middle, kind], menu.earned[middle, kind]
                _widen(alone.value[memory, here], hops[here, middle] - menu.fixed[middle], earned, calls, value)
                _keep_two(value, here, best[after], begun[after], second[after])
        for memory in range(memories):
            if not used[memory]:
                continue
            used[memory] = 0
            if not _can_reach(best[memory], to_come[2, middle], memory, better, floor):
                continue
            _begin(reach, memory, middle)
            _raise(best[memory], 0.0, reach.value[memory, middle])
            for here in range(first, last):
                if most > 2 and hops[middle, here] < FORBIDDEN:
                    _begin(third, memory, here)
                    _raise_but(
                        best[memory], begun[memory], second[memory], here, hops[middle, here], third.value[memory, here]
                    )
    for at in range(_listed(third, first, last, its_memory, its_stop)):
        memory, here = its_memory[at], its_stop[at]
        _call(third.value[memory, here], memory, here, menu, reach)


@kernel
def _can_reach(value, to_come, memory, better, floor):
    """Whether a state may lead to as much as is known to be possible."""
    most = NEVER
    for calls in range(value.size):
        most = max(most, value[calls] + to_come[value.size - 1 - calls])
    for item in range(better.size):
        most += better[item] if memory // STATES**item % STATES == PUT_OFF else 0.0
    return most >= floor


@kernel
def _keep_two(value, begun, best, best_begun, second):
    """Keep the best value and the best of those that begin otherwise."""
    for at in range(value.size):
        other = best_begun[at] != begun
        second[at] = max(second[at], min(best[at], value[at])) if other else second[at]
        best_begun[at] = begun if value[at] > best[at] else best_begun[at]
        best[at] = max(best[at], value[at])


@kernel
def _raise_but(best, best_begun, second, begun, cost, out):
    """Raise `out` by the best that begins otherwise: a way does not pass the same stop twice."""
    for at in range(best.size):
        value = second[at] if best_begun[at] == begun else best[at]
        out[at] = max(out[at], value - cost)


@kernel
def _forget(ways, to_come, first, last, whole, better, floor):
    """Drop what leads to less than `floor`, or is worse than another way that ends alike whatever it remembers."""
    memories, _, size = ways.value.shape  # the last memory has put off everything, and has the most before it
    for here in range(first, last):
        best, champion = NEVER, -1
        for memory in range(memories):
            if not ways.known[memory, here]:
                continue
            if not _can_reach(ways.value[memory, here], to_come[here], memory, better, floor):
                ways.known[memory, here] = 0
                continue
            sure = ways.value[memory, here, size - 1] - lost_by(memory, memories - 1, whole, better)
            if sure > best:
                best, champion = sure, memory
        for memory in range(memories):
            if memory == champion or not ways.known[memory, here]:
                continue
            lost, calls = lost_by(champion, memory, whole, better), 0
            while calls < size and ways.value[memory, here, calls] <= ways.value[champion, here, calls] - lost:
                calls += 1
            if calls == size:
                ways.known[memory, here] = 0
