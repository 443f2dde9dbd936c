"""What a call is worth: concave in their number, so that a first call on one doctor beats a fifth on another.

After L. M. Lodish, "CALLPLAN: an interactive salesman's call planning system", Management Science 18 (1971). The values
rank calls against each other and against hours on the road; they promise no sales.
"""

from itertools import pairwise
from math import exp

STEEPNESS = 1.4
"""At the frequency a doctor is meant for, calls earn 1 - exp(-1.4), about three quarters, of what there is to earn."""


def worth(missing_fen: int, least_fen: int, headroom_permille: int, pull_permille: int) -> float:
    """Everything calls on a doctor can earn in a cycle, in yuan.

    missing_fen        what is still missing of the doctor's part of the quota, at today's prices
    least_fen          what a doctor counts for at least, so that nobody is forgotten whose quota is met or not split
    headroom_permille  of the doctor's rating: how much use can still grow
    pull_permille      which part of what is missing calls are taken to move
    """
    return max(missing_fen, least_fen) * headroom_permille * pull_permille / 100_000_000


def marginal_values(total: float, frequency: int) -> tuple[float, ...]:
    """What the first, second, ... call of a cycle adds, in yuan to the hundredth; as many as the frequency.

    total      everything calls on the doctor can earn, see `worth`
    frequency  calls a cycle the doctor is meant for

    n calls are worth total x (1 - exp(-1.4 n / frequency)).
    """
    if frequency < 1:
        return ()
    steps = [exp(-STEEPNESS * n / frequency) for n in range(frequency + 1)]
    return tuple(round(total * (before - after), 2) for before, after in pairwise(steps))
