"""What became of a name in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Suggestion:
    """Something that a name may stand for.

    label  code and name, as people know it
    why    English message: what speaks for it
    score  0 to 100; more is likelier
    """

    code: str
    label: str
    why: str
    score: int


@dataclass(frozen=True)
class Match:
    """What a name stands for, or what it may stand for.

    thing        the hospital, product, user, distributor or region; None unless found
    how          English message with `params`: why it was found although the spelling differs, or why it is open
                 although it is known; empty where the name says it all
    suggestions  of an open name, the likeliest first, at most five
    """

    thing: Any | None
    state: Literal["found", "open", "not_ours"]
    how: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
