"""The page of the target grid."""

import json
import re
from datetime import date

import pytest
from sqlalchemy import select

from repcrm.targets.models import HospitalTarget, PeriodTarget, SplitStatus
from repcrm.targets.service import CellEdit, assign_targets
from tests.factories import (
    MONTH,
    NOW,
    make_assignment,
    make_doctor,
    make_flow,
    make_hospital,
    make_lead,
    make_listing,
    make_period_target,
    make_price,
    make_product,
    make_rating,
    make_split,
    make_target,
    scope_of,
)

DECEMBER = date(2026, 12, 1)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def product(session, save):
    return save(make_product(session, name="Cardio"))


@pytest.fixture
def hospital(session, region, save):
    return save(make_hospital(session, region=region, name="First Hospital"))


def address(product, **args):
    return "/targets?" + "&".join(f"{name}={value}" for name, value in {"product": product.id, **args}.items())


def cell(hospital, month="2026-11"):
    return f"{hospital.id}:{month}"


def shown(*targets):
    return json.dumps(
        {
            f"{target.hospital_id}:{target.month_on:%Y-%m}": [
                target.version, target.floor_packs, target.stretch_packs, target.is_locked,
            ]
            for target in targets
        }
    )  # fmt: skip


def floors(session):
    session.rollback()
    found = session.execute(select(HospitalTarget.month_on, HospitalTarget.floor_packs, HospitalTarget.stretch_packs))
    return {month: (floor, stretch) for month, floor, stretch in found}


def words(response):
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_without_a_product_the_page_says_so(client_as, lead):
    assert "No product yet" in client_as(lead).get("/targets", headers=ENGLISH).text


def test_without_a_hospital_the_page_says_so(client_as, lead, product):
    assert "No hospitals here yet" in client_as(lead).get("/targets", headers=ENGLISH).text


def test_the_half_year_of_today_with_sums_and_differences(client_as, lead, product, hospital, session, region, save):
    make_target(session, hospital=hospital, product=product)
    make_target(session, hospital=hospital, product=product, month_on=DECEMBER, floor_packs=50)
    make_flow(session, hospital=hospital, product=product, on=date(2025, 11, 3), packs=77)
    save(make_period_target(session, region=region, product=product))
    page = words(client_as(lead).get("/targets", headers=ENGLISH))
    for found in ("H2 2026", "Target 1,000", "Assigned 150", "Difference 850", "First Hospital 77"):
        assert found in page


@pytest.mark.parametrize(("period", "expected"), [("2026-Q4", "Q4 2026"), ("2026", "2026"), ("2026-11", "H2 2026")])
def test_other_periods_can_be_chosen(client_as, lead, product, hospital, period, expected):
    assert f"Cardio · {expected}" in words(client_as(lead).get(address(product, period=period), headers=ENGLISH))


def test_what_is_no_period_is_refused(client_as, lead, product):
    assert client_as(lead).get(address(product, period="soon")).status_code == 422


def test_the_sum_is_said_in_money_too(client_as, lead, product, hospital, session, save):
    make_target(session, hospital=hospital, product=product)
    browser = client_as(lead)
    assert "Value" not in words(browser.get("/targets", headers=ENGLISH))  # no price: no false sum
    save(make_price(session, product=product, price_fen=5050))
    assert "Value ¥5,050" in words(browser.get("/targets", headers=ENGLISH))


def test_a_month_opens_into_its_week_slices(client_as, lead, product, hospital, session, save):
    save(make_target(session, hospital=hospital, product=product, floor_packs=2100, stretch_packs=2100))
    page = words(client_as(lead).get(address(product, weeks="2026-11"), headers=ENGLISH))
    assert "W47 16–22" in page
    assert "0 500 500 500 500 100" in page


def test_the_stretch_is_the_other_end(client_as, lead, product, hospital, session, save):
    save(make_target(session, hospital=hospital, product=product, floor_packs=111, stretch_packs=222))
    page = client_as(lead).get(address(product, measure="stretch")).text
    assert 'value="222"' in page
    assert 'value="111"' not in page


def test_a_rep_reads_the_own_territory_and_cannot_type(client_as, rep, product, hospital, session, region, save):
    make_hospital(session, region=region, name="Not Mine")
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    save(make_target(session, hospital=hospital, product=product, floor_packs=111))
    response = client_as(rep).get("/targets")
    assert "First Hospital" in response.text
    assert "Not Mine" not in response.text
    assert "cell:" not in response.text
    assert client_as(rep).post(address(product), data={}).status_code == 403


