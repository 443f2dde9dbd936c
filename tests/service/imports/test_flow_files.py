"""Flow files: previewed, applied, replaced, undone."""

from datetime import date

import pytest
from sqlalchemy import func, select

from repcrm.core.errors import BadInput, Conflict, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.imports import service
from repcrm.imports.verdicts import Verdict
from repcrm.sales.models import BatchStatus, FlowGrain, FlowLine, ImportBatch
from repcrm.sales.queries import list_flow
from tests.factories import make_hospital

HEADER = "医院编码,产品编码,日期,盒数,金额（元）"
FIRST = (HEADER, "H1,P1,2026-11-03,120,6000", "江岸第二医院,产品乙,2026-11-04,30,", "H1,P1,2026-11-20,-10,-500")
SECOND = (HEADER, "H1,P1,2026-11-03,100,5000", "江岸第二医院,产品乙,2026-11-04,30,", "H1,P2,2026-11-21,7,")


def packs(session, scope):
    """What counts in November: hospital id, product id, day -> packs."""
    found = list_flow(session, scope, date(2026, 11, 1), date(2026, 12, 1))
    return {(one.hospital_id, one.product_id, one.on): one.packs for one in found}


def verdicts(batch):
    return [row.verdict for row in service.rows_of(batch)]


def test_a_preview_changes_nothing_but_says_what_would(session, scope, preview):
    batch = preview("flow", *FIRST, source="商业甲")
    assert (batch.status, batch.source, batch.period, batch.count_new) == (
        BatchStatus.PREVIEWED,
        "商业甲",
        "2026-11",
        3,
    )
    assert packs(session, scope) == {}


def test_an_applied_file_counts(session, scope, company, take_in):
    batch = take_in("flow", *FIRST, source="商业甲", period="2026-11")
    h1, h2, p1, p2 = (company[code].id for code in ("H1", "H2", "P1", "P2"))
    assert packs(session, scope) == {
        (h1, p1, date(2026, 11, 3)): 120,
        (h1, p1, date(2026, 11, 20)): -10,
        (h2, p2, date(2026, 11, 4)): 30,
    }
    lines = session.execute(
        select(FlowLine.line_no, FlowLine.value_fen, FlowLine.grain).order_by(FlowLine.line_no)
    ).all()
    assert [tuple(line) for line in lines] == [
        (1, 600_000, FlowGrain.DAY),
        (2, None, FlowGrain.DAY),
        (3, -50_000, FlowGrain.DAY),
    ]
    verb = session.scalar(select(JournalEntry.verb).where(JournalEntry.subject_id == batch.id))
    assert verb == "apply_batch"


def test_the_same_file_twice_changes_nothing(session, scope, preview, apply, take_in):
    first = take_in("flow", *FIRST, source="商业甲")
    before = packs(session, scope)
    again = preview("flow", *FIRST, source="商业甲")
    assert verdicts(again) == [Verdict.UNCHANGED] * 3
    assert not service.changes_anything(again)
    apply(again)
    assert again.status is BatchStatus.UNCHANGED
    assert first.status is BatchStatus.APPLIED
    assert packs(session, scope) == before
    assert session.scalar(select(func.count()).select_from(FlowLine)) == 3


def test_a_later_file_replaces_the_earlier_and_keeps_it(session, scope, company, preview, apply, take_in):
    first = take_in("flow", *FIRST, source="商业甲")
    other = take_in("flow", HEADER, "H1,P1,2026-10-03,50,", source="商业甲")
    second = preview("flow", *SECOND, source="商业甲")
    assert verdicts(second) == [Verdict.CHANGED, Verdict.UNCHANGED, Verdict.NEW]
    assert service.rows_of(second)[0].changes == {"packs": [120, 100], "value": [600_000, 500_000]}
    assert second.count_gone == 1
    apply(second)
    assert (first.status, other.status, second.status) == (
        BatchStatus.REPLACED,
        BatchStatus.APPLIED,
        BatchStatus.APPLIED,
    )
    assert first.replaced_by_id == second.id
    assert sum(packs(session, scope).values()) == 137
    assert session.scalar(select(func.count()).where(FlowLine.batch_id == first.id)) == 3


