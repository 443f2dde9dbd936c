"""The doctor pages: list, card, ratings, roster, posts, and who might be the same."""

from datetime import date

import pytest

from repcrm.accounts import queries
from repcrm.accounts.models import AdoptionRating, Doctor, Session, Tier
from repcrm.accounts.service import DoctorFacts, register_doctor
from tests.factories import (
    LONG_AGO,
    make_assignment,
    make_call,
    make_department,
    make_follow_up,
    make_hospital,
    make_product,
    make_rating,
    make_split,
    make_target,
    scope_of,
)

EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def hospital(session, region, rep):
    hospital = make_hospital(session, region=region, name="East Hospital")
    make_assignment(session, hospital=hospital, rep=rep)
    return hospital


@pytest.fixture
def ward(session, hospital):
    return make_department(session, hospital=hospital, name="Cardiology")


@pytest.fixture
def doctor(session, ward):
    return register_doctor(session, "D1", DoctorFacts("王芳", tier=Tier.KEY), ward, LONG_AGO)


@pytest.fixture
def product(session):
    return make_product(session, name="Sample tablets")


def test_the_list_filters_by_tier_rating_and_days_not_seen(client_as, rep, session, hospital, ward, doctor, product):
    register_doctor(session, "D2", DoctorFacts("赵强"), ward, LONG_AGO)
    make_rating(session, doctor=doctor, product=product, rating=6)
    make_call(session, rep=rep, hospital=hospital, main_doctor=doctor, day_on=date(2026, 11, 16))
    browser = client_as(rep)

    def named(query):
        page = browser.get(f"/doctors?{query}").text
        return [name for name in ("王芳", "赵强") if f">{name}</a>" in page]

    assert named("") == ["王芳", "赵强"]
    assert named("tier=key") == named("rating=6") == named("q=wf") == ["王芳"]
    assert named("rating=0") == named("unseen=7") == ["赵强"]
    assert named("unseen=6") == ["王芳", "赵强"]
    assert named(f"hospital={hospital.id}&department={ward.id}&product={product.id}&rating=6") == ["王芳"]
    assert named("rating=x&tier=y&page=z") == ["王芳", "赵强"]


def test_a_rep_reads_everything_about_a_doctor(client_as, rep, session, hospital, doctor, product):
    make_rating(session, doctor=doctor, product=product, rating=3, rated_on=date(2026, 9, 1), set_by=rep)
    make_rating(session, doctor=doctor, product=product, rating=5, rated_on=date(2026, 10, 1), set_by=rep)
    call = make_call(session, rep=rep, hospital=hospital, main_doctor=doctor, summary="Talked about the study")
    make_follow_up(session, call=call, text="Bring the study")
    make_assignment(session, hospital=hospital, rep=rep, product=product)
    target = make_target(session, hospital=hospital, product=product, month_on=date(2026, 11, 1))
    make_split(session, target=target, shares={doctor: 17})
    page = client_as(rep).get(f"/doctors/{doctor.id}", headers=EN).text
    for words in ("East Hospital", "Cardiology", "rating 5 of 7", "rating-chart__line", "Talked about the study",
                  "Bring the study", ">17<", "1 Sep 2026", rep.name):  # fmt: skip
        assert words in page, words


def test_an_administrator_sees_no_calls_and_no_shares(client_as, admin, session, rep, hospital, doctor):
    make_call(session, rep=rep, hospital=hospital, main_doctor=doctor, summary="Talked about the study")
    page = client_as(admin).get(f"/doctors/{doctor.id}", headers=EN).text
    assert "Talked about the study" not in page
    assert "Share of this month" not in page


