"""The live board (S36): how far the month is, for the whole, each rep, hospital and product."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeVar

from repcrm.targets import attainment
from repcrm.targets.attainment import Status

Key = TypeVar("Key", bound=Hashable)


class Place(NamedTuple):
    """One hospital x product of a month, as far as it is one rep's.

    rep_id        None: what nobody holds
    floor_packs   None: no target
    actual_packs  None: no flow has come in yet
    recent_packs  of the last 20 working days; they belong to who holds it now and has to keep the pace up
    """

    rep_id: int | None
    hospital_id: int
    product_id: int
    floor_packs: int | None = None
    actual_packs: int | None = None
    recent_packs: int = 0


@dataclass(frozen=True)
class Clock:
    """How much of the month has passed.

    elapsed    part of its working days gone by
    days_left  working days that remain, today included
    """

    elapsed: Fraction
    days_left: int


@dataclass(frozen=True)
class Standing:
    """Where places together stand in the month; what is not known is None, never 0."""

    floor_packs: int | None
    actual_packs: int | None
    recent_packs: int
    clock: Clock

    @property
    def gap_packs(self) -> int | None:
        """Target less actual: above 0 when packs are missing, below when ahead."""
        return attainment.gap(self.floor_packs, self.actual_packs or 0)

    @property
    def left_packs(self) -> int | None:
        """Still to go, 0 when reached; None without a target."""
        gap = self.gap_packs
        return None if gap is None else max(gap, 0)

    @property
    def attainment(self) -> Fraction | None:
        """Actual / target; None without a target or before any flow."""
        return None if self.actual_packs is None else attainment.attainment(self.actual_packs, self.floor_packs)

    @property
    def landing_packs(self) -> int | None:
        """Where the month ends at the pace of the last 20 working days; None before any flow."""
        if self.actual_packs is None and not self.recent_packs:
            return None
        rate = attainment.run_rate(self.recent_packs)
        return attainment.landing(self.actual_packs or 0, self.clock.days_left, rate)

    @property
    def landing(self) -> Fraction | None:
        """The same as a part of the target."""
        packs = self.landing_packs
        return None if packs is None else attainment.attainment(packs, self.floor_packs)

    @property
    def expected_packs(self) -> int | None:
        """What the time elapsed asks for by now, in whole packs."""
        return None if self.floor_packs is None else round(self.floor_packs * self.clock.elapsed)

    @property
    def status(self) -> Status | None:
        """On track, watch or behind, by the time elapsed; None where nothing can be measured."""
        return attainment.status(self.attainment, self.clock.elapsed)


def stand(places: Iterable[Place], clock: Clock) -> Standing:
    """Add places up. A target or flow that some of them lack does not make that of the others unknown."""
    found = list(places)
    floors = [place.floor_packs for place in found if place.floor_packs is not None]
    actuals = [place.actual_packs for place in found if place.actual_packs is not None]
    return Standing(
        sum(floors) if floors else None,
        sum(actuals) if actuals else None,
        sum(place.recent_packs for place in found),
        clock,
    )


def stand_by(places: Iterable[Place], key: Callable[[Place], Key], clock: Clock) -> dict[Key, Standing]:
    """Add places up group by group, the most packs still to go first; what has no target comes last."""
    groups: dict[Key, list[Place]] = defaultdict(list)
    for place in places:
        groups[key(place)].append(place)
    standings = {name: stand(group, clock) for name, group in groups.items()}
    return dict(sorted(standings.items(), key=lambda item: _most_to_go_first(item[1])))


def _most_to_go_first(one: Standing) -> tuple[bool, int]:
    gap = one.gap_packs
    return gap is None, -(gap or 0)
