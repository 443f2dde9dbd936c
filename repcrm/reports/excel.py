"""A report as a workbook: totals are formulas that anybody can follow, and text is never a formula."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from repcrm.core.words import N_
from repcrm.reports import sentences
from repcrm.reports.body import Body, Row
from repcrm.reports.bridge import Cause, Change
from repcrm.reports.coverage import developed
from repcrm.reports.deliveries import deliveries_in
from repcrm.reports.excel_cells import MONEY, PACKS, SHARE, TEXT, TITLE, WRAPPED, Cells
from repcrm.reports.words import words
from repcrm.sales.deliveries import DeliveryState
from repcrm.sales.models import DeliveryRhythm


def workbook(body: Body, header: dict[str, Any], language: str) -> bytes:
    """Write a report as an .xlsx file.

    body      what the reader may see
    header    see `flat.header`
    language  zh or en
    returns   the bytes of a workbook: summary, products, table, doctors, coverage, trend, facts, deliveries and method
    """
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"title": f"{header['period']} {header['region']}", "comments": header["hash"]})
    writer = Writer(book, body, header, words(language))
    writer.summary()
    writer.products()
    writer.table()
    writer.doctors()
    writer.coverage()
    writer.series()
    writer.facts()
    writer.deliveries()
    writer.method()
    book.close()
    return stream.getvalue()


class Writer(Cells):
    """Writes the sheets, one a method."""

    def summary(self) -> None:
        """What the report is, its figures and what its gap is made of."""
        sheet = self._sheet(N_("Summary"), [34, 24, 20, 20])
        say, total, forward = self.say, self.body.total, self.body.forward(self.body.total)
        self._text(sheet, 0, 0, f"{self.header['period']} · {self.body.raw['region'][2]}", TITLE)
        self._text(sheet, 1, 0, " ".join(say(doubt.message) % {"year": doubt.year} for doubt in self.body.doubts))
        labels = {
            "kind": N_("Kind"), "period": N_("Period"), "from_on": N_("From"), "to_on": N_("To"),
            "region": N_("Region"), "revision": N_("Revision"), "data_as_of": N_("Data as of"),
            "frozen_at": N_("Frozen at"), "hash": N_("Hash"),
        }  # fmt: skip
        for line, (name, label) in enumerate(labels.items(), start=2):
            self._text(sheet, line, 0, say(label))
            self._text(sheet, line, 1, str(self.header[name]))
        start = len(labels) + 3
        figures: list[tuple[str, Any, str]] = [
            (N_("Target packs"), total.floor, PACKS),
            (N_("Stretch packs"), total.stretch, PACKS),
            (N_("Actual packs"), total.actual, PACKS),
            (N_("Gap packs"), total.gap, PACKS),
            (N_("Gap ¥"), total.gap_fen / 100, MONEY),
            (N_("Attainment"), total.attainment, SHARE),
            (N_("Attainment of stretch"), total.attainment_stretch, SHARE),
            (N_("Time elapsed"), self.body.elapsed, SHARE),
            (N_("Landing packs"), forward.landing, PACKS),
            (N_("Landing attainment"), forward.landing_attainment, SHARE),
        ]
        for line, (label, value, form) in enumerate(figures, start=start):
            self._text(sheet, line, 0, say(label))
            self._number(sheet, line, 1, value, form, missing=self._missing(total))
        self._bridge(sheet, start + len(figures) + 1)

    def _bridge(self, sheet: Any, line: int) -> None:
        """The causes, with a sum that is the gap."""
        self._heads(
            sheet, line, [N_("What the gap is made of"), N_("Gap packs"), N_("Gap ¥"), N_("Hospitals x products")]
        )
        steps = self.body.raw["bridge"]
        for at, step in enumerate(steps, start=line + 1):
            self._text(sheet, at, 0, self.say(Cause(step["code"]).label))
            self._number(sheet, at, 1, step["packs"], PACKS)
            self._number(sheet, at, 2, step["fen"] / 100, MONEY)
            self._number(sheet, at, 3, step["count"], PACKS)
        end = line + 1 + len(steps)
        self._text(sheet, end, 0, self.say(N_("Total")), TEXT, bold=True)
        self._sum(sheet, end, 1, [(line + 1, end - 1)], self.body.total.gap, PACKS)
        self._sum(sheet, end, 2, [(line + 1, end - 1)], self.body.total.gap_fen / 100, MONEY)
        if self.body.raw["revision"]:
            self._revision(sheet, end + 2)

    def _revision(self, sheet: Any, line: int) -> None:
        """How the revision before became this one."""
        revision = self.body.raw["revision"]
        self._heads(sheet, line, [N_("What changed since the last revision"), N_("Gap packs"), N_("Gap ¥")])
        rows = [(N_("Gap before"), *revision["gap_before"])]
        rows += [(Change(step["code"]).label, step["packs"], step["fen"]) for step in revision["steps"]]
        for at, (label, packs, fen) in enumerate(rows, start=line + 1):
            self._text(sheet, at, 0, self.say(label))
            self._number(sheet, at, 1, packs, PACKS)
            self._number(sheet, at, 2, fen / 100, MONEY)
        end = line + 1 + len(rows)
        self._text(sheet, end, 0, self.say(N_("Gap after")), TEXT, bold=True)
        self._sum(sheet, end, 1, [(line + 1, end - 1)], revision["gap_after"][0], PACKS)
        self._sum(sheet, end, 2, [(line + 1, end - 1)], revision["gap_after"][1] / 100, MONEY)

    def products(self) -> None:
        """The region by product."""
        rows = self.body.level("region_product")
        sheet = self._sheet(N_("Products"), [26])
        self._measure_heads(sheet, [N_("Product")])
        for line, row in enumerate(rows, start=1):
            self._text(sheet, line, 0, self._name("products", row.product))
            self._measures(sheet, line, 1, row)
        self._total(sheet, len(rows) + 1, 1, [(1, len(rows))] if rows else [], self.body.total)

    def table(self) -> None:
        """Rep, hospital and product below one another, every total a formula over the rows it is made of."""
        sheet = self._sheet(N_("Table"), [18, 26, 22])
        self._measure_heads(sheet, [N_("Rep"), N_("Hospital"), N_("Product")])
        line, rep_lines = 1, []
        for rep in self.body.below(self.body.total):
            rep_line, line, hospital_lines = line, line + 1, []
            for hospital in self.body.below(rep):
                products = self.body.below(hospital)
                self._labels(sheet, line, hospital)
                self._measures(sheet, line, 3, hospital, [(line + 1, line + len(products))], 1)
                hospital_lines.append(line)
                for at, product in enumerate(products, start=line + 1):
                    self._labels(sheet, at, product)
                    self._measures(sheet, at, 3, product)
                    sheet.set_row(at, None, None, {"level": 2})
                line += len(products) + 1
            self._labels(sheet, rep_line, rep)
            self._measures(sheet, rep_line, 3, rep, [(one, one) for one in hospital_lines], 2)
            rep_lines.append(rep_line)
        self._total(sheet, line, 3, [(one, one) for one in rep_lines], self.body.total)

    def doctors(self) -> None:
        """Doctors' parts: estimates, which add up to the same totals."""
        sheet = self._sheet(N_("Doctors"), [18, 26, 22, 16, 10, 10])
        self._measure_heads(
            sheet, [N_("Rep"), N_("Hospital"), N_("Product"), N_("Doctor (estimate)"), N_("Tier"), N_("Rating")]
        )
        rows = self.body.level("doctor")
        for line, row in enumerate(rows, start=1):
            self._labels(sheet, line, row)
            doctor = self.body.name("doctors", row.doctor)
            self._text(sheet, line, 3, doctor.name if doctor else self.say(sentences.NOBODY["doctors"]))
            self._text(sheet, line, 4, self.say(doctor.tier) if doctor else "")
            if row.rating:
                self._number(sheet, line, 5, row.rating, PACKS)
            self._measures(sheet, line, 6, row)
        self._total(sheet, len(rows) + 1, 6, [(1, len(rows))] if rows else [], self.body.total)

    def coverage(self) -> None:
        """Calls, whom the reps met and what is developed: each rep, and below the rep each hospital."""
        sheet = self._sheet(N_("Coverage"), [18, 26])
        counts = [
            N_("Calls planned"), N_("Calls done"), N_("Calls effective"), N_("Effective rate"),
            N_("Key doctors met"), N_("General doctors met"), N_("Departments in scope"), N_("Departments developed"),
            N_("Key doctors in scope"), N_("Key doctors developed"), N_("General doctors in scope"),
            N_("General doctors developed"),
        ]  # fmt: skip
        self._heads(sheet, 0, [N_("Rep"), N_("Hospital"), *counts])
        line, rep_lines = 1, []
        for rep in self.body.below(self.body.total):
            hospitals = self.body.below(rep)
            self._labels(sheet, line, rep)
            self._covered(sheet, line, rep, [(line + 1, line + len(hospitals))])
            rep_lines.append(line)
            for at, hospital in enumerate(hospitals, start=line + 1):
                self._labels(sheet, at, hospital)
                self._covered(sheet, at, hospital)
                sheet.set_row(at, None, None, {"level": 1})
            line += len(hospitals) + 1
        self._text(sheet, line, 0, self.say(N_("Total")), TEXT, bold=True)
        self._covered(sheet, line, self.body.total, [(one, one) for one in rep_lines])

    def _covered(self, sheet: Any, line: int, row: Row, over: Sequence[tuple[int, int]] = ()) -> None:
        """A row of coverage; calls are sums over other lines where it is made of them, doctors count once in each."""
        for column, calls in enumerate((row.planned, row.done, row.effective), start=2):
            if over:
                self._sum(sheet, line, column, over, calls, PACKS)
            else:
                self._number(sheet, line, column, calls, PACKS)
        if row.effective_rate is not None:
            done, effective = (xl_rowcol_to_cell(line, column) for column in (3, 4))
            sheet.write_formula(
                line, 5, f"={effective}/{done}", self._form(SHARE, len(over)), float(row.effective_rate)
            )
        counts = [row.seen_key, row.seen_general, *(developed(self.body, row) or ())]
        for column, count in enumerate(counts, start=6):
            sheet.write_number(line, column, count, self._form(PACKS, len(over)))

    def series(self) -> None:
        """The last periods, beside the year before."""
        sheet = self._sheet(N_("Trend"), [14])
        self._heads(
            sheet, 0,
            [N_("Period"), N_("Target packs"), N_("Actual packs"), N_("Attainment"),
             N_("The year before"), N_("Target packs"), N_("Actual packs"), N_("Attainment")],
        )  # fmt: skip
        series, raw = self.body.series(), self.body.raw["series"]
        for line, (period, before) in enumerate(zip(raw["periods"], raw["compared"], strict=True), start=1):
            for column, (text, prefix) in ((0, (period, "")), (4, (before, "last_"))):
                floor, actual = (series[prefix + name][line - 1] if series else None for name in ("floor", "actual"))
                self._text(sheet, line, column, text)
                self._number(sheet, line, column + 1, floor, PACKS, self.say(sentences.MISSING["no_target"]))
                self._number(sheet, line, column + 2, actual, PACKS, self.say(sentences.MISSING["no_flow"]))
                share = actual / floor if floor and actual is not None else None
                self._number(sheet, line, column + 3, share, SHARE)

    def facts(self) -> None:
        """What is worth acting on, a sentence a row."""
        sheet = self._sheet(N_("Worth acting on"), [110])
        self._heads(sheet, 0, [N_("Worth acting on")])
        for line, fact in enumerate(self.body.raw["facts"], start=1):
            self._text(sheet, line, 0, sentences.sentence(fact, self.body, self.say), WRAPPED)

    def deliveries(self) -> None:
        """Which sales of distributors the report rests on; no sheet for one that was frozen before they were kept."""
        rows = deliveries_in(self.body.raw)
        if not rows:
            return
        sheet = self._sheet(N_("Deliveries"), [26, 14, 12, 14, 16, 28])
        said = [N_("Distributor"), N_("Reports"), N_("Period"), N_("Due by"), N_("Status"), N_("Arrived")]
        self._heads(sheet, 0, [*said, N_("Usual packs")])
        for line, one in enumerate(rows, start=1):
            rhythm, state = DeliveryRhythm(one.rhythm).label, DeliveryState(one.state).label
            words = (one.name, self.say(rhythm), one.period, one.due_on, self.say(state), one.arrived_at or "")
            for column, text in enumerate(words):
                self._text(sheet, line, column, text)
            self._number(sheet, line, 6, one.packs, PACKS)

    def method(self) -> None:
        """How each figure is defined."""
        sheet = self._sheet(N_("Method"), [120])
        self._heads(sheet, 0, [N_("How the figures are defined")])
        for line, method in enumerate(sentences.METHODS.values(), start=1):
            self._text(sheet, line, 0, self.say(method), WRAPPED)
