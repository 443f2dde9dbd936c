"""Names that people have explained, for administrators: files are their business."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.imports.models import NameAlias, NameKind
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, User
from repcrm.sales.models import Distributor
from repcrm.spelling import name_key

TARGETS = (NameAlias.hospital, NameAlias.product, NameAlias.user, NameAlias.named_distributor, NameAlias.region)


@dataclass(frozen=True)
class AliasFilters:
    """What a list of names is narrowed to; what is left out narrows nothing.

    words           part of the spelling, or of the name or code of what it stands for
    distributor_id  whose files say so; 0: everybody's
    """

    kind: NameKind | None = None
    distributor_id: int | None = None
    words: str = ""


def aliases_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over NameAlias: whose names a reader may see."""
    return true() if scope.role is Role.ADMIN else false()


def list_aliases(scope: Scope, filters: AliasFilters) -> Select[NameAlias]:
    """Return the select of the names in use, the latest first, for `page_of`, with what they stand for."""
    wanted = (
        select(NameAlias)
        .options(*(joinedload(target) for target in TARGETS))
        .options(joinedload(NameAlias.distributor), joinedload(NameAlias.decided_by))
        .where(aliases_in(scope), NameAlias.undone_at.is_(None))
    )
    if filters.kind is not None:
        wanted = wanted.where(NameAlias.kind == filters.kind)
    if filters.distributor_id is not None:
        of = NameAlias.distributor_id
        wanted = wanted.where(of == filters.distributor_id if filters.distributor_id else of.is_(None))
    if filters.words:
        wanted = wanted.where(_says(filters.words))
    return wanted.order_by(NameAlias.decided_at.desc(), NameAlias.id.desc())


def list_names_of_distributor(session: Session, scope: Scope, distributor_id: int) -> list[NameAlias]:
    """Return the other names that stand for a distributor, by spelling."""
    wanted = (
        select(NameAlias)
        .options(joinedload(NameAlias.decided_by))
        .where(NameAlias.named_distributor_id == distributor_id, NameAlias.undone_at.is_(None))
        .order_by(NameAlias.spelling)
    )
    return list(session.scalars(wanted)) if scope.role in (Role.ADMIN, Role.LEAD) else []


def get_alias(session: Session, scope: Scope, alias_id: int) -> NameAlias:
    """Return a name that a person has explained, or raise NotFound."""
    found = session.scalar(select(NameAlias).where(NameAlias.id == alias_id, aliases_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such name."))
    return found


def get_name_of_distributor(session: Session, scope: Scope, distributor_id: int, alias_id: int) -> NameAlias:
    """Return another name of a distributor, or raise NotFound."""
    alias = get_alias(session, scope, alias_id)
    if alias.named_distributor_id != distributor_id:
        raise NotFound(N_("There is no such name."))
    return alias


def _says(words: str) -> ColumnElement[bool]:
    spelling = NameAlias.spelling_key.contains(name_key(words), autoescape=True)
    named = [
        column.in_(select(model.id).where(or_(_holds(model.name, words), _holds(model.code, words))))
        for column, model in (
            (NameAlias.hospital_id, Hospital),
            (NameAlias.product_id, Product),
            (NameAlias.user_id, User),
            (NameAlias.named_distributor_id, Distributor),
            (NameAlias.region_id, Region),
        )
    ]  # fmt: skip
    return or_(spelling, *named)


def _holds(column: "InstrumentedAttribute[str]", words: str) -> ColumnElement[bool]:
    return column.icontains(words, autoescape=True)
