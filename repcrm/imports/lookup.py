"""Who and what a file means: hospitals, products, people found by code, else by exact name, else suggested."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product
from repcrm.core.codes import code_key
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.organisation.access import Role
from repcrm.organisation.models import Region, Territory, User
from repcrm.spelling import name_key

Thing = TypeVar("Thing")

CLOSE_ENOUGH = 60
"""How alike, of 100, a name must be to be suggested."""


@dataclass(frozen=True)
class Words:
    """What is said when something is not found, or could be two things."""

    unknown: str
    unknown_but: str
    ambiguous: str
    torn: str


HOSPITAL = Words(
    N_("There is no hospital “%(name)s”."),
    N_("There is no hospital “%(name)s”. Is it %(nearest)s?"),
    N_("Several hospitals are called “%(name)s”. Give the code."),
    N_("“%(name)s” is the code or name of another hospital than %(other)s."),
)
PRODUCT = Words(
    N_("There is no product “%(name)s”."),
    N_("There is no product “%(name)s”. Is it %(nearest)s?"),
    N_("Several products are called “%(name)s”. Give the code."),
    N_("“%(name)s” is the code or name of another product than %(other)s."),
)
REP = Words(
    N_("There is no rep “%(name)s”."),
    N_("There is no rep “%(name)s”. Is it %(nearest)s?"),
    N_("Several reps are called “%(name)s”. Give the code."),
    N_("“%(name)s” is the code or name of another rep than %(other)s."),
)
REGION = Words(
    N_("There is no region “%(name)s”."),
    N_("There is no region “%(name)s”. Is it %(nearest)s?"),
    N_("Several regions are called “%(name)s”. Give the code."),
    N_("“%(name)s” is the code or name of another region than %(other)s."),
)


class Register(Generic[Thing]):
    """Things of one kind with their codes and names."""

    def __init__(self, words: Words, things: Iterable[tuple[Thing, Iterable[str], Iterable[str]]]) -> None:
        """things: (thing, codes, names), the first code and name being those that are shown."""
        self.words = words
        self.by_code: dict[str, Thing] = {}
        self.by_name: dict[str, list[Thing]] = {}
        self.shown: dict[Hashable, str] = {}
        self.spellings: dict[str, str] = {}
        for thing, codes, names in things:
            all_codes, all_names = list(codes), [name for name in names if name]
            label = " ".join(dict.fromkeys((all_codes[0], *all_names[:1])))
            self.shown[id(thing)] = label
            self.by_code.update((code_key(code), thing) for code in all_codes)
            for name in dict.fromkeys(map(name_key, all_names)):
                self.by_name.setdefault(name, []).append(thing)
            self.spellings.update((spelling, label) for spelling in map(name_key, (*all_codes, *all_names)))

    def find(self, code: str | None, name: str | None = None) -> Thing:
        """Return the thing of a code, else of an exact name; either cell may hold either.

        raises  BadInput, with the nearest spelling, if there is none, several, or if code and name disagree

        A code nobody knows does not matter where the name is known: distributors have codes of their own.
        """
        found = self._one(code) if code else None
        if name and found is None:
            found = self._one(name)
        elif name and found is not None and (named := self._all(name)) and all(one is not found for one in named):
            raise BadInput(self.words.torn, name=name, other=self.shown[id(found)])
        if found is None:
            raise self._unknown(str(name or code))
        return found

    def _one(self, spelling: str) -> Thing | None:
        found = self._all(spelling)
        if len(found) > 1:
            raise BadInput(self.words.ambiguous, name=spelling)
        return found[0] if found else None

    def _all(self, spelling: str) -> list[Thing]:
        found = self.by_code.get(code_key(spelling))
        return [found] if found is not None else self.by_name.get(name_key(spelling), [])

    def _unknown(self, spelling: str) -> BadInput:
        close = process.extractOne(
            name_key(spelling), list(self.spellings), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH
        )
        if close is None:
            return BadInput(self.words.unknown, name=spelling)
        return BadInput(self.words.unknown_but, name=spelling, nearest=self.spellings[close[0]])


@dataclass
class Known:
    """Everything a file may mention, read once for a whole file.

    today  the business day, for what counts from now on
    """

    session: Session
    today: date

    @cached_property
    def hospitals(self) -> Register[Hospital]:
        """By code, name and short name."""
        return self._register(HOSPITAL, Hospital, lambda one: ((one.code,), (one.name, one.short_name)))

    @cached_property
    def products(self) -> Register[Product]:
        """By code and name, with and without the pack size, those no longer sold too."""
        return self._register(PRODUCT, Product, lambda one: ((one.code,), (one.name, f"{one.name} {one.pack_size}")))

    @cached_property
    def regions(self) -> Register[Region]:
        """By code and name."""
        return self._register(REGION, Region, lambda one: ((one.code,), (one.name,)))

    @cached_property
    def reps(self) -> Register[User]:
        """By code, user name and name."""
        reps = self.session.scalars(select(User).where(User.role == Role.REP).order_by(User.id))
        return Register(REP, [(one, (one.code, one.username), (one.name,)) for one in reps])

    @cached_property
    def territories(self) -> Mapping[str, Territory]:
        """By code, comparable."""
        return {code_key(one.code): one for one in self.session.scalars(select(Territory))}

    @cached_property
    def _found(self) -> dict[tuple[int, str | None, str | None], object]:
        return {}

    def find(self, register: Register[Thing], code: str | None, name: str | None) -> Thing:
        """`register.find`, remembered: a file says the same few names many thousand times."""
        asked = (id(register), code, name)
        if asked not in self._found:
            self._found[asked] = register.find(code, name)
        return self._found[asked]  # type: ignore[return-value]  # put there by the same register

    def _register(
        self,
        words: Words,
        model: type[Thing],
        names_of: Callable[[Thing], tuple[tuple[str, ...], tuple[str, ...]]],
    ) -> Register[Thing]:
        return Register(words, [(one, *names_of(one)) for one in self.session.scalars(select(model))])
