"""What packs are counted in besides themselves: cases, inner packs, tablets, in either language."""

from repcrm.core.words import N_, Term
from repcrm.spelling import key


class PackUnit(Term):
    """What one pack is called."""

    BOX = "box", N_("box")
    VIAL = "vial", N_("vial")
    BOTTLE = "bottle", N_("bottle")


PACK = "pack"
"""The comparable word for a pack, whatever the product's own unit."""

_UNITS = {
    PACK: "pack packs pk pks 包装单位",
    "盒": "盒 盒装 小盒 box boxes bx",
    "支": "支 枝 vial vials",
    "瓶": "瓶 bottle bottles btl",
    "件": "件 大件 整件 case cases cs",
    "箱": "箱 整箱 大箱 carton cartons ctn ctns",
    "中包": "中包 中包装 中盒 inner inners bundle bundles",
    "片": "片 tablet tablets tab tabs tbl t",
    "粒": "粒 颗 capsule capsules cap caps",
    "丸": "丸 pill pills",
    "袋": "袋 sachet sachets bag bags",
    "板": "板 strip strips blister blisters",
    "贴": "贴 patch patches",
    "安瓿": "安瓿 ampoule ampoules amp amps",
}
LABELS = {
    "件": N_("case"), "箱": N_("carton"), "中包": N_("inner pack"), "片": N_("tablet"), "粒": N_("capsule"),
    "丸": N_("pill"), "袋": N_("sachet"), "板": N_("blister"), "贴": N_("patch"), "安瓿": N_("ampoule"),
    "盒": N_("box"), "支": N_("vial"), "瓶": N_("bottle"),
}  # fmt: skip
"""Comparable word -> English message for it."""
_KNOWN = {key(word): unit for unit, words in _UNITS.items() for word in words.split()}
OWN = {PackUnit.BOX: "盒", PackUnit.VIAL: "支", PackUnit.BOTTLE: "瓶"}
"""The product's own unit -> its comparable word."""
DOSES = ("片", "粒", "丸", "袋", "贴", "支", "瓶", "安瓿")
"""Units that stand on a pack for what is in it."""


def unit_key(word: str) -> str:
    """Return what the spellings of one unit have in common: the trade's Chinese word, or the word itself.

    word  件, cases, 小盒; any word that is not known is a unit of its own
    """
    return _KNOWN.get(key(word), key(word))
