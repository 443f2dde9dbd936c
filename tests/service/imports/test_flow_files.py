"""Flow files: previewed, applied, replaced, undone."""

from datetime import date

import pytest
from sqlalchemy import func, select

from repcrm.catalogue.converting import set_conversion
from repcrm.catalogue.units import PackUnit
from repcrm.core.errors import BadInput, Conflict, RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.db.journal import JournalEntry
from repcrm.imports import service
from repcrm.imports.verdicts import Verdict
from repcrm.sales.models import BatchStatus, FlowGrain, FlowLine, FlowMode, ImportBatch
from repcrm.sales.queries import list_flow, list_monthly_flow
from tests.factories import NOW, make_conversion, make_distributor_region, make_hospital, make_region
from tests.service.imports.kept import questions_of, rows_of

HEADER = "医院编码,产品编码,日期,盒数,金额（元）"
FIRST = (HEADER, "H1,P1,2026-11-03,120,6000", "江岸第二医院,产品乙,2026-11-04,30,", "H1,P1,2026-11-20,-10,-500")
SECOND = (HEADER, "H1,P1,2026-11-03,100,5000", "江岸第二医院,产品乙,2026-11-04,30,", "H1,P2,2026-11-21,7,")


def packs(session, scope, month=date(2026, 11, 1)):
    """What counts in a month, November unless told: hospital id, product id, day -> packs."""
    found = list_flow(session, scope, month, Period.of(PeriodKind.MONTH, month).until_on)
    return {(one.hospital_id, one.product_id, one.on): one.packs for one in found}


def verdicts(batch):
    return [row.verdict for row in rows_of(batch)]


def test_a_preview_changes_nothing_but_says_what_would(session, scope, preview):
    batch = preview("flow", *FIRST, distributor="商业甲")
    assert (batch.status, batch.source, batch.period, batch.count_new) == (
        BatchStatus.PREVIEWED,
        "商业甲",
        "2026-11",
        3,
    )
    assert packs(session, scope) == {}


def test_an_applied_file_counts(session, scope, company, take_in):
    batch = take_in("flow", *FIRST, distributor="商业甲", period="2026-11")
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
    first = take_in("flow", *FIRST, distributor="商业甲")
    before = packs(session, scope)
    again = preview("flow", *FIRST, distributor="商业甲")
    assert verdicts(again) == [Verdict.UNCHANGED] * 3
    assert service.changes_nothing(again)
    apply(again)
    assert again.status is BatchStatus.UNCHANGED
    assert first.status is BatchStatus.APPLIED
    assert packs(session, scope) == before
    assert session.scalar(select(func.count()).select_from(FlowLine)) == 3


def test_a_later_file_replaces_the_earlier_and_keeps_it(session, scope, preview, apply, take_in):
    first = take_in("flow", *FIRST, distributor="商业甲")
    other = take_in("flow", HEADER, "H1,P1,2026-10-03,50,", distributor="商业甲")
    second = preview("flow", *SECOND, distributor="商业甲", mode="replaces")
    assert verdicts(second) == [Verdict.CHANGED, Verdict.UNCHANGED, Verdict.NEW]
    assert rows_of(second)[0].changes == {"packs": [120, 100], "value": [600_000, 500_000]}
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
    first = take_in("flow", *FIRST, distributor="商业甲")
    before = packs(session, scope)
    second = take_in("flow", *SECOND, distributor="商业甲", mode="replaces")
    with pytest.raises(Conflict, match="Revert that import first"):
        undo(first)
    session.rollback()
    assert undo(second) == [first]
    assert (first.status, second.status) == (BatchStatus.APPLIED, BatchStatus.UNDONE)
    assert packs(session, scope) == before
    assert undo(first) == []
    assert packs(session, scope) == {}


def test_what_is_not_applied_cannot_be_undone(session, preview, undo):
    batch = preview("flow", *FIRST, distributor="商业甲")
    with pytest.raises(Conflict):
        undo(batch)


