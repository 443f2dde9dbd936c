"""Finding sales that would count twice: the same delivery from two files, or detail and summary of the same packs."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from repcrm.core.periods import Period, PeriodKind
from repcrm.sales.lines import Delivery
from repcrm.sales.models import BatchStatus, Distributor, FlowGrain, FlowLine, ImportBatch, ImportKind

_ROWS_AT_ONCE = 2_000


class LinePlace(NamedTuple):
    """Where a line stands.

    batch_id  the applied import; None: the lines that were given
    line_no   its number there, from 1; of lines given their place in the order given
    """

    batch_id: int | None
    line_no: int


class SameDocument(NamedTuple):
    """A line whose document, day, product and packs are on file already."""

    document: str
    place: LinePlace
    source: str
    file_name: str


class SameDelivery(NamedTuple):
    """An applied import of another distributor that says the same as a whole.

    by_digest  whether it is the same file; else its lines are the same
    """

    batch_id: int
    source: str
    file_name: str
    by_digest: bool


class GrainClash(NamedTuple):
    """Packs of a hospital and product in one month, once by day and once for the month."""

    hospital_id: int
    product_id: int
    month_on: date
    by_day: LinePlace
    by_month: LinePlace


class Documents:
    """Documents of the lines of a file, each with day, product and packs; kept as hashes, as there may be a million.

    That two of them have one hash by chance, once in ten million files of a million lines, would lead to a question too
    many.
    """

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self.days: tuple[date, date] | None = None
        """The first and the last day."""

    def add(self, line: Delivery) -> None:
        """Note a line; one without a document says nothing."""
        if line.document:
            key = hash((line.document, line.on, line.product_id, line.packs))
            self._counts[key] = self._counts.get(key, 0) + 1
            first, last = self.days or (line.on, line.on)
            self.days = min(first, line.on), max(last, line.on)

    def take(self, document: str, on: date, product_id: int, packs: int) -> bool:
        """Whether a line says the same; each of them once."""
        key = hash((document, on, product_id, packs))
        if not self._counts.get(key):
            return False
        self._counts[key] -= 1
        return True


def find_same_documents(session: Session, distributor: Distributor, documents: Documents) -> list[SameDocument]:
    """Find lines whose document x day x product x packs an applied import of another distributor has already.

    documents  those of the file; afterwards without what was found
    returns    by import and line; at most one of the file's lines for each line on file
    """
    if documents.days is None:
        return []
    line = FlowLine
    on_file: Select[*tuple[Any, ...]] = (
        select(
            line.document, line.on, line.product_id, line.packs, line.batch_id, line.line_no,
            Distributor.name, ImportBatch.file_name,
        )
        .join(ImportBatch, ImportBatch.id == line.batch_id)
        .join(Distributor, Distributor.id == ImportBatch.distributor_id)
        .where(_counting(()), Distributor.id != distributor.id, line.document != "", line.on.between(*documents.days))
        .order_by(line.batch_id, line.line_no)
    )  # fmt: skip
    return [
        SameDocument(document, LinePlace(batch_id, line_no), source, file_name)
        for document, on, product_id, packs, batch_id, line_no, source, file_name in _stream(session, on_file)
        if documents.take(document, on, product_id, packs)
    ]


def find_same_deliveries(
    session: Session, distributor: Distributor, lines: Sequence[Delivery], digest: str
) -> list[SameDelivery]:
    """Find applied imports of other distributors that are the same file, or hold the same lines.

    lines    compared by hospital, product, day, grain and packs, in any order
    digest   SHA-256 of the file's bytes
    returns  oldest first
    """
    packs = sum(line.packs for line in lines)
    alike = (ImportBatch.staged_lines == len(lines)) & (ImportBatch.staged_packs == packs)
    others = (
        select(ImportBatch.id, Distributor.name, ImportBatch.file_name, ImportBatch.file_digest)
        .join(Distributor, Distributor.id == ImportBatch.distributor_id)
        .where(_counting(()), ImportBatch.distributor_id != distributor.id)
        .where((ImportBatch.file_digest == digest) | alike)
        .order_by(ImportBatch.id)
    )
    given: Counter[tuple[Any, ...]] | None = None
    found = []
    for batch_id, source, file_name, file_digest in session.execute(others).all():
        if file_digest != digest:
            given = given or Counter(_content(line) for line in lines)
            if not given or given != _content_of(session, batch_id):
                continue
        found.append(SameDelivery(batch_id, source, file_name, file_digest == digest))
    return found


def find_grain_clashes(
    session: Session, distributor: Distributor, lines: Sequence[Delivery], *, replaced: Collection[int] = ()
) -> list[GrainClash]:
    """Find hospitals and products that a distributor reports by day and for the whole of the same month.

    replaced  ids of imports that will no longer count
    returns   one a hospital, product and month, naming the first line of each kind; lines given come before those on
              file. Clashes that are on file already are left out
    """
    first: dict[tuple[int, int, date], dict[FlowGrain, LinePlace]] = {}
    for number, line in enumerate(lines, 1):
        month_on = line.on.replace(day=1)
        first.setdefault((line.hospital_id, line.product_id, month_on), {}).setdefault(
            line.grain, LinePlace(None, number)
        )
    if not first:
        return []
    months = [month_on for _, _, month_on in first]
    until_on = Period.of(PeriodKind.MONTH, max(months)).until_on
    keys = (FlowLine.hospital_id, FlowLine.product_id, FlowLine.on, FlowLine.grain, FlowLine.batch_id)
    on_file = (
        select(*keys, func.min(FlowLine.line_no))
        .join(ImportBatch, ImportBatch.id == FlowLine.batch_id)
        .where(_counting(replaced), ImportBatch.distributor_id == distributor.id)
        .where(FlowLine.on >= min(months), FlowLine.on < until_on)
        .group_by(*keys)
        .order_by(FlowLine.batch_id, func.min(FlowLine.line_no))
    )
    for hospital_id, product_id, on, grain, batch_id, line_no in _stream(session, on_file):
        places = first.get((hospital_id, product_id, on.replace(day=1)))
        if places is not None:
            places.setdefault(grain, LinePlace(batch_id, line_no))
    return [
        GrainClash(*key, places[FlowGrain.DAY], places[FlowGrain.MONTH])
        for key, places in sorted(first.items())
        if len(places) == 2
    ]


def _counting(without: Collection[int]) -> ColumnElement[bool]:
    """A clause over ImportBatch: the imports of sales that count, but for some."""
    counting = (ImportBatch.kind == ImportKind.FLOW) & (ImportBatch.status == BatchStatus.APPLIED)
    return counting & ImportBatch.id.not_in(without) if without else counting


def _content(line: Any) -> tuple[Any, ...]:
    return line.hospital_id, line.product_id, line.on, line.grain, line.packs


def _content_of(session: Session, batch_id: int) -> Counter[tuple[Any, ...]]:
    line = FlowLine
    columns = (line.hospital_id, line.product_id, line.on, line.grain, line.packs)
    return Counter(_contents(_stream(session, select(*columns).where(line.batch_id == batch_id))))


def _contents(rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    return (tuple(row) for row in rows)


def _stream(session: Session, wanted: Select[*tuple[Any, ...]]) -> Iterable[Any]:
    return session.execute(wanted, execution_options={"yield_per": _ROWS_AT_ONCE})
