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

    line_no: int
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


def find_same_documents(
    session: Session, lines: Sequence[Delivery], *, replaced: Collection[int] = ()
) -> list[SameDocument]:
    """Find lines whose document x day x product x packs an applied import has already, of any distributor.

    replaced  ids of imports that will no longer count (`list_replaceable`)
    returns   in the order of the lines; at most one place for each line on file
    """
    wanted: dict[tuple[str, date, int, int], list[int]] = {}
    for number, given in enumerate(lines, 1):
        if given.document:
            wanted.setdefault((given.document, given.on, given.product_id, given.packs), []).append(number)
    if not wanted:
        return []
    days = [on for _, on, _, _ in wanted]
    line = FlowLine
    on_file: Select[*tuple[Any, ...]] = (
        select(
            line.document, line.on, line.product_id, line.packs, line.batch_id, line.line_no,
            Distributor.name, ImportBatch.file_name,
        )
        .join(ImportBatch, ImportBatch.id == line.batch_id)
        .join(Distributor, Distributor.id == ImportBatch.distributor_id)
        .where(_counting(replaced), line.document != "", line.on >= min(days), line.on <= max(days))
        .order_by(line.batch_id, line.line_no)
    )  # fmt: skip
    found = []
    for document, on, product_id, packs, batch_id, line_no, source, file_name in _stream(session, on_file):
        if numbers := wanted.get((document, on, product_id, packs)):
            place = LinePlace(batch_id, line_no)
            found.append(SameDocument(numbers.pop(0), document, place, source, file_name))
    return sorted(found)


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
