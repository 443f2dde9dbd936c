"""Addresses that a form or link brings along: only pages of this site are gone back to."""

from urllib.parse import urlsplit

from flask import url_for


def own_page(wanted: str | None) -> str:
    """Return a page of this site to go on to; anything else becomes the home page."""
    if not wanted or not wanted.startswith("/") or wanted[1:2] in ("/", "\\") or not wanted.isprintable():
        return url_for("home.page")
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else url_for("home.page")
