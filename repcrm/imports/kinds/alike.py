"""New hospitals and doctors in a file that have the name of one on file, or of another one in the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select

from repcrm.accounts.models import Department, Doctor, Hospital, Post
from repcrm.core.words import N_
from repcrm.imports.kinds.shared import Context
from repcrm.imports.models import NameKind
from repcrm.imports.questions import Choice, Question
from repcrm.imports.verdicts import Row, Verdict
from repcrm.spelling import name_key

DIFFERENT = "new"
EXISTS = N_("Row %(row)s: “%(name)s” (%(code)s) has the name of one that exists already. Is it a different one?")


def hospitals_by_name(context: Context) -> dict[str, list[str]]:
    """Comparable name of each hospital, long and short -> what the hospitals are called."""
    named: dict[str, list[str]] = {}
    for entry in context.names.index(NameKind.HOSPITAL).entries:
        for name in dict.fromkeys(map(name_key, entry.names)):
            named.setdefault(name, []).append(entry.label)
    return named


def doctors_by_name(context: Context) -> dict[str, list[str]]:
    """Comparable name of each doctor -> what they are called, and where they work."""
    rows = context.session.execute(
        select(Doctor.code, Doctor.name, Hospital.name, Department.name)
        .outerjoin(Post, (Post.doctor_id == Doctor.id) & Post.until_on.is_(None))
        .outerjoin(Department, Department.id == Post.department_id)
        .outerjoin(Hospital, Hospital.id == Department.hospital_id)
        .order_by(Doctor.code)
    )
    named: dict[str, list[str]] = {}
    for code, name, hospital, department in rows:
        label = f"{code} {name}" + (f" · {hospital} · {department}" if hospital else "")
        named.setdefault(name_key(name), []).append(label)
    return named


def note_alike(rows: Iterable[Row], named: Mapping[str, Sequence[str]]) -> None:
    """Put what has the name of a new row already into its `found["alike"]`: on file, or further up in the file."""
    earlier: dict[str, list[str]] = {}
    for row in rows:
        if row.verdict is not Verdict.NEW:
            continue
        name, code = row.values["name"], row.values["code"]
        alike = [*named.get(name_key(name), ()), *earlier.get(name_key(name), ())]
        if alike:
            row.found["alike"] = alike
        earlier.setdefault(name_key(name), []).append(f"{code} {name} ({row.row})")


def ask_about_names(context: Context, rows: Iterable[Row]) -> None:
    """Ask of every new row that has the name of something else whether it is a different one."""
    context.questions += [question for question in _questions(rows) if context.answers.get(question.key) != DIFFERENT]


def _questions(rows: Iterable[Row]) -> Iterator[Question]:
    for row in rows:
        if row.found.get("alike"):
            key = f"name_exists:{row.values['code']}"
            yield Question(
                key=key,
                message=EXISTS,
                params={"row": row.row, "name": row.values["name"], "code": row.values["code"]},
                choices=(Choice(DIFFERENT, N_("Yes, add it")),),
                option=f"--answer {key}={DIFFERENT}",
                examples=tuple(row.found["alike"][:5]),
            )
