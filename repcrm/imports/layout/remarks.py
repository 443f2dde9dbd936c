"""Free remarks of a distributor: which of them may change what a line means, so that a person looks at it."""

import re

from repcrm.imports.forbidden import find_forbidden
from repcrm.imports.text import plain, simplified

_TELLING = re.compile(
    r"退|冲|红字|赠|送\d|调拨|调货|补货|补发|补差|换货|作废|样品|试用|返|抵|折让|借|代|转|误|错|重复|更正|取消|未发|串货|窜货"
    r"|\d\s*(?:盒|件|箱|支|瓶|片|粒)|return|credit|free|sample|replace|cancel|void|correct|duplicate|transfer|wrong",
    re.IGNORECASE,
)


def is_telling(remark: str) -> bool:
    """Whether a remark may change what its line means: 赠品2盒, 返利结算后补货, 冲红."""
    words = simplified(plain(remark))
    return bool(_TELLING.search(words)) or find_forbidden(words) is not None
