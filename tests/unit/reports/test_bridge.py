"""Bridges add up, and each hospital x product falls under one cause."""

import pytest

from repcrm.reports.body import Body, Row, stored
from repcrm.reports.bridge import Cause, between, made_of, rep_changes
from tests.unit.reports.bodies import FIRST, body, place


def test_the_causes_sum_to_the_gap():
    steps = made_of(body())
    assert {step.code: step.packs for step in steps} == {Cause.MISSED_CALLS: 7, Cause.BEHIND: 20}
    assert sum(step.packs for step in steps) == body().total.gap
    assert sum(step.fen for step in steps) == body().total.gap_fen


@pytest.mark.parametrize(
    ("figures", "cause"),
    [
        ({"n_target": 0, "floor": 0}, Cause.NO_TARGET),
        ({"n_no_flow": 1, "actual": 0}, Cause.NO_FLOW),
        ({"actual": 20}, Cause.AHEAD),
        ({}, Cause.MISSED_CALLS),
        ({"done": 4}, Cause.BEHIND),
        ({"done": 0, "planned": 0}, Cause.NO_CALLS),
    ],
)
def test_a_place_falls_under_the_first_cause_that_applies(figures, cause):
    one = {**FIRST, **figures}
    keys = {"region": (None, None, None), "rep": (0, None, None), "hospital": (0, 0, None), "product": (0, 0, 0)}
    rows = [place(level, *key, **one) for level, key in keys.items()]
    assert [step.code for step in made_of(Body({**body().raw, "rows": rows}))] == [cause]


def test_behind_where_a_product_is_not_listed_is_not_for_want_of_calls():
    steps = made_of(Body({**body().raw, "unlisted": [[0, 0, "applied", "2026-01-01"]]}))
    assert [step.code for step in steps] == [Cause.NOT_LISTED, Cause.BEHIND]


def test_nothing_changed_makes_no_step():
    assert between(body(), body()) == []
    assert set(rep_changes(body(), body()).values()) == {(0, 0)}


def test_a_revision_by_rep_splits_into_what_came_and_what_was_handed_over():
    rows = []
    for raw in body().raw["rows"]:
        row = Row._make((*raw[:4], None, *raw[4:], 0))
        if row.level in ("rep", "hospital", "product") and row.rep == 1:
            row = row._replace(actual=row.actual + 6)
        rows.append(stored(row))
    new = Body({**body().raw, "rows": rows})
    assert rep_changes(body(), new) == {"U1": (0, 0), "U2": (-6, 0)}
    assert [(step.code, step.packs) for step in between(body(), new)] == [("flow_added", -6)]
