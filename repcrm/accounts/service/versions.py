"""Two people at one form: whoever was shown an older version is told so."""

from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor, Hospital, Listing
from repcrm.core.errors import Conflict
from repcrm.core.words import N_


def claim(session: Session, thing: Hospital | Doctor | Listing, version: int | None) -> None:
    """Lock a thing for writing, and refuse a version that is no longer the newest.

    version  the one the writer was shown; None for a writer who was shown none, such as an import
    raises   Conflict if somebody else was faster
    """
    session.refresh(thing, with_for_update=True)
    if version is not None and thing.version != version:
        raise Conflict(N_("Somebody else has changed this in the meantime. Look at it again, then repeat your change."))


def put(thing: Hospital | Doctor | Listing, values: dict[str, object]) -> bool:
    """Set the values that differ and count the version up; returns whether anything differed."""
    changed = {name: value for name, value in values.items() if getattr(thing, name) != value}
    for name, value in changed.items():
        setattr(thing, name, value)
    if changed:
        thing.version += 1
    return bool(changed)
