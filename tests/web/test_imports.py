"""The import pages: read, look, apply, undo; and what is said when it cannot be."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import func, select

from repcrm.sales.models import BatchStatus, Distributor, FlowLine, ImportBatch, ImportRow
from repcrm.work.models import WorkAttachment
from tests.factories import make_batch, make_distributor, make_hospital, make_product

GOOD = "医院编码,产品编码,日期,盒数,金额（元）\nH1,P1,2026-11-03,120,6000\nH1,P1,2026-11-04,-5,\n"
TWO_BAD = GOOD + "H9,P1,2026-11-05,10,\nH1,P1,2026-11-06,12.5,\n"


@pytest.fixture
def office(session, region, admin, client_as):
    """The browser of an administrator, with a hospital H1 and a product P1 on file."""
    make_hospital(session, code="H1", name="江岸第一医院", region=region)
    make_product(session, code="P1", name="产品甲")
    make_distributor(session, name="Distributor A")
    session.commit()
    return client_as(admin)


def send(browser, text, language="en", **fields):
    data = {"kind": "flow", "distributor": "Distributor A", "period": "", **fields}
    data["file"] = (io.BytesIO(text.encode() if isinstance(text, str) else text), "flow.csv")
    return browser.post(
        "/imports", data=data, content_type="multipart/form-data", headers={"Accept-Language": language}
    )


def read(browser, address):
    return browser.get(address, headers={"Accept-Language": "en"}).text


def count_rows(session):
    return session.scalar(select(func.count()).select_from(ImportRow))


def only_batch(session):
    session.expire_all()
    return session.scalars(select(ImportBatch)).one()


def test_a_file_is_read_looked_at_applied_and_undone(session, office):
    response = send(office, GOOD)
    batch = only_batch(session)
    assert response.location == f"/imports/{batch.id}"
    page = office.get(response.location, headers={"Accept-Language": "en"}).text
    assert "Nothing is imported yet" in page
    assert "6,000.00" in page

    assert office.post(f"/imports/{batch.id}/apply").location == f"/imports/{batch.id}"
    assert only_batch(session).status is BatchStatus.APPLIED
    assert sorted(session.scalars(select(FlowLine.packs))) == [-5, 120]
    assert (
        "Reverting removes these distributor sales from all figures"
        in office.get(response.location, headers={"Accept-Language": "en"}).text
    )

    office.post(f"/imports/{batch.id}/undo")
    assert only_batch(session).status is BatchStatus.UNDONE
    assert "Distributor A" in office.get("/imports").text


def test_a_rejected_row_is_shown_with_its_reason_and_nothing_is_imported(session, office):
    send(office, TWO_BAD)
    batch = only_batch(session)
    assert (batch.count_new, batch.count_open, batch.count_refused) == (2, 1, 1)
    chinese = office.get(f"/imports/{batch.id}?show=refused", headers={"Accept-Language": "zh"}).text
    assert "D “盒数”: “12.5”不是整数。" in chinese
    assert "第 5 行" in chinese
    assert "第 4 行" not in chinese, "it waits for a name"
    assert office.post(f"/imports/{batch.id}/apply").status_code == 422
    assert list(session.scalars(select(FlowLine))) == []

    listed = office.get(f"/imports/{batch.id}/refused.csv", headers={"Accept-Language": "en"})
    assert listed.data.decode("utf-8-sig").splitlines() == [
        "Sheet,Row,Column,Header,Reason",
        ",5,D,盒数,“12.5” is not a whole number.",
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "“处 方 量”涉及医生个人的处方量（统方）"), ("en", "“处 方 量” is about how much single doctors prescribe")],
)
def test_a_forbidden_column_refuses_the_file_in_the_readers_words(session, office, language, words):
    response = send(office, "医院编码,产品编码,日期,盒数,处 方 量\nH1,P1,2026-11-03,1,2\n", language)
    assert response.status_code == 422
    assert words in response.text
    assert "E" in response.text
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_mistake_in_the_form_is_said_beside_the_field_and_keeps_what_was_typed(office):
    response = send(office, GOOD, period="soon")
    assert response.status_code == 422
    assert 'value="soon"' in response.text
    assert office.post("/imports", data={"kind": "flow"}).status_code == 422


def test_a_file_of_nobody_asks_whose_it_is_and_an_unknown_distributor_is_made_with_one_answer(session, office):
    page = send(office, GOOD, distributor="").location
    assert "Which distributor is the file from?" in read(office, page)
    assert "Distributor A" in read(office, page), "known distributors are offered"
    assert office.post(f"{page}/apply").status_code == 422

    office.post(f"{page}/answers", data={"answer:distributor": "typed", "typed:distributor": "青麦医药"})
    assert "Which distributor is “青麦医药”?" in read(office, page)
    assert "A new distributor" in read(office, page)
    office.post(f"{page}/answers", data={"answer:name:distributor:青麦医药": "new"})
    office.post(f"{page}/apply")
    assert only_batch(session).status is BatchStatus.APPLIED
    assert only_batch(session).distributor.name == "青麦医药"
    assert session.scalar(select(func.count()).select_from(Distributor)) == 2


def test_a_name_that_is_nowhere_on_file_is_said_and_kept_as_typed(session, office):
    page = send(office, TWO_BAD).location
    typed = {"answer:name:hospital:H9": "typed", "typed:name:hospital:H9": "nowhere"}
    response = office.post(f"{page}/answers", data=typed, headers={"Accept-Language": "en"})
    assert response.status_code == 422
    assert "“nowhere” is neither a code nor an exact name." in response.text
    assert 'value="nowhere"' in response.text


def test_rows_set_aside_do_not_stop_the_others_and_need_a_reason(session, office):
    page = send(office, TWO_BAD).location
    assert office.post(f"{page}/aside", data={"everything": "y"}).status_code == 422
    office.post(f"{page}/aside", data={"everything": "y", "reason": "pharmacy"})
    batch = only_batch(session)
    assert (batch.count_new, batch.count_open, batch.count_refused, batch.count_aside) == (2, 1, 0, 1)
    assert "Set aside: pharmacy" in read(office, page)
    office.post(f"{page}/aside", data={"numbers": "4", "take_up": "y"})
    assert only_batch(session).count_refused == 1


def test_the_list_is_filtered_without_choosing_what_is_uploaded(office):
    send(office, GOOD)
    listed = office.get("/imports?list-kind=hospitals", headers={"Accept-Language": "en"}).text
    assert "No matching files" in listed
    assert 'value="flow" checked' in listed
    ids = re.findall(r' id="([^"]+)"', listed)
    assert len(ids) == len(set(ids))


def test_totals_stated_in_the_file_stand_beside_the_sum_of_its_lines(office):
    page = send(office, GOOD + "合计,,,118,6000\n").location
    shown = read(office, page)
    assert "Totals stated in the file" in shown
    assert "does not agree" in shown


def test_a_file_that_is_none_is_refused_in_a_sentence(office):
    assert "damaged" in send(office, b"PK\x03\x04 not really").text


def test_the_same_file_again_says_that_there_is_nothing_to_do(session, office):
    send(office, GOOD)
    office.post(f"/imports/{only_batch(session).id}/apply")
    again = send(office, GOOD).location
    page = office.get(again, headers={"Accept-Language": "en"}).text
    assert "No changes" in page
    assert f'action="{again}/apply"' not in page


def test_looking_again_finds_what_is_on_file_by_now(session, office, region):
    send(office, TWO_BAD)
    batch = only_batch(session)
    assert batch.count_open == 1
    make_hospital(session, code="H9", region=region)
    session.commit()
    office.post(f"/imports/{batch.id}/look-again")
    assert (only_batch(session).count_open, only_batch(session).count_refused) == (0, 1)


def test_a_discarded_file_cannot_be_applied(session, office):
    send(office, GOOD)
    batch = only_batch(session)
    office.post(f"/imports/{batch.id}/discard")
    assert office.post(f"/imports/{batch.id}/apply").status_code == 409


@pytest.mark.parametrize("kind", ["hospitals", "doctors", "territories", "targets", "flow"])
def test_templates_come_in_both_languages(office, kind):
    english = office.get(f"/imports/templates/{kind}.csv?language=en").data.decode("utf-8-sig")
    assert english.startswith(("Hospital code", "Doctor code", "Distributor"))
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"/imports/templates/{kind}.xlsx?language=zh").data))
    assert book.sheetnames == ["数据行", "填写说明"]
    assert office.get("/imports/templates/gifts.csv").status_code == 404


def test_a_long_list_comes_in_pages_without_more_queries(session, office, query_counter):
    lines = [f"H1,P1,2026-11-{day:02},{packs},\n" for day in range(1, 24) for packs in range(1, 8)]
    send(office, GOOD.splitlines()[0] + "\n" + "".join(lines))
    batch = only_batch(session)
    with query_counter() as queries:
        page = office.get(f"/imports/{batch.id}?page=2", headers={"Accept-Language": "en"}).text
    assert "Page 2 of 4" in page
    assert len(queries) <= 7
    with query_counter() as queries:
        office.get("/imports")
    assert len(queries) <= 8


def test_only_administrators_get_in(rep, lead, client_as):
    for person in (rep, lead):
        assert client_as(person).get("/imports").status_code == 403


def test_a_large_file_is_read_and_taken_in_by_a_worker(session, office, do_long_work):
    lines = [f"H1,P1,2026-11-{day:02},{packs},\n" for packs in range(1, 631) for day in range(1, 23)]
    asked = send(office, GOOD.splitlines()[0] + "\n" + "".join(lines))
    assert office.get(asked.location, headers={"Accept-Language": "en"}).status_code == 200
    assert session.scalars(select(ImportBatch)).all() == []

    do_long_work()
    batch = only_batch(session)
    assert (batch.count_new, count_rows(session)) == (22 * 630, 22 * 630)
    assert office.get(asked.location).location.endswith(f"/imports/{batch.id}")

    taking = office.post(f"/imports/{batch.id}/apply")
    assert session.scalar(select(func.count()).select_from(FlowLine)) == 0
    do_long_work()
    assert office.get(taking.location).location.endswith(f"/imports/{batch.id}")
    assert only_batch(session).status is BatchStatus.APPLIED
    # 22 days of 1 + 2 + ... + 630 packs each
    assert session.scalar(select(func.sum(FlowLine.packs))) == 22 * 630 * 631 // 2
    assert session.scalars(select(WorkAttachment)).all() == [], "the file is not kept twice"


def test_a_large_file_that_is_refused_says_why_on_the_page_of_its_work(session, office, do_long_work):
    asked = send(office, "医院编码,产品编码,日期,盒数,处 方 量\n" + "H1,P1,2026-11-03,1,2\n" * 12_000)
    do_long_work()
    page = office.get(asked.location, headers={"Accept-Language": "en"}).text
    assert "“处 方 量” is about how much single doctors prescribe" in page
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_file_whose_reading_has_stopped_can_be_discarded(session, office, admin):
    batch = make_batch(session, status=BatchStatus.READING, created_by=admin, applied_at=None)
    session.commit()
    assert f"/imports/{batch.id}/discard" in read(office, f"/imports/{batch.id}")
    assert office.post(f"/imports/{batch.id}/discard").status_code == 302
    session.refresh(batch)
    assert batch.status is BatchStatus.DISCARDED
