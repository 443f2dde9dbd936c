"""Services for regions: add, rename. Each change goes into the journal."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.codes import check_code
from repcrm.db.journal import record, values_of
from repcrm.organisation.models import Region


def add_region(session: Session, actor_id: int | None, *, code: str, name: str, now: datetime) -> Region:
    """Add a region.

    actor_id  who adds; None for the operator at the command line
    code      the company's own, unique
    raises    RuleBroken if the code is taken, or code or name is empty
    """
    region = Region(code=check_code(session, Region, code), name=_checked_name(name))
    session.add(region)
    session.flush()
    record(session, actor_id, "region", region.id, "add_region", None, _facts(region), at=now)
    return region


def rename_region(session: Session, actor_id: int | None, region: Region, name: str, *, now: datetime) -> None:
    """Give a region another name; its code stays."""
    session.refresh(region, with_for_update=True)
    before, name = _facts(region), _checked_name(name)
    if region.name == name:
        return
    region.name = name
    session.flush()
    record(session, actor_id, "region", region.id, "rename_region", before, _facts(region), at=now)


def _checked_name(name: str) -> str:
    if not name.strip():
        raise RuleBroken(N_("Enter the name."), field="name")
    return name.strip()


def _facts(region: Region) -> dict[str, Any]:
    return values_of(region, "code", "name")
