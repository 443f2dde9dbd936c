"""Claims: made within a rep's territory, answered once, and corrected by lines of their own."""

from datetime import date

import pytest
from sqlalchemy import func, select

from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.periods import Period
from repcrm.db.journal import JournalEntry
from repcrm.db.paging import page_of
from repcrm.imports import service as imports
from repcrm.imports.correcting import Decision, accept_claim
from repcrm.sales.claim_queries import (
    ClaimFilters,
    count_open_claims,
    get_claim,
    get_sold_line,
    list_claims,
    list_sold_lines,
)
from repcrm.sales.claims import Objection, decline_claim, make_claim, withdraw_claim
from repcrm.sales.lines import Delivery
from repcrm.sales.models import (
    BatchStatus,
    ClaimKind,
    ClaimState,
    FlowGrain,
    FlowLine,
    FlowMode,
    ImportBatch,
    SalesClaim,
)
from repcrm.sales.queries import active
from repcrm.sales.service import take_back_flow, take_flow
from repcrm.work.models import LongWork
from tests.factories import (
    MONTH,
    NOW,
    make_admin,
    make_assignment,
    make_batch,
    make_distributor,
    make_flow,
    make_hospital,
    make_product,
    make_rep,
    make_snapshot,
    scope_of,
)

TODAY = date(2026, 12, 7)
THIRD = date(2026, 11, 3)


class World:
    """A rep with a hospital and product, of which a distributor delivered 100 packs for 5,000 yuan on 3 November."""

    def __init__(self, session, rep) -> None:
        self.session, self.rep = session, rep
        self.scope = scope_of(rep, TODAY)
        self.office = scope_of(make_admin(session), TODAY)
        self.hospital = make_hospital(session, region=rep.region, code="H1")
        self.other = make_hospital(session, region=rep.region, code="H2", name="江岸第二医院")
        self.product = make_product(session)
        make_assignment(session, hospital=self.hospital, product=self.product, rep=rep)
        self.distributor = make_distributor(session)
        self.batch = make_batch(session, distributor=self.distributor)
        self.line = self.sold(100, value_fen=500_000)
        session.commit()

    def sold(self, packs, on=THIRD, **values) -> FlowLine:
        return make_flow(
            self.session, batch=self.batch, hospital=self.hospital, product=self.product, packs=packs, on=on, **values
        )

    def objection(self, kind, packs, line=None, **values) -> Objection:
        return Objection(
            kind, self.hospital.id, self.product.id, MONTH, packs, values.pop("note", "Not ordered"), line, **values
        )

    def claim(self, kind=ClaimKind.TOO_MUCH, packs=20, line=None, **values) -> SalesClaim:
        return make_claim(self.session, self.scope, self.objection(kind, packs, line, **values), now=NOW)

    def accept(self, claim, packs=20, **decided):
        return accept_claim(self.session, self.office, claim, Decision(packs, **decided), now=NOW)

    def packs(self, hospital=None) -> int:
        wanted = select(func.coalesce(func.sum(FlowLine.packs), 0)).where(active())
        return self.session.scalar(wanted.where(FlowLine.hospital_id == (hospital or self.hospital).id))


@pytest.fixture
def world(session, rep):
    return World(session, rep)


def correction_of(session, claim) -> list[tuple]:
    columns = FlowLine.hospital_id, FlowLine.on, FlowLine.grain, FlowLine.packs, FlowLine.value_fen
    return [tuple(row) for row in session.execute(select(*columns).where(FlowLine.batch_id == claim.batch_id))]


def test_too_much_of_a_line_is_taken_away_on_its_day_with_its_share_of_the_money(session, world):
    claim = world.claim(ClaimKind.TOO_MUCH, 20, world.line)
    world.accept(claim, 20)
    assert correction_of(session, claim) == [(world.hospital.id, THIRD, FlowGrain.DAY, -20, -100_000)]
    assert world.packs() == 80
    assert (claim.state, claim.batch.mode, claim.batch.distributor) == (
        ClaimState.ACCEPTED, FlowMode.CORRECTS, world.distributor,
    )  # fmt: skip
    assert world.line.packs == 100, "the line itself is never edited"
    assert session.get_one(ImportBatch, world.batch.id).status is BatchStatus.APPLIED


def test_packs_at_the_wrong_hospital_leave_here_and_come_there(session, world):
    claim = world.claim(ClaimKind.WRONG_HOSPITAL, 100, world.line, other_hospital_id=world.other.id)
    world.accept(claim, 100, other_hospital="江岸第二医院")
    assert (world.packs(), world.packs(world.other)) == (0, 100)
    assert [line[-1] for line in correction_of(session, claim)] == [-500_000, 500_000]


