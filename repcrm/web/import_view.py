"""What the page of a file shows: its questions, open names, columns and control sums, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from repcrm.imports.kinds import KINDS
from repcrm.imports.service import is_about_lines
from repcrm.imports.words import message_words
from repcrm.sales.models import ImportBatch
from repcrm.web.forms.imports import ANSWER, TYPED, TYPED_INSTEAD, AnswersForm
from repcrm.web.languages import current_language


@dataclass(frozen=True)
class QuestionView:
    """A question with its inputs.

    name, typed  names of the inputs: the choices, and what is typed instead
    choices      (value, words)
    chosen       the value that is preselected
    text         what was typed before
    """

    key: str
    words: str
    examples: Sequence[str]
    choices: Sequence[tuple[str, str]]
    name: str
    typed: str
    chosen: str
    text: str = ""


def questions_of(batch: ImportBatch, form: AnswersForm | None) -> list[QuestionView]:
    """Return what has to be answered before anything of the file can be applied."""
    return [_view(one, form) for one in batch.questions if not is_about_lines(one["key"])]


def names_of(batch: ImportBatch, form: AnswersForm | None) -> list[QuestionView]:
    """Return the names and remarks that only some rows wait for; the others can be applied meanwhile."""
    return [_view(one, form) for one in batch.questions if is_about_lines(one["key"])]


def mapping_of(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return each sheet that was read with its columns: heading, first values, what it was taken for and why.

    Each column comes with the fields it may be chosen for.
    """
    columns, names = KINDS[batch.kind].columns, _field_names(batch)
    sheets = []
    for sheet in batch.reading.get("sheets", []):
        shown = [
            {
                **column,
                "field_name": names.get(column["field"], column["field"]),
                "why": _(column["why"]) if column["why"] and column["field"] else "",
            }
            for column in sheet["columns"]
        ]
        headings = [column["heading"] for column in sheet["columns"]]
        taken = {column["field"]: column["heading"] for column in sheet["columns"] if column["field"]}
        fields = [
            {
                "field": one.field,
                "name": names[one.field],
                "heading": taken.get(one.field, ""),
                "input": f"{ANSWER}column:{one.field}",
            }
            for one in columns
        ]
        sheets.append({**sheet, "columns": shown, "headings": headings, "fields": fields})
    return sheets


@dataclass(frozen=True)
class StatedView:
    """A total that the file states, beside the sum of its lines; `stated` is None where the cell has no value."""

    place: str
    field: str
    stated: str | None
    computed: str
    agrees: bool


def totals_of(batch: ImportBatch) -> list[StatedView]:
    """Return the totals that the file states, those that do not agree first."""
    names = _field_names(batch)
    totals = [one for sheet in batch.reading.get("sheets", []) for one in sheet["totals"]]
    shown = [
        StatedView(
            f"{one['sheet']} {one['at']}{one['row']}".strip(), names.get(one["field"], one["field"]), one["stated"],
            one["computed"], one["agrees"],
        )
        for one in totals
    ]  # fmt: skip
    return sorted(shown, key=lambda one: one.agrees)


def sums_of(batch: ImportBatch) -> dict[str, Any] | None:
    """Return the control sums of a sales file; None for other kinds, and before it is known whose file it is."""
    return dict(batch.sums) if batch.sums else None


def filters_of(batch: ImportBatch, chosen: Any) -> list[dict[str, Any]]:
    """Return the links that choose which rows are shown; groups without a row are left out."""
    counts = {
        "refused": (_("Rejected"), batch.count_refused),
        "open": (_("Waiting for an answer"), batch.count_open),
        "new": (_("New"), batch.count_new),
        "changed": (_("Changed"), batch.count_changed),
        "unchanged": (_("Unchanged"), batch.count_unchanged),
        "aside": (_("Set aside"), batch.count_aside),
    }
    total = sum(count for _words, count in counts.values())
    everything = url_for("imports.page", batch_id=batch.id, show="all")
    items = [{"text": _("All"), "href": everything, "current": chosen is None, "count": total}]
    return items + [
        {
            "text": words,
            "href": url_for("imports.page", batch_id=batch.id, show=value),
            "current": chosen is not None and chosen.value == value,
            "count": count,
        }
        for value, (words, count) in counts.items()
        if count or (chosen is not None and chosen.value == value)
    ]


def _field_names(batch: ImportBatch) -> dict[str, str]:
    """Field -> its name in the reader's language."""
    is_chinese = current_language() == "zh"
    return {one.field: one.chinese if is_chinese else one.english for one in KINDS[batch.kind].columns}


def _view(kept: dict[str, Any], form: AnswersForm | None) -> QuestionView:
    key = kept["key"]
    given = ({**form.answers, **form.names} if form is not None else {}).get(key)
    choices = [(value, message_words(label, params, _)) for value, label, params in kept["choices"]]
    known = {value for value, _words in choices}
    typed = given if given and given not in known else ""
    return QuestionView(
        key, message_words(kept["message"], kept["params"], _), kept["examples"], choices,
        ANSWER + key, TYPED + key, TYPED_INSTEAD if typed else (given or kept["proposed"]), typed,
    )  # fmt: skip
