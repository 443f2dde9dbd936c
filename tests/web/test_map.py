"""The map: the hospitals in scope with the calls due there, and pictures from nowhere but a configured origin."""

from datetime import date

import pytest

from repcrm.accounts.models import HospitalStatus, Tier
from repcrm.app import create_app
from repcrm.calls.models import CallStatus
from repcrm.extensions import db
from tests.factories import make_assignment, make_call, make_department, make_doctor, make_hospital

EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def hospital(session, region, rep, save):
    """Two key doctors, one of them called on yesterday, and a general one called on ten days ago."""
    hospital = make_hospital(session, region=region, name="East Hospital", latitude=31.2, longitude=120.5)
    make_assignment(session, hospital=hospital, rep=rep)
    ward = make_department(session, hospital=hospital)
    for tier, day_on in ((Tier.KEY, date(2026, 11, 22)), (Tier.GENERAL, date(2026, 11, 13))):
        doctor = make_doctor(session, department=ward, tier=tier)
        make_call(session, rep=rep, day_on=day_on, main_doctor=doctor, hospital=hospital)
    save(make_doctor(session, department=ward, tier=Tier.KEY))
    return hospital


def test_a_rep_sees_where_calls_are_due(client_as, rep, hospital):
    page = client_as(rep).get("/map", headers=EN).text
    assert "1 hospital · 1 doctor is due" in page
    assert "<b>1 of 3 due</b> · key 1 of 2 · general 0 of 1" in page
    assert "last call yesterday" in page
    assert f'href="#hospital-{hospital.id}"' in page
    assert "today" not in page.split("map__list")[1].split("</ol>")[0]


def test_what_is_planned_today_is_said(client_as, rep, hospital, session, save):
    save(make_call(session, rep=rep, day_on=date(2026, 11, 23), hospital=hospital, status=CallStatus.PLANNED,
                   is_planned=True))  # fmt: skip
    assert "today 1 planned, 0 made" in client_as(rep).get("/map", headers=EN).text


def test_the_hospital_with_the_most_due_key_doctors_comes_first(client_as, lead, hospital, session, region, save):
    busier = make_hospital(session, region=region, name="Busier Hospital", latitude=31.3, longitude=120.6)
    ward = make_department(session, hospital=busier)
    for _ in range(2):
        make_doctor(session, department=ward, tier=Tier.KEY)
    save(make_hospital(session, region=region, name="Closed Hospital", status=HospitalStatus.CLOSED))
    page = client_as(lead).get("/map", headers=EN).text
    assert page.index("Busier Hospital") < page.index("East Hospital")
    assert "Closed Hospital" not in page


def test_a_hospital_without_coordinates_is_in_the_list_only(client_as, lead, session, region, save):
    place = save(make_hospital(session, region=region, latitude=None, longitude=None))
    page = client_as(lead).get("/map", headers=EN).text
    assert "1 hospital has no coordinates" in page
    assert f'id="hospital-{place.id}"' in page
    assert '<svg class="map__drawing"' not in page


def test_what_lies_out_of_scope_is_not_there(client_as, other_rep, hospital):
    page = client_as(other_rep).get("/map", headers=EN).text
    assert "East Hospital" not in page
    assert "stand here as soon as they are given to you" in page


def test_the_map_takes_few_statements(client_as, lead, hospital, session, region, save, query_counter):
    save(*(make_hospital(session, region=region, latitude=30 + n, longitude=120) for n in range(5)))
    browser = client_as(lead)
    with query_counter() as queries:
        browser.get("/map")
    assert len(queries) <= 7


def test_without_an_address_of_tiles_the_browser_asks_nobody(client_as, rep, hospital):
    response = client_as(rep).get("/map")
    assert "<image" not in response.text
    assert "img-src" not in response.headers["Content-Security-Policy"]


class TestTiles:
    """Pictures of the ground, where the settings name their address."""

    @pytest.fixture
    def app(self, settings):
        """The application with an address of tiles."""
        address = "https://tiles.example.com:8443/{z}/{x}/{y}.png?key=1"
        app = create_app(settings.model_copy(update={"map_tiles": address, "map_attribution": "© Somebody"}))
        yield app
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()

    def test_with_it_pictures_may_come_from_that_origin_only(self, client_as, rep, hospital):
        response = client_as(rep).get("/map")
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self'; ")
        assert policy.endswith("; img-src 'self' https://tiles.example.com:8443")
        assert 'href="https://tiles.example.com:8443/14/' in response.text
        assert "© Somebody" in response.text
