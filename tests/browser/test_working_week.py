"""The working week, end to end, as five people at a desk and on a phone would do it."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from repcrm.accounts.models import ClinicSession, Tier
from repcrm.accounts.models import Session as Part
from repcrm.calls.models import CallSheet, SheetStatus
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.models import FlowLine, ImportKind
from repcrm.scheduler import runner
from repcrm.targets.models import HospitalTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.web.languages import catalogue
from tests import factories as make
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

LANGUAGES = {"zh on a phone": ("zh", PHONE), "en on a desktop": ("en", DESKTOP)}

# By hand: 100 packs in November 2026, whose 21 working days lie 0, 5, 5, 5, 5 and 1 in its six slices. A full week
# is 100 x 5/21 = 23.8 and the last Monday 4.8; rounded down that is 96, and the four packs left go to the four
# larger remainders: 24, 24, 24, 24, 4. Week 47 is to bring 24 packs; 18 came: a gap of 6, an attainment of 75 %.
WEEK_TARGET, WEEK_FLOW, WEEK_GAP = 24, 18, 6


class Walk:
    """The company of the walk, and a window for each of its people."""

    def __init__(self, session, save, region, rep, lead, admin, open_page, language: str, viewport) -> None:
        self.session = session
        self.rep, self.lead, self.admin = rep, lead, admin
        self._open = open_page
        self.language, self._viewport = language, viewport
        self._words = catalogue(language)
        self.product = make.make_product(session, code="ANF", name="Anfortan")
        make.make_price(session, product=self.product, price_fen=5000)
        make.make_distributor(session, name="Example Distribution")
        self.hospital = make.make_hospital(session, region=region, code="H1", name="East Hospital")
        ward = make.make_department(session, hospital=self.hospital, name="Cardiology")
        self.doctor = make.make_doctor(session, department=ward, name="Li Min", tier=Tier.KEY)
        self.colleague = make.make_doctor(session, department=ward, name="Wang Fang")
        session.add(ClinicSession(doctor_id=self.doctor.id, weekday=5, session=Part.AM))
        make.make_assignment(session, hospital=self.hospital, product=self.product, rep=rep)
        save(self.hospital)

    def say(self, text: str, **values: object) -> str:
        """The words of the reader's language."""
        return self._words.gettext(text) % values

    def window(self, person, path: str, **options) -> Page:
        """A window of a person's own."""
        self.session.rollback()  # what it read before is old by now
        return self._open(person, path, language=self.language, viewport=self._viewport, **options)

    @property
    def on_phone(self) -> bool:
        """Whether the people of this walk hold a phone."""
        return self._viewport is PHONE


@pytest.fixture(params=LANGUAGES.values(), ids=list(LANGUAGES))
def company(request, session, save, region, rep, lead, admin, open_page) -> Walk:
    return Walk(session, save, region, rep, lead, admin, open_page, *request.param)


def test_a_working_week_from_the_sheet_to_the_meeting(company: Walk, settings, fixed_clock, tmp_path):
    traveller = fixed_clock("2026-11-20T10:00+08:00")
    the_rep_logs_a_call_and_hands_the_sheet_in(company)
    the_lead_sets_a_target_splits_it_and_approves(company)
    the_back_office_imports_a_file_once_it_is_right(company, tmp_path)
    traveller.move_to(datetime.fromisoformat("2026-11-23T06:00+08:00"))
    the_clock_ticks(settings)
    traveller.move_to(datetime.fromisoformat("2026-11-23T08:30+08:00"))
    the_monday_page_shows_the_week_and_takes_an_action(company)
    traveller.move_to(datetime.fromisoformat("2026-11-30T06:00+08:00"))
    the_clock_ticks(settings)
    the_action_comes_back_next_week(company)


def the_rep_logs_a_call_and_hands_the_sheet_in(walk: Walk) -> None:
    page, say = walk.window(walk.rep, "/"), walk.say
    expect(page.locator("html")).to_have_attribute("lang", {"zh": "zh-CN", "en": "en"}[walk.language])
    page.get_by_role("link", name=say("Record"), exact=True).click()
    page.get_by_role("radio", name=say("goal met"), exact=True).check()
    page.get_by_role("checkbox", name="Anfortan").check()
    page.get_by_role("button", name=say("Save"), exact=True).click()
    expect(page.get_by_text(say("%(done)s / %(all)s done", done=1, all=1))).to_be_visible()
    page.get_by_role("button", name=say("Hand in sheet")).click()
    expect(page.get_by_text(say("This sheet is handed in"))).to_be_visible()
    walk.session.rollback()
    sheet = walk.session.scalars(select(CallSheet)).one()
    assert (sheet.status, sheet.day_on) == (SheetStatus.SUBMITTED, date(2026, 11, 20))


