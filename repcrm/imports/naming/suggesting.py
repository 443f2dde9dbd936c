"""What an unknown name may stand for: candidates found by characters, sound and initials, then weighed one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from rapidfuzz import fuzz, process

from repcrm.catalogue.pack_form import read_pack_form
from repcrm.core.words import N_
from repcrm.imports.naming.index import Entry
from repcrm.imports.naming.likeness import LOWEST, SAME_CORE, VARIANT, Spelling, compare, pieces_of, sounds_of
from repcrm.imports.naming.matches import Suggestion
from repcrm.spelling import name_key

CALLED_SO = N_("what this name stands for elsewhere")
CALLED_LIKE = N_("what a similar name stands for")
MOST = 5
LOOKED_AT = 40
"""Candidates of each way of looking that are weighed."""
ALIKE_ENOUGH = 84
"""From which score on a differing name does not contradict a code."""
A_VARIANT = 70
"""The highest score of a name that says pharmacy, branch or company where the thing's own does not."""
A_PIECE = 72
"""The highest score of a name of which only a part in or before brackets fits."""


class Suggester:
    """Suggestions among the things of one kind.

    suggesting  comparable spelling -> keys of things it has been confirmed for somewhere
    likelier    keys of things that this distributor has to do with
    is_company  the things are companies: 有限公司 tells no two of them apart
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        suggesting: Mapping[str, Sequence[int]],
        likelier: frozenset[int],
        is_company: bool = False,
    ) -> None:
        self._entries, self._suggesting, self._likelier = entries, suggesting, likelier
        self._is_company = is_company
        self._names = [
            (entry, Spelling.read(name, is_company)) for entry in entries for name in self._compared_names(entry)
        ]

    def suggest(self, spelling: str, also: str = "") -> tuple[Suggestion, ...]:
        """Return what a spelling may stand for, the likeliest first, at most five.

        also  what a column of its own says of a product's pack; a product of another pack is never suggested
        """
        scored: dict[int, tuple[int, str, Entry]] = {}
        for entry, score, why in self._weigh(spelling):
            if not self.agrees(f"{spelling} {also}", entry):
                continue
            score = min(99, score + 3 * (entry.thing.id in self._likelier) - 5 * (not entry.is_active))
            if score >= LOWEST and score > scored.get(entry.thing.id, (0,))[0]:
                scored[entry.thing.id] = score, why, entry
        best = sorted(scored.values(), key=lambda one: (-one[0], one[2].code))[:MOST]
        return tuple(Suggestion(entry.code, entry.label, why, score) for score, why, entry in best)

    def is_like(self, spelling: str, also: str, entry: Entry) -> bool:
        """Whether a name may well be another spelling of a thing that was found by its code."""
        if not self.agrees(f"{spelling} {also}", entry):
            return False
        words = read_pack_form(spelling).name if entry.form is not None else spelling
        wanted = Spelling.read(words, self._is_company)
        names = [Spelling.read(name, self._is_company) for name in self._compared_names(entry)]
        return any(
            wanted.variants <= name.variants and compare(wanted, name, entry.city)[0] >= ALIKE_ENOUGH for name in names
        )

    @staticmethod
    def agrees(words: str, entry: Entry) -> bool:
        """Whether nothing that words say of a pack contradicts a thing."""
        return entry.form is None or read_pack_form(words).agrees_with(entry.form)

    def _weigh(self, spelling: str) -> Iterator[tuple[Entry, int, str]]:
        is_product = any(entry.form is not None for entry in self._entries[:1])
        variants = Spelling.read(spelling, self._is_company).variants
        yield from self._confirmed(name_key(spelling))
        for number, piece in enumerate(pieces_of(spelling)):
            words = read_pack_form(piece).name if is_product else piece
            wanted = Spelling.read(words, self._is_company)
            if not wanted.key:
                continue
            for entry, name in self._candidates(wanted):
                score, why = compare(wanted, name, entry.city)
                if not variants <= name.variants:
                    score, why = min(score, A_VARIANT), VARIANT if why == SAME_CORE else why
                yield entry, score if number == 0 else min(score, A_PIECE), why

    def _confirmed(self, key: str) -> Iterator[tuple[Entry, int, str]]:
        """Things that this spelling, or one much like it, has been confirmed for."""
        near = process.extract(key, list(self._suggesting), scorer=fuzz.ratio, score_cutoff=85, limit=MOST)
        for spelling, ratio, _ in near:
            for thing_id in self._suggesting[spelling]:
                if thing_id in self._by_id:
                    score, why = (96, CALLED_SO) if spelling == key else (round(ratio * 0.93), CALLED_LIKE)
                    yield self._by_id[thing_id], score, why

    def _candidates(self, wanted: Spelling) -> Iterable[tuple[Entry, Spelling]]:
        """Names worth weighing, found by fast comparisons of one kind each."""
        places: dict[int, None] = {}
        for query, column in (
            (wanted.key, self._keys),
            (wanted.core, self._cores),
            (wanted.letters or next(iter(sounds_of(wanted.core).readings), ""), self._sounds),
        ):
            found = process.extract(query, column, scorer=fuzz.ratio, score_cutoff=45, limit=LOOKED_AT)
            places.update((place, None) for _, _, place in found)
        core = wanted.core
        if len(core) >= 2:
            held = (n for n, other in enumerate(self._cores) if core in other or (len(other) >= 2 and other in core))
            places.update((n, None) for n in list(held)[: 5 * LOOKED_AT])
        if wanted.letters:
            places.update((n, None) for n in self._initials.get(wanted.letters, ()))
        return [self._names[place] for place in places]

    @cached_property
    def _by_id(self) -> dict[int, Entry]:
        return {entry.thing.id: entry for entry in self._entries}

    @cached_property
    def _keys(self) -> list[str]:
        return [name.key for _, name in self._names]

    @cached_property
    def _cores(self) -> list[str]:
        return [name.core for _, name in self._names]

    @cached_property
    def _sounds(self) -> list[str]:
        return [next(iter(sorted(sounds_of(name.core).readings)), "") for _, name in self._names]

    @cached_property
    def _initials(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, (_, name) in enumerate(self._names):
            for initials in sounds_of(name.key).initials | sounds_of(name.core).initials:
                places.setdefault(initials, []).append(place)
        return places

    @staticmethod
    def _compared_names(entry: Entry) -> tuple[str, ...]:
        return (entry.form.name,) if entry.form is not None else entry.names
