"""Finding the best way of a day again: the inner loops only keep what it is worth."""

from repcrm.planning.engine.compiled import kernel
from repcrm.planning.engine.day import longest_break
from repcrm.planning.engine.tables import FORBIDDEN
from repcrm.planning.engine.visited import KINDS, STATES, memory_before

ALIKE = 1e-5


@kernel
def _alike(value, other):
    return abs(value - other) < ALIKE


@kernel
def trace_day(tables, day, menu, memory, at, left, order, length, bought, desk):
    """Find the best way and its calls again.

    memory, at, left  its memory, last stop (-1: it is better to stay at home) and calls at most
    returns  number of calls
    """
    sessions = tables.frame[0].sessions
    begin, wanted = tables.cell[day * sessions].first, 0
    opening, hops, entry, third, reach = desk.opening, desk.hops, desk.entry, desk.third, desk.reach
    seen, kinds, numbers = desk.seen, desk.kinds, desk.numbers
    length[:] = 0
    while at >= 0:
        session = sessions - 1
        while tables.cell[day * sessions + session].first - begin > at:
            session -= 1
        cell = day * sessions + session
        first, last = tables.cell[cell].first - begin, tables.cell[cell + 1].first - begin
        length[session], memory = _trace(
            first, last, hops, menu, entry, third, reach.value[memory, at, left], memory, at, left, seen, kinds, numbers
        )
        if memory < 0:
            break
        for place in range(length[session]):
            stop = begin + seen[place]
            order[session, place] = stop
            left -= numbers[place]
            for number in range(numbers[place]):
                bought[wanted] = menu.taken[seen[place], kinds[place], number]
                wanted += 1
            for there in range(tables.stop[stop].first, tables.stop[stop + 1].first):
                if tables.option[tables.of_stop[there]].pinned:
                    bought[wanted] = tables.of_stop[there]
                    wanted += 1
        at = _came_from(tables, day, session, opening[session], reach, memory, left, seen[0], entry)
    return wanted


@kernel
def _trace(first, last, hops, menu, entry, third, target, after, at, calls, seen, kinds, numbers):
    """Find again the stops of the best way through a session to `at`.

    seen, kinds, numbers  out: stops in order, whom they call on and how many
    returns  how many stops; the memory on entering the session
    """
    memory = _trace_call(menu, entry, target, after, at, calls, 0, seen, kinds, numbers)
    if memory >= 0:
        return 1, memory
    memory = _trace_two(first, last, hops, menu, entry, target, after, -1, at, calls, seen, kinds, numbers)
    if memory >= 0:
        return 2, memory
    amid = _trace_call(menu, third, target, after, at, calls, 2, seen, kinds, numbers)
    if amid >= 0:
        left = calls - numbers[2]
        for middle in range(first, last):
            if hops[middle, at] < FORBIDDEN:
                sought = third.value[amid, at, left] + hops[middle, at]
                memory = _trace_two(
                    first, last, hops, menu, entry, sought, amid, at, middle, left, seen, kinds, numbers
                )
                if memory >= 0:
                    return 3, memory
    return 0, -1


@kernel
def _trace_call(menu, ways, target, after, at, calls, place, seen, kinds, numbers):
    """How `ways` got to a value by the calls at a stop; returns the memory before them, or -1."""
    for kind in range(KINDS):
        for state in range(STATES):
            memory = memory_before(after, menu.memory[at], kind, menu.comes_again[at], state)
            if memory < 0 or not ways.known[memory, at]:
                continue
            for number in range(min(calls, menu.wanted[at, kind]) + 1):
                earned = menu.fixed[at] + menu.earned[at, kind, number]
                if _alike(ways.value[memory, at, calls - number] + earned, target):
                    seen[place], kinds[place], numbers[place] = at, kind, number
                    return memory
    return -1


@kernel
def _trace_two(first, last, hops, menu, entry, target, after, other, at, calls, seen, kinds, numbers):
    """The first two stops of a session, of which `at` is the second; returns the memory before them, or -1.

    other  a stop that the first is not, or -1
    """
    for kind in range(KINDS):
        for state in range(STATES):
            amid = memory_before(after, menu.memory[at], kind, menu.comes_again[at], state)
            if amid < 0:
                continue
            for number in range(min(calls, menu.wanted[at, kind]) + 1):
                rest = target - menu.fixed[at] - menu.earned[at, kind, number]
                for here in range(first, last):
                    if here == other or hops[here, at] >= FORBIDDEN:
                        continue
                    sought, left = rest + hops[here, at], calls - number
                    memory = _trace_call(menu, entry, sought, amid, here, left, 0, seen, kinds, numbers)
                    if memory >= 0:
                        seen[1], kinds[1], numbers[1] = at, kind, number
                        return memory
    return -1


@kernel
def _came_from(tables, day, session, opening, reach, memory, calls, at, entry):
    """The last stop before a session that is entered at a stop, or -1 for home."""
    cell, price = day * tables.frame[0].sessions, tables.frame[0].travel_cost
    begin = tables.cell[cell].first
    hospital = tables.stop[begin + at].hospital
    for earlier in range(session):
        limit = longest_break(tables, earlier, session)
        for there in range(tables.cell[cell + earlier].first - begin, tables.cell[cell + earlier + 1].first - begin):
            hop = tables.travel[tables.stop[begin + there].hospital, hospital]
            if reach.known[memory, there] and hop <= limit:
                value = reach.value[memory, there, calls] + opening - price * hop
                if _alike(value, entry.value[memory, at, calls]):
                    return there
    return -1