def test_one_refused_row_blocks_the_whole_file(session, scope, preview, apply):
    batch = preview("flow", *FIRST, "H1,P1,2026-11-05,1.5,", distributor="商业甲")
    assert (batch.count_new, batch.count_refused) == (3, 1)
    (problem,) = rows_of(batch)[3].problems
    assert (problem.letter, problem.header) == ("D", "盒数")
    assert problem.message % problem.params == "“1.5” is not a whole number."
    with pytest.raises(RuleBroken):
        apply(batch)
    session.rollback()
    assert packs(session, scope) == {}


def test_an_unknown_name_waits_and_the_clear_lines_are_applied(
    session, scope, company, region, preview, apply, look_again, undo
):
    batch = preview("flow", *FIRST, "H9,P1,2026-11-05,4,", distributor="商业甲")
    assert (batch.count_new, batch.count_open, questions_of(batch)) == (3, 1, ["name:hospital:H9"])
    apply(batch)
    assert sum(packs(session, scope).values()) == 140
    make_hospital(session, code="H9", region=region)
    assert service.go_on(session, scope, batch, now=NOW) == 1
    session.commit()
    assert (batch.count_new, batch.count_open, batch.questions) == (4, 0, [])
    assert sum(packs(session, scope).values()) == 144
    undo(batch)
    assert packs(session, scope) == {}


def test_lines_whose_remark_may_change_their_meaning_wait_for_a_decision_each(session, scope, preview, apply, undo):
    lines = (
        "H1,P1,2026-11-03,12,赠品2盒", "H1,P1,2026-11-04,30,返利结算后补货", "H2,P1,2026-11-05,7,上午送达",
        "H2,P1,2026-11-06,5,赠品2盒",
    )  # fmt: skip
    batch = preview("flow", "医院编码,产品编码,日期,盒数,备注", *lines, distributor="商业甲")
    assert (batch.count_new, batch.count_open) == (1, 3)
    assert questions_of(batch) == ["remarks:返利结算后补货", "remarks:赠品2盒"]
    apply(batch)
    assert sum(packs(session, scope).values()) == 7
    assert service.go_on(session, scope, batch, now=NOW, answers={"remarks:赠品2盒": "take"}) == 2
    session.commit()
    assert questions_of(batch) == ["remarks:返利结算后补货"]
    assert service.go_on(session, scope, batch, now=NOW, answers={"remarks:返利结算后补货": "aside"}) == 0
    session.commit()
    assert (batch.count_new, batch.count_open, batch.count_aside, batch.questions) == (3, 0, 1, [])
    assert sum(packs(session, scope).values()) == 7 + 12 + 5
    undo(batch)
    assert packs(session, scope) == {}


def test_one_answer_decides_all_remarks(session, scope, preview, apply):
    lines = "H1,P1,2026-11-03,12,赠品2盒", "H1,P1,2026-11-04,30,返利结算后补货"
    head = "医院编码,产品编码,日期,盒数,备注"
    batch = preview("flow", head, *lines, distributor="商业甲", remarks="aside")
    assert (batch.count_aside, batch.questions) == (2, [])
    batch = preview("flow", head, *lines, distributor="商业甲", remarks="take")
    apply(batch)
    assert sum(packs(session, scope).values()) == 42


def test_a_file_without_rows_is_refused(preview):
    with pytest.raises(BadInput, match="no rows below"):
        preview("flow", "医院编码,产品编码,日期,盒数", "合计,,,0", distributor="商业甲")


def test_a_file_whose_names_are_all_unknown_waits_instead_of_ending(session, preview, apply):
    batch = preview("flow", HEADER, "H9,P1,2026-11-05,4,", distributor="商业甲")
    with pytest.raises(RuleBroken, match="wait for answers"):
        apply(batch)
    session.rollback()
    assert batch.status is BatchStatus.PREVIEWED


