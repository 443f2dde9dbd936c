"""Deliveries in a body: read back, put into words, and without the region's packs for a rep."""

from io import BytesIO

from openpyxl import load_workbook

from repcrm.reports.body import Body
from repcrm.reports.deliveries import deliveries_in, sentence, share_missing
from repcrm.reports.excel import workbook
from repcrm.reports.own import own_part
from repcrm.reports.words import words
from tests.unit.reports.bodies import body
from tests.unit.reports.test_excel import HEADER

ROWS = [
    ["D1", "=Weekly", "weekly", "2026-W47", "2026-11-24", "missing", None, 110],
    ["D2", "Monthly", "monthly", "2026-11", "2026-12-05", "expected", None, 70],
    ["D3", "Third", "weekly", "2026-W47", "2026-11-24", "delivered", "2026-11-23T02:00:00+00:00", 20],
]


def report() -> Body:
    return body(data={"has_flow": True, "sources": [], "unpriced": [], "deliveries": ROWS})


def test_the_share_counts_whatever_is_not_in_due_or_not() -> None:
    share = share_missing(report().raw)
    assert share is not None
    assert (share.numerator, share.denominator) == (9, 10)  # 180 of 200
    assert share_missing(body().raw) is None  # frozen before deliveries were kept


def test_a_delivery_in_words_in_both_languages() -> None:
    overdue, expected, _ = deliveries_in(report().raw)
    said = {"period": "W47", "due_on": "24 Nov", "packs": "110"}
    assert sentence(overdue, words("en"), **said) == (
        "=Weekly (reports every week): W47 was due 24 Nov and is not in. Usual in this period: 110 packs."
    )
    assert sentence(expected, words("en"), **said).startswith(
        "Monthly (reports every month): W47 is expected by 24 Nov."
    )
    assert sentence(overdue, words("zh"), **said) == (
        "=Weekly（每周报送）：W47应于 24 Nov 前送达，尚未送达。本期通常约 110 盒。"
    )
    unusual = overdue._replace(packs=0)
    assert sentence(unusual, words("en"), **said) == "=Weekly (reports every week): W47 was due 24 Nov and is not in."


def test_a_rep_sees_what_is_not_in_but_not_how_much_the_region_sells() -> None:
    own = own_part(report(), "U1").raw
    assert [(one.code, one.state, one.packs) for one in deliveries_in(own)] == [
        ("D1", "missing", 0), ("D2", "expected", 0), ("D3", "delivered", 0),
    ]  # fmt: skip
    assert share_missing(own) is None


def test_the_workbook_has_a_sheet_of_deliveries_only_where_there_are_any() -> None:
    with_sheet = load_workbook(BytesIO(workbook(report(), HEADER, "en")))
    assert "Deliveries" in with_sheet.sheetnames
    rows = list(with_sheet["Deliveries"].iter_rows(values_only=True))
    assert rows[1] == ("=Weekly", "every week", "2026-W47", "2026-11-24", "not delivered", "", 110)
    assert "Deliveries" not in load_workbook(BytesIO(workbook(body(), HEADER, "en"))).sheetnames
