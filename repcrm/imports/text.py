"""Text as people type it into files, made comparable: full width, case, spaces, traditional characters."""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_BRACKETED = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_JOINTS = re.compile(r"[\s_\-./\\|:;,，、。·*#'\"“”‘’]+")
_TRADITIONAL = str.maketrans(
    "處統傭禮紅開數張單費親屬購獎錢點贈醫師藥歸關係餽稱規額類業務銷貨進庫結餘終區號備註產發實際應計總頁審製導盤損調換補賣編碼標戰達績訂牆個條價億萬員倉門診衛機構療農鄉鎮縣漢華東寧廣陝雲澤聽瀾鋪",
    "处统佣礼红开数张单费亲属购奖钱点赠医师药归关系馈称规额类业务销货进库结余终区号备注产发实际应计总页审制导盘损调换补卖编码标战达绩订墙个条价亿万员仓门诊卫机构疗农乡镇县汉华东宁广陕云泽听澜铺",
)


def plain(value: object) -> str:
    """Text in normal width without invisible characters, runs of spaces made one."""
    return _plain(value if isinstance(value, str) else str(value))


@lru_cache(maxsize=1 << 15)  # a file says the same few words many thousand times
def _plain(words: str) -> str:
    if not words.isascii():
        words = unicodedata.normalize("NFKC", _INVISIBLE.sub("", words))
    return " ".join(words.split())


def simplified(words: str) -> str:
    """The same words with the traditional characters that matter here written the simplified way."""
    return words.translate(_TRADITIONAL)


def key(value: object) -> str:
    """What two spellings of one name or header have in common: no case, spaces or punctuation."""
    return _JOINTS.sub("", simplified(plain(value)).casefold())


def split_brackets(words: str) -> tuple[str, list[str]]:
    """Return a heading without its brackets, and what stands in each of them."""
    inside = [part[1:-1].strip() for part in _BRACKETED.findall(words)]
    return " ".join(_BRACKETED.sub(" ", words).split()), [part for part in inside if part]


def header_key(value: object) -> str:
    """Like `key`, without what stands in brackets: 数量（盒） is 数量."""
    return key(_BRACKETED.sub("", plain(value))) or key(value)


def words_of(text: str) -> set[str]:
    """Return the words of a list written with spaces, comparable."""
    return {key(word) for word in text.split()}
