"""What no file may bring in: per-doctor prescription counts, commissions, gifts, family ties; found by their names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from repcrm.core.words import N_, Term
from repcrm.imports.text import plain, simplified


class Topic(Term):
    """Why a word is refused."""

    PRESCRIPTIONS = "prescriptions", N_("how much single doctors prescribe")
    COMMISSIONS = "commissions", N_("commissions or kickbacks")
    GIFTS = "gifts", N_("gifts or payments to doctors")
    RELATIVES = "relatives", N_("family ties")


@dataclass(frozen=True)
class _Rule:
    """How a topic is named.

    chinese  looked for in the text without spaces and punctuation
    english  looked for in the text as words, in small letters
    header   only in headers: in a cell the same words are lawful (a road, a health commission, "Rx" for a kind of drug)
    """

    topic: Topic
    chinese: str = r"(?!)"
    english: str = r"(?!)"
    header: bool = False


_AMOUNT = r"量|数|张数|份数|笔数|次数|盒数|支数|总数|额|金额|统计|数据|明细|排名"
_WHO = r"doctors?|drs?|physicians?|prescribers?|hcps?|clinicians?"
_COUNT = r"counts?|volumes?|numbers?|nos?|totals?|quantit(?:y|ies)|qty|amounts?|data|figures?|share"

_RULES = (
    _Rule(
        Topic.PRESCRIPTIONS,
        rf"统方|处方(?:药)?(?:单)?(?:{_AMOUNT})|开(?:方|药|单|处方)(?:{_AMOUNT})|(?:医生|医师|大夫|人均|个人)(?:用药|开药|处方|用|销)(?:量|数)",
        rf"\bprescriptions? (?:{_COUNT})\b|\b(?:{_COUNT}) of prescriptions?\b|\bprescriptions? (?:per|by) (?:{_WHO})\b"
        rf"|\b(?:rx|trx|nrx|scripts?) (?:{_COUNT}|written)\b|\b(?:{_COUNT}) of (?:rx|scripts?)\b|\b[tn]rx\b"
        rf"|\bscripts? (?:per|by) (?:{_WHO})\b|\bprescriptions written\b|\b(?:{_WHO}) prescriptions?\b",
    ),
    _Rule(
        Topic.PRESCRIPTIONS,
        r"处方$|^处方(?:医生|医师)|方数$",
        r"^rxs?$|^scripts?$|^prescriptions?$|\bprescribed (?:packs|boxes|units)\b|\brx (?:packs|boxes|units)\b",
        header=True,
    ),
    _Rule(
        Topic.COMMISSIONS,
        r"提成(?!分)|回扣|佣金|返点|返利|返现|返费|好处费|开单费|统方费|临床费|促销费|抽成|抽佣",
        r"\bkick ?backs?\b|\bbribes?\b|\bcommissions? (?:paid|rate|due|fee|per|to|%|\d)"
        r"|\b(?:sales|doctors?|dr|hcp) commissions?\b|\bcommissions?: ?\S",
    ),
    _Rule(Topic.COMMISSIONS, english=r"(?<!health )\bcommissions?\b|\brebates? to\b|\brebates?\b", header=True),
    _Rule(
        Topic.GIFTS,
        r"礼品|礼金|礼物|礼券|礼卡|红包|购物卡|送礼|赠礼|馈赠|宴请|劳务费|讲课费|讲者费|讲课劳务|辛苦费|感谢费|车马费",
        rf"\bgifts?\b|\bhonorari(?:um|a)\b|\bspeakers? fees?\b"
        rf"|\b(?:payments?|fees?|cash|money) (?:paid )?to (?:{_WHO})\b"
        rf"|\b(?:{_WHO}) (?:payments?|fees?)\b|\bred (?:packets?|envelopes?)\b|\bhong ?bao\b",
    ),
    _Rule(Topic.RELATIVES, r"亲属关系|家属关系|亲戚关系|裙带", r"\bfamily ties?\b|\brelatives? of\b"),
    _Rule(
        Topic.RELATIVES,
        r"亲属|亲戚|家属|配偶|爱人|子女|丈夫|妻子|父母",
        r"\brelatives\b|\brelative name\b|\bspouses?\b|\bwife\b|\bhusband\b|\bchildren\b|\bfamily members?\b",
        header=True,
    ),
)
_COMPILED = tuple((rule.topic, rule.header, re.compile(rule.chinese), re.compile(rule.english)) for rule in _RULES)
_PER_DOCTOR = re.compile(r"用量|销量|销售|盒数|支数|瓶数|数量|金额|流向|采购|进货")
_PER_DOCTOR_ENGLISH = re.compile(
    r"\b(?:packs?|boxes|vials|units|sales|volumes?|usage|consumption|qty|quantity|amount)\b"
)
_DOCTOR = re.compile(r"^(?:处方|开方|主治|开单|接诊)?(?:医生|医师|大夫)(?:姓名|名称|名字|编码|编号|代码|工号|id)?$")
_DOCTOR_ENGLISH = re.compile(rf"^(?:{_WHO}|prescribing (?:{_WHO}))(?: (?:name|code|id|no))?$")

_NOT_WORDS = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPELLED_OUT = re.compile(r"\b(?:[a-z] ){3,}[a-z]\b")
_TELLING = re.compile(
    r"[统處处方开開单單医醫提回佣傭返好临促抽礼禮红紅购購送赠贈馈餽宴劳讲辛感车亲親家裙配爱子丈妻父]"
    r"|pres|rx|scri|kick|k i|bri|com|c o|reb|gif|g i|hono|spea|pay|fee|cash|mon|red|hong|fam|rel|spo|wif|hus|chi",
    re.IGNORECASE,
)


def find_forbidden(value: str, *, header: bool = False) -> Topic | None:
    """Tell whether a text carries what no file may bring in.

    value    a header or a cell, in any width, case and spacing; traditional characters, too
    header   headers are held to more words than cells, where the same words are often lawful
    returns  what it is about; None for lawful words such as 处方药, prescription drug, 礼拜 or a name with "gift" in it
    """
    words = plain(value)
    if not header and not _TELLING.search(words):
        return None
    chinese, english = _spellings(words)
    for topic, headers_only, in_chinese, in_english in _COMPILED:
        if (header or not headers_only) and (in_chinese.search(chinese) or any(map(in_english.search, english))):
            return topic
    return None


def find_per_doctor(header: str, *, rows_are_doctors: bool) -> Topic | None:
    """Tell whether a column would make a file one of sales by doctor.

    rows_are_doctors  True: each row is a doctor, so any column of packs or money counts per doctor;
                      False: the rows are packs or money, so a column that names a doctor does
    """
    chinese, english = _spellings(plain(header))
    patterns = (_PER_DOCTOR, _PER_DOCTOR_ENGLISH) if rows_are_doctors else (_DOCTOR, _DOCTOR_ENGLISH)
    if patterns[0].search(chinese) or any(map(patterns[1].search, english)):
        return Topic.PRESCRIPTIONS
    return None


def _spellings(words: str) -> tuple[str, list[str]]:
    """The text as one run of characters, and as words in small letters."""
    chinese = _NOT_WORDS.sub("", simplified(words)).casefold()
    return chinese, list(dict.fromkeys(_as_words(words)))


def _as_words(words: str) -> Iterator[str]:
    kept = re.sub(r"[^\w%:]+|_", " ", words).casefold().strip()
    yield re.sub(r" ?: ?", ": ", kept)
    yield _NOT_WORDS.sub(" ", _CAMEL.sub(" ", words)).casefold().strip()
    spelled = _NOT_WORDS.sub(" ", words).casefold().strip()
    yield _SPELLED_OUT.sub(lambda found: found[0].replace(" ", ""), spelled)
