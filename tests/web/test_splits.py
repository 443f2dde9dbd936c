"""The pages of the splits."""

import re

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Tier
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.models import QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.queries import adoption_factors
from repcrm.targets.service import CellEdit, assign_targets
from tests.factories import (
    MONTH,
    NOW,
    make_assignment,
    make_department,
    make_doctor,
    make_hospital,
    make_rating,
    make_split,
    make_target,
    scope_of,
)

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def target(session, region, rep, save):
    hospital = make_hospital(session, region=region, name="First Hospital")
    target = make_target(session, hospital=hospital)
    make_assignment(session, hospital=hospital, product=target.product, rep=rep)
    return save(target)


@pytest.fixture
def doctors(session, target, save):
    department = make_department(session, hospital=target.hospital, name="Cardiology")
    key = make_doctor(session, department=department, name="Ann", tier=Tier.KEY)
    general = make_doctor(session, department=department, name="Ben")
    make_rating(session, doctor=key, product=target.product, rating=7)
    save()
    return [key.id, general.id]


def data(doctors, *parts, version=0, **more):
    return {"version": str(version), **{f"part:{d}": str(p) for d, p in zip(doctors, parts, strict=False)}, **more}


def kept(session):
    session.rollback()
    split = session.scalar(select(QuotaSplit))
    shares = session.execute(select(QuotaShare.doctor_id, QuotaShare.packs).order_by(QuotaShare.doctor_id))
    return (split.status if split else None), [tuple(share) for share in shares]


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def url(target, step=""):
    return f"/targets/{target.id}/split{step}"


def test_the_page_shows_doctors_and_what_is_left(client_as, rep, target, doctors):
    page = words(client_as(rep).get(url(target), headers=ENGLISH))
    for found in ("First Hospital", "Ann", "Cardiology", "rating 7 of 7", "No doctor has been given a part yet."):
        assert found in page


def test_a_hospital_without_doctors_says_so(client_as, rep, target):
    assert "No doctors here yet" in client_as(rep).get(url(target), headers=ENGLISH).text


def test_a_rep_keeps_a_draft_and_hands_in_when_it_adds_up(client_as, rep, session, target, doctors):
    browser = client_as(rep)
    assert browser.post(url(target), data=data(doctors, 60, 30)).status_code == 302
    assert kept(session) == (SplitStatus.DRAFT, [(doctors[0], 60), (doctors[1], 30)])
    response = browser.post(url(target, "/hand-in"), data=data(doctors, 60, 30, version=1), headers=ENGLISH)
    assert response.status_code == 422
    assert "10 packs are still to be given out." in response.text
    assert browser.post(url(target, "/hand-in"), data=data(doctors, 60, 40, version=1)).status_code == 302
    assert kept(session) == (SplitStatus.PROPOSED, [(doctors[0], 60), (doctors[1], 40)])


def test_nothing_is_kept_of_a_hand_in_that_is_refused(client_as, rep, session, target, doctors):
    assert client_as(rep).post(url(target, "/hand-in"), data=data(doctors, 1, 2)).status_code == 422
    assert kept(session) == (None, [])


def test_the_lead_approves_what_was_handed_in(client_as, rep, lead, session, target, doctors):
    client_as(rep).post(url(target, "/hand-in"), data=data(doctors, 60, 40))
    browser = client_as(lead)
    assert "First Hospital" in browser.get("/splits").text
    response = browser.post(
        url(target, "/approve"), data=data(doctors, 60, 40, version=2), follow_redirects=True, headers=ENGLISH
    )
    assert "Approved by Lead of the East" in response.text
    assert kept(session)[0] is SplitStatus.APPROVED
    split = session.scalar(select(QuotaSplit))
    assert split.edited_by_id == rep.id  # approved as it was, not edited


def test_the_lead_changes_and_approves_at_once(client_as, rep, lead, session, target, doctors):
    client_as(rep).post(url(target, "/hand-in"), data=data(doctors, 60, 40))
    assert client_as(lead).post(url(target, "/approve"), data=data(doctors, 70, 30, version=2)).status_code == 302
    assert kept(session) == (SplitStatus.APPROVED, [(doctors[0], 70), (doctors[1], 30)])


def test_the_lead_sends_back_with_a_reason(client_as, rep, lead, session, target, doctors):
    client_as(rep).post(url(target, "/hand-in"), data=data(doctors, 60, 40))
    browser = client_as(lead)
    assert browser.post(url(target, "/return"), data={"version": "2", "comment": ""}).status_code == 422
    assert browser.post(url(target, "/return"), data={"version": "2", "comment": "More for Ben"}).status_code == 302
    assert kept(session)[0] is SplitStatus.RETURNED
    assert "More for Ben" in client_as(rep).get(url(target)).text
    assert "More for Ben" in client_as(rep).get("/splits?state=returned").text


