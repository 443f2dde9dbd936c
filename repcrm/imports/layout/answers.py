"""Answers are checked before a file is read with them: a slip of the keyboard must not change what is read."""

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.dates import ORDERS
from repcrm.imports.questions import Answers

_ALLOWED = {
    "dates": set(ORDERS),
    "decimal": {"point", "comma"},
    "money": {"yuan", "thousand", "ten-thousand"},
    "type": {"sale", "return", "skip"},
    "hidden_rows": {"take", "leave"},
    "hidden_columns": {"take", "leave"},
    "sheet": {"take", "leave"},
    "blank_cells": {"above", "refuse"},
    "quarters": {"divide", "refuse"},
    "remarks": {"take", "aside"},
    "totals": {"accept"},
    "unused": {"leave"},
    "title": {"sale", "return"},
}
"""First word of a question's key -> its answers; other questions are answered freely."""


UNUSED = "unused"
"""The question about columns that are not read."""


def answer_to(answers: Answers, key: str) -> str | None:
    """Return the answer to a question: its own, or else the one for every place, such as `hidden_rows`."""
    return answers.get(key) or answers.get(key.partition(":")[0])


def check_answers(answers: Answers) -> None:
    """Refuse an answer that its question does not offer.

    raises  BadInput naming the question
    """
    for key, answer in answers.items():
        allowed = _ALLOWED.get(key.split(":")[0])
        is_year = key != "year" or (len(answer) == 4 and answer.isdecimal())
        if not is_year or (allowed is not None and answer not in allowed):
            raise BadInput(
                N_("“%(answer)s” does not answer the question “%(question)s”."), answer=answer[:60], question=key
            )
