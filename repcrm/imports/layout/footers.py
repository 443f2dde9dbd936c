"""Rows that are neither lines nor totals: signatures, page numbers, remarks below a table."""

import re
from functools import lru_cache

from repcrm.imports.text import plain, simplified

_SIGNED = (
    "制表人?|制单人?|填表人?|填报人?|审核人?|复核人?|审批人?|批准人?|经办人?|经手人?|负责人|主管|会计|出纳|保管员?|仓管员?|业务员"
    "|开票人?|收货人?|发货人?|送货人?|提货人?|签收人?|签名|签字|盖章|公章|单位盖章|联系人|联系电话|电话|传真|地址|打印人|操作员|导出人"
    "|制表日期|制表时间|打印日期|打印时间|导出日期|导出时间|生成时间|生成日期|填表日期|填报日期|报表日期|查询时间|查询日期|查询条件"
    "|统计时间|日期|备注|附注|注|说明|注意|提示|温馨提示|声明|大写|金额大写|合计大写|人民币大写|公司名称|单位名称"
)
_ENGLISH = (
    "(?:prepared|approved|checked|reviewed|signed) by|signature|(?:printed|exported|generated|created)(?: on| at| by)?"
    "|(?:print|export|run) date|notes?|remarks?|disclaimer|contact|phone|date"
)
_LABEL = re.compile(
    rf"(?:{_SIGNED})\s*[:：].*|(?:{_ENGLISH})\s*[:：].*|(?:制表人?|审核人?|签字|盖章)(?:[（(].*[)）])?", re.I | re.S
)
_PAGE = re.compile(
    r"第\s*\d+\s*页(?:\s*[,，/、]?\s*共\s*\d+\s*页)?|共\s*\d+\s*页(?:\s*[,，/、]?\s*第\s*\d+\s*页)?|page\s*\d+(?:\s*(?:of|/)\s*\d+)?"
    r"|\d+\s*/\s*\d+\s*页|[-—]\s*\d+\s*[-—]|(?:printed|exported|generated) (?:on|at) .*"
    r"|(?:以下空白|以下无正文|完|结束|end)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?:共|总共|合计)\s*[:：]?\s*\d+\s*(?:条|行|笔|张)(?:记录|数据)?|\d+ (?:rows|records|lines)", re.IGNORECASE
)


@lru_cache(maxsize=1 << 14)
def is_footer(text: str) -> bool:
    """Whether a text is a signature, a page number, a printing date or a remark below a table."""
    words = simplified(plain(text))
    return bool(_LABEL.fullmatch(words) or _PAGE.fullmatch(words) or _COUNT.fullmatch(words))
