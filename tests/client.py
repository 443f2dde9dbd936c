"""A browser without a window: signed in, with real CSRF tokens, and strict about what the server answers."""

import secrets
from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from repcrm.core import clock
from repcrm.organisation import sign_in
from repcrm.organisation.models import User

WRITING_METHODS = {"POST", "PUT", "PATCH", "DELETE"}


class Browser(FlaskClient):
    """Flask's test client, with what a person's browser does by itself.

    A form carries the CSRF token of the browser's own session; `csrf=False` leaves it out. An answer of 500 or
    more fails the test at once. Before each request the test's own session is committed, so that the server
    sees what the test has made and the test then sees what the server has done.
    """

    test_session: Session

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> TestResponse:
        """Send a request."""
        self.test_session.commit()
        if csrf and kwargs.get("method", "GET") in WRITING_METHODS:
            kwargs["headers"] = {"X-CSRFToken": self._csrf_token(), **dict(kwargs.get("headers") or {})}
        response = super().open(*args, **kwargs)
        assert response.status_code < 500, f"{response.status} from {response.request.path}: see the log"
        return response

    def sign_in(self, user: User) -> None:
        """Sign a person in on this browser, without the password form."""
        settings = self.application.config["REPCRM"]
        now = clock.now()
        token = sign_in.open_session(self.test_session, user, now, settings.session_lifetime, "tests")
        self.test_session.commit()
        with self.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True

    def _csrf_token(self) -> str:
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
        with self.application.test_request_context():
            session["csrf_token"] = raw
            return generate_csrf()


def browser_on(app: Flask, test_session: Session) -> Browser:
    """A fresh browser: nobody is signed in."""
    app.test_client_class = Browser
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.test_session = test_session
    return browser
