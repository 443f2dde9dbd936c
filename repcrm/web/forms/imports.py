"""Forms of the import pages: a file, answers to its questions, rows set aside, the list's filters."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from repcrm.sales.models import BatchStatus, Distributor, ImportKind
from repcrm.web.forms import Form, choices
from repcrm.web.terms import member_of, number_of

ANSWER, TYPED = "answer:", "typed:"
"""Beginnings of the names of an answer's inputs: a choice, and what was typed instead."""
TYPED_INSTEAD = "typed"
"""The choice that stands for what was typed."""
LONGEST = 200


class FileForm(Form):
    """A file to read."""

    kind = RadioField(_l("File content"), [InputRequired(_l("Choose the file content."))])
    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
    distributor = StringField(
        _l("Distributor"),
        [Length(max=100)],
        description=_l("For distributor sales. Leave empty if the file names the distributor."),
    )
    period = StringField(
        _l("Period"),
        [Length(max=10)],
        description=_l(
            "For distributor sales, for example 2026-11 or 2026-W47. Leave empty to use the dates in the file."
        ),
    )

    def offer(self) -> "FileForm":
        """Fill the list to choose from, sales first: they come every week."""
        kinds = sorted(ImportKind, key=lambda kind: kind is not ImportKind.FLOW)
        self.kind.choices = choices((kind.value, _(kind.label)) for kind in kinds)
        return self

    @property
    def answers(self) -> dict[str, str]:
        """What was said with the file, as answers to the questions it would leave open."""
        said = {"distributor": self.distributor.data, "period": self.period.data}
        return {key: value.strip() for key, value in said.items() if value and value.strip()}


class AnswersForm(Form):
    """Answers to the questions of a file, and columns chosen by hand; the inputs are those of the page."""

    answers: dict[str, str]
    names: dict[str, str]

    def take(self, questions: Iterable[Mapping[str, Any]]) -> "AnswersForm":
        """Read the answers out of the request: what was asked, and columns, which may always be chosen."""
        asked = {question["key"] for question in questions}
        said = {
            name.removeprefix(ANSWER): value.strip()[:LONGEST]
            for name, value in request.form.items()
            if name.startswith(ANSWER)
        }
        for key, value in said.items():
            if value == TYPED_INSTEAD:
                said[key] = request.form.get(TYPED + key, "").strip()[:LONGEST]
        known = {key: value for key, value in said.items() if key in asked or key.startswith("column:")}
        self.names = {key: value for key, value in known.items() if key.startswith("name:") and value}
        self.answers = {
            key: value for key, value in known.items() if not key.startswith("name:") and (value or ":" in key)
        }
        return self


class AsideForm(Form):
    """Rows to set aside with a reason, or to take up again."""

    numbers = SelectMultipleField(coerce=lambda value: number_of(str(value)) or 0, validate_choice=False)
    everything = BooleanField()
    take_up = BooleanField()
    reason = StringField(_l("Reason"), [Length(max=200)])


class UndoForm(Form):
    """Why an import is reverted."""

    reason = StringField(
        _l("Reason"),
        [Length(max=200)],
        id="undo-reason",
        description=_l("Required if a report of the period is already frozen."),
    )


class ListForm(Form):
    """Which files the list shows."""

    class Meta:
        """Filters are read, not written: no token."""

        csrf = False

    kind = SelectField(_l("Content"), validate_choice=False)
    distributor = SelectField(_l("Distributor"), validate_choice=False)
    period = StringField(_l("Period"), [Length(max=10)])
    status = SelectField(_l("Status"), validate_choice=False)

    def offer(self, distributors: Iterable[Distributor]) -> "ListForm":
        """Fill the lists to choose from."""
        blank = [("", _("All"))]
        self.kind.choices = choices([*blank, *((kind.value, _(kind.label)) for kind in ImportKind)])
        self.status.choices = choices([*blank, *((status.value, _(status.label)) for status in BatchStatus)])
        self.distributor.choices = choices([*blank, *((one.id, one.name) for one in distributors)])
        return self

    @property
    def filters(self) -> dict[str, Any]:
        """What `queries.list_batches` is asked for; values that are none are left out."""
        return {
            "kind": member_of(ImportKind, self.kind.data),
            "status": member_of(BatchStatus, self.status.data),
            "distributor_id": number_of(self.distributor.data),
            "period": (self.period.data or "").strip()[:10],
        }

    @property
    def as_arguments(self) -> dict[str, str]:
        """The filters as the address of another page of the list carries them."""
        return {field.name: field.data for field in self if field.data}
