"""Every page x role x language, full and empty: axe finds nothing, nothing scrolls sideways at any width."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.db.engine import make_engine
from repcrm.demo import SMALL, build
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from repcrm.organisation.shipped import shipped_days
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.walk import menu_of, things_of
from tests.house.messages import translations
from tests.scratch import scratch_folder

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOW = "2026-11-23T14:30+08:00"
SIZES = {"zh": PHONE, "en": DESKTOP}
"""Chinese on a phone, English on a desktop."""


def as_read(first: str) -> pytest.MarkDecorator:
    """Each role in each language; the languages take turns, from `first` on, and the other one is left to --all."""
    other = next(language for language in SIZES if language != first)
    cases = []
    for number, role in enumerate(Role):
        turn = (first, other)[number % 2]
        for language in SIZES:
            marks = [] if language == turn else [pytest.mark.thorough]
            cases.append(pytest.param(role, language, SIZES[language], marks=marks, id=f"{role}-{language}"))
    return pytest.mark.parametrize(("role", "language", "size"), cases)


WIDTHS = (1280, 768, 390, 320)
LATIN = re.compile(r"[A-Za-z]{4,}")
HOLIDAYS = sorted({day.name_en for day in shipped_days("CN")})
NAMES = re.compile(rf"\S*[@/_.\d]\S*|{'|'.join(HOLIDAYS)}")
"""Addresses, file names, codes, versions; and public holidays, whose names in both languages the journal shows."""
KEPT_IN_CHINESE = {
    "repcrm", "zhangs", "xlsx", "EAST", "scheduler", "lead", "admin", "English", "Excel", "Ctrl", "Enter", "Home",
    "Delete", "East", "Lead", "Administrator",
}  # fmt: skip
KEPT_IN_ENGLISH = {"中文", "、", "心内科", "急诊科", "呼吸内科"}
"""Departments of the demo, which the page of the design names as well."""
CHINESE_WORDS = {
    one.words
    for message, said in translations().items()
    for one in said
    if isinstance(one.words, str) and one.words != message
}
SPOKEN_WORDS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest("code, script, noscript, [lang]:not(html)")) found.push(node.textContent.trim());
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    if (one.parentElement.closest("[role=img]")) continue; // what is within a picture is not read
    found.push(...["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name) ?? ""));
  }
  return [...new Set(found)].filter(Boolean);
}"""
"""Everything that is read on a page, aloud or silently."""


@pytest.fixture(scope="session")
def small_company(_sqlite_template: Path) -> Iterator[Path]:
    """A database with the small demo company."""
    with scratch_folder() as folder:
        file = Path(shutil.copy(_sqlite_template, folder))
        engine = make_engine(f"sqlite:///{file}")
        with Session(engine) as session:
            build(session, date(2026, 11, 23), size=SMALL)
            session.commit()
        engine.dispose()
        yield file


@pytest.fixture
def company(small_company: Path) -> Iterator[str]:
    """The address of a copy of it."""
    with TemporaryDirectory(dir=small_company.parent) as folder:
        yield f"sqlite:///{shutil.copy(small_company, folder)}"


class TestTheDemoCompany:
    """Pages with something to say."""

    @pytest.fixture
    def database(self, company: str) -> str:
        return company

    @as_read("zh")
    def test_every_page_is_sound(self, role, language, size, open_page, session, app, fixed_clock):
        fixed_clock(NOW)
        user = session.scalars(select(User).where(User.role == role).order_by(User.id)).first()
        addresses = [*menu_of(app, role), *things_of(session, role, user)]
        assert len(addresses) > 8
        assert faults_of(open_page(user, "/me", language=language, viewport=size), addresses, language) == {}


@as_read("en")
def test_every_empty_page_is_sound(role, language, size, open_page, rep, lead, admin, app, fixed_clock):
    fixed_clock(NOW)
    user = {Role.REP: rep, Role.LEAD: lead, Role.ADMIN: admin}[role]
    page = open_page(user, "/me", language=language, viewport=size)
    assert faults_of(page, menu_of(app, role), language) == {}


def faults_of(page: Page, addresses: list[str], language: str) -> dict[str, list[str]]:
    """What is wrong with each page; nothing for the sound ones."""
    checks: tuple[Callable[[Page, str], Iterator[str]], ...] = (_axe, _sideways, _mixed)
    faults: dict[str, list[str]] = {}
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        found = [f"status {answer.status}"] if answer.status != 200 else []
        found += [fault for check in checks for fault in check(page, language)]
        if found:
            faults[address] = found
    return faults


def _axe(page: Page, _: str) -> Iterator[str]:
    for violation in Axe().run(page).response["violations"]:
        yield f"axe {violation['id']}: {violation['nodes'][0]['html'][:120]}"


def _sideways(page: Page, _: str) -> Iterator[str]:
    size = page.viewport_size
    assert size is not None
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": size["height"]})
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wider > 0:
            yield f"scrolls sideways by {wider}px at {width}px"
    page.set_viewport_size(size)


def _mixed(page: Page, language: str) -> Iterator[str]:
    """No words of the other language, apart from the demo's own names, which are Chinese.

    In Chinese: no Latin word of four letters that is no name; in English: nothing that the catalogue has as the
    Chinese words for something.
    """
    spoken = page.evaluate(SPOKEN_WORDS)
    if language == "zh":
        for words in spoken:
            if left := sorted(set(LATIN.findall(NAMES.sub("", words))) - KEPT_IN_CHINESE):
                yield f"not in Chinese: {left} in {words[:80]!r}"
    else:
        for words in spoken:
            if words in CHINESE_WORDS and words not in KEPT_IN_ENGLISH:
                yield f"not in English: {words!r}"
