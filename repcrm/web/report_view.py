"""A gap report as its pages show it: every value worded and formatted, so that templates only place them."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from repcrm.core.words import N_
from repcrm.organisation.access import Permission
from repcrm.reports import sentences
from repcrm.reports.body import Body, Row
from repcrm.reports.bridge import Change, made_of
from repcrm.reports.models import ReportSnapshot
from repcrm.targets.attainment import Status, status
from repcrm.web.filters import number, percent, period, plain_day, short_money, signed
from repcrm.web.report_coverage import Coverage
from repcrm.web.report_deliveries import lines_of
from repcrm.web.report_lines import TONES, Line, Table, link, method, missing_words, rich

FACT_ICONS = {
    "gap_missed_calls": "phone", "top_doctor_unseen": "person", "listing_stuck": "hospital", "stock_low": "box",
    "late_data": "clock", "provisional_calendar": "calendar", "missing_calendar": "calendar",
    "sold_without_target": "target", "not_split": "split",
}  # fmt: skip
"""Code of a fact -> the icon beside it."""

Series = dict[str, list[int | None]]


@dataclass(frozen=True)
class Figure:
    """One of the four big figures."""

    label: str
    value: str | Markup
    note: str | Markup
    tone: str | None
    method: str


@dataclass(frozen=True)
class ProductLine:
    """A product: its row, and a bullet of where the longer period stands."""

    line: Line
    actual: int
    floor: int | None
    expected: float | None
    words: str
    horizon: str


@dataclass(frozen=True)
class TrendLine:
    """A period of the series beside the same one of the year before."""

    period: str
    target: str
    actual: str
    attainment: str
    last_period: str
    last_actual: str
    last_attainment: str
    share: float | None


@dataclass(frozen=True)
class FactLine:
    """A fact in a sentence, with where to act on it."""

    icon: str
    text: str
    href: str | None


@dataclass(frozen=True)
class ReportView:
    """A report as a page shows it.

    body    what the reader may see of the snapshot
    table   the rows in view; coverage and facts follow it
    charts  name -> drawing; empty where the reader must not see the whole region
    """

    snapshot: ReportSnapshot
    body: Body
    table: Table
    charts: dict[str, Markup]

    def figures(self) -> list[Figure]:
        """Attainment, gap, time elapsed and landing of the whole."""
        return [self._attainment(), self._gap(), self._elapsed(), self._landing()]

    def _attainment(self) -> Figure:
        total = self.body.total
        value = missing_words(total) if total.attainment is None else percent(total.attainment)
        return Figure(_("Attainment"), value, self._compared(), _tone(total.status), method("attainment", "calls"))

    def _gap(self) -> Figure:
        total = self.body.total
        note = rich(
            _("%(money)s · target %(target)s, stretch %(stretch)s, actual %(actual)s"),
            money=short_money(round(total.gap_fen, -2)),
            target=number(total.floor),
            stretch=number(total.stretch),
            actual=number(total.actual),
        )
        value = _("%(packs)s packs", packs=signed(total.gap))
        return Figure(_("Gap"), value, note, _tone(total.status), method("gap", "credit"))

    def _elapsed(self) -> Figure:
        calendar = self.body.raw["calendar"]
        note = _(
            "%(passed)s of %(days)s working days, %(left)s left",
            passed=calendar["horizon_passed"],
            days=calendar["horizon_days"],
            left=self.body.days_left,
        )
        label = _("Time elapsed, %(period)s", period=period(self.body.horizon))
        return Figure(label, percent(self.body.elapsed), note, None, method("elapsed"))

    def _landing(self) -> Figure:
        label, forward = _("Landing, %(period)s", period=period(self.body.horizon)), self.body.forward(self.body.total)
        if forward.landing is None:
            return Figure(label, missing_words(self.body.total), "", None, method("landing"))
        value = _("%(packs)s packs", packs=number(forward.landing))
        note = _("%(packs)s packs a working day", packs=number(forward.run_rate, 1))
        if forward.landing_attainment is not None:
            note = _("%(share)s of target · %(pace)s", share=percent(forward.landing_attainment), pace=note)
        return Figure(label, value, note, _tone(status(forward.landing_attainment, Fraction(1))), method("landing"))

    def _compared(self) -> str:
        """Attainment of the period before and of the year before, or that there is nothing to compare with."""
        series, raw = self.body.series(), self.body.raw["series"]
        known = []
        for name, place, prefix in ((raw["periods"][-2], -2, ""), (raw["compared"][-1], -1, "last_")):
            share = _share(series, place, prefix)
            known.append(f"{name} {percent(share)}" if share is not None else _("%(period)s no figures", period=name))
        return " · ".join(known)

    def products(self) -> list[ProductLine]:
        """A bullet a product: the longer period so far against its target and what is due by now."""
        rows = [row for row in self.body.level("region_product") if row.product is not None]
        return [self._product(row) for row in rows]

    def _product(self, row: Row) -> ProductLine:
        line, floor = self.table.line(row), row.horizon_floor or None
        words = _(
            "%(product)s, %(period)s so far: %(actual)s of %(target)s packs",
            product=line.name,
            period=period(self.body.horizon),
            actual=number(row.horizon_actual),
            target=number(floor) if floor else _("no target"),
        )
        due = float(floor * self.body.elapsed) if floor else None
        horizon = percent(Fraction(row.horizon_actual, floor)) if floor else _("no target")
        if floor and row.no_flow and not row.horizon_actual:
            horizon = _("no flow yet")
        return ProductLine(line, row.horizon_actual, floor, due, words, horizon)

    def bridge(self) -> list[dict[str, Any]]:
        """What the gap is made of, ending with the gap itself; empty where there is nothing."""
        steps = [
            {"label": f"{_(step.code.label)} · {number(step.count)}", "value": step.packs, "text": signed(step.packs)}
            for step in made_of(self.body)
        ]
        gap = self.body.total.gap
        return [*steps, {"label": _("Gap"), "value": gap, "text": signed(gap), "total": True}] if steps else []

    def revision_bridge(self) -> list[dict[str, Any]]:
        """How the gap of the revision before became this one's; empty for a first revision."""
        revision = self.body.raw["revision"]
        if not revision:
            return []
        ends = [
            {"label": _("Revision %(number)s", number=number_), "value": gap, "text": signed(gap), "total": True}
            for number_, (gap, _fen) in (
                (revision["before"], revision["gap_before"]),
                (self.snapshot.revision, revision["gap_after"]),
            )
        ]
        steps = []
        for step in revision["steps"]:
            moved = _("%(packs)s packs moved", packs=number(step["moved"]))
            text = moved if step["moved"] else signed(step["packs"])
            steps.append({"label": _(Change(step["code"]).label), "value": step["packs"], "text": text})
        return [ends[0], *steps, ends[1]]

    def trend(self) -> list[TrendLine]:
        """The series as a table, the oldest period first."""
        series, raw = self.body.series(), self.body.raw["series"]
        lines = []
        for place, (name, last_name) in enumerate(zip(raw["periods"], raw["compared"], strict=True)):
            share, last_share = _share(series, place, ""), _share(series, place, "last_")
            figures = [number(_at(series, what, place)) for what in ("floor", "actual", "last_actual")]
            drawn = None if share is None else float(share)
            last = (last_name, figures[2], percent(last_share))
            lines.append(TrendLine(name, figures[0], figures[1], percent(share), *last, drawn))
        return lines

    @property
    def coverage(self) -> Coverage:
        """The rows in view by calls and coverage."""
        return Coverage(self.table)

    def stock(self) -> list[tuple[str, str]]:
        """Stock last seen in the hospital in view: packs, months, and when."""
        _rep, hospital, product = (*self.table.path, None, None, None)[:3]
        facts = []
        for row in self.body.raw["stock"]:
            if row[0] == hospital and (len(self.table.path) < 3 or row[1] == product):
                facts.append((sentences.name_of(self.body, "products", row[1], _), self._stock_words(*row)))
        return facts

    def _stock_words(self, hospital: int, product: int, packs: int, seen_on: str) -> str:
        places = [row for row in self.body.level("product") if (row.hospital, row.product) == (hospital, product)]
        month = sum(row.recent for row in places)
        enough = _("none used lately")
        if month > 0:
            enough = _("%(months)s months", months=number(Fraction(packs, month), 1))
        day = plain_day(date.fromisoformat(seen_on))
        return _("%(packs)s packs · %(months)s · seen %(day)s", packs=number(packs), months=enough, day=day)

    def points(self) -> list[FactLine]:
        """The facts of the row in view, those that every rep has a part in told once for all."""
        lines, facts = self.facts(), self._facts_here()
        shared = {
            "sold_without_target": N_("%(packs)s packs were sold in %(count)s hospital products without a target."),
            "not_split": N_("%(count)s targets are not split among doctors yet."),
        }
        points = [line for line, fact in zip(lines, facts, strict=True) if fact["code"] not in shared]
        for code, words in shared.items():
            same = [fact for fact in facts if fact["code"] == code]
            if same:
                sums = {name: number(sum(fact.get(name, 0) for fact in same)) for name in ("packs", "count")}
                points.append(FactLine(FACT_ICONS[code], _(words) % sums, self._way(same[0])))
        return points

    def facts(self) -> list[FactLine]:
        """What is worth acting on in the row in view, one line a fact of the body, in its order."""
        return [
            FactLine(FACT_ICONS[fact["code"]], self._sentence(fact), self._way(fact)) for fact in self._facts_here()
        ]

    def _facts_here(self) -> list[dict[str, Any]]:
        path = self.table.path
        return [
            fact
            for fact in self.body.raw["facts"]
            if (not path or fact.get("rep") == path[0]) and (len(path) < 2 or fact.get("hospital") == path[1])
        ]

    def _sentence(self, fact: dict[str, Any]) -> str:
        worded = dict(fact)
        worded.update((name, number(fact[name])) for name in ("packs", "month") if name in fact)
        if "last_on" in fact:
            worded["last_on"] = plain_day(date.fromisoformat(fact["last_on"]))
        return sentences.sentence(worded, self.body, _)

    def _way(self, fact: dict[str, Any]) -> str | None:
        """Where a fact can be acted on."""
        match fact["code"]:
            case "top_doctor_unseen":
                doctor = self.body.name("doctors", fact["doctor"])
                return link("doctors.page", doctor_id=doctor.id) if doctor else None
            case "late_data":
                return link("imports.index") if current_user.may(Permission.IMPORT_DATA) else None
            case "sold_without_target" | "not_split":
                return link("targets.grid")
        hospital = self.body.name("hospitals", fact.get("hospital"))
        return link("hospitals.page", hospital_id=hospital.id) if hospital else None

    def deliveries(self) -> list[str]:
        """Which deliveries of distributors are not in, and which have arrived since the last revision."""
        return lines_of(self.body)

    def missing(self) -> str:
        """What the whole report lacks, in words; empty where nothing does."""
        words = [_(sentences.MISSING[code]) for code in self.body.total.missing]
        unpriced = [sentences.name_of(self.body, "products", place, _) for place in self.body.raw["data"]["unpriced"]]
        if unpriced:
            words.append(_("no price: %(products)s", products=", ".join(unpriced)))
        return " · ".join(words)


def _tone(word: Status | None) -> str | None:
    return TONES[word] if word else None


def _share(series: Series, place: int, prefix: str) -> Fraction | None:
    """Attainment of one period of a series."""
    actual, floor = _at(series, f"{prefix}actual", place), _at(series, f"{prefix}floor", place)
    return Fraction(actual, floor) if floor and actual is not None else None


def _at(series: Series, name: str, place: int) -> int | None:
    return series[name][place] if name in series else None
