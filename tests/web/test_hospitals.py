"""The hospital pages: list, archive, forms, listing pipeline."""

import pytest

from repcrm.accounts.listing import ListingStage
from repcrm.accounts.models import Department, Hospital, Listing
from tests.factories import (
    LONG_AGO,
    make_assignment,
    make_department,
    make_doctor,
    make_hospital,
    make_listing,
    make_product,
    make_rating,
)


@pytest.fixture
def hospital(session, region, rep):
    hospital = make_hospital(session, region=region, name="East Hospital", city="Eastville", beds=500)
    make_assignment(session, hospital=hospital, rep=rep)
    return hospital


def facts(hospital, **changes):
    typed = {"name": hospital.name, "grade": "3A", "status": "active", "city": "Eastville", "version": hospital.version}
    return {**typed, **changes}


def test_the_list_shows_what_is_in_scope_and_keeps_the_filters(client_as, rep, session, hospital):
    make_hospital(session, name="West Hospital")
    page = client_as(rep).get("/hospitals?city=Eastville&sort=beds", headers={"Accept-Language": "en"}).text
    assert "East Hospital" in page
    assert "West Hospital" not in page
    assert "Clear filters" in page
    assert "No hospital fits" in client_as(rep).get("/hospitals?q=nothing", headers={"Accept-Language": "en"}).text


def test_an_address_typed_by_hand_does_no_harm(client_as, rep, hospital):
    for query in ("grade=9Z", "below=-1", "page=0", "page=999", "page=x", "sort=drop", "q=%25", "status="):
        assert client_as(rep).get(f"/hospitals?{query}").status_code == 200


def test_the_archive_shows_departments_doctors_ratings_and_listings(client_as, rep, session, hospital):
    ward = make_department(session, hospital=hospital, name="Cardiology", is_model=True)
    make_rating(session, doctor=make_doctor(session, department=ward, name="Dr Chen"), rating=5, rated_on=LONG_AGO)
    make_listing(session, hospital=hospital, stage=ListingStage.COMMITTEE, potential_packs=250)
    page = client_as(rep).get(f"/hospitals/{hospital.id}", headers={"Accept-Language": "en"}).text
    for words in ("Cardiology", "Dr Chen", "rating 5 of 7", "drug committee", "250 packs", "1 / 1", "Fill in next:"):
        assert words in page, words
    assert "/edit" not in page


def test_a_hospital_out_of_scope_is_not_found(client_as, other_rep, hospital):
    assert client_as(other_rep).get(f"/hospitals/{hospital.id}").status_code == 404


def test_a_lead_revises_the_archive(client_as, lead, session, hospital):
    response = client_as(lead).post(
        f"/hospitals/{hospital.id}/edit", data=facts(hospital, name=" New name ", beds="80")
    )
    assert response.status_code == 302
    session.refresh(hospital)
    assert (hospital.name, hospital.beds, hospital.version) == ("New name", 80, 2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter the name."),
        ({"latitude": "31"}, "Give both latitude and longitude"),
        ({"beds": "many"}, "Beds"),
    ],
)
def test_what_cannot_be_is_shown_beside_the_field_and_nothing_changes(
    client_as, lead, session, hospital, changes, words
):
    response = client_as(lead).post(
        f"/hospitals/{hospital.id}/edit",
        data=facts(hospital, city="Typed town", **changes),
        headers={"Accept-Language": "en"},
    )
    assert response.status_code == 422
    assert words in response.text
    assert "Typed town" in response.text
    session.refresh(hospital)
    assert (hospital.city, hospital.version) == ("Eastville", 1)


def test_a_stale_form_is_a_conflict(client_as, lead, session, hospital):
    stale = facts(hospital, city="Lost")
    browser = client_as(lead)
    browser.post(f"/hospitals/{hospital.id}/edit", data=facts(hospital, city="First"))
    assert browser.post(f"/hospitals/{hospital.id}/edit", data=stale).status_code == 409
    session.refresh(hospital)
    assert hospital.city == "First"


def test_a_lead_opens_a_hospital_in_the_own_region_only(client_as, lead, other_rep, session, region):
    typed = {"code": "N1", "name": "New Hospital", "status": "active", "region_id": region.id}
    browser = client_as(lead)
    assert browser.post("/hospitals/new", data={**typed, "region_id": other_rep.region_id}).status_code == 422
    assert session.query(Hospital).count() == 0
    assert browser.post("/hospitals/new", data=typed).status_code == 302
    assert browser.post("/hospitals/new", data=typed).status_code == 422  # the code is taken
    assert session.query(Hospital).one().region_id == region.id


def test_departments_are_added_and_revised(client_as, lead, session, hospital):
    browser = client_as(lead)
    added = browser.post(f"/hospitals/{hospital.id}/departments/new", data={"name": "Surgery", "in_scope": "y"})
    assert added.status_code == 302
    ward = session.query(Department).one()
    again = browser.post(f"/hospitals/{hospital.id}/departments/new", data={"name": "Surgery"})
    assert again.status_code == 422
    revised = {"name": "Surgery", "beds": "12", "is_model": "y", "version": 1}
    assert browser.post(f"/hospitals/departments/{ward.id}", data=revised).status_code == 302
    assert browser.post(f"/hospitals/departments/{ward.id}", data={**revised, "beds": "9"}).status_code == 409
    session.refresh(ward)
    assert (ward.beds, ward.in_scope, ward.is_model) == (12, False, True)


def test_a_product_goes_through_the_pipeline(client_as, lead, session, hospital, fixed_clock):
    product = make_product(session)
    fixed_clock("2026-11-23T10:00+08:00")
    browser = client_as(lead)
    address = f"/listings/{hospital.id}/{product.id}"
    assert browser.get(address).status_code == 200
    browser.post(address, data={"stage": "applied", "since_on": "2026-11-02"})
    listing = session.query(Listing).one()
    assert browser.get(address).status_code == 200
    move = {"move-version": 1, "move-stage": "pharmacy_accepted", "move-moved_on": "2026-11-20"}
    assert browser.post(f"/listings/{listing.id}/move", data=move).status_code == 302
    refused = browser.post(f"/listings/{listing.id}/move", data={**move, "move-version": 2, "move-stage": "listed"})
    assert refused.status_code == 422
    future = {"move-version": 2, "move-stage": "committee", "move-moved_on": "2026-11-24"}
    assert browser.post(f"/listings/{listing.id}/move", data=future).status_code == 422
    known = {"version": 2, "potential_packs": "300", "competitor_note": "another one"}
    assert browser.post(f"/listings/{listing.id}/edit", data=known).status_code == 302
    assert browser.post(f"/listings/{listing.id}/edit", data=known).status_code == 409
    session.refresh(listing)
    assert (listing.stage, listing.potential_packs) == (ListingStage.PHARMACY_ACCEPTED, 300)


def test_pages_of_a_hospital_cost_the_same_however_many_doctors(client_as, rep, session, hospital, query_counter):
    browser, counts = client_as(rep), []
    for _round in range(2):
        for _doctor in range(5):
            make_rating(session, doctor=make_doctor(session, hospital=hospital))
        session.commit()
        with query_counter() as queries:
            browser.get(f"/hospitals/{hospital.id}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_a_list_of_hospitals_costs_the_same_however_many(client_as, lead, session, region, query_counter):
    browser = client_as(lead)
    for _number in range(30):
        make_hospital(session, region=region)
    session.commit()
    with query_counter() as queries:
        browser.get("/hospitals")
    assert len(queries) <= 9
