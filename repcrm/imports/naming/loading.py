"""What the resolver knows, read from the database."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital, HospitalStatus
from repcrm.catalogue.models import Product
from repcrm.catalogue.pack_form import read_pack_form
from repcrm.imports.models import TARGET_COLUMNS, NameAlias, NameKind
from repcrm.imports.naming.index import Entry, Index
from repcrm.organisation.access import Role
from repcrm.organisation.models import Region, User
from repcrm.sales.models import BatchStatus, Distributor, FlowLine, ImportBatch
from repcrm.spelling import name_key


class Memory:
    """The names of one kind that people have explained, and not taken back.

    A distributor's own alias counts before a general one; those of other distributors only suggest.
    """

    def __init__(self, kind: NameKind, aliases: list[NameAlias], distributor_id: int | None) -> None:
        self._by_key: dict[str, NameAlias] = {}
        self.suggesting: dict[str, list[int]] = {}
        """Comparable spelling -> keys of things it stands for somewhere."""
        for alias in sorted(aliases, key=lambda one: (one.distributor_id is not None, one.id)):
            if alias.distributor_id in (None, distributor_id):
                self._by_key[alias.spelling_key] = alias
            target_id: int | None = getattr(alias, TARGET_COLUMNS[kind])
            if target_id is not None:
                self.suggesting.setdefault(alias.spelling_key, []).append(target_id)

    def find(self, spelling: str) -> NameAlias | None:
        """What a person said of a spelling."""
        return self._by_key.get(name_key(spelling))


def load_memory(session: Session, kind: NameKind, distributor_id: int | None) -> Memory:
    """Read what people have explained."""
    wanted = select(NameAlias).where(NameAlias.kind == kind, NameAlias.undone_at.is_(None))
    return Memory(kind, list(session.scalars(wanted)), distributor_id)


def load_index(session: Session, kind: NameKind) -> Index:
    """Read every thing of a kind, those that are no longer active, too: old lines may be about them."""
    return Index(_LOADERS[kind](session))


def delivered_hospitals(session: Session, distributor_id: int | None) -> frozenset[int]:
    """Keys of the hospitals that a distributor has delivered to."""
    if distributor_id is None:
        return frozenset()
    batches = select(ImportBatch.id).where(
        ImportBatch.distributor_id == distributor_id, ImportBatch.status == BatchStatus.APPLIED
    )
    return frozenset(session.scalars(select(FlowLine.hospital_id).where(FlowLine.batch_id.in_(batches)).distinct()))


def _hospitals(session: Session) -> Iterator[Entry]:
    for one in session.scalars(select(Hospital).order_by(Hospital.id)):
        is_active = one.status is not HospitalStatus.CLOSED
        yield Entry(one, (one.code,), _named(one.name, one.short_name), one.city, is_active)


def _products(session: Session) -> Iterator[Entry]:
    for one in session.scalars(select(Product).order_by(Product.id)):
        form = read_pack_form(f"{one.name} {one.pack_size}")
        yield Entry(one, (one.code,), _named(one.name, f"{one.name} {one.pack_size}"), "", one.is_active, form)


def _reps(session: Session) -> Iterator[Entry]:
    for one in session.scalars(select(User).where(User.role == Role.REP).order_by(User.id)):
        yield Entry(one, (one.code, one.username), _named(one.name), is_active=one.is_active)


def _distributors(session: Session) -> Iterator[Entry]:
    for one in session.scalars(select(Distributor).order_by(Distributor.id)):
        yield Entry(one, (one.code,), _named(one.name), is_active=one.is_active)


def _regions(session: Session) -> Iterator[Entry]:
    for one in session.scalars(select(Region).order_by(Region.id)):
        yield Entry(one, (one.code,), _named(one.name))


def _named(*names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name)


_LOADERS = {
    NameKind.HOSPITAL: _hospitals,
    NameKind.PRODUCT: _products,
    NameKind.REP: _reps,
    NameKind.DISTRIBUTOR: _distributors,
    NameKind.REGION: _regions,
}
