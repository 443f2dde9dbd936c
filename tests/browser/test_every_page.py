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
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.calls.models import Call, CallSheet, CallStatus, SheetStatus
from repcrm.db.engine import make_engine
from repcrm.demo import SMALL, build
from repcrm.diary.models import Appointment, EveningDuty, RepBase, TimeOff
from repcrm.meeting.models import Review
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.models import ImportBatch
from repcrm.targets.models import QuotaSplit
from repcrm.web.navigation import WAYS
from tests.browser.conftest import DESKTOP, PHONE
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


def menu_of(app, role: Role) -> list[str]:
    """The addresses of a role's menu."""
    with app.test_request_context():
        return [app.url_for(entry.endpoint) for entry in WAYS[role]]


def things_of(session: Session, role: Role, user: User) -> list[str]:
    """One page of each kind of thing that the role may open."""

    def one(column, *conditions) -> int | None:
        found: int | None = session.scalar(select(func.max(column)).where(*conditions))
        return found

    rep = role is Role.REP
    call = one(Call.id, Call.status == CallStatus.DONE, *([Call.rep_id == user.id] if rep else []))
    sheet = one(CallSheet.id, CallSheet.status != SheetStatus.DRAFT, *([CallSheet.rep_id == user.id] if rep else []))
    doctor, hospital = session.execute(select(Call.main_doctor_id, Call.hospital_id).where(Call.id == call)).one()
    accounts = [f"/doctors/{doctor}", f"/hospitals/{hospital}", "/search?q=a"]
    field = [
        f"/calls/{call}", f"/sheets/{sheet}", f"/reports/{one(ReportSnapshot.id)}", f"/meeting/{one(Review.id)}",
        f"/meeting/{one(Review.id)}/slides", f"/doctors/{doctor}/ratings",
    ]  # fmt: skip
    own_time_off, own_duty = ([TimeOff.rep_id == user.id], [EveningDuty.rep_id == user.id]) if rep else ([], [])
    diary = [
        "/diary/2026-W49", "/time-off/new", f"/time-off/{one(TimeOff.id, *own_time_off)}", "/appointments/new",
        f"/appointments/{one(Appointment.id, Appointment.weekday == 1)}", "/evenings/2026-12",
        f"/evenings/duties/{one(EveningDuty.id, *own_duty)}", f"/diary/base/{user.id if rep else one(RepBase.rep_id)}",
    ]  # fmt: skip
    own = {
        Role.REP: [*field, *diary, f"/calls/new?doctor_id={doctor}&day=2026-11-23", "/calls/find"],
        Role.LEAD: [
            *field, f"/targets/{one(QuotaSplit.target_id)}/split", f"/hospitals/{hospital}/edit",
            f"/doctors/{doctor}/edit", "/splits/factors",
            *diary, f"/reception/{hospital}", "/travel",
        ],
        Role.ADMIN: [
            f"/imports/{one(ImportBatch.id)}", f"/admin/users/{user.id}", "/admin/users/new", "/design", "/products/1",
            "/hospitals/new", "/doctors/new", "/territories/new", f"/territories/{hospital}",
        ],
    }  # fmt: skip
    return accounts + own[role]


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
