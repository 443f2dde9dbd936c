"""The checklist of setting up: an administrator meets it first, others never."""

import re
from datetime import date

import pytest

from repcrm.core import clock
from repcrm.settings import Settings
from tests import factories as make


@pytest.fixture
def admin_browser(client_as, session, save):
    return client_as(save(make.make_admin(session, language="en", password_hash="x")))


def test_the_first_administrator_is_led_to_the_checklist_which_lacks_everything(admin_browser):
    assert admin_browser.get("/").location == "/setup"
    page = admin_browser.get("/setup").text
    assert "0 of 8 done" in page
    assert page.count("not set up") == 8
    assert "There are no public holidays on file for" in page
    assert 'href="/imports?kind=regions"' in page
    assert 'href="/imports/templates/people.xlsx"' in page


def test_every_page_and_template_the_checklist_names_is_there(admin_browser):
    page = admin_browser.get("/setup").text
    main = page[page.index("<main") :]
    for address in set(re.findall(r'href="(/[^"#]*)"', main)):
        assert admin_browser.get(address).status_code == 200, address


def test_the_import_page_opens_with_the_kind_asked_for(admin_browser):
    page = admin_browser.get("/imports?kind=people").text
    (chosen,) = re.findall(r'<input[^>]*name="kind"[^>]*checked[^>]*>', page)
    assert 'value="people"' in chosen
    assert admin_browser.get("/imports?kind=nonsense").status_code == 200


def test_the_checklist_is_in_the_language_of_the_reader(client_as, session, save):
    browser = client_as(save(make.make_admin(session, language="zh")))
    page = browser.get("/setup").text
    assert "已完成 0 / 8" in page
    assert "年的节假日" in page


def test_names_in_the_checklist_are_escaped(admin_browser, session, region):
    make.make_hospital(session, name="<b>First</b>", region=region)
    assert "&lt;b&gt;First" in admin_browser.get("/setup").text


def test_a_rep_and_a_lead_are_refused(client_as, rep, lead):
    for user in (rep, lead):
        assert client_as(user).get("/setup").status_code == 403
        assert client_as(user).get("/").location in ("/today", "/meeting")


def test_an_administrator_begins_with_the_imports_once_a_report_can_be_trusted(
    admin_browser, session, region, settings: Settings
):
    today = clock.today(settings.zone)
    monday = date.fromordinal(today.toordinal() - today.weekday() - 7)
    rep, product = make.make_rep(session, region=region), make.make_product(session)
    hospital = make.make_hospital(session, region=region)
    make.make_assignment(session, hospital=hospital, product=product, rep=rep, from_on=date(2020, 1, 1))
    make.make_price(session, product=product, from_on=date(2020, 1, 1))
    for on in {monday, date.fromordinal(monday.toordinal() + 6)}:
        make.make_calendar_day(session, on=on)
    for month in {monday.replace(day=1), date.fromordinal(monday.toordinal() + 6).replace(day=1)}:
        make.make_target(session, hospital=hospital, product=product, month_on=month)
    year, week, _ = monday.isocalendar()
    make.make_batch(session, period=f"{year}-W{week:02}", applied_at=clock.now())
    assert admin_browser.get("/").location == "/imports"
    page = admin_browser.get("/setup").text
    assert f"Weekly gap reports can be trusted from Week {week}, {year} on." in page
