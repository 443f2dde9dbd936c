"""Who sees which hospital and doctor, and that everything else is not found."""

from datetime import date

import pytest

from repcrm.accounts import queries
from repcrm.core.errors import NotFound
from tests.factories import MONDAY, make_assignment, make_department, make_doctor, make_hospital, make_post, scope_of


@pytest.fixture
def ours(session, region, rep):
    """A hospital of the region whose product the rep has held since November."""
    hospital = make_hospital(session, region=region, name="Ours")
    make_assignment(session, hospital=hospital, rep=rep, from_on=date(2026, 11, 1), until_on=date(2026, 12, 1))
    return hospital


@pytest.fixture
def unassigned(session, region):
    """A hospital of the region that nobody holds."""
    return make_hospital(session, region=region, name="Unassigned")


def names(session, user, on=MONDAY):
    found = queries.list_hospitals(session, scope_of(user, on), queries.HospitalFilters())
    return [row.name for row in found.items]


def test_a_rep_sees_the_hospitals_held_on_the_day(session, rep, ours, unassigned):
    assert names(session, rep) == ["Ours"]
    assert names(session, rep, date(2026, 10, 31)) == []
    assert names(session, rep, date(2026, 11, 30)) == ["Ours"]
    assert names(session, rep, date(2026, 12, 1)) == []


def test_a_lead_sees_the_region_and_an_administrator_everything(session, lead, admin, ours, unassigned):
    make_hospital(session, name="Abroad")
    assert names(session, lead) == ["Ours", "Unassigned"]
    assert names(session, admin) == ["Abroad", "Ours", "Unassigned"]


def test_a_rep_elsewhere_sees_nothing_of_it(session, other_rep, ours):
    doctor = make_doctor(session, hospital=ours)
    scope = scope_of(other_rep)
    assert names(session, other_rep) == []
    for ask in (
        lambda: queries.get_hospital(session, scope, ours.id),
        lambda: queries.get_doctor(session, scope, doctor.id),
    ):
        with pytest.raises(NotFound):
            ask()
    assert queries.list_doctors(session, scope, queries.DoctorFilters()).total == 0
    assert queries.list_doctors_of_hospital(session, scope, ours.id, MONDAY) == []
    assert queries.find_hospitals(session, scope, "Ours") == []
    assert queries.find_doctors(session, scope, doctor.name) == []
    assert queries.rating_history(session, scope, doctor.id) == []
    assert queries.list_departments(session, scope, ours.id) == []


def test_a_doctor_is_seen_where_the_post_of_the_day_is(session, rep, lead, admin, ours):
    doctor = make_doctor(session)
    make_post(session, doctor=doctor, department=make_department(session, hospital=ours), until_on=date(2026, 11, 10))
    make_post(session, doctor=doctor, from_on=date(2026, 11, 10))  # moved to another region
    before, after = date(2026, 11, 9), date(2026, 11, 10)
    assert queries.get_doctor(session, scope_of(rep, before), doctor.id) is doctor
    for user in (rep, lead):
        with pytest.raises(NotFound):
            queries.get_doctor(session, scope_of(user, after), doctor.id)
    assert queries.get_doctor(session, scope_of(admin, after), doctor.id) is doctor


def test_a_doctor_without_a_post_is_seen_by_an_administrator_only(session, lead, admin):
    doctor = make_doctor(session, name="Nowhere")
    found = queries.list_doctors(session, scope_of(admin), queries.DoctorFilters())
    assert [(row.id, row.hospital_id) for row in found.items] == [(doctor.id, None)]
    assert queries.list_doctors(session, scope_of(lead), queries.DoctorFilters()).total == 0


def test_two_products_of_one_hospital_show_it_once(session, rep, ours):
    make_assignment(session, hospital=ours, rep=rep, from_on=date(2026, 11, 1))
    make_doctor(session, hospital=ours)
    assert names(session, rep) == ["Ours"]
    assert queries.list_doctors(session, scope_of(rep), queries.DoctorFilters()).total == 1
