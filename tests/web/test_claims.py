"""Sales of a hospital and claims about them: what the rep says, what the back office answers, what both see."""

import pytest
from sqlalchemy import func, select

from repcrm.sales.models import ClaimState, FlowLine, SalesClaim
from repcrm.sales.queries import active
from tests.factories import (
    make_assignment,
    make_batch,
    make_claim,
    make_distributor,
    make_flow,
    make_hospital,
    make_product,
    make_rep,
)

ENGLISH = {"Accept-Language": "en"}


class World:
    """The rep's hospital with 100 packs of November, and a hospital and product that are not theirs."""

    def __init__(self, session, rep):
        self.hospital = make_hospital(session, region=rep.region, code="H1", name="江岸第一医院")
        self.other = make_hospital(session, region=rep.region, code="H2", name="江岸第二医院")
        self.product, self.others_product = make_product(session, name="产品甲"), make_product(session, name="产品乙")
        make_assignment(session, hospital=self.hospital, product=self.product, rep=rep)
        make_assignment(session, hospital=self.hospital, product=self.others_product)
        batch = make_batch(session, distributor=make_distributor(session, name="海棠医药"))
        self.line = make_flow(session, batch=batch, hospital=self.hospital, product=self.product, document="S-77")
        self.others_line = make_flow(session, batch=batch, hospital=self.hospital, product=self.others_product)
        session.commit()
        self.sales = f"/hospitals/{self.hospital.id}/sales?month=2026-11"
        self.about_month = f"/claims/new?hospital={self.hospital.id}&product={self.product.id}&month=2026-11"
        self.about_line = f"/claims/new?line={self.line.id}"


@pytest.fixture
def world(session, rep, fixed_clock):
    fixed_clock("2026-12-07T10:00+08:00")
    return World(session, rep)


def only_claim(session) -> SalesClaim:
    session.expire_all()
    return session.scalars(select(SalesClaim)).one()


def packs_of(session, hospital) -> int:
    session.rollback()
    wanted = select(func.coalesce(func.sum(FlowLine.packs), 0)).where(active(), FlowLine.hospital_id == hospital.id)
    return session.scalar(wanted)


def test_a_rep_sees_the_lines_of_the_own_products_only(client_as, rep, world):
    page = client_as(rep).get(world.sales, headers=ENGLISH).text
    assert "产品甲" in page
    assert "S-77" in page
    assert "海棠医药" in page
    assert "产品乙" not in page
    assert "No sales reported in this month." in client_as(rep).get(world.sales[:-2] + "10", headers=ENGLISH).text
    assert client_as(rep).get(f"/hospitals/{world.hospital.id}").text.count(f"/hospitals/{world.hospital.id}/sales")


def test_a_claim_is_made_answered_and_seen_by_both(session, client_as, rep, admin, world):
    field, office = client_as(rep), client_as(admin)
    form = field.get(world.about_line, headers=ENGLISH).text
    assert "packs missing" not in form, "a line that is there is not missing"
    said = {"kind": "wrong_hospital", "packs": "100", "other_hospital_id": "", "note": "送到二院的"}
    claim_page = field.post(world.about_line, data=said).location
    assert claim_page == f"/claims/{only_claim(session).id}"
    assert "to be answered" in field.get(world.sales, headers=ENGLISH).text

    assert "江岸第一医院 · 产品甲" in office.get("/claims", headers=ENGLISH).text
    shown = office.get(claim_page, headers=ENGLISH).text
    assert "送到二院的" in shown
    assert "Accept and correct" in shown
    refused = office.post(f"{claim_page}/accept", data={"packs": "100", "other_hospital": "H9"}, headers=ENGLISH)
    assert (refused.status_code, "No hospital has the code or name “H9”." in refused.text) == (422, True)
    decided = {"packs": "100", "other_hospital": "H2", "answer": "已与海棠核对"}
    assert office.post(f"{claim_page}/accept", data=decided).location == claim_page
    assert (packs_of(session, world.hospital), packs_of(session, world.other)) == (0 + 100, 100)

    seen = field.get(claim_page, headers=ENGLISH).text
    assert "corrected" in seen
    assert "已与海棠核对" in seen
    assert "/imports/" not in seen

    batch_id = only_claim(session).batch_id
    assert f"/imports/{batch_id}" in office.get(claim_page).text
    assert office.get(f"/imports/{batch_id}").status_code == 200
    office.post(f"/imports/{batch_id}/undo")
    for browser in (field, office):
        assert "correction reverted" in browser.get(claim_page, headers=ENGLISH).text
    assert packs_of(session, world.other) == 0


