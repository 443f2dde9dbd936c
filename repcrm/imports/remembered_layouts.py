"""How files of one layout are read: the answers given the first time, used again and shown when they are."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from repcrm.imports.models import ImportLayout
from repcrm.sales.models import ImportBatch, ImportKind

LASTING = ("column:", "unit", "money", "type:", "dates", "blank_cells:", "quarters", "stock")
"""Beginnings of the keys of answers that describe a layout; the others are about one file."""


def find(session: Session, kind: ImportKind, signature: str, distributor_id: int | None) -> ImportLayout | None:
    """Return what was answered for a layout: of this distributor, else of a file that named none."""
    wanted = select(ImportLayout).options(joinedload(ImportLayout.confirmed_by))
    wanted = wanted.where(ImportLayout.kind == kind, ImportLayout.signature == signature)
    if distributor_id is not None:
        either = or_(ImportLayout.distributor_id == distributor_id, ImportLayout.distributor_id.is_(None))
        wanted = wanted.where(either)
    return session.scalars(wanted.order_by(ImportLayout.distributor_id.desc(), ImportLayout.id.desc())).first()


def remember(session: Session, batch: ImportBatch, actor_id: int, now: datetime) -> ImportLayout | None:
    """Keep the lasting answers of a batch for the next file of its layout; None if there are none."""
    lasting = {key: value for key, value in batch.answers.items() if key.startswith(LASTING)}
    signature = batch.reading.get("signature", "")
    if not lasting or not signature:
        return None
    layout = session.scalar(
        select(ImportLayout).where(
            ImportLayout.kind == batch.kind,
            ImportLayout.signature == signature,
            ImportLayout.distributor_id == batch.distributor_id,
        )
    )
    if layout is None:
        layout = ImportLayout(kind=batch.kind, signature=signature, distributor_id=batch.distributor_id)
        session.add(layout)
    layout.answers, layout.confirmed_by_id, layout.confirmed_at = lasting, actor_id, now
    session.flush()
    return layout
