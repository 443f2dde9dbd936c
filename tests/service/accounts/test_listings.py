"""Listings: opened, moved, revised."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.accounts import queries, service
from repcrm.accounts.listing import ListingStage
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from tests.factories import MONDAY, NOW, make_hospital, make_listing, make_product, scope_of

S = ListingStage


@pytest.fixture
def listing(session, region):
    return service.open_listing(
        session, make_hospital(session, region=region), make_product(session), date(2026, 9, 1), S.APPLIED
    )


def move(session, listing, to, day=MONDAY, version=None, actor_id=None):
    service.move_listing(session, listing, to, day, actor_id=actor_id, now=NOW, today=MONDAY, version=version)


def test_a_move_is_dated_and_journalled(session, lead, listing):
    move(session, listing, S.PHARMACY_ACCEPTED, version=1, actor_id=lead.id)
    assert (listing.stage, listing.since_on, listing.version) == (S.PHARMACY_ACCEPTED, MONDAY, 2)
    entry = session.scalar(select(JournalEntry))
    assert (entry.subject, entry.actor_id) == ("listing", lead.id)
    assert entry.before == {"stage": "applied", "since_on": "2026-09-01"}
    assert entry.after == {"stage": "pharmacy_accepted", "since_on": "2026-11-16"}


@pytest.mark.parametrize(
    ("to", "day", "version", "error"),
    [
        (S.LISTED, MONDAY, 1, RuleBroken),
        (S.REFUSED, date(2026, 8, 31), 1, RuleBroken),
        (S.REFUSED, date(2026, 11, 17), 1, RuleBroken),
        (S.REFUSED, MONDAY, 0, Conflict),
    ],
)
def test_a_refused_move_changes_nothing(session, listing, to, day, version, error):
    with pytest.raises(error):
        move(session, listing, to, day, version)
    assert (listing.stage, listing.since_on, listing.version) == (S.APPLIED, date(2026, 9, 1), 1)
    assert session.scalar(select(JournalEntry)) is None


def test_a_product_is_followed_once_in_a_hospital(session, listing):
    with pytest.raises(RuleBroken):
        service.open_listing(session, listing.hospital, listing.product, MONDAY)
    with pytest.raises(RuleBroken):
        service.open_listing(session, listing.hospital, make_product(session), MONDAY, potential_packs=-1)


def test_potential_and_competitors_are_revised(session, lead, listing):
    assert service.revise_listing(session, listing, 300, "two others", version=1)
    assert not service.revise_listing(session, listing, 300, "two others")
    with pytest.raises(Conflict):
        service.revise_listing(session, listing, 1, "", version=1)
    found = queries.find_listing(session, scope_of(lead), listing.hospital_id, listing.product_id)
    assert found is not None
    assert (found.potential_packs, found.competitor_note, found.version) == (300, "two others", 2)


def test_listings_are_read_within_the_scope(session, lead, other_rep, listing):
    make_listing(session)
    assert queries.list_listings(session, scope_of(lead), listing.hospital_id) == [listing]
    assert queries.get_listing(session, scope_of(lead), listing.id) is listing
    assert queries.list_listings(session, scope_of(other_rep), listing.hospital_id) == []
    with pytest.raises(NotFound):
        queries.get_listing(session, scope_of(other_rep), listing.id)


def test_stuck_are_those_under_way_that_have_not_moved_for_long(session, lead, listing):
    make_listing(session, hospital=listing.hospital)  # listed: not stuck
    scope = scope_of(lead)
    assert queries.list_stuck_listings(session, scope, date(2026, 9, 2)) == [listing]
    assert queries.list_stuck_listings(session, scope, date(2026, 9, 1)) == []
