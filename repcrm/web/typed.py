"""What nobody can have meant: keys that no table holds, and characters that no text has."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.web.guards import is_api

HIGHEST_KEY = 2**31 - 1
"""Keys are 32 bits wide: PostgreSQL and SQLite fail on wider ones, each in its own way."""


class KeyConverter(IntegerConverter):
    """`<int:...>` of an address: a whole number that can be a key; an address with another one does not exist."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=HIGHEST_KEY)


def init_typed(app: Flask) -> None:
    """Keep such things out of every view."""
    app.url_map.converters["int"] = KeyConverter
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """Refuse the character NUL: no keyboard types it, and PostgreSQL does not keep it."""
    sent = (request.path, *request.args, *(text for _, text in request.args.items(multi=True)))
    if not is_api():  # programs send JSON and files; reading a form first would use the file up
        sent += (*request.form, *(text for _, text in request.form.items(multi=True)))
        sent += tuple(file.filename or "" for _, file in request.files.items(multi=True))
    if any("\0" in text for text in sent):
        raise BadInput(N_("What was sent contains a character that no text has."))
