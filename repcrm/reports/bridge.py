"""Bridges: what a gap is made of, and how one revision became the next. Their steps add up exactly."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from repcrm.core.apportion import apportion
from repcrm.core.words import N_, Term
from repcrm.reports.body import NAMED, Body, Row


class Cause(Term):
    """Why a hospital x product stands where it stands; each has exactly one, the first that applies."""

    NO_TARGET = "no_target", N_("Sold without a target")
    NO_FLOW = "no_flow", N_("No flow reported yet")
    AHEAD = "ahead", N_("Ahead of target")
    NOT_LISTED = "not_listed", N_("Behind, product not listed")
    MISSED_CALLS = "missed_calls", N_("Behind, planned calls missed")
    NO_CALLS = "no_calls", N_("Behind, no calls made")
    BEHIND = "behind", N_("Behind, calls made as planned")


class Change(Term):
    """What made a revision differ from the one before."""

    TARGET = "target", N_("Targets changed")
    FLOW_ADDED = "flow_added", N_("Flow added")
    FLOW_REMOVED = "flow_removed", N_("Flow removed")
    TERRITORY = "territory", N_("Territory moved")
    SPLIT = "split", N_("Splits or ratings changed")


@dataclass(frozen=True)
class Step:
    """One piece of a bridge.

    packs  what it adds to the gap; below 0 it narrows it
    fen    the same in money
    count  hospitals x products (of SPLIT: doctor rows) it happened in
    moved  packs that changed hands without changing the total; 0 for what does change it
    """

    code: Term
    packs: int
    fen: int
    count: int
    moved: int = 0

    def stored(self) -> dict[str, Any]:
        """As a body keeps it."""
        return {**asdict(self), "code": self.code.value}


def made_of(body: Body) -> list[Step]:
    """Say what a gap is made of.

    returns  the causes that occur, in the order of `Cause`; their packs sum to the gap of the total row

    Every rep x hospital x product falls under one cause, and brings its whole gap. Calls are looked at per rep and
    hospital: a call names one product but is made for all of them.
    """
    unlisted = {(hospital, product) for hospital, product, *_ in body.raw["unlisted"]}
    visited = {(row.rep, row.hospital): row for row in body.level("hospital")}
    found: dict[Cause, list[Row]] = defaultdict(list)
    for row in body.level("product"):
        if row.gap or row.gap_fen:
            found[_cause(row, visited[row.rep, row.hospital], (row.hospital, row.product) in unlisted)].append(row)
    return [
        Step(cause, sum(row.gap for row in found[cause]), sum(row.gap_fen for row in found[cause]), len(found[cause]))
        for cause in Cause
        if found[cause]
    ]


def _cause(row: Row, visited: Row, unlisted: bool) -> Cause:
    if not row.n_target:
        return Cause.NO_TARGET
    if row.no_flow:
        return Cause.NO_FLOW
    if row.gap <= 0:
        return Cause.AHEAD
    if unlisted:
        return Cause.NOT_LISTED
    if visited.done < visited.planned:
        return Cause.MISSED_CALLS
    return Cause.BEHIND if visited.done else Cause.NO_CALLS


Place = tuple[str, str]
Figures = dict[tuple[str, str, str], tuple[int, int, int, int]]
"""rep, hospital, product (codes, "" for none) -> floor, floor_fen, actual, actual_fen"""


def between(old: Body, new: Body) -> list[Step]:
    """Say how the gap of one revision became that of the next.

    returns  the changes that occur; their packs (and fen) sum to the new gap less the old one, exactly.
             TERRITORY and SPLIT only move packs between reps or doctors: they sum to 0 and say how many in `moved`
    """
    before, after = _figures(old), _figures(new)
    old_places, new_places = _per_place(before), _per_place(after)
    steps: dict[Change, list[tuple[int, int]]] = defaultdict(list)
    for place in sorted({*old_places, *new_places}):
        was, now = old_places.get(place, (0, 0, 0, 0)), new_places.get(place, (0, 0, 0, 0))
        floor, floor_fen, actual, actual_fen = (now[n] - was[n] for n in range(4))
        if floor or floor_fen:
            steps[Change.TARGET].append((floor, floor_fen))
        if actual or actual_fen:
            added = actual > 0 or (actual == 0 and actual_fen > 0)
            steps[Change.FLOW_ADDED if added else Change.FLOW_REMOVED].append((-actual, -actual_fen))
    found = [
        Step(change, sum(packs for packs, _ in steps[change]), sum(fen for _, fen in steps[change]), len(steps[change]))
        for change in (Change.TARGET, Change.FLOW_ADDED, Change.FLOW_REMOVED)
        if steps[change]
    ]
    territory = [moved for reps in _moves(before, after).values() if (moved := _moved(reps.values()))]
    split = [moved for doctors in _doctor_moves(old, new).values() if (moved := _moved(doctors.values()))]
    for change, moves in ((Change.TERRITORY, territory), (Change.SPLIT, split)):
        if moves:
            found.append(Step(change, 0, 0, len(moves), sum(moves)))
    return found


def rep_changes(old: Body, new: Body) -> dict[str, tuple[int, int]]:
    """Split the change of each rep's gap into what came or went, and what was handed over.

    returns  code of the rep ("" for nobody) -> packs of its change by targets and flow, packs by territory; the two
             sum to the rep's new gap less the old one, and the second column sums to 0
    """
    before, after = _figures(old), _figures(new)
    whole: dict[str, int] = defaultdict(int)
    handed: dict[str, int] = defaultdict(int)
    for (rep, *_), figures in before.items():
        whole[rep] -= figures[0] - figures[2]
    for (rep, *_), figures in after.items():
        whole[rep] += figures[0] - figures[2]
    for reps in _moves(before, after).values():
        for rep, packs in reps.items():
            handed[rep] += packs
    return {rep: (change - handed[rep], handed[rep]) for rep, change in sorted(whole.items())}


def _figures(body: Body) -> Figures:
    found: Figures = {}
    for row in body.level("product"):
        named = (body.name("reps", row.rep), body.name("hospitals", row.hospital), body.name("products", row.product))
        key = tuple(one.code if one else "" for one in named)
        found[key[0], key[1], key[2]] = (row.floor, row.floor_fen, row.actual, row.actual_fen)
    return found


def _per_place(figures: Figures) -> dict[Place, tuple[int, int, int, int]]:
    found: dict[Place, tuple[int, int, int, int]] = {}
    for (_, hospital, product), values in figures.items():
        sofar = found.get((hospital, product), (0, 0, 0, 0))
        found[hospital, product] = (
            sofar[0] + values[0], sofar[1] + values[1], sofar[2] + values[2], sofar[3] + values[3],
        )  # fmt: skip
    return found


def _moves(before: Figures, after: Figures) -> dict[Place, dict[str, int]]:
    """Per place, by how much each rep's gap changed beyond a fair part of the place's own change.

    The place's own change goes to the reps by what they hold of its target now; so the rest sums to 0.
    """
    reps: dict[Place, set[str]] = defaultdict(set)
    for rep, hospital, product in {*before, *after}:
        reps[hospital, product].add(rep)
    nothing = (0, 0, 0, 0)
    found: dict[Place, dict[str, int]] = {}
    for place, names in reps.items():
        if len(names) < 2:
            continue
        gaps = {rep: (after.get((rep, *place), nothing), before.get((rep, *place), nothing)) for rep in sorted(names)}
        change = {rep: (now[0] - now[2]) - (was[0] - was[2]) for rep, (now, was) in gaps.items()}
        weights = {rep: now[0] for rep, (now, _) in gaps.items()}
        fair = apportion(sum(change.values()), weights if any(weights.values()) else dict.fromkeys(weights, 1))
        found[place] = {rep: change[rep] - fair[rep] for rep in gaps}
    return found


def _doctor_moves(old: Body, new: Body) -> dict[tuple[str, ...], dict[str, int]]:
    """Per rep, hospital and product, by how much doctors' attributed packs changed where the whole did not."""
    before, after = _doctors(old), _doctors(new)
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for place in sorted({*before, *after}):
        was, now = before.get(place, {}), after.get(place, {})
        change = {doctor: now.get(doctor, 0) - was.get(doctor, 0) for doctor in sorted({*was, *now})}
        if not sum(change.values()):
            found[place] = change
    return found


def _doctors(body: Body) -> dict[tuple[str, ...], dict[str, int]]:
    found: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for row in body.level("doctor"):
        names = [body.name(kind, place) for kind, place in zip(NAMED, row[1:5], strict=True)]
        *place, doctor = (one.code if one else "" for one in names)
        found[tuple(place)][doctor] = row.gap
    return found


def _moved(changes: Iterable[int]) -> int:
    return sum(change for change in changes if change > 0)
