"""Tables whose rows have a code: found by it in any spelling, and no two codes that could be mistaken."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from repcrm.core.codes import code_key, code_letters, look_alike
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_

MISTAKABLE = N_("The code %(code)s is easily mistaken for %(other)s, which exists already. Choose a different code.")
_AT_ONCE = 5000
"""Codes in one statement: both databases limit the values of one."""


def _letters_of_row(context: Any) -> str:
    return code_letters(context.get_current_parameters()["code"])


class Coded:
    """A row with a code of the company's own."""

    code: Mapped[str] = mapped_column(String(32), unique=True)
    code_letters: Mapped[str] = mapped_column(String(64), index=True, default=_letters_of_row, server_default="")
    """Narrows the search for codes that could be mistaken for this one; written with the code."""

    @validates("code")
    def _spell(self, _name: str, code: str) -> str:
        self.code_letters = code_letters(code)
        return code


CodedRow = TypeVar("CodedRow", bound=Coded)


def find_by_codes(session: Session, model: type[CodedRow], codes: Iterable[str]) -> dict[str, CodedRow]:
    """Return the rows of some codes, in whatever width and case those are written: comparable code -> row."""
    wanted = {code_key(code): code_letters(code) for code in codes if code.strip()}
    letters = sorted(set(wanted.values()))
    found: dict[str, CodedRow] = {}
    for start in range(0, len(letters), _AT_ONCE):
        rows = session.scalars(select(model).where(model.code_letters.in_(letters[start : start + _AT_ONCE])))
        found.update((key, row) for row in rows if (key := code_key(row.code)) in wanted)
    return found


def list_alike_codes(session: Session, model: type[Coded], codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the codes on file among which the ones to be mistaken for some new codes are: `code_letters` -> codes."""
    letters = sorted({code_letters(code) for code in codes})
    found: dict[str, list[str]] = {}
    for start in range(0, len(letters), _AT_ONCE):
        chunk = letters[start : start + _AT_ONCE]
        rows = session.execute(select(model.code_letters, model.code).where(model.code_letters.in_(chunk)))
        for shared, code in rows:
            found.setdefault(shared, []).append(code)
    return found


def check_code(session: Session, model: type[Coded], code: str, own: str | None = None) -> str:
    """Refuse a code that is empty, taken, or could be mistaken for another one.

    own      the code that the thing has so far, which it may keep
    returns  the code without blanks around
    raises   RuleBroken (field `code`) naming the code that is on file
    """
    code = code.strip()
    if not code:
        raise RuleBroken(N_("Enter the code."), field="code")
    others = list_alike_codes(session, model, [code]).get(code_letters(code), ())
    on_file = next((other for other in others if other != own and look_alike(other, code)), None)
    if on_file is not None and code_key(on_file) == code_key(code):
        raise RuleBroken(N_("The code %(code)s is taken."), field="code", code=on_file)
    if on_file is not None:
        raise RuleBroken(MISTAKABLE, field="code", code=code, other=on_file)
    return code
