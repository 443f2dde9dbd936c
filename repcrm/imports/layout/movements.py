"""The type of a line: a sale, a return, or no sale at all; what is none of these is asked about."""

from enum import Enum

from repcrm.imports.text import key, words_of


class Movement(Enum):
    """What a line does to sales."""

    SALE = "sale"
    RETURN = "return"
    OTHER = "skip"


_WORDS = {
    Movement.SALE: (
        "销售 销售出库 销售单 销售发货 销售出货 销售开票 销货 销货单 正常销售 普通销售 批发 批发销售 零售 销 出库 "
        "出库单 发货 发货单 "
        "配送 配送单 正常 正票 蓝字 蓝票 蓝字发票 销售出库单 销售发票 医院销售 纯销 直销 终端销售 sale sales sold "
        "invoice delivery dispatch "
        "shipment normal order salesorder salesinvoice out"
    ),
    Movement.RETURN: (
        "销售退回 销售退货 退货 退回 销退 退 退货单 退货入库 销售退货单 销退单 退货入库单 销售退回单 客户退货 "
        "医院退货 退库 销售退 出库退回 退款 冲红 红冲 冲销 "
        "红字 红票 红字发票 红字销售 负数 退票 退补 销货退回 销货退回单 冲退 return returns returned salesreturn "
        "salesreturns creditnote "
        "creditmemo credit refund reversal cancellation storno rma"
    ),
    Movement.OTHER: (
        "采购 采购入库 购进 进货 进货单 采购入库单 购进入库 入库 入库单 采购退货 采购退出 购进退出 购进退回 进货退出 "
        "调拨 调拨单 调拨出库 "
        "调拨入库 移库 移仓 移仓单 内部调拨 配送调拨 报损 报损单 报溢 报溢单 损溢 盘点 盘盈 盘亏 盘点单 库存调整 "
        "调整 赠送 赠品 样品 领用 内部领用 换货 "
        "作废 已作废 已取消 取消 已冲销 void voided cancelled canceled "
        "期初 期末 结存 订货 订单 暂存 寄售 借出 借入 purchase purchases receipt goodsreceipt transfer stocktransfer "
        "stocktake "
        "adjustment writeoff damage sample samples freegoods opening closing in"
    ),
}
_KNOWN = {word: movement for movement, words in _WORDS.items() for word in words_of(words)}


def movement_of(words: str) -> Movement | None:
    """Return what a type says, None for a word that is not known."""
    return _KNOWN.get(key(words))
