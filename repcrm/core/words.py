"""Words that people will read: English where they are written, translated where they are shown."""

from enum import StrEnum
from typing import Self


def N_(message: str) -> str:
    """Mark an English message for translation and hand it back unchanged.

    message  English, with `%(name)s` placeholders where it has values
    returns  the same words; a door translates them when it knows the reader's language

    Below the doors nobody knows the reader, so nothing there may translate.
    """
    return message


class Term(StrEnum):
    """One of a closed list of words of the trade, each with the label people read.

        class Result(Term):
            MET = "met", N_("goal met")

    `Result.MET == "met"` is what the database keeps; `Result.MET.label` is the English message that
    a door translates.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """A member that is its stored value and carries its label; `Result("met")` finds it again."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
