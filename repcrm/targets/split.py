"""The split: how a hospital's month is divided among its doctors, and what stands in the way of handing it in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_, Term
from repcrm.targets.attribution import NOT_RATED
from repcrm.targets.cascade import spread


class Way(Term):
    """What a proposal goes by."""

    RATING = "rating", N_("by rating")
    TIER = "tier", N_("by tier")
    EVEN = "even", N_("evenly")
    LAST = "last", N_("like the last split")


KEY_WEIGHT, GENERAL_WEIGHT = 3, 1
"""By tier, a key doctor is asked for three times as much as a general one."""


@dataclass(frozen=True)
class Candidate:
    """A doctor who may be given a part.

    is_key      of the key tier, else general
    rating      1 to 7 for the product; None: not rated
    last_packs  of the last approved split; None: not in it
    packs       as given now; None: nothing given yet
    is_locked   keeps `packs` whatever is proposed
    """

    doctor_id: int
    is_key: bool
    rating: int | None = None
    last_packs: int | None = None
    packs: int | None = None
    is_locked: bool = False


def propose(target_packs: int, candidates: Sequence[Candidate], way: Way, factors: Mapping[int, int]) -> dict[int, int]:
    """Divide a target among doctors, leaving locked parts alone.

    target_packs  the floor of the hospital's month
    factors       rating -> permille, see `attribution.check_factors`
    returns       doctor -> packs, in the order of `candidates`; they sum to `target_packs` exactly
    raises        RuleBroken if there is nobody, no last split to go by, or the locked parts leave no way

    Where nobody who is not locked weighs anything, the rest is divided evenly.
    """
    if not candidates:
        raise RuleBroken(N_("There is no doctor to give a part to."))
    if way is Way.LAST and not any(candidate.last_packs for candidate in candidates):
        raise RuleBroken(N_("There is no last split to go by."))
    weights = {candidate.doctor_id: _weight(candidate, way, factors) for candidate in candidates}
    kept = {candidate.doctor_id: candidate.packs or 0 for candidate in candidates if candidate.is_locked}
    return spread(target_packs, weights, kept)


def difference(target_packs: int, shares: Iterable[int]) -> int:
    """Return the packs still to be given out; below 0 when too many are."""
    return target_packs - sum(shares)


def obstacle(target_packs: int, shares: Sequence[int]) -> RuleBroken | None:
    """Return why a split cannot be handed in, or None if it can."""
    if not shares:
        return RuleBroken(N_("No doctor has been given a part yet."))
    left = difference(target_packs, shares)
    if left > 0:
        return RuleBroken(N_("%(left)s packs are still to be given out."), left=left)
    if left < 0:
        return RuleBroken(N_("%(over)s packs too many have been given out."), over=-left)
    return None


def _weight(candidate: Candidate, way: Way, factors: Mapping[int, int]) -> int:
    match way:
        case Way.RATING:
            return factors[candidate.rating or NOT_RATED]
        case Way.TIER:
            return KEY_WEIGHT if candidate.is_key else GENERAL_WEIGHT
        case Way.LAST:
            return candidate.last_packs or 0
        case Way.EVEN:
            return 1


class Part(NamedTuple):
    """A doctor's part as it stands on a page or in the database. packs: None is none."""

    packs: int | None = None
    is_locked: bool = False


class Meeting(NamedTuple):
    """What two people have done to one split since one of them saw it.

    clashes  doctors whose part both have changed, and not to the same: somebody has to choose
    theirs   doctors whose part only the other one has changed
    """

    clashes: tuple[int, ...]
    theirs: tuple[int, ...]


def meet(shown: Mapping[int, Part], mine: Mapping[int, Part], theirs: Mapping[int, Part]) -> Meeting:
    """Put side by side what was shown, what somebody made of it, and what another has saved meanwhile.

    shown, mine, theirs  doctor -> part; whoever is missing has none
    returns              doctors in the order of `theirs`, then of the others
    """
    everybody = list(dict.fromkeys([*theirs, *mine, *shown]))
    none = Part()
    changed = [one for one in everybody if theirs.get(one, none) != shown.get(one, none)]
    touched = {one for one in changed if mine.get(one, none) != shown.get(one, none)}
    clashes = [one for one in changed if one in touched and mine.get(one, none) != theirs.get(one, none)]
    return Meeting(tuple(clashes), tuple(one for one in changed if one not in touched))
