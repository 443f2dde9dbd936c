"""Long and hostile files: every limit holds while the file is read, and is named."""

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from repcrm.imports import reading
from repcrm.imports.refusals import REFUSALS
from repcrm.imports.workbook import Limits, PackedRows, open_file
from tests.unit.imports.making import GOOD, SAMPLES, archive, only_sheet, raw_xlsx, refusal, sample, xlsx

MEGABYTE = 1 << 20


def sheet_of(rows: str) -> bytes:
    return raw_xlsx(f"<sheetData>{rows}</sheetData>")


def inline(words: str) -> str:
    return f'<row><c t="inlineStr"><is><t>{words}</t></is></c></row>'


def test_a_bomb_is_refused_by_what_it_says_of_itself():
    data = raw_xlsx("<sheetData/>" + " " * 100 * MEGABYTE)
    assert refusal(data) == REFUSALS["a bomb"] % {"times": 200}
    assert refusal(data, unpacked_bytes=50 * MEGABYTE) == REFUSALS["too much inside"] % {"megabytes": 50}


def test_a_bomb_that_lies_about_its_size_is_refused_too():
    size = 60 * MEGABYTE
    book = '<workbook><sheets><sheet name="S" sheetId="1"/></sheets></workbook>'
    data = archive({"xl/workbook.xml": book, "xl/worksheets/sheet1.xml": bytes(size)})
    lying = data.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert refusal(lying) == REFUSALS["damaged"]


def test_too_many_parts_or_sheets_are_refused():
    assert refusal(archive({f"xl/{n}": "" for n in range(2001)})) == REFUSALS["too many parts"] % {"most": 2000}
    sheets = "".join(f'<sheet name="{n}" sheetId="{n}"/>' for n in range(201))
    data = archive({"xl/workbook.xml": f"<workbook><sheets>{sheets}</sheets></workbook>"})
    assert refusal(data) == REFUSALS["too many sheets"] % {"most": 200}


@pytest.mark.parametrize("place", ["shared string", "inline string", "csv", "html"])
def test_one_cell_of_hundreds_of_megabytes_is_refused(place):
    long = "x" * (390 if place == "shared string" else 90) * MEGABYTE
    data = {
        "shared string": lambda: raw_xlsx("<sheetData/>", f"<si><t>{long}</t></si>"),
        "inline string": lambda: sheet_of(inline(long)),
        "csv": lambda: f"a,b\n1,{long}\n".encode(),
        "html": lambda: f"<table><tr><td>a</td><td>{long}</td></tr></table>".encode(),
    }[place]()
    said = {
        "csv": REFUSALS["line too long"] % {"most": 4 * MEGABYTE},
        "html": REFUSALS["cell too long"] % {"row": 1, "column": "B", "most": 100_000},
    }
    packed = {"unpacked_times": 2000}  # or else it is a bomb already
    assert refusal(data, **packed) == said.get(place, REFUSALS["part too large"] % {"megabytes": 16})


@pytest.mark.parametrize("data", [f"a,b\n1,{'x' * 100_001}\n".encode(), sheet_of(f"<row/>{inline('x' * 100_001)}")])
def test_one_cell_of_a_hundred_thousand_characters_is_refused_with_its_place(data):
    column = "B" if data.startswith(b"a,b") else "A"
    assert refusal(data) == REFUSALS["cell too long"] % {"row": 2, "column": column, "most": 100_000}


def test_a_million_empty_rows_below_are_nothing():
    data = sheet_of("<row><c><v>1</v></c></row>" + '<row><c s="1"/><c/></row>' * 1_000_000)
    assert only_sheet(data, unpacked_times=2000).rows == [[1]]
    assert only_sheet(b"a,b\n" + b",\n" * 1_000_000).rows == [["a", "b"]]


def test_a_million_empty_rows_in_between_are_refused():
    data = sheet_of('<row r="1"><c><v>1</v></c></row><row r="1000000"><c><v>1</v></c></row>')
    sentence = REFUSALS["too many empty rows"] % {"row": 1_000_000, "most": 100_000}
    assert refusal(data) == sentence
    assert refusal(b"a,b\n" + b",\n" * 999_998 + b"1,2\n") == sentence


def test_a_wrong_dimension_costs_nothing():
    row = '<row><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'
    assert only_sheet(raw_xlsx(f'<dimension ref="A1:XFD1048576"/><sheetData>{row}</sheetData>')).rows == [[1]]


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n" + b"1," * 20_000 + b"1\n",
        sheet_of("<row/><row>" + "<c><v>1</v></c>" * 20_000 + "</row>"),
        sheet_of('<row/><row><c r="XFD2"><v>1</v></c></row>'),
        b"<table><tr><td>1</td></tr><tr>" + b"<td>1</td>" * 20_000 + b"</tr></table>",
    ],
)
def test_twenty_thousand_columns_are_refused(data):
    assert refusal(data) == REFUSALS["too many columns"] % {"row": 2, "most": 500}


