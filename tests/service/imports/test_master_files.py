"""Files of distributors and unit conversions, and what files of hospitals and doctors must not confuse."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Hospital
from repcrm.catalogue.queries import list_conversions
from repcrm.imports.models import NameKind
from repcrm.imports.naming import Resolver
from repcrm.imports.opened import open_import
from repcrm.imports.templates import csv_template, xlsx_template
from repcrm.imports.verdicts import Verdict
from repcrm.sales.models import BatchStatus, DeliveryRhythm, Distributor, FlowLine, ImportBatch, ImportKind
from repcrm.sales.queries import list_areas, list_distributors
from tests.factories import make_alias, make_distributor, make_doctor
from tests.service.imports.kept import rows_of

TODAY = date(2026, 11, 23)
DISTRIBUTORS = "商业公司编码,商业公司,别名,级别,报送频率,到期日,销售区域,是否启用"
CONVERSIONS = "产品编码,单位,盒数,对应单位数,开始日期"
HOSPITALS = "医院编码,医院名称,大区"
DOCTORS = "医生编码,医生姓名,医院名称,科室"


def verdicts(batch):
    return [row.verdict for row in rows_of(batch)]


def said(batch):
    return [[p.message % p.params for p in row.problems] for row in rows_of(batch)]


def test_distributors_are_added_with_their_other_names(session, scope, preview, apply):
    batch = preview(
        "distributors", DISTRIBUTORS, "DA,甲医药,甲医药有限公司；甲 医药公司,一级,每周,2,EAST,是", "DB,乙医药,,,,,,"
    )
    assert verdicts(batch) == [Verdict.NEW, Verdict.NEW]
    apply(batch)
    first, second = sorted(list_distributors(session, scope), key=lambda one: one.code)
    assert (first.rhythm, first.due_day, second.due_day) == (DeliveryRhythm.WEEKLY, 2, 5)
    assert [region.code for region in list_areas(session, scope)[first.id]] == ["EAST"]
    resolver = Resolver(session, TODAY)
    for spelling in ("甲医药", "甲 医药", "甲医药有限公司", "甲医药公司"):
        assert resolver.find(NameKind.DISTRIBUTOR, None, spelling).thing is first


def test_a_distributor_is_revised_and_an_empty_cell_leaves_what_is_on_file(session, scope, preview, apply, undo):
    make_distributor(session, code="DA", name="甲医药", due_day=9)
    session.commit()
    batch = apply(preview("distributors", DISTRIBUTORS, "ｄａ,甲医药集团,甲医药,,,,,否"))
    session.expire_all()
    distributor = session.scalars(select(Distributor)).one()
    assert (distributor.name, distributor.due_day, distributor.is_active) == ("甲医药集团", 9, False)
    again = preview("distributors", DISTRIBUTORS, "DA,甲医药集团,甲医药,,,,,否")
    assert verdicts(again) == [Verdict.UNCHANGED]
    undo(batch)
    assert (distributor.name, distributor.is_active) == ("甲医药", True)
    assert session.get(ImportBatch, batch.id).status is BatchStatus.UNDONE


def test_a_distributor_with_a_taken_name_or_unknown_region_is_refused(session, preview):
    make_distributor(session, code="DA", name="甲医药")
    batch = preview(
        "distributors",
        DISTRIBUTORS,
        "DB,甲 医药,,,,,,",
        "DC,丙医药,,,,,NOWHERE,",
        "D-A,丁医药,,,,,,",
        "DE,戊医药,,,每周,9,,",
    )
    assert verdicts(batch) == [Verdict.REFUSED] * 4
    assert said(batch)[1] == ["There is no region “NOWHERE”."]
    assert said(batch)[2] == ["The code D-A is easily mistaken for DA, which exists already. Choose a different code."]


def test_conversions_are_taken_in_and_undone(session, company, preview, apply, undo):
    batch = preview(
        "conversions", CONVERSIONS, "P1,件,200,,2026-01-01", "P1,片,1,24,2026-01-01", "P2,件,100,,2026-01-01"
    )
    apply(batch)
    rows = list_conversions(session)[company["P1"].id]
    assert {(one.unit, one.packs_num, one.packs_den) for one in rows} == {("件", 200, 1), ("片", 1, 24)}
    again = preview(
        "conversions", CONVERSIONS, "P1,case,200,1,2026-01-01", "P1,件,240,,2026-10-01", "P1,盒,1,,2026-01-01"
    )
    assert verdicts(again) == [Verdict.UNCHANGED, Verdict.NEW, Verdict.REFUSED]
    undo(batch)
    assert list_conversions(session) == {}


@pytest.mark.parametrize("kind", [ImportKind.DISTRIBUTORS, ImportKind.CONVERSIONS])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_templates_read_back(kind, language):
    for name, data in (
        ("t.csv", csv_template(kind, language)),
        ("t.xlsx", xlsx_template(kind, language, lambda words: words)),
    ):
        row = next(open_import(data, name, kind).read({}).rows)
        assert row.problems == []


def test_two_codes_that_differ_by_where_they_are_divided_are_two_hospitals(session, preview, apply):
    apply(preview("hospitals", HOSPITALS, "1-12,桐花里第一医院,EAST", "11-2,桐花里第二医院,EAST"))
    flow = preview(
        "flow",
        "医院编码,品名,日期,数量",
        "1-12,产品甲,2026-11-03,100",
        "11-2,产品甲,2026-11-03,7",
        distributor="甲",
        period="2026-11",
    )
    assert verdicts(flow) == [Verdict.NEW, Verdict.NEW]
    apply(flow)
    by_code = {one.code: one.id for one in session.scalars(select(Hospital))}
    packs = {line.hospital_id: line.packs for line in session.scalars(select(FlowLine))}
    assert packs == {by_code["1-12"]: 100, by_code["11-2"]: 7}


def test_codes_that_excel_could_have_made_equal_are_refused(session, preview):
    batch = preview(
        "doctors",
        DOCTORS,
        "007,周某乙,江岸第一医院,心内科",
        "7,周某丙,江岸第一医院,心内科",
        "h-1,周某丁,江岸第一医院,心内科",
    )
    assert verdicts(batch) == [Verdict.NEW, Verdict.REFUSED, Verdict.NEW]
    assert said(batch)[1] == ["The code 7 is easily mistaken for 007 in row 2. Use different codes."]
    hospitals = preview("hospitals", HOSPITALS, "h-1,江北医院,EAST", "h1,江岸第一医院,EAST")
    assert verdicts(hospitals) == [Verdict.REFUSED, Verdict.UNCHANGED]


@pytest.fixture
def asked(preview):
    """The questions that a file of hospitals or doctors leaves: (key, what is like it)."""

    def asked(kind, *lines):
        return [(question["key"], question["examples"]) for question in preview(kind, *lines).questions]

    return asked


def test_a_new_hospital_with_the_name_of_another_is_asked_about(session, asked):
    assert asked("hospitals", HOSPITALS, "HZ01,江岸 第一醫院,EAST", "HZ02,江北医院,EAST", "HZ03,江岸一院,EAST") == [
        ("name_exists:HZ01", ["H1 江岸第一医院"]),
        ("name_exists:HZ03", ["H1 江岸第一医院"]),
    ]


def test_a_new_doctor_with_the_name_of_another_is_asked_about(session, company, asked):
    make_doctor(session, code="D1", name="林某甲", hospital=company["H1"])
    found = asked(
        "doctors",
        DOCTORS,
        "ZZ01,林某甲,江岸第一医院,心内科",
        "ZZ02,周某乙,江岸第一医院,心内科",
        "ZZ03,周某乙,江岸第二医院,骨科",
    )
    assert [key for key, _ in found] == ["name_exists:ZZ01", "name_exists:ZZ03"]
    assert found[0][1][0].startswith("D1 林某甲 · 江岸第一医院")
    assert found[1][1] == ["ZZ02 周某乙 (3)"]


def test_a_remembered_name_is_used_by_every_kind_of_file(session, company, preview):
    make_alias(session, spelling="江岸老院", hospital=company["H1"])
    session.commit()
    batch = preview(
        "targets", "医院名称,产品编码,月份,保底（盒）", "江岸老院,P1,2027-01,100", "江岸新院区,P1,2027-01,100"
    )
    assert verdicts(batch) == [Verdict.NEW, Verdict.OPEN]
