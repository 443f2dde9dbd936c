"""What the planner's reason codes mean in words: one table, code -> sentence with the numbers it carries."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from repcrm.core.words import N_
from repcrm.planning.engine.problem import NEVER
from repcrm.planning.engine.reasons import CODES
from repcrm.planning.reasons import Because
from repcrm.web.filters import number
from repcrm.web.languages import current_language

SENTENCES: dict[str, str] = {term.value: term.label for term in (*Because, *CODES)}
"""Code -> an English message; `%(name)s` where a number of the reason goes."""
NEVER_CALLED = N_("The doctor has never been called on.")
SMALL = 10
RELAXATIONS = {
    "evenings_per_week": N_("One evening a week more"),
    "max_calls": N_("One call a day more"),
}
"""A rule loosened by one -> what that is."""


def said(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the planner's reasons in the reader's language, in its order."""
    return [_said(reason["code"], reason["numbers"]) for reason in reasons]


def must_words(must: Mapping[str, Any]) -> str:
    """What is to be said of guaranteed calls that do not fit, and what would let most of them in; "" if all fit."""
    if not must or must["fit"] >= must["needed"]:
        return ""
    sentences = [_("%(needed)s guaranteed calls are needed, %(fit)s fit.", needed=must["needed"], fit=must["fit"])]
    best = next((one for one in must["relaxations"] if one["guaranteed_calls"]), None)
    if best:
        what = RELAXATIONS[best["rule"]]
        sentences.append(_("%(what)s would let in %(calls)s more.", what=_(what), calls=best["guaranteed_calls"]))
    return (" " if current_language() == "en" else "").join(sentences)


def _said(code: str, numbers: Mapping[str, float]) -> str:
    if code == "long_not_seen" and numbers["days"] >= NEVER:
        return _(NEVER_CALLED)
    sentence = SENTENCES[code]
    return _(sentence) % {name: _figure(value) for name, value in numbers.items()}


def _figure(value: float) -> str:
    """Small amounts with a digit, so that what is not nothing is not 0."""
    return number(value, 1 if abs(value) < SMALL and value != int(value) else 0)