def test_a_row_set_aside_does_not_stop_the_others_and_stays_visible(session, scope, preview, apply, look_again):
    batch = preview("flow", *FIRST, "H1,P1,2026-11-05,1.5,", distributor="商业甲")
    with pytest.raises(RuleBroken, match="Say why"):
        service.set_aside(session, scope, batch, [4], " ", now=NOW)
    service.set_aside(session, scope, batch, [4], "药店", now=NOW)
    session.commit()
    look_again(batch)
    assert (batch.count_refused, batch.count_aside) == (0, 1)
    assert [(row.row, row.aside) for row in rows_of(batch, Verdict.ASIDE)] == [(5, "药店")]
    apply(batch)
    assert sum(packs(session, scope).values()) == 140


def test_a_refused_row_stays_refused_when_its_hospital_is_on_file(session, region, preview, look_again):
    batch = preview("flow", HEADER, "H9,P1,2026-11-05,1,", "H1,P1,2026-11-05,1.5,", distributor="商业甲")
    assert (batch.count_open, batch.count_refused) == (1, 1)
    make_hospital(session, code="H9", region=region)
    session.commit()
    look_again(batch)
    assert (batch.count_new, batch.count_refused) == (1, 1), "1.5 packs stay refused"


def test_equal_lines_are_asked_about_unless_a_delivery_note_tells_them_apart(
    session, scope, preview, apply, look_again
):
    line = "H1,P1,2026-11-03,120,6000"
    batch = preview("flow", HEADER, line, line, distributor="商业甲")
    assert questions_of(batch) == ["duplicates"]
    with pytest.raises(RuleBroken, match="not answered"):
        apply(batch)
    session.rollback()
    apply(look_again(batch, duplicates="count"))
    assert sum(packs(session, scope).values()) == 240
    line = "H1,P2,2026-11-03,120,6000"
    apart = preview("flow", HEADER + ",单据号", line + ",CK1", line + ",CK2", distributor="商业乙")
    assert (verdicts(apart), apart.questions) == ([Verdict.NEW, Verdict.NEW], [])


def test_repetitions_are_left_out_when_a_person_says_so(session, scope, preview, apply):
    line = "H1,P1,2026-11-03,120,6000"
    batch = preview("flow", HEADER, line, line, distributor="商业甲", duplicates="leave")
    apply(batch)
    assert sum(packs(session, scope).values()) == 120


def test_two_deliveries_of_a_day_are_two_lines(preview):
    batch = preview("flow", HEADER, "H1,P1,2026-11-03,120,", "H1,P1,2026-11-03,80,", distributor="商业甲")
    assert verdicts(batch) == [Verdict.NEW, Verdict.NEW]


def test_a_file_of_several_new_months_answers_for_all_of_them(session, scope, preview, apply):
    batch = preview("flow", HEADER, "H1,P1,2026-10-03,1,", "H1,P1,2026-11-03,1,", distributor="商业甲")
    assert (batch.period, batch.questions) == ("2026-Q4", [])


def test_a_line_after_the_period_is_refused(preview):
    lines = (HEADER, "H1,P1,2026-10-03,1,", "H1,P1,2026-11-03,1,")
    outside = preview("flow", *lines, distributor="商业甲", period="2026-10")
    (problem,) = rows_of(outside)[1].problems
    assert problem.message % problem.params == "2026-11-03 lies after 2026-10."
    with pytest.raises(BadInput, match="is not a period"):
        preview("flow", *lines, distributor="商业甲", period="soon")


