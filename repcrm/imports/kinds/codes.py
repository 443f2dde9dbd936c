"""Codes in files of master data: the row on file behind each, and new ones that could be mistaken for another."""

from collections.abc import Iterable

from repcrm.core.codes import code_key, code_letters, look_alike
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.db.codes import MISTAKABLE, Coded, list_alike_codes
from repcrm.imports.kinds.shared import Context
from repcrm.imports.verdicts import Row, Verdict


def codes_on_file(rows: Iterable[Row], what: str) -> list[str]:
    """The codes of the things in a file as they are spelt on file, of new ones as the file spells them.

    what  name under which `judge` put the thing on file into `found`
    """
    return [row.found[what].code if row.found.get(what) else row.values["code"] for row in rows]


def refuse_mistakable(context: Context, rows: Iterable[Row], model: type[Coded], what: str) -> None:
    """Refuse a new code that could be mistaken for one on file, or for a new one further up in the file."""
    new = [row for row in rows if row.verdict is Verdict.NEW and not row.found.get(what)]
    on_file = list_alike_codes(context.session, model, [row.values["code"] for row in new])
    earlier: dict[str, list[Row]] = {}
    for row in new:
        code = row.values["code"]
        other = next((one for one in on_file.get(code_letters(code), ()) if look_alike(one, code)), None)
        if other is not None:
            row.refuse(BadInput(MISTAKABLE, code=code, other=other), "code")
            continue
        alike = earlier.setdefault(code_letters(code), [])
        first = next((one for one in alike if look_alike(one.values["code"], code)), None)
        if first is not None and code_key(first.values["code"]) != code_key(code):
            row.refuse(
                BadInput(
                    N_("The code %(code)s is easily mistaken for %(other)s in row %(row)s. Use different codes."),
                    code=code,
                    other=first.values["code"],
                    row=first.row,
                ),
                "code",
            )
        else:
            alike.append(row)