def test_a_rep_neither_approves_nor_sends_back(client_as, rep, target, doctors):
    browser = client_as(rep)
    assert browser.post(url(target, "/approve"), data=data(doctors, 60, 40)).status_code == 403
    assert browser.post(url(target, "/return"), data={"version": "0"}).status_code == 403


def test_a_stale_page_is_a_conflict_that_names_who(client_as, rep, lead, target, doctors):
    client_as(lead).post(url(target), data=data(doctors, 1, 2))
    response = client_as(rep).post(url(target), data=data(doctors, 3, 4), headers=ENGLISH)
    assert response.status_code == 409
    assert "Lead of the East has changed this split since you opened it." in response.text


class TestSomebodyElseWasFaster:
    """Part by part one chooses whose figure counts; nothing is merged in silence."""

    @pytest.fixture
    def eve(self, session, target, save):
        department = make_department(session, hospital=target.hospital, name="Neurology")
        return save(make_doctor(session, department=department, name="Eve")).id

    @pytest.fixture
    def clash(self, client_as, rep, lead, target, doctors, eve):
        """10, 20 and 70 were shown; the lead saved 15, 25, 70, and the rep's 11, 20, 69 came too late."""
        browser, everybody = client_as(rep), [*doctors, eve]
        browser.post(url(target), data=data(everybody, 10, 20, 70))
        shown = hidden(browser.get(url(target)).text, "shown")
        client_as(lead).post(url(target), data=data(everybody, 15, 25, 70, version=1))
        return browser.post(url(target), data=data(everybody, 11, 20, 69, version=1, shown=shown), headers=ENGLISH)

    def test_who_and_which_parts_are_named_and_nothing_is_saved(self, clash, session, doctors, eve):
        ann, ben = doctors
        assert clash.status_code == 409
        assert "Lead of the East has changed this split since you opened it." in clash.text
        assert "Only they changed these, and their figures stand here now: Ben." in clash.text
        assert "Mine: 11" in clash.text
        assert "Lead of the East: 15" in clash.text
        assert [box(clash.text, doctor) for doctor in (ann, ben, eve)] == ["11", "25", "69"]
        assert f'name="clash:{ann}"' in clash.text
        assert f'name="clash:{ben}"' not in clash.text
        assert kept(session)[1] == [(ann, 15), (ben, 25), (eve, 70)]

    @pytest.mark.parametrize(("pick", "part"), [("mine", 11), ("theirs", 15)])
    def test_what_was_chosen_is_saved(self, client_as, rep, session, clash, target, doctors, eve, pick, part):
        answer = {"shown": hidden(clash.text, "shown"), "version": hidden(clash.text, "version"),
                  f"clash:{doctors[0]}": "1", f"pick:{doctors[0]}": pick}  # fmt: skip
        response = client_as(rep).post(url(target), data=data([*doctors, eve], 11, 25, 69) | answer)
        assert response.status_code == 302
        assert kept(session)[1] == [(doctors[0], part), (doctors[1], 25), (eve, 69)]

    def test_without_a_choice_it_is_asked_again(self, client_as, rep, session, clash, target, doctors, eve):
        answer = {"shown": hidden(clash.text, "shown"), "version": "2", f"clash:{doctors[0]}": "1"}
        response = client_as(rep).post(url(target), data=data([*doctors, eve], 11, 25, 69) | answer, headers=ENGLISH)
        assert response.status_code == 422
        assert "Ann: Choose whose figure counts: yours or theirs." in response.text
        assert f'name="clash:{doctors[0]}"' in response.text
        assert kept(session)[1] == [(doctors[0], 15), (doctors[1], 25), (eve, 70)]

    def test_what_was_approved_meanwhile_is_shown_as_it_is(self, client_as, rep, lead, target, doctors):
        browser = client_as(rep)
        browser.post(url(target, "/hand-in"), data=data(doctors, 60, 40))
        client_as(lead).post(url(target, "/approve"), data=data(doctors, 70, 30, version=2))
        response = browser.post(url(target), data=data(doctors, 50, 50, version=2), headers=ENGLISH)
        assert response.status_code == 302
        assert "has changed this split since you opened it" in browser.get(url(target), headers=ENGLISH).text


def hidden(page, name):
    """What a hidden field of a page carries."""
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found is not None
    return found[1].replace("&#34;", '"')


def box(page, doctor_id):
    """What stands in a doctor's box."""
    found = re.search(rf'name="part:{doctor_id}" value="([^"]*)"', page)
    return found and found[1]


def test_what_is_no_number_is_marked_and_kept_on_the_page(client_as, rep, session, target, doctors):
    response = client_as(rep).post(url(target), data=data(doctors, "lots", 4), headers=ENGLISH)
    assert response.status_code == 422
    assert "is not a whole number of packs" in response.text
    assert 'value="lots"' in response.text
    assert kept(session) == (None, [])


