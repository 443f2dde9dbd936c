"""Charts of a report, drawn once when it is frozen: Altair describes them, vl-convert makes SVG of them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import altair as alt
import vl_convert

from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.reports.body import Body
from repcrm.reports.words import LANGUAGES, Say, words

WIDTH, HEIGHT = 440, 210

COLOURS = {
    "#0a0001": "var(--chart-actual, #1d5fa8)",
    "#0a0002": "var(--chart-last, #8a94a3)",
    "#0a0003": "var(--chart-target, #b4590b)",
    "#0a0004": "var(--chart-text, #4a5361)",
    "#0a0005": "var(--chart-grid, #d9dee5)",
}
"""Placeholders that Altair knows -> what the page fills in, so that one drawing serves light and dark."""

ACTUAL, LAST, TARGET, TEXT, GRID = COLOURS
FONT = "system-ui, sans-serif"


class Chart(NamedTuple):
    """A drawing as it is kept with its snapshot."""

    name: str
    language: str
    svg: str


def draw(body: Body) -> list[Chart]:
    """Draw a report's charts.

    returns  `attainment` (a line over the last periods, beside the year before, with the mark of 100 %) and
             `packs` (bars of both years with the target as a tick), each in both languages. The SVG holds no
             script and no style attribute, as the content security policy demands
    """
    return [
        Chart(name, language, to_svg(make(body, words(language))))
        for language in LANGUAGES
        for name, make in (("attainment", attainment_line), ("packs", packs_bars))
    ]


def attainment_line(body: Body, say: Say) -> Any:
    """Attainment against the floor over the last periods and the year before: solid, and dashed."""
    this, last = say(N_("this year")), say(N_("the year before"))
    values = [
        {"period": label, "order": order, "share": share, "year": year}
        for prefix, year in (("", this), ("last_", last))
        for order, (label, share) in enumerate(_shares(body, prefix))
    ]
    base = alt.Chart(alt.InlineData(values=values)).encode(x=_periods(body))
    years = [this, last]
    line = base.mark_line(point={"filled": True, "size": 45}, strokeWidth=2.5).encode(
        y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5), scale=alt.Scale(zero=True, nice=True)),
        color=_legend("year", years, [ACTUAL, LAST]),
        strokeDash=alt.StrokeDash("year:N", title=None, scale=alt.Scale(domain=years, range=[[1, 0], [5, 4]])),
    )
    goal = (
        alt.Chart(alt.InlineData(values=[{"share": 1}])).mark_rule(color=TARGET, strokeDash=[2, 3]).encode(y="share:Q")
    )
    return _finished(goal + line)


def packs_bars(body: Body, say: Say) -> Any:
    """Packs of the last periods and the year before as bars side by side, the floor as a tick across."""
    this, last, floor = say(N_("this year")), say(N_("the year before")), say(N_("target"))
    series, labels = body.series(), _labels(body)
    values = [
        {"period": label, "packs": packs, "what": what}
        for name, what in (("actual", this), ("last_actual", last))
        for label, packs in zip(labels, series.get(name, [None] * len(labels)), strict=True)
    ]
    ticks = [
        {"period": label, "packs": packs, "what": floor}
        for label, packs in zip(labels, series.get("floor", [None] * len(labels)), strict=True)
    ]
    what = _legend("what", [this, last, floor], [ACTUAL, LAST, TARGET])
    packs_axis = alt.Y("packs:Q", title=None, axis=alt.Axis(format="~s", tickCount=5))
    bars = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            x=_periods(body),
            xOffset=alt.XOffset("what:N", sort=[this, last]),
            y=packs_axis,
            color=what,
            fillOpacity=alt.condition(f"datum.what === {_quoted(last)}", alt.value(0.45), alt.value(1)),
        )
    )
    tick = (
        alt.Chart(alt.InlineData(values=ticks))
        .mark_tick(thickness=2.5, bandSize=26)
        .encode(x=_periods(body), y=packs_axis, color=what)
    )
    return _finished(bars + tick)


def to_svg(chart: Any) -> str:
    """A chart as SVG that fits its place on any page: no fixed size, no colours of its own, no ground."""
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    svg = svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"', "", 1)
    for placeholder, colour in COLOURS.items():
        svg = svg.replace(f'"{placeholder}"', f'"{colour}"')
    head, rest = svg.split(">", 1)
    kept = [part for part in head.split('" ') if not part.startswith(("width=", "height="))]
    return '" '.join(kept) + ">" + rest


def _shares(body: Body, prefix: str) -> Iterator[tuple[str, float | None]]:
    series, labels = body.series(), _labels(body)
    empty: list[int | None] = [None] * len(labels)
    for label, actual, floor in zip(
        labels, series.get(f"{prefix}actual", empty), series.get(f"{prefix}floor", empty), strict=True
    ):
        yield label, float(Fraction(actual, floor)) if floor and actual is not None else None


def _labels(body: Body) -> list[str]:
    return [period_label(Period.parse(text)) for text in body.raw["series"]["periods"]]


def period_label(period: Period) -> str:
    """A period as short as an axis wants it: W47, 26-11, 2026-Q4."""
    return str(period)[{PeriodKind.WEEK: 5, PeriodKind.MONTH: 2}.get(period.kind, 0) :]


def _periods(body: Body) -> Any:
    return alt.X("period:N", title=None, sort=_labels(body), axis=alt.Axis(labelAngle=0, labelOverlap=False))


def _legend(name: str, domain: list[str], colours: list[str]) -> Any:
    return alt.Color(
        f"{name}:N",
        title=None,
        scale=alt.Scale(domain=domain, range=colours),
        legend=alt.Legend(orient="top", direction="horizontal", symbolStrokeWidth=2.5, columnPadding=28),
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _finished(chart: Any) -> Any:
    return (
        chart.properties(width=WIDTH, height=HEIGHT, background="transparent")
        .configure(font=FONT, padding=4)
        .configure_view(stroke=None)
        .configure_axis(labelColor=TEXT, domainColor=GRID, tickColor=GRID, gridColor=GRID, labelFontSize=11)
        .configure_legend(labelColor=TEXT, labelFontSize=13)
    )
