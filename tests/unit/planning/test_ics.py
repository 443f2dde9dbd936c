"""A calendar's text keeps RFC 5545, and comes back from it unharmed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from repcrm.planning.ics import Entry, calendar_text

MADE = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = Entry(
    "2026-11-30-am-7@calls.repcrm",
    datetime(2026, 11, 30, 8, 0, tzinfo=SHANGHAI),
    datetime(2026, 11, 30, 12, 0, tzinfo=SHANGHAI),
    "海棠第一人民医院 · 王清文、张思远",
)


def lines_of(text: str) -> list[str]:
    """The lines as a reader joins them again."""
    return text.replace("\r\n ", "").split("\r\n")


def test_instants_are_in_utc_and_whole_days_are_dates():
    day = Entry("a", date(2026, 12, 1), date(2026, 12, 2), "x", cancelled=True)
    lines = lines_of(calendar_text("calls", [MORNING, day], MADE))
    assert "DTSTART:20261130T000000Z" in lines  # eight in Shanghai is midnight in Greenwich
    assert "DTEND:20261130T040000Z" in lines
    assert "DTSTART;VALUE=DATE:20261201" in lines
    assert "STATUS:CANCELLED" in lines
    assert lines.count("DTSTAMP:20261125T120000Z") == 2


def test_what_would_end_a_line_or_a_list_is_escaped():
    lines = lines_of(calendar_text("a, b; c\\d\ne", [], MADE))
    assert "X-WR-CALNAME:a\\, b\\; c\\\\d\\ne" in lines


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300))
def test_no_line_is_longer_than_75_octets_and_none_loses_a_character(words):
    text = calendar_text(words, [MORNING], MADE)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"X-WR-CALNAME:{words}".replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") in lines_of(text)
    assert text.endswith("END:VCALENDAR\r\n")
