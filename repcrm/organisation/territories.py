"""Who holds which hospital x product on which day: given, handed over, closed, and asked for by every figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.codes import check_code
from repcrm.db.journal import record, values_of
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, Territory, TerritoryAssignment, User

ONE_DAY = timedelta(days=1)


class Place(Protocol):
    """A hospital, as far as territories need to know it: they lie below accounts."""

    @property
    def id(self) -> int: ...
    @property
    def region_id(self) -> int: ...


@dataclass(frozen=True, order=True)
class Holding:
    """A stretch of days in which a rep holds a hospital x product, half-open; `until_on` None has no end."""

    hospital_id: int
    product_id: int
    from_on: date
    until_on: date | None
    rep_id: int
    territory_id: int


def holder_on(session: Session, hospital_id: int, product_id: int, day: date) -> int | None:
    """Return the id of the rep who holds a hospital x product on a day; None: nobody."""
    return session.scalar(
        select(TerritoryAssignment.rep_id).where(
            TerritoryAssignment.hospital_id == hospital_id,
            TerritoryAssignment.product_id == product_id,
            _reaches(day, day + ONE_DAY),
        )
    )


def holdings(
    session: Session,
    *,
    region_id: int | None = None,
    rep_id: int | None = None,
    hospital_ids: Collection[int] | None = None,
    from_on: date,
    until_on: date | None = None,
) -> list[Holding]:
    """Return who held what in a stretch of days, cut to it, by hospital, product and day.

    region_id, rep_id, hospital_ids  narrow it down; None does not
    from_on, until_on                half-open; until_on None is open
    returns                          without overlaps for a hospital x product; days nobody held it are gaps
    """
    a = TerritoryAssignment
    wanted = select(a).where(_reaches(from_on, until_on))
    if region_id is not None:
        wanted = wanted.join(a.territory).where(Territory.region_id == region_id)
    if rep_id is not None:
        wanted = wanted.where(a.rep_id == rep_id)
    if hospital_ids is not None:
        wanted = wanted.where(a.hospital_id.in_(hospital_ids))
    found = session.scalars(wanted.order_by(a.hospital_id, a.product_id, a.from_on))
    return [
        Holding(
            row.hospital_id, row.product_id, max(row.from_on, from_on), _earlier(row.until_on, until_on),
            row.rep_id, row.territory_id,
        )
        for row in found
    ]  # fmt: skip


def list_holdings(session: Session, scope: Scope) -> list[TerritoryAssignment]:
    """Return the assignments valid on the scope's day that the reader may see, each with rep and territory."""
    a = TerritoryAssignment
    wanted = select(a).join(a.territory).options(joinedload(a.rep), joinedload(a.territory))
    wanted = wanted.where(_reaches(scope.on, scope.on + ONE_DAY), _territories_in(scope))
    if scope.role is Role.REP:
        wanted = wanted.where(a.rep_id == scope.user_id)
    return list(session.scalars(wanted.order_by(a.hospital_id, a.product_id)))


def list_territories(session: Session, scope: Scope) -> list[Territory]:
    """Return the territories of the reader's region, of every region for an administrator."""
    return list(session.scalars(select(Territory).where(_territories_in(scope)).order_by(Territory.name, Territory.id)))


def list_history(session: Session, scope: Scope, hospital_id: int) -> list[TerritoryAssignment]:
    """Return everybody who ever held, holds or will hold a product of a hospital, the latest first."""
    a = TerritoryAssignment
    wanted = select(a).join(a.territory).options(joinedload(a.rep), joinedload(a.territory))
    wanted = wanted.where(a.hospital_id == hospital_id, _territories_in(scope))
    return list(session.scalars(wanted.order_by(a.from_on.desc(), a.product_id, a.id)))


def open_territory(session: Session, code: str, name: str, region_id: int) -> Territory:
    """Open a territory, still without hospitals.

    raises  RuleBroken (field `code`) if the code is taken, or could be mistaken for another
    """
    territory = Territory(code=check_code(session, Territory, code), name=name, region_id=region_id)
    session.add(territory)
    session.flush()
    return territory