def test_undoing_lets_the_earlier_file_count_again(session, scope, take_in, undo):
    first = take_in("flow", *FIRST, source="商业甲")
    before = packs(session, scope)
    second = take_in("flow", *SECOND, source="商业甲")
    with pytest.raises(Conflict, match="Revert that import first"):
        undo(first)
    session.rollback()
    assert undo(second) == first
    assert (first.status, second.status) == (BatchStatus.APPLIED, BatchStatus.UNDONE)
    assert packs(session, scope) == before
    assert undo(first) is None
    assert packs(session, scope) == {}


def test_what_is_not_applied_cannot_be_undone(session, preview, undo):
    batch = preview("flow", *FIRST, source="商业甲")
    with pytest.raises(Conflict):
        undo(batch)


def test_one_refused_row_blocks_the_whole_file(session, scope, preview, apply):
    batch = preview("flow", *FIRST, "H9,P1,2026-11-05,1,", source="商业甲")
    assert (batch.count_new, batch.count_refused) == (3, 1)
    (problem,) = service.rows_of(batch)[3].problems
    assert (problem.letter, problem.header) == ("A", "医院编码")
    assert problem.message % problem.params == "There is no hospital “H9”."
    with pytest.raises(RuleBroken):
        apply(batch)
    session.rollback()
    assert packs(session, scope) == {}


def test_a_name_that_is_nearly_right_is_refused_with_a_suggestion(preview):
    batch = preview("flow", "医院,产品,日期,盒数", "江岸笫一医院,产品甲,2026-11-05,1", source="商业甲")
    (problem,) = service.rows_of(batch)[0].problems
    assert problem.message % problem.params == "There is no hospital “江岸笫一医院”. Is it H1 江岸第一医院?"


def test_a_refused_row_may_be_in_order_once_its_hospital_is_on_file(session, scope, region, preview, apply):
    batch = preview("flow", HEADER, "H9,P1,2026-11-05,1,", "H1,P1,2026-11-05,1.5,", source="商业甲")
    assert batch.count_refused == 2
    make_hospital(session, code="H9", region=region)
    service.look_again(session, scope, batch)
    assert (batch.count_new, batch.count_refused) == (1, 1), "1.5 packs stay refused"


def test_equal_lines_are_refused_naming_both_unless_a_delivery_note_tells_them_apart(preview):
    line = "H1,P1,2026-11-03,120,6000"
    batch = preview("flow", HEADER, line, line, source="商业甲")
    refused = service.rows_of(batch)[1]
    assert (refused.row, refused.problems[0].params["row"]) == (3, 2)
    apart = preview("flow", HEADER + ",单据号", line + ",CK1", line + ",CK2", source="商业甲")
    assert verdicts(apart) == [Verdict.NEW, Verdict.NEW]


def test_two_deliveries_of_a_day_are_two_lines(preview):
    batch = preview("flow", HEADER, "H1,P1,2026-11-03,120,", "H1,P1,2026-11-03,80,", source="商业甲")
    assert verdicts(batch) == [Verdict.NEW, Verdict.NEW]


def test_days_of_several_months_need_a_period_that_holds_them(session, scope, preview, apply):
    lines = (HEADER, "H1,P1,2026-10-03,1,", "H1,P1,2026-11-03,1,")
    with pytest.raises(BadInput, match="2026-Q4") as refused:
        preview("flow", *lines, source="商业甲")
    assert refused.value.field == "period"
    session.rollback()
    outside = preview("flow", *lines, source="商业甲", period="2026-11")
    assert service.rows_of(outside)[0].problems[0].message % service.rows_of(outside)[0].problems[0].params == (
        "2026-10-03 does not lie in 2026-11."
    )
    assert preview("flow", *lines, source="商业甲", period="2026-Q4").count_refused == 0