def test_too_many_rows_or_cells_are_refused():
    assert refusal(b"a,b\n" * 30, rows=20) == REFUSALS["too many rows"] % {"most": 20}
    assert refusal(b"a,b\n" * 30, cells=50) == REFUSALS["too many cells"] % {"most": 50}


def test_entities_are_refused():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    xml = f"<!DOCTYPE workbook [{laughs}]><workbook><sheets>&l11;</sheets></workbook>"
    assert refusal(archive({"xl/workbook.xml": xml})) == REFUSALS["entities"]
    outside = '<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/passwd">]><w>&f;</w>'
    assert refusal(archive({"xl/workbook.xml": outside})) == REFUSALS["entities"]


def test_deep_nesting_is_refused():
    data = raw_xlsx("<sheetData><row><c><is>" + "<t>" * 10_000_000)
    assert refusal(data, unpacked_times=2000) == REFUSALS["too deep"] % {"most": 100}


def test_a_file_too_large_is_not_even_opened():
    assert refusal(b"a,b\n" * 300_000, file_bytes=MEGABYTE) == "The file has more than 1 MB."


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits there")
@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"memory_bytes": 40 * MEGABYTE}, REFUSALS["memory"] % {"megabytes": 40}),
        ({"cpu_seconds": 1}, REFUSALS["time"] % {"seconds": 1}),
        ({"wall_seconds": 0}, REFUSALS["time"] % {"seconds": 0}),
    ],
)
def test_a_child_that_takes_too_much_is_ended_with_a_sentence_that_names_the_limit(limits, sentence):
    strings = "".join(f"<si><t>{n:030}</t></si>" for n in range(300_000))
    rows = "<row><c t='s'><v>1</v></c></row>" * 300_000
    assert refusal(raw_xlsx(f"<sheetData>{rows}</sheetData>", strings), **limits) == sentence


class Enough(Exception):
    pass


def test_whoever_waits_hears_of_the_rows_and_can_stop_at_any_moment():
    data = b"a,b\n" + b"x,y\n" * 800_000
    heard: list[int] = []

    def step(done: int) -> None:
        heard.append(done)
        if done > 10_000:
            raise Enough

    with pytest.raises(Enough):
        open_file(data, step=step)
    assert heard == sorted(heard)
    assert 10_000 < heard[-1] < 800_000
    if Path("/proc/self/task").exists():
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        assert not any(b"reading" in Path(f"/proc/{child}/cmdline").read_bytes() for child in children)


def test_rows_of_a_long_sheet_are_unpacked_when_they_are_looked_at():
    sheet = only_sheet(b"n,day\n" + b"".join(b"%d,2026\n" % number for number in range(25_000)))
    rows = sheet.rows
    assert isinstance(rows, PackedRows)
    assert (len(rows), rows[0], rows[24_999], rows[-1]) == (25_001, ["n", "day"], ["24998", "2026"], ["24999", "2026"])
    assert [row[0] for row in rows[1999:2002]] == ["1998", "1999", "2000"]
    assert [row[0] for row in rows][1:] == [str(number) for number in range(25_000)]
    with pytest.raises(IndexError):
        rows[25_001]


def test_days_are_days_in_every_piece_of_a_long_sheet():
    def fill(sheet):
        for _ in range(4500):
            sheet.append([date(2026, 11, 3), 1])

    assert {row[0] for row in only_sheet(xlsx(fill)).rows} == {date(2026, 11, 3)}


def test_the_child_imports_nothing_of_the_product():
    code = (
        "import sys; from repcrm.imports.reading import delimited, ods, reader, webpage, xls, xlsx, xml2003; "
        "print(*sorted(name for name in sys.modules if name.startswith('repcrm')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    others = [name for name in done.stdout.split() if not name.startswith("repcrm.imports.reading")]
    assert others == ["repcrm", "repcrm.imports"]


def test_the_child_takes_no_module_from_the_folder_it_is_started_in(tmp_path):
    for name in ("json", "zipfile", "repcrm"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not this one')")
    command = [sys.executable, "-P", str(Path(reading.__file__).parent), "{}"]
    with (SAMPLES / GOOD).open("rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_small_file_is_read_in_the_blink_of_an_eye():
    data = sample("10-good.xlsx")
    fastest = min(_seconds(data) for _ in range(5))
    assert fastest < 1  # about 0.1 on an idle machine


def _seconds(data: bytes) -> float:
    before = time.perf_counter()
    open_file(data, Limits())
    return time.perf_counter() - before