def test_late_lines_go_to_their_own_month(session, scope, company, preview, apply, take_in, undo):
    """October 40 and September −10: September then has 100 + 60 − 10 = 150."""
    header = "医院编码,产品编码,日期,盒数,单据号"
    take_in("flow", header, "H1,P1,2026-09-03,100,A1", "H1,P1,2026-09-20,60,A2", distributor="商业甲")
    october = preview("flow", header, "H1,P1,2026-10-08,40,B1", "H1,P1,2026-09-20,-10,A2R", distributor="商业甲")
    assert (october.period, october.mode, october.questions) == ("2026-10", FlowMode.REPLACES, [])
    assert october.sums["late"] == [["2026-09", 1, -10]]
    assert [month[:5] for month in october.sums["months"]] == [["2026-09", 1, -10, 160, 150], ["2026-10", 1, 40, 0, 40]]
    apply(october)
    monthly = list_monthly_flow(session, scope, [Period.parse("2026-09"), Period.parse("2026-10")])
    assert sorted(monthly.values()) == [40, 150]
    undo(october)
    assert sum(list_monthly_flow(session, scope, [Period.parse("2026-09"), Period.parse("2026-10")]).values()) == 160


def test_a_late_line_reported_before_does_not_count_twice_unasked(session, preview, apply, take_in, look_again):
    header = "医院编码,产品编码,日期,盒数,单据号"
    take_in("flow", header, "H1,P1,2026-09-03,100,A1", distributor="商业甲")
    october = preview("flow", header, "H1,P1,2026-10-08,40,B1", "H1,P1,2026-09-03,100,A1", distributor="商业甲")
    assert questions_of(october) == ["on_file"]
    look_again(october, on_file="leave")
    assert october.sums["staged"] == [1, 40]
    look_again(october, on_file="count")
    assert (verdicts(october), october.sums["staged"]) == ([Verdict.NEW, Verdict.NEW], [2, 140])
    apply(october)


def test_a_second_file_of_a_month_adds_or_replaces_as_a_person_says(
    session, scope, preview, apply, take_in, look_again
):
    header = "医院编码,产品编码,日期,盒数,单据号"
    first = take_in("flow", header, "H1,P1,2026-09-03,100,A1", "H1,P1,2026-09-20,60,A2", distributor="商业甲")
    more = preview("flow", header, "H1,P1,2026-09-25,5,A3", distributor="商业甲")
    (question,) = more.questions
    assert question["key"] == "mode"
    assert [choice[2] for choice in question["choices"]] == [{"gone": 2, "packs": 160}, {"lines": 1, "packs": 5}]
    look_again(more, mode="adds")
    assert [month[:5] for month in more.sums["months"]] == [["2026-09", 1, 5, 160, 165]]
    apply(more)
    assert sum(packs(session, scope, date(2026, 9, 1)).values()) == 165
    assert first.status is BatchStatus.APPLIED
    whole = preview("flow", header, "H1,P1,2026-09-03,90,A1", distributor="商业甲", mode="replaces")
    assert (verdicts(whole), whole.count_gone) == ([Verdict.CHANGED], 2)
    apply(whole)
    assert sum(packs(session, scope, date(2026, 9, 1)).values()) == 90
    assert {first.status, more.status} == {BatchStatus.REPLACED}


def test_a_file_that_repeats_everything_reported_replaces_without_a_question(session, preview, take_in):
    take_in("flow", *FIRST, distributor="商业甲")
    more = preview("flow", *FIRST, "H1,P2,2026-11-21,7,", distributor="商业甲")
    assert (more.mode, more.questions, more.count_gone) == (FlowMode.REPLACES, [], 0)


def test_a_part_of_a_reported_period_can_only_be_added(session, scope, preview, apply, take_in, look_again):
    take_in("flow", *FIRST, distributor="商业甲")
    week = preview("flow", HEADER, "H1,P1,2026-11-04,1,", distributor="商业甲", period="2026-W45")
    assert [choice[0] for choice in week.questions[0]["choices"]] == ["adds"]
    apply(look_again(week, mode="adds"))
    assert sum(packs(session, scope).values()) == 141
    other = preview("flow", HEADER, "H1,P1,2026-11-04,2,", distributor="商业乙", period="2026-W45")
    assert (other.count_new, other.questions) == (1, [])


