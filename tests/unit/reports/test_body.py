"""Reading a body: without pandas, and cut down to what a rep may see."""

import subprocess
import sys
from fractions import Fraction

import pytest

from repcrm.reports.body import Body, Row, added_up, digest
from repcrm.reports.own import own_part
from repcrm.targets.attainment import Status
from tests.unit.reports.bodies import body


def test_reading_a_report_needs_neither_pandas_nor_altair():
    program = (
        "import sys; import repcrm.app, repcrm.web.reports, repcrm.reports.queries, repcrm.reports.service; "
        "repcrm.web.blueprints(); "
        "print([name for name in ('pandas', 'numpy', 'altair', 'vl_convert') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_attainment_is_none_without_a_target_or_flow():
    row = Row("rep", 0, None, None, None, floor=100, actual=90, n_places=1, n_target=1)
    assert row.attainment == Fraction(9, 10)
    assert row.status is Status.WATCH
    assert row._replace(floor=0, n_target=0).attainment is None
    assert row._replace(floor=0, n_target=0).missing == ["no_target"]
    assert row._replace(actual=0, n_no_flow=1).attainment is None
    assert row._replace(actual=0, n_no_flow=1).missing == ["no_flow"]
    assert row._replace(actual=0).attainment == 0


@pytest.mark.parametrize(("actual", "word"), [(100, "on_track"), (99, "watch"), (90, "watch"), (89, "behind")])
def test_the_word_follows_attainment(actual, word):
    assert Row("rep", 0, None, None, None, floor=100, actual=actual, n_target=1).status == word


def test_a_rep_sees_only_the_own_rows_and_totals_of_nothing_else():
    own = own_part(body(), "U1")
    row = body().find(0)
    assert row is not None
    assert own.total[1:] == row._replace(rep=None)[1:]
    assert {row.rep for row in own.rows} == {None, 0}
    assert sum(row.actual for row in own.level("product")) == own.total.actual
    assert sum(row.actual for row in own.level("region_product")) == own.total.actual
    assert sum(row.actual for row in own.level("doctor")) == own.total.actual
    assert own.series()["actual"] == [7, 13]
    text = str(own.raw)
    for secret in ("U2", "Second Rep", "H2", "Second Hospital", "D2"):
        assert secret not in text


def test_a_rep_without_rows_sees_an_empty_report():
    nobody = own_part(body(), "NOBODY")
    assert nobody.total == Row("region", None, None, None, None)
    assert [row.level for row in nobody.rows] == ["region"]


def test_rows_below_come_with_the_largest_gap_in_money_first():
    names = [body().name("reps", row.rep) for row in body().below(body().total)]
    assert [name.code for name in names if name] == ["U2", "U1"]


def test_a_digest_does_not_depend_on_the_order_of_keys():
    raw = body().raw
    assert digest(raw) == digest(dict(reversed(list(raw.items()))))
    assert digest(raw) != digest({**raw, "period": "2026-W46"})


def test_rows_add_up():
    rows = body().level("rep")
    assert added_up(rows, "region")[5:-3] == body().total[5:-3]


def test_a_body_is_read_back_as_it_was_written():
    assert Body(body().raw).rows == body().rows
