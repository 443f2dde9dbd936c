"""How Chinese names are read aloud, so that they are found by typing Latin letters."""

import re
from collections.abc import Iterable
from itertools import islice, product

from pypinyin import Style, lazy_pinyin

MOST_READINGS = 12
"""Of one name; beyond that nobody types them."""

# Surnames that are read otherwise than the same character elsewhere, or in more than one way: pypinyin knows only the
# commonest reading of a character. Every reading stands here, the right one for a surname first.
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan", "dan"),
    "仇": ("qiu", "chou"),
    "曾": ("zeng", "ceng"),
    "解": ("xie", "jie"),
    "查": ("zha", "cha"),
    "任": ("ren",),
    "区": ("ou", "qu"),
    "华": ("hua",),
    "盖": ("ge", "gai"),
    "朴": ("piao", "pu"),
    "翟": ("zhai", "di"),
    "尉": ("wei", "yu"),
    "缪": ("miao", "mou"),
    "宓": ("mi", "fu"),
    "乐": ("yue", "le"),
    "召": ("shao", "zhao"),
    "种": ("chong", "zhong"),
    "重": ("chong", "zhong"),
    "覃": ("qin", "tan"),
    "石": ("shi",),
    "车": ("che", "ju"),
    "谌": ("chen", "shen"),
    "员": ("yun", "yuan"),
    "洗": ("xian", "xi"),
    "隗": ("wei", "kui"),
    "郗": ("xi", "chi"),
    "牟": ("mou", "mu"),
    "沈": ("shen", "chen"),
    "柏": ("bai", "bo"),
    "贾": ("jia", "gu"),
    "秘": ("bi", "mi"),
    "祭": ("zhai", "ji"),
    "黑": ("he", "hei"),
    "繁": ("po", "fan"),
    "盛": ("sheng", "cheng"),
    "万": ("wan", "mo"),
    "俞": ("yu", "shu"),
    "相": ("xiang",),
    "吕": ("lv", "lu"),
    "藏": ("zang", "cang"),
    "晟": ("cheng", "sheng"),
    "角": ("jue", "jiao"),
    "句": ("gou", "ju"),
    "能": ("nai", "neng"),
    "郇": ("xun", "huan"),
    "折": ("she", "zhe"),
    "那": ("na",),
    "卜": ("bu",),
    "葛": ("ge",),
    "殷": ("yin",),
    "纪": ("ji",),
    "冯": ("feng", "ping"),
    "尉迟": ("yuchi", "weichi"),
    "万俟": ("moqi", "wansi"),
    "长孙": ("zhangsun", "changsun"),
    "单于": ("chanyu", "shanyu"),
    "澹台": ("tantai", "dantai"),
    "令狐": ("linghu",),
}
DOUBLE_SYLLABLES = {
    "yuchi": ("yu", "chi"), "weichi": ("wei", "chi"), "moqi": ("mo", "qi"), "wansi": ("wan", "si"),
    "zhangsun": ("zhang", "sun"), "changsun": ("chang", "sun"), "chanyu": ("chan", "yu"), "shanyu": ("shan", "yu"),
    "tantai": ("tan", "tai"), "dantai": ("dan", "tai"), "linghu": ("ling", "hu"),
}  # fmt: skip

PLACE_CHARACTERS: dict[str, tuple[str, ...]] = {
    "长": ("chang", "zhang"),
    "重": ("chong", "zhong"),
    "朝": ("chao", "zhao"),
    "厦": ("xia", "sha"),
    "乐": ("le", "yue"),
    "蚌": ("beng", "bang"),
    "六": ("liu", "lu"),
    "莘": ("xin", "shen"),
    "行": ("xing", "hang"),
}
"""Characters of place names that the dictionary takes for another word now and then."""

Syllables = tuple[str, ...]

_PIECE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\u3400-\u9fff\U00020000-\U0003ffff]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_NOT_A_LETTER = re.compile(r"[\W_]+")


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return bool(_HAN.search(text))


def plain(text: str) -> str:
    """Return what somebody typed the way readings are kept: lower case, no blanks or dots, ü as v."""
    return _NOT_A_LETTER.sub("", text.lower().replace("ü", "v").replace("lyu", "lv").replace("nyu", "nv"))


def readings_of_person(name: str) -> list[Syllables]:
    """Return every way a person's name may be read, the likeliest first.

    name     a surname and a given name in Chinese characters; Latin names are one syllable a word
    returns  one tuple of syllables a reading, without tones
    """
    surname = next((name[:length] for length in (2, 1) if name[:length] in SURNAMES), "")
    if not surname:
        return _with_both_u([_read(name)])
    heads = [DOUBLE_SYLLABLES.get(reading, (reading,)) for reading in SURNAMES[surname]]
    tail = _read(name[len(surname) :])
    return _with_both_u([head + tail for head in heads])


def readings_of_place(*names: str) -> list[Syllables]:
    """Return every way the names of a hospital may be read: the full one first, then its short ones."""
    return _with_both_u([reading for name in names if name for reading in _read_place(name)])


def pinyin_column(readings: Iterable[Syllables], longest: int) -> str:
    """Return the readings as they are kept for searching: `zengsan cengsan`, whole readings up to a length."""
    return _column(("".join(reading) for reading in readings), longest)


def initials_column(readings: Iterable[Syllables], longest: int) -> str:
    """Return the first letters of the readings as they are kept for searching: `zs cs`."""
    return _column(("".join(syllable[0] for syllable in reading) for reading in readings), longest)


def spellings(text: str) -> list[str]:
    """Return how a search text would be spelt in Latin letters: `张w` as `zhangw`; every reading of a surname."""
    return list(dict.fromkeys(plain("".join(reading)) for reading in readings_of_person(text) if reading))


def _read(text: str) -> Syllables:
    """The commonest reading, one syllable a character, one a Latin word."""
    syllables = (plain(part) for part in lazy_pinyin(text, style=Style.NORMAL))
    return tuple(syllable for syllable in syllables if syllable)


def _read_place(name: str) -> list[Syllables]:
    pieces = _PIECE.findall(name)
    choices = [
        tuple(dict.fromkeys((plain(commonest), *PLACE_CHARACTERS.get(piece, ()))))
        for piece, commonest in zip(pieces, lazy_pinyin(name, style=Style.NORMAL), strict=True)
    ]
    readings = islice(product(*choices), MOST_READINGS)
    return [tuple(syllable for syllable in reading if syllable) for reading in readings]


def _with_both_u(readings: list[Syllables]) -> list[Syllables]:
    """Add to every `lv`, `nv` the spelling of those who type `lu`, `nu`; at most so many readings in all."""
    all_of_them: dict[Syllables, None] = {}
    for reading in readings:
        choices = [(s, s.replace("v", "u")) if s[:2] in ("lv", "nv") else (s,) for s in reading]
        for spelt in product(*choices):
            all_of_them[spelt] = None
            if len(all_of_them) >= MOST_READINGS:
                break
    return [reading for reading in all_of_them if reading]


def _column(words: Iterable[str], longest: int) -> str:
    kept = ""
    for word in dict.fromkeys(words):
        if not kept:
            kept = word[:longest]
        elif len(kept) + 1 + len(word) <= longest:
            kept += " " + word
    return kept
