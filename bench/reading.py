"""How long opening files of 100,000 and 1,000,000 lines takes, and how much memory: `python bench/reading.py`.

The memory is the peak of the product's process and of the child that reads, added up.
"""

import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from repcrm.imports.workbook import open_file


def main() -> None:
    """Open long files, each in a process of its own: only so its peak of memory is its own, too."""
    with tempfile.TemporaryDirectory() as folder:
        for lines in (100_000, 1_000_000):
            for form, write in (("csv", write_csv), ("xlsx", write_xlsx)):
                path = Path(folder, f"flow.{form}")
                write(path, lines)
                subprocess.run([sys.executable, __file__, str(path)], check=True)


def open_one(path: Path) -> None:
    """Open a file, go through its rows, and say what that took."""
    data, before = path.read_bytes(), time.perf_counter()
    (sheet,) = open_file(data)
    opened = time.perf_counter()
    rows = sum(1 for _ in sheet.rows)
    gone_through = time.perf_counter()
    own, child = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    sys.stdout.write(
        f"{path.suffix[1:]:4} {rows - 1:9,} lines {len(data) / 2**20:5.1f} MB: opened in {opened - before:5.1f} s "
        f"({child.ru_utime + child.ru_stime:5.1f} s of the child's processor), gone through in "
        f"{gone_through - opened:4.1f} s, at most {(own.ru_maxrss + child.ru_maxrss) >> 10} MB\n"
    )


def write_csv(path: Path, lines: int) -> None:
    """Write a flow file with eight columns, as Excel saves it in China."""
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write("医院编码,医院名称,产品编码,品名,日期,盒数,金额（元）,单据号\r\n")
        for n in range(lines):
            hospital, product, packs = n % 40, n % 6, n % 50 + 1
            money = f'"{packs * 50:,}.00"'
            day = f"2026/11/{n % 28 + 1}"
            file.write(f"H{hospital},江岸第{hospital}医院,P{product},产品{product},{day},{packs},{money},CK{n}\r\n")


def write_xlsx(path: Path, lines: int) -> None:
    """Write the same as a workbook, its repeated words as shared strings."""
    words = [f"H{n}" for n in range(40)] + [f"江岸第{n}医院" for n in range(40)]
    words += [f"P{n}" for n in range(6)] + [f"产品{n}" for n in range(6)] + [f"CK{n}" for n in range(lines)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="流向" sheetId="1"/></sheets></workbook>')
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="a" Type="/sharedStrings" Target="sharedStrings.xml"/>'
            '<Relationship Id="b" Type="/styles" Target="styles.xml"/></Relationships>',
        )
        book.writestr(
            "xl/styles.xml", '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
        )
        book.writestr("xl/sharedStrings.xml", f"<sst>{''.join(f'<si><t>{word}</t></si>' for word in words)}</sst>")
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet><sheetData><row r='1'><c r='A1'><v>0</v></c></row>")
            for n in range(lines):
                r = n + 2
                sheet.write(
                    f'<row r="{r}"><c r="A{r}" t="s"><v>{n % 40}</v></c><c r="B{r}" t="s"><v>{n % 40 + 40}</v></c>'
                    f'<c r="C{r}" t="s"><v>{n % 6 + 80}</v></c><c r="D{r}" t="s"><v>{n % 6 + 86}</v></c>'
                    f'<c r="E{r}" s="1"><v>{n % 28 + 46327}</v></c><c r="F{r}"><v>{n % 50 + 1}</v></c>'
                    f'<c r="G{r}"><v>{n % 50 * 50.5}</v></c><c r="H{r}" t="s"><v>{n + 92}</v></c></row>'.encode()
                )
            sheet.write(b"</sheetData></worksheet>")


if __name__ == "__main__":
    if sys.argv[1:]:
        open_one(Path(sys.argv[1]))
    else:
        main()
