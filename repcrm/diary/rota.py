"""The rota of evening rounds (S18): somebody of a hospital's team is there every evening, and all take their turn."""

from collections import Counter
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

EVENINGS_A_WEEK = 2
"""So many evenings of an ISO week one rep takes at most."""

Place = tuple[date, int]
"""A day, and the hospital in which somebody is to be that evening."""


def round_days(rounds: Iterable[tuple[int, int]], days: Iterable[date], holidays: Container[date]) -> list[Place]:
    """Return the evenings on which somebody is to be in a hospital, by day, then hospital.

    rounds    hospital and ISO weekday on which it keeps an evening round
    holidays  public holidays: nobody goes then
    """
    on_weekday: dict[int, list[int]] = {}
    for hospital_id, weekday in sorted(rounds):
        on_weekday.setdefault(weekday, []).append(hospital_id)
    return [
        (day, hospital_id)
        for day in days
        if day not in holidays
        for hospital_id in on_weekday.get(day.isoweekday(), ())
    ]


class Evening(NamedTuple):
    """An evening round to be done, and the reps of the hospital's team on that day."""

    on: date
    hospital_id: int
    team: frozenset[int]


class Duty(NamedTuple):
    """An evening round that is somebody's."""

    on: date
    hospital_id: int
    rep_id: int


@dataclass
class Rota:
    """Who takes which evening.

    duties  the evenings shared out, in the order of days
    nobody  evenings that nobody can take, in the order of days
    """

    duties: list[Duty] = field(default_factory=list)
    nobody: list[Evening] = field(default_factory=list)


def share(
    evenings: Iterable[Evening],
    away: Collection[tuple[int, date]],
    kept: Iterable[Duty] = (),
    most_a_week: int = EVENINGS_A_WEEK,
) -> Rota:
    """Share evenings out among the teams.

    evenings     those still to be given to somebody
    away         rep and day: on leave, or elsewhere that evening
    kept         evenings that are settled: those gone by that are remembered, those locked by hand. They count
    most_a_week  evenings of one rep in an ISO week, >= 1

    Each goes to whoever of the team has had fewest, then to whom it was longest ago, then to the smaller key, so the
    same question always has the same answer. Days are gone through in order, the scarcest evening of a day first;
    where nobody is free, somebody who could go hands another evening over. At last, evenings change hands as long as
    somebody has two more than another who could take one of them.
    """
    evenings = list(evenings)
    book, duties = _Book(away, most_a_week), list[Duty]()
    for duty in sorted(kept):
        book.write(duty)
    teams = {(one.on, one.hospital_id): one for one in evenings}
    waiting = sorted(evenings, key=lambda one: (one.on, len(book.able(one)), one.hospital_id))
    while True:
        left = []
        for evening in waiting:
            able = book.able(evening) or _make_room(evening, duties, teams, book)
            if able:
                duties.append(book.write(Duty(evening.on, evening.hospital_id, min(able, key=book.turn))))
            else:
                left.append(evening)
        _level(duties, teams, book)
        if left == waiting:
            return Rota(sorted(duties), left)
        waiting = left


def _make_room(evening: Evening, duties: list[Duty], evenings: dict[Place, Evening], book: "_Book") -> list[int]:
    """Let somebody who could take an evening hand another one over; returns who is free then, if anybody."""
    for rep in sorted(evening.team, key=book.turn):
        for place, duty in enumerate(duties):
            if duty.rep_id == rep:
                book.strike(duty)
                others = [one for one in book.able(evenings[duty.on, duty.hospital_id]) if one != rep]
                if others and rep in book.able(evening):
                    duties[place] = book.write(duty._replace(rep_id=min(others, key=book.turn)))
                    return [rep]
                book.write(duty)
    return []


def _level(duties: list[Duty], evenings: dict[Place, Evening], book: "_Book") -> None:
    """Let evenings change hands until nobody has two more than somebody who could take one of theirs.

    Each change makes the sum of squares smaller, so it comes to an end.
    """
    settled = False
    while not settled:
        settled = True
        for place, duty in enumerate(duties):
            book.strike(duty)
            able = [
                rep for rep in book.able(evenings[duty.on, duty.hospital_id]) if book.had[rep] < book.had[duty.rep_id]
            ]
            if able:
                duty, settled = duty._replace(rep_id=min(able, key=book.turn)), False
            duties[place] = book.write(duty)


class _Book:
    """What everybody has taken so far."""

    def __init__(self, away: Collection[tuple[int, date]], most_a_week: int) -> None:
        self._away = set(away)
        self._most = most_a_week
        self._busy: set[tuple[int, date]] = set()
        self._weeks: Counter[tuple[int, int, int]] = Counter()
        self._last: dict[int, date] = {}
        self.had: Counter[int] = Counter()

    def able(self, evening: Evening) -> list[int]:
        """Who of the team can take an evening."""
        return [
            rep
            for rep in sorted(evening.team)
            if (rep, evening.on) not in self._away
            and (rep, evening.on) not in self._busy
            and self._weeks[_week(rep, evening.on)] < self._most
        ]

    def turn(self, rep: int) -> tuple[int, date, int]:
        """Whose turn it is: the smallest."""
        return self.had[rep], self._last.get(rep, date.min), rep

    def write(self, duty: Duty) -> Duty:
        self._busy.add((duty.rep_id, duty.on))
        self._weeks[_week(duty.rep_id, duty.on)] += 1
        self._last[duty.rep_id] = max(duty.on, self._last.get(duty.rep_id, date.min))
        self.had[duty.rep_id] += 1
        return duty

    def strike(self, duty: Duty) -> None:
        self._busy.discard((duty.rep_id, duty.on))
        self._weeks[_week(duty.rep_id, duty.on)] -= 1
        self.had[duty.rep_id] -= 1


def _week(rep: int, day: date) -> tuple[int, int, int]:
    year, week, _ = day.isocalendar()
    return rep, year, week
