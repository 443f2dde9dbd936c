"""Hospitals and departments: opened, revised, listed."""

import pytest

from repcrm.accounts import queries, service
from repcrm.accounts.completeness import ArchivePart
from repcrm.accounts.models import Hospital, HospitalGrade, HospitalStatus
from repcrm.accounts.service import HospitalFacts
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from tests.factories import MONDAY, make_department, make_doctor, make_listing, make_product, make_rating, scope_of

FACTS = HospitalFacts("东海市人民医院", short_name="东海人医", grade=HospitalGrade.G3A, city="东海", beds=1200)


@pytest.fixture
def hospital(session, region):
    return service.open_hospital(session, "DH01", region.id, FACTS)


def listed(session, user, **filters):
    found = queries.list_hospitals(session, scope_of(user), queries.HospitalFilters(**filters))
    return [row.name for row in found.items]


def test_an_opened_hospital_can_be_found_by_its_sound(session, lead, hospital):
    assert hospital.name_initials == "dhsrmyy dhry"
    assert hospital.status is HospitalStatus.ACTIVE
    assert hospital.version == 1
    for typed in ("东海", "dhrm", "donghai", "dhry", "DH01", "人民医院"):
        assert queries.find_hospitals(session, scope_of(lead), typed) == ([hospital] if typed != "dhrm" else [])


def test_a_code_is_given_once(session, region, hospital):
    with pytest.raises(RuleBroken) as refusal:
        service.open_hospital(session, "DH01", region.id, FACTS)
    assert refusal.value.field == "code"
    assert session.query(Hospital).count() == 1


@pytest.mark.parametrize("code", ["dh01", "DH-01", "ＤＨ０１"])
def test_a_code_easily_mistaken_for_another_is_refused_naming_it(session, region, hospital, code):
    with pytest.raises(RuleBroken, match="DH01") as refusal:
        service.open_hospital(session, code, region.id, HospitalFacts("西山医院"))
    assert refusal.value.field == "code"


@pytest.mark.parametrize("name", ["東海市人民醫院", "东海市 人民医院", "东海人医"])
def test_a_hospital_with_the_name_of_another_has_to_be_confirmed(session, region, hospital, name):
    with pytest.raises(RuleBroken) as refusal:
        service.open_hospital(session, "DH77", region.id, HospitalFacts(name))
    assert refusal.value.field == "name"
    assert service.open_hospital(session, "DH77", region.id, HospitalFacts(name), confirmed_new=True).name == name


def test_a_revision_counts_up_and_spells_the_new_name(session, hospital):
    assert service.revise_hospital(session, hospital, HospitalFacts("西山医院"), version=1)
    assert (hospital.version, hospital.name_initials, hospital.beds) == (2, "xsyy", None)
    assert not service.revise_hospital(session, hospital, HospitalFacts("西山医院"), version=2)
    assert hospital.version == 2


def test_a_stale_revision_changes_nothing(session, hospital, save):
    service.revise_hospital(session, hospital, HospitalFacts("西山医院"), version=1)
    save()
    with pytest.raises(Conflict):
        service.revise_hospital(session, hospital, HospitalFacts("北山医院"), version=1)
    assert hospital.name == "西山医院"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (HospitalFacts(""), "name"),
        (HospitalFacts("医院", beds=-1), "beds"),
        (HospitalFacts("医院", latitude=31.0), "longitude"),
        (HospitalFacts("医院", longitude=121.0), "latitude"),
        (HospitalFacts("医院", latitude=91.0, longitude=0.0), "latitude"),
        (HospitalFacts("医院", latitude=0.0, longitude=181.0), "longitude"),
    ],
)
def test_facts_that_cannot_be_are_refused(session, hospital, facts, field):
    with pytest.raises(RuleBroken) as refusal:
        service.revise_hospital(session, hospital, facts)
    assert refusal.value.field == field
    assert (hospital.name, hospital.version) == ("东海市人民医院", 1)


def test_a_department_is_added_once_and_revised(session, lead, hospital):
    ward = service.add_department(session, hospital, "心内科", beds=40)
    with pytest.raises(RuleBroken):
        service.add_department(session, hospital, "心内科")
    other = service.add_department(session, hospital, "骨科", in_scope=False)
    with pytest.raises(RuleBroken):
        service.revise_department(session, other, "心内科", beds=None, in_scope=True, is_model=False)
    service.revise_department(session, ward, "心血管内科", beds=42, in_scope=True, is_model=True)
    rows = queries.list_departments(session, scope_of(lead), hospital.id)
    assert sorted((row.department.name, row.department.beds, row.doctors) for row in rows) == [
        ("心血管内科", 42, 0), ("骨科", None, 0),
    ]  # fmt: skip
    assert queries.get_department(session, scope_of(lead), ward.id) is ward


