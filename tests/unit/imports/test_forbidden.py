"""What no file may bring in, in every spelling; and lawful words that look like it."""

import pytest

from repcrm.imports.forbidden import Topic, find_forbidden, find_per_doctor

HEADERS = {
    Topic.PRESCRIPTIONS: [
        "处方量", "处 方 量", "处-方-量", "处方数", "處方數量", "统方", "統方", "统方数据", "开方数", "开单量",
        "医生用药量", "处方金额(元)",
        "Ｒｘ", "Rx", "rx_count", "RxCount", "TRx", "NRX", "prescription count", "Prescription  Counts",
        "PRESCRIPTION-COUNT",
        "prescriptionCount", "No. of prescriptions", "number of prescriptions", "Scripts written", "scripts per doctor",
        "ｐｒｅｓｃｒｉｐｔｉｏｎ ｃｏｕｎｔ",
    ],
    Topic.COMMISSIONS: [
        "提成", "提 成", "回扣", "回　扣", "佣金", "傭金", "返点", "返點", "返利", "好处费", "commission",
        "Commissions %", "KICKBACK",
        "kick-back", "kick back", "k i c k b a c k", "Bribe", "rebate",
    ],
    Topic.GIFTS: [
        "礼品", "禮品", "礼金", "礼物", "红包", "紅包", "购物卡", "讲课费", "劳务费", "Gift", "gifts_value",
        "GIFT (yuan)", "honorarium",
        "Payments to doctors", "doctor payment", "speaker fee",
    ],
    Topic.RELATIVES: ["亲属", "家属姓名", "配偶", "Relatives", "spouse"],
}  # fmt: skip
LAWFUL_HEADERS = [
    "处方药", "处方药分类", "是否处方药", "prescription drug", "Prescription only", "Rx/OTC", "礼拜",
    "礼拜几出诊", "Giftex dose",
    "relative growth", "数量", "盒数", "packs", "开户行", "方案", "日期", "职称", "医院编码", "单位",
    "Health commission code", "comments",
    "describe", "Rxample", "transcript", "夜间门诊",
]  # fmt: skip
CELLS = [
    "处方量 35",
    "统方：王医生 12",
    "回扣500元",
    "含提成",
    "kickback 5%",
    "commission: 300",
    "gift card",
    "送红包",
    "TRx 14",
]
LAWFUL_CELLS = [
    "处方药", "Rx", "Shanghai Health Commission Hospital", "家属区3号", "Dr. Gifty Li", "礼拜二下午",
    "子女路 5 号", "中医院", "提成分离",
    "payment terms 30 days", "Commission Road 5", "Script Pharma", "prescription drug",
]  # fmt: skip


@pytest.mark.parametrize(("topic", "header"), [(topic, one) for topic, all_ in HEADERS.items() for one in all_])
def test_a_forbidden_header_is_found_in_every_spelling(topic, header):
    assert find_forbidden(header, header=True) is topic


@pytest.mark.parametrize("header", LAWFUL_HEADERS)
def test_a_lawful_header_passes(header):
    assert find_forbidden(header, header=True) is None


@pytest.mark.parametrize("cell", CELLS)
def test_a_forbidden_cell_is_found(cell):
    assert find_forbidden(cell) is not None


@pytest.mark.parametrize("cell", LAWFUL_CELLS)
def test_a_lawful_cell_passes(cell):
    assert find_forbidden(cell) is None


@pytest.mark.parametrize(
    "header", ["医生", "医生姓名", "处方医生", "医师编码", "Doctor", "doctor name", "Physician", "HCP id"]
)
def test_flow_that_names_a_doctor_counts_by_doctor(header):
    assert find_per_doctor(header, rows_are_doctors=False) is Topic.PRESCRIPTIONS


@pytest.mark.parametrize("header", ["月用量", "销量（盒）", "采购金额", "packs", "Monthly sales", "usage"])
def test_a_list_of_doctors_with_packs_counts_by_doctor(header):
    assert find_per_doctor(header, rows_are_doctors=True) is Topic.PRESCRIPTIONS


@pytest.mark.parametrize("header", ["医生编码", "科室", "职称", "Title", "Clinic roster", "packaging note"])
def test_the_card_of_a_doctor_counts_nothing(header):
    assert find_per_doctor(header, rows_are_doctors=True) is None
