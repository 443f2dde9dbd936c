"""Every page x role x language x size, full and empty: axe finds nothing, nothing scrolls sideways."""

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
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.walk import menu_of, things_of
from tests.scratch import scratch_folder

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOW = "2026-11-23T14:30+08:00"
SIZES = {"phone": PHONE, "desktop": DESKTOP}
HAN, LATIN = re.compile(r"[一-鿿]"), re.compile(r"[a-z]{4,}")


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

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("role", list(Role))
    def test_every_page_is_sound(self, role, language, size, open_page, session, app, fixed_clock):
        fixed_clock(NOW)
        user = session.scalars(select(User).where(User.role == role).order_by(User.id)).first()
        addresses = [*menu_of(app, role), *things_of(session, role, user)]
        assert len(addresses) > 8
        assert faults_of(open_page(user, "/me", language=language, viewport=SIZES[size]), addresses, language) == {}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", list(Role))
def test_every_empty_page_is_sound(role, language, open_page, rep, lead, admin, app, fixed_clock):
    fixed_clock(NOW)
    user = {Role.REP: rep, Role.LEAD: lead, Role.ADMIN: admin}[role]
    page = open_page(user, "/me", language=language, viewport=PHONE)
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
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wider > 0:
        yield f"scrolls sideways by {wider}px"


def _mixed(page: Page, language: str) -> Iterator[str]:
    """Titles and headings are in one language; the demo's own names are Chinese, so only zh can be told."""
    if language == "zh":
        for words in page.locator("h1, nav a, button:visible").all_inner_texts():
            if (
                re.search(r"[a-z]{4,}", words)
                and not HAN.search(words)
                and words.strip() not in ("repcrm", "English", "Excel")
            ):
                yield f"not in Chinese: {words.strip()!r}"
