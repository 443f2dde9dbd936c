"""How complete a hospital's archive is, and what to fill in next (S3)."""

from dataclasses import dataclass
from fractions import Fraction

from repcrm.core.words import N_, Term


class ArchivePart(Term):
    """Something the archive of a hospital ought to hold."""

    GRADE = "grade", N_("grade")
    BEDS = "beds", N_("beds")
    ADDRESS = "address", N_("city and address")
    PLACE = "place", N_("coordinates")
    DEPARTMENTS = "departments", N_("departments")
    DOCTORS = "doctors", N_("a doctor in every department in scope")
    PHARMACY = "pharmacy", N_("how the pharmacy works")
    KEY_PEOPLE = "key_people", N_("key people")
    LISTINGS = "listings", N_("listing of every product")
    POTENTIAL = "potential", N_("potential of every product")
    COMPETITORS = "competitors", N_("competitors of every product")


A = ArchivePart

WEIGHTS: dict[ArchivePart, int] = {
    A.DEPARTMENTS: 15,
    A.DOCTORS: 15,
    A.POTENTIAL: 10,
    A.KEY_PEOPLE: 10,
    A.PHARMACY: 10,
    A.LISTINGS: 10,
    A.COMPETITORS: 10,
    A.GRADE: 5,
    A.BEDS: 5,
    A.ADDRESS: 5,
    A.PLACE: 5,
}
"""What each part adds to 100 %, in the order in which a rep should fill them in."""


@dataclass(frozen=True)
class Archive:
    """What is known of one hospital, counted.

    departments, in_scope, staffed    departments; those in scope; those in scope that have a doctor today
    products                          active products of the company
    listed, valued, watched           products with a listing entry, with a potential, with words on competitors
    """

    has_grade: bool = False
    has_beds: bool = False
    has_address: bool = False
    has_place: bool = False
    has_pharmacy: bool = False
    has_key_people: bool = False
    departments: int = 0
    in_scope: int = 0
    staffed: int = 0
    products: int = 0
    listed: int = 0
    valued: int = 0
    watched: int = 0


@dataclass(frozen=True)
class Completeness:
    """How much of an archive is there.

    percent  0 to 100, rounded down: 100 means that nothing is missing
    missing  what is not, or not fully, there, what weighs most first
    """

    percent: int
    missing: tuple[ArchivePart, ...]


def completeness_of(archive: Archive) -> Completeness:
    """Weigh what is there of a hospital's archive against what ought to be."""
    parts = _parts(archive)
    total = sum(weight * parts[part] for part, weight in WEIGHTS.items())
    return Completeness(int(total), tuple(part for part in WEIGHTS if parts[part] < 1))


def _parts(archive: Archive) -> dict[ArchivePart, Fraction]:
    """How much of each part is there, 0 to 1."""
    return {
        A.GRADE: Fraction(archive.has_grade),
        A.BEDS: Fraction(archive.has_beds),
        A.ADDRESS: Fraction(archive.has_address),
        A.PLACE: Fraction(archive.has_place),
        A.DEPARTMENTS: Fraction(archive.departments > 0),
        A.DOCTORS: _share(archive.staffed, archive.in_scope),
        A.PHARMACY: Fraction(archive.has_pharmacy),
        A.KEY_PEOPLE: Fraction(archive.has_key_people),
        A.LISTINGS: _share(archive.listed, archive.products),
        A.POTENTIAL: _share(archive.valued, archive.products),
        A.COMPETITORS: _share(archive.watched, archive.products),
    }


def _share(there: int, wanted: int) -> Fraction:
    return min(Fraction(there, wanted), Fraction(1)) if wanted else Fraction(0)
