"""Facts worth acting on, each from data that can be checked by eye."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from repcrm.accounts.models import ListingStage
from repcrm.calls.models import CallResult, CallStatus
from repcrm.reports.body import Body
from repcrm.reports.sentences import sentence
from repcrm.reports.words import words
from tests import factories
from tests.service.reports.conftest import Company

NOVEMBER = date(2026, 11, 1)


def facts(body: Body, code: str) -> list[dict[str, Any]]:
    return [fact for fact in body.raw["facts"] if fact["code"] == code]


def test_a_gap_with_missed_calls(session: Session, company: Company) -> None:
    company.target(NOVEMBER, 105)
    company.flow(date(2026, 11, 16), 20)
    sheet = factories.make_sheet(session, rep=company.rep)
    doctor = company.doctor("A")
    common = {"sheet": sheet, "hospital": company.hospital, "main_doctor": doctor, "is_planned": True}
    factories.make_call(session, **common)
    factories.make_call(session, **common, status=CallStatus.CANCELLED)
    body = company.body("2026-W47")

    [fact] = facts(body, "gap_missed_calls")

    assert (fact["packs"], fact["fen"], fact["missed"], fact["planned"]) == (5, 25_000, 1, 2)
    english = "First is 5 packs behind, and 1 of 2 planned calls were not made."
    assert sentence(fact, body, words("en")) == english
    assert sentence(fact, body, words("zh")) == "First 落后 5 盒，计划拜访 2 次中有 1 次未完成。"


def test_a_doctor_who_puts_us_first_and_was_not_met_in_a_cycle(session: Session, company: Company) -> None:
    # Not met since 20 October: 33 days before Sunday the 22nd. Met last week, or rated 5: nothing to say.
    target = company.target(NOVEMBER, 105)
    unseen, seen, occasional, never = (
        company.doctor("A", 7), company.doctor("B", 7), company.doctor("C", 5), company.doctor("D", 6)
    )  # fmt: skip
    company.split(target, dict.fromkeys((unseen, seen, occasional, never), 26))
    factories.make_call(
        session, rep=company.rep, day_on=date(2026, 10, 20), hospital=company.hospital, main_doctor=unseen
    )
    factories.make_call(
        session, rep=company.rep, day_on=date(2026, 11, 12), hospital=company.hospital, main_doctor=seen
    )
    factories.make_call(
        session, rep=company.rep, day_on=date(2026, 11, 18), hospital=company.hospital, main_doctor=never,
        result=CallResult.DOCTOR_NOT_MET,
    )  # fmt: skip
    body = company.body("2026-W47")

    found = [(body.name("doctors", fact["doctor"]).code, fact["days"]) for fact in facts(body, "top_doctor_unseen")]  # type: ignore[union-attr]

    assert found == [("A", 33), ("D", None)]
    assert "has not been met yet" in sentence(facts(body, "top_doctor_unseen")[1], body, words("en"))


def test_a_listing_that_does_not_move(session: Session, company: Company) -> None:
    company.target(NOVEMBER, 105)
    factories.make_listing(
        session,
        hospital=company.hospital,
        product=company.product,
        stage=ListingStage.COMMITTEE,
        since_on=date(2026, 9, 3),
    )
    refused = factories.make_product(session, code="P2")
    factories.make_listing(
        session, hospital=company.hospital, product=refused, stage=ListingStage.REFUSED, since_on=date(2026, 1, 1)
    )

    [fact] = facts(company.body("2026-W47"), "listing_stuck")

    assert (fact["stage"], fact["days"], fact["product"]) == ("committee", 80, 0)


def test_stock_for_less_than_half_a_month(session: Session, company: Company) -> None:
    # 40 packs in the last 20 working days are a month's use; 19 in stock are less than half of it, 20 are not.
    company.flow(date(2026, 11, 16), 40)
    call = factories.make_call(session, rep=company.rep, day_on=date(2026, 11, 17), hospital=company.hospital)
    seen = factories.make_call_product(session, call=call, product=company.product, stock_packs=19)

    [fact] = facts(company.body("2026-W47"), "stock_low")
    assert (fact["packs"], fact["month"], fact["hospital"], fact["rep"]) == (19, 40, 0, 0)

    seen.stock_packs = 20
    session.flush()
    assert facts(company.body("2026-W47"), "stock_low") == []


def test_sold_without_target_and_asked_without_split(session: Session, company: Company) -> None:
    other = factories.make_product(session, code="P2")
    factories.make_assignment(session, hospital=company.hospital, product=other, rep=company.rep)
    company.flow(date(2026, 11, 16), 9, product=other)
    company.target(NOVEMBER, 105)

    body = company.body("2026-W47")

    assert facts(body, "sold_without_target") == [{"code": "sold_without_target", "rep": 0, "count": 1, "packs": 9}]
    assert facts(body, "not_split") == [{"code": "not_split", "rep": 0, "count": 1}]


def test_holidays_that_are_not_announced_are_said(company: Company) -> None:
    assert facts(company.body("2026-W47"), "provisional_calendar") == []
    assert facts(company.body("2026-W53"), "provisional_calendar") == [{"code": "provisional_calendar", "year": 2027}]
