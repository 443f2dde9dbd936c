"""How far a plan goes towards what doctors are due: done, planned and proposed, by tier and by rating."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class DoctorCount:
    """One doctor's calls of a cycle.

    goal      calls due
    done      calls made in which the doctor was met
    planned   calls still to come
    proposed  calls to come if the open proposal were taken; None: there is none
    """

    tier: str
    rating: int | None
    goal: int
    done: int
    planned: int
    proposed: int | None = None


@dataclass(frozen=True)
class Line:
    """Doctors of one kind together. A doctor's calls beyond the goal make up for nobody else's."""

    doctors: int = 0
    goal: int = 0
    done: int = 0
    planned: int = 0
    reached: int = 0
    """Of the goal, by calls done."""
    covered: int = 0
    """Of the goal, by calls done and planned."""
    covered_after: int | None = None
    """The same if the proposal were taken."""

    @property
    def percent(self) -> int | None:
        """Of the goal; None where nothing is due."""
        return percent_of(self.covered, self.goal)

    @property
    def percent_done(self) -> int | None:
        """Of the goal, by calls done."""
        return percent_of(self.reached, self.goal)

    @property
    def percent_after(self) -> int | None:
        """Of the goal if the proposal were taken; None without one."""
        return None if self.covered_after is None else percent_of(self.covered_after, self.goal)


@dataclass(frozen=True)
class Coverage:
    """The same doctors together, by tier, and by rating (0: not rated), each in order."""

    total: Line
    by_tier: Mapping[str, Line]
    by_rating: Mapping[int, Line]


def coverage(counts: Iterable[DoctorCount]) -> Coverage:
    """Add doctors up."""
    counts = list(counts)
    return Coverage(
        _add_up(counts),
        _grouped(counts, lambda count: count.tier),
        _grouped(counts, lambda count: count.rating or 0),
    )


def _grouped(counts: list[DoctorCount], key: Callable[[DoctorCount], Key]) -> dict[Key, Line]:
    groups: dict[Key, list[DoctorCount]] = {}
    for count in counts:
        groups.setdefault(key(count), []).append(count)
    return {name: _add_up(groups[name]) for name in sorted(groups, reverse=True)}  # type: ignore[type-var]


def _add_up(counts: list[DoctorCount]) -> Line:
    after = [min(one.goal, one.done + one.proposed) for one in counts if one.proposed is not None]
    return Line(
        doctors=len(counts),
        goal=sum(one.goal for one in counts),
        done=sum(one.done for one in counts),
        planned=sum(one.planned for one in counts),
        reached=sum(min(one.goal, one.done) for one in counts),
        covered=sum(min(one.goal, one.done + one.planned) for one in counts),
        covered_after=sum(after) if after else None,
    )


def percent_of(part: int, whole: int) -> int | None:
    """Whole per cent, never more than there is; None where nothing is due."""
    return 100 * part // whole if whole else None
