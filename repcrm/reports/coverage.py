"""Coverage: how much of what is in scope has taken our products up, read from a body for any of its rows."""

from typing import Any, NamedTuple

from repcrm.reports.body import Body, Row

DEVELOPED_FROM = 4
"""The rating from which a doctor counts as developed: accepts, uses occasionally."""


class Developed(NamedTuple):
    """What is in scope and what of it is developed, as a body keeps it."""

    departments: int = 0
    departments_developed: int = 0
    key: int = 0
    key_developed: int = 0
    general: int = 0
    general_developed: int = 0

    @property
    def doctors(self) -> int:
        """Doctors in scope, whatever their tier."""
        return self.key + self.general

    @property
    def doctors_developed(self) -> int:
        """Those of them who are developed."""
        return self.key_developed + self.general_developed


def developed(body: Body, row: Row) -> Developed | None:
    """Count what is developed in a row, each hospital once.

    row      the whole, a rep (the hospitals with a row of that rep), a hospital (by any of our products) or a
             product there (by the ratings of that product alone)
    returns  None where a body does not count: no product is named, or the row is a doctor's
    """
    kept = body.raw["development"]
    match row.level:
        case "region":
            return _added_up([one[1:] for one in kept["hospitals"]])
        case "rep":
            held = {one.hospital for one in body.below(row)}
            return _added_up([one[1:] for one in kept["hospitals"] if one[0] in held])
        case "hospital":
            return _added_up([one[1:] for one in kept["hospitals"] if one[0] == row.hospital])
        case "product":
            places = kept.get("places", [])
            found = (one[2:] for one in places if (one[0], one[1]) == (row.hospital, row.product))
            return next((Developed(*counts) for counts in found), None)
    return None


def _added_up(counts: list[list[Any]]) -> Developed:
    return Developed(*(sum(column) for column in zip(*counts, strict=True)))
