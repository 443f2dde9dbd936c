"""Whatever the layout: a file is read exactly, or refused, or asked about; answered, it is read exactly."""

import os
import random
from collections import Counter

import pytest

from repcrm.core.errors import BadInput
from repcrm.imports.kinds import KINDS
from repcrm.imports.layout import read_sheets
from repcrm.imports.workbook import Sheet, open_file
from repcrm.sales.models import ImportKind
from tests.unit.imports.layouts import FACTORS, Layout, Line, write

CASES = int(os.environ.get("REPCRM_LAYOUT_CASES", "300"))
FIRST = int(os.environ.get("REPCRM_LAYOUT_SEED", "0")) or random.randrange(10**9)
BATCH = max(1, CASES // 20)
MOST_ROUNDS = 6


class Wrong(AssertionError):
    """A layout that was read differently from what it says."""


def outcome(layout: Layout, sheets: list[Sheet]) -> str:
    """Read a layout, answering what is asked; "read", or "refused" where a row or the file was."""
    answers: dict[str, str] = {}
    for _ in range(MOST_ROUNDS):
        try:
            reading = read_sheets(sheets, KINDS[ImportKind.FLOW], answers, layout.file_name)
            rows = list(reading.rows)
        except BadInput:
            return "refused"
        again = [question.key for question in reading.questions if question.key in answers]
        if again:
            raise Wrong(f"asked again: {again}")
        if not reading.questions:
            if any(row.problems for row in rows):
                return "refused"
            got = Counter(line_of(row.values) for row in rows)
            if got != layout.truth:
                raise Wrong(f"read {got - layout.truth} instead of {layout.truth - got}")
            return "read"
        for question in reading.questions:
            answer = layout.answer(question)
            if answer is None:
                raise Wrong(f"asked without need: {question.message % question.params}")
            answers[question.key] = answer
    raise Wrong("no end of questions")


def line_of(values) -> Line:
    """A line in packs, converted as the company would."""
    packs = values["packs"] if "packs" in values else int(values["quantity"]) * FACTORS[values["unit"]]
    for unit, number in values.get("also", ()):
        assert int(number) * FACTORS[unit] == packs
    when = values["on"] if "on" in values else values["month"][:7]
    return values["hospital_name"], values["product_name"], when, packs, values.get("value")


@pytest.mark.parametrize("batch", range(20))
def test_any_layout_is_read_exactly_or_refused_or_asked_about(batch):
    outcomes: Counter[str] = Counter()
    for seed in range(FIRST + batch * BATCH, FIRST + (batch + 1) * BATCH):
        layout = write(seed)
        try:
            outcomes[outcome(layout, [layout.sheet])] += 1
        except Exception as error:
            pytest.fail(f"REPCRM_LAYOUT_SEED={seed} {sorted(layout.traits)}: {error!r}\n{table(layout)}")
    assert outcomes["read"] >= outcomes.total() * 0.8, outcomes


def test_real_files_are_read_like_their_cells():
    for seed in range(FIRST, FIRST + max(12, CASES // 100)):
        layout = write(seed)
        expected = outcome(layout, [layout.sheet])
        assert outcome(layout, open_file(layout.as_xlsx())) == expected, seed


def table(layout: Layout) -> str:
    """The cells of a layout, for the message of a failure."""
    return "\n".join(" | ".join("" if cell is None else str(cell) for cell in row) for row in layout.rows)
