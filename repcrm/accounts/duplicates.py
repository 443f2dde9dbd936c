"""Proposing who might already be on file when a doctor is registered; a person decides, nothing is merged."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from repcrm.core.words import N_, Term


class Likeness(Term):
    """Why somebody might be the same person."""

    SAME_NAME = "same_name", N_("same name")
    SAME_SOUND = "same_sound", N_("name sounds the same")
    NEAR_NAME = "near_name", N_("similar name")
    SAME_HOSPITAL = "same_hospital", N_("same hospital")
    SAME_DEPARTMENT = "same_department", N_("same department")


class Person(NamedTuple):
    """A doctor as far as telling people apart needs it.

    pinyin  readings separated by blanks, as the database keeps them
    id      None for the one being registered
    """

    name: str
    pinyin: str
    hospital_id: int | None
    department: str
    id: int | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody on file who may be the one being registered, and why; 100 is certain enough to look twice."""

    person: Person
    score: int
    why: tuple[Likeness, ...]


NEAR = 85
"""rapidfuzz ratio of two readings from which on names count as similar: a letter in six or seven."""
PROPOSED_FROM = 60


def propose(new: Person, others: Iterable[Person], limit: int = 5) -> list[Candidate]:
    """Return who might be the same person, the likeliest first.

    The same name anywhere is proposed; one that only sounds the same, in the same hospital; one that is merely
    similar, in the same department. Doctors move: another hospital does not rule the same name out.
    """
    found = [candidate for other in others if (candidate := _compare(new, other)).score >= PROPOSED_FROM]
    found.sort(key=lambda c: (-c.score, c.person.name, c.person.id or 0))
    return found[:limit]


def _compare(new: Person, other: Person) -> Candidate:
    why: list[Likeness] = []
    score = 0
    if new.name == other.name:
        why, score = [Likeness.SAME_NAME], 60
    elif _sound_the_same(new, other):
        why, score = [Likeness.SAME_SOUND], 45
    elif _are_near(new, other):
        why, score = [Likeness.NEAR_NAME], 25
    if score and new.hospital_id is not None and new.hospital_id == other.hospital_id:
        why.append(Likeness.SAME_HOSPITAL)
        score += 20
        if new.department and new.department == other.department:
            why.append(Likeness.SAME_DEPARTMENT)
            score += 20
    return Candidate(other, score, tuple(why))


def _sound_the_same(new: Person, other: Person) -> bool:
    return bool(set(new.pinyin.split()) & set(other.pinyin.split()))


def _are_near(new: Person, other: Person) -> bool:
    return any(
        fuzz.ratio(mine, theirs, score_cutoff=NEAR) > 0
        for mine in new.pinyin.split()
        for theirs in other.pinyin.split()
    )
