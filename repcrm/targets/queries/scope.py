"""Which targets a reader may see, as clauses for other queries."""

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from repcrm.accounts.models import Hospital
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import TerritoryAssignment
from repcrm.targets.models import HospitalTarget

Key = InstrumentedAttribute[int]


def covers(scope: Scope, hospital_id: Key, product_id: Key | int) -> ColumnElement[bool]:
    """A clause over columns that hold a hospital and a product: those whose figures a reader may see.

    A rep sees a hospital x product held on `scope.on`, not the hospital's other products; a lead all of the
    region; an administrator everything.
    """
    if scope.role is Role.ADMIN:
        return true()
    if scope.role is Role.LEAD:
        return hospital_id.in_(select(Hospital.id).where(Hospital.region_id == scope.region_id))
    held = aliased(TerritoryAssignment)
    return exists().where(
        and_(
            held.hospital_id == hospital_id,
            held.product_id == product_id,
            held.rep_id == scope.user_id,
            held.from_on <= scope.on,
            or_(held.until_on.is_(None), held.until_on > scope.on),
        )
    )


def targets_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over HospitalTarget: the targets a reader may see."""
    return covers(scope, HospitalTarget.hospital_id, HospitalTarget.product_id)


def get_target(session: Session, scope: Scope, target_id: int) -> HospitalTarget:
    """Return a target with its hospital and product, or raise NotFound."""
    found = session.scalar(
        select(HospitalTarget)
        .options(joinedload(HospitalTarget.hospital), joinedload(HospitalTarget.product))
        .where(HospitalTarget.id == target_id, targets_in(scope))
    )
    if found is None:
        raise NotFound(N_("There is no such target here."))
    return found