def give(
    session: Session,
    territory: Territory,
    hospital: Place,
    product_id: int,
    rep: User,
    from_on: date,
    until_on: date | None = None,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> TerritoryAssignment:
    """Give a hospital x product that nobody holds to a rep, from a day on.

    until_on  the first day it is no longer the rep's; None: until it is handed over or closed
    raises    RuleBroken if somebody holds it on one of these days, or region, role or dates do not fit
    """
    _check(territory, hospital, rep)
    if until_on is not None and until_on <= from_on:
        raise RuleBroken(N_("It has to end after it begins."), field="until_on")
    _lock(session, territory.region_id)
    for other in _segments(session, hospital.id, product_id):
        if _overlap(other, from_on, until_on):
            raise RuleBroken(
                N_("%(rep)s holds it from %(from_on)s on."), field="from_on", rep=other.rep.name, from_on=other.from_on
            )
    segment = TerritoryAssignment(
        territory=territory, hospital_id=hospital.id, product_id=product_id, rep=rep, from_on=from_on, until_on=until_on
    )
    session.add(segment)
    _journal(session, segment, "give", None, actor_id, now, reason)
    return segment


def hand_over(
    session: Session,
    territory: Territory,
    hospital: Place,
    product_id: int,
    rep: User,
    from_on: date,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> TerritoryAssignment:
    """Let a rep hold a hospital x product from a day on, whoever held it until then.

    The former holder's time ends the day before; what was planned for later days stays. Where nobody held it, it
    is given. Days before `from_on` keep their holder, so the credit for past flow does not move.
    """
    _check(territory, hospital, rep)
    _lock(session, territory.region_id)
    segments = _segments(session, hospital.id, product_id)
    current = next((s for s in segments if _overlap(s, from_on, from_on + ONE_DAY)), None)
    if current is None:
        later = min((s.from_on for s in segments if s.from_on > from_on), default=None)
        return give(
            session, territory, hospital, product_id, rep, from_on, later, actor_id=actor_id, now=now, reason=reason
        )
    if (current.rep_id, current.territory_id) == (rep.id, territory.id):
        return current
    before = _values(current)
    if current.from_on == from_on:
        current.rep, current.territory = rep, territory
        _journal(session, current, "hand_over", before, actor_id, now, reason)
        return current
    until_on, current.until_on = current.until_on, from_on
    _journal(session, current, "hand_over", before, actor_id, now, reason)
    segment = TerritoryAssignment(
        territory=territory, hospital_id=hospital.id, product_id=product_id, rep=rep, from_on=from_on, until_on=until_on
    )
    session.add(segment)
    _journal(session, segment, "hand_over", None, actor_id, now, reason)
    return segment


def leave_unassigned(
    session: Session,
    hospital: Place,
    product_id: int,
    from_on: date,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Let nobody hold a hospital x product from a day on; what was planned for later days stays."""
    _lock(session, hospital.region_id)
    for segment in _segments(session, hospital.id, product_id):
        if _overlap(segment, from_on, from_on + ONE_DAY):
            close(session, segment, from_on, actor_id=actor_id, now=now, reason=reason)


def close(
    session: Session,
    segment: TerritoryAssignment,
    until_on: date,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """End a holding: from that day on nobody holds it. One that would end before it began is taken back."""
    before = _values(segment)
    if until_on <= segment.from_on:
        record(session, actor_id, "territory_assignment", segment.id, "close", before, None, reason, at=now)
        session.delete(segment)
        session.flush()
        return
    if segment.until_on is not None and segment.until_on < until_on:
        raise RuleBroken(N_("It ends on %(until_on)s already."), field="until_on", until_on=segment.until_on)
    segment.until_on = until_on
    _journal(session, segment, "close", before, actor_id, now, reason)


def _check(territory: Territory, hospital: Place, rep: User) -> None:
    if hospital.region_id != territory.region_id:
        raise RuleBroken(N_("The hospital lies in another region than the territory."), field="hospital_id")
    if rep.role is not Role.REP or rep.region_id != territory.region_id:
        raise RuleBroken(N_("%(rep)s is not a rep of this region."), field="rep_id", rep=rep.name)
    if not rep.is_active:
        raise RuleBroken(N_("%(rep)s no longer works here."), field="rep_id", rep=rep.name)


def _lock(session: Session, region_id: int) -> None:
    """Let the territories of a region be changed by one at a time: overlaps are found by looking at other rows."""
    session.execute(select(Region.id).where(Region.id == region_id).with_for_update())


def _segments(session: Session, hospital_id: int, product_id: int) -> list[TerritoryAssignment]:
    a = TerritoryAssignment
    wanted = select(a).options(joinedload(a.rep)).where(a.hospital_id == hospital_id, a.product_id == product_id)
    return list(session.scalars(wanted.order_by(a.from_on).execution_options(populate_existing=True)))


def _overlap(segment: TerritoryAssignment, from_on: date, until_on: date | None) -> bool:
    return (until_on is None or segment.from_on < until_on) and (segment.until_on is None or segment.until_on > from_on)


def _reaches(from_on: date, until_on: date | None) -> ColumnElement[bool]:
    a = TerritoryAssignment
    clause = or_(a.until_on.is_(None), a.until_on > from_on)
    return clause if until_on is None else clause & (a.from_on < until_on)


def _territories_in(scope: Scope) -> ColumnElement[bool]:
    return Territory.region_id == scope.region_id if scope.role is not Role.ADMIN else Territory.id.is_not(None)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other


def _values(segment: TerritoryAssignment) -> dict[str, object]:
    return values_of(segment, "territory_id", "hospital_id", "product_id", "rep_id", "from_on", "until_on")


def _journal(
    session: Session,
    segment: TerritoryAssignment,
    verb: str,
    before: dict[str, object] | None,
    actor_id: int | None,
    now: datetime,
    reason: str,
) -> None:
    session.flush()
    record(session, actor_id, "territory_assignment", segment.id, verb, before, _values(segment), reason, at=now)
