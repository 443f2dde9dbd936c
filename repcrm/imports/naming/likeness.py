"""How alike a spelling and a name are, and in what: pure strings."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from repcrm.accounts.pinyin import plain as letters_of
from repcrm.accounts.pinyin import readings_of_place
from repcrm.core.words import N_
from repcrm.spelling import name_key, plain

SAME_CORE = N_("the same apart from words such as the city")
VARIANT = N_("could be a pharmacy, branch or company of it")
SAME_SOUND = N_("sounds the same")
INITIALS = N_("its initials")
PART = N_("part of the name")
CHARACTERS = N_("similar characters")
SOUND = N_("sounds similar")

_COMPANY = "股份有限公司|有限责任公司|有限公司|公司|集团|coltd|limited|ltd|inc"
_VARIANTS = re.compile(
    rf"{_COMPANY}|大药房|药房|药店|[东西南北中新老本总]?院区|[东西南北中新老]区|分院|分店|门诊部?|社区卫生服务(?:中心|站)|pharmacy|branch|campus"
)
_COMPANIES = re.compile(_COMPANY)
_ADMINISTRATIVE = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:省|市|县|区|州)(?=[\u4e00-\u9fff]{2})")
_KIND_OF_PLACE = re.compile(r"(?:医院|卫生院|hospital)$")
_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
LOWEST = 55
"""From which score on a name is suggested."""


@dataclass(frozen=True)
class Sounds:
    """How a name is read: whole readings and their initials, in Latin letters."""

    readings: frozenset[str]
    initials: frozenset[str]


@lru_cache(maxsize=1 << 14)
def sounds_of(*names: str) -> Sounds:
    """Return how some names are read."""
    readings = readings_of_place(*names)
    return Sounds(
        frozenset("".join(one) for one in readings), frozenset("".join(part[0] for part in one) for one in readings)
    )


@dataclass(frozen=True)
class Spelling:
    """A spelling made ready for comparing.

    key       comparable
    core      without administrative words, kind of place, words for companies, branches and pharmacies
    variants  those last words, as they stand in it
    letters   as typed in Latin letters; empty if there are others
    """

    key: str
    core: str
    variants: frozenset[str]
    letters: str

    @classmethod
    def read(cls, words: str, is_company: bool) -> "Spelling":
        """Take a spelling apart; what makes a company of a name says nothing of a distributor."""
        key = name_key(words)
        without = _COMPANIES.sub("", key) if is_company else key
        variants = frozenset(_VARIANTS.findall(without))
        bare = _ADMINISTRATIVE.sub("", _VARIANTS.sub("", without) or without)
        core = _KIND_OF_PLACE.sub("", bare) or bare
        return cls(key, core, variants, letters_of(words) if words.isascii() else "")


def pieces_of(words: str) -> list[str]:
    """Return a spelling, and what stands in front of and in its brackets: 通用名甲(云舒平) in three."""
    said = plain(words)
    inside = ["".join(found) for found in _BRACKETED.findall(said)]
    outside = _BRACKETED.sub(" ", said).strip()
    return list(dict.fromkeys(piece for piece in (said, outside, *inside) if piece))


def compare(wanted: Spelling, name: Spelling, city: str) -> tuple[int, str]:
    """Return how alike a spelling and a name on file are, 0 to 100, and in what."""
    if wanted.letters:
        return _compare_letters(wanted, name)
    if wanted.core == name.core:
        return 95, SAME_CORE
    bare, bare_name = _without_city(wanted.core, city), _without_city(name.core, city)
    if bare == bare_name:
        return 92, SAME_CORE
    if sounds_of(wanted.key).readings & sounds_of(name.key).readings:
        return 88, SAME_SOUND
    if sounds_of(bare).readings & sounds_of(bare_name).readings:
        return 84, SAME_SOUND
    found = []
    shorter, longer = sorted((bare, bare_name), key=len)
    if len(shorter) >= 2 and shorter in longer:
        found.append((62 + 25 * len(shorter) // len(longer), PART))
    alike = max(fuzz.ratio(wanted.key, name.key), fuzz.ratio(bare, bare_name) - 5)
    found.append((round(alike * 0.9), CHARACTERS))
    heard = max((fuzz.ratio(a, b) for a in sounds_of(bare).readings for b in sounds_of(bare_name).readings), default=0)
    if heard >= 85:
        found.append((round(heard * 0.8), SOUND))
    return max(found, key=lambda one: one[0])


def _compare_letters(wanted: Spelling, name: Spelling) -> tuple[int, str]:
    if wanted.core == name.core:
        return 95, SAME_CORE
    sounds = [sounds_of(name.key), sounds_of(name.core)]
    if any(wanted.letters in one.readings for one in sounds):
        return 88, SAME_SOUND
    if len(wanted.letters) >= 2 and any(wanted.letters in one.initials for one in sounds):
        return 85, INITIALS
    heard = max((fuzz.ratio(wanted.letters, reading) for one in sounds for reading in one.readings), default=0)
    alike = fuzz.ratio(wanted.key, name.key)
    return (round(alike * 0.9), CHARACTERS) if alike >= heard else (round(heard * 0.8), SOUND)


def _without_city(core: str, city: str) -> str:
    place = name_key(city).rstrip("省市县区州")
    return core.removeprefix(place) or core if place else core
