"""A company is founded and lives a week, only through pages, files and the two commands of the installation guide."""

import html
import io
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor
from repcrm.cli import main
from repcrm.reports.body import Body
from repcrm.reports.models import ReportSnapshot
from tests.client import Browser, browser_on

EN = {"Accept-Language": "en"}
OWN = "a password of one's own"

REGIONS = "大区编码,大区名称\nEAST,华东大区\n"
PEOPLE = (
    "工号,姓名,用户名,岗位,大区\nM1,周晴,zhouqing,地区经理,EAST\n"
    "R1,陈晓,chenxiao,医药代表,EAST\nR2,李雷,lilei,医药代表,EAST\n"
)
PRODUCTS = "产品编码,产品名称,规格,单位\nP1,产品甲,10mg×28片,盒\nP2,产品乙,5ml,支\n"
PRICES = "产品编码,单价（元）,开始日期\nP1,50.00,2026-01-01\nP2,30.00,2026-01-01\n"
HOSPITALS = (
    "医院编码,医院名称,大区,等级,城市\nH1,江岸第一医院,EAST,三级甲等,江岸市\nH2,江岸第二医院,EAST,二级甲等,江岸市\n"
)
DOCTORS = (
    "医生编码,姓名,医院编码,科室,任职日期\n"
    "D1,林若云,H1,心内科,2026-01-01\nD2,方远,H1,心内科,2026-01-01\nD3,何静,H2,肾内科,2026-01-01\n"
)
TERRITORIES = (
    "医院编码,产品编码,代表编码,开始日期,辖区编码\n"
    "H1,P1,R1,2026-11-01,T1\nH1,P2,R1,2026-11-01,T1\nH2,P1,R2,2026-11-01,T2\nH2,P2,R2,2026-11-01,T2\n"
)
TARGETS = (
    "医院编码,产品编码,月份,保底（盒）,挑战（盒）\n"
    "H1,P1,2026-11,105,126\nH2,P1,2026-11,42,63\nH2,P2,2026-11,21,21\nH1,P1,2026-12,115,138\n"
)
DISTRIBUTORS = "商业公司编码,商业公司名称\nD1,澄江医药\n"
SALES = (
    "医院编码,产品编码,日期,盒数,金额（元）\n"
    "H1,P1,2026-11-16,12,\nH1,P1,2026-11-18,10,\nH1,P1,2026-11-19,-2,\n"
    "H2,P1,2026-11-17,4,230.00\nH2,P2,2026-11-20,6,\n"
)


@pytest.fixture
def command(database, monkeypatch):
    """A command on this test's database: what it prints, after it has succeeded."""
    monkeypatch.setenv("REPCRM_DATABASE_URL", database)
    monkeypatch.setenv("REPCRM_SECRET_KEY", "x1y2" * 8)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*arguments: str, status: int = 0) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == status, result.output
        return result.output

    return run


@pytest.fixture
def office(app, session) -> "Office":
    return Office(lambda: browser_on(app, session))


class Office:
    """What people of the company do in their browsers."""

    def __init__(self, window: Callable[[], Browser]) -> None:
        self.window = window

    def first_sign_in(self, username: str, password: str) -> tuple[Browser, str]:
        """Sign in with a first password and choose another; returns the browser and where the person is led."""
        browser = self.window()
        assert browser.post("/sign-in", data={"username": username, "password": password}).status_code == 302
        changed = {"current": password, "password": OWN, "again": OWN}
        answer = browser.post("/me/password", data=changed, headers=EN)
        assert answer.status_code == 302, answer.text
        return browser, browser.get(answer.location).location

    def sign_in(self, username: str) -> Browser:
        """Sign in with one's own password, as on any other morning."""
        browser = self.window()
        assert browser.post("/sign-in", data={"username": username, "password": OWN}).location == "/"
        return browser

    def take_in(self, admin: Browser, kind: str, text: str, **more: str) -> None:
        """Read a file on the import page, look at it, and apply it."""
        data = {
            "kind": kind,
            "distributor": "",
            "period": "",
            **more,
            "file": (io.BytesIO(text.encode()), f"{kind}.csv"),
        }
        read = admin.post("/imports", data=data, content_type="multipart/form-data", headers=EN)
        assert read.status_code == 302, read.text
        shown = admin.get(read.location, headers=EN).text
        assert "Nothing is imported yet" in shown, shown
        assert admin.post(f"{read.location}/apply").status_code == 302
        assert "Applied on" in admin.get(read.location, headers=EN).text