def test_a_claim_about_a_month_is_declined_with_words_or_withdrawn(session, client_as, rep, admin, world):
    field, office = client_as(rep), client_as(admin)
    said = {"kind": "missing", "packs": "30", "other_hospital_id": "", "note": "11月28日到货"}
    page = field.post(world.about_month, data=said).location
    refused = office.post(f"{page}/decline", data={"decline-answer": ""}, headers=ENGLISH)
    assert (refused.status_code, "Say why the claim is declined." in refused.text) == (422, True)
    office.post(f"{page}/decline", data={"decline-answer": "单据在12月"})
    assert "单据在12月" in field.get(page).text
    assert field.post(f"{page}/withdraw").status_code == 409
    other_page = field.post(world.about_month, data=said).location
    assert field.post(f"{other_page}/withdraw").location == other_page
    assert "withdrawn" in field.get(other_page, headers=ENGLISH).text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": "too_much", "packs": "101", "note": "x"}, "There are only 100 packs"),
        ({"kind": "too_much", "packs": "", "note": "x"}, "Enter how many packs."),
        ({"kind": "too_much", "packs": "1", "note": ""}, "Say what is wrong"),
        ({"kind": "nonsense", "packs": "1", "note": "x"}, "Choose one."),
        ({"kind": "missing", "packs": "1", "note": "x"}, "Choose one."),
    ],
)
def test_what_is_said_wrong_is_asked_for_again(client_as, rep, world, said, words):
    refused = client_as(rep).post(world.about_line, data={"other_hospital_id": "", **said}, headers=ENGLISH)
    assert (refused.status_code, words in refused.text) == (422, True), refused.text


def test_a_rep_gets_nowhere_with_addresses_that_are_not_theirs(session, client_as, rep, world):
    colleague = make_rep(session, region=rep.region)
    claim = make_claim(session, hospital=world.hospital, product=world.others_product, made_by=colleague)
    session.commit()
    browser = client_as(rep)
    hospital, product = world.hospital.id, world.product.id
    for address in (
        f"/claims/new?line={world.others_line.id}",
        f"/claims/new?hospital={hospital}&product={world.others_product.id}&month=2026-11",
        f"/claims/new?hospital={world.other.id}&product={product}&month=2026-11",
        "/claims/new?line=999999", "/claims/new?line=abc", "/claims/new", f"/claims/{claim.id}",
        f"/hospitals/{world.other.id}/sales",
    ):  # fmt: skip
        assert browser.get(address).status_code == 404, address
    said = {"kind": "too_much", "packs": "1", "note": "x", "other_hospital_id": ""}
    assert browser.post(f"/claims/new?line={world.others_line.id}", data=said).status_code == 404
    assert browser.post(f"/claims/{claim.id}/withdraw").status_code == 404
    for verb in ("accept", "decline"):
        assert browser.post(f"/claims/{claim.id}/{verb}").status_code == 403
    elsewhere = {**said, "kind": "wrong_hospital", "other_hospital_id": str(world.other.id)}
    assert browser.post(world.about_line, data=elsewhere).status_code == 422, "only own hospitals are offered"
    assert f"/claims/{claim.id}" not in browser.get("/claims").text
    assert session.scalars(select(SalesClaim.state)).all() == [ClaimState.OPEN]


def test_a_month_that_is_none_is_refused(client_as, rep, world):
    for month in ("soon", "2026-W47"):
        assert client_as(rep).get(f"/hospitals/{world.hospital.id}/sales?month={month}").status_code == 422


def test_the_lists_ask_the_database_no_more_for_more(session, client_as, rep, admin, world, query_counter):
    for number in range(60):
        make_claim(session, hospital=world.hospital, product=world.product, made_by=rep, packs=number + 1)
        make_flow(session, batch_id=world.line.batch_id, hospital=world.hospital, product=world.product)
    session.commit()
    with query_counter() as queries:
        page = client_as(admin).get("/claims?page=2", headers=ENGLISH).text
    assert "Page 2 of 2" in page
    assert len(queries) <= 8
    with query_counter() as queries:
        client_as(rep).get(world.sales)
    assert len(queries) <= 12
