"""What every command needs: the settings, a session that is committed once, and errors said in a sentence."""

import locale
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from repcrm.core.errors import RepCRMError
from repcrm.core.words import N_, Term
from repcrm.db.engine import is_busy, make_engine
from repcrm.db.unit_of_work import unit_of_work
from repcrm.settings import NotConfigured, Settings, read_settings

Params = ParamSpec("Params")
Result = TypeVar("Result")

BUSY = N_("The database is busy: someone else has been writing for too long. Nothing was changed; try again.")


def settings_or_exit(**overrides: object) -> Settings:
    """Return the settings, or end with what is missing."""
    try:
        return read_settings(**overrides)
    except NotConfigured as error:
        raise click.ClickException(str(error)) from None


def log_to_stderr() -> None:
    """Write what happens to standard error, a line each with its time; the ticking of the clock is not news."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


@contextmanager
def sessions(settings: Settings | None = None) -> Iterator[sessionmaker[Session]]:
    """Sessions for one command that reads, or opens its units of work itself; errors end it in a sentence.

    settings  those of the environment unless given
    """
    import repcrm.tables  # noqa: F401 - every model, so that relationships find each other; only where there is work

    engine = make_engine((settings or settings_or_exit()).resolved_database_url())
    try:
        with _in_a_sentence():
            _check_tables(engine)
            yield sessionmaker(engine)
    finally:
        engine.dispose()


@contextmanager
def session_scope(settings: Settings | None = None) -> Iterator[Session]:
    """A session for one command that writes: committed once at its end, or nothing; errors end it in a sentence.

    settings  those of the environment unless given
    """
    with sessions(settings) as make_session, unit_of_work(make_session) as session:
        yield session


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except RepCRMError as error:
        raise click.ClickException(in_words(error)) from error
    except SQLAlchemyError as error:
        if is_busy(error):
            raise click.ClickException(in_words(RepCRMError(BUSY))) from error
        if isinstance(error, DBAPIError):
            raise click.ClickException(f"The database refused: {str(error.orig).strip()}") from error
        raise


def _check_tables(engine: Engine) -> None:
    try:
        if inspect(engine).has_table("alembic_version"):
            return
    except OperationalError as error:
        raise click.ClickException(
            f"The database cannot be opened: {str(error.orig).strip()}. A new one is made by: repcrm db upgrade"
        ) from error
    raise click.ClickException("The database has no tables yet. Make them with: repcrm db upgrade")


def says_errors(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """End a command that opens no session_scope with the sentence of an error, instead of a traceback."""

    @wraps(command)
    def said(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        with _in_a_sentence():
            return command(*args, **kwargs)

    return said


def operators_language() -> str:
    """Return the language of the terminal: zh if its locale says so, else English."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    name = name or (locale.getlocale()[0] or "" if sys.platform == "win32" else "")
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def in_words(error: RepCRMError) -> str:
    """Return the sentence of an error in the language of the terminal."""
    from repcrm.web.languages import catalogue  # Flask is only loaded when there is something to say

    translate = catalogue(operators_language()).gettext
    params = {
        name: translate(value.label) if isinstance(value, Term) else value for name, value in error.params.items()
    }
    return translate(error.message) % params
