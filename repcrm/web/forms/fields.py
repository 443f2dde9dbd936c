"""Fields that several forms share: a term of the trade to choose, words without blanks around, a hidden version."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from repcrm.accounts.models import Session
from repcrm.core.words import Term

SLOTS = [f"{weekday}-{part.value}" for weekday in range(1, 8) for part in Session]
"""Every place in a week, as a form sends it: ISO weekday and part of the day."""


class TermField(SelectField):
    """One of the words of the trade, shown in the reader's language; `data` is the member, None for the blank.

    but  one that is not to be chosen here
    """

    def __init__(self, label: Any, kind: type[Term], blank: Any = None, but: Term | None = None, **kwargs: Any) -> None:
        def member(value: Any) -> Term | None:
            return kind(value) if value not in (None, "", "None") else None

        def choices() -> list[tuple[str, str]]:
            words = [(str(term.value), gettext(term.label)) for term in kind if term is not but]
            return words if blank is None else [("", str(blank)), *words]

        super().__init__(label, choices=choices, coerce=member, **kwargs)
        self.type = "SelectField"
        self.may_be_blank, self.but = blank is not None, but

    def pre_validate(self, form: Any) -> None:
        """Refuse a blank where there is none to choose: what is not a word of the trade fails before."""
        if self.data is self.but if self.data else not self.may_be_blank:
            raise ValidationError(gettext("Choose one."))


class SlotsField(SelectMultipleField):
    """Places in a week, ticked in a grid of weekdays and parts of the day (components/roster.html)."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=lambda: [(slot, "") for slot in SLOTS], **kwargs)

    @staticmethod
    def ticks(slots: Iterable[tuple[int, Session]]) -> list[str]:
        """Return slots as the form sends them: ISO weekday and part of the day."""
        return [f"{weekday}-{part.value}" for weekday, part in slots]

    @property
    def slots(self) -> list[tuple[int, Session]]:
        """What was ticked, as services take it."""
        pairs = (slot.split("-") for slot in self.data or ())
        return [(int(weekday), Session(part)) for weekday, part in pairs]


class ThingField(SelectField):
    """One of some things by its key, offered by the view; `data` is the key, None for the blank."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        def key(value: Any) -> int | None:
            return int(value) if value not in (None, "", "None") else None

        super().__init__(label, coerce=key, **kwargs)
        self.type = "SelectField"

    def offer(self, things: list[tuple[int, str]], blank: Any = None) -> None:
        """Fill the list to choose from."""
        self.choices = [*([("", str(blank))] if blank is not None else []), *things]


def words(label: Any, most: int, *, required: Any = None, **kwargs: Any) -> StringField:
    """A line of words without blanks around.

    most      characters
    required  what to say when it is empty; None: it may be
    """
    checks = [*_checks(most, required), *kwargs.pop("validators", [])]
    return StringField(label, checks, filters=[_stripped], **kwargs)


def paragraph(label: Any, most: int = 2000, **kwargs: Any) -> TextAreaField:
    """Some lines of words without blanks around; may be empty."""
    return TextAreaField(label, _checks(most, None), filters=[_stripped], **kwargs)


def version() -> IntegerField:
    """The version the writer was shown, hidden in the form."""
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(lazy_gettext("Load the page again."))])


def _checks(most: int, required: Any) -> list[Any]:
    return [*([InputRequired(required)] if required else []), Length(max=most)]


def _stripped(value: Any) -> str:
    return (value or "").strip()
