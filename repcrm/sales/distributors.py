"""Services for distributors: add, revise, deactivate. Each change goes into the journal."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.words import N_
from repcrm.db.codes import check_code
from repcrm.db.journal import record, values_of
from repcrm.organisation.models import Region
from repcrm.sales.models import DeliveryRhythm, Distributor, DistributorRegion, DistributorTier, Intake
from repcrm.spelling import name_key

LAST_DUE_DAY = {DeliveryRhythm.WEEKLY: 7, DeliveryRhythm.MONTHLY: 28}
FACTS = ("code", "name", "tier", "rhythm", "due_day", "is_active", "intake", "needs_second_person")


@dataclass(frozen=True)
class DistributorFacts:
    """What is known of a distributor.

    due_day              when a period's sales are expected: weekday (1-7) of the next week, or day of the next month
    intake               what happens to a file that arrives without a person and leaves nothing to ask
    needs_second_person  files are applied by someone other than who uploaded them
    """

    name: str
    tier: DistributorTier = DistributorTier.FIRST
    rhythm: DeliveryRhythm = DeliveryRhythm.MONTHLY
    due_day: int = 5
    is_active: bool = True
    intake: Intake = Intake.PREVIEW
    needs_second_person: bool = False


def add_distributor(
    session: Session,
    code: str,
    facts: DistributorFacts,
    region_ids: Collection[int] = (),
    *,
    actor_id: int | None,
    now: datetime,
) -> Distributor:
    """Add a distributor.

    code        the company's own
    region_ids  the regions it is meant to deliver to; none: everywhere
    raises      RuleBroken (field `code`, `name`, `due_day` or `region_ids`)
    """
    _check(session, facts, region_ids, None)
    distributor = Distributor(code=check_code(session, Distributor, code), **vars(facts))
    session.add(distributor)
    session.flush()
    _set_regions(session, distributor, region_ids)
    after = _facts(session, distributor)
    record(session, actor_id, "distributor", distributor.id, "add_distributor", None, after, at=now)
    return distributor


def revise_distributor(
    session: Session,
    distributor: Distributor,
    facts: DistributorFacts,
    region_ids: Collection[int] = (),
    *,
    actor_id: int | None,
    now: datetime,
    version: int | None = None,
) -> bool:
    """Change what is known of a distributor; without `is_active` it is deactivated.

    region_ids  the regions it is meant to deliver to; none: everywhere
    version     the version the writer was shown; None skips the check
    returns     whether anything differed
    raises      RuleBroken (field `name`, `due_day` or `region_ids`); Conflict if someone else changed it first
    """
    session.refresh(distributor, with_for_update=True)
    if version is not None and distributor.version != version:
        raise Conflict(N_("Someone else changed this distributor first. Reload and try again."))
    _check(session, facts, region_ids, distributor.id)
    before = _facts(session, distributor)
    for name, value in vars(facts).items():
        setattr(distributor, name, value)
    _set_regions(session, distributor, region_ids)
    session.flush()
    after = _facts(session, distributor)
    if after == before:
        return False
    distributor.version += 1
    session.flush()
    record(session, actor_id, "distributor", distributor.id, "revise_distributor", before, after, at=now)
    return True


def _check(session: Session, facts: DistributorFacts, region_ids: Collection[int], own_id: int | None) -> None:
    if not facts.name:
        raise RuleBroken(N_("Enter the distributor’s name."), field="name")
    if not 1 <= facts.due_day <= LAST_DUE_DAY[facts.rhythm]:
        if facts.rhythm is DeliveryRhythm.WEEKLY:
            raise RuleBroken(N_("Enter a weekday from 1 (Monday) to 7 (Sunday)."), field="due_day")
        raise RuleBroken(N_("Enter a day of the month from 1 to 28."), field="due_day")
    others = session.execute(select(Distributor.id, Distributor.code, Distributor.name))
    for other_id, code, name in others:
        if other_id != own_id and name_key(name) == name_key(facts.name):
            raise RuleBroken(N_("%(code)s already has the name %(name)s."), field="name", code=code, name=name)
    known = set(session.scalars(select(Region.id).where(Region.id.in_(region_ids))))
    if known != set(region_ids):
        raise RuleBroken(N_("There is no such region here."), field="region_ids")


def _set_regions(session: Session, distributor: Distributor, region_ids: Collection[int]) -> None:
    present = _regions(session, distributor)
    if present == sorted(set(region_ids)):
        return
    session.execute(delete(DistributorRegion).where(DistributorRegion.distributor_id == distributor.id))
    for region_id in sorted(set(region_ids)):
        session.add(DistributorRegion(distributor_id=distributor.id, region_id=region_id))
    session.flush()


def _regions(session: Session, distributor: Distributor) -> list[int]:
    wanted = select(DistributorRegion.region_id).where(DistributorRegion.distributor_id == distributor.id)
    return sorted(session.scalars(wanted))


def _facts(session: Session, distributor: Distributor) -> dict[str, Any]:
    codes = select(Region.code).join(DistributorRegion, DistributorRegion.region_id == Region.id)
    codes = codes.where(DistributorRegion.distributor_id == distributor.id).order_by(Region.code)
    return {**values_of(distributor, *FACTS), "regions": list(session.scalars(codes))}
