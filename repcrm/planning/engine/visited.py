"""What a way remembers of where it has been: for each of some hospitals one of three states, together one number."""

from repcrm.planning.engine.compiled import kernel

NEW, BEEN, PUT_OFF = 0, 1, 2
STATES = 3
ANYBODY, ONLY_HERE, THE_REST = 0, 1, 2
"""Whom a stop calls on: its doctors; those of them who can be met in no other session of the day; these and, of all
others of the hospital, each in the best session so far."""
KINDS = 3


@kernel
def turn(memory, item, kind, comes_again):
    """The memory after passing a stop and calling on whom `kind` says; -1 where that cannot be."""
    if item == 0:
        return memory if kind == ANYBODY else -1
    state = memory // item % STATES
    if kind == ONLY_HERE:
        if state == BEEN:
            return memory
        return memory + (PUT_OFF - state) * item if comes_again else -1
    if state != (NEW if kind == ANYBODY else PUT_OFF):
        return -1
    return memory + ((BEEN if comes_again else NEW) - state) * item


@kernel
def memory_before(after, item, kind, comes_again, state):
    """The memory before passing a stop, if the hospital was in that state then; -1 where that cannot have been."""
    if item == 0:
        return after if kind == ANYBODY and state == NEW else -1
    memory = after + (state - after // item % STATES) * item
    return memory if turn(memory, item, kind, comes_again) == after else -1


@kernel
def left_to_earn(menu, first, whole, better):
    """What the state of a remembered hospital is worth at the stops from `first` on, at most.

    whole   out: hospital -> how much more they earn where a way has not called there, or has put calls off
    better  out: how much more they earn where it has put calls off than where it is new
    """
    for item in range(whole.size):
        whole[item], better[item] = 0.0, 0.0
        for here in range(first, menu.memory.size):
            if menu.memory[here] == STATES**item:
                for calls in range(menu.earned.shape[2]):
                    anybody, only_here = menu.earned[here, ANYBODY, calls], menu.earned[here, ONLY_HERE, calls]
                    rest = menu.earned[here, THE_REST, calls]
                    whole[item] = max(whole[item], max(anybody, rest) - only_here)
                    better[item] = max(better[item], rest - anybody)


@kernel
def lost_by(memory, other, whole, better):
    """What a way may earn less later on for having one memory and not the other."""
    lost = 0.0
    for item in range(whole.size):
        state, other_state = memory // STATES**item % STATES, other // STATES**item % STATES
        if state == BEEN and other_state != BEEN:
            lost += whole[item]
        elif state == NEW and other_state == PUT_OFF:
            lost += better[item]
    return lost
