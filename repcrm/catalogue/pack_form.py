"""What a product is called and what stands on its pack, read apart: name, strength, number of tablets."""

import re
from dataclasses import dataclass
from decimal import Decimal

from repcrm.catalogue.units import DOSES, unit_key
from repcrm.spelling import name_key, plain, simplified

_MASS = {"g": 1_000_000, "克": 1_000_000, "mg": 1_000, "毫克": 1_000, "ug": 1, "μg": 1, "mcg": 1, "微克": 1}
_VOLUME = {"ml": 1, "毫升": 1, "l": 1000, "升": 1000}
_COUNTED = {"iu": 1, "u": 1, "单位": 1, "万iu": 10_000, "万u": 10_000, "万单位": 10_000, "%": 1}
_MEASURES = (
    {word: ("mass", size) for word, size in _MASS.items()}
    | {word: ("volume", size) for word, size in _VOLUME.items()}
    | {word: ("percent" if word == "%" else "count", size) for word, size in _COUNTED.items()}
)
_WORDS = "|".join(sorted(map(re.escape, _MEASURES), key=len, reverse=True))
_STRENGTH = re.compile(rf"(\d+(?:\.\d+)?) ?({_WORDS})(?![a-z])")
_DOSE_WORDS = "片|粒|丸|袋|贴|支|瓶|安瓿|板|tablets?|tabs?|capsules?|caps?|pills?|sachets?|patches|vials?|ampoules?|t|s"
_TIMES = re.compile(rf"[x×✕╳*·] ?(\d+) ?'?((?:{_DOSE_WORDS})(?![a-z]))?装?")
_COUNT = re.compile(rf"(?<![\d.a-z])(\d+) ?'?((?:{_DOSE_WORDS})(?![a-z]))装?")
_PER_PACK = re.compile(r"/ ?(?:小?盒|瓶|支|包|box|pack|bottle|vial)|(?:小?盒|瓶)装|[x×✕╳*·] ?1 ?盒")


@dataclass(frozen=True)
class PackForm:
    """A product as somebody writes it.

    name       comparable, without what is said of the pack
    strengths  (kind of measure, amount in its smallest unit), in the order written; empty: not said
    count      tablets, vials … in a pack; None: not said
    dose       comparable word of what is counted, such as 片; empty: not said
    """

    name: str
    strengths: tuple[tuple[str, Decimal], ...] = ()
    count: int | None = None
    dose: str = ""

    @property
    def says_pack(self) -> bool:
        """Whether anything is said of the pack."""
        return bool(self.strengths) or self.count is not None

    def agrees_with(self, other: "PackForm") -> bool:
        """Whether nothing that both say of the pack differs."""
        return (
            (not self.strengths or not other.strengths or sorted(self.strengths) == sorted(other.strengths))
            and (self.count is None or other.count is None or self.count == other.count)
            and (not self.dose or not other.dose or self.dose == other.dose)
        )

    def is_within(self, other: "PackForm") -> bool:
        """Whether everything said of the pack is said by the other, too, and the same."""
        return (
            self.agrees_with(other)
            and (not self.strengths or bool(other.strengths))
            and (self.count is None or other.count is not None)
        )


def read_pack_form(words: str) -> PackForm:
    """Read a product's name with, perhaps, its pack: 云舒平片 5mg×28片/盒, 0.1g*24s, 10 mg x 28, 7片×4板."""
    said = simplified(plain(words)).casefold()
    strengths: list[tuple[str, Decimal]] = []

    def strength(found: "re.Match[str]") -> str:
        kind, size = _MEASURES[found[2]]
        strengths.append((kind, Decimal(found[1]) * size))
        return "|"

    rest = _STRENGTH.sub(strength, _PER_PACK.sub("|", said))
    counts: list[tuple[int, str]] = []

    def count(found: "re.Match[str]") -> str:
        counts.append((int(found[1]), found[2] or ""))
        return "|"

    rest = _TIMES.sub(count, rest) if strengths or _COUNT.search(rest) else rest
    rest = _COUNT.sub(count, rest)
    number, dose = _multiplied(counts)
    name = name_key(re.sub(r"[|/:+]+", " ", rest))
    return PackForm(name, tuple(strengths), number, dose)


def _multiplied(counts: list[tuple[int, str]]) -> tuple[int | None, str]:
    """7 tablets x 4 blisters are 28 tablets."""
    if not counts:
        return None, ""
    number = 1
    for size, _ in counts:
        number *= size
    words = [unit_key(word) for _, word in counts if word and word != "s"]
    doses = [word for word in words if word in DOSES]
    return number, doses[0] if doses else ""


def doses_of_pack(pack_size: str, own_unit: str) -> tuple[int, str] | None:
    """Return how many of what are in a pack, where the pack says it unmistakably: 5 mg × 28 片 is (28, 片).

    pack_size  as printed on the pack
    own_unit   comparable word of the pack itself: what is counted in it is never a pack
    """
    form = read_pack_form(pack_size)
    if form.count is None or form.count < 1 or not form.dose or form.dose == own_unit:
        return None
    return form.count, form.dose
