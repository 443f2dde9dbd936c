"""A first plan in a fraction of a second: the most valuable call next, where it costs least. Nothing to compile."""

import heapq

from repcrm.planning.engine.draft import Draft
from repcrm.planning.engine.plan import Plan, plan_of
from repcrm.planning.engine.problem import Problem

PASSES = 3
"""A doctor not worth a way of its own may be worth a stop on the way to others later; a third look finds the last."""


def greedy(problem: Problem) -> Plan:
    """A feasible plan at once: what was published as far as it still holds, then the calls that are worth most.

    Guaranteed calls come first; each goes where it costs least. Days on which a call would not earn its way stay empty.
    The search starts here, and the page shows it meanwhile.
    """
    draft = Draft(problem, problem.pinned)
    for visit in sorted(problem.published):
        if visit.day >= problem.now and not visit.pinned:
            draft.keep(visit)
    fill_up(draft)
    return plan_of(problem, tuple(draft.calls))


def fill_up(draft: Draft) -> None:
    """Add calls to a draft while one more earns something."""
    waiting = list(draft.problem.doctors)
    for _ in range(PASSES):
        heap = [(-gain, place) for place, doctor in enumerate(waiting) if (gain := draft.gain_of_next(doctor)) > 0]
        heapq.heapify(heap)
        placed = 0
        refused = []
        while heap:
            gain, place = heapq.heappop(heap)
            doctor = waiting[place]
            if not draft.place(doctor, -gain):
                refused.append(doctor)
                continue
            placed += 1
            if (following := draft.gain_of_next(doctor)) > 0:
                heapq.heappush(heap, (-following, place))
        waiting = refused
        if not placed:
            break
