"""Rows, changes and refusals as a reader's words; the door lends its translation."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from repcrm.core.words import N_
from repcrm.imports.columns import Column
from repcrm.imports.flow.remarks import REMARK
from repcrm.imports.flow.rest import REST
from repcrm.imports.kinds import KINDS
from repcrm.imports.roster import slots_of
from repcrm.imports.verdicts import Problem, Row, Verdict
from repcrm.sales.models import ImportKind

Translate = Callable[[str], str]

WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
PARTS = {"am": N_("morning"), "pm": N_("afternoon"), "eve": N_("evening")}
ANSWERS = {"yes": N_("yes"), "no": N_("no")}
REFUSED_HEADINGS = (N_("Sheet"), N_("Row"), N_("Column"), N_("Header"), N_("Reason"))
UNIT_HEADING = N_("Quantity as stated")
NOTHING = "–"


@dataclass(frozen=True)
class RowWords:
    """A row as it is shown.

    where     row 5, or sheet and row
    facts     (header, value) of what the file says
    changes   (header, before, after)
    problems  why it is refused, each with its column
    number    its place among the rows of the file
    waiting   the names it waits for
    aside     why it is set aside
    """

    verdict: Verdict
    where: str
    facts: Sequence[tuple[str, str]]
    changes: Sequence[tuple[str, str, str]]
    problems: Sequence[str]
    number: int = 0
    waiting: Sequence[str] = ()
    aside: str = ""


OPEN_NAME = N_("waits for the name “%(name)s”")
WAITS = {
    REMARK: N_("waits for a decision about its remark “%(name)s”"),
    REST: N_("may count twice: waits for a decision"),
}


def row_words(kind: ImportKind, row: Row, language: str, translate: Translate) -> RowWords:
    """Put a row into words."""
    columns = {column.field: column for column in KINDS[kind].columns}

    def header(name: str) -> str:
        return columns[name].chinese if language == "zh" else columns[name].english

    facts = [
        (header(name), shown(columns[name], row.values[name], translate)) for name in columns if name in row.values
    ]
    facts += (
        [(translate(UNIT_HEADING), f"{row.values['quantity']} {row.values['unit']}")]
        if "quantity" in row.values
        else []
    )
    changes = [
        (header(name), shown(columns[name], before, translate), shown(columns[name], after, translate))
        for name, (before, after) in row.changes.items()
    ]
    waiting = [translate(WAITS.get(kind, OPEN_NAME)) % {"name": words} for kind, words in row.open_names]
    return RowWords(
        row.verdict, where(row, translate), facts, changes, [problem_words(p, translate) for p in row.problems],
        row.number, waiting, row.aside,
    )  # fmt: skip


def where(row: Row, translate: Translate) -> str:
    """Where a row stands: row 5, or Sheet1, row 5; with its column where months stand across."""
    message = N_("%(sheet)s, row %(row)s") if row.sheet else N_("row %(row)s")
    said = translate(message) % {"sheet": row.sheet, "row": row.row}
    return translate(N_("%(row)s, column %(column)s")) % {"row": said, "column": row.at} if row.at else said


def problem_words(problem: Problem, translate: Translate) -> str:
    """Why a row is refused, with the column: C “盒数”: “12.5” is not a whole number."""
    place = " ".join(part for part in (problem.letter, f"“{problem.header}”" if problem.header else "") if part)
    return f"{place}: {reason(problem, translate)}" if place else reason(problem, translate)


def reason(problem: Problem, translate: Translate) -> str:
    """Why a row is refused, without the column."""
    return message_words(problem.message, problem.params, translate)


def message_words(message: str, params: Any, translate: Translate) -> str:
    """A message that was kept with its values."""
    values = {name: translate(v["label"]) if isinstance(v, dict) else v for name, v in params.items()}
    return translate(message) % values


def shown(column: Column, value: Any, translate: Translate) -> str:
    """A value as a reader of the language expects it."""
    if value is None or value == "":
        return NOTHING
    if column.term is not None:
        return translate(column.term(value).label)
    match column.shape:
        case "packs":
            return f"{value:,}"
        case "fen":
            return f"{value / 100:,.2f}"
        case "month":
            return str(value)[:7]
        case "weekday":
            return translate(WEEKDAYS[int(value) - 1])
        case "roster":
            joint = "、" if translate(PARTS["am"]) != PARTS["am"] else ", "
            return joint.join(
                f"{translate(WEEKDAYS[day - 1])} {translate(PARTS[part])}" for day, part in slots_of(value)
            )
        case _:
            return translate(ANSWERS[value]) if value in ANSWERS else str(value)


def refused_csv(rows: Iterable[Row], translate: Translate) -> bytes:
    """The refused rows for Excel: sheet, row, column, header, reason; one line a reason."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([translate(words) for words in REFUSED_HEADINGS])
    for row in rows:
        for problem in row.problems:
            writer.writerow(
                map(_inert, (row.sheet, row.row, problem.letter, problem.header, reason(problem, translate)))
            )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _inert(value: object) -> object:
    """Text that Excel would run as a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