def test_a_doctor_out_of_scope_is_not_found(client_as, other_rep, doctor):
    browser = client_as(other_rep)
    for address in (f"/doctors/{doctor.id}", f"/doctors/{doctor.id}/ratings"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/doctors/{doctor.id}/ratings", data={"rated_on": "2026-11-23"}).status_code == 404


def test_only_the_ratings_that_changed_are_written(client_as, rep, session, doctor, product):
    other, third = make_product(session), make_product(session)
    make_rating(session, doctor=doctor, product=product, rating=3)
    make_rating(session, doctor=doctor, product=other, rating=4)
    typed = {
        "rated_on": "2026-11-23",
        f"product-{product.id}": "5",
        f"product-{other.id}": "4",
        f"product-{third.id}": "",
    }
    assert client_as(rep).post(f"/doctors/{doctor.id}/ratings", data=typed).status_code == 302
    assert session.query(AdoptionRating).count() == 3
    newest = queries.latest_ratings(session, scope_of(rep, date(2026, 11, 23)), [doctor.id], date(2026, 11, 23))
    assert newest == {(doctor.id, product.id): 5, (doctor.id, other.id): 4}


@pytest.mark.parametrize(
    "typed", [{"rated_on": "2026-11-24"}, {"rated_on": "soon"}, {"rated_on": "2026-11-23", "r": "8"}]
)
def test_a_rating_to_come_or_off_the_scale_is_refused(client_as, rep, session, doctor, product, typed):
    data = {"rated_on": typed["rated_on"], f"product-{product.id}": typed.get("r", "5")}
    assert client_as(rep).post(f"/doctors/{doctor.id}/ratings", data=data).status_code == 422
    assert session.query(AdoptionRating).count() == 0


def test_a_new_doctor_much_like_another_is_held_back_until_somebody_decides(client_as, lead, session, ward, doctor):
    typed = {"code": "D9", "name": "汪方", "doctor_class": "general", "tier": "general", "department_id": ward.id,
             "from_on": "2026-11-01"}  # fmt: skip
    browser = client_as(lead)
    asked = browser.post("/doctors/new", data=typed, headers=EN)
    assert asked.status_code == 422
    assert "Is it one of these?" in asked.text
    assert f"/doctors/{doctor.id}" in asked.text
    assert session.query(Doctor).count() == 1
    assert browser.post("/doctors/new", data={**typed, "is_another": "1"}).status_code == 302
    assert session.query(Doctor).count() == 2


def test_a_new_doctor_is_registered_in_the_own_region_only(client_as, lead, session, ward):
    elsewhere = make_department(session)
    typed = {"code": "D9", "name": "赵强", "doctor_class": "chief", "tier": "key", "from_on": "2026-11-01"}
    browser = client_as(lead)
    assert browser.post("/doctors/new", data={**typed, "department_id": elsewhere.id}).status_code == 422
    assert browser.post("/doctors/new", data={**typed, "department_id": ""}).status_code == 422
    assert browser.post("/doctors/new", data={**typed, "department_id": ward.id, "work_email": "x"}).status_code == 422
    assert session.query(Doctor).count() == 0
    assert browser.post("/doctors/new", data={**typed, "department_id": ward.id}).status_code == 302
    assert session.query(Doctor).one().name_pinyin == "zhaoqiang"


def test_the_card_is_revised_and_a_stale_form_is_a_conflict(client_as, lead, session, doctor):
    typed = {"name": "王芳", "doctor_class": "chief", "tier": "general", "title": "Chief", "version": 1}
    browser = client_as(lead)
    assert browser.post(f"/doctors/{doctor.id}/edit", data=typed).status_code == 302
    assert browser.post(f"/doctors/{doctor.id}/edit", data={**typed, "title": "Lost"}).status_code == 409
    session.refresh(doctor)
    assert (doctor.title, doctor.is_active, doctor.version) == ("Chief", False, 2)


def test_the_roster_is_ticked(client_as, lead, session, doctor):
    browser = client_as(lead)
    assert (
        browser.post(f"/doctors/{doctor.id}/roster", data={"slots": ["1-am", "3-eve"], "version": 1}).status_code == 302
    )
    scope = scope_of(lead)
    assert queries.clinic_roster(session, scope, doctor.id) == [(1, Session.AM), (3, Session.EVE)]
    assert browser.post(f"/doctors/{doctor.id}/roster", data={"slots": ["9-am"], "version": 2}).status_code == 422
    assert len(queries.clinic_roster(session, scope, doctor.id)) == 2
    assert browser.post(f"/doctors/{doctor.id}/roster", data={"version": 2}).status_code == 302
    assert queries.clinic_roster(session, scope, doctor.id) == []
    assert browser.post(f"/doctors/{doctor.id}/roster", data={"slots": ["1-am"], "version": 2}).status_code == 409


def test_a_doctor_moves_to_another_department(client_as, lead, session, hospital, ward, doctor):
    bones = make_department(session, hospital=hospital)
    browser = client_as(lead)
    typed = {"post-department_id": bones.id, "post-from_on": "2026-11-10"}
    assert browser.post(f"/doctors/{doctor.id}/post", data=typed).status_code == 302
    assert queries.department_of(session, scope_of(lead), doctor.id, date(2026, 11, 10)) == bones
    early = {"post-department_id": ward.id, "post-from_on": "2026-11-01"}
    assert browser.post(f"/doctors/{doctor.id}/post", data=early).status_code == 422
    elsewhere = {"post-department_id": make_department(session).id, "post-from_on": "2026-11-20"}
    assert browser.post(f"/doctors/{doctor.id}/post", data=elsewhere).status_code == 422


def test_pages_of_doctors_cost_the_same_however_many(client_as, rep, session, ward, doctor, product, query_counter):
    browser = client_as(rep)
    for number in range(20):
        other = register_doctor(session, f"E{number}", DoctorFacts(f"赵{number}"), ward, LONG_AGO)
        make_rating(session, doctor=other, product=product)
        make_rating(session, doctor=doctor, product=product)
    session.commit()
    with query_counter() as listing:
        browser.get("/doctors")
    with query_counter() as card:
        browser.get(f"/doctors/{doctor.id}")
    assert len(listing) <= 9
    assert len(card) <= 16
