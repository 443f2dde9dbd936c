"""Rows of a batch as tests look at them."""

from sqlalchemy.orm import object_session

from repcrm.imports.kept_rows import read_rows
from repcrm.imports.verdicts import Row, Verdict
from repcrm.sales.models import ImportBatch


def rows_of(batch: ImportBatch, verdict: Verdict | None = None) -> list[Row]:
    """The rows of a batch in the order of the file, all or those of one verdict."""
    session = object_session(batch)
    assert session is not None
    return list(read_rows(session, batch, verdict))


def questions_of(batch: ImportBatch) -> list[str]:
    """The keys of what a batch leaves open."""
    return [question["key"] for question in batch.questions]
