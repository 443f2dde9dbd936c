"""Files as distributors and hospitals write them, each through the whole pipeline: what it asks, refuses or counts.

The files are modelled on public bug reports and everyday exports; tests/data/files/README.md says where each comes
from and what it must give. Packs and fen are worked out by hand from the cells.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import ProductConversion
from repcrm.core.errors import BadInput, RuleBroken
from repcrm.imports.verdicts import Verdict
from repcrm.sales.models import BatchStatus, FlowLine, ImportBatch, StockLine
from repcrm.targets.models import HospitalTarget
from tests.factories import make_assignment, make_conversion, make_hospital, make_product, make_territory
from tests.service.imports.kept import questions_of, rows_of

FILES = Path(__file__).parents[2] / "data" / "files"
GOOD = ["H001 P1 12 @ 2026-11-03", "H002 P1 30 @ 2026-11-04"]
ONE = GOOD[:1]
RETURN = ["H001 P1 100 @ 2026-11-03", "H001 P1 -40 @ 2026-11-10"]


@dataclass(frozen=True)
class Case:
    """What a file must give.

    asks     keys of its questions, before any is answered; the period is left out where no line could be read
    refused  cell or row -> part of the reason, before any question is answered
    answers  what a person answers then
    counts   what counts once it has been applied; None: it cannot be applied
    """

    file: str
    counts: list[str] | None = None
    asks: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    kind: str = "flow"
    whole: str = ""
    """Part of the sentence that refuses the whole file."""


NO_VALUE, SHORTENED = "formula without a stored value", "Excel has shortened"
UNREADABLE = "damaged or was not copied completely"
CASES = [
    Case("01a-1904-dates.xlsx", GOOD),
    Case("02a-formula-value-no-cache.xlsx", refused={"F2": NO_VALUE, "F3": NO_VALUE}),
    Case("02b-formula-packs-no-cache.xlsx", refused={"F2": NO_VALUE}),
    Case("02d-error-packs.xlsx", refused={"E2": "#VALUE!", "E3": "#DIV/0!"}),
    Case("03a-filtered-rows.xlsx", GOOD, ("hidden_rows:流向",), answers={"hidden_rows": "leave"}),
    Case("05a-scientific-docs.csv", refused={"E2": SHORTENED, "E3": SHORTENED, "E4": SHORTENED}),
    Case("05c-equals-quoted.csv", ONE),
    Case("05d-tab-suffixed.csv", ONE),
    Case("06a-two-headers-purchase-sales-stock.xlsx",
         ["H001 P1 12 258.00 @ 2026-11-03", "H002 P1 30 645.00 @ 2026-11-04"], ("stock",), answers={"stock": "take"}),
    Case("07a-cases-and-boxes.xlsx", ["H001 P1 400 @ 2026-11-03"]),
    Case("07b-only-cases.xlsx", ["H001 P1 400 @ 2026-11-03"]),
    Case("07d-unit-column.xlsx",
         ["H001 P1 400 @ 2026-11-03", "H002 P1 30 @ 2026-11-03", "H003 P1 10 @ 2026-11-03"]),
    Case("07f-words-in-cells.xlsx", ["H001 P1 2400 8600.00 @ 2026-11-03"]),
    Case("08a-total-colon.xlsx", GOOD),
    Case("08b-total-second-col.xlsx", GOOD),
    Case("08c-page-subtotals-and-signatures.xlsx", GOOD),
    Case("08e-subtotal-in-product-col.xlsx", GOOD),
    Case("08f-name-that-starts-like-total.xlsx", ONE, ("name:hospital:合计大药房", "name:hospital:总和医院")),
    Case("08g-total-does-not-match.xlsx", GOOD, ("totals",), answers={"totals": "accept"}),
    Case("10-good.xlsx", GOOD),
    Case("10a-backslash-paths.xlsx", GOOD),
    Case("10b-x-prefix.xlsx", GOOD),
    Case("10c-wrong-dimension.xlsx", GOOD),
    Case("10d-shared-strings-case.xlsx", GOOD),
    Case("10e-strict-ooxml.xlsx", GOOD),
    Case("10f-binary.xlsb", whole=UNREADABLE),
    Case("10g-calc.ods", whole=UNREADABLE),
    Case("10h-html-as.xls", ONE),
    Case("10j-xml2003.xls", ONE),
    Case("10k-tsv-as.xls", ONE),
    Case("10l-ole.xls", whole=UNREADABLE),
    Case("10n-big5.csv", ONE, ("name:hospital:雲澤市醫院",),
         answers={"name:hospital:雲澤市醫院": "H001"}),
    Case("10p-semicolon-decimal-comma.csv", ["H001 P1 12 1234.50 @ 2026-11-03"], ("dates",),
         {"C2": "could be several days"}, {"dates": "dmy"}),
    Case("10q-multiline-quote.csv", GOOD),
    Case("10r-unclosed-quote.csv", whole="Row 2, column E: a quotation mark"),
    Case("10s-ragged.csv", refused={"E2": "more cells than headings: E 200"}),
    Case("10t-cr-only.csv", ONE),
    Case("11a-date-spellings.xlsx", None, ("dates", "year", "duplicates"),
         {"C2": "several days", "C3": "several days", "C4": "does not say the year", "C5": "several days",
          "C11": "is not a day"}),
    Case("11c-month-without-year.xlsx", ["H001 P1 1200 @ 2026-11", "H002 P1 300 @ 2026-11"], ("year",),
         {"C2": "does not say the year", "C3": "does not say the year"}, {"year": "2026"}),
    Case("11d-month-only-in-title.xlsx", ["H001 P1 1200 @ 2026-11"]),
    Case("12a-targets-months-no-year.xlsx", [f"H001 P1 100 to 100 @ 2027-{n:02}" for n in range(1, 13)],
         kind="targets"),
    Case("12b-targets-zhibiao.xlsx", ["H001 P1 100 to 100 @ 2027-01"], kind="targets"),
    Case("12c-targets-renwu.xlsx", ["H001 P1 100 to 100 @ 2027-01"], kind="targets"),
    Case("12d-targets-percent.xlsx", refused={"D2": "not a whole number"}, kind="targets"),
    Case("12f-targets-quarter-totals.xlsx",
         ["H001 P1 100 to 100 @ 2027-01", "H001 P1 110 to 110 @ 2027-02", "H001 P1 120 to 120 @ 2027-03"],
         kind="targets"),
    # 330 packs by 21, 20 and 23 working days: 108.28, 103.13 and 118.59, the odd one to the largest rest
    Case("12g-targets-by-quarter.xlsx",
         ["H001 P1 108 to 108 @ 2027-01", "H001 P1 103 to 103 @ 2027-02", "H001 P1 119 to 119 @ 2027-03"],
         ("quarters",), {"C2": "whole quarter"}, {"quarters": "divide"}, kind="targets"),
    Case("12h-targets-date-headers.xlsx", ["H001 P1 100 to 100 @ 2027-01", "H001 P1 0 to 0 @ 2027-02"],
         kind="targets"),
    Case("12i-targets-and-actuals.xlsx", ["H001 P1 100 to 100 @ 2027-01", "H001 P1 110 to 110 @ 2027-02"],
         kind="targets"),
    Case("12k-month-actual-header.xlsx", ["H001 P1 100 to 100 @ 2027-01"], kind="targets"),
    Case("12m-targets-bad.xlsx",
         refused={"E2": "must not be below the floor", "D3": "less than 0", "D4": "“1,2 00” is not a number"},
         kind="targets"),
    Case("13a-returns-by-type-positive.xlsx", RETURN),
    Case("13b-sap-trailing-minus.xlsx", RETURN),
    Case("13c-returns-negative.xlsx", RETURN),
    Case("14-same-document-from-second-distributor.xlsx", ["H001 P1 100 @ 2026-09-03"]),
    Case("15-one-file-two-spellings.xlsx", ["H001 P1 500 @ 2026-10-03"]),
    Case("16a-september.xlsx", ["H001 P1 60 @ 2026-09-20", "H001 P1 100 @ 2026-09-03"]),
    Case("16b-october-with-late-september-return.xlsx", ["H001 P1 -10 @ 2026-09-20", "H001 P1 40 @ 2026-10-08"]),
    Case("16c-september-increment-only.xlsx", ["H001 P1 5 @ 2026-09-25"]),
    # a space, traditional characters, both, and the short name are H001; all else waits for a person
    Case("18-hospital-aliases.xlsx",
         ["H001 P1 4 @ 2026-11-03", "H001 P1 5 @ 2026-11-03", "H001 P1 8 @ 2026-11-03", "H001 P1 10 @ 2026-11-03"],
         tuple(f"name:hospital:{name}" for name in (
             "青麦医药有限公司", "YZTL", "云泽听澜", "云泽市听澜医院有限公司", "云泽市听澜医院药房", "云泽听澜医院",
             "云泽市听澜医院(东院区)"))),
    Case("18b-product-aliases.xlsx", [f"H001 P1 {packs} @ 2026-11-03" for packs in (1, 2, 4, 5, 6)],
         ("name:product:云舒平", "name:product:云舒平片 10mg×14片", "name:product:通用名甲(云舒平)")),
    Case("21-linebreaks-nbsp-fullwidth.xlsx", GOOD),
    Case("24-blank-group-cells.xlsx", ["H001 P1 12 @ 2026-11-03", "H001 P2 5 @ 2026-11-03", "H002 P1 30 @ 2026-11-04"],
         ("blank_cells:hospital_name",), {"A3": "empty"}, {"blank_cells": "above"}),
    Case("24c-two-tier-two-dates.xlsx", ["H001 P1 12 @ 2026-11-02"], ("column:on",), {"2": "Choose the column"},
         {"column:on": "开票日期"}),
    Case("24e-remarks-column.xlsx", ONE, ("remarks:返利结算后补货", "remarks:赠品2盒"),
         answers={"remarks:赠品2盒": "take", "remarks:返利结算后补货": "aside"}),
    Case("24f-prescription-column.xlsx", whole="“处方量” is about prescriptions"),
    Case("25a-detail-and-summary-sheets.xlsx", GOOD, ("sheet:汇总",), {"2": "count twice", "3": "count twice"},
         {"sheet:汇总": "leave"}),
    Case("25b-sheet-per-month.xlsx", [*GOOD, "H001 P1 50 @ 2026-10-08"]),
    Case("29a-doctors-duplicates.xlsx", kind="doctors",
         refused={"E2": "主治医师", "E3": "一般", "A5": "easily mistaken for 007"}),
    Case("29c-doctors-duplicates-applied.xlsx", None, ("name_exists:ZZ02",), {"A5": "easily mistaken for 007"},
         kind="doctors"),
    Case("30a-hospitals-duplicate-name.xlsx", refused={"E2": "900张", "D3": "三级"}, kind="hospitals"),
    Case("30b-hospital-same-name-new-code.xlsx", ["HZ01 云泽市听澜医院"], ("name_exists:HZ01",),
         answers={"name_exists:HZ01": "new"}, kind="hospitals"),
    Case("30d-codes-that-differ-by-punctuation.xlsx", ["1-12 桐花里第一医院", "11-2 桐花里第二医院"],
         kind="hospitals"),
    Case("30e-flow-by-those-codes.xlsx", None, ("name:hospital:1-12", "name:hospital:11-2")),
]  # fmt: skip


@pytest.fixture
def company(session, region, rep):
    """Three hospitals, two products of which one is known to come in cases of 200, all held by one rep."""
    region.code, region.name = "EAST", "华东大区"
    hospitals = [
        make_hospital(session, code="H001", name="云泽市听澜医院", short_name="听澜医院", region=region),
        make_hospital(session, code="H002", name="澄湖市中心医院", short_name="澄湖中心", region=region),
        make_hospital(session, code="H003", name="云泽市中心医院", short_name="云泽中心", region=region),
    ]
    products = [
        make_product(session, code="P1", name="云舒平片", pack_size="5 mg × 28 片"),
        make_product(session, code="P2", name="岚络通胶囊", pack_size="0.25 g × 24 粒"),
    ]
    make_conversion(session, product=products[0], unit="件", packs_num=200)
    territory = make_territory(session, code="T1", region=region)
    for hospital in hospitals:
        for product in products:
            make_assignment(session, hospital=hospital, product=product, rep=rep, territory=territory)
    session.commit()


@pytest.fixture
def preview_named(preview_file, known_distributor):
    """Preview one of the files with answers; of sales, for a distributor."""

    def preview_named(name: str, kind: str = "flow", distributor: str = "试商业", **answers: str) -> ImportBatch:
        whose = {"distributor": distributor} if kind == "flow" else {}
        return preview_file(kind, (FILES / name).read_bytes(), name, **whose, **answers)

    return preview_named


def counting(session, kind: str) -> list[str]:
    """What counts, as the cases write it."""
    products = {1: "P1", 2: "P2"}
    if kind == "hospitals":
        new = select(Hospital).where(Hospital.code.not_in(["H001", "H002", "H003"]))
        return [f"{one.code} {one.name}" for one in session.scalars(new)]
    codes = dict(session.execute(select(Hospital.id, Hospital.code)).all())
    if kind == "targets":
        return [
            f"{codes[one.hospital_id]} {products[one.product_id]} {one.floor_packs} to {one.stretch_packs} @ "
            f"{one.month_on:%Y-%m}"
            for one in session.scalars(select(HospitalTarget))
        ]
    return [
        f"{codes[one.hospital_id]} {products[one.product_id]} {one.packs} "
        + (f"{one.value_fen / 100:.2f} " if one.value_fen is not None else "")
        + f"@ {one.on.isoformat()[: 10 if one.grain == 'day' else 7]}"
        for one in session.scalars(select(FlowLine))
    ]


def refusals(batch: ImportBatch) -> dict[str, str]:
    """Cell, or row where no cell is to blame -> reasons."""
    return {
        f"{problem.letter}{row.row}": problem.message % problem.params
        for row in rows_of(batch, Verdict.REFUSED)
        for problem in row.problems
    }


def test_every_file_has_a_case():
    assert {case.file for case in CASES} == {path.name for path in FILES.iterdir()} - {"README.md"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_file_gives_exactly_what_it_must(session, preview_named, apply, case):
    if case.whole:
        with pytest.raises(BadInput) as refused:
            preview_named(case.file, case.kind)
        assert case.whole in refused.value.message % refused.value.params
        return
    batch = preview_named(case.file, case.kind)
    shown = refusals(batch)
    assert [key for key in questions_of(batch) if key in case.asks or key != "period"] == list(case.asks)
    assert shown.keys() == case.refused.keys()
    assert [part for cell, part in case.refused.items() if part not in shown[cell]] == []
    if case.answers:
        batch = preview_named(case.file, case.kind, **case.answers)
    if case.counts is None:
        with pytest.raises(RuleBroken):
            apply(batch)
        session.rollback()
    else:
        apply(batch)
    assert sorted(counting(session, case.kind)) == sorted(case.counts or [])


def test_the_stock_of_a_purchase_sales_stock_sheet_is_kept_as_stock_seen(session, preview_named, apply):
    apply(preview_named("06a-two-headers-purchase-sales-stock.xlsx", stock="take"))
    assert sorted(session.scalars(select(StockLine.packs))) == [388, 470]


def test_hidden_rows_are_counted_in_the_question_and_may_be_included(session, preview_named, apply):
    name = "03a-filtered-rows.xlsx"
    [question] = preview_named(name).questions
    assert (question["params"]["count"], question["params"]["packs"]) == (2, "1,200")
    apply(preview_named(name, hidden_rows="take"))
    assert session.scalar(select(func.sum(FlowLine.packs))) == 12 + 30 + 500 + 700


@pytest.mark.parametrize("name", ["07b-only-cases.xlsx", "07d-unit-column.xlsx", "07f-words-in-cells.xlsx"])
def test_without_a_conversion_cases_are_refused(session, preview_named, name):
    session.execute(delete(ProductConversion))
    reasons = refusals(preview_named(name))
    assert list(reasons.values()) == ["There is no conversion for 件 of 云舒平片."]


def test_without_a_conversion_cases_beside_packs_are_asked_about(session, preview_named):
    session.execute(delete(ProductConversion))
    assert questions_of(preview_named("07a-cases-and-boxes.xlsx")) == ["second_unit"]


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("08a-total-colon.xlsx", "flow", 1), ("08b-total-second-col.xlsx", "flow", 1),
        ("08c-page-subtotals-and-signatures.xlsx", "flow", 3), ("08e-subtotal-in-product-col.xlsx", "flow", 2),
        ("12a-targets-months-no-year.xlsx", "targets", 1), ("12f-targets-quarter-totals.xlsx", "targets", 2),
    ],
)  # fmt: skip
def test_the_totals_of_a_file_are_compared_and_agree(preview_named, name, kind, count):
    reading = preview_named(name, kind).reading
    assert [total["agrees"] for sheet in reading["sheets"] for total in sheet["totals"]] == [True] * count


def test_a_document_that_another_distributor_has_reported_is_asked_about(preview_named, apply):
    apply(preview_named("16a-september.xlsx", distributor="甲医药"))
    batch = preview_named("14-same-document-from-second-distributor.xlsx", distributor="乙医药")
    assert questions_of(batch) == ["documents"]
    with pytest.raises(RuleBroken):
        apply(batch)


def test_the_same_file_under_another_distributor_is_asked_about(session, preview_named, apply):
    name = "15-one-file-two-spellings.xlsx"
    apply(preview_named(name, distributor="甲医药"))
    second = preview_named(name, distributor="甲医药有限公司")
    assert questions_of(second) == ["same_file"]
    with pytest.raises(RuleBroken):
        apply(second)
    session.rollback()
    counting_packs = select(func.sum(FlowLine.packs)).join(ImportBatch).where(ImportBatch.status == BatchStatus.APPLIED)
    assert session.scalar(counting_packs) == 500


def test_a_late_return_goes_to_its_date_and_three_late_lines_ask_whether_they_replace(session, preview_named, apply):
    apply(preview_named("16a-september.xlsx"))
    late = preview_named("16b-october-with-late-september-return.xlsx")
    assert questions_of(late) == []
    apply(late)
    assert sorted(counting(session, "flow")) == [
        "H001 P1 -10 @ 2026-09-20", "H001 P1 100 @ 2026-09-03", "H001 P1 40 @ 2026-10-08", "H001 P1 60 @ 2026-09-20",
    ]  # fmt: skip
    increment = preview_named("16c-september-increment-only.xlsx")
    assert "mode" in questions_of(increment)


def test_codes_that_differ_by_punctuation_are_two_hospitals(session, preview_named, apply):
    apply(preview_named("30d-codes-that-differ-by-punctuation.xlsx", "hospitals"))
    apply(preview_named("30e-flow-by-those-codes.xlsx"))
    assert sorted(counting(session, "flow")) == ["1-12 P1 100 @ 2026-11-03", "11-2 P1 7 @ 2026-11-03"]
