"""What a number counts: packs, cases, tablets; yuan, thousands, ten-thousands."""

from collections.abc import Iterator
from decimal import Decimal

from repcrm.imports.text import key

PACK = "pack"
"""A pack, whatever the product's own unit: what targets and distributor sales are kept in."""
BOX = "盒"
SINGLE = (PACK, BOX, "支", "瓶")
"""Units that may be a pack by themselves; whether one is, the product decides."""

_QUANTITIES = {
    PACK: "pack packs pk pks 包装单位",
    BOX: "盒 盒装 小盒 box boxes bx",
    "支": "支 枝 vial vials",
    "瓶": "瓶 bottle bottles btl",
    "件": "件 大件 整件 case cases cs",
    "箱": "箱 整箱 大箱 carton cartons ctn ctns",
    "中包": "中包 中包装 中盒 inner inners bundle bundles",
    "片": "片 tablet tablets tab tabs tbl",
    "粒": "粒 颗 capsule capsules cap caps",
    "丸": "丸 pill pills",
    "袋": "袋 sachet sachets bag bags",
    "包": "包",
    "板": "板 strip strips blister blisters",
    "贴": "贴 patch patches",
    "安瓿": "安瓿 ampoule ampoules amp amps",
    "克": "克 g gram grams",
    "千克": "千克 公斤 kg",
    "毫升": "毫升 ml",
}
_UNITS = {key(word): unit for unit, words in _QUANTITIES.items() for word in words.split()}
_SCALES = {
    1: "元 圆 块 yuan",
    1_000: "千元 千 仟元 k 000 thousand thousands 000s",
    10_000: "万元 万 萬元 萬 10k 0000 tenthousand tenthousands wan",
    1_000_000: "百万元 百万 million millions m mn mio mm",
    100_000_000: "亿元 亿 億元 億",
}
_MONEY = {key(word): Decimal(scale) for scale, words in _SCALES.items() for word in words.split()}
_CURRENCY = ("人民币", "rmb", "cny", "¥", "yuan", "元")
LONGEST_UNIT = 6
"""Characters of a unit that this table does not know: what is longer is no unit."""


def unit_of(word: str) -> str | None:
    """Return the unit that a word names, in the trade's Chinese word; None for a word that is no known unit."""
    return _UNITS.get(key(word))


def scale_of(words: str) -> Decimal | None:
    """Return how many yuan one of these is: of 万元, RMB '000, k; None for words that are no unit of yuan."""
    wanted = key(words)
    if wanted in _MONEY:
        return _MONEY[wanted]
    for rest in _without_currency(wanted):
        if not rest:
            return Decimal(1)
        if rest in _MONEY:
            return _MONEY[rest]
    return None


def _without_currency(words: str) -> Iterator[str]:
    for currency in _CURRENCY:
        if words.startswith(currency):
            yield words.removeprefix(currency)
        if words.endswith(currency):
            yield words.removesuffix(currency)


def endings() -> Iterator[str]:
    """Yield every word for a unit of packs or money, comparable, the longest first."""
    yield from sorted({*_UNITS, *_MONEY, "rmb000", "cny000", "rmb", "cny", "万元人民币"}, key=len, reverse=True)
