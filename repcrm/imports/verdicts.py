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
    REFUSED = "refused", N_("rejected row")
    OPEN = "open", N_("row waiting for an answer")
    ASIDE = "aside", N_("row set aside")


STUCK = (Verdict.REFUSED, Verdict.OPEN, Verdict.ASIDE)
"""Rows that applying leaves out."""


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

    def as_json(self) -> dict[str, Any]:
        """What the batch keeps of it."""
        return {
            "column": self.letter, "header": self.header, "message": self.message, "params": self.params,
            "file": self.is_of_file,
        }  # fmt: skip


@dataclass(slots=True)
class Row:
    """One row of a file.

    sheet, row  as Excel counts them: rows from 1
    at          letter of the column, where a row of the file holds several months
    values      field -> what was read, as JSON keeps it; fields that are empty in the file are missing
    places      field -> (letter, header) of the column it came from; shared by the rows of a sheet
    changes     field -> [before, after], of a changed row
    found       what `judge` looked up for `apply`: never kept
    number      its place among the rows of the file, from 1
    open_names  (kind of name, spelling), or a remark, that a person has to answer before the row can be applied
    aside       why it is set aside
    ids         of sales: keys of hospital and product, once these are known
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
    number: int = 0
    open_names: list[tuple[str, str]] = field(default_factory=list)
    aside: str = ""
    ids: tuple[int, int] | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether applying the file leaves the row out."""
        return self.verdict in STUCK

    def wait_for(self, kind: str, spelling: str) -> None:
        """Let the row wait until a person says what a name means or a remark changes; a refused row stays refused."""
        self.open_names.append((kind, spelling))
        if self.verdict is not Verdict.REFUSED:
            self.verdict = Verdict.OPEN

    def set_aside(self, reason: str) -> None:
        """Leave the row out on purpose; it stays visible and countable."""
        self.verdict, self.aside = Verdict.ASIDE, reason

    def explain(self, message: str, **params: Any) -> None:
        """Say something about the row without refusing it."""
        self.problems.append(Problem(message, params))

    def refuse(self, error: RepCRMError, of: str | None = None) -> None:
        """Refuse the row for an error about one of its fields; without a field, about all of it."""
        letter, header = self.places.get(of or error.field or "", (self.at, ""))
        self._refuse(Problem(error.message, plain_params(error.params), letter, header))

    def refuse_cell(self, letter: str, header: str, error: RepCRMError) -> None:
        """Refuse the row for a cell that cannot be read."""
        self._refuse(Problem(error.message, plain_params(error.params), letter, header, is_of_file=True))

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
        kept: dict[str, Any] = {"sheet": self.sheet, "row": self.row, "values": self.values}
        if self.at:
            kept["at"] = self.at
        if self.changes:
            kept["changes"] = self.changes
        if self.open_names:
            kept["open"] = [list(name) for name in self.open_names]
        if self.ids:
            kept["ids"] = list(self.ids)
        if self.problems:
            kept["problems"] = [problem.as_json() for problem in self.problems]
        return kept


def problem_of(kept: Mapping[str, Any]) -> Problem:
    """Return a problem as `Problem.as_json` wrote it."""
    return Problem(kept["message"], kept["params"], kept["column"], kept["header"], kept["file"])


def row_of(kept: Mapping[str, Any], places: Mapping[str, Mapping[str, tuple[str, str]]]) -> Row:
    """Return a row as it was kept, but for its verdict, number and reason to be set aside.

    places  sheet -> field -> letter and header
    """
    return Row(
        kept["sheet"],
        kept["row"],
        kept["values"],
        places.get(kept["sheet"], {}),
        kept.get("at", ""),
        changes=kept.get("changes", {}),
        problems=list(map(problem_of, kept.get("problems", ()))),
        open_names=[(kind, spelling) for kind, spelling in kept.get("open", ())],
        ids=tuple(kept["ids"]) if "ids" in kept else None,
    )


def refuse_duplicates(rows: Iterable[Row], key_of: Callable[[Row], Hashable], hint: str | None = None) -> None:
    """Refuse whatever a file says twice, naming the row that said it first; refused rows say nothing.

    hint  the message, with %(row)s and %(sheet)s, where the usual one does not help
    """
    message = hint or N_("Row %(row)s of sheet %(sheet)s is about the same. Keep one of the two.")
    first: dict[Hashable, Row] = {}
    for row in rows:
        if row.is_stuck:
            continue
        earlier = first.setdefault(key_of(row), row)
        if earlier is not row:
            row.refuse(RepCRMError(message, row=earlier.row, sheet=earlier.sheet or "1"))


def plain_params(params: Mapping[str, object]) -> dict[str, Any]:
    """Return the values of an error as JSON keeps them; a term stays one, so that its reader's language can say it."""
    return {
        name: {"label": value.label} if isinstance(value, Term) else value if isinstance(value, int) else str(value)
        for name, value in params.items()
    }
