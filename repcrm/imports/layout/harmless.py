"""Headings of columns that may be left out without a question: whatever they hold, the lines mean the same."""

import re

from repcrm.imports.text import header_key, plain, simplified

_WORDS = (
    "序号 行号 项次 编号 序 no id line row 省 省份 省区 省市 大区 区域 片区 地区 区县 国家 province",
    "region district country 业务员 业务代表 销售员 销售代表 代表 医药代表 客户经理 负责人 经办人 制单人",
    "制单员 开单人 开单员 开票人 开票员 审核人 复核人 操作员 录入员 salesrep rep salesman salesperson",
    "salesrepresentative preparedby approvedby 部门 业务部门 销售部门 仓库 仓库名称 库房 货位 warehouse",
    "department 结算方式 付款方式 paymentterms 电话 联系电话 手机 手机号 地址 收货地址 送货地址 配送地址",
    "联系人 收货人 邮编 传真 phone telephone address contact 厂家 生产厂家 生产企业 生产厂商 生产商 厂商",
    "产地 品牌 供应商编码 上市许可持有人 持有人 manufacturer brand origin 批准文号 国药准字 注册证号",
    "有效期 有效期至 效期 失效日期 到期日期 生产日期 expiry expirydate expdate 单价 价格 含税单价",
    "不含税单价 无税单价 销售单价 出库单价 开票单价 售价 零售价 供货价 供价 中标价 挂网价 进价 批发价",
    "price unitprice listprice sellingprice 税率 税额 taxrate tax vat 条码 条形码 商品条码 本位码 医保码",
    "税号 barcode ean 剂型 类别 商品类别 药品类别 分类 处方药 dosageform category class 医院等级",
    "医院级别 客户等级 客户级别 等级 级别",
)
_KNOWN = frozenset(word for line in _WORDS for word in line.split())
_COMPARED = re.compile(
    r"(?:购进|采购|进货|入库|库存|期初|期末|结存|成本).*额|去年|上年|前年|同期|同比|环比|实际|完成|达成|增长|占比|比例"
    r"|率$|累计|[每整]?[件箱]装|每[件箱]|装箱"
    r"|(?<![a-z])(?:ly|ytd|mtd|mat|last year|actual|achieve\w*|growth|share|%)(?![a-z])",
    re.IGNORECASE,
)
"""Figures of other years or of what was achieved, and money of purchases and stock, which nobody takes in."""
_ACTUAL = re.compile(r"销量|销售|sales", re.IGNORECASE)


def is_harmless(heading: str, *, is_plan: bool) -> bool:
    """Whether a column of this heading never changes what its line means: 业务员, 单价, 有效期至, 去年同期.

    is_plan  whether the lines are targets, beside which actual sales say nothing
    """
    words = simplified(plain(heading))
    whole = re.sub(r"\W", "", header_key(words))
    is_compared = _COMPARED.search(words) or (is_plan and _ACTUAL.search(words))
    return bool(is_compared) or whole in _KNOWN or whole.removesuffix("元") in _KNOWN