def test_a_department_elsewhere_is_not_found(session, other_rep, hospital):
    ward = service.add_department(session, hospital, "心内科")
    with pytest.raises(NotFound):
        queries.get_department(session, scope_of(other_rep), ward.id)


def test_hospitals_are_filtered_and_sorted(session, region, lead, hospital):
    service.open_hospital(session, "XS01", region.id, HospitalFacts("西山医院", city="西山", beds=2000))
    assert listed(session, lead, words="xsyy") == ["西山医院"]
    assert listed(session, lead, city="东海") == ["东海市人民医院"]
    assert listed(session, lead, grade=HospitalGrade.G3A) == ["东海市人民医院"]
    assert listed(session, lead, status=HospitalStatus.CLOSED) == []
    assert listed(session, lead, sort="beds") == ["西山医院", "东海市人民医院"]
    assert listed(session, lead, sort="completeness") == ["西山医院", "东海市人民医院"]  # 5 % (beds), 10 %
    assert listed(session, lead, below_percent=10) == ["西山医院"]
    assert queries.list_cities(session, scope_of(lead)) == ["东海", "西山"]


def test_completeness_is_counted_from_what_is_there(session, lead, hospital):
    cardio = make_department(session, hospital=hospital)
    make_department(session, hospital=hospital)
    make_department(session, hospital=hospital, in_scope=False)
    make_doctor(session, department=cardio)
    make_doctor(session, department=cardio)
    known, unknown = make_product(session), make_product(session)
    make_listing(session, hospital=hospital, product=known, potential_packs=300, competitor_note="two")
    make_listing(session, hospital=hospital, product=unknown)
    make_listing(session, hospital=hospital, product=make_product(session, is_active=False), potential_packs=1)
    found = queries.archive_completeness(session, scope_of(lead), hospital)
    # grade 5 + beds 5 + departments 15 + doctors 15/2 + listings 10 + potential 10/2 + competitors 10/2
    assert found.percent == 52
    assert found.missing == (
        ArchivePart.DOCTORS, ArchivePart.POTENTIAL, ArchivePart.KEY_PEOPLE, ArchivePart.PHARMACY,
        ArchivePart.COMPETITORS, ArchivePart.ADDRESS, ArchivePart.PLACE,
    )  # fmt: skip


def test_development_counts_departments_and_doctors_rated_four_or_more(session, lead, hospital):
    cardio, bones = make_department(session, hospital=hospital), make_department(session, hospital=hospital)
    make_department(session, hospital=hospital, in_scope=False)
    product = make_product(session)
    won, lost, new = (make_doctor(session, department=where) for where in (cardio, cardio, bones))
    make_rating(session, doctor=won, product=product, rating=4)
    make_rating(session, doctor=lost, product=product, rating=7, rated_on=MONDAY.replace(day=1))
    make_rating(session, doctor=lost, product=product, rating=3)
    make_rating(session, doctor=new, product=product, rating=5, rated_on=MONDAY.replace(day=17))  # tomorrow
    scope = scope_of(lead)
    assert queries.development_of(session, scope, None, MONDAY) == {hospital.id: queries.Development(2, 1, 3, 1)}
    assert queries.developed_doctors(session, scope, MONDAY) == {won.id}
    assert queries.developed_departments(session, scope, hospital.id) == {cardio.id}
    assert queries.development_of(session, scope, [hospital.id], MONDAY.replace(day=17))[hospital.id].developed == 2


def test_a_list_of_hospitals_costs_the_same_however_long(session, region, admin, query_counter):
    for number in range(12):
        service.open_hospital(session, f"X{number}", region.id, HospitalFacts(f"第{number}医院"))
    scope = scope_of(admin)
    with query_counter() as queries_sent:
        page = queries.list_hospitals(session, scope, queries.HospitalFilters(), page=2, size=5)
    assert [row.name for row in page.items] == ["第3医院", "第4医院", "第5医院", "第6医院", "第7医院"]
    assert (page.total, page.count) == (12, 3)
    assert len(queries_sent) <= 5
