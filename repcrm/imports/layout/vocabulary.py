"""What a heading means: its field, and the unit that stands with it. A heading matches as a whole or not at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

from repcrm.imports.columns import Column, Use
from repcrm.imports.layout.reading import Expected
from repcrm.imports.layout.spans import Span, read_span
from repcrm.imports.text import header_key, key, plain, split_brackets, words_of
from repcrm.imports.units import endings, scale_of, unit_of

NEUTRAL = words_of(
    "客户信息 产品信息 商品信息 药品信息 基本信息 单据信息 医院信息 终端信息 销售信息 流向信息 流向 流向明细 销售明细 "
    "明细 销售流向 业务信息 其他 其它 其他信息 本期流向 details customer customerdetails "
    "product productdetails salesdetails"
)
"""Upper headings that group columns without changing what they mean."""
HARMLESS = words_of(
    "必填 选填 可空 可选 required optional 数字 整数 文本 年月日 年-月-日 yyyy-mm-dd yyyy/mm/dd yyyymmdd 格式 含税 "
    "含税价 含税金额 实际 精确到日 按日 填写 单位 最小单位 incl.tax inclvat"
)
"""What may stand in brackets without changing what a number or a day is."""
SECOND_TIER = words_of("二级 二级商 下游 分销商 商业 上游 供应商 配送商")
_TEMPLATE = key("盒数")
"""The heading of our own template: packs of any product, so it names no unit."""
_LIST_MARKS = re.compile(r"[,，、;；/]|\band\b")
_UNIT_LABEL = re.compile(r"^(?:计量)?单位\s*[:：]?\s*|^(?:unit|in)s?\s*[:：]?\s+", re.IGNORECASE)
_FACTORS = {"万": Decimal(10_000), "千": Decimal(1_000), "百": Decimal(100)}


class Certainty(IntEnum):
    """How sure it is that a heading means a field."""

    DOUBTFUL = 0
    BROAD = 1
    SURE = 2


@dataclass(frozen=True)
class Meaning:
    """What a heading says of its column.

    unit    of quantities; None where the heading names none
    scale   of money: yuan in one; of quantities: how many of the unit one is
    puzzle  words in brackets that nobody knows
    span    the months it is about, where months stand across
    """

    column: Column
    certainty: Certainty
    unit: str | None = None
    scale: Decimal | None = None
    puzzle: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class Units:
    """What the brackets of a heading say."""

    unit: str | None = None
    scale: Decimal | None = None
    puzzle: str = ""
    is_doubtful: bool = False


class Vocabulary:
    """The headings that a kind of file knows."""

    def __init__(self, expected: Expected) -> None:
        self._columns = {column.field: column for column in expected.columns}
        self._known: dict[str, tuple[Column, Certainty]] = {}
        for column in expected.columns:
            doubtful, broad = set(map(header_key, column.doubtful)), set(map(header_key, column.broad))
            self._known.update(dict.fromkeys(doubtful, (column, Certainty.DOUBTFUL)))
            self._known.update(dict.fromkeys(column.names - broad, (column, Certainty.SURE)))
            self._known.update(dict.fromkeys(broad - doubtful, (column, Certainty.BROAD)))
        self._across = expected.across
        self._parts = {key(words): name for words, name in expected.across.parts.items()} if expected.across else {}
        self.read = lru_cache(maxsize=2000)(self._read)

    def _read(self, parts: tuple[str, ...]) -> Meaning | None:
        """Return what a heading means, given its texts from the upper row to the lower one."""
        split = [split_brackets(plain(part)) for part in parts]
        stems = [stem for stem, _ in split if stem]
        brackets = [inside for _, all_inside in split for inside in all_inside]
        if not stems:  # nothing but brackets
            stems, brackets = [" ".join(brackets)], []
        telling = [stem for stem in stems[:-1] if key(stem) not in NEUTRAL] + stems[-1:]
        for words in dict.fromkeys((" ".join(stems), " ".join(telling))):
            if (meaning := self._match(words, brackets)) is not None:
                return meaning
        if self._across is not None and (meaning := self._match_months(telling, brackets)) is not None:
            return meaning
        if len(telling) > 1 and (meaning := self._match(telling[-1], brackets)) is not None:
            return Meaning(meaning.column, Certainty.DOUBTFUL, meaning.unit, meaning.scale, meaning.puzzle)
        return None

    def is_known_leaf(self, words: str) -> bool:
        """Whether the lower of two heading rows may say this: 数量, 金额, 目标."""
        return self.read((words,)) is not None or key(words) in self._parts or key(words) in _ACTUALS

    def as_column(self, column: Column, parts: tuple[str, ...]) -> Meaning:
        """Return what a heading says of a column that a person has named."""
        meaning = self.read(parts)
        if meaning is not None and meaning.column == column and meaning.span is None:
            return Meaning(column, Certainty.SURE, meaning.unit, meaning.scale, meaning.puzzle)
        stems, brackets = zip(*(split_brackets(plain(part)) for part in parts), strict=True)
        inside = [words for all_words in brackets for words in all_words]
        if column.use is Use.QUANTITY and not inside:
            inside = [inside[-1] for _, inside in _counted(key("".join(stems)), ())][:1]
        units = read_units(column, inside)
        return Meaning(column, Certainty.SURE, units.unit, units.scale, units.puzzle)

    def _match(self, words: str, brackets: Sequence[str]) -> Meaning | None:
        for stem, inside in self._spellings(words, brackets):
            if (known := self._known.get(stem)) is not None:
                column, certainty = known
                units = read_units(column, inside)
                if units.is_doubtful:
                    certainty = Certainty.DOUBTFUL
                return Meaning(column, certainty, units.unit, units.scale, units.puzzle)
        return None

    def _spellings(self, words: str, brackets: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the comparable heading and its brackets: as they are, read along, with a unit at the end cut off."""
        stem = key(words)
        if brackets:
            yield key(words + "".join(brackets)), ()
        if stem == _TEMPLATE:
            yield stem, brackets
        yield from _counted(stem, brackets)
        yield stem, brackets
        for ending in endings():
            if stem.endswith(ending) and len(stem) > len(ending):
                short = stem.removesuffix(ending)
                if short in self._known and self._known[short][0].use in (Use.QUANTITY, Use.MONEY):
                    yield short, (*brackets, ending)

    def _match_months(self, stems: Sequence[str], brackets: Sequence[str]) -> Meaning | None:
        span = read_span(" ".join(stems))
        if span is None or span.rest not in self._parts:
            return None
        column = self._columns[self._parts[span.rest]]
        units = read_units(column, brackets)
        certainty = Certainty.DOUBTFUL if units.is_doubtful else Certainty.SURE
        return Meaning(column, certainty, units.unit, units.scale, units.puzzle, span)


