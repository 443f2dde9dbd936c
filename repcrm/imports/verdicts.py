"""What becomes of each row of a file, and why: as people see it before anything is changed."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from repcrm.core.errors import RepCRMError
from repcrm.core.words import N_, Term


class Verdict(Term):
    """What taking a row in would do."""

    NEW = "new", N_("new row")
    CHANGED = "changed", N_("changed row")
    UNCHANGED = "unchanged", N_("unchanged row")
    REFUSED = "refused", N_("refused row")


@dataclass(frozen=True)
class Problem:
    """Why a row is refused.

    letter, header  the column as in the file, such as C and 盒数; empty where the whole row is meant
    message         English, with placeholders; a value of `params` may be {"label": message} for a translated word
    is_of_file      the file itself is wrong, whatever is on file with us
    """

    message: str
    params: Mapping[str, Any]
    letter: str = ""
    header: str = ""
    is_of_file: bool = False


@dataclass(slots=True)
class Row:
    """One row of a file.

    sheet, row  as Excel counts them: rows from 1
    at          letter of the column, where a row of the file holds several months
    values      field -> what was read, as JSON keeps it; fields that are empty in the file are missing
    places      field -> (letter, header) of the column it came from; shared by the rows of a sheet
    changes     field -> [before, after], of a changed row
    found       what `judge` looked up for `apply`: never kept
    """

    sheet: str
    row: int
    values: dict[str, Any]
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    at: str = ""
    verdict: Verdict = Verdict.NEW
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)

    def refuse(self, error: RepCRMError, of: str | None = None) -> None:
        """Refuse the row for an error about one of its fields; without a field, about all of it."""
        letter, header = self.places.get(of or error.field or "", (self.at, ""))
        self._refuse(Problem(error.message, _plain(error.params), letter, header))

    def refuse_cell(self, letter: str, header: str, error: RepCRMError) -> None:
        """Refuse the row for a cell that cannot be read."""
        self._refuse(Problem(error.message, _plain(error.params), letter, header, is_of_file=True))

    def _refuse(self, problem: Problem) -> None:
        self.problems.append(problem)
        self.verdict = Verdict.REFUSED

    def reads(self, name: str, look_up: Callable[[], Any]) -> Any:
        """What looking something up gives, or None after having refused the row for it."""
        try:
            return look_up()
        except RepCRMError as error:
            self.refuse(error, name)
            return None

    def compare(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Call a row that is on file changed or unchanged."""
        self.changes = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
        self.verdict = Verdict.CHANGED if self.changes else Verdict.UNCHANGED

    def as_json(self) -> dict[str, Any]:
        """What the batch keeps of it."""
        kept: dict[str, Any] = {
            "sheet": self.sheet, "row": self.row, "verdict": self.verdict.value, "values": self.values
        }  # fmt: skip
        if self.at:
            kept["at"] = self.at
        if self.changes:
            kept["changes"] = self.changes
        if self.problems:
            kept["problems"] = [
                {"column": p.letter, "header": p.header, "message": p.message, "params": p.params, "file": p.is_of_file}
                for p in self.problems
            ]
        return kept


def row_of(kept: Mapping[str, Any], places: Mapping[str, Mapping[str, tuple[str, str]]]) -> Row:
    """The row that a batch kept, its problems and changes included.

    places  sheet -> field -> letter and header
    """
    return Row(
        kept["sheet"],
        kept["row"],
        kept["values"],
        places.get(kept["sheet"], {}),
        kept.get("at", ""),
        Verdict(kept["verdict"]),
        kept.get("changes", {}),
        [Problem(p["message"], p["params"], p["column"], p["header"], p["file"]) for p in kept.get("problems", ())],
    )


def refuse_duplicates(rows: Iterable[Row], key_of: Callable[[Row], Hashable], hint: str | None = None) -> None:
    """Refuse whatever a file says twice, naming the row that said it first; refused rows say nothing.

    hint  the message, with %(row)s and %(sheet)s, where the usual one does not help
    """
    message = hint or N_("Row %(row)s of sheet %(sheet)s is about the same. Keep one of the two.")
    first: dict[Hashable, Row] = {}
    for row in rows:
        if row.verdict is Verdict.REFUSED:
            continue
        earlier = first.setdefault(key_of(row), row)
        if earlier is not row:
            row.refuse(RepCRMError(message, row=earlier.row, sheet=earlier.sheet or "1"))


def _plain(params: Mapping[str, object]) -> dict[str, Any]:
    return {
        name: {"label": value.label} if isinstance(value, Term) else value if isinstance(value, int) else str(value)
        for name, value in params.items()
    }
