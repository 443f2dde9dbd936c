"""What pages say of deliveries: the head of a report, the Monday meeting, the import page."""

from repcrm.sales.models import DeliveryRhythm
from tests.factories import make_distributor, make_review, make_snapshot, report_body

ENGLISH = {"Accept-Language": "en"}


def body_with_deliveries():
    """A report that lacks a weekly file, and got a monthly one since its last revision."""
    body = report_body()
    body["data"] = {
        **body["data"],
        "deliveries": [
            ["D1", "甲医药", "weekly", "2026-W47", "2026-11-24", "missing", None, 110],
            ["D2", "乙医药", "monthly", "2026-11", "2026-12-05", "delivered", "2026-12-03T02:00:00+00:00", 40],
        ],
    }
    body["revision"] = {
        "before": 1, "before_digest": "", "gap_before": [0, 0], "gap_after": [0, 0], "steps": [], "reps": [],
        "arrived": [["乙医药", "2026-11", "2026-12-03T02:00:00+00:00"]],
    }  # fmt: skip
    return body


def test_a_report_and_its_meeting_say_what_is_not_in_and_what_has_arrived(client_as, session, lead, region):
    make_snapshot(session, region=region)
    snapshot = make_snapshot(session, region=region, body=body_with_deliveries(), revision=2, reason="late")
    review = make_review(session, snapshot=snapshot)
    session.commit()
    for address in (f"/reports/{snapshot.id}", f"/meeting/{review.id}"):
        page = client_as(lead).get(address, headers=ENGLISH).text
        assert "73.3% of the usual volume is not in this report." in page  # 110 of 150
        assert "甲医药 (reports every week):" in page
        assert "and is not in. Usual in this period: 110 packs." in page
        assert "has arrived since the last revision, on" in page


def test_a_rep_hears_what_is_not_in_without_the_regions_packs(client_as, session, rep, region):
    snapshot = make_snapshot(session, region=region, body=body_with_deliveries(), revision=2, reason="late")
    session.commit()
    page = client_as(rep).get(f"/reports/{snapshot.id}", headers=ENGLISH).text
    assert "甲医药 (reports every week):" in page
    assert "Usual in this period" not in page
    assert "usual volume" not in page


def test_the_import_page_names_the_distributors_that_are_overdue(client_as, session, admin, fixed_clock):
    fixed_clock("2026-11-25T10:00+08:00")
    make_distributor(session, name="甲医药", rhythm=DeliveryRhythm.WEEKLY, due_day=2)
    make_distributor(session, name="乙医药", is_active=False)
    session.commit()
    page = client_as(admin).get("/imports", headers=ENGLISH).text
    assert "Sales not delivered in time" in page
    assert "甲医药:" in page
    assert "乙医药" not in page.partition("Sales not delivered in time")[2].partition("</ul>")[0]
