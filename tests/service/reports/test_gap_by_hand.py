"""Gap reports worked out on paper first; the sums are in the comments."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from repcrm.calls.models import CallResult, CallStatus
from repcrm.core.workdays import Doubt, YearState
from repcrm.reports.body import Body
from repcrm.reports.flat import flat_rows
from repcrm.sales.models import BatchStatus, FlowGrain
from tests import factories
from tests.service.reports.conftest import Company

PacksBy = Callable[[Body, str], dict[str | None, tuple[int, int]]]

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def test_a_week_across_two_months_is_the_sum_of_its_two_slices(session: Session, company: Company) -> None:
    # November 2026 has 21 working days: 0 on Sunday the 1st, then 5, 5, 5, 5 and 1 on Monday the 30th.
    # 100 packs: 5/21 of 100 = 23.81 four times, 1/21 = 4.76. Floors 23 x 4 + 4 = 96; the four packs left go to the
    # largest remainders (.81): 24, 24, 24, 24, 4. December has 23: 4, 5, 5, 5, 4; 230 packs are 10 a day: 40 in W49.
    # W49 (30 Nov to 6 Dec): 4 + 40 = 44 packs. Money: 4 x 50 + 40 x 60 = 2,600 yuan.
    factories.make_price(session, product=company.product, from_on=DECEMBER, price_fen=6000)
    company.target(NOVEMBER, 100)
    company.target(DECEMBER, 230)
    company.flow(date(2026, 11, 30), 3)
    company.flow(date(2026, 12, 6), 30)
    company.flow(date(2026, 12, 7), 500)

    total = company.total("2026-W49")

    assert (total.floor, total.floor_fen) == (44, 260_000)
    assert (total.actual, total.actual_fen) == (33, 3 * 5000 + 30 * 6000)
    assert (total.gap, total.gap_fen) == (11, 260_000 - 195_000)
    assert [company.total(f"2026-W{week}").floor for week in (45, 46, 47, 48)] == [24, 24, 24, 24]


def test_week_53_reaches_into_the_next_year(company: Company) -> None:
    # W53 of 2026 is 28 December to 3 January. December's last slice has 4 of 23 working days: 230 packs -> 40.
    # January 2027 begins with a holiday on Friday and a weekend: no working day, so its slice gets nothing.
    company.target(DECEMBER, 230)
    company.target(date(2027, 1, 1), 200)
    company.flow(date(2026, 12, 28), 20)
    company.flow(date(2027, 1, 3), 12)

    body = company.body("2026-W53")

    assert (body.total.floor, body.total.actual) == (40, 32)
    assert body.raw["to_on"] == "2027-01-03"
    assert body.raw["calendar"]["days"] == 4
    assert body.raw["series"]["compared"][-1] == "2025-W52", "2025 has no week 53"
    assert body.doubts == [Doubt(2027, YearState.PROVISIONAL)]


def test_the_week_of_national_day_asks_only_for_what_working_days_can_sell(company: Company) -> None:
    # September 2026: 22 weekdays less the 25th plus the make-up Sunday the 20th = 22 working days; 28 to 30 are 3 of
    # them: 220 packs -> 30. October: 22 weekdays less 1, 2, 5, 6, 7 plus the make-up Saturday the 10th = 18 working
    # days: 0 in 1-4, then 3 (Thursday, Friday, make-up Saturday), 5, 5, 5; 180 packs -> 0, 30, 50, 50, 50.
    company.target(date(2026, 9, 1), 220)
    company.target(date(2026, 10, 1), 180)
    company.flow(date(2026, 10, 3), 4)  # delivered on a holiday: it counts all the same
    company.flow(date(2026, 10, 10), 7)  # on the make-up Saturday

    w40, w41 = company.body("2026-W40"), company.body("2026-W41")

    assert (w40.total.floor, w40.total.actual, w40.raw["calendar"]["days"]) == (30, 4, 3)
    assert (w41.total.floor, w41.total.actual, w41.raw["calendar"]["days"]) == (30, 7, 3)
    assert [company.total(f"2026-W{week}").floor for week in (42, 43, 44)] == [50, 50, 50]
    assert company.total("2026-W39").floor == 40, "21 to 24 September: four working days"


def test_a_territory_changing_hands_mid_week_divides_target_and_credit(
    session: Session, company: Company, packs_by: PacksBy
) -> None:
    # November has 21 working days, 105 packs are 5 a day: 25 in W47 (16 to 22 November). The first rep holds Monday and
    # Tuesday: 2 of 5 days = 10 packs; the second from Wednesday the 18th on: 15.
    second = factories.make_rep(session, region=company.region, code="SECOND")
    place = factories.make_hospital(session, region=company.region, code="H2")
    factories.make_assignment(
        session, hospital=place, product=company.product, rep=company.rep, until_on=date(2026, 11, 18)
    )
    factories.make_assignment(session, hospital=place, product=company.product, rep=second, from_on=date(2026, 11, 18))
    company.target(NOVEMBER, 105, hospital=place)
    company.flow(date(2026, 11, 17), 7, hospital=place)
    company.flow(date(2026, 11, 18), 9, hospital=place)

    body = company.body("2026-W47")

    assert packs_by(body, "rep") == {company.rep.code: (10, 7), "SECOND": (15, 9)}
    assert (body.total.floor, body.total.actual) == (25, 16)


def test_days_that_nobody_held_are_unassigned(session: Session, company: Company, packs_by: PacksBy) -> None:
    # As above, but given to somebody only from Thursday on: 3 of 5 days (15 packs) are nobody's.
    place = factories.make_hospital(session, region=company.region, code="H2")
    factories.make_assignment(
        session, hospital=place, product=company.product, rep=company.rep, from_on=date(2026, 11, 19)
    )
    company.target(NOVEMBER, 105, hospital=place)
    company.flow(date(2026, 11, 16), 2, hospital=place)

    assert packs_by(company.body("2026-W47"), "rep") == {company.rep.code: (10, 0), None: (15, 2)}


def test_a_hospital_without_target_is_said_so_and_narrows_the_gap(session: Session, company: Company) -> None:
    # The first hospital: 105 packs a month, 25 in W47, 20 sold: gap 5. The second has no target and sold 12: -12.
    company.target(NOVEMBER, 105)
    company.flow(date(2026, 11, 16), 20)
    place = factories.make_hospital(session, region=company.region, code="H2")
    company.flow(date(2026, 11, 20), 12, hospital=place)

    body = company.body("2026-W47")

    assert (body.total.gap, body.total.floor, body.total.actual) == (-7, 25, 32)
    row = next(row for row in body.level("hospital") if body.name("hospitals", row.hospital).code == "H2")  # type: ignore[union-attr]
    assert (row.gap, row.attainment, row.status, row.missing) == (-12, None, None, ["no_target"])
    assert {step["code"]: step["packs"] for step in body.raw["bridge"]} == {"no_target": -12, "no_calls": 5}


def test_a_target_without_flow_has_no_attainment_until_there_is_flow(company: Company) -> None:
    company.target(NOVEMBER, 105)

    body = company.body("2026-W47")

    assert (body.total.floor, body.total.actual, body.total.gap) == (25, 0, 25)
    assert body.total.attainment is None, "nothing heard is not 0 %"
    assert body.total.missing == ["no_flow", "not_split"]
    assert body.forward(body.total).landing is None
    assert body.raw["series"]["region"]["actual"][-1] is None
    assert {row["attainment"] for row in flat_rows(body)} == {None}


def test_a_hospital_that_bought_nothing_while_its_distributor_reported_stands_at_zero(
    session: Session, company: Company
) -> None:
    company.target(NOVEMBER, 105)
    other = factories.make_hospital(session, region=company.region, code="H2")
    company.flow(date(2026, 11, 16), 1, hospital=other)
    company.flow(date(2026, 11, 5), 1)

    row = company.body("2026-W47").find(0, 0)

    assert row is not None
    assert (row.attainment, row.missing) == (0, ["not_split"])


def test_a_distributor_that_is_late_is_not_taken_for_no_sales(session: Session, company: Company) -> None:
    # One source reports every month so far, but nothing for November yet; another source is up to date.
    company.target(NOVEMBER, 105)
    monthly = factories.make_batch(
        session, distributor=factories.make_distributor(session, name="Monthly"), period="2026-10"
    )
    company.flow(date(2026, 10, 1), 90, batch=monthly, grain=FlowGrain.MONTH)
    other = factories.make_hospital(session, region=company.region, code="H2")
    company.flow(date(2026, 11, 16), 1, hospital=other)

    body = company.body("2026-W47")
    row = body.find(0, 0)

    assert row is not None
    assert row.attainment is None
    assert "no_flow" in row.missing
    assert "some_no_flow" in body.total.missing
    assert {"code": "late_data", "source": "Monthly", "last_on": "2026-10-31", "days": 22} in body.raw["facts"]


def test_doctors_parts_are_rounded_to_the_hospitals_total(company: Company, packs_by: PacksBy) -> None:
    # 105 packs in November: 25 in W47. Shares 45, 45, 15 of 105.
    # Target: 25 x 45/105 = 10.71, 10.71, 3.57 -> 10, 10, 3; the 2 left to the remainders .71: 11, 11, 3.
    # Actual 20, rated 7, not rated, 4; factors 1000, 300, 600: weights 45,000, 13,500, 9,000 of 67,500.
    # 20 x ... = 13.33, 4.00, 2.67 -> 13, 4, 2; the 1 left to .67: 13, 4, 3.
    # 1,000 yuan = 100,000 fen: 66,666.67, 20,000, 13,333.33 -> 66,667, 20,000, 13,333.
    _factors(company)
    target = company.target(NOVEMBER, 105)
    company.split(target, {company.doctor("A", 7): 45, company.doctor("B"): 45, company.doctor("C", 4): 15})
    company.flow(date(2026, 11, 19), 20)

    body = company.body("2026-W47")

    assert packs_by(body, "doctor") == {"A": (11, 13), "B": (11, 4), "C": (3, 3)}
    assert [row.actual_fen for row in body.level("doctor")] == [66_667, 20_000, 13_333]
    assert all(row.n_estimated for row in body.level("doctor"))
    assert "not_split" not in body.total.missing


def test_returns_keep_their_sign_down_to_the_doctors(company: Company, packs_by: PacksBy) -> None:
    # 3 sold, 5 brought back: -2. Weights as above: 1.33, 0.40, 0.27 of 2 -> 1, 0, 0; the 1 left to .40: 1, 1, 0;
    # negated.
    _factors(company)
    target = company.target(NOVEMBER, 105)
    company.split(target, {company.doctor("A", 7): 45, company.doctor("B"): 45, company.doctor("C", 4): 15})
    company.flow(date(2026, 11, 17), 3)
    company.flow(date(2026, 11, 18), -5)

    body = company.body("2026-W47")

    assert (body.total.actual, body.total.actual_fen, body.total.gap) == (-2, -10_000, 27)
    assert packs_by(body, "doctor") == {"A": (11, -1), "B": (11, -1), "C": (3, 0)}


def test_a_target_that_is_not_split_stands_in_a_row_of_its_own(company: Company, packs_by: PacksBy) -> None:
    company.target(NOVEMBER, 105)
    company.flow(date(2026, 11, 17), 3)
    doctor = company.doctor("A")
    factories.make_call(company.session, rep=company.rep, hospital=company.hospital, main_doctor=doctor)

    body = company.body("2026-W47")

    # The call named no product, so it stands under none; the target and the packs under the product, with no doctor.
    rows = {(row.product, row.doctor): (row.floor, row.actual, row.done) for row in body.level("doctor")}
    assert rows == {(0, None): (25, 3, 0), (None, 0): (0, 0, 1)}
    assert body.total.done == 1


def test_a_source_by_month_is_divided_by_working_days_and_marked(company: Company) -> None:
    # 100 packs for November: 24, 24, 24, 24 and 4 (see the first test), whatever the day of the line says.
    company.flow(NOVEMBER, 100, grain=FlowGrain.MONTH, value_fen=481_000)
    company.target(NOVEMBER, 105)

    body = company.body("2026-W47")
    # 4,810 yuan by 5 of 21 working days: 481,000 x 5 / 21 = 114,523.81 four times, x 1 / 21 = 22,904.76; floors leave
    # 4 fen for the remainders .81: 114,524 each.
    assert (body.total.actual, body.total.actual_fen) == (24, 114_524)
    assert body.total.n_estimated == 1
    assert flat_rows(body)[0]["estimated"] is True
    month = company.total("2026-11")
    assert (month.actual, month.actual_fen, month.n_estimated) == (100, 481_000, 1)


def test_a_month_and_a_quarter_are_the_sum_of_their_weeks_rep_by_rep(
    session: Session, company: Company, packs_by: PacksBy
) -> None:
    # The hospital changes hands on Wednesday 14 October 2026, in the middle of W42, and again on 20 November.
    second = factories.make_rep(session, region=company.region, code="SECOND")
    place = factories.make_hospital(session, region=company.region, code="H2")
    days = [(None, date(2026, 10, 14), company.rep), (date(2026, 10, 14), date(2026, 11, 20), second),
            (date(2026, 11, 20), None, company.rep)]  # fmt: skip
    for from_on, until_on, rep in days:
        factories.make_assignment(
            session,
            hospital=place,
            product=company.product,
            rep=rep,
            from_on=from_on or factories.LONG_AGO,
            until_on=until_on,
        )
    for month, packs in ((10, 101), (11, 103), (12, 107)):
        company.target(date(2026, month, 1), packs, hospital=place)
    company.flow(NOVEMBER, 61, grain=FlowGrain.MONTH, hospital=place)
    company.flow(date(2026, 10, 13), 5, hospital=place)
    company.flow(date(2026, 10, 14), 6, hospital=place)

    quarter = packs_by(company.body("2026-Q4"), "rep")
    months = [packs_by(company.body(f"2026-{month}"), "rep") for month in (10, 11, 12)]
    for code in quarter:
        assert tuple(map(sum, zip(*(month[code] for month in months if code in month), strict=True))) == quarter[code]
    assert sum(floor for floor, _ in quarter.values()) == 311
    # No week reaches from September into W41..W53, so the weeks from 5 October on hold all of the quarter's targets
    # (1 to 4 October are holidays, their slice is empty).
    weeks = [packs_by(company.body(f"2026-W{week}"), "rep") for week in range(41, 54)]
    for code in quarter:
        assert tuple(map(sum, zip(*(week[code] for week in weeks if code in week), strict=True))) == quarter[code]


def test_calls_are_counted_once_and_add_up(session: Session, company: Company) -> None:
    company.target(NOVEMBER, 105)
    doctor, colleague = company.doctor("A"), company.doctor("B", tier="key")
    other = factories.make_product(session, code="P2")
    sheet = factories.make_sheet(session, rep=company.rep)
    common = {"sheet": sheet, "hospital": company.hospital, "main_doctor": doctor}
    # A planned one, made and effective, about two products and with two doctors.
    call = factories.make_call(session, **common, is_planned=True)
    factories.make_call_product(session, call=call, product=company.product)
    factories.make_call_product(session, call=call, product=other)
    from repcrm.calls.models import CallDoctor

    session.add(CallDoctor(call_id=call.id, doctor_id=colleague.id))
    # A planned one that was cancelled, an unplanned one without result to speak of, one where nobody was there.
    factories.make_call(session, **common, is_planned=True, status=CallStatus.CANCELLED)
    factories.make_call(session, **common, result=CallResult.NOT_MET)
    factories.make_call(session, **common, is_planned=True, result=CallResult.DOCTOR_NOT_MET)

    body = company.body("2026-W47")

    total = body.total
    assert (total.planned, total.done, total.effective) == (3, 3, 1)
    assert (total.seen_key, total.seen_general) == (1, 1)
    for level in ("region_product", "rep", "hospital", "product", "doctor"):
        rows = body.level(level)
        assert [sum(getattr(row, name) for row in rows) for name in ("planned", "done", "effective")] == [3, 3, 1], (
            level
        )


def test_only_lines_of_applied_batches_count(session: Session, company: Company) -> None:
    company.flow(date(2026, 11, 16), 4)
    for status in BatchStatus:
        if status is not BatchStatus.APPLIED:
            batch = factories.make_batch(session, status=status)
            company.flow(date(2026, 11, 16), 1000, batch=batch)

    assert company.total("2026-W47").actual == 4


def test_hospitals_of_other_regions_do_not_count(session: Session, company: Company) -> None:
    elsewhere = factories.make_hospital(session)
    company.target(NOVEMBER, 105, hospital=elsewhere)
    company.flow(date(2026, 11, 16), 9, hospital=elsewhere)

    body = company.body("2026-W47")

    assert (body.total.floor, body.total.actual) == (0, 0)
    assert elsewhere.code not in str(body.raw)


def test_landing_keeps_the_pace_of_the_last_20_working_days(company: Company) -> None:
    # W47 ends on 22 November. Its month has 21 working days, 15 of them over, 6 left. The last 20 working days are 26
    # October to 20 November. Sold: 4 before them, 30 in October's last week, 50 in November: run rate 80 / 20 = 4.
    # Landing: 50 + 6 x 4 = 74 of 105. Needed a day: (105 - 50) / 6.
    company.target(NOVEMBER, 105)
    company.flow(date(2026, 10, 23), 4)
    company.flow(date(2026, 10, 26), 30)
    company.flow(date(2026, 11, 3), 40)
    company.flow(date(2026, 11, 20), 10)

    body = company.body("2026-W47")
    forward = body.forward(body.total)

    assert (body.raw["calendar"]["horizon"], body.days_left, forward.run_rate, forward.landing) == ("2026-11", 6, 4, 74)
    assert forward.needed_per_day is not None
    assert forward.needed_per_day * 6 == 55
    assert forward.landing_attainment is not None
    assert forward.landing_attainment * 105 == 74


def test_compared_with_the_period_before_and_the_year_before(company: Company) -> None:
    company.target(NOVEMBER, 105)
    company.target(date(2025, 11, 1), 100)  # 20 working days in November 2025: 25 a week
    company.flow(date(2026, 11, 16), 20)
    company.flow(date(2026, 11, 9), 21)
    company.flow(date(2025, 11, 17), 11)

    series = company.body("2026-W47").raw["series"]

    assert series["periods"][-2:] == ["2026-W46", "2026-W47"]
    assert len(series["periods"]) == 13
    assert series["region"]["actual"][-2:] == [21, 20]
    assert series["region"]["floor"][-2:] == [25, 25]
    assert (series["compared"][-1], series["region"]["last_actual"][-1], series["region"]["last_floor"][-1]) == (
        "2025-W47",
        11,
        25,
    )
    assert series["region"]["actual"][0] is None
    assert series["products"]["0"] == series["reps"]["0"] == series["region"]


def test_development_counts_doctors_and_departments_in_scope(session: Session, company: Company) -> None:
    ward = factories.make_department(session, hospital=company.hospital)
    closed = factories.make_department(session, hospital=company.hospital, in_scope=False)
    factories.make_department(session, hospital=company.hospital)
    ratings: list[tuple[Any, str, list[tuple[int, date]]]] = [
        (ward, "key", [(3, date(2026, 1, 1)), (4, date(2026, 11, 22))]),
        (ward, "general", [(5, date(2026, 1, 1)), (2, date(2026, 11, 1))]),
        (ward, "general", []),
        (closed, "key", [(7, date(2026, 1, 1))]),
    ]
    for department, tier, history in ratings:
        doctor = factories.make_doctor(session, department=department, tier=tier)
        for rating, on in history:
            factories.make_rating(
                session, doctor=doctor, product=company.product, rating=rating, rated_on=on, set_by=company.rep
            )

    development = company.body("2026-W47").raw["development"]

    # Two departments in scope, one developed; one key doctor of one; of two general ones none: the newest rating counts
    assert development["hospitals"] == [[0, 2, 1, 1, 1, 2, 0]]
    assert company.body("2026-W46").raw["development"]["hospitals"] == [[0, 2, 0, 1, 0, 2, 0]], "rated after that week"


def test_development_of_a_product_counts_the_ratings_of_that_product_alone(session: Session, company: Company) -> None:
    other = factories.make_product(session, code="P2")
    for product in (company.product, other):
        company.flow(date(2026, 11, 18), 1, product=product)
    ward = factories.make_department(session, hospital=company.hospital)
    for product, rating in ((company.product, 6), (other, 3)):
        doctor = factories.make_doctor(session, department=ward, tier="key")
        factories.make_rating(
            session, doctor=doctor, product=product, rating=rating, rated_on=date(2026, 11, 1), set_by=company.rep
        )

    raw = company.body("2026-W47").raw
    places = {raw["products"][one[1]][1]: one[2:] for one in raw["development"]["places"]}

    # One department, two key doctors; one of them accepts the first product, nobody the other.
    assert raw["development"]["hospitals"] == [[0, 1, 1, 2, 1, 0, 0]]
    assert places == {company.product.code: [1, 1, 2, 1, 0, 0], "P2": [1, 0, 2, 0, 0, 0]}


def _factors(company: Company) -> None:
    for rating, permille in {0: 300, 1: 0, 2: 100, 3: 400, 4: 600, 5: 800, 6: 900, 7: 1000}.items():
        factories.make_adoption_factor(company.session, rating=rating, permille=permille)
