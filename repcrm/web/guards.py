"""Who may open a page, and what becomes of what a page writes; every view carries exactly one of the first four."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests

from repcrm.db.unit_of_work import begin_writing
from repcrm.extensions import db, login_manager
from repcrm.organisation.access import Permission
from repcrm.sales.tokens import find_token
from repcrm.web.throttle import Throttle

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed in"
TOKEN = "token"
SCHEME = "bearer "
FAILURES_PER_MINUTE, REQUESTS_PER_MINUTE = 30, 60
"""Wrong tokens of an address, and requests with a token; counted in each process by itself."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Open the view to people whose role carries the permission; others get 403, strangers the sign-in page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return login_manager.unauthorized()
            if not current_user.may(permission):
                abort(403)
            if current_user.user.must_change_password:
                return login_manager.unauthorized() if is_api() else redirect(url_for("identity.me"))
            return view(*args, **kwargs)

        return _marked(guarded, permission)

    return guard


def public(view: View) -> View:
    """Open the view to everybody."""
    return _marked(view, PUBLIC)


def with_token(view: View) -> View:
    """Open the view to programs that send a distributor's token; it is in `g.sales_token`.

    Whatever is wrong with a token, the answer is the same 401.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        header, address = request.headers.get("Authorization", ""), request.remote_addr or ""
        failures, requests = _throttle("failures", FAILURES_PER_MINUTE), _throttle("requests", REQUESTS_PER_MINUTE)
        _slow_down(failures.seconds_left(address))
        token = find_token(db.session, header[len(SCHEME) :].strip()) if header.lower().startswith(SCHEME) else None
        if token is None:
            failures.count(address)
            words = _("Send a valid token: Authorization: Bearer …")
            return jsonify(status=401, words=words, reference=None), 401, {"WWW-Authenticate": "Bearer"}
        _slow_down(requests.seconds_left(token.token_digest))
        requests.count(token.token_digest)
        g.sales_token = token
        return view(*args, **kwargs)

    return _marked(guarded, TOKEN)


def _throttle(name: str, most: int) -> Throttle:
    throttle: Throttle = current_app.extensions.setdefault(f"throttle of {name}", Throttle(most))
    return throttle


def _slow_down(seconds: int) -> None:
    if seconds:
        raise TooManyRequests(retry_after=seconds)


def signed_in(view: View) -> View:
    """Open the view to everybody who has signed in, whatever the role."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return login_manager.unauthorized()
        return view(*args, **kwargs)

    return _marked(guarded, SIGNED_IN)


def writes(view: View) -> View:
    """Commit once when the view answers with success or a redirect; keep nothing of it otherwise.

    The unit of work is opened for writing before anybody asks who is signed in (see `open_unit_of_work`), so
    that what the view read is still true when it writes.
    """

    @wraps(view)
    def written(*args: Any, **kwargs: Any) -> Any:
        try:
            response = make_response(view(*args, **kwargs))
            if response.status_code < 400:
                db.session.commit()
            else:
                db.session.rollback()
        except BaseException:
            db.session.rollback()
            raise
        return response

    marked: Any = written
    marked.repcrm_writes = True
    return marked


def guard_of(view: Callable[..., Any]) -> Permission | str | None:
    """Return what a view asks of its visitor: a permission, PUBLIC, SIGNED_IN, TOKEN, or None if nobody said."""
    return getattr(view, "repcrm_guard", None)


def is_writing(view: Callable[..., Any]) -> bool:
    """Whether the view is marked @writes."""
    return getattr(view, "repcrm_writes", False)


def is_api() -> bool:
    """Whether a program is asking: it gets JSON and a status, never a page or a redirect."""
    return request.path.startswith("/api/")


def writes_now() -> bool:
    """Whether this request is one of a @writes view."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and is_writing(view)


def open_unit_of_work() -> None:
    """Open the session for writing before a @writes view runs and before identity is read."""
    if writes_now():
        begin_writing(db.session)


def refuse_unguarded(app: Flask) -> None:
    """Refuse to start with a view that does not say who may open it."""
    for endpoint, view in app.view_functions.items():
        if guard_of(view) is None:
            raise RuntimeError(
                f"{endpoint} carries none of @requires, @signed_in, @public, @with_token (repcrm/web/guards.py)"
            )


def _marked(view: Any, guard: Permission | str) -> Any:
    if guard_of(view) is not None:
        raise TypeError(f"{view.__name__} carries two guards")
    view.repcrm_guard = guard
    return view
