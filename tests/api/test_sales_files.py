"""The direct connection: what a token opens, what it does not, and what is answered."""

import io
import logging

import pytest
from sqlalchemy import func, select

from repcrm.api.schemas import SalesFile
from repcrm.core import clock
from repcrm.db.journal import JournalEntry
from repcrm.sales.models import Channel, FlowLine, ImportBatch, Intake, SalesToken
from repcrm.sales.queries import active
from repcrm.sales.tokens import make_token, revoke_token
from repcrm.work.models import LongWork
from tests.factories import make_batch, make_distributor, make_hospital, make_product

ADDRESS = "/api/v1/sales-files"
HEADER = "医院编码,产品编码,日期,盒数\n"
FILE = (HEADER + "H1,P1,2026-11-03,120\nH1,P1,2026-11-04,-5\n").encode()


@pytest.fixture
def distributor(session, region):
    make_hospital(session, code="H1", name="江岸第一医院", region=region)
    make_product(session, code="P1", name="产品甲")
    return make_distributor(session, code="DC-1", name="海棠医药", intake=Intake.APPLY)


@pytest.fixture
def secret(session, distributor, admin):
    return make_token(session, distributor, "ERP", actor_id=admin.id, now=clock.now())


@pytest.fixture
def send(client, secret):
    """Send a file as a program does: without cookies and CSRF."""

    def send(content=FILE, query="?name=flow.csv", token=secret, language="en", **headers):
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language, **headers}
        return client.post(ADDRESS + query, data=content, headers=headers, csrf=False)

    return send


def get(client, address, token, **headers):
    return client.get(address, headers={"Authorization": f"Bearer {token}", "Accept-Language": "en", **headers})


def packs_that_count(session) -> int:
    session.rollback()
    return session.scalar(select(func.coalesce(func.sum(FlowLine.packs), 0)).where(active()))


def test_a_file_is_received_applied_and_described(session, client, send, secret):
    answer = send()
    assert answer.status_code == 201, answer.text
    said = SalesFile.model_validate_json(answer.data)
    assert (said.state, said.words, said.period, said.mode) == ("applied", "applied", "2026-11", "replace")
    assert (said.file_name, said.rows.new, said.names, said.questions) == ("flow.csv", 2, [], [])
    assert answer.headers["Location"] == f"{ADDRESS}/{said.id}"
    assert packs_that_count(session) == 115
    assert get(client, answer.headers["Location"], secret).json == answer.json


def test_the_same_bytes_again_are_answered_with_200_and_the_same_import(session, send):
    first, again = send(), send(query="?name=other.csv")
    assert (again.status_code, again.json["id"], again.json["file_name"]) == (200, first.json["id"], "flow.csv")
    assert packs_that_count(session) == 115


def test_a_file_may_come_as_a_form(session, client, secret):
    data = {"file": (io.BytesIO(FILE), "十一月.csv"), "period": "2026-11", "mode": "replace"}
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post(ADDRESS, data=data, content_type="multipart/form-data", headers=headers, csrf=False)
    assert (answer.status_code, answer.json["file_name"], answer.json["period"]) == (201, "十一月.csv", "2026-11")
    assert packs_that_count(session) == 115


def test_a_name_may_come_in_a_header_and_the_content_type_does_not_matter(send):
    headers = {"X-File-Name": "%E5%8D%81%E4%B8%80%E6%9C%88.csv", "Content-Type": "application/x-www-form-urlencoded"}
    answer = send(query="", **headers)
    assert answer.json.get("file_name") == "十一月.csv", answer.json


def test_what_is_open_is_said_in_words(session, send):
    answer = send((HEADER + "H1,P1,2026-11-03,120\nH7,P1,2026-11-03,1\n").encode())
    assert answer.json["state"] == "applied"
    assert [one["key"] for one in answer.json["names"]] == ["name:hospital:H7"]
    assert answer.json["names"][0]["words"].startswith("Which hospital is “H7”?")
    waiting = send((HEADER + "H1,P1,2026-11-03,1.5\n").encode(), language="zh").json
    assert (waiting["state"], packs_that_count(session)) == ("waiting", 120)
    assert "“1.5”" in waiting["rejected"][0]
    asked = send((HEADER + "H1,P1,2026-11-09,7\n").encode()).json
    assert asked["state"] == "waiting"
    assert [(one["key"], [choice["value"] for choice in one["choices"]]) for one in asked["questions"]] == [
        ("mode", ["replaces", "adds"])
    ]
    added = send((HEADER + "H1,P1,2026-11-09,7\n").encode(), query="?mode=add")
    assert (added.status_code, added.json["state"], added.json["mode"]) == (200, "applied", "add")
    assert packs_that_count(session) == 127


def test_a_file_waits_for_a_person_where_the_company_chose_so(session, distributor, send):
    distributor.needs_second_person = True
    assert send().json["state"] == "previewed"
    assert packs_that_count(session) == 0


