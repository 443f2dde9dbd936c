"""Text with commas, tabs or semicolons: encodings, separators, and quotes that go wrong."""

import pytest

from repcrm.imports.refusals import REFUSALS
from repcrm.imports.workbook import NoValue
from tests.unit.imports.making import only_sheet, refusal, sample

TABLE = "医院名称,品名,日期,数量\n云泽市听澜医院,云舒平片,2026-11-03,12\n"
TRADITIONAL = "醫院名稱,品名,日期,數量\n雲澤市聽瀾醫院,雲舒平片,2026-11-03,12\n"
ROWS = [["医院名称", "品名", "日期", "数量"], ["云泽市听澜医院", "云舒平片", "2026-11-03", "12"]]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
        ("gb2312", "gb18030"),
    ],
)
def test_every_encoding_of_simplified_chinese_is_told(encoding, said):
    sheet = only_sheet(TABLE.encode(encoding))
    assert sheet.rows == ROWS
    assert sheet.notes == (said, "commas")


@pytest.mark.parametrize("text", [TRADITIONAL, TRADITIONAL * 500, "客戶,數量\n臺北榮民總醫院,5\n", "日期,數\n3,5\n"])
def test_big5_is_told_from_gb18030(text):
    sheet = only_sheet(text.encode("big5"))
    assert sheet.rows[0] == text.splitlines()[0].split(",")
    assert sheet.notes[0] == "big5"


@pytest.mark.parametrize(
    "text", ["客户,数量\n淅川县人民医院,5\n", "日期,数\n3,5\n", "名称\n喆\n", "編號,數量\n雲醫院,1\n"]
)
def test_gb18030_is_told_from_big5(text):
    sheet = only_sheet(text.encode("gb18030"))
    assert sheet.rows[0] == text.splitlines()[0].split(",")
    assert sheet.notes[0] == "gb18030"


def test_latin_letters_with_accents_are_said_to_be_a_guess():
    sheet = only_sheet("Hôpital;Médicament;Quantité\nSaint-André;Zéphyr;12\n".encode("cp1252"))
    assert sheet.rows == [["Hôpital", "Médicament", "Quantité"], ["Saint-André", "Zéphyr", "12"]]
    assert sheet.notes == ("cp1252 guessed", "semicolons")


def test_utf_8_with_a_broken_place_is_refused_with_its_line():
    lines = TABLE.encode() * 50
    broken = lines.replace("听".encode(), "听".encode()[:2], 1)
    assert refusal(broken) == REFUSALS["broken text"] % {"row": 2}


def test_text_in_no_encoding_is_refused():
    assert refusal("カタカナ,ひらがな\n".encode("shift-jis") + b"\x81\xff,\x8f\n") == REFUSALS["unknown encoding"]


def test_text_of_the_samples_is_read():
    assert only_sheet(sample("10n-big5.csv")).rows[1] == ["雲澤市醫院", "雲舒平片", "2026-11-03", "12"]
    assert only_sheet(sample("10t-cr-only.csv")).rows == ROWS
    assert only_sheet(sample("10k-tsv-as.xls")).rows[0] == ["医院名称", "品名", "日期", "数量"]
    assert only_sheet(sample("05c-equals-quoted.csv")).rows[1] == ["H001", "云舒平片", "2026-11-03", "12", "00123"]
    assert only_sheet(sample("05d-tab-suffixed.csv")).rows[1][::4] == ["H001", "20261103000000001234"]
    assert only_sheet(sample("10p-semicolon-decimal-comma.csv")).rows[1][3:] == ["12", "1.234,50"]


def test_a_row_with_more_cells_than_the_heading_keeps_them_all():
    assert only_sheet(sample("10s-ragged.csv")).rows[1][3:] == ["1", "200"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\tb\n1,200\t5\n1,300\t6\n", "tabs"),
        ("a;b\n1,5;2,5\n3,5;4,5\n", "semicolons"),
        ("a|b\n1|2\n", "bars"),
        ("a，b\n1，2\n", "Chinese commas"),
        ("2026年11月流向\na,b,c\n1,2;3,4\n", "commas"),
        ('a,b\n"x;y;z",1\n"x;y;z",2\n', "commas"),
        ("sep=;\na;b\n1,1,1;2\n", "semicolons"),
        ("a\n1\n", "commas"),
    ],
)
def test_the_separator_is_the_one_that_cuts_rows_evenly(text, said):
    assert only_sheet(text.encode()).notes[1] == said


def test_cells_say_what_excel_would_show():
    row = '="H001","=""007""",#N/A,=A1*2,=没有,-,"a ""b"" c",5" x\n'
    assert only_sheet(row.encode()).rows == [
        ["H001", "007", NoValue("#N/A"), NoValue("formula"), "=没有", "-", 'a "b" c', '5" x']
    ]


def test_line_breaks_inside_quotes_are_read():
    rows = only_sheet(sample("10q-multiline-quote.csv")).rows
    assert rows[1][4] == '第一行\r\n第二行,"急"'
    assert len(rows) == 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_quote_that_never_closes_is_refused_with_its_row_and_column(end):
    place = {"row": 2, "column": "E"}
    text = sample("10r-unclosed-quote.csv").replace(b"\r\n", end.encode())
    assert refusal(text) == REFUSALS["open quote"] % place
    assert refusal(text.rstrip() + b'"') == REFUSALS["stray quote"] % place  # at the very end it seems to close


HEAD = "医院,品名,日期,数量,备注"


@pytest.mark.parametrize(
    ("lines", "word", "row", "column"),
    [
        ([HEAD, '一院,甲,3,12,"没有', "二院,甲,4,30,好", '三院,甲,5,7,"好"'], "open quote", 2, "E"),
        ([HEAD, '一院,甲,3,12,"没有', '二院,甲,4,30,"'], "stray quote", 2, "E"),
        ([HEAD, "一院,甲,3,12,", '二院,"甲,4,30,', '三院,甲",5,7,'], "stray quote", 3, "B"),
        ([HEAD, '一院,甲,3,12,"a', 'b"', '二院,"甲"片,4,30,'], "open quote", 3, "B"),
        ([HEAD, '一院,"甲",3,12,"没有'], "open quote", 2, "E"),
    ],
)
def test_a_stray_quote_never_swallows_rows_in_silence(lines, word, row, column):
    assert refusal("\n".join(lines).encode()) == REFUSALS[word] % {"row": row, "column": column}


def test_a_heading_with_line_breaks_and_commas_is_no_stray_quote():
    text = '流向表\n医院,品名,"数量\n(盒,瓶)"\n一院,甲,12\n'
    assert only_sheet(text.encode()).rows[1] == ["医院", "品名", "数量\n(盒,瓶)"]


def test_an_unclosed_quote_in_a_long_file_is_refused_before_it_has_swallowed_much():
    lines = [HEAD, '一院,甲,3,12,"没有'] + ["二院,甲,4,30,好"] * 50_000
    assert refusal("\n".join(lines).encode()) == REFUSALS["open quote"] % {"row": 2, "column": "E"}
