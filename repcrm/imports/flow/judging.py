"""Judging the lines of a sales file, portion by portion, against the names, units and lines on file."""

from repcrm.core.errors import BadInput, RepCRMError
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.imports.flow.comparing import Comparison
from repcrm.imports.flow.lines import amount_of, day_of, key_of
from repcrm.imports.flow.periods import lies_after
from repcrm.imports.flow.remarks import ASIDE, REMARK, decision_on
from repcrm.imports.flow.tally import Tally
from repcrm.imports.flow.units import STOCK_FIELDS, check_second_units, count_stocks, packs_of
from repcrm.imports.kinds.shared import Context, find_hospital, find_product
from repcrm.imports.naming import NameKind
from repcrm.imports.verdicts import Row, Verdict

LEAVE, COUNT = "leave", "count"
"""Answers to whether lines that are there already count once more."""
REPETITION = N_("Repeats row %(row)s.")


class FlowJudge:
    """Judges the lines of one file.

    period  what a person said the file answers for; None: its days decide
    """

    def __init__(self, context: Context, comparison: Comparison, period: Period | None) -> None:
        self.context = context
        self.comparison = comparison
        self.period = period
        self.tally = Tally()

    def judge(self, rows: list[Row]) -> None:
        """Give each row a verdict, as far as it is known before the last row has been read."""
        for row in rows:
            self._understand(row)
            if remark := row.values.get("remark", ""):
                self._decide_remark(row, remark)
            if not row.is_stuck:
                self._compare(row)

    def _understand(self, row: Row) -> None:
        """Find out what the row is about, and reject what cannot be."""
        hospital, product = find_hospital(self.context, row), find_product(self.context, row)
        if product is not None and row.values.keys() & {"on", "month"} and row.verdict is not Verdict.REFUSED:
            self._count_packs(row)
        if row.values.keys() & {"on", "month"}:
            self.comparison.see(day_of(row)[0])
            if day_of(row)[0] > self.context.today:
                row.refuse(BadInput(N_("%(day)s lies in the future."), day=day_of(row)[0]), "on")
            if self.period is not None:
                self._check_day(row, self.period)
        if row.values.get("packs") == 0 and row.values.get("value"):
            row.refuse(BadInput(N_("There is money, but no packs.")), "packs")
        self._check_distributor(row)
        if hospital is not None and product is not None:
            row.ids = hospital.id, product.id

    def _count_packs(self, row: Row) -> None:
        product, on = row.found["product"], day_of(row)[0]
        try:
            row.values["packs"] = packs_of(self.context, row, product, on)
            unchecked = count_stocks(self.context, row, product, on)
            unchecked += check_second_units(self.context, row, product, on)
        except RepCRMError as error:
            row.refuse(error, "packs")
            return
        self.tally.unchecked += bool(unchecked)
        self.tally.unchecked_units.update(unchecked)

    def _check_day(self, row: Row, period: Period) -> None:
        if lies_after(day_of(row)[0], period):
            said, of = (row.values["on"], "on") if row.values.get("on") else (row.values["month"][:7], "month")
            row.refuse(BadInput(N_("%(day)s lies after %(period)s."), day=said, period=str(period)), of)

    def _check_distributor(self, row: Row) -> None:
        spelling = row.values.get("source")
        if not spelling or self.context.distributor is None:
            return
        match = self.context.names.find(NameKind.DISTRIBUTOR, None, spelling)
        if match.thing is not self.context.distributor:
            row.refuse(BadInput(N_("This row belongs to another distributor: %(source)s."), source=spelling), "source")

    def _decide_remark(self, row: Row, remark: str) -> None:
        decision = decision_on(remark, self.context.answers)
        if decision is None:
            row.wait_for(REMARK, remark)
        elif decision == ASIDE and not row.is_stuck:
            row.set_aside(remark[:200])

    def _compare(self, row: Row) -> None:
        key, amount = key_of(row), amount_of(row)
        earlier = self.comparison.repeats(row.row, key, amount)
        if earlier is not None:
            self.tally.add_repeat(row, earlier, amount)
            if self.context.answers.get("duplicates") != COUNT:
                row.explain(REPETITION, row=earlier)
                row.set_aside("")
                return
        row.verdict = self.comparison.add(row.number, key, amount)
        self.tally.add(row, key, amount)
        if row.values.keys() & {*STOCK_FIELDS}:
            self.tally.add_stock(row.values.get("source", ""), row.found["product"], row)