def _counted(stem: str, brackets: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield 数量 and 件 for 件数, 销售数量 and 箱 for 销售箱数, quantity and cases for cases."""
    if unit_of(stem) is not None:
        yield key("quantity"), (*brackets, stem)
    if stem.endswith("数"):
        for ending in endings():
            if stem.endswith(ending + "数") and unit_of(ending) is not None:
                yield stem.removesuffix(ending + "数") + "数量", (*brackets, ending)


_ACTUALS = words_of(
    "实际 完成 达成 达成率 完成率 实际完成 实际销量 同期 去年同期 上年同期 同比 环比 增长 增长率 差额 差异 备注 "
    "actual achieved achievement ly lastyear growth variance"
)
"""Lower headings that stand beside targets and are never taken for them."""


def read_units(column: Column, brackets: Sequence[str]) -> Units:
    """Return what the brackets of a heading say of a column of quantities, money or days."""
    units = Units()
    for inside in brackets:
        whole = _UNIT_LABEL.sub("", inside)
        pieces = [whole] if _unit(column, whole) else _LIST_MARKS.split(whole)
        for piece in filter(None, (piece.strip() for piece in pieces)):
            units = _with_piece(units, column, piece)
    return units


def _with_piece(units: Units, column: Column, piece: str) -> Units:
    if column.use not in (Use.QUANTITY, Use.MONEY, Use.DATE):
        return Units(is_doubtful=units.is_doubtful or key(piece) in SECOND_TIER)
    if (found := _unit(column, piece)) is not None:
        if units.unit not in (None, found.unit) or units.scale not in (None, found.scale):
            return Units(units.unit, units.scale, piece, is_doubtful=True)
        is_doubtful = units.is_doubtful or found.is_doubtful
        return Units(found.unit, found.scale, units.puzzle or found.puzzle, is_doubtful)
    if key(piece) in HARMLESS:
        return units
    if column.use is Use.DATE or key(piece) in ("不含税", "未税", "税前"):
        return Units(units.unit, units.scale, units.puzzle, is_doubtful=True)
    return Units(units.unit, units.scale, piece, units.is_doubtful)


def _unit(column: Column, words: str) -> Units | None:
    if column.use is Use.MONEY and (scale := scale_of(words)) is not None:
        return Units(scale=scale)
    if column.use is Use.QUANTITY:
        if (unit := unit_of(words)) is not None:
            return Units(unit=unit)
        if words[:1] in _FACTORS and (unit := unit_of(words[1:])) is not None:
            return Units(unit=unit, scale=_FACTORS[words[0]])
        if scale_of(words) is not None:  # a target in money is no target in packs
            return Units(puzzle=words, is_doubtful=True)
    return None