@pytest.mark.parametrize(("way", "parts"), [("rating", (77, 23)), ("tier", (75, 25)), ("even", (50, 50))])
def test_a_proposal_fills_in_the_boxes_and_saves_nothing(client_as, rep, session, target, doctors, way, parts):
    response = client_as(rep).post(url(target, "/suggest"), data=data(doctors, "", "", way=way), headers=ENGLISH)
    assert "A proposal: nothing is saved yet" in response.text
    assert re.findall(r'name="part:\d+" value="(\d+)"', response.text) == [str(part) for part in parts]
    assert "Everything has been given out." in words(response)
    assert kept(session) == (None, [])


def test_a_locked_part_stays_in_a_proposal(client_as, rep, target, doctors):
    posted = data(doctors, 10, "", way="even") | {f"keep:{doctors[0]}": "1"}
    response = client_as(rep).post(url(target, "/suggest"), data=posted)
    assert re.findall(r'name="part:\d+" value="(\d+)"', response.text) == ["10", "90"]


@pytest.mark.parametrize("way", ["last", "magic"])
def test_a_proposal_that_cannot_be_made_says_why(client_as, rep, target, doctors, way):
    assert client_as(rep).post(url(target, "/suggest"), data=data(doctors, way=way)).status_code == 422


def test_a_changed_target_is_said_on_the_page(client_as, rep, lead, session, target, doctors, save):
    ann = doctors[0]
    split = make_split(session, target=target, status=SplitStatus.APPROVED)
    session.add(QuotaShare(split_id=split.id, doctor_id=ann, packs=100))
    save()
    edit = CellEdit(target.hospital_id, target.product_id, MONTH, 130, 130)
    assign_targets(session, scope_of(lead), [edit], now=NOW)
    page = words(client_as(rep).get(url(target), headers=ENGLISH))
    assert "This split added up to 100 packs; the target is 130 now." in page
    assert "30 packs are still to be given out." in page


@pytest.mark.parametrize("step", ["", "/hand-in", "/suggest"])
def test_a_target_out_of_scope_is_not_found(client_as, other_rep, target, doctors, step):
    browser = client_as(other_rep)
    assert browser.get(url(target)).status_code == 404
    assert browser.post(url(target, step), data=data(doctors, 50, 50, way="even")).status_code == 404


def test_an_admin_sees_no_targets(client_as, admin, target):
    browser = client_as(admin)
    for address in (url(target), "/splits", "/targets"):
        assert browser.get(address).status_code == 403


def test_the_list_by_state_and_month(client_as, rep, target, doctors):
    browser = client_as(rep)
    page = words(browser.get("/splits", headers=ENGLISH))
    assert "First Hospital" in page  # the first state that has something: not split yet
    assert "First Hospital" not in browser.get("/splits?state=waiting").text
    assert "First Hospital" not in browser.get("/splits?month=2026-12&state=not_split").text
    assert browser.get("/splits?month=never").status_code == 422


def test_a_long_list_is_paged_with_few_queries(client_as, lead, session, region, query_counter, save):
    for _ in range(60):
        make_target(session, hospital=make_hospital(session, region=region))
    save()
    browser = client_as(lead)
    with query_counter() as queries:
        response = browser.get("/splits?state=not_split", headers=ENGLISH)
    assert "Page 1 of 2" in response.text
    assert len(queries) <= 10


def test_a_split_of_30_doctors_takes_few_queries(client_as, rep, session, target, doctors, query_counter, save):
    department = make_department(session, hospital=target.hospital)
    for _ in range(30):
        make_doctor(session, department=department)
    save()
    browser = client_as(rep)
    with query_counter() as queries:
        assert browser.get(url(target)).status_code == 200
    assert len(queries) <= 12


def factors_form(factors):
    return {f"factor_{r}": str(f) for r, f in factors.items()} | {
        f"shown_{r}": str(f) for r, f in DEFAULT_FACTORS.items()
    }


def test_a_lead_sets_the_adoption_factors(client_as, lead, session):
    browser = client_as(lead)
    assert 'value="800"' in browser.get("/splits/factors").text
    wanted = {**DEFAULT_FACTORS, 5: 850}
    assert browser.post("/splits/factors", data=factors_form(wanted)).status_code == 302
    session.rollback()
    assert adoption_factors(session) == wanted
    assert browser.post("/splits/factors", data=factors_form(DEFAULT_FACTORS)).status_code == 409


def test_factors_that_fall_are_refused_beside_the_field(client_as, lead, session):
    response = client_as(lead).post("/splits/factors", data=factors_form({**DEFAULT_FACTORS, 5: 500}), headers=ENGLISH)
    assert response.status_code == 422
    assert "The factor of rating 5 must not be below that of rating 4." in response.text
    session.rollback()
    assert adoption_factors(session) == DEFAULT_FACTORS
