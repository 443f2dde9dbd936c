"""Rows of tables as plain values, before and after: what a batch changed, and how it is taken back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import Select, func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.core.words import N_, Term
from repcrm.db.base import Base
from repcrm.db.journal import record
from repcrm.db.types import UTCDateTime
from repcrm.sales.models import ImportBatch, ImportChange


class Kept(Term):
    """Tables that an import may change, as people call a row of them."""

    REGION = "region", N_("Region")
    PERSON = "user_account", N_("Person")
    PRODUCT = "product", N_("Product")
    PRICE = "product_price", N_("Price")
    COMPETITOR = "competitor", N_("Competitor")
    HOSPITAL = "hospital", N_("Hospital")
    DEPARTMENT = "department", N_("Department")
    DOCTOR = "doctor", N_("Doctor")
    POST = "post", N_("Post")
    CLINIC_SESSION = "clinic_session", N_("Clinic session")
    LISTING = "listing", N_("Listing")
    TERRITORY = "territory", N_("Territory")
    ASSIGNMENT = "territory_assignment", N_("Assignment")
    TARGET = "hospital_target", N_("Hospital target")
    SPLIT = "quota_split", N_("Split")
    TIME_OFF = "time_off", N_("Time off")
    APPOINTMENT = "appointment", N_("Appointment")
    RECEPTION_WINDOW = "reception_window", N_("Reception hours")
    EVENING_ROUND = "evening_round", N_("Evening round")
    DISTRIBUTOR = "distributor", N_("Distributor")
    DISTRIBUTOR_REGION = "distributor_region", N_("Sales area")
    NAME_ALIAS = "name_alias", N_("Remembered name")
    CONVERSION = "product_conversion", N_("Unit conversion")
    CALENDAR_DAY = "calendar_day", N_("Public holiday or make-up day")


Values = dict[str, Any]
Memory = dict[tuple[type[Base], int], Values]
"""(Table, key) -> the values of the row."""
NOT_REMEMBERED = {"id", "version", "password_hash", "must_change_password", "language"}
"""Keys stay; versions only ever count up; how people sign in and which language they read is theirs, not a file's."""


def remember(session: Session, watched: Iterable[Select[Any]]) -> Memory:
    """Read the rows of some selects, each of whole rows of one table, as they are now."""
    session.flush()
    memory: Memory = {}
    for select_rows in watched:
        for thing in session.scalars(select_rows.execution_options(populate_existing=True)):
            memory[type(thing), thing.id] = values_of_row(thing)
    return memory


def note_changes(session: Session, batch: ImportBatch, before: Memory, after: Memory) -> None:
    """Write down what differs between two memories of the same selects."""
    for model, row_id in before.keys() | after.keys():
        was, became = before.get((model, row_id)), after.get((model, row_id))
        if was != became:
            session.add(
                ImportChange(
                    batch_id=batch.id, subject=model.__tablename__, subject_id=row_id, before=was, after=became
                )
            )
    session.flush()


def take_back(session: Session, batch: ImportBatch, actor_id: int | None, now: datetime) -> int:
    """Give every row that a batch changed its former values back, and take away those it added.

    returns  how many rows
    raises   Conflict naming the first row that somebody has changed or used since; then nothing may be committed
    """
    changes = session.scalars(select(ImportChange).where(ImportChange.batch_id == batch.id)).all()
    models = _models()
    order = {name: n for n, name in enumerate(models)}
    present = {change.id: _load(session, models[change.subject], change.subject_id) for change in changes}
    for change in changes:
        row = present[change.id]
        if (values_of_row(row) if row is not None else None) != change.after:
            raise _changed_since(change, row)
    # added rows go first, those that point at others before them; then former values come back, parents first
    added = [change for change in changes if change.before is None]
    for change in sorted(added, key=lambda one: (-order[one.subject], -one.subject_id)):
        _remove(session, change, present[change.id])
    for change in sorted(changes, key=lambda one: (order[one.subject], one.subject_id)):
        if change.before is not None:
            _restore(session, models[change.subject], change, present[change.id])
    session.flush()
    for change in changes:
        if change.subject in JOURNALLED:
            record(
                session, actor_id, change.subject, change.subject_id, "undo_batch", change.after, change.before, at=now
            )
    return len(changes)


