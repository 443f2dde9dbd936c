"""Column types that hold what the house rules say: instants aware and in UTC, terms by their value."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime has no place in the database: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def term(kind: type[StrEnum], name: str | None = None) -> Enum:
    """A column type for a Term: its value as text, held to the members by a CHECK constraint."""
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=_values,
    )


def _values(kind: Any) -> list[str]:
    return [member.value for member in kind]
