"""Rows of a gap report as its table shows them: names, formats, the way down and the order."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from flask import current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from repcrm.core.words import N_, Term
from repcrm.reports import sentences
from repcrm.reports.body import Body, Row
from repcrm.targets.attainment import Status
from repcrm.web.filters import NOTHING, number, percent, period, short_money, signed

TONES = {Status.ON_TRACK: "good", Status.WATCH: "watch", Status.BEHIND: "behind"}

BELOW = {"region": N_("Rep"), "rep": N_("Hospital"), "hospital": N_("Product"), "product": N_("Doctor")}
"""Level -> what its rows are called one below."""

LEVEL_KEYS: dict[str, tuple[str, str]] = {
    "region": ("", ""), "region_product": ("product", "products"), "rep": ("rep", "reps"),
    "hospital": ("hospital", "hospitals"), "product": ("product", "products"), "doctor": ("doctor", "doctors"),
}  # fmt: skip
"""Level -> the key that tells its rows apart, and the list it is named in."""

PATH = (("rep", "reps"), ("hospital", "hospitals"), ("product", "products"))
"""The keys of an address, from the top down, and the lists they are named in."""

NOBODY_CODE = "-"
"""Stands in an address for what nobody holds."""

TIERS = {"key": N_("key"), "general": N_("general")}

Path = tuple[int | None, ...]
"""Places of a rep, hospital and product, as far down as one has gone; None is nobody's."""


class View(Term):
    """What the rows of a table show."""

    PACKS = "packs", N_("Packs")
    COVERAGE = "coverage", N_("Calls and coverage")


@dataclass(frozen=True)
class Line:
    """One row, formatted."""

    row: Row
    name: str
    href: str | None
    """One level down, or the doctor's page."""
    target: str
    actual: str
    percent: int | None
    """0 to 100, for a bar."""
    attainment: str
    """What is missing in words where there is no percentage."""
    gap: str
    gap_money: str | Markup
    run_rate: str
    needed: str
    calls: str
    status: str | None
    """on_track, watch, behind; None where nothing can be measured."""
    tone: str
    rating: int | None
    tier: str
    is_estimated: bool
    is_known: bool
    """Stands for somebody, not for what nobody holds."""


SORTS: dict[str, Callable[[Line], Any]] = {
    "name": lambda line: line.name,
    "target": lambda line: line.row.floor,
    "actual": lambda line: line.row.actual,
    "attainment": lambda line: Fraction(-1) if line.row.attainment is None else line.row.attainment,
    "gap": lambda line: line.row.gap,
    "money": lambda line: line.row.gap_fen,
    "calls": lambda line: line.row.done,
}
"""Column -> what it sorts by."""


