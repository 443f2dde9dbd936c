"""Composition: wires extensions, doors and error pages together; opens no database and starts no scheduler."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from jinja2 import StrictUndefined
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

import repcrm.tables  # noqa: F401 - every model, so that relationships find each other
from repcrm import api, web
from repcrm.core.errors import BadInput, Conflict, NotFound, RepCRMError, RuleBroken
from repcrm.db.engine import is_busy, is_taken
from repcrm.extensions import compress, csrf, db
from repcrm.paths import STATIC, TEMPLATES
from repcrm.settings import Settings, read_settings
from repcrm.web.filters import init_filters
from repcrm.web.guards import is_api, open_unit_of_work, refuse_unguarded
from repcrm.web.identity import init_identity
from repcrm.web.languages import current_language, init_languages, say
from repcrm.web.navigation import navigation
from repcrm.web.security import init_security
from repcrm.web.typed import init_typed

log = logging.getLogger(__name__)

STATUS_OF: dict[type[RepCRMError], int] = {NotFound: 404, Conflict: 409, RuleBroken: 422, BadInput: 422}
"""The one table of this door: what an error from below is to a browser."""

FORM_BYTES = 20 << 20
"""What the fields of a form may hold in memory; files are kept on disk."""
TITLES = {
    400: _l("The page has expired"),
    401: _l("Sign in"),
    403: _l("This is not open to you"),
    404: _l("There is nothing here"),
    405: _l("This cannot be done here"),
    409: _l("Somebody else was faster"),
    413: _l("The file is too large"),
    422: _l("This is not possible"),
    429: _l("Too many attempts"),
    500: _l("Something went wrong"),
    503: _l("The server is busy"),
}
"""Status -> the title of its page."""

EXPLANATIONS = {
    400: _l("It was open for too long, or in two windows. Go back, load it again and send it once more."),
    401: _l("Your sign-in has ended. Sign in again; nothing is lost."),
    403: _l("Your role does not include this page. An administrator can tell you who may open it."),
    404: _l("The page does not exist, or lies outside what you may see."),
    405: _l("Go back and use the buttons of the page."),
    409: _l("What you saw has changed meanwhile. Go back and load it again."),
    422: _l("A rule forbids it. Go back and change what you entered."),
    413: _l("Split it, or save it without pictures."),
    429: _l("Wait a little and try again."),
    500: _l(
        "It was written down and nothing was saved. Try again; if it happens again, tell the administrator the number."
    ),
    503: _l("Someone else has been writing for too long. Nothing was saved; try again in a few seconds."),
}
"""Status -> what to do about it, where the error itself says nothing."""

RETRY_AFTER_SECONDS = 5
"""What a busy server asks programs to wait before they try again."""


def create_app(settings: Settings) -> Flask:
    """Return the web application of an installation; many may live in one process."""
    app = Flask("repcrm", static_folder=None, template_folder=str(TEMPLATES))
    app.static_folder = str(STATIC)
    app.config.from_mapping(flask_settings(settings))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_typed(app)
    csrf.init_app(app)
    app.before_request(open_unit_of_work)
    db.init_app(app)
    init_identity(app)
    init_languages(app)
    init_security(app)
    compress.init_app(app)
    init_filters(app)
    app.jinja_env.globals.update(navigation=navigation, current_language=current_language)
    for blueprint in [*web.blueprints(), *api.blueprints()]:
        app.register_blueprint(blueprint)
    refuse_unguarded(app)
    app.register_error_handler(RepCRMError, _show_error)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(IntegrityError, _show_race)
    app.register_error_handler(OperationalError, _show_busy)
    app.register_error_handler(PoolTimeout, _show_busy)
    app.register_error_handler(Exception, _show_accident)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own way to wrap
    return app


def wsgi() -> Flask:
    """Return the application of the environment's settings, for WSGI servers: gunicorn 'repcrm.app:wsgi()'."""
    return create_app(read_settings())


def flask_settings(settings: Settings) -> dict[str, Any]:
    """Return an installation's settings as Flask and its extensions name them."""
    return {
        "REPCRM": settings,
        "SECRET_KEY": settings.resolved_secret_key(),
        "SQLALCHEMY_DATABASE_URI": settings.resolved_database_url(),
        "MAX_CONTENT_LENGTH": settings.upload_bytes,
        "MAX_FORM_PARTS": 20_000,
        "MAX_FORM_MEMORY_SIZE": min(settings.upload_bytes, FORM_BYTES),
        "SESSION_COOKIE_NAME": "repcrm",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": settings.session_idle,
        "SESSION_REFRESH_EACH_REQUEST": True,
        "WTF_CSRF_TIME_LIMIT": None,
        "COMPRESS_MIMETYPES": [
            "text/html", "text/javascript", "image/svg+xml", "application/json", "application/manifest+json",
        ],
        "COMPRESS_REGISTER": True,
    }  # fmt: skip


def _show_error(error: RepCRMError) -> ResponseReturnValue:
    """Show an error from below in its own words."""
    db.session.rollback()
    status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    return _error_page(status, say(error)), status


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show an error of the protocol; redirects and the like pass through."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    status = error.code if error.code in TITLES else 400 if error.code < 500 else 500
    headers = [(name, value) for name, value in error.get_headers() if name.lower() not in ("content-type", "location")]
    return _error_page(status), status, headers


def _show_race(error: IntegrityError) -> ResponseReturnValue:
    """Show a Conflict where two wrote the same at the same moment; any other broken constraint is an accident."""
    if not is_taken(error):
        return _show_accident(error)
    log.warning("Two wrote the same at once: %s", error.orig)
    db.session.rollback()
    return _error_page(409), 409


def _show_busy(error: OperationalError | PoolTimeout) -> ResponseReturnValue:
    """Ask to try again where a wait for the database ran out; whatever else went wrong with it is an accident."""
    if not is_busy(error):
        return _show_accident(error)
    log.warning("A wait for the database ran out: %s", str(error).partition("\n")[0])
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    try:
        db.session.rollback()
        return _error_page(503), 503, headers
    except Exception:
        log.exception("The database is too busy to show a page")
        headers["Content-Type"] = "text/plain; charset=utf-8"
        return "The server is busy; try again. / 服务器正忙，请重试。", 503, headers


def _show_accident(error: Exception) -> ResponseReturnValue:
    """Log what nobody expected under a number that the reader can pass on."""
    reference = secrets.token_hex(4)
    log.exception("Accident %s", reference, exc_info=error)
    try:
        db.session.rollback()
        return _error_page(500, reference=reference), 500
    except Exception:
        log.exception("Accident %s: its page failed too", reference)
        return f"Something went wrong / 出错了: {reference}", 500, {"Content-Type": "text/plain; charset=utf-8"}


def _error_page(status: int, message: str | None = None, reference: str | None = None) -> str | Response:
    if is_api():
        return jsonify(status=status, words=str(message or EXPLANATIONS[status]), reference=reference)
    return render_template(
        "errors/error.html",
        status=status,
        title=TITLES[status],
        message=message or EXPLANATIONS[status],
        reference=reference,
    )
