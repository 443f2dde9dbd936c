"""Lines that waited while the rest of their file was applied: what the whole file is asked, they are asked as well."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.imports import service
from repcrm.imports.naming.asking import answer_names
from repcrm.imports.verdicts import Verdict
from repcrm.sales.models import StockLine
from tests.factories import NOW
from tests.service.imports.kept import questions_of, rows_of
from tests.service.imports.test_flow_files import packs

HEADER = "医院编码,产品编码,日期,盒数,单据号"


@pytest.fixture
def named(session, scope):
    """Say that 老一院 is H1, then let the waiting lines go on with answers; returns how many were applied."""

    def named(batch, **answers: str) -> int:
        names = {"name:hospital:老一院": "H1"}
        answer_names(session, scope, names, distributor_id=batch.distributor_id, now=NOW)
        count = service.go_on(session, scope, batch, now=NOW, answers={f"rest:{k}": v for k, v in answers.items()})
        session.commit()
        return count

    return named


def total(session, scope) -> int:
    return sum(packs(session, scope).values())


@pytest.mark.parametrize(("answer", "after"), [("count", 24), ("leave", 12)])
def test_a_line_that_turns_out_to_be_on_file_waits_until_a_person_says_whether_it_counts(
    session, scope, take_in, named, undo, answer, after
):
    take_in("flow", HEADER, "H1,P1,2026-11-03,12,", distributor="商业甲")
    batch = take_in(
        "flow", HEADER, "老一院,P1,2026-11-03,12,", "H2,P1,2026-11-03,5,", distributor="商业甲", mode="adds"
    )
    assert (total(session, scope), batch.count_open) == (17, 1)
    assert named(batch) == 0
    assert (total(session, scope), batch.count_open, questions_of(batch)) == (17, 1, ["rest:repeats"])
    assert (batch.questions[0]["params"]["lines"], batch.questions[0]["params"]["packs"]) == (1, 12)
    before = batch.sums["months"]
    assert (batch.sums["lines"], before) == (1, [["2026-11", 1, 5, 12, 17, 0, 0, 0]])
    assert named(batch, repeats=answer) == (answer == "count")
    counted = [["2026-11", 2, 17, 12, 29, 0, 0, 0]]
    assert batch.sums["months"] == (counted if answer == "count" else before)
    assert (total(session, scope), batch.count_open, batch.questions) == (5 + after, 0, [])
    undo(batch)
    assert total(session, scope) == 12


def test_a_line_that_repeats_one_of_its_own_file_waits_as_well(session, scope, take_in, named):
    batch = take_in("flow", HEADER, "H1,P1,2026-11-03,12,", "老一院,P1,2026-11-03,12,", distributor="商业甲")
    assert named(batch) == 0
    assert (total(session, scope), questions_of(batch)) == (12, ["rest:repeats"])
    assert named(batch, repeats="leave") == 0
    assert (total(session, scope), batch.count_aside) == (12, 1)


def test_two_waiting_lines_that_say_the_same_are_asked_about(session, scope, take_in, named):
    lines = "老一院,P1,2026-11-03,12,", "老一院,P1,2026-11-03,12,", "H2,P1,2026-11-03,5,"
    batch = take_in("flow", HEADER, *lines, distributor="商业甲")
    assert named(batch) == 1
    assert (total(session, scope), questions_of(batch)) == (17, ["rest:repeats"])
    assert named(batch, repeats="count") == 1
    assert total(session, scope) == 29


def test_a_document_that_another_distributor_has_reported_is_asked_about(session, scope, take_in, named):
    take_in("flow", HEADER, "H1,P1,2026-11-03,12,XS001", distributor="商业乙")
    batch = take_in("flow", HEADER, "老一院,P1,2026-11-03,12,XS001", "H2,P1,2026-11-03,5,", distributor="商业甲")
    assert named(batch) == 0
    assert (total(session, scope), questions_of(batch)) == (17, ["rest:documents"])
    assert named(batch, documents="leave") == 0
    assert (total(session, scope), batch.count_aside, batch.questions) == (17, 1, [])


def test_a_month_of_days_that_are_on_file_is_refused_with_both_places(session, scope, take_in, named):
    take_in("flow", HEADER, "H1,P1,2026-11-03,12,", distributor="商业甲", period="2026-W45")
    batch = take_in("flow", "医院编码,产品编码,月份,盒数", "老一院,P1,2026-11,40", "H2,P1,2026-11,5",
                    distributor="商业甲", mode="adds")  # fmt: skip
    assert named(batch) == 0
    row = rows_of(batch)[0]
    assert (row.verdict, total(session, scope)) == (Verdict.REFUSED, 17)
    assert "was reported" in row.problems[0].message


def test_the_stock_of_a_waiting_line_is_kept_when_it_is_applied(session, take_in, named):
    lines = "老一院,P1,2026-11-03,12,388", "H2,P1,2026-11-03,5,470"
    batch = take_in("flow", "医院编码,产品编码,日期,销售数量,期末库存", *lines, distributor="商业甲", stock="take")
    assert _stock(session) == [470]
    assert named(batch) == 1
    assert _stock(session) == [388, 470]


def _stock(session) -> list[int]:
    return sorted(session.scalars(select(StockLine.packs)))


def test_a_line_of_another_month_is_late_and_goes_to_its_own_date(session, scope, take_in, named):
    batch = take_in("flow", HEADER, "老一院,P1,2026-10-30,-3,", "H2,P1,2026-11-03,5,", distributor="商业甲",
                    period="2026-11")  # fmt: skip
    assert named(batch) == 1
    assert list(packs(session, scope, date(2026, 10, 1)).values()) == [-3]
