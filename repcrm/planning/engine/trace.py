"""Finding the best way of a day again: the inner loops only keep what it is worth."""

import numpy as np

from repcrm.planning.engine.compiled import kernel, lean
from repcrm.planning.engine.menu import KINDS, STATES
from repcrm.planning.engine.tables import FORBIDDEN
from repcrm.planning.engine.visited import memory_before
from repcrm.planning.engine.way import longest_break

ALIKE = 1e-5


@lean
def _alike(value, other):
    return abs(value - other) < ALIKE


@kernel
def trace_day(tables, day, opening, hops, menu, entry, third, reach, memory, at, left, order, length, bought):
    """Find the best way and its calls again: the inner loops only kept its value.

    memory, at, left  its memory, last stop (-1: it is better to stay at home) and calls at most
    returns  number of calls
    """
    sessions = tables.frame[0].sessions
    begin, wanted = tables.cell[day * sessions].first, 0
    seen, kinds, numbers = np.empty(3, np.int64), np.empty(3, np.int64), np.empty(3, np.int64)
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
        at = _came_from(tables, cell, begin, opening[session], reach, memory, left, seen[0], entry)
    return wanted


@lean
def _trace(first, last, hops, menu, entry, third, target, after, at, calls, seen, kinds, numbers):
    """Find again the stops of the best way through a session to `at`.

    seen, kinds, numbers  out: stops in order, whom they call on and how many
    returns  how many stops; the memory on entering the session
    """
    for kind in range(KINDS):
        for state in range(STATES):
            memory = memory_before(after, menu.memory[at], kind, menu.comes_again[at], state)
            if memory < 0:
                continue
            for number in range(min(calls, menu.wanted[at, kind]) + 1):
                rest, left = target - menu.fixed[at] - menu.earned[at, kind, number], calls - number
                if entry.known[memory, at] and _alike(entry.value[memory, at, left], rest):
                    seen[0], kinds[0], numbers[0] = at, kind, number
                    return 1, memory
                earlier = _trace_first(first, last, hops, menu, entry, rest, memory, -1, at, left, seen, kinds, numbers)
                if earlier >= 0:
                    seen[1], kinds[1], numbers[1] = at, kind, number
                    return 2, earlier
                if not third.known[memory, at] or not _alike(third.value[memory, at, left], rest):
                    continue
                for middle in range(first, last):
                    if hops[middle, at] >= FORBIDDEN:
                        continue
                    for amid_kind in range(KINDS):
                        for amid_state in range(STATES):
                            amid = memory_before(
                                memory, menu.memory[middle], amid_kind, menu.comes_again[middle], amid_state
                            )
                            if amid < 0:
                                continue
                            for amid_number in range(min(left, menu.wanted[middle, amid_kind]) + 1):
                                sought = rest + hops[middle, at] - menu.fixed[middle]
                                sought -= menu.earned[middle, amid_kind, amid_number]
                                earlier = _trace_first(
                                    first, last, hops, menu, entry, sought, amid, at, middle, left - amid_number,
                                    seen, kinds, numbers,
                                )  # fmt: skip
                                if earlier >= 0:
                                    seen[1], kinds[1], numbers[1] = middle, amid_kind, amid_number
                                    seen[2], kinds[2], numbers[2] = at, kind, number
                                    return 3, earlier
    return 0, -1


@lean
def _trace_first(first, last, hops, menu, entry, sought, after, other, at, calls, seen, kinds, numbers):
    """The first stop of a session before `at` for the value sought; returns the memory before it, or -1."""
    for here in range(first, last):
        if hops[here, at] >= FORBIDDEN or here == other:
            continue
        for kind in range(KINDS):
            for state in range(STATES):
                memory = memory_before(after, menu.memory[here], kind, menu.comes_again[here], state)
                if memory < 0 or not entry.known[memory, here]:
                    continue
                for number in range(min(calls, menu.wanted[here, kind]) + 1):
                    value = (
                        entry.value[memory, here, calls - number] + menu.fixed[here] + menu.earned[here, kind, number]
                    )
                    if _alike(value - hops[here, at], sought):
                        seen[0], kinds[0], numbers[0] = here, kind, number
                        return memory
    return -1


@lean
def _came_from(tables, cell, begin, opening, reach, memory, calls, at, entry):
    """The last stop before a session that is entered at a stop, or -1 for home."""
    hospital, price = tables.stop[begin + at].hospital, tables.frame[0].travel_cost
    for there in range(tables.cell[cell].first - begin):
        hop = tables.travel[tables.stop[begin + there].hospital, hospital]
        if not reach.known[memory, there] or hop > longest_break(tables, cell, begin + there):
            continue
        if _alike(reach.value[memory, there, calls] + opening - price * hop, entry.value[memory, at, calls]):
            return there
    return -1
