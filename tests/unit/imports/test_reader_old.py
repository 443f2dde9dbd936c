"""Old and foreign forms: .xls, .ods, web pages and XML 2003 under the name of a workbook."""

import struct
from datetime import date

import pytest

from repcrm.imports.refusals import REFUSALS
from repcrm.imports.workbook import MonthCell, NoValue, open_file
from tests.unit.imports.making import archive, compound, label, number, only_sheet, record, refusal, sample, xls

HIDDEN = 0x20


def row(at: int, flags: int = 0) -> bytes:
    return record(0x208, struct.pack("<HHHHHHI", at, 0, 3, 255, 0, 0, flags))


def test_an_old_workbook_gives_text_numbers_and_days():
    data = xls(
        [label(0, 0, "医院"), label(0, 1, "盒数"), label(0, 2, "日期"), label(1, 0, "一院"), number(1, 1, 12)]
        + [number(1, 2, 46329, style=1)],
        formats=["yyyy-mm-dd"],
    )
    sheet = only_sheet(data)
    assert (sheet.name, sheet.form) == ("S", "xls")
    assert sheet.rows == [["医院", "盒数", "日期"], ["一院", 12, date(2026, 11, 3)]]


def test_an_old_workbook_tells_its_errors_hidden_rows_and_formats():
    data = xls(
        [record(0x7D, struct.pack("<HHHHHH", 1, 1, 2000, 0, 1, 0)), row(1, HIDDEN), number(0, 0, 7, style=1)]
        + [number(0, 1, 46329, style=2), record(0x205, struct.pack("<HHHBB", 1, 0, 0, 0x17, 1)), number(1, 1, 5)],
        formats=["000", "yyyy-mm"],
    )
    sheet = only_sheet(data)
    assert sheet.rows == [["007", MonthCell(date(2026, 11, 1))], [NoValue("#REF!"), 5]]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {1})
    assert sheet.notes == ()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("EncryptedPackage", "a password"),
        ("WordDocument", "a document"),
        ("PowerPoint Document", "a presentation"),
        ("__nameid_version1.0", "not a table"),
        ("Workbook", "damaged xls"),
    ],
)
def test_other_things_in_the_same_container_are_called_what_they_are(name, word):
    assert refusal(compound(name, b"\1" * 4096)) == REFUSALS[word]


