"""Setting how much each adoption rating weighs."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Scope
from repcrm.targets.attribution import check_factors
from repcrm.targets.models import AdoptionFactor
from repcrm.targets.queries import adoption_factors


def set_factors(
    session: Session, scope: Scope, factors: Mapping[int, int], *, shown: Mapping[int, int], now: datetime
) -> None:
    """Set the table of adoption factors, of which there is one for the company.

    factors  rating (0: not rated) -> permille
    shown    the table the form was shown
    raises   RuleBroken unless the factors never fall as the rating rises, Conflict if the table was changed meanwhile

    Reports that are frozen keep the factors they were made with.
    """
    check_factors(factors)
    rows = {row.rating: row for row in session.scalars(select(AdoptionFactor).with_for_update())}
    before = adoption_factors(session)
    if dict(shown) != before:
        raise Conflict(N_("Somebody has changed the adoption factors since you opened the page."))
    if dict(factors) == before:
        return
    for rating, permille in sorted(factors.items()):
        if rating in rows:
            rows[rating].permille = permille
        else:
            session.add(rows.setdefault(rating, AdoptionFactor(rating=rating, permille=permille)))
    session.flush()
    record(
        session, scope.user_id, "adoption_factor", rows[7].id, "set_factors", _named(before), _named(factors), at=now
    )


def _named(factors: Mapping[int, int]) -> dict[str, int]:
    return {str(rating): permille for rating, permille in sorted(factors.items())}
