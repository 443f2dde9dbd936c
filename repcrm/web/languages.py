"""Both languages: which one a reader gets, and the catalogues, read from the .po files at start."""

from functools import cache, cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, Domain, get_locale, gettext
from flask_login import current_user

from repcrm.core.errors import RepCRMError
from repcrm.core.words import Term
from repcrm.paths import TRANSLATIONS

LANGUAGES = {"zh": "中文", "en": "English"}
"""Code -> the language's own name for itself."""
DEFAULT_LANGUAGE = "zh"


def po_files(language: str) -> list[Path]:
    """Return the translation files of a language, one a feature; English is the source and has none."""
    return sorted((TRANSLATIONS / language).glob("*.po"))


@cache
def catalogue(language: str) -> Translations | NullTranslations:
    """Return the words of a language, all features together; needs no app, so any door may use it."""
    files = po_files(language)
    if not files:
        return NullTranslations()
    merged = Catalog(locale=language)
    for path in files:
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string:
                    merged.add(message.id, message.string, context=message.context)
    buffer = BytesIO()
    write_mo(buffer, merged)
    buffer.seek(0)
    return Translations(buffer)


class PoDomain(Domain):
    """Flask-Babel's domain, fed from the .po files instead of compiled ones."""

    def get_translations(self) -> Translations | NullTranslations:
        """Return the words of the reader's language; outside a request, English."""
        locale = get_locale()
        return catalogue(locale.language if locale else "en")


class Languages(Babel):
    """Flask-Babel reading our files."""

    @cached_property
    def domain_instance(self) -> PoDomain:
        """The one domain of the product."""
        return PoDomain()


def language_of_reader() -> str:
    """Return the language the person chose, else the one this browser chose, else the browser's own."""
    if not has_request_context():
        return "en"
    chosen = getattr(current_user, "language", None) or session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT_LANGUAGE


def current_language() -> str:
    """Return the code of the language being spoken right now, `zh` or `en`."""
    locale = get_locale()
    return locale.language if locale else "en"


def say(error: RepCRMError) -> str:
    """Return an error from below in the reader's language, its terms translated too."""
    params = {name: gettext(value.label) if isinstance(value, Term) else value for name, value in error.params.items()}
    return gettext(error.message) % params


def init_languages(app: Flask) -> None:
    """Let the app speak the reader's language."""
    Languages().init_app(app, default_locale=DEFAULT_LANGUAGE, locale_selector=language_of_reader)
    for language in LANGUAGES:
        catalogue(language)
