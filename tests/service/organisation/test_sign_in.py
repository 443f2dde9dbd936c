"""Signing in: attempts are counted, browsers are rows, and a revoked one is over."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import RuleBroken
from repcrm.db.unit_of_work import begin_writing
from repcrm.organisation import passwords, sign_in
from repcrm.organisation.models import LoginSession, SignInThrottle
from tests import factories
from tests.factories import NOW

MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)


def attempts(session, username, count, at=NOW):
    for _ in range(count):
        sign_in.claim_attempt(session, username, at)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (50, 900)]
)
def test_the_wait_doubles_from_half_a_minute_to_a_quarter_of_an_hour(failures, seconds):
    assert sign_in.wait_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize("username", ["known", "nobody"])
def test_the_sixth_attempt_has_to_wait_whether_the_name_is_known_or_not(session, save, username):
    save(factories.make_rep(session, username="known"))
    attempts(session, username, 5)
    with pytest.raises(RuleBroken, match=r"Too many failed sign-ins\. Try again in 1 minutes\."):
        sign_in.claim_attempt(session, username, NOW + 29 * SECOND)
    sign_in.claim_attempt(session, username, NOW + 31 * SECOND)
    with pytest.raises(RuleBroken):
        sign_in.claim_attempt(session, username, NOW + 60 * SECOND)


def test_a_name_is_counted_however_it_is_written(session):
    for written in ("Chen", " chen", "CHEN ", "chen", "cHen"):
        sign_in.claim_attempt(session, written, NOW)
    with pytest.raises(RuleBroken):
        sign_in.claim_attempt(session, "chen", NOW)


def test_failures_are_forgotten_after_a_day(session):
    attempts(session, "chen", 5)
    sign_in.claim_attempt(session, "chen", NOW + timedelta(days=1, minutes=1))
    assert session.scalars(select(SignInThrottle.failures)).all() == [1]


def test_signing_in_forgets_the_failures(session, save):
    rep = save(factories.make_rep(session, username="chen"))
    attempts(session, "chen", 4)
    sign_in.open_session(session, rep, NOW, MONTH, "browser")
    assert session.scalars(select(SignInThrottle)).all() == []


def test_attempts_at_the_same_time_are_all_counted(engine):
    together, refused = Barrier(8), []

    def attempt():
        with Session(engine) as own:
            together.wait()
            begin_writing(own)
            try:
                sign_in.claim_attempt(own, "chen", NOW)
            except RuleBroken:
                refused.append(1)
            own.commit()

    threads = [Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as own:
        assert own.scalar(select(SignInThrottle.failures)) == 5
    assert len(refused) == 3


def test_the_right_password_finds_the_person_and_no_other(session, save):
    kept = passwords.hash_password("correct horse battery")
    rep = save(factories.make_rep(session, username="chen", password_hash=kept))
    save(factories.make_rep(session, username="gone", password_hash=kept, is_active=False))
    save(factories.make_rep(session, username="new", password_hash=None))
    assert sign_in.find_by_password(session, " Chen", "correct horse battery") == rep.id
    assert sign_in.find_by_password(session, "chen", "wrong") is None
    assert sign_in.find_by_password(session, "gone", "correct horse battery") is None
    assert sign_in.find_by_password(session, "new", "correct horse battery") is None
    assert sign_in.find_by_password(session, "nobody", "correct horse battery") is None


def test_the_table_keeps_only_the_digest_of_a_token(session, rep):
    token = sign_in.open_session(session, rep, NOW, MONTH, "browser")
    row = session.scalars(select(LoginSession)).one()
    assert len(token) >= 43
    assert token not in (row.token_digest, row.agent)
    assert len(row.token_digest) == 64
    assert sign_in.find_session(session, row.token_digest, NOW) is None


def test_a_sign_in_ends_after_its_lifetime(session, rep):
    token = sign_in.open_session(session, rep, NOW, MONTH, "browser")
    found = sign_in.find_session(session, token, NOW + MONTH - SECOND)
    assert found is not None
    assert found.user.id == rep.id
    assert sign_in.find_session(session, token, NOW + MONTH) is None


def test_a_revoked_sign_in_is_over_and_nobody_elses(session, rep, other_rep):
    token = sign_in.open_session(session, rep, NOW, MONTH, "phone")
    kept = sign_in.open_session(session, other_rep, NOW, MONTH, "desktop")
    row = sign_in.find_session(session, token, NOW)
    assert row is not None
    assert not sign_in.revoke_session(session, other_rep.id, row.id, NOW)
    assert sign_in.revoke_session(session, rep.id, row.id, NOW)
    assert not sign_in.revoke_session(session, rep.id, row.id, NOW)
    session.expire_all()
    assert sign_in.find_session(session, token, NOW) is None
    assert sign_in.find_session(session, kept, NOW) is not None
    assert sign_in.list_sessions(session, rep.id, NOW) == []


def test_a_disabled_persons_sign_in_is_over(session, save, rep):
    token = sign_in.open_session(session, rep, NOW, MONTH, "browser")
    rep.is_active = False
    session.commit()
    assert sign_in.find_session(session, token, NOW) is None