@dataclass(frozen=True)
class Table:
    """The rows one level below a row, as a table that drills down and sorts by links.

    url      address of the page without a query
    path     down to the row in view; empty for the whole
    sort     a key of SORTS, or of the other view's
    falling  the largest first
    view     what its rows show; kept on every way down and in every order
    """

    body: Body
    url: str
    path: Path = ()
    sort: str = "gap"
    falling: bool = True
    view: View = View.PACKS

    @property
    def here(self) -> Row:
        """The row in view."""
        return self.body.find(*self.path) or self.body.total

    @property
    def is_doctors(self) -> bool:
        """Doctors stand in it, whose figures are estimates."""
        return self.here.level == "product"

    @property
    def level(self) -> str:
        """What its rows are: rep, hospital, product or doctor."""
        return _(BELOW[self.here.level])

    @property
    def is_empty(self) -> bool:
        """Nothing stands below the row in view."""
        return not self.body.below(self.here)

    def lines(self) -> list[Line]:
        """Its rows, in the order asked for."""
        lines = [self.line(row) for row in self.body.below(self.here)]
        return sorted(lines, key=SORTS.get(self.sort, SORTS["gap"]), reverse=self.falling)

    def total(self) -> Line:
        """The row in view: what its rows sum to."""
        return self.line(self.here)

    def line(self, row: Row) -> Line:
        """A row, formatted."""
        key, kind = LEVEL_KEYS[row.level]
        named = self.body.name(kind, getattr(row, key)) if kind else None
        forward, share, is_doctor = self.body.forward(row), row.attainment, row.level == "doctor"
        return Line(
            row=row,
            name=named.name if named else _(sentences.NOBODY[kind]) if kind else str(self.body.raw["region"][2]),
            href=self._down(row),
            target=number(row.floor) if row.n_target or row.floor else _("no target"),
            actual=_("no flow yet") if row.no_flow else number(row.actual),
            percent=None if share is None else max(0, min(100, int(share * 100))),
            attainment=missing_words(row) if share is None else percent(share),
            gap=signed(row.gap),
            gap_money=short_money(round(row.gap_fen, -2)),
            run_rate=NOTHING if is_doctor else number(forward.run_rate, 1),
            needed=NOTHING if is_doctor or forward.needed_per_day is None else number(forward.needed_per_day, 1),
            calls=f"{row.done} / {row.planned} ({row.effective})",
            status=row.status.value if row.status else None,
            tone=TONES[row.status] if row.status else "accent",
            rating=row.rating or None,
            tier=_(TIERS[named.tier]) if named and named.tier else "",
            is_estimated=row.n_estimated > 0,
            is_known=named is not None or not kind,
        )

    def columns(self) -> list[dict[str, Any]]:
        """The heads, each a link that sorts where it can."""
        return self.heads(self._heads(), SORTS)

    def heads(self, names: Iterable[tuple[str, str, str | None]], sorts: Collection[str]) -> list[dict[str, Any]]:
        """Heads of columns as the table component takes them.

        names  column, its words, and words that explain it
        sorts  the columns by which the rows can be sorted
        """
        return [
            {
                "text": text,
                "numeric": name not in ("name", "tier", "rating", "status"),
                "href": self.sorted_by(name) if name in sorts else None,
                "sorted": ("descending" if self.falling else "ascending") if name == self.sort else None,
                "title": title,
            }
            for name, text, title in names
        ]

    def views(self) -> list[dict[str, Any]]:
        """The same rows in each view, as chips."""
        return [
            {
                "text": _(one.label),
                "href": replace(self, view=one).drilled(*self.path),
                "current": one is self.view,
            }
            for one in View
        ]

    def _heads(self) -> list[tuple[str, str, str | None]]:
        measured = [("attainment", _("Attainment"), None), ("gap", _("Gap"), None), ("money", _("Gap ¥"), None)]
        calls = ("calls", _("Calls"), _("done / planned (effective)"))
        if self.is_doctors:
            estimate = method("doctors")
            return [
                ("name", self.level, None), ("tier", _("Tier"), None), ("rating", _("Rating"), None),
                ("target", _("Target"), None), ("actual", _("Actual (estimate)"), estimate),
                *measured, calls, ("status", _("Status"), None),
            ]  # fmt: skip
        needed = _("packs a working day to reach the target of %(period)s", period=period(self.body.horizon))
        return [
            ("name", self.level, None), ("target", _("Target"), None), ("actual", _("Actual"), None), *measured,
            ("pace", _("Run rate"), method("landing")), ("needed", _("Needed a day"), needed),
            calls, ("status", _("Status"), None),
        ]  # fmt: skip

    def trail(self) -> list[tuple[str, str | None]]:
        """The way down to the row in view, the last without a link."""
        steps: list[tuple[str, str | None]] = [(str(self.body.raw["region"][2]), self.drilled())]
        for depth, ((_key, kind), place) in enumerate(zip(PATH, self.path, strict=False), start=1):
            steps.append((sentences.name_of(self.body, kind, place, _), self.drilled(*self.path[:depth])))
        return [*steps[:-1], (steps[-1][0], None)]

    def drilled(self, *path: int | None) -> str:
        """The address of the page with another row in view."""
        return self._address(self._codes(path))

    def sorted_by(self, column: str) -> str:
        """The address of the same rows sorted by a column, the other way round if they are already."""
        falling = not self.falling if column == self.sort else column != "name"
        return self._address({**self._codes(self.path), "sort": column, "order": "falling" if falling else "rising"})

    def _down(self, row: Row) -> str | None:
        match row.level:
            case "rep":
                return self.drilled(row.rep)
            case "hospital":
                return self.drilled(row.rep, row.hospital)
            case "product":
                return self.drilled(row.rep, row.hospital, row.product)
            case "doctor":
                named = self.body.name("doctors", row.doctor)
                return link("doctors.page", doctor_id=named.id) if named else None
        return None

    def _codes(self, path: Path) -> dict[str, str]:
        named = [(key, self.body.name(kind, place)) for (key, kind), place in zip(PATH, path, strict=False)]
        return {key: one.code if one else NOBODY_CODE for key, one in named}

    def _address(self, query: dict[str, str]) -> str:
        if self.view is not View.PACKS:
            query = {**query, "view": self.view.value}
        return f"{self.url}?{urlencode(query)}#table" if query else f"{self.url}#table"


def read_path(body: Body, codes: Sequence[str | None]) -> Path | None:
    """Turn the codes of an address into a path.

    codes    of rep, hospital and product; None where the address says nothing more
    returns  None if the report knows no such row
    """
    path: list[int | None] = []
    for (_key, kind), code in zip(PATH, codes, strict=True):
        if code is None:
            break
        place = None if code == NOBODY_CODE else body.place_of(kind, code)
        if place is None and code != NOBODY_CODE:
            return None
        path.append(place)
    return tuple(path) if body.find(*path) else None


def missing_words(row: Row) -> str:
    """What is missing of a row, in words; a dash where it is only that nothing was asked of it."""
    return " · ".join(_(sentences.MISSING[code]) for code in row.missing if code != "not_split") or NOTHING


def method(*names: str) -> str:
    """How figures are computed, in the reader's language."""
    return " ".join(_(sentences.METHODS[name]) for name in names)


def link(endpoint: str, **values: Any) -> str | None:
    """The address of a page, or None where it is not built."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def rich(message: str, **values: Any) -> Markup:
    """Put values into translated words, keeping the html of values that are html and escaping everything else."""
    return Markup(escape(message)) % values
