"""The user administration: each action through its form, in the words of the reader."""

import re

import pytest
from sqlalchemy import select

from repcrm.db.journal import JournalEntry
from repcrm.organisation import passwords
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from tests import factories

NEW = {"name": "陈晓", "username": "Chen", "code": "R1", "role": "rep"}


@pytest.fixture
def browser(client_as, session, save):
    return client_as(save(factories.make_admin(session, username="admin", language="en")))


def password_in(page):
    found = re.search(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", page)
    assert found
    return found.group()


def test_a_new_person_gets_a_password_shown_once_that_works(browser, client, session, region):
    response = browser.post("/admin/users/new", data={**NEW, "region_id": region.id})
    assert response.status_code == 200
    password = password_in(response.text)
    assert client.post("/sign-in", data={"username": "chen", "password": password}).status_code == 302
    assert client.get("/me").status_code == 200
    user = session.scalar(select(User).where(User.username == "chen"))
    assert password not in browser.get(f"/admin/users/{user.id}").text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(browser, session, region):
    taken = browser.post("/admin/users/new", data={**NEW, "username": "admin", "region_id": region.id})
    assert taken.status_code == 422
    assert taken.text.count("The user name “admin” is taken.") == 2
    assert 'value="陈晓"' in taken.text
    homeless = browser.post("/admin/users/new", data={**NEW, "region_id": ""})
    assert "A rep or regional lead belongs to a region." in homeless.text
    odd = browser.post("/admin/users/new", data={**NEW, "username": "chen xiao", "region_id": region.id})
    assert "Use letters, digits and . _ - @ only." in odd.text
    assert session.scalars(select(User.username)).all() == ["admin"]


def test_a_refusal_is_in_the_language_of_the_reader(client_as, session, save):
    browser = client_as(save(factories.make_admin(session, language="zh")))
    assert "医药代表或地区经理必须属于一个大区。" in browser.post("/admin/users/new", data=NEW).text


def test_a_person_is_edited_once_by_each_who_saw_them(browser, rep):
    first = browser.post(f"/admin/users/{rep.id}", data={"version": 1, "name": "陈晓", "code": "R1"})
    assert first.status_code == 302
    second = browser.post(f"/admin/users/{rep.id}", data={"version": 1, "name": "陈小", "code": "R1"})
    assert second.status_code == 409
    assert "Somebody else has changed this person meanwhile." in second.text


def test_another_role_signs_the_person_out(browser, client_as, rep, session):
    theirs = client_as(rep)
    change = {"role-version": 1, "role-role": "lead", "role-region_id": rep.region_id, "role-reason": "promoted"}
    assert browser.post(f"/admin/users/{rep.id}/role", data=change).status_code == 302
    assert theirs.get("/me").status_code == 302
    session.refresh(rep)
    assert rep.role is Role.LEAD
    assert session.scalars(select(JournalEntry.reason)).all() == ["promoted"]


def test_shutting_out_needs_a_reason_and_works_at_once(browser, client_as, rep, session):
    theirs = client_as(rep)
    refused = browser.post(f"/admin/users/{rep.id}/disable", data={"access-reason": ""})
    assert refused.status_code == 422
    assert theirs.get("/me").status_code == 200
    assert browser.post(f"/admin/users/{rep.id}/disable", data={"access-reason": "left"}).status_code == 302
    assert theirs.get("/me").status_code == 302
    assert browser.post(f"/admin/users/{rep.id}/enable", data={"access-reason": "back"}).status_code == 302
    session.refresh(rep)
    assert rep.is_active


def test_an_administrator_cannot_shut_themselves_out(browser, session):
    own = session.scalar(select(User).where(User.username == "admin"))
    response = browser.post(f"/admin/users/{own.id}/disable", data={"access-reason": "tired"})
    assert response.status_code == 422
    assert "You cannot do this to yourself" in response.text
    assert "This is you" in browser.get(f"/admin/users/{own.id}").text


def test_a_reset_password_is_shown_once_and_works(browser, client_as, rep, session):
    theirs = client_as(rep)
    password = password_in(browser.post(f"/admin/users/{rep.id}/password").text)
    session.refresh(rep)
    assert passwords.is_right(rep.password_hash, password)
    assert theirs.get("/me").status_code == 302


def test_the_list_is_filtered_by_words_and_role(browser, rep, lead):
    assert rep.name in browser.get("/admin/users?role=rep").text
    assert lead.name not in browser.get("/admin/users?role=rep").text
    assert lead.name not in browser.get(f"/admin/users?q={rep.code}").text
    assert "Nobody fits" in browser.get("/admin/users?q=zzz").text
    assert browser.get("/admin/users?role=nonsense").status_code == 200


def test_the_list_asks_the_database_as_often_for_fifty_as_for_two(browser, session, save, region, query_counter):
    def queries():
        with query_counter() as sent:
            browser.get("/admin/users")
        return len(sent)

    few = queries()
    save(*(factories.make_rep(session, region=region) for _ in range(50)))
    assert queries() == few <= 5


def test_a_long_search_finds_nobody(browser):
    assert browser.get("/admin/users", query_string={"q": "长" * 20_000}).status_code == 200
