"""A distributor's first months in a real browser: strange headings, a unit, unknown names, a late return, and undo."""

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, text

from repcrm.sales.models import BatchStatus, Distributor, ImportBatch
from repcrm.web.languages import catalogue
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_conversion, make_hospital, make_price, make_product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPPER = ["商业公司", "医院名称", "品名", "日期", "购进", "销售", None, "库存"]
LOWER = [None, None, None, None, "数量（盒）", "数量（件）", "金额（元）", "数量（盒）"]
FIRST = [
    ["青麦医药", "听澜", "云舒平片", "2026-10-08", 200, 2, 860, 160],
    ["青麦医药", "澄湖市中心医院", "云舒平片", "2026-10-20", 200, 3, 1290, 140],
]
SECOND = [
    ["青麦医药", "听澜", "云舒平片", "2026-11-03", 120, 4, 1720, 200],
    ["青麦医药", "澄湖市中心医院", "云舒平片", "2026-11-10", 120, 1, 430, 240],
]
THIRD = [
    ["青麦医药", "澄湖市中心医院", "云舒平片", "2026-12-02", 100, 5, 2150, 240],
    ["青麦医药", "听澜", "云舒平片", "2026-11-28", 0, -1, -430, 260],
]
"""A case is 20 packs: October 40 + 60, November 80 + 20, December 100, and 20 of November come back late."""


@dataclass
class Office:
    """A person of the back office at the import page."""

    page: Page
    say: Callable[[str], str]

    def upload(self, name: str, lines: Sequence[Sequence[Any]]) -> None:
        """Send a file without a word about it, and wait for its page."""
        self.page.goto("/imports")
        self.page.set_input_files("#file", {"name": name, "mimeType": XLSX, "buffer": purchase_sales_stock(lines)})
        self.page.get_by_role("button", name=self.say("Read and check")).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=self.say(words), exact=True).click()

    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until something has the focus."""
        for _press in range(80):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail("Tab does not get there")

    def choose(self, name: str, value: str) -> None:
        """Choose an answer with Tab, arrows and space alone."""
        radios = self.page.locator(f'input[type="radio"][name="{name}"]')
        stop = radios.and_(self.page.locator(":checked"))
        self.tab_to(stop if stop.count() else radios.first)
        for _press in range(radios.count()):
            self.page.keyboard.press("Space")
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"there is no answer {value}")

    def save(self, words: str) -> None:
        """Send the answers with the keyboard."""
        self.tab_to(self.page.get_by_role("button", name=self.say(words)))
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def faults(self) -> list[str]:
        """What axe finds on the page as it stands."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def purchase_sales_stock(lines: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with two rows of headings, quantities in cases, and a total."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "进销存"
    sums = [sum(line[place] for line in lines) for place in (4, 5, 6)]
    for row in (UPPER, LOWER, *lines, ["合计", None, None, None, *sums]):
        sheet.append(row)
    sheet.merge_cells("F1:G1")
    for letter in "ABCD":
        sheet.merge_cells(f"{letter}1:{letter}2")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def counting(session) -> dict[str, tuple[int, int]]:
    """Month -> packs and fen of all lines that count, added up by hand."""
    session.rollback()
    lines = session.execute(text(
        "SELECT flow_line.on_day, flow_line.packs, flow_line.value_fen FROM flow_line"
        " JOIN import_batch ON import_batch.id = flow_line.batch_id WHERE import_batch.status = 'applied'"
    ))  # fmt: skip
    packs, fen = Counter[str](), Counter[str]()
    for day, line_packs, line_fen in lines:
        packs[str(day)[:7]] += line_packs
        fen[str(day)[:7]] += line_fen
    return {month: (packs[month], fen[month]) for month in packs}


def status_of(session, name: str) -> BatchStatus:
    session.rollback()
    return session.scalars(select(ImportBatch.status).where(ImportBatch.file_name == name)).one()


@pytest.fixture
def company(session, region, admin, fixed_clock):
    """Two hospitals and a product that is delivered in cases of 20; no distributor."""
    fixed_clock("2026-12-20T10:00+08:00")
    product = make_product(session, code="P1", name="云舒平片")
    make_price(session, product=product)
    make_conversion(session, product=product, packs_num=20)
    make_hospital(session, code="H001", name="云泽市听澜医院", region=region)
    make_hospital(session, code="H002", name="澄湖市中心医院", region=region)
    session.commit()
    return admin


@pytest.mark.parametrize(("language", "viewport"), [("zh", DESKTOP), ("en", DESKTOP), ("zh", PHONE)])
def test_a_distributors_first_months(session, company, open_page, language, viewport):
    office = Office(open_page(company, "/imports", language, viewport, refusals=[422]), catalogue(language).gettext)
    page = office.page
    assert office.faults() == []

    # the first file: a distributor nobody knows, two rows of headings, cases, stock
    office.upload("october.xlsx", FIRST)
    assert office.faults() == []
    office.choose("answer:name:distributor:青麦医药", "new")
    office.save("Save answers and check again")
    office.choose("answer:stock", "take")
    office.save("Save answers and check again")
    expect(page.locator("#questions")).to_have_count(0)
    assert office.faults() == []

    # an unknown hospital: a code that does not exist is said, then the right one
    office.choose("answer:name:hospital:听澜", "typed")
    office.tab_to(page.locator("#name-1-text"))
    page.keyboard.type("H999")
    office.save("Save answers")
    expect(page.get_by_role("alert")).to_contain_text("H999")
    expect(page.locator("#name-1-text")).to_have_value("H999")
    office.choose("answer:name:hospital:听澜", "H001")
    office.save("Save answers")
    expect(page.locator("#names")).to_have_count(0)
    expect(page.locator("#sums")).to_contain_text("100")
    assert office.faults() == []
    assert counting(session) == {}
    office.press("Apply")
    october = {"2026-10": (100, 215000)}
    expect(page.locator(".banner--success")).to_be_visible()
    assert counting(session) == october
    assert office.faults() == []

    # next month: nothing is asked
    office.upload("november.xlsx", SECOND)
    expect(page.locator("#questions, #names")).to_have_count(0)
    office.press("Apply")
    expect(page.locator(".banner--success")).to_be_visible()
    november = {**october, "2026-11": (100, 215000)}
    assert counting(session) == november

    # a late return goes to its own month
    office.upload("december.xlsx", THIRD)
    expect(page.locator("#questions, #names")).to_have_count(0)
    expect(page.locator("#sums")).to_contain_text("\N{MINUS SIGN}20")
    assert office.faults() == []
    office.press("Apply")
    expect(page.locator(".banner--success")).to_be_visible()
    assert counting(session) == {**october, "2026-11": (80, 172000), "2026-12": (100, 215000)}

    # each is undone, the last one first
    for name, left in (("december.xlsx", november), ("november.xlsx", october), ("october.xlsx", {})):
        page.goto("/imports")
        page.get_by_role("link", name=name).click()
        office.press("Revert")
        expect(page.locator(".banner--info")).to_be_visible()
        assert counting(session) == left
        assert status_of(session, name) is BatchStatus.UNDONE
    assert office.faults() == []
    assert session.scalars(select(Distributor.name)).all() == ["青麦医药"], "names stay known when a file is undone"
