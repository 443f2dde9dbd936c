"""Names explained by a person, remembered, and taken back; each goes into the journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product
from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.imports.models import TARGET_COLUMNS, NameAlias, Named, NameKind
from repcrm.imports.naming.loading import load_index
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, User
from repcrm.sales.models import Distributor
from repcrm.spelling import name_key

LONGEST = 200
MODELS: dict[NameKind, type[Any]] = {
    NameKind.HOSPITAL: Hospital,
    NameKind.PRODUCT: Product,
    NameKind.REP: User,
    NameKind.DISTRIBUTOR: Distributor,
    NameKind.REGION: Region,
}


def answer_name(
    session: Session,
    scope: Scope,
    kind: NameKind,
    spelling: str,
    target: Named | None,
    *,
    now: datetime,
    distributor_id: int | None = None,
) -> NameAlias:
    """Say what a spelling in files stands for; it is used from then on.

    spelling        as the file has it; of a product together with what the file says of the pack
    target          the thing it stands for (a new one is made by its own verb first); None: not ours
    distributor_id  whose files say so; None: everybody's
    returns         the alias; what was said of the spelling before is taken back
    raises          RuleBroken (field `spelling` or `target`) for a spelling that says nothing, a target of another
                    kind or a rep who has left, or where the spelling is the very name of something else
    """
    spelling, key = spelling.strip()[:LONGEST], name_key(spelling)[:LONGEST]
    if not key:
        raise RuleBroken(N_("Enter the name as the file has it."), field="spelling")
    _check_target(kind, target)
    if distributor_id is None and target is not None:
        _check_not_the_name_of_another(session, kind, spelling, target)
    wanted = select(NameAlias).where(
        NameAlias.kind == kind,
        NameAlias.spelling_key == key,
        NameAlias.distributor_id.is_(None) if distributor_id is None else NameAlias.distributor_id == distributor_id,
        NameAlias.undone_at.is_(None),
    )
    present = session.scalar(wanted.with_for_update())
    if present is not None and present.target is target:
        return present
    if present is not None:
        _undo(session, scope, present, now)
    alias = NameAlias(
        kind=kind, spelling=spelling, spelling_key=key, distributor_id=distributor_id,
        decided_by_id=scope.user_id, decided_at=now,
    )  # fmt: skip
    if target is not None:
        setattr(alias, TARGET_COLUMNS[kind], target.id)
    session.add(alias)
    session.flush()
    record(session, scope.user_id, "name_alias", alias.id, "answer_name", None, _facts(alias), at=now)
    return alias


def undo_alias(session: Session, scope: Scope, alias: NameAlias, *, now: datetime) -> None:
    """Take back what was said of a spelling: it is asked about again. What was imported with it stays.

    raises  Conflict if it has been taken back already
    """
    session.refresh(alias, with_for_update=True)
    if alias.undone_at is not None:
        raise Conflict(N_("This name has been removed already."))
    _undo(session, scope, alias, now)


def _undo(session: Session, scope: Scope, alias: NameAlias, now: datetime) -> None:
    alias.undone_at, alias.undone_by_id = now, scope.user_id
    session.flush()  # before another one of the same spelling: the database lets only one be active
    record(session, scope.user_id, "name_alias", alias.id, "undo_alias", _facts(alias), None, at=now)


def _check_target(kind: NameKind, target: Named | None) -> None:
    if target is None:
        return
    if not isinstance(target, MODELS[kind]) or (kind is NameKind.REP and getattr(target, "role", None) is not Role.REP):
        raise RuleBroken(N_("Choose what the name stands for."), field="target")
    if kind is NameKind.REP and not getattr(target, "is_active", True):
        raise RuleBroken(N_("%(name)s is no longer active."), field="target", name=target.name)


def _check_not_the_name_of_another(session: Session, kind: NameKind, spelling: str, target: Named) -> None:
    others = [entry for entry in load_index(session, kind).exact(spelling) if entry.thing is not target]
    if others:
        raise RuleBroken(
            N_("“%(name)s” is the name of %(other)s."), field="spelling", name=spelling, other=others[0].label
        )


def _facts(alias: NameAlias) -> dict[str, Any]:
    column = TARGET_COLUMNS[alias.kind]
    target = getattr(alias, column)
    facts = {"name_kind": alias.kind, "spelling": alias.spelling, "distributor_id": alias.distributor_id}
    return {**facts, column: target} if target is not None else {**facts, "not_ours": True}
