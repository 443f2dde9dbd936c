"""Whose calls a reader may see."""

from typing import Any

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import InstrumentedAttribute

from repcrm.calls.models import Call, CallSheet, FollowUp
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User


def calls_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over Call: a rep's own, a lead's those of the region's people, nobody's for an administrator."""
    return _of_people(Call.rep_id, scope)


def sheets_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over CallSheet, as `calls_in`."""
    return _of_people(CallSheet.rep_id, scope)


def follow_ups_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over FollowUp, as `calls_in`."""
    return _of_people(FollowUp.rep_id, scope)


def _of_people(rep_id: InstrumentedAttribute[Any], scope: Scope) -> ColumnElement[bool]:
    if scope.role is Role.REP:
        return rep_id == scope.user_id
    if scope.role is Role.LEAD:
        return rep_id.in_(select(User.id).where(User.region_id == scope.region_id))
    return false()