def test_the_distributor_may_stand_in_the_file(session, preview, known_distributor):
    known_distributor("商业丙")
    header = HEADER + ",商业公司"
    assert preview("flow", header, "H1,P1,2026-11-03,1,,商业丙").source == "商业丙"
    mixed = preview("flow", header, "H1,P1,2026-11-03,1,,商业丙", "H1,P1,2026-11-04,1,,商业丁")
    assert verdicts(mixed) == [Verdict.NEW, Verdict.REFUSED]
    assert questions_of(preview("flow", HEADER, "H1,P1,2026-11-03,1,")) == ["distributor"]


def test_a_monthly_source_gives_lines_of_months(session, take_in):
    batch = take_in("flow", "医院,产品,月份,数量", "江岸一院,产品甲,2026年11月,400", distributor="商业甲")
    line = session.scalar(select(FlowLine).where(FlowLine.batch_id == batch.id))
    assert (line.on, line.grain, line.packs, batch.period) == (date(2026, 11, 1), FlowGrain.MONTH, 400, "2026-11")


def test_a_month_does_not_lie_in_a_week(preview):
    batch = preview("flow", "医院编码,产品编码,月份,盒数", "H1,P1,2026-12,400", distributor="商业甲", period="2026-W45")
    assert batch.count_refused == 1


def test_code_and_name_that_disagree_are_asked_about(preview):
    header = "医院编码,医院名称,产品编码,日期,盒数"
    batch = preview(
        "flow", header, "H1,江岸第二医院,P1,2026-11-03,1", "X77,江岸第二医院,P1,2026-11-03,1", distributor="商业甲"
    )
    assert verdicts(batch) == [Verdict.OPEN, Verdict.NEW]


def test_a_batch_is_applied_only_once(session, preview, apply):
    batch = preview("flow", *FIRST, distributor="商业甲")
    apply(batch)
    with pytest.raises(Conflict, match="no longer waiting"):
        apply(batch)


def test_a_stale_preview_is_not_applied(session, preview, apply, look_again):
    shown_first = preview("flow", *FIRST, distributor="商业甲")
    shown_second = preview("flow", *SECOND, distributor="商业甲")
    apply(shown_first)
    with pytest.raises(Conflict, match="changed since the preview"):
        apply(shown_second)
    session.rollback()
    look_again(shown_second, mode="replaces")
    assert verdicts(shown_second) == [Verdict.CHANGED, Verdict.UNCHANGED, Verdict.NEW]
    apply(shown_second)
    assert shown_first.replaced_by_id == shown_second.id


def test_a_discarded_file_is_put_aside(session, scope, preview, apply):
    batch = preview("flow", *FIRST, distributor="商业甲")
    service.reject(session, scope, batch, now=batch.created_at)
    assert batch.status is BatchStatus.DISCARDED
    with pytest.raises(Conflict):
        apply(batch)


def test_whoever_dies_in_the_middle_leaves_nothing(session, scope, preview, engine, monkeypatch):
    batch = preview("flow", *FIRST, distributor="商业甲")

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


def test_a_delivery_of_another_distributor_is_asked_about(session, preview, take_in, look_again):
    header = "医院编码,产品编码,日期,盒数,单据号"
    take_in("flow", header, "H1,P1,2026-09-03,100,A1", "H1,P1,2026-09-20,60,A2", distributor="商业甲")
    same_note = preview("flow", header, "H1,P1,2026-09-03,100,A1", "H2,P1,2026-09-04,1,Z9", distributor="商业乙")
    assert questions_of(same_note) == ["documents"]
    assert same_note.questions[0]["params"] == {"lines": 1, "other": "商业甲", "distributor": "商业乙"}
    assert look_again(same_note, documents="count").questions == []
    same_file = preview(
        "flow", header, "H1,P1,2026-09-03,100,A1", "H1,P1,2026-09-20,60,A2", distributor="商业乙", documents="count"
    )
    assert questions_of(same_file) == ["same_file"]


