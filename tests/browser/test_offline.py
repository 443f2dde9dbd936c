"""A rep's phone without a network: opened cold, written on, killed, and everything arrives once."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Error, Page, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from repcrm.calls.models import Call, CallResult, CallStatus, SheetStatus
from repcrm.calls.service import cancel_call
from repcrm.sync.models import SyncOperation
from tests.browser.conftest import PHONE, cookie_of, until
from tests.browser.wire import Wire
from tests.factories import (
    make_assignment,
    make_call,
    make_clinic_session,
    make_department,
    make_doctor,
    make_follow_up,
    make_hospital,
    make_product,
    scope_of,
)

pytestmark = pytest.mark.browser

TODAY = date(2026, 11, 23)
SHEET = "html[data-sheet]"
SYNCED, KEPT = "已同步", "[data-queue]"


@pytest.fixture
def wire(app: Flask) -> Wire:
    return Wire(app)


@pytest.fixture
def server(wire: Wire) -> Iterator[str]:
    """The app behind the wire."""
    running = make_server("127.0.0.1", 0, wire, threaded=True)
    thread = Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:20+08:00")


@pytest.fixture
def product(session):
    return make_product(session, name="安复坦")


@pytest.fixture
def ward(session, region, rep, product):
    hospital = make_hospital(session, region=region, name="海棠第一人民医院")
    make_assignment(session, hospital=hospital, rep=rep, product=product)
    return make_department(session, hospital=hospital, name="心内科")


@pytest.fixture
def doctors(session, ward, save):
    """Thirty doctors who can be met."""
    found = []
    for number in range(30):
        doctor = make_doctor(session, name=f"医生{number:02}", department=ward, name_initials=f"ys{number:02}")
        make_clinic_session(session, doctor=doctor)
        found.append(doctor)
    save()
    return found


@pytest.fixture
def planned(session, rep, ward, doctors, save):
    """A planned call of today, and one of Thursday."""
    calls = [
        make_call(
            session, rep=rep, day_on=day, hospital=ward.hospital, department=ward, main_doctor=doctors[at],
            status=CallStatus.PLANNED, is_planned=True,
        )
        for at, day in enumerate((TODAY, TODAY + timedelta(days=3)))
    ]  # fmt: skip
    return save(*calls)


@pytest.fixture
def phone(open_page, rep, planned):
    """The rep's phone after one visit online."""

    def opened(**options) -> Page:
        page = open_page(
            rep, "/today", language="zh", viewport=PHONE, has_touch=True, is_mobile=True, loses_network=True,
            refusals=(401, 409, 503), **options,
        )  # fmt: skip
        expect(page.locator(KEPT)).to_be_visible()  # no sooner than there is something to open
        expect(page.locator(KEPT)).to_have_text(SYNCED)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        until(page, "caches.match('/offline').then(Boolean)")
        until(page, "navigator.serviceWorker.controller !== null")
        return page

    return opened


def airplane(page: Page, wire: Wire, on: bool = True) -> None:
    wire.is_cut = on
    page.context.set_offline(on)


def cold(context: BrowserContext, path: str = "/today") -> Page:
    """A new tab on the app's first page."""
    page = context.new_page()
    page.goto(path)
    page.wait_for_selector(SHEET)
    return page


def killed(page: Page) -> BrowserContext:
    """The tab's process dies; what is left of it is the browser."""
    context = page.context
    with suppress(Error):
        page.goto("chrome://crash", timeout=3000)
    page.close()
    return context


def chip(page: Page, words: str):
    return page.locator("label.chip", has_text=words).first


def record(page: Page, route: str, result: str = "未见到") -> None:
    """Record a call on the page without a network; it is written down when this returns."""
    page.evaluate("route => { location.hash = route; }", route)
    page.wait_for_selector("form.call-sheet")
    chip(page, result).click()
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector("form.call-sheet", state="detached")


def state(page: Page):
    return page.locator(KEPT)


def calls_done(session) -> list[tuple[int, int]]:
    """Doctor -> how many calls were made on them."""
    session.rollback()
    done = select(Call.main_doctor_id, func.count()).where(Call.status == CallStatus.DONE)
    return [(doctor, count) for doctor, count in session.execute(done.group_by(Call.main_doctor_id))]


def test_the_day_and_the_next_seven_open_cold_without_a_network(phone, wire):
    page = phone()
    airplane(page, wire)
    page.close()
    page = cold(page.context)
    expect(page.get_by_role("heading", name="医生00")).to_be_visible()
    for _ in range(3):
        page.get_by_role("link", name="后一天").click()
    expect(page.get_by_role("heading", name="医生01")).to_be_visible()
    expect(page.get_by_role("link", name="记录")).to_be_hidden()
    cold(page.context, "/reports").get_by_role("heading", name="此页需要网络").wait_for()