def test_typed_cells_are_saved(client_as, lead, product, hospital, session, save):
    target = save(make_target(session, hospital=hospital, product=product))
    data = {
        "shown": shown(target),
        f"cell:{cell(hospital)}": "１，３００",
        f"cell:{cell(hospital, '2026-12')}": "90",
        f"cell:{cell(hospital, '2026-10')}": "",
    }
    response = client_as(lead).post(
        address(product, measure="stretch"), data=data, follow_redirects=True, headers=ENGLISH
    )
    assert floors(session) == {MONTH: (100, 1300), DECEMBER: (0, 90)}
    assert "2 cells are saved." in response.text


def test_a_changed_floor_says_which_splits_it_made_drafts(client_as, lead, product, hospital, session, save):
    target = make_target(session, hospital=hospital, product=product)
    save(make_split(session, target=target, status=SplitStatus.APPROVED))
    data = {"shown": shown(target), f"cell:{cell(hospital)}": "110"}
    response = client_as(lead).post(address(product), data=data, follow_redirects=True, headers=ENGLISH)
    assert "1 split is a draft again, because its target has changed." in response.text


def test_locking_is_saved(client_as, lead, product, hospital, session, save):
    target = save(make_target(session, hospital=hospital, product=product))
    data = {"shown": shown(target), f"cell:{cell(hospital)}": "100", f"lock:{cell(hospital)}": "1"}
    client_as(lead).post(address(product), data=data)
    session.refresh(target)
    assert (target.is_locked, target.version) == (True, 2)


def test_an_emptied_cell_becomes_0_and_nothing_typed_changes_nothing(client_as, lead, product, hospital, session, save):
    target = save(make_target(session, hospital=hospital, product=product))
    browser = client_as(lead)
    same = {"shown": shown(target), f"cell:{cell(hospital)}": "100"}
    assert (
        "Nothing had changed." in browser.post(address(product), data=same, follow_redirects=True, headers=ENGLISH).text
    )
    browser.post(address(product), data={"shown": shown(target), f"cell:{cell(hospital)}": ""})
    assert floors(session) == {MONTH: (0, 120)}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("abc", "not a whole number of packs"), ("130", "must not be below the floor")],
)
def test_a_cell_that_cannot_be_taken_is_marked_and_nothing_is_saved(
    client_as, lead, product, hospital, session, save, text, complaint
):
    target = save(make_target(session, hospital=hospital, product=product))
    data = {"shown": shown(target), f"cell:{cell(hospital)}": text, f"cell:{cell(hospital, '2026-12')}": "7"}
    response = client_as(lead).post(address(product), data=data, headers=ENGLISH)
    assert response.status_code == 422
    assert complaint in words(response)
    assert f'value="{text}" inputmode="numeric"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert floors(session) == {MONTH: (100, 120)}


def test_somebody_else_was_faster_and_one_chooses_per_cell(client_as, lead, product, hospital, session, region, save):
    colleague = save(make_lead(session, region=region, name="Second Lead"))
    edits = [CellEdit(hospital.id, product.id, month, 70, 70) for month in (MONTH, DECEMBER)]
    assign_targets(session, scope_of(colleague), edits, now=NOW)
    november, december = cell(hospital), cell(hospital, "2026-12")
    data = {"shown": "{}", f"cell:{november}": "80", f"cell:{december}": "90", f"cell:{cell(hospital, '2026-10')}": "5"}
    browser = client_as(lead)
    response = browser.post(address(product), data=data, headers=ENGLISH)
    assert response.status_code == 409
    page = words(response)
    assert "Second Lead has meanwhile changed: First Hospital 2026-11, First Hospital 2026-12." in page
    assert "Mine: 80" in page
    assert "Second Lead: 70" in page
    assert floors(session) == {MONTH: (70, 70), DECEMBER: (70, 70)}

    seen = re.search(r'name="shown" type="hidden" value="([^"]*)"', response.text)
    assert seen
    data |= {"shown": seen[1].replace("&#34;", '"'), f"stale:{november}": "1", f"stale:{december}": "1"}
    undecided = browser.post(address(product), data=data | {f"pick:{november}": "mine"}, headers=ENGLISH)
    assert undecided.status_code == 422
    assert "Choose whose figure counts" in undecided.text

    picks = {f"pick:{november}": "mine", f"pick:{december}": "theirs"}
    assert browser.post(address(product), data=data | picks).status_code == 302
    assert floors(session) == {MONTH: (80, 80), DECEMBER: (70, 70), date(2026, 10, 1): (5, 5)}


def test_a_hospital_of_another_region_is_not_found(client_as, lead, product, session, save):
    elsewhere = save(make_hospital(session))
    response = client_as(lead).post(address(product), data={"shown": "{}", f"cell:{cell(elsewhere)}": "5"})
    assert response.status_code == 404
    assert floors(session) == {}


@pytest.mark.parametrize("data", [{"shown": "{"}, {"shown": '{"1:2026-11": 3}'}, {"cell:x": "1"}])
def test_a_form_that_did_not_arrive_whole_is_refused(client_as, lead, product, data):
    assert client_as(lead).post(address(product), data=data).status_code == 422


