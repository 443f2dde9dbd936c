"""Whatever the data: every total is the exact sum of the rows below it, and no pack is lost between periods."""

import pytest
from hypothesis import given, settings

from repcrm.core.periods import Period
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.shipped import shipped_days
from repcrm.reports.doctors import ADDITIVE, PLACE_KEYS
from repcrm.reports.frames import Frames
from repcrm.reports.gap import LEVELS, MEASURES, Gap, work_out
from repcrm.reports.slices import FLOW_MEASURES, TARGET_MEASURES
from repcrm.reports.span import Span
from tests.unit.reports.frames_by_dice import companies, weeks

CALENDAR = WorkCalendar(shipped_days("CN"))


def gap_of(frames: Frames, period: str) -> Gap:
    return work_out(frames, Span.of(Period.parse(period), CALENDAR), CALENDAR)


@pytest.mark.parametrize("period", ["2026-W40", "2026-W45", "2026-10", "2026-Q4"])
@given(frames=companies())
@settings(max_examples=6, deadline=None)
def test_each_level_sums_to_the_region(frames: Frames, period: str) -> None:
    gap = gap_of(frames, period)
    whole = gap.levels["region"][MEASURES].iloc[0]
    for level in LEVELS:
        assert (gap.levels[level][MEASURES].sum() == whole).all(), level
        assert all(dtype == "int64" for dtype in gap.levels[level].dtypes), "a float crept in"


@given(frames=companies())
@settings(max_examples=12, deadline=None)
def test_the_doctors_of_a_place_sum_to_its_row(frames: Frames) -> None:
    gap = gap_of(frames, "2026-10")
    doctors = gap.doctors.groupby(PLACE_KEYS)[ADDITIVE].sum()
    places = gap.places.set_index(PLACE_KEYS)[ADDITIVE]
    assert doctors.index.equals(places.index)
    assert (doctors == places).all(axis=None)


@given(frames=companies())
@settings(max_examples=5, deadline=None)
def test_the_weeks_of_a_quarter_year_lose_no_pack_of_targets_or_flow(frames: Frames) -> None:
    asked = {name: int(frames.targets[name].sum()) for name in ("floor", "stretch")}
    sold = int(frames.flow["packs"].sum()) + int(frames.monthly_flow["packs"].sum())
    found = [gap_of(frames, str(week)).levels["region"].iloc[0] for week in weeks()]
    assert sum(int(week["floor"]) for week in found) == asked["floor"]
    assert sum(int(week["stretch"]) for week in found) == asked["stretch"]
    assert sum(int(week["actual"]) for week in found) == sold


@given(frames=companies())
@settings(max_examples=6, deadline=None)
def test_months_are_the_sum_of_their_slices_for_each_rep(frames: Frames) -> None:
    """A month read whole, as in the series, and one cut into slices, as in its own report, credit reps alike."""
    gap = gap_of(frames, "2026-10")
    quarter = gap_of(frames, "2026-Q3")
    first, last = (Period.parse("2026-09").from_on.toordinal(), Period.parse("2026-09").until_on.toordinal())
    for one, measures in (("targets", TARGET_MEASURES), ("flow", FLOW_MEASURES[:2])):
        tables = []
        for report in (gap, quarter):
            rows = getattr(report, one)
            inside = rows[(rows["slice_on"] >= first) & (rows["slice_on"] < last)]
            sums = inside.groupby(PLACE_KEYS)[measures].sum()
            tables.append(sums[(sums != 0).any(axis=1)])
        assert tables[0].equals(tables[1])