def test_thirty_calls_in_airplane_mode_arrive_once_each(phone, wire, session, planned, doctors):
    page = phone()
    airplane(page, wire)
    page = cold(page.context)
    record(page, f"call/call-{planned.id}", "部分达成")
    for number, doctor in enumerate(doctors[1:], 1):
        record(page, f"new/{doctor.id}/{TODAY}")
        if number == 10:
            page.reload()
            page.wait_for_selector(SHEET)
        if number == 20:
            page = cold(killed(page))
    expect(state(page)).to_contain_text("30 条待同步")
    assert calls_done(session) == []
    airplane(page, wire, on=False)
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    assert calls_done(session) == [(doctor.id, 1) for doctor in doctors]


@pytest.mark.parametrize("faults", [["lose"], ["deafen"], ["repeat"], ["deafen", "lose", "deafen", "repeat"]])
def test_what_is_lost_or_repeated_on_the_way_arrives_once(phone, wire, session, planned, faults):
    page = phone()
    wire.faults = list(faults)
    page.goto(f"/calls/{planned.id}/record")
    chip(page, "达成").click()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-toast]")).to_contain_text("已保存")
    for _ in faults:
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(300)
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    assert calls_done(session) == [(planned.main_doctor_id, 1)]
    assert session.scalar(select(func.count()).select_from(SyncOperation)) == 1


def test_a_busy_server_is_asked_again_by_itself(phone, wire, session, planned):
    page = phone()
    wire.faults = ["busy"]
    page.goto(f"/calls/{planned.id}/record")
    chip(page, "达成").click()
    page.get_by_role("button", name="保存").click()
    expect(state(page)).to_contain_text("1 条待同步")
    assert calls_done(session) == []
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    assert calls_done(session) == [(planned.main_doctor_id, 1)]


def test_what_arrives_as_the_next_page_opens_can_still_be_taken_back(phone, wire, session, planned):
    page = phone()
    wire.faults = ["lose"]
    page.goto(f"/calls/{planned.id}/record")
    chip(page, "达成").click()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-today] progress")).to_have_attribute("value", "1")
    expect(page.locator("[data-toast]")).to_contain_text("已保存")
    assert calls_done(session) == [(planned.main_doctor_id, 1)]


def test_an_old_request_that_comes_last_changes_nothing(phone, wire, session, planned, doctors):
    page = phone()
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.url.endswith("/operations") else None)
    page.goto(f"/offline#call/call-{planned.id}")
    page.wait_for_selector(SHEET)
    record(page, f"call/call-{planned.id}", "部分达成")
    expect(state(page)).to_have_text(SYNCED)
    record(page, f"call/call-{planned.id}", "未达成")
    expect(state(page)).to_have_text(SYNCED)
    late = page.evaluate(
        """async (body) => {
            const { token } = await (await fetch("/api/v1/token")).json();
            const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
            return (await fetch("/api/v1/operations", { method: "POST", headers, body })).json();
        }""",
        sent[0],
    )
    assert late["answers"][0]["outcome"] == "applied"
    session.rollback()
    assert planned.result is CallResult.NOT_MET


def test_unsubmitted_calls_are_changed_and_taken_back_and_the_sheet_handed_in(
    phone, wire, session, rep, planned, doctors
):
    promise = make_follow_up(
        session, call=make_call(session, rep=rep, day_on=date(2026, 11, 16), main_doctor=doctors[5]), due_on=TODAY
    )
    session.commit()
    page = phone()
    airplane(page, wire)
    page = cold(page.context)
    record(page, f"call/call-{planned.id}", "部分达成")
    record(page, f"call/call-{planned.id}", "未达成")
    record(page, f"new/{doctors[7].id}/{TODAY}")
    page.get_by_role("link", name="医生07").click()
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("link", name="医生07")).to_have_count(0)
    page.get_by_role("link", name="跟进").click()
    page.get_by_role("button", name="已完成").click()
    expect(page.get_by_text("这几天没有承诺的跟进。")).to_be_visible()
    page.get_by_role("link", name="今日").click()
    page.get_by_role("button", name="提交日报").click()
    expect(page.get_by_text("这张工作表已提交")).to_be_visible()
    airplane(page, wire, on=False)
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    session.rollback()
    assert [(planned.status, planned.result)] == [(CallStatus.DONE, CallResult.NOT_MET)]
    assert planned.sheet.status is SheetStatus.SUBMITTED
    assert promise.done_at is not None
    assert (doctors[7].id, 1) not in calls_done(session)


