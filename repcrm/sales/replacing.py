"""Which imports of a distributor another one takes the place of, and which it must not overlap."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.sales.models import BatchStatus, Distributor, FlowMode, ImportBatch


def list_replaceable(session: Session, distributor: Distributor, period: Period) -> list[ImportBatch]:
    """Return the applied imports of a distributor that one replacing a period takes the place of, oldest first.

    Those are all whose own period lies within it: what they replaced, added or corrected is in the new file or gone.
    """
    return [batch for batch in list_applied(session, distributor) if _lies_within(Period.parse(batch.period), period)]


def list_replaced(session: Session, batch: ImportBatch) -> Sequence[ImportBatch]:
    """Return the imports that one has taken the place of, oldest first: those that count again if it is reverted."""
    wanted = select(ImportBatch).where(ImportBatch.replaced_by_id == batch.id)
    return session.scalars(wanted.order_by(ImportBatch.id)).all()


def check_overlap(session: Session, distributor: Distributor, period: Period) -> None:
    """Refuse to replace a period that shares days with another one, but does not hold it: they would count twice.

    raises  RuleBroken (field `period`) naming the other period

    Corrections stay whatever is replaced around them: they change single lines and report no period.
    """
    for other in list_applied(session, distributor):
        there = Period.parse(other.period)
        if (
            other.mode is not FlowMode.CORRECTS
            and not _lies_within(there, period)
            and there.from_on < period.until_on
            and period.from_on < there.until_on
        ):
            raise RuleBroken(
                N_(
                    "%(source)s already has sales for %(other)s, which shares days with %(period)s: they would count "
                    "twice. Use the same period, or revert that import first."
                ),
                field="period",
                source=distributor.name,
                other=other.period,
                period=str(period),
            )


def list_applied(session: Session, distributor: Distributor) -> list[ImportBatch]:
    """Return the imports of a distributor that count, oldest first."""
    wanted = select(ImportBatch).where(
        ImportBatch.distributor_id == distributor.id, ImportBatch.status == BatchStatus.APPLIED
    )
    return list(session.scalars(wanted.order_by(ImportBatch.id).execution_options(populate_existing=True)))


def _lies_within(inner: Period, outer: Period) -> bool:
    return outer.from_on <= inner.from_on and inner.until_on <= outer.until_on