def test_a_period_that_shares_days_with_another_would_count_twice(session, preview, take_in):
    take_in("flow", *FIRST, source="商业甲")
    with pytest.raises(RuleBroken, match="count twice"):
        preview("flow", HEADER, "H1,P1,2026-11-03,1,", source="商业甲", period="2026-W45")
    session.rollback()
    assert preview("flow", HEADER, "H1,P1,2026-11-03,1,", source="商业乙", period="2026-W45").count_new == 1


def test_the_source_may_stand_in_the_file(session, preview):
    header = HEADER + ",商业公司"
    assert preview("flow", header, "H1,P1,2026-11-03,1,,商业丙").source == "商业丙"
    with pytest.raises(BadInput, match="several distributors"):
        preview("flow", header, "H1,P1,2026-11-03,1,,商业丙", "H1,P1,2026-11-04,1,,商业丁")
    session.rollback()
    with pytest.raises(BadInput, match="Say which distributor"):
        preview("flow", HEADER, "H1,P1,2026-11-03,1,")


def test_a_monthly_source_gives_lines_of_months(session, take_in):
    batch = take_in("flow", "医院,产品,月份,数量", "江岸一院,产品甲,2026年11月,400", source="商业甲")
    line = session.scalar(select(FlowLine).where(FlowLine.batch_id == batch.id))
    assert (line.on, line.grain, line.packs, batch.period) == (date(2026, 11, 1), FlowGrain.MONTH, 400, "2026-11")


def test_a_month_does_not_lie_in_a_week(preview):
    batch = preview("flow", "医院编码,产品编码,月份,盒数", "H1,P1,2026-11,400", source="商业甲", period="2026-W45")
    assert batch.count_refused == 1


def test_code_and_name_that_disagree_are_refused(preview):
    header = "医院编码,医院名称,产品编码,日期,盒数"
    batch = preview(
        "flow", header, "H1,江岸第二医院,P1,2026-11-03,1", "X77,江岸第二医院,P1,2026-11-03,1", source="商业甲"
    )
    assert verdicts(batch) == [Verdict.REFUSED, Verdict.NEW]


def test_a_batch_is_applied_only_once(session, preview, apply):
    batch = preview("flow", *FIRST, source="商业甲")
    apply(batch)
    with pytest.raises(Conflict, match="no longer waiting"):
        apply(batch)


def test_a_stale_preview_is_not_applied(session, scope, preview, apply):
    shown_first = preview("flow", *FIRST, source="商业甲")
    shown_second = preview("flow", *SECOND, source="商业甲")
    apply(shown_first)
    with pytest.raises(Conflict, match="changed since the preview"):
        apply(shown_second)
    session.rollback()
    service.look_again(session, scope, shown_second)
    session.commit()
    assert verdicts(shown_second) == [Verdict.CHANGED, Verdict.UNCHANGED, Verdict.NEW]
    apply(shown_second)
    assert shown_first.replaced_by_id == shown_second.id


def test_a_discarded_file_is_put_aside(session, scope, preview, apply):
    batch = preview("flow", *FIRST, source="商业甲")
    service.discard(session, scope, batch, now=batch.created_at)
    assert batch.status is BatchStatus.DISCARDED
    with pytest.raises(Conflict):
        apply(batch)


def test_whoever_dies_in_the_middle_leaves_nothing(session, scope, preview, engine, monkeypatch):
    batch = preview("flow", *FIRST, source="商业甲")

    class Killed(BaseException):
        pass

    def dies(*_args, **_kwargs):
        raise Killed

    monkeypatch.setattr("repcrm.sales.staging.record", dies)  # after the lines are in, before the commit
    with pytest.raises(Killed):
        service.apply(session, scope, batch, now=batch.created_at)
    session.close()
    with engine.connect() as other:
        assert other.scalar(select(func.count()).select_from(FlowLine)) == 0
        assert other.scalar(select(ImportBatch.status)) is BatchStatus.PREVIEWED