def first_passwords(page: str) -> dict[str, str]:
    """User name -> first password, off the page that shows them once."""
    return dict(re.findall(r">(\w+)</td><td[^>]*>(?:<[^>]*>)*([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<", page))


def found_company(command: Callable[..., str], office: Office) -> dict[str, str]:
    """Install, sign in, and bring everything in that the checklist asks for; returns people's first passwords."""
    command("db", "upgrade")
    said = command("user", "add", "--role", "admin", "--username", "wang", "--name", "王敏")
    admin, led_to = office.first_sign_in("wang", said.split()[-1])
    assert led_to == "/setup"
    for kind, text in (
        ("regions", REGIONS), ("people", PEOPLE), ("products", PRODUCTS), ("prices", PRICES), ("hospitals", HOSPITALS),
        ("doctors", DOCTORS), ("territories", TERRITORIES), ("targets", TARGETS), ("distributors", DISTRIBUTORS),
    ):  # fmt: skip
        office.take_in(admin, kind, text)
    return first_passwords(html.unescape(admin.post("/admin/users/first-passwords", headers=EN).text))


def log_call(rep: Browser, session: Session, doctor: str, outcome: str) -> None:
    """Record a call on a doctor that nobody planned, as a thumb does it."""
    doctor_id = session.scalar(select(Doctor.id).where(Doctor.code == doctor))
    said = {"outcome": outcome, "call_type": "one_to_one", "purposes": ["increase_use"], "next_step": ""}
    assert rep.post(f"/calls/new?doctor_id={doctor_id}", data=said, headers=EN).status_code == 302


def test_a_company_is_founded_and_its_first_week_is_reported(command, office, session, fixed_clock, do_long_work):
    clock = fixed_clock("2026-11-16T08:00+08:00")
    passwords = found_company(command, office)
    assert passwords.keys() == {"zhouqing", "chenxiao", "lilei"}

    clock.move_to("2026-11-17T10:00+08:00")
    one, _ = office.first_sign_in("chenxiao", passwords["chenxiao"])
    log_call(one, session, "D1", "goal_met")
    log_call(one, session, "D2", "not_met")
    clock.move_to("2026-11-19T15:00+08:00")
    other, _ = office.first_sign_in("lilei", passwords["lilei"])
    log_call(other, session, "D3", "partly")

    clock.move_to("2026-11-23T08:30+08:00")
    admin = office.sign_in("wang")
    assert admin.get("/").location == "/setup"  # the week has not been delivered
    office.take_in(admin, "flow", SALES, distributor="澄江医药", period="2026-W47")
    assert admin.get("/").location == "/imports"
    assert "Weekly gap reports can be trusted from Week 47, 2026 on." in admin.get("/setup", headers=EN).text
    lead, _ = office.first_sign_in("zhouqing", passwords["zhouqing"])
    lead.post("/reports/freeze", data={"period": "2026-W47"})
    do_long_work()

    body = Body(session.scalars(select(ReportSnapshot)).one().body)
    total = body.total
    # November 2026 has 21 working days, five of them in W47: 105 packs are 25, 42 are 10 and 21 are 5; of the stretch
    # 126 are 30, 63 are 15 and 21 are 5. P1 costs 50 yuan a pack and P2 30: (25 + 10) x 50 + 5 x 30 = 1,900 yuan.
    assert (total.floor, total.stretch, total.floor_fen) == (40, 50, 190_000)
    # 12 + 10 - 2 = 20 packs at the price, 4 for 230 yuan as the file says, 6 of P2: 1,000 + 230 + 180 = 1,410 yuan.
    assert (total.actual, total.actual_fen) == (30, 141_000)
    assert (total.gap, total.gap_fen) == (10, 49_000)
    # Three calls, none of them planned; met in whole or in part are two.
    assert (total.planned, total.done, total.effective) == (0, 3, 2)
    by_rep = {
        rep.code: (row.floor, row.actual, row.done)
        for row in body.level("rep")
        if (rep := body.name("reps", row.rep)) is not None
    }
    assert by_rep == {"R1": (25, 20, 2), "R2": (15, 10, 1)}
