"""Territories: given, handed over, closed; nobody holds the same thing twice on one day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.core.errors import RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.db.unit_of_work import begin_writing
from repcrm.organisation import territories
from repcrm.organisation.models import Territory, TerritoryAssignment, User
from repcrm.organisation.territories import Holding
from tests.factories import (
    LONG_AGO,
    NOW,
    make_assignment,
    make_hospital,
    make_lead,
    make_product,
    make_rep,
    make_territory,
    scope_of,
)

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def territory(session, region):
    return make_territory(session, region=region)


@pytest.fixture
def hospital(session, region):
    return make_hospital(session, region=region)


@pytest.fixture
def product(session):
    return make_product(session)


@pytest.fixture
def second(session, region):
    return make_rep(session, region=region, name="Second")


@pytest.fixture
def give(session, territory, hospital, product, rep, admin):
    def give(from_on, until_on=None, to=rep):
        return territories.give(
            session, territory, hospital, product.id, to, from_on, until_on, actor_id=admin.id, now=NOW
        )

    return give


@pytest.fixture
def hand_over(session, territory, hospital, product, admin):
    def hand_over(to, from_on, where=territory):
        return territories.hand_over(
            session, where, hospital, product.id, to, from_on, actor_id=admin.id, now=NOW, reason="maternity leave"
        )

    return hand_over


def stretches(session, hospital, from_on=LONG_AGO, until_on=None):
    found = territories.holdings(session, hospital_ids=[hospital.id], from_on=from_on, until_on=until_on)
    return [(one.rep_id, one.from_on, one.until_on) for one in found]


def holder(session, hospital, product, day):
    return territories.holder_on(session, hospital.id, product.id, day)


def test_what_is_given_is_held_from_its_first_day_to_the_day_before_its_last(session, rep, hospital, product, give):
    give(NOVEMBER, DECEMBER)
    days = (date(2026, 10, 31), NOVEMBER, date(2026, 11, 30), DECEMBER)
    assert [holder(session, hospital, product, day) for day in days] == [None, rep.id, rep.id, None]
    assert holder(session, hospital, make_product(session), NOVEMBER) is None
    entry = session.scalar(select(JournalEntry))
    assert (entry.subject, entry.verb, entry.before) == ("territory_assignment", "give", None)
    assert entry.after["rep_id"] == rep.id


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [(NOVEMBER, DECEMBER), (OCTOBER, date(2026, 11, 2)), (date(2026, 11, 30), None), (OCTOBER, None)],
)
def test_two_never_hold_the_same_on_one_day(session, second, give, from_on, until_on):
    give(NOVEMBER, DECEMBER)
    with pytest.raises(RuleBroken):
        give(from_on, until_on, to=second)
    assert session.scalar(select(func.count(TerritoryAssignment.id))) == 1
    assert session.scalar(select(func.count(JournalEntry.id))) == 1


def test_two_administrators_at_once_do_not_give_the_same_thing_twice(
    engine, session, save, territory, hospital, product, rep, second, admin
):
    place, house, goods, actor = territory.id, hospital.id, product.id, admin.id
    ids = [rep.id, second.id, rep.id, second.id]
    save()

    def give_to(rep_id):
        with Session(engine) as own:
            begin_writing(own)
            try:
                territories.give(
                    own,
                    own.get_one(Territory, place),
                    own.get_one(Hospital, house),
                    goods,
                    own.get_one(User, rep_id),
                    NOVEMBER,
                    actor_id=actor,
                    now=NOW,
                )
            except RuleBroken:
                return "refused"
            own.commit()
            return "given"

    with ThreadPoolExecutor(len(ids)) as people:
        assert sorted(people.map(give_to, ids)) == ["given", "refused", "refused", "refused"]
    assert len(stretches(session, hospital)) == 1


def test_what_touches_does_not_overlap(session, rep, second, hospital, give):
    give(NOVEMBER, DECEMBER)
    give(OCTOBER, NOVEMBER, to=second)
    give(DECEMBER, to=second)
    assert stretches(session, hospital) == [
        (second.id, OCTOBER, NOVEMBER), (rep.id, NOVEMBER, DECEMBER), (second.id, DECEMBER, None),
    ]  # fmt: skip


def test_handing_over_ends_the_former_holding_the_day_before(session, rep, second, hospital, give, hand_over):
    give(OCTOBER)
    hand_over(second, date(2026, 11, 18))
    assert stretches(session, hospital) == [
        (rep.id, OCTOBER, date(2026, 11, 18)), (second.id, date(2026, 11, 18), None),
    ]  # fmt: skip
    reasons = session.scalars(select(JournalEntry.reason).where(JournalEntry.verb == "hand_over")).all()
    assert reasons == ["maternity leave", "maternity leave"]


def test_handing_over_keeps_what_was_planned_for_later(session, rep, second, hospital, give, hand_over):
    give(OCTOBER, DECEMBER)
    give(DECEMBER, to=second)
    hand_over(second, NOVEMBER)
    assert stretches(session, hospital) == [
        (rep.id, OCTOBER, NOVEMBER), (second.id, NOVEMBER, DECEMBER), (second.id, DECEMBER, None),
    ]  # fmt: skip


def test_handing_over_what_nobody_holds_gives_it_until_the_next_holder(session, rep, second, hospital, give, hand_over):
    give(DECEMBER)
    hand_over(second, OCTOBER)
    assert stretches(session, hospital) == [(second.id, OCTOBER, DECEMBER), (rep.id, DECEMBER, None)]


def test_handing_over_on_the_first_day_corrects_the_holder(session, second, hospital, give, hand_over):
    give(OCTOBER)
    hand_over(second, OCTOBER)
    assert stretches(session, hospital) == [(second.id, OCTOBER, None)]


def test_handing_over_to_the_holder_changes_nothing(session, rep, give, hand_over):
    first = give(OCTOBER)
    assert hand_over(rep, NOVEMBER) is first
    assert first.until_on is None
    assert session.scalar(select(func.count(JournalEntry.id))) == 1


def test_region_role_and_service_must_fit(session, region, territory, other_rep, lead, give, hand_over):
    give(OCTOBER)
    gone = make_rep(session, region=region, is_active=False)
    for somebody in (other_rep, lead, make_lead(session), gone):
        with pytest.raises(RuleBroken) as refusal:
            hand_over(somebody, NOVEMBER)
        assert refusal.value.field == "rep_id"
    with pytest.raises(RuleBroken) as refusal:
        hand_over(make_rep(session, region=region), NOVEMBER, where=make_territory(session))
    assert refusal.value.field == "hospital_id"
    assert session.scalar(select(func.count(TerritoryAssignment.id))) == 1


def test_closing_ends_a_holding_and_takes_back_one_that_never_was(session, rep, hospital, product, give, admin):
    segment = give(OCTOBER)
    territories.close(session, segment, NOVEMBER, actor_id=admin.id, now=NOW, reason="left")
    assert stretches(session, hospital) == [(rep.id, OCTOBER, NOVEMBER)]
    with pytest.raises(RuleBroken):
        territories.close(session, segment, DECEMBER, actor_id=admin.id, now=NOW)
    territories.close(session, segment, OCTOBER, actor_id=admin.id, now=NOW)
    assert stretches(session, hospital) == []
    last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (last.verb, last.after, last.before["until_on"]) == ("close", None, "2026-11-01")


def test_what_is_left_unassigned_is_held_by_nobody_until_the_next(session, rep, hospital, product, give, admin):
    give(OCTOBER, DECEMBER)
    give(DECEMBER)
    territories.leave_unassigned(session, hospital, product.id, NOVEMBER, actor_id=admin.id, now=NOW, reason="left")
    assert stretches(session, hospital) == [(rep.id, OCTOBER, NOVEMBER), (rep.id, DECEMBER, None)]
    territories.leave_unassigned(session, hospital, product.id, NOVEMBER, actor_id=admin.id, now=NOW)
    assert len(stretches(session, hospital)) == 2


def test_holdings_are_cut_to_the_days_asked_for(session, region, rep, territory, hospital, product, give):
    give(LONG_AGO)
    make_assignment(session)  # elsewhere
    whole = Holding(hospital.id, product.id, NOVEMBER, DECEMBER, rep.id, territory.id)
    assert territories.holdings(session, region_id=region.id, from_on=NOVEMBER, until_on=DECEMBER) == [whole]
    assert territories.holdings(session, rep_id=rep.id, from_on=NOVEMBER, until_on=DECEMBER) == [whole]
    assert len(territories.holdings(session, from_on=NOVEMBER, until_on=DECEMBER)) == 2
    assert territories.holdings(session, region_id=region.id, from_on=date(2024, 1, 1), until_on=LONG_AGO) == []


def test_everybody_sees_the_holdings_of_the_own_scope(session, rep, second, lead, admin, other_rep, hospital, give):
    mine = give(OCTOBER)
    elsewhere = make_assignment(session)
    seen = {user.name: territories.list_holdings(session, scope_of(user)) for user in (rep, second, lead, other_rep)}
    assert seen == {rep.name: [mine], second.name: [], lead.name: [mine], other_rep.name: []}
    assert set(territories.list_holdings(session, scope_of(admin))) == {mine, elsewhere}
    assert territories.list_holdings(session, scope_of(lead, date(2026, 9, 30))) == []
    assert territories.list_history(session, scope_of(lead), hospital.id) == [mine]
    assert territories.list_history(session, scope_of(other_rep), hospital.id) == []


def test_a_territory_is_opened_once(session, region, lead, other_rep):
    opened = territories.open_territory(session, "T1", "City", region.id)
    with pytest.raises(RuleBroken):
        territories.open_territory(session, "T1", "Country", region.id)
    assert territories.list_territories(session, scope_of(lead)) == [opened]
    assert territories.list_territories(session, scope_of(other_rep)) == []