def test_days_and_the_whole_month_of_one_place_are_refused_with_both_places_named(session, preview, take_in):
    header = "医院编码,产品编码,日期,盒数"
    batch = preview("flow", header, "H1,P1,2026-11-03,12", "H2,P1,2026-11-04,30", "H1,P1,2026-11,12", distributor="甲")
    (refused,) = rows_of(batch, Verdict.REFUSED)
    assert (refused.row, refused.problems[0].params) == (4, {"row": 2})
    before = take_in("flow", header, "H1,P1,2026-11-03,12", distributor="乙")
    month = preview("flow", header, "H1,P1,2026-11,12", distributor="乙", mode="adds")
    (refused,) = rows_of(month, Verdict.REFUSED)
    assert refused.problems[0].params == {"how": {"label": "by day"}, "number": before.id, "line": 1}
    assert preview("flow", header, "H1,P1,2026-11,12", distributor="乙", mode="replaces").count_refused == 0


def test_cases_are_converted_and_checked_against_packs(session, company, admin, preview, apply):
    both = ("医院编码,产品编码,日期,数量（件）,数量（盒）", "H1,P1,2026-11-03,2,400")
    assert questions_of(preview("flow", *both, distributor="甲")) == ["second_unit"]
    only = ("医院编码,产品编码,日期,数量（件）", "H1,P1,2026-11-03,2")
    (refused,) = rows_of(preview("flow", *only, distributor="甲"))
    assert refused.problems[0].message % refused.problems[0].params == "There is no conversion for 件 of 产品甲."
    set_conversion(session, company["P1"], "件", 200, 1, date(2026, 1, 1), actor_id=admin.id, now=NOW)
    session.commit()
    assert rows_of(preview("flow", *only, distributor="甲"))[0].values["packs"] == 400
    agreed = preview("flow", *both, distributor="甲")
    assert (agreed.questions, rows_of(agreed)[0].values["packs"]) == ([], 400)
    (wrong,) = rows_of(preview("flow", both[0], "H1,P1,2026-11-03,2,398", distributor="甲"))
    assert wrong.problems[0].message % wrong.problems[0].params == "2 件 are not 398 packs."


def test_sales_outside_the_distributors_area_are_listed(session, region, preview, known_distributor):
    make_distributor_region(session, distributor=known_distributor("甲"), region=make_region(session, name="West"))
    session.commit()
    batch = preview("flow", HEADER, "H1,P1,2026-11-03,120,", "H1,P1,2026-11-04,-20,", distributor="甲")
    assert batch.sums["outside"] == [["江岸第一医院", "East", 100]]
    assert batch.questions == []


@pytest.mark.parametrize(
    ("heading", "quantity", "packs"), [("数量（盒）", "10", 50), ("数量（支）", "50", 50), ("数量", "50", 50)]
)
def test_of_a_product_counted_in_vials_a_box_is_what_its_conversion_says(
    session, company, preview, apply, heading, quantity, packs
):
    company["P1"].unit = PackUnit.VIAL
    make_conversion(session, product=company["P1"], unit="盒", packs_num=5)
    apply(preview("flow", f"医院编码,产品编码,日期,{heading}", f"H1,P1,2026-11-03,{quantity}", distributor="商业甲"))
    assert session.scalar(select(FlowLine.packs)) == packs


@pytest.mark.parametrize("unit", ["支", "瓶"])
def test_vials_of_a_product_counted_in_boxes_are_refused_without_a_conversion(preview, unit):
    batch = preview("flow", "医院编码,产品编码,日期,单位,数量", f"H1,P1,2026-11-03,{unit},50", distributor="商业甲")
    assert [row.problems[0].message for row in rows_of(batch)] == [
        "There is no conversion for %(unit)s of %(product)s."
    ]


def test_sales_of_a_day_to_come_are_refused(preview):
    batch = preview("flow", "医院编码,产品编码,日期,盒数", "H1,P1,2062-11-03,5", distributor="商业甲")
    assert [row.problems[0].message for row in rows_of(batch)] == ["%(day)s lies in the future."]
