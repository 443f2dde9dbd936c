"""Who may open a page, and what becomes of what a page writes; every view carries exactly one of the first three."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, make_response, redirect, request, url_for
from flask_login import current_user

from repcrm.db.unit_of_work import begin_writing
from repcrm.extensions import db, login_manager
from repcrm.organisation.access import Permission

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed in"


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
    """Return what a view asks of its visitor: a permission, PUBLIC, SIGNED_IN, or None if nobody said."""
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
            raise RuntimeError(f"{endpoint} carries none of @requires, @signed_in, @public (repcrm/web/guards.py)")


def _marked(view: Any, guard: Permission | str) -> Any:
    if guard_of(view) is not None:
        raise TypeError(f"{view.__name__} carries two guards")
    view.repcrm_guard = guard
    return view
