"""What every answer says to the browser about trust: headers, cookies, what may be kept."""

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

POLICY = (
    "default-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"
NOT_KEPT = "no-store"
SHARED = ("assets.", "shell.")
"""Endpoints that are the same for everybody: kept by browsers, and without a cookie."""


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie: Secure on https, renewed by every page, never set by what everybody shares."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the cookie may travel over https only."""
        return is_https(app)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, except on what must not vary with it."""
        if not _is_shared():
            super().save_session(app, session, response)


def init_security(app: Flask) -> None:
    """Put the headers on every answer, errors and downloads included."""
    app.session_interface = SessionCookie()
    app.after_request(_add_headers)


def content_policy(map_origin: str) -> str:
    """Return what pages may load: their own things, and pictures of the map from the origin of the tiles, if any."""
    return "; ".join([*POLICY, f"img-src 'self' {map_origin}"] if map_origin else POLICY)


def is_https(app: Flask) -> bool:
    """Whether the reader came over https, by what the server or a trusted proxy says, or by the settings."""
    return bool(app.config["REPCRM"].https or request.is_secure)


def _is_shared() -> bool:
    return (request.endpoint or "").startswith(SHARED)


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = content_policy(current_app.config["REPCRM"].map_origin)
    for name, value in HEADERS.items():
        response.headers[name] = value
    if is_https(current_app):
        response.headers["Strict-Transport-Security"] = TWO_YEARS
    if not _is_shared() or response.status_code >= 400:
        response.headers["Cache-Control"] = NOT_KEPT
    return response