JOURNALLED = {
    "hospital_target", "quota_split", "territory_assignment", "time_off", "appointment", "distributor", "name_alias",
    "product_conversion", "calendar_day",
    "region", "user_account", "product_price", "listing",
}  # fmt: skip
"""Tables whose every change is accounted for, undoing too."""


def values_of_row(thing: Base) -> Values:
    """The columns of a row as JSON keeps them, without its key and version."""
    mapper = inspect(type(thing))
    return {
        attribute.key: _plain(getattr(thing, attribute.key))
        for attribute in mapper.column_attrs
        if attribute.key not in NOT_REMEMBERED
    }


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date() | time():
            return value.isoformat()
        case _:
            return value


def _from_plain(model: type[Base], name: str, value: Any) -> Any:
    if value is None:
        return None
    kind = inspect(model).column_attrs[name].columns[0].type
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    python_type = kind.python_type
    if issubclass(python_type, Enum):
        return python_type(value)
    return python_type.fromisoformat(value) if python_type in (date, time) else value


def _models() -> dict[str, type[Base]]:
    """Table -> model, tables that others point at first."""
    by_table = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    return {table.name: by_table[table.name] for table in Base.metadata.sorted_tables if table.name in by_table}


def _load(session: Session, model: type[Base], row_id: int) -> Base | None:
    wanted = select(model).where(model.id == row_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(wanted)


def _remove(session: Session, change: ImportChange, row: Base | None) -> None:
    if row is None:
        return
    try:
        with session.begin_nested():
            session.delete(row)
            session.flush()
    except IntegrityError:
        raise Conflict(
            N_("%(kind)s %(name)s has been used since, so this import cannot be undone."), **_name_of(change, row)
        ) from None


def _restore(session: Session, model: type[Base], change: ImportChange, row: Base | None) -> None:
    assert change.before is not None
    values = {name: _from_plain(model, name, value) for name, value in change.before.items()}
    if row is None:
        session.add(model(**values))  # under a new key: nothing points at rows that an import takes away
        return
    for name, value in values.items():
        setattr(row, name, value)
    if hasattr(row, "version"):
        row.version += 1


def _changed_since(change: ImportChange, row: Base | None) -> Conflict:
    if row is None or change.after is None:
        return Conflict(
            N_("%(kind)s %(name)s has been changed since, so this import cannot be undone."), **_name_of(change, row)
        )
    now = values_of_row(row)
    name = next(name for name in now if now[name] != change.after.get(name))
    return Conflict(
        N_("%(kind)s %(name)s has been changed since (%(imported)s → %(now)s), so this import cannot be undone."),
        **_name_of(change, row),
        imported=_said(change.after.get(name)),
        now=_said(now[name]),
    )


def _name_of(change: ImportChange, row: Base | None) -> dict[str, Any]:
    """Words for a row, such as Hospital and H001 · First Hospital."""
    values: Sequence[Any] = [(change.after or change.before or {}).get(name) for name in ("code", "name", "on")]
    if row is not None:
        about = [getattr(row, name, None) for name in ("hospital", "product", "doctor", "department", "rep", "target")]
        values = [*values, *(getattr(one, "name", None) for one in about), getattr(row, "month_on", None)]
    said = " · ".join(str(value) for value in values if value)
    return {"kind": Kept(change.subject), "name": said or str(change.subject_id)}


def _said(value: Any) -> str:
    return "–" if value in (None, "") else str(value)


def count_changes(session: Session, batch_id: int) -> int:
    """How many rows a batch has changed."""
    return session.scalar(select(func.count()).where(ImportChange.batch_id == batch_id)) or 0
