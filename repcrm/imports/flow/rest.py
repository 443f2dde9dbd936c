"""Lines that waited while the rest of their file was applied: judged like all others, and asked about like all others.

Before a file is applied, a doubt about some of its lines stops the whole file. Here the file counts already, so that
only the lines in doubt go on waiting.
"""

from collections.abc import Collection

from repcrm.core.words import N_
from repcrm.imports.flow.checks import refuse_clashes
from repcrm.imports.flow.judging import COUNT, LEAVE
from repcrm.imports.flow.preview import begin
from repcrm.imports.kinds.shared import Context
from repcrm.imports.questions import Choice, Question
from repcrm.imports.verdicts import Row, Verdict, problem_of
from repcrm.sales.doubles import find_same_documents
from repcrm.sales.models import ImportBatch

REST = "rest"
"""First word of the questions about such lines, and what the lines wait for."""
DOUBTS = {
    "repeats": N_(
        "Rows that say exactly what another row or an earlier file says: %(lines)s (packs: %(packs)s). Do they count "
        "once more?"
    ),
    "documents": N_(
        "Rows with document numbers that another distributor has reported: %(lines)s (packs: %(packs)s). Do they count "
        "once more?"
    ),
}
"""Doubt -> the question it leads to. What was answered for the file before it was applied holds for the rest, too."""


def judge_rest(context: Context, batch: ImportBatch, rows: list[Row]) -> None:
    """Judge lines of an applied file that waited; what may count twice waits on until a person has said so."""
    context.answers = {**context.answers, "distributor": batch.source, "period": batch.period}
    judge = begin(context, rows)
    judge.judge(rows)
    assert context.distributor is not None  # the batch names it
    distributor = context.distributor
    numbers = {row.number: row for row in rows}
    for amendment in refuse_clashes(context, judge.tally, distributor, ()):
        row = numbers[amendment.number]
        row.verdict = Verdict.REFUSED
        row.problems = list(map(problem_of, amendment.kept["problems"]))
    same = find_same_documents(context.session, distributor, judge.tally.documents)
    doubled = {one.document for one in same}
    for row in rows:
        doubt, before = _doubt(row, doubled)
        if doubt:
            _decide(context, row, doubt, before)


def ask_rest(doubt: str, lines: int, packs: int) -> Question:
    """Ask whether lines in doubt count."""
    return Question(
        f"{REST}:{doubt}",
        DOUBTS[doubt],
        {"lines": lines, "packs": packs},
        (
            Choice(LEAVE, N_("They are the same deliveries: leave them out")),
            Choice(COUNT, N_("They are separate deliveries: count them")),
        ),
        option=f"--answer {REST}:{doubt}=leave|count",
    )


def _doubt(row: Row, doubled: Collection[str]) -> tuple[str, str]:
    """Return what is doubtful about a row, and the question about it that a file is asked before it is applied."""
    if row.verdict is Verdict.ASIDE and not row.aside:
        return "repeats", "duplicates"
    if row.verdict is Verdict.UNCHANGED:
        return "repeats", "on_file"
    is_doubled = not row.is_stuck and str(row.values.get("document", "")) in doubled
    return ("documents", "documents") if is_doubled else ("", "")


def _decide(context: Context, row: Row, doubt: str, before: str) -> None:
    answer = context.answers.get(f"{REST}:{doubt}") or context.answers.get(before)
    row.verdict = Verdict.ASIDE if answer == LEAVE else Verdict.NEW
    if answer not in (LEAVE, COUNT):
        row.wait_for(REST, doubt)
