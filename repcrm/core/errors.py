"""What can go wrong in words fit to show; each door maps the four kinds once."""


class RepCRMError(Exception):
    """Something a person asked for cannot be done, said so that they can act on it.

    message  English message (see `words.N_`), `%(name)s` where a value goes
    field    name of the form field or column the words belong beside, if any
    params   the values of the placeholders

    A door shows `gettext(error.message) % error.params`. A literal percent sign is written `%%`.
    """

    def __init__(self, message: str, /, *, field: str | None = None, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params


class NotFound(RepCRMError):
    """There is no such thing, or it lies outside what the asker may see: nobody can tell which (404)."""


class Conflict(RepCRMError):
    """Somebody else was faster: the thing has changed since the asker saw it (409)."""


class RuleBroken(RepCRMError):
    """Well-formed, but a rule of the business forbids it (422)."""


class BadInput(RepCRMError):
    """Not well-formed: the value cannot be read (422)."""
