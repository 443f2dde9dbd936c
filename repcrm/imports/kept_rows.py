"""Rows of a file as the database keeps them: written and read in portions, by page and by verdict."""

import json
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from repcrm.db.paging import PAGE_SIZE, Page
from repcrm.imports.verdicts import Row, Verdict, row_of
from repcrm.sales.models import ImportBatch, ImportRow
from repcrm.sales.staging import LINES_AT_ONCE

PORTION = LINES_AT_ONCE
"""Rows that are written or read in one go."""
IN_MEMORY_BYTES = 8 << 20

Item = TypeVar("Item")


class Spool:
    """Rows on their way into the database: judged while nothing is locked, in memory or, if many, in a file.

    amendments  number of a row -> (verdict, what else is kept of it), only known once the whole file had been read
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the spool
        weakref.finalize(self, self._file.close)
        self.counts: Counter[Verdict] = Counter()
        self.count = 0
        self.amendments: dict[int, tuple[Verdict, Mapping[str, Any]]] = {}

    def add(self, rows: Iterable[Row]) -> None:
        """Put rows at the end; each must have its number."""
        for row in rows:
            line = json.dumps([row.number, row.verdict.value, row.as_json(), row.aside], ensure_ascii=False)
            self._file.write(line.encode() + b"\n")
            self.counts[row.verdict] += 1
            self.count += 1

    def amend(self, number: int, before: Verdict, after: Verdict, kept: Mapping[str, Any]) -> None:
        """Correct the verdict of a row that was added before, and what else is kept of it."""
        before = self.amendments[number][0] if number in self.amendments else before
        self.counts[before] -= 1
        self.counts[after] += 1
        self.amendments[number] = after, kept

    def portions(self) -> Iterator[list[dict[str, Any]]]:
        """Read the rows from the first one on, as values of `ImportRow`."""
        self._file.seek(0)
        for lines in portions(self._file):
            yield [self._values(line) for line in lines]

    def _values(self, line: bytes) -> dict[str, Any]:
        number, verdict, kept, aside = json.loads(line)
        if number in self.amendments:
            verdict, more = self.amendments[number]
            kept = {**kept, **more}
        return {"number": number, "verdict": str(verdict), "kept": kept, "aside_reason": aside}


def portions(items: Iterable[Item], size: int = PORTION) -> Iterator[list[Item]]:
    """Cut anything that can be gone through into lists of at most `size`."""
    source = iter(items)
    while portion := list(islice(source, size)):
        yield portion


def write_rows(session: Session, batch_id: int, rows: list[dict[str, Any]]) -> None:
    """Insert a portion of a spool."""
    session.execute(insert(ImportRow), [{**row, "batch_id": batch_id} for row in rows])


def forget_rows(session: Session, batch_id: int) -> None:
    """Delete the rows of a batch."""
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))


def read_rows(session: Session, batch: ImportBatch, verdict: Verdict | None = None) -> Iterator[Row]:
    """Read the rows of a batch in the order of the file, a portion at a time; all, or those of one verdict."""
    places, last = places_in(batch.reading), 0
    wanted = _chosen(batch.id, verdict).order_by(ImportRow.number).limit(PORTION)
    while found := session.execute(wanted.where(ImportRow.number > last)).all():
        for kept in found:
            yield _row(kept, places)
        last = found[-1].number


def page_of_rows(
    session: Session, batch: ImportBatch, verdict: Verdict | None, number: int, size: int = PAGE_SIZE
) -> Page[Row]:
    """Return one page of the rows, all or those of one verdict; past the end, the last page."""
    chosen = _chosen(batch.id, verdict)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // size)))
    places = places_in(batch.reading)
    found = session.execute(chosen.order_by(ImportRow.number).limit(size).offset((number - 1) * size))
    return Page([_row(kept, places) for kept in found], number, size, total)


def count_rows(session: Session, batch_id: int) -> Counter[Verdict]:
    """Count the rows of a batch by verdict."""
    counted = select(ImportRow.verdict, func.count()).where(ImportRow.batch_id == batch_id).group_by(ImportRow.verdict)
    return Counter({Verdict(verdict): count for verdict, count in session.execute(counted)})


Places = Mapping[str, Mapping[str, tuple[str, str]]]
"""Sheet -> field -> letter and heading of its column."""


def places_in(reading: Mapping[str, Any]) -> Places:
    """Return where the fields of each sheet stand, as the reading of a file keeps it."""
    return {
        sheet: {name: (letter, heading) for name, (letter, heading) in columns.items()}
        for sheet, columns in reading.get("places", {}).items()
    }


def kept_row(kept: Mapping[str, Any], places: Places, number: int, verdict: Verdict, aside: str) -> Row:
    """Return a row as it was kept."""
    row = row_of(kept, places)
    row.number, row.verdict, row.aside = number, verdict, aside
    return row


def _chosen(batch_id: int, verdict: Verdict | None) -> Any:
    columns = ImportRow.number, ImportRow.verdict, ImportRow.kept, ImportRow.aside_reason
    wanted = select(*columns).where(ImportRow.batch_id == batch_id)
    return wanted if verdict is None else wanted.where(ImportRow.verdict == verdict.value)


def _row(found: Any, places: Places) -> Row:
    return kept_row(found.kept, places, found.number, Verdict(found.verdict), found.aside_reason)
