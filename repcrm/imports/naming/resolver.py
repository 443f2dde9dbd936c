"""Names in a file resolved: by code, exact name or confirmed alias; anything weaker is a question."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from repcrm.core.words import N_
from repcrm.imports.models import NameAlias, NameKind
from repcrm.imports.naming.index import Entry, Index
from repcrm.imports.naming.likeness import LOWEST
from repcrm.imports.naming.loading import Memory, delivered_hospitals, load_index, load_memory
from repcrm.imports.naming.matches import Match, Suggestion
from repcrm.imports.naming.suggesting import MOST, Suggester
from repcrm.spelling import name_key

MOST_SUGGESTED = 1000
"""Different unknown names that get suggestions; who has more reads a file of another company."""
NOT_OURS = "none"
A_NEW_ONE = "new"
"""What a person may answer instead of a code."""

BY_ALIAS = N_("a name confirmed before")
BY_ANSWER = N_("answered for this file")
BY_CODE = N_("found by its code; the name is spelt differently")
RETIRED = N_("a name confirmed before; it is no longer active")
TORN = N_("“%(name)s” is the code or name of something other than %(other)s.")
UNLIKE = N_("“%(code)s” is the code of %(other)s, but the name is “%(name)s”.")
SEVERAL = N_("Several are called “%(name)s”. Give the code.")
RENAMED = N_("“%(name)s” is the name of %(other)s by now, but was confirmed for %(before)s.")
SAME_NAME = N_("has this code or name")
TO_BE_ADDED = N_("“%(name)s” has to be added first.")


class Resolver:
    """Everything a file may mention, read once for the whole file.

    today           the business day
    distributor_id  whose file it is: its own aliases come first, and hospitals it delivers to are likelier
    answers         what a person said of this file: `name:<kind>:<spelling>` -> a code, `new`, or `none` (not ours)
    """

    def __init__(
        self, session: Session, today: date, distributor_id: int | None = None, answers: Mapping[str, str] | None = None
    ) -> None:
        self._session, self._today, self._distributor_id = session, today, distributor_id
        self._answers = {
            (kind, name_key(spelling)): answer
            for key, answer in (answers or {}).items()
            for what, kind, spelling in [(*key.split(":", 2), "", "")[:3]]
            if what == "name" and spelling
        }
        self._indexes: dict[NameKind, Index] = {}
        self._memories: dict[NameKind, Memory] = {}
        self._suggesters: dict[NameKind, Suggester] = {}
        self._found: dict[tuple[NameKind, str, str, str], Match] = {}
        self._suggested = 0

    def find(self, kind: NameKind, code: str | None, name: str | None, *, also: str = "") -> Match:
        """Say what a code and a name stand for; either cell may hold either, and one of them is enough.

        also     what a column of its own says of a product's pack
        returns  found for a code, an exact name or a confirmed one; open with suggestions for anything weaker

        A code nobody knows does not matter where the name is known: distributors have codes of their own.
        """
        asked = (kind, code or "", name or "", also or "")
        if asked not in self._found:
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def index(self, kind: NameKind) -> Index:
        """Everything of a kind by its codes and names."""
        if kind not in self._indexes:
            self._indexes[kind] = load_index(self._session, kind)
        return self._indexes[kind]

    def _find(self, kind: NameKind, code: str, name: str, also: str) -> Match:
        spelling = name or code
        if not spelling:
            return Match(None, "open")
        answered = self._answered(kind, f"{spelling} {also}".strip(), spelling)
        if answered is not None:
            return answered
        index = self.index(kind)
        coded = index.exact(code) if code else []
        named = index.exact(name, also) if name else []
        alias = self._alias(kind, spelling, also)
        if len(coded) == 1:
            return self._of_code(kind, coded[0], code, name, also, named, alias)
        if not name and len(coded) > 1:
            named = coded
        return self._of_name(kind, spelling, also, named, alias)

    def _of_code(
        self, kind: NameKind, coded: Entry, code: str, name: str, also: str, named: list[Entry], alias: NameAlias | None
    ) -> Match:
        """A code that is on file, and perhaps a name that should agree with it."""
        if coded in named or (not name and self._suggester(kind).agrees(also, coded)):
            return Match(coded.thing, "found")
        if named:
            params = {"name": name, "other": coded.label}
            return Match(None, "open", TORN, params, self._either(coded, *named))
        if alias is not None and alias.target is coded.thing:
            return Match(coded.thing, "found", BY_ALIAS)
        if alias is None and self._suggester(kind).is_like(name or coded.names[0], also, coded):
            return Match(coded.thing, "found", BY_CODE)
        params = {"code": code, "other": coded.label, "name": f"{name} {also}".strip()}
        suggestions = self._suggest(kind, name or coded.names[0], also)
        if self._suggester(kind).agrees(f"{name} {also}", coded) and all(one.code != coded.code for one in suggestions):
            suggestions = (*suggestions[: MOST - 1], Suggestion(coded.code, coded.label, SAME_NAME, LOWEST))
        return Match(None, "open", UNLIKE, params, suggestions)

    def _of_name(self, kind: NameKind, spelling: str, also: str, named: list[Entry], alias: NameAlias | None) -> Match:
        """A name, without a code that anybody knows."""
        is_own = alias is not None and alias.distributor_id is not None
        if len(named) == 1 and not is_own:
            if alias is None or alias.target is named[0].thing:
                return Match(named[0].thing, "found")
            before = self.index(kind).of(alias.target.id) if alias.target is not None else None
            params = {"name": spelling, "other": named[0].label, "before": before.label if before else "–"}
            return Match(None, "open", RENAMED, params, self._either(named[0], before))
        if alias is not None:
            return self._of_alias(kind, alias)
        if len(named) > 1:
            return Match(None, "open", SEVERAL, {"name": spelling}, self._either(*named))
        return Match(None, "open", suggestions=self._suggest(kind, spelling, also))

    def _of_alias(self, kind: NameKind, alias: NameAlias) -> Match:
        target = alias.target
        if target is None:
            return Match(None, "not_ours", BY_ALIAS)
        entry = self.index(kind).of(target.id)
        return Match(target, "found", BY_ALIAS if entry is None or entry.is_active else RETIRED)

    def _answered(self, kind: NameKind, *spellings: str) -> Match | None:
        answers = (self._answers.get((kind.value, name_key(spelling))) for spelling in spellings)
        answer = next((answer for answer in answers if answer), None)
        if answer is None:
            return None
        if answer == NOT_OURS:
            return Match(None, "not_ours", BY_ANSWER)
        entry = self.index(kind).coded(answer)
        if entry is not None:
            return Match(entry.thing, "found", BY_ANSWER)
        return Match(None, "open", TO_BE_ADDED, {"name": spellings[-1] if answer == A_NEW_ONE else answer})

    def _alias(self, kind: NameKind, spelling: str, also: str) -> NameAlias | None:
        """What a person said of a spelling: of this distributor, else of all.

        One that was confirmed without a pack holds for a row with a pack, too, unless that is another one.
        """
        memory = self._memory(kind)
        alias = memory.find(f"{spelling} {also}" if also else spelling)
        if alias is None and also and (alias := memory.find(spelling)) is not None and alias.target is not None:
            entry = self.index(kind).of(alias.target.id)
            return alias if entry is not None and Suggester.agrees(also, entry) else None
        return alias

    def _memory(self, kind: NameKind) -> Memory:
        if kind not in self._memories:
            self._memories[kind] = load_memory(self._session, kind, self._distributor_id)
        return self._memories[kind]

    def _suggester(self, kind: NameKind) -> Suggester:
        if kind not in self._suggesters:
            likelier: frozenset[int] = frozenset()
            if kind is NameKind.HOSPITAL:
                likelier = delivered_hospitals(self._session, self._distributor_id)
            self._suggesters[kind] = Suggester(
                self.index(kind).entries, self._memory(kind).suggesting, likelier, kind is NameKind.DISTRIBUTOR
            )
        return self._suggesters[kind]

    def _suggest(self, kind: NameKind, spelling: str, also: str) -> tuple[Suggestion, ...]:
        self._suggested += 1
        return self._suggester(kind).suggest(spelling, also) if self._suggested <= MOST_SUGGESTED else ()

    def _either(self, *entries: Entry | None) -> tuple[Suggestion, ...]:
        """Things that have the very name or code, one of which has to be chosen."""
        known = [entry for entry in dict.fromkeys(entries) if entry is not None]
        return tuple(Suggestion(entry.code, entry.label, SAME_NAME, 100) for entry in known[:MOST])