def test_missing_packs_come_on_top_under_the_distributor_that_was_chosen(session, world):
    claim = world.claim(ClaimKind.MISSING, 30)
    with pytest.raises(RuleBroken, match="Choose the distributor") as refused:
        world.accept(claim, 30)
    assert refused.value.field == "distributor_id"
    world.accept(claim, 25, distributor_id=world.distributor.id)
    assert correction_of(session, claim) == [(world.hospital.id, THIRD, FlowGrain.DAY, 25, None)]
    assert (world.packs(), claim.packs) == (125, 25)


def test_a_month_dated_by_month_is_corrected_by_month(session, world):
    world.line.on, world.line.grain = MONTH, FlowGrain.MONTH
    claim = world.claim(ClaimKind.NOT_MINE, 40)
    world.accept(claim, 40, distributor_id=world.distributor.id)
    assert correction_of(session, claim) == [(world.hospital.id, MONTH, FlowGrain.MONTH, -40, None)]


def test_a_return_at_the_wrong_hospital_is_turned_round(session, world):
    line = world.sold(-10)
    claim = world.claim(ClaimKind.WRONG_HOSPITAL, 10, line)
    world.accept(claim, 10, other_hospital="H2")
    assert (world.packs(), world.packs(world.other)) == (100, -10)


def test_the_wrong_hospital_needs_a_right_one(world):
    claim = world.claim(ClaimKind.WRONG_HOSPITAL, 10, world.line)
    for named in ("", "H1", "nowhere"):
        with pytest.raises(RuleBroken) as refused:
            world.accept(claim, 10, other_hospital=named)
        assert refused.value.field == "other_hospital"


def test_nobody_claims_more_than_there_is(session, world):
    for packs in (0, 101, 2_000_000):
        with pytest.raises(RuleBroken) as refused:
            world.claim(ClaimKind.TOO_MUCH, packs, world.line)
        assert refused.value.field == "packs"
    world.accept(world.claim(ClaimKind.TOO_MUCH, 60, world.line), 60)
    with pytest.raises(RuleBroken, match="only 40 packs"):
        world.claim(ClaimKind.NOT_MINE, 41, world.line)
    with pytest.raises(RuleBroken, match="only 40 packs"):
        world.claim(ClaimKind.TOO_MUCH, 41)  # of the month, in which 40 are left
    world.claim(ClaimKind.NOT_MINE, 40, world.line)


def test_the_same_is_claimed_once_at_a_time(world):
    first = world.claim(ClaimKind.TOO_MUCH, 20, world.line)
    with pytest.raises(RuleBroken, match="open claim"):
        world.claim(ClaimKind.TOO_MUCH, 10, world.line)
    withdraw_claim(world.session, world.scope, first, now=NOW)
    world.claim(ClaimKind.TOO_MUCH, 10, world.line)


def test_a_claim_says_what_is_wrong(world):
    with pytest.raises(RuleBroken) as refused:
        world.claim(note="  ")
    assert refused.value.field == "note"
    with pytest.raises(RuleBroken):
        make_claim(
            world.session,
            world.scope,
            Objection(ClaimKind.MISSING, world.hospital.id, world.product.id, date(2027, 1, 1), 1, "x"),
            now=NOW,
        )


def test_a_rep_claims_only_the_own_hospitals_and_products(session, world, other_rep):
    elsewhere = make_product(session)
    for hospital, product in ((world.other, world.product), (world.hospital, elsewhere)):
        with pytest.raises(NotFound):
            make_claim(
                session, world.scope, Objection(ClaimKind.MISSING, hospital.id, product.id, MONTH, 1, "x"), now=NOW
            )
    stranger = scope_of(other_rep, TODAY)
    with pytest.raises(NotFound):
        get_sold_line(session, stranger, world.line.id)
    assert list_sold_lines(session, stranger, world.hospital.id, MONTH) == []
    assert [line.packs for line in list_sold_lines(session, world.scope, world.hospital.id, MONTH)] == [100]
    with pytest.raises(NotFound):
        make_claim(session, stranger, world.objection(ClaimKind.TOO_MUCH, 1, world.line), now=NOW)


def test_claims_are_seen_by_their_rep_the_lead_of_the_region_and_the_back_office(session, world, lead, other_rep):
    claim = world.claim()
    for scope in (world.scope, scope_of(lead, TODAY), world.office):
        assert get_claim(session, scope, claim.id) is claim
    colleague = make_rep(session, region=world.rep.region)
    for person in (other_rep, colleague):
        with pytest.raises(NotFound):
            get_claim(session, scope_of(person, TODAY), claim.id)
        assert count_open_claims(session, scope_of(person, TODAY)) == 0
    assert count_open_claims(session, world.office) == 1


