"""Signing in, staying signed in, signing out, and one's own page."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from repcrm.organisation import passwords
from repcrm.organisation.models import LoginSession, SignInThrottle, User
from tests import factories

GOOD = "correct horse battery"
WRONG = "User name or password is wrong."


@pytest.fixture
def chen(session, save, region):
    kept = passwords.hash_password(GOOD)
    return save(factories.make_rep(session, region=region, username="chen", password_hash=kept, language="en"))


def sign_in(client, username="chen", password=GOOD, **more):
    return client.post(
        "/sign-in", data={"username": username, "password": password, **more}, headers={"Accept-Language": "en"}
    )


def test_a_person_signs_in_and_out(client, chen):
    response = sign_in(client)
    assert (response.status_code, response.location) == (302, "/")
    assert client.get("/me").status_code == 200
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/me").location == "/sign-in?next=/me"


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_from_elsewhere(client, chen):
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Expires" in cookie


def test_on_https_the_cookie_stays_there(client, chen):
    response = client.get("/sign-in", base_url="https://localhost")
    assert "Secure" in response.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_signing_out_kills_a_copied_cookie(app, client, chen):
    sign_in(client)
    copied = client.get_cookie("repcrm").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.test_session = client.test_session
    thief.set_cookie("repcrm", copied)
    assert thief.get("/me").status_code == 302


def test_signing_in_begins_a_new_cookie(client, chen):
    client.get("/sign-in")
    before = client.get_cookie("repcrm").value
    sign_in(client)
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"_permanent", "_user_id", "_fresh", "_id", "language"}
    assert client.get_cookie("repcrm").value != before


@pytest.mark.parametrize(("username", "password"), [("chen", "wrong password"), ("nobody", GOOD)])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, chen, username, password):
    response = sign_in(client, username, password)
    assert response.status_code == 422
    assert WRONG in response.text
    assert "There is a problem" in response.text
    assert f'value="{username}"' in response.text
    assert password not in response.text


@pytest.mark.parametrize("username", ["chen", "nobody"])
def test_after_five_failures_even_the_right_password_waits(client, chen, session, username):
    for _ in range(5):
        assert sign_in(client, username, "wrong password").status_code == 422
    response = sign_in(client, username)
    assert response.status_code == 429
    assert "Too many failed sign-ins" in response.text
    assert session.scalars(select(SignInThrottle.failures)).all() == [5]


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/me", "/me"),
        ("/me?x=1", "/me?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/me", "/"),
        ("/\n/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_to_pages_of_this_site_only(client, chen, wanted, reached):
    assert sign_in(client, next=wanted).location == reached


def test_a_disabled_person_is_out_at_once(client_as, chen, session):
    browser = client_as(chen)
    assert browser.get("/me").status_code == 200
    chen.is_active = False
    assert browser.get("/me").status_code == 302


def test_a_sign_in_rests_after_a_day_and_ends_after_a_month(client, chen, fixed_clock):
    clock = fixed_clock("2026-11-23T08:00+08:00")
    sign_in(client)
    for _ in range(29):
        clock.shift(timedelta(hours=23))
        assert client.get("/me").status_code == 200
    clock.shift(timedelta(hours=25))
    assert client.get("/me").status_code == 302
    sign_in(client)
    for _ in range(31):
        clock.shift(timedelta(hours=23))
        client.get("/me")
    assert client.get("/me").status_code == 200
    clock.shift(timedelta(hours=23))
    assert client.get("/me").status_code == 302


def test_a_password_set_by_somebody_else_is_changed_before_anything_else(client_as, session, save):
    kept = passwords.hash_password("given by admin")
    admin = save(factories.make_admin(session, password_hash=kept, must_change_password=True, language="en"))
    browser = client_as(admin)
    assert browser.get("/admin/users").location == "/me"
    assert "Choose your own password" in browser.get("/me").text
    changed = {"current": "given by admin", "password": GOOD, "again": GOOD}
    assert browser.post("/me/password", data=changed).location == "/"
    assert browser.get("/admin/users").status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"current": "wrong"}, "The current password is wrong."),
        ({"password": "short", "again": "short"}, "Use at least 12 characters."),
        ({"again": "something else"}, "The two new passwords differ."),
        ({"current": ""}, "Enter your current password."),
    ],
)
def test_a_refused_password_is_explained_beside_its_field(client_as, chen, session, changes, message):
    new = {"current": GOOD, "password": GOOD + "!", "again": GOOD + "!", **changes}
    response = client_as(chen).post("/me/password", data=new)
    assert response.status_code == 422
    assert response.text.count(message) == 2
    session.refresh(chen)
    assert passwords.is_right(chen.password_hash, GOOD)


def test_one_sees_and_ends_ones_own_sign_ins(app, client_as, chen, other_rep, session):
    here, there, stranger = client_as(chen), client_as(chen), client_as(other_rep)
    ids = session.scalars(select(LoginSession.id).order_by(LoginSession.id)).all()
    assert len(re.findall("/me/sessions/", here.get("/me").text)) == 1
    assert here.post(f"/me/sessions/{ids[2]}/revoke").status_code == 404
    assert here.post(f"/me/sessions/{ids[1]}/revoke").status_code == 302
    assert there.get("/me").status_code == 302
    assert stranger.get("/me").status_code == 200


def test_a_post_is_remembered_as_the_last_sign_of_life(client_as, chen, session, fixed_clock):
    clock = fixed_clock("2026-11-23T08:00+08:00")
    browser = client_as(chen)
    clock.shift(timedelta(hours=2))
    browser.post("/language", data={"language": "zh"})
    seen, created = session.execute(select(LoginSession.seen_at, LoginSession.created_at)).one()
    assert seen - created == timedelta(hours=2)


def test_the_language_is_the_persons_else_the_browsers(client, client_as, chen, session):
    assert 'lang="zh-CN"' in client.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert 'lang="en"' in client.get("/sign-in", headers={"Accept-Language": "en-GB"}).text
    assert 'lang="zh-CN"' in client.get("/sign-in", headers={"Accept-Language": "fr"}).text
    browser = client_as(chen)
    assert 'lang="en"' in browser.get("/me", headers={"Accept-Language": "zh"}).text
    assert browser.post("/language", data={"language": "zh", "next": "/me"}).location == "/me"
    assert 'lang="zh-CN"' in browser.get("/me", headers={"Accept-Language": "en"}).text
    assert session.scalar(select(User.language).where(User.id == chen.id)) == "zh"
    browser.post("/language", data={"language": ""})
    assert 'lang="en"' in browser.get("/me", headers={"Accept-Language": "en"}).text


def test_a_stranger_chooses_a_language_too(client):
    client.post("/language", data={"language": "en"}, headers={"Accept-Language": "zh"})
    assert 'lang="en"' in client.get("/sign-in", headers={"Accept-Language": "zh"}).text
    assert client.post("/language", data={"language": "fr"}).status_code == 422


def test_everybody_begins_with_a_page_of_their_own(client_as, chen, admin):
    assert client_as(chen).get("/").status_code == 302
    assert client_as(admin).get("/").status_code == 302


def test_the_demo_shows_its_sign_ins_and_nobody_else_does(app, client):
    from repcrm.app import create_app
    from repcrm.settings import DEMO_PASSWORD

    assert DEMO_PASSWORD not in client.get("/sign-in").text
    settings = app.config["REPCRM"].model_copy(update={"demo": True})
    demo = create_app(settings).test_client()
    assert DEMO_PASSWORD in demo.get("/sign-in").text
