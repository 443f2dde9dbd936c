"""Dividing whole packs without losing one."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_

Key = TypeVar("Key", bound=Hashable)


def apportion(total: int, weights: Mapping[Key, int | Fraction]) -> dict[Key, int]:
    """Divide `total` whole packs in proportion to `weights` (largest remainder, also called Hamilton's method).

    total    packs; a negative total (more returned than sold) is divided like its positive and negated
    weights  key -> relative weight, >= 0; they need not sum to 1. Int or Fraction, never float: shares are exact
    returns  key -> packs, in the order of `weights`; the values sum to `total` exactly, and each is its
             exact share rounded down or up
    raises   RuleBroken if no weight is positive, or one is negative

    Equal remainders go to the earlier key, so the same input always gives the same split. The method is
    not monotone in the total: one pack more in all can mean one fewer for a key (the Alabama paradox).
    """
    if any(weight < 0 for weight in weights.values()):
        raise RuleBroken(N_("A share cannot be negative."))
    whole = sum(weights.values())
    if not whole:
        raise RuleBroken(N_("There is nobody to share among: at least one share must be above 0."))
    if total < 0:
        return {key: -packs for key, packs in apportion(-total, weights).items()}

    shares: dict[Key, int] = {}
    remainders: dict[Key, int | Fraction] = {}
    for key, weight in weights.items():
        shares[key], remainders[key] = divmod(total * weight, whole)
    left_over = total - sum(shares.values())
    for key in sorted(remainders, key=remainders.__getitem__, reverse=True)[:left_over]:
        shares[key] += 1
    return shares