def test_stubs_are_said_to_be_damaged_by_name():
    assert refusal(sample("10l-ole.xls")) == REFUSALS["damaged xls"]
    assert refusal(sample("10f-binary.xlsb")) == REFUSALS["damaged xlsb"]
    assert refusal(sample("10g-calc.ods")) == REFUSALS["damaged ods"]


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
ODS = f"""<office:document-content xmlns:office="{OFFICE}office:1.0" xmlns:table="{OFFICE}table:1.0"
 xmlns:text="{OFFICE}text:1.0" xmlns:number="{OFFICE}datastyle:1.0" xmlns:style="{OFFICE}style:1.0">
<office:automatic-styles>
<number:number-style style:name="N1"><number:number number:min-integer-digits="3"/></number:number-style>
<number:date-style style:name="N2"><number:year/><number:text>-</number:text><number:month/></number:date-style>
<style:style style:name="c1" style:data-style-name="N1"/><style:style style:name="c2" style:data-style-name="N2"/>
<style:style style:name="t2"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>
<table:table table:name="流向"><table:table-column/><table:table-column table:visibility="collapse"/>
<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>医院</text:p></table:table-cell>
<table:covered-table-cell/><table:table-cell office:value-type="float" office:value="7" table:style-name="c1"/>
<table:table-cell table:number-columns-repeated="1000"/></table:table-row>
<table:table-row table:number-rows-repeated="2"/>
<table:table-row table:visibility="filter"><table:table-cell office:value-type="date" office:date-value="2026-11-03"/>
<table:table-cell office:value-type="date" office:date-value="2026-11-03" table:style-name="c2"/>
<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell>
<table:table-cell table:formula="of:=A1"/><table:table-cell office:value-type="float" office:value="12.5"/>
</table:table-row><table:table-row table:number-rows-repeated="1048000"/></table:table>
<table:table table:name="旧" table:style-name="t2"><table:table-row><table:table-cell office:value-type="string">
<text:p>a<text:s/>b</text:p><text:p>c</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(content: str) -> bytes:
    return archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def test_an_open_document_spreadsheet_is_read():
    first, second = open_file(ods(ODS))
    assert (first.name, first.form, first.is_hidden) == ("流向", "ods", False)
    assert first.rows == [
        ["医院", None, "007"],
        [],
        [],
        [date(2026, 11, 3), MonthCell(date(2026, 11, 1)), NoValue("#DIV/0!"), NoValue("formula"), 12.5],
    ]
    assert (first.hidden_rows, first.hidden_columns, first.merged) == ({4}, {1}, ((1, 0, 1, 1),))
    assert (second.name, second.is_hidden, second.rows) == ("旧", True, [["a b\nc"]])


def test_an_encrypted_open_document_spreadsheet_is_refused():
    data = archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest:encryption-data/>",
            "content.xml": "x",
        }
    )
    assert refusal(data) == REFUSALS["a password"]


def test_a_web_page_under_the_name_of_a_workbook_is_read():
    sheet = only_sheet(sample("10h-html-as.xls"))
    assert sheet.form == "html"
    assert sheet.rows == [["医院名称", "品名", "日期", "数量"], ["云泽市听澜医院", "云舒平片", "2026-11-03", "12"]]


def test_a_web_page_tells_its_merged_cells_hidden_rows_and_encoding():
    page = """<html><head><meta charset="gb2312"><style>td {x: y}</style></head><body><p>报表</p><table>
    <col><col style='display:none'><tr><th rowspan=2>医院<th colspan=2>销售<tr><th>数量<br>（盒）</th><th>金额</th></tr>
    <tr style="mso-height-source:userset; display:none"><td>一院</td><td x:num="1234.56">1,235</td><td>&nbsp;#N/A</td>
    </tr><tr><td>  二
    院 </td><td></td><td>=&quot;007&quot;</td></tr></table></body></html>"""
    sheet = only_sheet(page.encode("gbk"))
    assert sheet.rows == [
        ["医院", "销售"],
        [None, "数量\n（盒）", "金额"],
        ["一院", 1234.56, NoValue("#N/A")],
        ["二 院", None, "007"],
    ]
    assert sheet.merged == ((1, 0, 2, 0), (1, 1, 1, 2))
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.notes) == ({3}, {1}, ("gb18030",))


def test_every_table_of_a_web_page_is_a_sheet():
    page = "<table><tr><td>菜单</td></tr></table>" + "<table><tr><td>a<td>b</tr></table>" * 2
    assert [(sheet.name, sheet.rows) for sheet in open_file(page.encode())] == [
        ("1", [["a", "b"]]),
        ("2", [["a", "b"]]),
    ]


def test_web_pages_without_a_table_are_called_what_they_are():
    assert refusal(b"<!DOCTYPE html><html><body>Error</body></html>") == REFUSALS["a web page"]
    sign_in = b"<html><form><table><tr><td>User</td><td><input type=password></td></tr></table></form></html>"
    assert refusal(sign_in) == REFUSALS["a sign-in page"]
    assert refusal(b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n") == REFUSALS["a web archive"]


def test_xml_of_excel_2003_is_read():
    assert only_sheet(sample("10j-xml2003.xls")).rows[1] == ["云泽市听澜医院", "云舒平片", "2026-11-03", "12"]


def test_xml_of_excel_2003_tells_types_places_and_hidden_rows():
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    xml = f"""<?xml version="1.0"?><ss:Workbook xmlns:ss="{space}"><ss:Styles>
    <ss:Style ss:ID="m"><ss:NumberFormat ss:Format="yyyy\\-mm"/></ss:Style>
    <ss:Style ss:ID="z"><ss:NumberFormat ss:Format="000"/></ss:Style></ss:Styles><ss:Worksheet ss:Name="流向"><ss:Table>
    <ss:Column ss:Index="2" ss:Hidden="1"/><ss:Row><ss:Cell ss:MergeAcross="1"><ss:Data ss:Type="String">a</ss:Data>
    </ss:Cell><ss:Cell ss:StyleID="z"><ss:Data ss:Type="Number">7</ss:Data></ss:Cell></ss:Row>
    <ss:Row ss:Index="3" ss:Hidden="1"><ss:Cell ss:Index="2">
    <ss:Data ss:Type="DateTime">2026-11-03T00:00:00.000</ss:Data></ss:Cell>
    <ss:Cell ss:StyleID="m"><ss:Data ss:Type="DateTime">2026-11-03T00:00:00.000</ss:Data></ss:Cell>
    <ss:Cell><ss:Data ss:Type="Error">#REF!</ss:Data></ss:Cell><ss:Cell ss:Formula="=RC[-1]"/></ss:Row></ss:Table>
    <x:WorksheetOptions xmlns:x="urn:x"><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></ss:Worksheet>
    </ss:Workbook>"""
    sheet = only_sheet(xml.encode())
    assert sheet.rows == [
        ["a", None, "007"],
        [],
        [None, date(2026, 11, 3), MonthCell(date(2026, 11, 1)), NoValue("#REF!"), NoValue("formula")],
    ]
    assert (sheet.name, sheet.is_hidden, sheet.form) == ("流向", True, "xml2003")
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merged) == ({3}, {1}, ((1, 0, 1, 1),))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100), "a picture"),
        (b"BM\x36\x10\0\0\0\0\0\0" + bytes(100), "a picture"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "a picture"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(100), "packed"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), "packed"),
        (b"{\\rtf1 hello}", "a document"),
        (b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(100), "a very old workbook"),
        (b"\x7fELF" + bytes(range(256)), "not a table"),
        (b'<?xml version="1.0"?><rss/>', "other xml"),
        (archive({"letter.txt": "hello"}), "packed"),
        (archive({"word/document.xml": "x"}), "a document"),
        (archive({"ppt/presentation.xml": "x"}), "a presentation"),
        (archive({"Index/Document.iwa": "x"}), "numbers"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}), "a document"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(data, word):
    assert refusal(data) == REFUSALS[word]