@pytest.mark.parametrize(
    ("way", "parts"),
    [("even", (450, 450)), ("last_year", (600, 300)), ("potential", (300, 600)), ("rating", (500, 400))],
)
def test_what_is_asked_is_spread_over_the_hospitals_around_locked_cells(
    client_as, lead, product, hospital, session, region, save, way, parts
):
    second = make_hospital(session, region=region, name="Second Hospital")
    third = make_hospital(session, region=region, name="Third Hospital")
    make_target(session, hospital=third, product=product, floor_packs=100, is_locked=True)
    for place, packs, potential, rating in [(hospital, 60, 10, 7), (second, 30, 20, 5)]:
        make_flow(session, hospital=place, product=product, on=date(2025, 11, 3), packs=packs)
        make_listing(session, hospital=place, product=product, potential_packs=potential)
        make_rating(session, doctor=make_doctor(session, hospital=place), product=product, rating=rating)
    save(make_period_target(session, region=region, product=product))
    data = {f"cell:{cell(third)}": "100", f"lock:{cell(third)}": "1", "what": way}
    response = client_as(lead).post(
        address(product).replace("?", "/spread?"), data=data, headers={"Accept": "application/json"}
    )
    assert response.get_json()["cells"] == {cell(hospital): parts[0], cell(second): parts[1], cell(third): 100}
    page = client_as(lead).post(address(product).replace("?", "/spread?"), data=data, headers=ENGLISH)
    assert "nothing is saved yet" in page.text
    assert f'value="{parts[0]}"' in page.text
    assert len(floors(session)) == 1


@pytest.mark.parametrize(
    ("way", "parts"), [("even", [100, 100, 100]), ("run_rate", [108, 103, 89]), ("last_year", [0, 300, 0])]
)
def test_a_row_is_spread_over_its_months(client_as, lead, product, hospital, session, save, way, parts):
    save(make_flow(session, hospital=hospital, product=product, on=date(2025, 11, 3), packs=5))
    data = {"what": "row", "row_way": way, "row_total": "300", "hospital_id": str(hospital.id)}
    response = client_as(lead).post(
        f"/targets/spread?product={product.id}&period=2026-Q4", data=data, headers={"Accept": "application/json"}
    )
    spread = list(response.get_json()["cells"].values())
    assert sum(spread) == 300
    if way != "run_rate":
        assert spread == parts


@pytest.mark.parametrize(
    "data",
    [
        {"what": "even"},
        {"what": "magic"},
        {"what": "row"},
        {"what": "row", "row_total": "many", "hospital_id": "1"},
        {},
    ],
)
def test_a_spread_that_cannot_be_done_says_why(client_as, lead, product, hospital, data):
    browser = client_as(lead)
    url = f"/targets/spread?product={product.id}"
    assert browser.post(url, data=data).status_code == 422
    response = browser.post(url, data=data, headers={"Accept": "application/json", "Accept-Language": "en"})
    assert response.status_code == 422
    assert response.get_json()["error"]


def test_what_is_asked_of_the_region_is_spread_over_the_months(client_as, lead, product, hospital, session):
    url = f"/targets/asked?product={product.id}&period=2026-Q4"
    data = {"floor": "1000", "stretch": "1201", "way": "even", "versions": "{}"}
    assert client_as(lead).post(url, data=data).status_code == 302
    session.rollback()
    asked = session.scalars(select(PeriodTarget).order_by(PeriodTarget.month_on)).all()
    assert [(target.floor_packs, target.stretch_packs) for target in asked] == [(334, 401), (333, 400), (333, 400)]


@pytest.mark.parametrize(
    "data", [{"floor": "10", "stretch": "9"}, {"floor": "", "stretch": "9"}, {"floor": "-1", "stretch": "9"}]
)
def test_an_unlawful_figure_for_the_region_is_refused(client_as, lead, product, hospital, session, data):
    url = f"/targets/asked?product={product.id}&period=2026-Q4"
    assert client_as(lead).post(url, data={"way": "even", **data}).status_code == 422
    session.rollback()
    assert session.scalars(select(PeriodTarget)).all() == []


def test_a_stale_figure_for_the_region_is_a_conflict(client_as, lead, product, hospital, session, region, save):
    save(make_period_target(session, region=region, product=product))
    url = f"/targets/asked?product={product.id}&period=2026-Q4"
    data = {"floor": "1", "stretch": "1", "way": "even", "versions": "{}"}
    assert client_as(lead).post(url, data=data).status_code == 409


def test_40_hospitals_take_few_queries(client_as, lead, product, session, region, query_counter, save):
    for _ in range(40):
        make_target(session, hospital=make_hospital(session, region=region), product=product)
    save()
    browser = client_as(lead)
    with query_counter() as queries:
        assert browser.get("/targets").status_code == 200
    assert len(queries) <= 14
