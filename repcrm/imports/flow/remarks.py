"""Free remarks of a distributor: which of them may change what a line means, so that a person looks at it."""

import re

from repcrm.core.words import N_
from repcrm.imports.forbidden import find_forbidden
from repcrm.imports.layout.answers import answer_to
from repcrm.imports.questions import Answers, Choice, Question
from repcrm.imports.text import plain, simplified

REMARK = "remarks"
"""First word of the questions about remarks, and what the lines they are asked about wait for."""
TAKE, ASIDE = "take", "aside"
LONGEST = 100
"""So much of a remark tells it from others."""

_TELLING = re.compile(
    r"退|冲|红字|红票|不计|撤|拒收|负数|核减|单位|[按以][件片箱支粒]|实际|赠|送\d|调拨|调货|补货|补发|补差|换货|作废|样品|试用|返|抵|折让|借|代|转|误|错|重复|更正|取消|未发|串货|窜货"
    r"|\d\s*(?:盒|件|箱|支|瓶|片|粒)|return|credit|refund|bonus|foc|free|sample|replace|cancel|void|correct|duplicate|transfer|wrong",
    re.IGNORECASE,
)


def is_telling(remark: str) -> bool:
    """Whether a remark may change what its line means: 赠品2盒, 返利结算后补货, 冲红."""
    words = simplified(plain(remark))
    return bool(_TELLING.search(words)) or find_forbidden(words) is not None


def decision_on(remark: str, answers: Answers) -> str | None:
    """What is to become of a line with a remark: `take` or `aside`; None: a person decides first."""
    return answer_to(answers, _key(remark)) if is_telling(remark) else TAKE


def ask_remark(remark: str, lines: int, packs: int) -> Question:
    """Ask about the lines with one remark; the others can be applied meanwhile."""
    return Question(
        _key(remark),
        N_("Lines with the remark “%(remark)s”: %(lines)s, packs: %(packs)s. Include them?"),
        {"remark": remark, "lines": lines, "packs": packs},
        (Choice(TAKE, N_("Include them")), Choice(ASIDE, N_("Set them aside"))),
        "--remarks take",
    )


def _key(remark: str) -> str:
    return f"{REMARK}:{plain(remark)[:LONGEST]}"
