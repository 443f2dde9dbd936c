"""A calendar as text, as RFC 5545 wants it: for telephones and mail programs that read an address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

OCTETS = 75
"""A line holds no more, its end not counted."""
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class Entry:
    """Something on a day of the calendar.

    key       names it for ever: a calendar that reads it again changes it, and makes no second one
    starts    an aware instant, or a date for a whole day
    ends      the same kind; of a date the first day that no longer belongs to it
    """

    key: str
    starts: datetime | date
    ends: datetime | date
    summary: str
    location: str = ""
    cancelled: bool = False


def calendar_text(name: str, entries: Iterable[Entry], made_at: datetime) -> str:
    """Return a calendar in the text that RFC 5545 describes.

    name     what the calendar is called in the reader's list
    made_at  aware: as of when it is true
    returns  lines of at most 75 octets, each ending in CR LF; instants in UTC, which every reader moves to its own zone
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//repcrm//calls//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *(line for entry in entries for line in _event(entry, made_at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(entry: Entry, made_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.key}"
    yield f"DTSTAMP:{_utc(made_at)}"
    yield f"DTSTART{_moment(entry.starts)}"
    yield f"DTEND{_moment(entry.ends)}"
    yield f"SUMMARY:{_escaped(entry.summary)}"
    if entry.location:
        yield f"LOCATION:{_escaped(entry.location)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moment(when: datetime | date) -> str:
    return f":{_utc(when)}" if isinstance(when, datetime) else f";VALUE=DATE:{when:%Y%m%d}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(words: str) -> str:
    return words.translate(ESCAPES)


def _folded(line: str) -> str:
    """Cut a line into pieces that begin with a blank from the second on, never in the middle of a character."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > OCTETS:
            pieces.append(piece)
            piece = " "
        piece += character
    return "\r\n".join([*pieces, piece])
