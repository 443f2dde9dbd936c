"""The page of names that people have explained, and pages that ask before a name is there twice."""

from sqlalchemy import func, select

from repcrm.accounts.models import Doctor, Hospital
from repcrm.catalogue.models import ProductConversion
from tests.factories import make_alias, make_department, make_distributor, make_doctor, make_hospital, make_product

EN = {"Accept-Language": "en"}


def test_names_are_listed_filtered_and_removed(client_as, admin, session):
    distributor = make_distributor(session, name="Central Pharma")
    hospital = make_hospital(session, name="Riverside First Hospital")
    one = make_alias(session, spelling="Riverside old building", hospital=hospital, distributor=distributor)
    make_alias(session, spelling="Corner shop", hospital=None)
    session.commit()
    browser = client_as(admin)
    page = browser.get("/imports/names", headers=EN).text
    for words in ("Riverside old building", "Riverside First Hospital", "Central Pharma", "Corner shop", "not ours"):
        assert words in page
    narrowed = browser.get(f"/imports/names?distributor={distributor.id}&kind=hospital&q=old", headers=EN).text
    assert "Riverside old building" in narrowed
    assert "Corner shop" not in narrowed
    assert "No such names" in browser.get("/imports/names?q=nothing", headers=EN).text
    answer = browser.post(f"/imports/names/{one.id}/remove", data={"q": "old"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/imports/names?q=old")
    assert browser.post(f"/imports/names/{one.id}/remove").status_code == 409
    assert "Riverside old building" not in browser.get("/imports/names", headers=EN).text


def test_the_list_costs_the_same_however_many_names(client_as, admin, session, query_counter):
    for _number in range(60):
        make_alias(session)
    browser = client_as(admin)
    session.commit()
    with query_counter() as sent:
        page = browser.get("/imports/names?page=2").text
    assert "1 " in page
    assert len(sent) <= 7


def test_a_hospital_with_the_name_of_another_needs_a_yes(client_as, admin, lead, session, region, other_rep):
    make_hospital(session, code="H001", name="云泽市听澜医院", region=region)
    make_hospital(session, code="W001", name="远方医院", region_id=other_rep.region_id)
    session.commit()
    browser = client_as(admin)
    typed = {"code": "HZ01", "name": "雲澤市聽瀾醫院", "region_id": region.id, "status": "active"}
    asked = browser.post("/hospitals/new", data=typed, headers=EN)
    assert asked.status_code == 422
    assert "H001" in asked.text
    assert session.scalar(select(func.count(Hospital.id))) == 2
    assert browser.post("/hospitals/new", data={**typed, "is_another": "1"}).status_code == 302
    assert browser.post("/hospitals/new", data={**typed, "is_another": "1", "code": "h-001"}).status_code == 422
    hidden = client_as(lead).post("/hospitals/new", data={**typed, "code": "HZ02", "name": "远方医院"}, headers=EN)
    assert hidden.status_code == 422
    assert "It is in another region." in hidden.text
    assert "W001" not in hidden.text


def test_a_doctor_with_the_name_of_one_elsewhere_needs_a_yes(client_as, lead, session, region, other_rep):
    elsewhere = make_hospital(session, region_id=other_rep.region_id)
    make_doctor(session, name="林若云", hospital=elsewhere)
    ward = make_department(session, hospital=make_hospital(session, region=region))
    session.commit()
    browser = client_as(lead)
    typed = {
        "code": "D77", "name": "林若云", "department_id": ward.id, "from_on": "2026-11-01", "doctor_class": "general",
        "tier": "general",
    }  # fmt: skip
    asked = browser.post("/doctors/new", data=typed, headers=EN)
    assert asked.status_code == 422
    assert "They work in another region." in asked.text
    assert browser.post("/doctors/new", data={**typed, "is_another": "1"}).status_code == 302
    assert session.scalar(select(func.count(Doctor.id)).where(Doctor.name == "林若云")) == 2


def test_conversions_are_added_and_ended_on_the_page_of_the_product(client_as, admin, rep, session):
    product = make_product(session, name="云舒平片", pack_size="5 mg × 28 片")
    session.commit()
    browser, address = client_as(admin), f"/products/{product.id}"
    assert "1 × box = 28 × tablet" in browser.get(address, headers=EN).text
    typed = {"unit": "件", "packs_num": "200", "packs_den": "1", "from_on": "2026-01-01"}
    form = {f"conversion-{name}": value for name, value in typed.items()}
    assert browser.post(f"{address}/conversions", data=form).status_code == 302
    assert browser.post(f"{address}/conversions", data={**form, "conversion-unit": "盒"}).status_code == 422
    assert browser.post(f"{address}/conversions", data={**form, "conversion-packs_num": "0"}).status_code == 422
    assert "1 × case = 200 × box" in browser.get(address, headers=EN).text
    row = session.scalars(select(ProductConversion)).one()
    end = f"/products/conversions/{row.id}/end"
    assert browser.post(end, data={f"end-{row.id}-until_on": "2025-01-01"}).status_code == 422
    assert browser.post(end, data={f"end-{row.id}-until_on": "2026-12-01"}).status_code == 302
    assert "Add conversion" not in client_as(rep).get(address, headers=EN).text
