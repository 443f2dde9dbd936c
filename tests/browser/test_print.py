"""What comes out of the printer: A4 landscape, the page alone, nothing cut off."""

import re

import pytest

from tests.factories import make_hospital, make_period_target, make_product, make_target

pytestmark = pytest.mark.browser

A4_LANDSCAPE = (842, 595)
"""Points."""


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def many_hospitals(session, region, save):
    """More than a screen holds."""
    product = make_product(session, name="Cardio")
    make_period_target(session, region=region, product=product)
    for number in range(45):
        hospital = make_hospital(
            session, region=region, name=f"Hospital {number}", latitude=30 + number / 9, longitude=120
        )
        make_target(session, hospital=hospital, product=product)
    save()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/targets?period=2026-Q4", "/board", "/map", "/sheets", "/meeting"])
def test_a_page_on_paper(open_page, lead, many_hospitals, path, language):
    page = open_page(lead, path, language=language)
    page.emulate_media(media="print")
    sizes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", page.pdf(prefer_css_page_size=True))
    assert {tuple(round(float(side)) for side in size) for size in sizes} == {A4_LANDSCAPE}
    for away in (".top-bar", ".side-navigation", ".tab-bar", ".toolbar", ".target-grid__bar"):
        assert page.locator(f"{away}:visible").count() == 0, away
    cut = page.evaluate("""() => [...document.querySelectorAll("main *")].filter((one) => one.offsetParent
        && getComputedStyle(one).overflowY !== "visible" && one.scrollHeight > one.clientHeight + 2
        && !one.closest(".visually-hidden")).map((one) => one.className)""")
    assert cut == []
