"""The columns of distributor sales, by every heading the trade is known to write."""

from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column, MonthColumns, Use
from repcrm.imports.kinds.shared import PLACE

COLUMNS = (
    Column(
        "source", "Distributor", "商业公司", values.text(60),
        (
            "商业公司名称", "商业名称", "商业", "商业客户", "配送商", "配送商名称", "经销商", "经销商名称", "一级商",
            "一级商业", "一级商业名称", "一级经销商",
            "供货商", "供货商名称", "供货单位", "供货单位名称", "供货方", "供货方名称", "供应单位", "发货单位",
            "发货方", "发货方名称", "销售单位", "销售方",
            "销售方名称", "销货单位", "出货单位", "配送企业", "配送公司", "配送单位", "流向来源", "数据来源",
            "上报商业", "source", "wholesaler",
            "wholesaler name", "distributor name", "dealer", "dealer name", "supplier", "sold by",
        ),
        note=N_("Only needed if it is not chosen when the file is read; one file, one distributor."),
        samples=("Example Distribution", "示例医药商业"),
    ),
    Column(
        "sub_distributor", "Sub-distributor", "二级商业", values.text(150),
        (
            "二级商", "二级商名称", "二级商业名称", "二级经销商", "二级经销商名称", "二级分销商", "分销商",
            "分销商名称", "分销单位", "下游商业", "下游商业名称",
            "下级商业", "下级经销商", "调拨单位", "sub distributor name", "subdistributor", "secondary distributor",
            "tier 2 distributor",
        ),
        in_template=False,
    ),
    Column(
        "sub_distributor_code", "Sub-distributor code", "二级商业编码", values.text(150),
        ("二级商编码", "二级经销商编码", "分销商编码", "下游商业编码"), in_template=False,
    ),
    *PLACE,
    Column(
        "pack_size", "Pack size", "规格", values.text(160),
        (
            "商品规格", "药品规格", "规格型号", "包装规格", "型号规格", "物料规格", "存货规格", "产品包装",
            "pack size", "packing", "specification",
            "spec", "strength", "presentation",
        ),
        in_template=False,
    ),
    Column(
        "on", "Date", "日期", values.day_or_month,
        (
            "销售日期", "出库日期", "业务日期", "单据日期", "开票日期", "发货日期", "流向日期", "销售时间",
            "出库时间", "开票时间", "发货时间", "制单日期",
            "过账日期", "记账日期", "交易日期", "发生日期", "配送日期", "送货日期", "到货日期", "销货日期",
            "出货日期", "发票日期", "订单日期", "时间", "day",
            "sales date", "sale date", "delivery date", "invoice date", "document date", "posting date", "billing date",
            "shipping date", "ship date", "dispatch date", "transaction date", "order date", "dispatched on",
        ),
        required=True, note=N_("The day of the delivery, such as 2026-11-03."), samples=("2026-11-03", "2026-11-03"),
        shape="day", use=Use.DATE, is_group=True,
    ),
    Column(
        "month", "Month", "月份", values.month,
        (
            "月", "年月", "月度", "销售月份", "销售年月", "流向月份", "流向年月", "业务月份", "所属月份", "数据月份",
            "统计月份", "期间", "会计期间", "账期",
            "sales month", "period", "year month", "month year", "sales period",
        ),
        note=N_("Instead of the date, for a distributor that reports whole months, such as 2026-11."), shape="month",
        use=Use.DATE, is_group=True,
    ),
    Column(
        "packs", "Packs", "盒数", values.packs,
        (
            "数量", "销售数量", "出库数量", "发货数量", "销量", "销售量", "实销数量", "实销量", "支数", "瓶数",
            "流向数量", "流向量", "出库数", "出库量", "实发数",
            "实发数量", "实出数量", "发货数", "发货量", "销货数量", "出货数量", "出货量", "配送数量", "配送量",
            "开票数量", "销售盒数", "纯销数量", "纯销量", "纯销",
            "本期销售数量", "本期销售", "本月销售数量", "本月销量", "本期销量", "销售出库数量", "本期出库数量",
            "实际销量", "基本数量", "基本单位数量", "小包装数量",
            "换算数量", "折算数量", "折合数量", "换算后数量", "最小单位数量",
            "商品数量", "产品数量", "销售", "本期发出数量", "本月出库数量", "出库", "签收数量", "验收数量",
            "quantity", "qty", "units", "boxes", "volume",
            "sales quantity", "sales qty", "quantity sold", "qty sold", "units sold", "sold qty",
            "sold quantity",
            "packs sold", "sales packs", "sales volume", "sales units", "invoiced quantity", "invoiced qty",
            "billed quantity", "billing quantity", "delivered quantity", "delivered qty", "shipped quantity",
            "shipped qty", "dispatched qty", "dispatched quantity", "qty out", "quantity out", "sales",
        ),
        required=True, note=N_("Whole packs; returns are negative."), samples=(120, 120), shape="packs",
        use=Use.QUANTITY, converts=True,
        doubtful=( "净数量", "净销量", "订单数量", "订货数量", "计划数量", "申请数量", "结算数量", "net quantity",
        "net qty", "ordered quantity",
                  "ordered qty", "order quantity"),
    ),
    Column(
        "unit", "Unit", "单位", values.text(20),
        (
            "计量单位", "销售单位名称", "包装单位", "基本单位", "数量单位", "商品单位", "出库单位", "主单位",
            "计价单位", "产品单位", "药品单位", "uom",
            "unit of measure", "sales unit", "quantity unit", "qty unit",
        ),
        in_template=False, use=Use.UNIT,
    ),
    Column(
        "type", "Type", "业务类型", values.text(60),
        (
            "类型", "单据类型", "单据类别", "销售类型", "出库类型", "出入库类型", "交易类型", "订单类型", "业务类别",
            "业务种类", "流向类型", "单据性质",
            "出库类别", "开票类型", "发票类型", "票据类型", "移动类型", "摘要", "document type", "doc type",
            "transaction type",
            "movement type", "sales type", "order type", "invoice type", "billing type",
        ),
        in_template=False, use=Use.MOVEMENT,
    ),
    Column(
        "returned", "Returned packs", "退货数量", values.packs,
        (
            "退货数", "退货量", "退货盒数", "退回数量", "销退数量", "销售退货数量", "销售退回数量", "本期退货数量",
            "退货", "退库数量", "销退", "客户退货数量", "客户退货", "医院退货数量", "红字数量", "退换数量",
            "returns", "return",
            "sales return", "sales returns", "customer returns",
            "returned", "return quantity", "return qty", "returned quantity", "returned qty", "qty returned",
            "returns qty",
            "packs returned",
        ),
        shape="packs", in_template=False, use=Use.QUANTITY, converts=True,
    ),
    Column(
        "returned_value", "Returned value (yuan)", "退货金额（元）", values.money,
        ("退回金额", "销退金额", "销售退货金额", "returned value", "return value", "returns value", "return amount"),
        shape="fen", in_template=False, use=Use.MONEY,
    ),
    Column(
        "value", "Value (yuan)", "金额（元）", values.money,
        (
            "金额", "销售金额", "销售额", "含税金额", "总金额", "价税合计", "含税总金额", "含税销售金额",
            "含税销售额", "出库金额", "发货金额", "开票金额", "流向金额",
            "实际金额", "商品金额", "本期销售金额", "本月销售金额", "销货金额", "出货金额", "配送金额", "含税额",
            "金额合计", "总价", "总额", "销售总额", "含税总价",
            "实销金额", "纯销金额", "value yuan", "amount", "sales value", "value cny", "sales amount", "total amount",
            "total value", "invoice amount", "invoice value", "gross amount", "gross value", "amount incl tax",
            "amount including tax", "turnover", "revenue", "sales revenue",
        ),
        note=N_("Left empty, it is packs times the price of the day."), samples=(6000, 6000), shape="fen",
        use=Use.MONEY,
        doubtful=(
            "不含税金额", "未税金额", "无税金额", "税前金额", "不含税销售额", "不含税销售金额", "不含税总金额",
            "成本金额", "结算金额", "应收金额", "实收金额",
            "优惠后金额", "折后金额", "net amount", "net value", "net sales value", "amount excl tax",
            "amount excluding tax", "cost amount",
        ),
    ),
    Column(
        "document", "Delivery note", "单据号", values.text(60),
        (
            "单号", "单据编号", "单据号码", "出库单号", "出库单编号", "发票号", "发票号码", "订单号", "订单编号",
            "订单号码", "销售单号", "销售单据号", "随货单号",
            "随货同行单号", "发货单号", "配送单号", "流水号", "业务单号", "销售订单号", "凭证号", "出库号", "票号",
            "delivery note no", "document",
            "document no", "document number", "doc no", "invoice no", "invoice number", "invoice", "order no",
            "order number", "delivery no", "delivery number", "billing document", "reference", "voucher no",
        ),
        note=N_("Tells two equal deliveries of one day apart."), samples=("CK-0001", "CK-0001"),
    ),
    Column(
        "batch_no", "Batch number", "批号", values.text(60),
        ( "产品批号", "商品批号", "生产批号", "批次", "批次号", "药品批号", "batch", "batch no", "lot", "lot no",
         "lot number"),
        in_template=False,
    ),
    Column(
        "remark", "Remark", "备注", values.text(500),
        ( "备注信息", "备注说明", "说明", "附注", "单据备注", "行备注", "其他说明", "remarks", "note", "notes",
         "comment", "comments", "memo"),
        in_template=False, use=Use.REMARK,
    ),
    Column(
        "opening", "Opening stock", "期初库存", values.packs,
        ( "期初数量", "期初库存数量", "期初", "上期结存", "上期结存数量", "月初库存", "上月库存", "上期库存",
         "期初结存", "期初结存数量", "opening",
        "opening stock quantity", "opening quantity", "opening qty", "opening balance", "beginning stock"),
        shape="packs", in_template=False, use=Use.QUANTITY, converts=True,
    ),
    Column(
        "incoming", "Purchases", "购进数量", values.packs,
        ( "采购数量", "进货数量", "入库数量", "本期购进数量", "本期购进", "本期采购数量", "本月购进", "本月进货数量",
         "本期入库数量", "购进", "进货", "采购", "入库",
        "进货量", "购进量", "购入数量", "本期进货数量", "purchase", "purchase quantity", "purchase qty",
        "purchased qty",
        "received", "received qty", "received quantity", "receipts", "incoming quantity", "qty in", "quantity in"),
        shape="packs", in_template=False, use=Use.QUANTITY, converts=True,
    ),
    Column(
        "stock", "Stock", "库存数量", values.packs,
        ( "库存", "期末库存", "期末数量", "期末库存数量", "期末", "结存", "结存数量", "期末结存", "期末结存数量",
         "本期结存", "本期结存数量", "现有库存", "当前库存",
        "库存量", "月末库存", "可用库存", "实际库存", "closing", "closing stock", "closing stock quantity",
        "closing quantity",
        "closing qty", "closing balance", "stock quantity", "stock qty", "stock on hand", "ending stock", "inventory"),
        shape="packs", in_template=False, use=Use.QUANTITY, converts=True,
    ),
)  # fmt: skip
ACROSS = MonthColumns(
    "month",
    {
        "": "packs", "数量": "packs", "销量": "packs", "销售数量": "packs", "销售量": "packs", "盒数": "packs",
        "销售": "packs",
        "出库数量": "packs", "发货数量": "packs", "流向": "packs", "流向数量": "packs", "纯销": "packs",
        "packs": "packs",
        "quantity": "packs", "qty": "packs", "sales": "packs", "units": "packs", "volume": "packs",
        "sales quantity": "packs", "金额": "value", "销售金额": "value", "销售额": "value", "含税金额": "value",
        "value": "value", "amount": "value", "sales value": "value",
    },
)  # fmt: skip
