"""How far long work is, told to whoever watches it."""

from collections.abc import Callable

Step = Callable[[str, int, int | None], None]
"""Told what is done next (an English message), and how many steps of how many are behind, None if nobody knows.

It may raise, which is how work is stopped where nothing has been written yet.
"""


def silent(_stage: str, _done: int, _steps: int | None) -> None:
    """Tell nobody."""