def test_an_ended_sign_in_keeps_everything_and_asks_to_sign_in(phone, wire, session, app, rep, planned):
    page = phone()
    cookies = page.context.cookies()
    page.goto("/offline#day")
    page.wait_for_selector(SHEET)
    page.context.clear_cookies(name="repcrm")
    record(page, f"call/call-{planned.id}", "达成")
    expect(page.get_by_role("link", name="请登录，以发送手机上的草稿")).to_be_visible()
    expect(state(page)).to_contain_text("1 条待同步")
    assert calls_done(session) == []
    page.context.add_cookies(cookies)
    page.goto("/today")
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    assert calls_done(session) == [(planned.main_doctor_id, 1)]


def test_drafts_are_never_sent_as_somebody_else(phone, wire, session, app, rep, other_rep, planned):
    page = phone()
    own = page.context.cookies()
    page.goto("/offline#day")
    page.wait_for_selector(SHEET)
    wire.is_cut = True
    record(page, f"call/call-{planned.id}", "达成")
    wire.is_cut = False
    page.context.add_cookies([{**own[0], "value": cookie_of(app, session, other_rep)}])
    page.reload()
    expect(page.get_by_role("link", name="手机上的草稿属于另一位用户")).to_be_visible()
    page.goto("/today")
    expect(state(page)).to_have_text(SYNCED)  # the other one has a log of their own
    assert session.scalars(select(SyncOperation)).all() == []
    page.context.add_cookies(own)
    page.goto("/today")
    expect(page.get_by_role("link", name="医生00")).to_be_visible()
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    session.rollback()
    assert session.scalars(select(SyncOperation.user_id)).all() == [rep.id]


def test_two_devices_say_different_things_and_the_rep_chooses(phone, wire, session, planned):
    page, tablet = phone(), phone()
    for device in (page, tablet):
        device.goto(f"/offline#call/call-{planned.id}")
        device.wait_for_selector("form.call-sheet")
    airplane(page, wire)
    for device, words in ((page, "手机"), (tablet, "平板")):
        chip(device, "部分达成").click()
        device.get_by_label("备注").fill(words)
        device.get_by_role("button", name="保存").click()
        device.wait_for_selector("form.call-sheet", state="detached")  # written down
        if device is page:
            expect(state(page)).to_contain_text("1 条待同步")
            wire.is_cut = False
        else:
            expect(state(tablet)).to_have_text(SYNCED, timeout=20_000)
    airplane(page, wire, on=False)
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    session.rollback()
    assert planned.summary == "平板"
    page.goto("/today")
    page.get_by_role("link", name="选择以哪一份为准").click()
    expect(page.locator(".banner--conflict")).to_contain_text("手机")
    expect(page.locator(".banner--conflict")).to_contain_text("平板")
    chip(page, "两者都保留").click()
    page.get_by_role("button", name="决定").click()
    expect(page.get_by_text("已选择")).to_be_visible()
    session.rollback()
    assert planned.summary == "平板\n手机"


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_is_two_days_off_does_no_harm(phone, wire, session, planned, doctors, hours):
    page = phone(clock=datetime(2026, 11, 23, 2, 20, tzinfo=UTC) + timedelta(hours=hours))
    airplane(page, wire)
    page.goto("/today")
    page.wait_for_selector(SHEET)
    expect(page.get_by_role("heading", name="医生00")).to_be_visible()  # today is the office's today
    record(page, f"call/call-{planned.id}", "达成")
    record(page, f"new/{doctors[3].id}/{TODAY}")
    airplane(page, wire, on=False)
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    session.rollback()
    assert {call.day_on for call in session.scalars(select(Call).where(Call.status == CallStatus.DONE))} == {TODAY}
    for kept in session.scalars(select(SyncOperation)):
        assert kept.received_at == datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
        assert abs((kept.device_time - kept.received_at).total_seconds()) > 47 * 3600


def test_what_the_server_refuses_stays_with_its_reason(phone, wire, session, planned, rep):
    page = phone()
    airplane(page, wire)
    page.goto("/today")
    page.wait_for_selector(SHEET)
    record(page, f"call/call-{planned.id}", "达成")
    cancel_call(session, scope_of(rep, TODAY), planned, "Ill")
    session.commit()
    airplane(page, wire, on=False)
    expect(state(page)).to_have_text("1 条需处理", timeout=20_000)
    page.goto("/offline#queue")
    expect(page.locator(".visit--conflict")).to_contain_text("不能再处理")
    page.get_by_role("button", name="记为临时拜访").click()
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    assert calls_done(session) == [(planned.main_doctor_id, 1)]


def test_two_tabs_do_not_send_twice(phone, wire, session, planned, doctors):
    page = phone()
    airplane(page, wire)
    page.goto("/today")
    page.wait_for_selector(SHEET)
    other = cold(page.context)
    record(page, f"call/call-{planned.id}", "达成")
    expect(state(other)).to_contain_text("1 条待同步")
    airplane(page, wire, on=False)
    for tab in (page, other):
        expect(state(tab)).to_have_text(SYNCED, timeout=20_000)
    assert wire.batches == 1


