"""While somebody else holds what a request has to write, it is told to come again: never an accident, nothing lost."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from repcrm.calls.models import Call
from repcrm.db.unit_of_work import unit_of_work
from repcrm.extensions import db
from repcrm.organisation import passwords
from repcrm.organisation.models import LoginSession, SignInThrottle, User
from tests.api.test_operations import a_call, batch
from tests.client import Browser
from tests.factories import NOW

HASTE = {"sqlite": "PRAGMA busy_timeout = 200", "postgresql": "SET lock_timeout = '200ms'"}
"""What makes a connection wait 0.2 s instead of 5."""


@pytest.fixture(autouse=True)
def _in_haste(app: Flask, database_kind: str) -> None:
    def hurry(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(HASTE[database_kind])
        cursor.close()
        if database_kind == "postgresql":
            connection.commit()

    with app.app_context():
        event.listen(db.engine, "connect", hurry)


@pytest.fixture
def held(engine: Engine) -> Callable[[User], AbstractContextManager[None]]:
    """Somebody else writes: on SQLite that holds the whole database, on PostgreSQL what has to do with one person."""

    @contextmanager
    def holding(user: User) -> Iterator[None]:
        user_id, username = user.id, user.username
        with unit_of_work(sessionmaker(engine)) as other:
            other.scalars(select(User).where(User.id == user_id).with_for_update()).one()
            other.add(SignInThrottle(username=username, failures=0, locked_until_at=NOW))
            other.flush()
            yield
            other.rollback()

    return holding


def post(browser: Browser, address: str, **sent: Any) -> Any:
    """Send it whatever the answer: the browser of the tests fails on 5xx by itself."""
    browser.test_session.commit()
    headers = {"X-CSRFToken": browser._csrf_token(), "Accept-Language": sent.pop("language", "en")}
    return FlaskClient.open(browser, address, method="POST", headers=headers, **sent)


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_who_signs_in_is_asked_to_try_again(client, session, rep, held):
    rep.password_hash = passwords.hash_password("correct horse battery")
    session.commit()
    form = {"username": rep.username, "password": "correct horse battery"}
    with held(rep):
        answers = {language: post(client, "/sign-in", data=form, language=language) for language in ("en", "zh")}
    assert {one.status_code for one in answers.values()} == {503}
    assert answers["en"].headers["Retry-After"] == "5"
    assert "The server is busy" in answers["en"].text
    assert "服务器正忙" in answers["zh"].text
    assert count(session, SignInThrottle) == 0, "an attempt that was not looked at does not count"
    assert post(client, "/sign-in", data=form).status_code == 302
    assert count(session, LoginSession) == 1


def test_a_phone_is_told_when_to_send_its_calls_again(client_as, session, rep, field, held, fixed_clock):
    fixed_clock("2026-11-23T16:30+08:00")
    browser, body = client_as(rep), batch(rep, a_call(field), a_call(field))
    with held(rep):
        answer = post(browser, "/api/v1/operations", json=body)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json["words"].startswith("Someone else has been writing")
    assert count(session, Call) == 0
    outcomes = [one["outcome"] for one in post(browser, "/api/v1/operations", json=body).json["answers"]]
    assert outcomes == ["applied", "refused"]  # the second one is the same call over again
    assert count(session, Call) == 1


@pytest.mark.databases("sqlite")
def test_pages_are_read_while_somebody_writes(client_as, rep, held):
    browser = client_as(rep)
    with held(rep):
        assert browser.get("/me").status_code == 200


@pytest.mark.databases("postgresql")
def test_a_pool_that_is_used_up_is_busy_too(app, client_as, rep, caplog):
    browser = client_as(rep)
    with app.app_context():
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)
        pool._timeout = 0.2  # 30 s otherwise
        taken = [db.engine.connect() for _ in range(15)]
        try:
            answer = FlaskClient.open(browser, "/me")
        finally:
            for connection in taken:
                connection.close()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "服务器正忙" in answer.text
