"""What a file leaves open: questions a person answers before it is applied, and how the command line answers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Answers = Mapping[str, str]
"""Key of a question -> the answer: the value of one of its choices, or what was typed."""


@dataclass(frozen=True)
class Choice:
    """One possible answer.

    label, params  English message with placeholders (see `core.words.N_`), and their plain values
    """

    value: str
    label: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Something in a file that can be meant in more than one way.

    key       what the answer is filed under; stable from month to month: `column:packs`, `hidden_rows:Sheet1`
    message   English message with placeholders, and their plain values in `params`
    choices   the possible answers; empty where the person types one
    option    how the command line answers it, such as `--hidden-rows leave`
    proposed  the choice that is preselected, if one is likely
    lasts     True: the answer describes the layout and is remembered for the distributor and these headings;
              False: it is about this file only
    examples  first values or rows concerned, as people read them
    """

    key: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    option: str = ""
    proposed: str = ""
    lasts: bool = False
    examples: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """What the batch keeps of it."""
        return {
            "key": self.key, "message": self.message, "params": dict(self.params), "option": self.option,
            "choices": [[choice.value, choice.label, dict(choice.params)] for choice in self.choices],
            "proposed": self.proposed, "lasts": self.lasts, "examples": list(self.examples),
        }  # fmt: skip


def question_of(kept: Mapping[str, Any]) -> Question:
    """Return the question that a batch kept."""
    choices = tuple(Choice(*choice) for choice in kept["choices"])
    return Question(**{**kept, "choices": choices})