def test_without_a_worker_a_draft_is_safe_and_the_page_says_so(open_page, rep, planned, wire, session):
    page = open_page(
        rep, f"/calls/{planned.id}/record", language="zh", viewport=PHONE, loses_network=True, service_workers="block"
    )
    expect(state(page)).to_have_text(SYNCED)
    airplane(page, wire)
    chip(page, "部分达成").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已存在手机上，有网络时自动发送。").first).to_be_visible()
    expect(state(page)).to_contain_text("1 条待同步")
    airplane(page, wire, on=False)
    expect(state(page)).to_have_text(SYNCED, timeout=20_000)
    assert calls_done(session) == [(planned.main_doctor_id, 1)]
    page.goto("/offline#queue")
    expect(page.get_by_text("此浏览器无网络时无法打开")).to_be_visible()


def test_signing_out_takes_everything_off_the_phone_but_asks_first(phone, wire, planned):
    page = phone()
    airplane(page, wire)
    page.goto("/today")
    page.wait_for_selector(SHEET)
    record(page, f"call/call-{planned.id}", "达成")
    page.context.set_offline(False)
    wire.faults = ["lose"] * 9
    wire.is_cut = False
    page.goto("/today")
    page.locator(".account summary").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("还有 1 条草稿未发送")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert page.evaluate("localStorage.getItem('repcrm-owner')") is None


def test_after_a_day_drafts_ask_for_help_and_can_be_exported(phone, wire, planned):
    page = phone(clock=datetime(2026, 11, 23, 2, 20, tzinfo=UTC))
    airplane(page, wire)
    page.goto("/today")
    page.wait_for_selector(SHEET)
    record(page, f"call/call-{planned.id}", "达成")
    page.clock.set_fixed_time(datetime(2026, 11, 24, 4, 20, tzinfo=UTC))
    page.reload()
    page.wait_for_selector(SHEET)
    expect(state(page)).to_contain_text("已等 26 小时")
    page.get_by_role("link", name="有草稿超过一天未发送").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出我的草稿").click()
    drafts = json.loads(saved.value.path().read_text("utf-8"))
    assert [(one["entity_id"], one["fields"]["result"]) for one in drafts] == [(f"call-{planned.id}", "goal_met")]


def test_what_lies_on_the_disk_cannot_be_read(phone, planned):
    page = phone()
    kept = page.evaluate(
        """async () => {
            const [{ name }] = await indexedDB.databases();
            const opened = indexedDB.open(name);
            const db = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
            const all = (store) => new Promise((done) => {
                db.transaction(store).objectStore(store).getAll().onsuccess = ({ target }) => done(target.result);
            });
            const [key] = await all("keys");
            const [box] = await all("kept");
            const text = new TextDecoder("latin1").decode(box.bytes);
            const leaves = await crypto.subtle.exportKey("raw", key).then(() => true, () => false);
            return { leaves, extractable: key.extractable, readable: text.includes("doctor") };
        }"""
    )
    assert kept == {"leaves": False, "extractable": False, "readable": False}


def test_what_lay_idle_for_a_fortnight_is_taken_away(phone):
    page = phone()
    page.evaluate(
        """async () => {
            const opened = indexedDB.open("repcrm-77");
            await new Promise((done) => { opened.onsuccess = () => { opened.result.close(); done(); }; });
            localStorage.setItem("repcrm-owners", JSON.stringify({ 77: Date.now() - 15 * 86400000 }));
        }"""
    )
    page.reload()
    expect(state(page)).to_have_text(SYNCED)
    names = page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
    assert "repcrm-77" not in names


def test_the_worker_takes_itself_away_when_it_is_switched_off(phone, app):
    page = phone()
    app.config["REPCRM"] = app.config["REPCRM"].model_copy(update={"offline": False})
    page.evaluate("navigator.serviceWorker.getRegistration().then(one => one.update())")
    until(page, "navigator.serviceWorker.getRegistrations().then(all => all.length === 0)")
    until(page, "caches.keys().then(all => all.length === 0)")


@pytest.mark.parametrize("width", [320, 390])
def test_everybody_can_read_the_pages_without_a_network(phone, wire, session, planned, doctors, width):
    page = phone()
    page.set_viewport_size({"width": width, "height": 700})
    airplane(page, wire)
    page.goto("/offline")
    page.wait_for_selector(SHEET)
    record(page, f"new/{doctors[7].id}/{TODAY}")
    for route in ("day", f"call/call-{planned.id}", "find", "promises", "queue", "elsewhere"):
        page.evaluate("route => { location.hash = route; }", route)
        page.wait_for_timeout(200)
        if route == "find":
            page.get_by_role("searchbox").fill("ys0")
        assert [(one["id"], route) for one in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, route
