"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Item = TypeVar("Item")

PAGE_SIZE = 50
"""Items on a page, unless told otherwise."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list.

    items   what stands on it, in order
    number  which page it is, from 1
    size    how many items a full page holds
    total   how many items the whole list has
    """

    items: Sequence[Item]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages the list has; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of its first item in the whole list, from 1; 0 in an empty list."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The place of its last item in the whole list."""
        return min(self.number * self.size, self.total)

    @property
    def previous(self) -> int | None:
        """The number of the page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, None on the last."""
        return self.number + 1 if self.number < self.count else None


@overload
def page_of(session: Session, statement: Select[Item], number: int = 1, size: int = PAGE_SIZE) -> Page[Item]: ...
@overload
def page_of(
    session: Session, statement: Select[*tuple[Any, ...]], number: int = 1, size: int = PAGE_SIZE
) -> Page[Any]: ...
def page_of(session: Session, statement: Select[*tuple[Any, ...]], number: int = 1, size: int = PAGE_SIZE) -> Page[Any]:
    """A page of what a select finds, in the select's own order.

    statement  already within the reader's scope; ordered by something unique, or items may repeat or be missed
    number     from 1; a page past the end gives the last one, since lists shrink between two clicks
    size       items on a page, >= 1
    returns    the things themselves where the select asks for one thing, else rows
    """
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // size)))
    window = statement.limit(size).offset((number - 1) * size)
    result = session.execute(window)
    one_thing = len(statement.column_descriptions) == 1
    items: Sequence[Any] = result.scalars().all() if one_thing else result.all()
    return Page(items, number, size, total)