@pytest.mark.parametrize(
    ("content", "query", "words"),
    [
        (b"PK\x03\x04 not really", "", "damaged"), (b"", "", "The file is empty."),
        (FILE, "?period=soon", "soon"), (FILE, "?mode=merge", "“merge” is not a mode"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_422_in_a_sentence(send, content, query, words):
    answer = send(content, query)
    assert (answer.status_code, answer.json["status"]) == (422, 422)
    assert words in answer.json["words"]


def test_the_same_file_said_to_be_of_another_month_is_409(send):
    send()
    answer = send(query="?period=2026-10")
    assert (answer.status_code, "received before" in answer.json["words"]) == (409, True)


def test_a_file_that_is_too_large_is_413(app, send):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = send(b"x" * 1001)
    assert (answer.status_code, answer.json["status"]) == (413, 413)


def test_a_large_file_is_being_read_until_a_worker_has_settled_it(session, client, send, secret, do_long_work):
    lines = "".join(f"H1,P1,2026-11-{day:02},{packs}\n" for packs in range(1, 102) for day in range(1, 22))
    answer = send((HEADER + lines).encode())
    assert (answer.status_code, answer.json["state"]) == (201, "reading")
    again = send((HEADER + lines).encode())
    assert (again.status_code, again.json["id"]) == (200, answer.json["id"])
    assert session.scalar(select(func.count()).select_from(LongWork)) == 1
    do_long_work()
    assert get(client, answer.headers["Location"], secret).json["state"] == "applied"
    assert packs_that_count(session) == 21 * 101 * 102 // 2


def test_a_wrong_or_revoked_token_is_401_and_the_answer_tells_nothing(
    session, client, send, secret, distributor, admin
):
    answers = [client.post(ADDRESS, data=FILE, csrf=False), send(token="guess"), send(token="")]
    token = session.scalars(select(SalesToken)).one()
    revoke_token(session, distributor, token.id, actor_id=admin.id, now=clock.now())
    answers += [send(), get(client, f"{ADDRESS}/1", secret), get(client, f"{ADDRESS}/1", "guess")]
    assert [answer.status_code for answer in answers] == [401] * 6
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert len({answer.json["words"] for answer in answers[1:]}) == 1
    session.rollback()
    assert session.scalars(select(ImportBatch)).all() == []


@pytest.mark.parametrize("who", ["distributor", "admin"])
def test_a_token_ends_with_its_distributor_and_its_maker(request, send, who):
    request.getfixturevalue(who).is_active = False
    assert send().status_code == 401


def test_a_token_opens_nothing_else(client, secret, session, distributor):
    own = make_batch(session, distributor=distributor, channel=Channel.PAGE)
    other = make_batch(session, channel=Channel.API)
    session.commit()
    for batch in (own, other):
        assert get(client, f"{ADDRESS}/{batch.id}", secret).status_code == 404
    for address in ("/api/v1/day-pack", "/api/v1/token"):
        assert get(client, address, secret).status_code == 401
    for address in ("/imports", f"/imports/{own.id}", f"/distributors/{distributor.id}", "/admin/journal", "/"):
        answer = get(client, address, secret)
        assert (answer.location or "").startswith("/sign-in"), (address, answer.status)


def test_who_is_signed_in_needs_a_token_all_the_same(client_as, admin):
    browser = client_as(admin)
    assert browser.post(ADDRESS, data=FILE).status_code == 401
    assert browser.get(f"{ADDRESS}/1").status_code == 401


def test_uses_are_in_the_audit_log_and_the_secret_is_nowhere(session, client, send, secret, caplog):
    caplog.set_level(logging.DEBUG)
    number = send().json["id"]
    send()
    send(token=secret + "x")
    session.rollback()
    uses = session.scalars(select(JournalEntry).where(JournalEntry.subject == "sales_token")).all()
    assert [(one.verb, (one.after or {}).get("import"), (one.after or {}).get("status")) for one in uses] == [
        ("make_token", None, None), ("use_token", number, "applied"), ("use_token", number, "applied"),
    ]  # fmt: skip
    assert session.scalars(select(SalesToken.last_used_at)).one() is not None
    written = [f"{one.before}{one.after}{one.reason}" for one in session.scalars(select(JournalEntry))]
    assert secret not in "".join(written) + caplog.text
    assert session.scalars(select(SalesToken.token_digest)).one() != secret


def test_a_token_is_slowed_down_and_so_is_who_guesses(fixed_clock, client, secret, session, distributor):
    traveller = fixed_clock("2026-12-01T10:00+08:00")
    answers = [get(client, f"{ADDRESS}/1", secret).status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]
    assert int(get(client, f"{ADDRESS}/1", secret).headers["Retry-After"]) == 60
    traveller.shift(61)
    assert get(client, f"{ADDRESS}/1", secret).status_code == 404
    guesses = [get(client, f"{ADDRESS}/1", f"guess{number}").status_code for number in range(31)]
    assert guesses == [401] * 30 + [429]


def test_the_back_office_sees_why_a_file_was_refused_and_one_that_is_being_read(session, client_as, admin, send):
    send(b"PK\x03\x04 not really")
    lines = "".join(f"H1,P1,2026-11-{day:02},{packs}\n" for packs in range(1, 102) for day in range(1, 22))
    send((HEADER + lines).encode())
    browser = client_as(admin)
    refused, reading = session.scalars(select(ImportBatch.id).order_by(ImportBatch.id)).all()
    page = browser.get(f"/imports/{refused}", headers={"Accept-Language": "en"}).text
    assert "damaged" in page
    assert browser.get(f"/imports/{reading}").status_code == 200
    assert browser.get("/imports").status_code == 200
