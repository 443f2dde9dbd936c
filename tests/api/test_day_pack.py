"""What goes along on a phone: the own fortnight, and nothing more."""

from datetime import date, timedelta

import pytest

from repcrm.calls.models import CallStatus
from tests import factories

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T16:30+08:00")


@pytest.fixture
def call(field, session):
    call = factories.make_call(
        session, rep_id=field.rep.user_id, day_on=TODAY, main_doctor=field.doctor, hospital=field.hospital,
        department=field.department, status=CallStatus.PLANNED, is_planned=True,
    )  # fmt: skip
    factories.make_call_purpose(session, call=call)
    return call


def pack_of(client_as, rep):
    return client_as(rep).get("/api/v1/day-pack").json


def test_the_pack_has_the_days_the_plan_and_the_doctors_on_it(client_as, rep, field, call, session):
    factories.make_rating(session, doctor=field.doctor, product=field.product, rating=5, rated_on=date(2026, 11, 2))
    for days in (10, 20, 30, 40):
        factories.make_call(
            session, rep=rep, day_on=TODAY - timedelta(days=days), main_doctor=field.doctor, hospital=field.hospital,
            summary=f"{days} days ago",
        )  # fmt: skip
    pack = pack_of(client_as, rep)
    assert (pack["user_id"], pack["today"], pack["time_zone"]) == (rep.id, "2026-11-23", "Asia/Shanghai")
    assert (pack["days"][0]["day_on"], pack["days"][-1]["day_on"]) == ("2026-11-16", "2026-11-30")
    assert [day["works"] for day in pack["days"][:7]] == [True] * 5 + [False] * 2
    (card,) = pack["calls"]
    assert (card["entity_id"], card["status"], card["doctor"]) == (f"call-{call.id}", "planned", "Li Min")
    assert card["facts"]["purposes"] == ["increase_use"]
    (doctor,) = pack["doctors"]
    assert (doctor["name"], doctor["department"]) == ("Li Min", field.department.name)
    assert doctor["ratings"] == {str(field.product.id): 5}
    assert [one["summary"] for one in doctor["last_calls"]] == ["10 days ago", "20 days ago", "30 days ago"]
    assert {product["id"] for product in pack["products"]} == {field.product.id, field.other_product.id}
    assert pack["held"][str(field.hospital.id)] == [product["id"] for product in pack["products"]]


def test_doctors_in_clinic_and_promises_go_along_others_do_not(client_as, rep, field, session):
    factories.make_doctor(session, name="Nobody", department=field.department)
    factories.make_clinic_session(session, doctor=field.colleague)
    old = factories.make_call(
        session, rep=rep, day_on=date(2026, 9, 1), main_doctor=field.doctor, hospital=field.hospital
    )
    factories.make_follow_up(session, call=old, due_on=date(2026, 11, 27), text="Bring paper")
    factories.make_follow_up(session, call=old, due_on=date(2026, 12, 27), text="Far away")
    pack = pack_of(client_as, rep)
    assert {doctor["name"] for doctor in pack["doctors"]} == {"Li Min", "Wang Fang"}
    assert [promise["text"] for promise in pack["promises"]] == ["Bring paper"]


def test_nothing_of_anybody_else_goes_along(client_as, other_rep, field, call, session):
    pack = pack_of(client_as, other_rep)
    assert [pack[name] for name in ("calls", "doctors", "promises", "products", "held")] == [[], [], [], [], {}]


def test_no_more_is_told_of_a_doctor_than_is_needed(client_as, rep, field, call):
    (doctor,) = pack_of(client_as, rep)["doctors"]
    assert set(doctor) == {
        "id", "name", "letters", "is_key", "hospital_id", "hospital", "department", "ratings", "last_calls",
    }  # fmt: skip


def test_a_fuller_pack_takes_hardly_more_statements(client_as, rep, field, call, session, query_counter):
    browser = client_as(rep)
    with query_counter() as few:
        browser.get("/api/v1/day-pack")
    today, earlier = call.sheet, factories.make_sheet(session, rep=rep, day_on=TODAY - timedelta(days=10))
    for _ in range(10):
        doctor = factories.make_doctor(session, department=field.department)
        for sheet in (today, earlier):
            factories.make_call(session, sheet=sheet, main_doctor=doctor, hospital=field.hospital)
    with query_counter() as many:
        browser.get("/api/v1/day-pack")
    assert len(many) <= len(few) + 8  # the details of earlier calls, which there were none of at first
