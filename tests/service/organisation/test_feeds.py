"""Calendar addresses: the secret opens, revoked it does not, and whoever is shut out loses it."""

import pytest

from repcrm.core.errors import RuleBroken
from repcrm.organisation import feeds, service
from repcrm.organisation.access import Role
from tests.factories import NOW, make_admin, make_rep


def test_the_secret_opens_until_it_is_revoked(session):
    rep = make_rep(session)
    token = feeds.make_feed(session, rep, NOW)
    assert feeds.find_owner(session, token) == rep
    assert feeds.find_owner(session, token[:-1]) is None
    (feed,) = feeds.list_feeds(session, rep.id)
    assert token not in feed.token_digest
    assert not feeds.revoke_feed(session, make_rep(session).id, feed.id, NOW)
    assert feeds.revoke_feed(session, rep.id, feed.id, NOW)
    assert feeds.find_owner(session, token) is None
    assert not feeds.revoke_feed(session, rep.id, feed.id, NOW)


def test_nobody_has_more_than_five(session):
    rep = make_rep(session)
    for _ in range(feeds.MOST_FEEDS):
        feeds.make_feed(session, rep, NOW)
    with pytest.raises(RuleBroken, match="You have 5 calendar addresses"):
        feeds.make_feed(session, rep, NOW)


def test_who_is_shut_out_or_gets_another_role_loses_the_addresses(session):
    admin, one, other = make_admin(session), make_rep(session), make_rep(session)
    tokens = [feeds.make_feed(session, rep, NOW) for rep in (one, other)]
    service.disable_user(session, admin.id, one, reason="left", now=NOW)
    service.change_role(
        session, admin.id, other, role=Role.LEAD, region_id=other.region_id, version=other.version, reason="promoted",
        now=NOW,
    )  # fmt: skip
    service.enable_user(session, admin.id, one, reason="back", now=NOW)
    assert [feeds.find_owner(session, token) for token in tokens] == [None, None]