def test_open_claims_come_first_and_the_list_is_narrowed(session, world):
    declined = world.claim(ClaimKind.MISSING, 5)
    decline_claim(session, world.office, declined, "The delivery note says otherwise.", now=NOW)
    first, second = world.claim(ClaimKind.TOO_MUCH, 1), world.claim(ClaimKind.NOT_MINE, 2)

    def listed(**filters):
        return list(page_of(session, list_claims(world.office, ClaimFilters(**filters)), 1).items)

    assert listed() == [first, second, declined]
    assert listed(state=ClaimState.DECLINED) == [declined]
    assert listed(kind=ClaimKind.NOT_MINE) == [second]
    assert listed(words="H1") == listed()
    assert listed(words=world.rep.name[:5]) == listed()
    assert listed(words="%") == []


def test_a_claim_is_answered_once(session, world):
    claim = world.claim()
    with pytest.raises(RuleBroken) as refused:
        decline_claim(session, world.office, claim, " ", now=NOW)
    assert refused.value.field == "answer"
    decline_claim(session, world.office, claim, "Delivered as stated.", now=NOW)
    for again in (
        lambda: decline_claim(session, world.office, claim, "Again", now=NOW),
        lambda: withdraw_claim(session, world.scope, claim, now=NOW),
        lambda: world.accept(claim),
    ):
        with pytest.raises(Conflict, match="no longer open"):
            again()
    assert world.packs() == 100


def test_only_its_rep_withdraws_a_claim(session, world):
    claim = world.claim()
    with pytest.raises(RuleBroken):
        withdraw_claim(session, world.office, claim, now=NOW)


def test_a_reverted_correction_shows_on_its_claim_and_reopens_nothing(session, world):
    claim = world.claim(ClaimKind.TOO_MUCH, 20, world.line)
    world.accept(claim, 20)
    imports.revert(session, world.office, claim.batch, now=NOW)
    session.refresh(claim)
    assert (claim.state, claim.batch.status, world.packs()) == (ClaimState.ACCEPTED, BatchStatus.UNDONE, 100)
    assert count_open_claims(session, world.office) == 0
    world.claim(ClaimKind.TOO_MUCH, 100, world.line)  # all packs of the line can be claimed again


def test_a_line_that_no_longer_counts_is_not_corrected(session, world):
    claim = world.claim(ClaimKind.TOO_MUCH, 20, world.line)
    place = world.hospital.id, world.product.id
    again = take_flow(
        session, world.office.user_id, world.distributor, Period.parse("2026-11"), [Delivery(*place, THIRD, 80)], NOW
    )
    with pytest.raises(RuleBroken, match="no longer counts"):
        world.accept(claim)
    take_back_flow(session, again, world.office.user_id, NOW)
    world.accept(claim)
    assert world.packs() == 80


def test_a_new_file_of_the_month_takes_the_correction_along(session, world):
    claim = world.claim(ClaimKind.TOO_MUCH, 20, world.line)
    world.accept(claim)
    place = world.hospital.id, world.product.id
    take_flow(
        session, world.office.user_id, world.distributor, Period.parse("2026-11"), [Delivery(*place, THIRD, 80)], NOW
    )
    session.refresh(claim.batch)
    assert (claim.batch.status, world.packs()) == (BatchStatus.REPLACED, 80)


def test_a_closed_month_needs_a_reason_and_the_reports_are_named(session, world):
    report = make_snapshot(session, region=world.rep.region, kind="month", period="2026-11", from_on=MONTH,
                           until_on=date(2026, 12, 1))  # fmt: skip
    claim = world.claim(ClaimKind.TOO_MUCH, 20, world.line)
    with pytest.raises(RuleBroken, match="2026-11") as refused:
        world.accept(claim)
    assert refused.value.field == "reason"
    session.refresh(claim)
    assert list(world.accept(claim, reason="Distributor confirmed")) == [report]
    assert claim.batch.reason == "Distributor confirmed"
    asked = session.scalars(select(LongWork)).one()
    assert (asked.kind, asked.wish["reports"]) == ("revise_reports", [["2026-11", world.rep.region.id]])


def test_everything_about_a_claim_is_in_the_audit_log(session, world):
    world.accept(world.claim(ClaimKind.TOO_MUCH, 20, world.line), 20, answer="Agreed")
    withdraw_claim(session, world.scope, world.claim(ClaimKind.MISSING, 1), now=NOW)
    decline_claim(session, world.office, world.claim(ClaimKind.MISSING, 1), "No", now=NOW)
    entries = session.scalars(select(JournalEntry).where(JournalEntry.subject == "sales_claim")).all()
    assert [entry.verb for entry in entries] == [
        "make_claim", "accept_claim", "make_claim", "withdraw_claim", "make_claim", "decline_claim",
    ]  # fmt: skip
    assert entries[1].after["packs"] == 20