def the_lead_sets_a_target_splits_it_and_approves(walk: Walk) -> None:
    page, say = walk.window(walk.lead, "/targets?period=2026-Q4"), walk.say
    cell = page.locator(f'[data-cell="{walk.hospital.id}:2026-11"]')
    if walk.on_phone:
        cell.locator(".target-grid__input").fill("100")
    else:
        cell.click()
        page.keyboard.type("100")
        page.keyboard.press("Enter")
    page.get_by_role("button", name=say("Save targets")).click()
    expect(page.get_by_text("100").first).to_be_visible()
    page.goto("/splits?month=2026-11")
    page.get_by_role("link", name="East Hospital").first.click()
    page.get_by_role("button", name=say("evenly")).click()
    page.get_by_role("button", name=say("Save and approve")).click()
    expect(page.get_by_text(say("approved")).first).to_be_visible()
    walk.session.rollback()
    target = walk.session.scalars(select(HospitalTarget)).one()
    assert (target.month_on, target.floor_packs) == (date(2026, 11, 1), 100)
    assert walk.session.scalars(select(QuotaSplit.status)).all() == [SplitStatus.APPROVED]
    assert walk.session.scalars(select(QuotaShare.packs)).all() == [50, 50]


def the_back_office_imports_a_file_once_it_is_right(walk: Walk, folder) -> None:
    page, say = walk.window(walk.admin, "/imports"), walk.say
    lines = ["医院编码,产品编码,日期,盒数", "H1,ANF,2026-11-18,１８", "H9,ANF,2026-11-18,5", "H1,ANF,2026-11-19,many"]
    wrong = folder / "wrong.csv"
    wrong.write_bytes("\r\n".join(lines).encode("gb18030"))
    right = folder / "right.csv"
    right.write_bytes("\r\n".join(lines[:2]).encode("gb18030"))

    read(page, say, wrong)
    expect(page.get_by_text(say("Rejected rows: %(count)s. The file cannot be applied", count=1))).to_be_visible()
    expect(page.get_by_text("H9").first).to_be_visible()
    expect(page.get_by_role("button", name=say("Apply"), exact=True)).to_have_count(0)
    walk.session.rollback()
    assert walk.session.scalars(select(FlowLine)).all() == []

    page.goto("/imports")
    read(page, say, right)
    page.get_by_role("button", name=say("Apply"), exact=True).click()
    expect(page.get_by_role("button", name=say("Revert"), exact=True)).to_be_visible()
    walk.session.rollback()
    assert walk.session.execute(select(FlowLine.on, FlowLine.packs)).all() == [(date(2026, 11, 18), WEEK_FLOW)]


def read(page: Page, say: Callable[..., str], file) -> None:
    page.get_by_role("radio", name=say(ImportKind.FLOW.label), exact=True).check()
    page.locator("#file").set_input_files(file)
    page.locator("input[name=distributor]").fill("Example Distribution")
    page.locator("input[name=period]").fill("2026-11")
    page.get_by_role("button", name=say("Read and check")).click()


def the_clock_ticks(settings) -> None:
    clock = runner.start(settings)  # its first tick comes at once
    clock.shutdown()


def the_monday_page_shows_the_week_and_takes_an_action(walk: Walk) -> None:
    walk.session.rollback()
    snapshot = walk.session.scalars(select(ReportSnapshot).where(ReportSnapshot.period == "2026-W47")).one()
    assert snapshot.revision == 1
    page, say = walk.window(walk.lead, "/"), walk.say
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026-W47")
    figures = page.locator("#figures")
    expect(figures).to_contain_text("75")
    expect(figures).to_contain_text(str(WEEK_GAP))
    expect(page.locator("#table")).to_contain_text(walk.rep.name)
    page.locator("input[name=what], textarea[name=what]").first.fill("Ask the pharmacy for the missing six packs")
    page.locator("select[name=owner_id]").first.select_option(label=walk.rep.name)
    page.locator("input[name=due_on]").first.fill("2026-12-04")
    page.get_by_role("button", name=say("Decide"), exact=True).click()
    expect(page.locator("#new-action")).to_contain_text("Ask the pharmacy for the missing six packs")


def the_action_comes_back_next_week(walk: Walk) -> None:
    page = walk.window(walk.lead, "/meeting")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026-W48")
    expect(page.locator("#actions")).to_contain_text("Ask the pharmacy for the missing six packs")
    expect(page.locator("#actions")).to_contain_text(walk.rep.name)
