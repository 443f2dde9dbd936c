"""A doctor's part of a hospital's figures: an estimate that adds up, made without counting prescriptions."""

from collections.abc import Hashable, Mapping
from itertools import pairwise
from typing import TypeVar

from repcrm.core.apportion import apportion
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_

Key = TypeVar("Key", bound=Hashable)

NOT_RATED = 0
RATINGS = range(1, 8)

DEFAULT_FACTORS: dict[int, int] = {NOT_RATED: 300, 1: 0, 2: 100, 3: 400, 4: 600, 5: 800, 6: 900, 7: 1000}
"""Rating -> permille, until a lead sets others; 0 stands for doctors nobody has rated."""


def check_factors(factors: Mapping[int, int]) -> None:
    """Refuse a table of adoption factors that would credit a lower rating with more.

    factors  rating (1 to 7, and 0 for not rated) -> permille
    raises   RuleBroken unless all eight are there, none is negative, they never fall as the rating rises,
             rating 7 is above 0, and not rated lies between the lowest and the highest
    """
    if set(factors) != {NOT_RATED, *RATINGS}:
        raise RuleBroken(N_("The table needs a factor for each rating from 1 to 7 and one for not rated."))
    for rating in sorted(factors):
        if factors[rating] < 0:
            raise RuleBroken(N_("A factor cannot be negative."), field=f"factor_{rating}")
    for lower, higher in pairwise(RATINGS):
        if factors[lower] > factors[higher]:
            raise RuleBroken(
                N_("The factor of rating %(higher)s must not be below that of rating %(lower)s."),
                field=f"factor_{higher}",
                lower=lower,
                higher=higher,
            )
    if not factors[7]:
        raise RuleBroken(N_("The factor of rating 7 must be above 0."), field="factor_7")
    if not factors[1] <= factors[NOT_RATED] <= factors[7]:
        raise RuleBroken(
            N_("The factor of doctors not rated must lie between those of rating 1 and rating 7."), field="factor_0"
        )


def share_target(packs: int, shares: Mapping[Key, int]) -> dict[Key, int]:
    """Divide a hospital's slice of a target among its doctors.

    packs    of the slice, floor or stretch
    shares   doctor -> packs of the approved split of the slice's month
    returns  doctor -> packs; they sum to `packs` exactly. Shares that are all 0 count alike
    raises   RuleBroken if there is no doctor: the target is not split yet
    """
    return apportion(packs, shares if any(shares.values()) else dict.fromkeys(shares, 1))


def attribute(
    actual: int, shares: Mapping[Key, int], ratings: Mapping[Key, int], factors: Mapping[int, int]
) -> dict[Key, int]:
    """Estimate which part of a hospital's flow each doctor stands for: share x adoption factor, scaled to add up.

    actual   packs (or fen) of the hospital's flow; negative when more came back than went out
    shares   doctor -> packs of the approved split
    ratings  doctor -> rating 1 to 7; doctors that are missing are not rated
    factors  rating -> permille, see `check_factors`
    returns  doctor -> packs; they sum to `actual` exactly
    raises   RuleBroken if there is no doctor: the target is not split yet

    Where nobody's share x factor is above 0, the shares alone decide.
    """
    weights = {doctor: share * factors[ratings.get(doctor, NOT_RATED)] for doctor, share in shares.items()}
    return share_target(actual, weights if any(weights.values()) else shares)
