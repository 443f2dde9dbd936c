"""The preview of a sales file: whose it is, what it answers for, and what applying it would do to what is on file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period
from repcrm.imports.flow import asking, checks, sums
from repcrm.imports.flow.comparing import Amendment, Comparison, Reported
from repcrm.imports.flow.judging import COUNT, FlowJudge
from repcrm.imports.flow.lines import Amount, LineKey
from repcrm.imports.flow.periods import PeriodChoice, decide_period
from repcrm.imports.kinds.shared import Context
from repcrm.imports.naming import NameKind, Resolver
from repcrm.imports.questions import Answers
from repcrm.imports.verdicts import Row, Verdict
from repcrm.sales import queries, replacing
from repcrm.sales.models import Distributor, FlowMode, ImportBatch


@dataclass
class Outcome:
    """What a whole sales file comes to.

    gone  lines on file that applying would take away
    """

    distributor_id: int | None = None
    period: str = ""
    mode: FlowMode | None = None
    gone: int = 0
    sums: dict[str, Any] = field(default_factory=dict)
    amendments: list[Amendment] = field(default_factory=list)


def named_distributor(answers: Answers, resolver: Resolver) -> int | None:
    """Return the id of the distributor a person has named, None if nobody has or it is not known."""
    named = answers.get("distributor")
    match = resolver.find(NameKind.DISTRIBUTOR, None, named) if named else None
    return match.thing.id if match is not None and match.thing is not None else None


def begin(context: Context, first: Sequence[Row]) -> FlowJudge:
    """Find out whose file it is by what a person said, else by its first rows, and start judging.

    raises  BadInput for a period that is none
    """
    context.distributor = _identify(context, first)
    said = context.answers.get("period", "").strip()
    context.mode = FlowMode(context.answers["mode"]) if context.answers.get("mode") in list(FlowMode) else None
    return FlowJudge(context, Comparison(_reported_by(context)), Period.parse(said) if said else None)


def conclude(context: Context, judge: FlowJudge, digest: str) -> Outcome:
    """Decide what the file replaces or adds to, now that all lines are known, and ask what is left open.

    digest  of the bytes of the file
    """
    distributor, choice = context.distributor, _choose_period(context, judge)
    period = choice.period or (choice.choices[0] if choice.choices else None)
    if distributor is None or period is None:
        asking.ask_whose(context, judge)
        return Outcome(distributor.id if distributor else None, str(period or ""), context.mode)
    if choice.period is None:
        asking.ask_period(context, choice, judge.comparison.months)
    replaced = _replaceable(context, distributor, period)
    gone, gone_packs = judge.comparison.gone(period, {batch.id for batch in replaced})
    mode = context.mode or asking.decide_mode(context, judge.tally, period, replaced, gone, gone_packs)
    amendments = _amend(context, judge, period, mode)
    if mode is FlowMode.ADDS:
        replaced, gone = [], 0
    else:
        gone, _packs = judge.comparison.gone(period, {batch.id for batch in replaced})  # changed lines are not gone
    amendments += checks.refuse_clashes(context, judge.tally, distributor, replaced)
    asking.ask_about_lines(context, judge.tally, period, mode)
    checks.ask_about_doubles(context, judge.tally, distributor, digest)
    checks.ask_about_units(context, judge.tally)
    control = {
        **sums.control_sums(context, judge.tally, distributor, period, mode, replaced),
        "outside": checks.note_area(context, judge.tally, distributor),
        "stock_differences": checks.ask_about_stock(context, judge.tally),
        "reports": checks.ask_for_reason(context, judge.tally, mode, replaced),
    }
    return Outcome(distributor.id, str(period), mode, gone, control, amendments)


def _identify(context: Context, first: Sequence[Row]) -> Distributor | None:
    """Return the distributor; None leaves a question or an open name behind."""
    spelling = context.answers.get("distributor", "").strip()
    spelling = spelling or next((row.values["source"] for row in first if row.values.get("source")), "")
    if not spelling:
        return None
    match = context.names.find(NameKind.DISTRIBUTOR, None, spelling)
    if match.thing is None:
        context.unknown_distributor = spelling
        return None
    distributor: Distributor = match.thing
    context.names = Resolver(context.session, context.today, distributor.id, context.answers)
    return distributor


def _reported_by(context: Context) -> Callable[[date], Iterator[Reported]]:
    def reported(month: date) -> Iterator[Reported]:
        if context.distributor is None:
            return
        for line in queries.lines_of_month(context.session, context.distributor, month):
            key = LineKey(line.hospital_id, line.product_id, line.on, line.grain, line.document)
            yield key, Amount(line.packs, line.value_fen), line.batch_id

    return reported


def _choose_period(context: Context, judge: FlowJudge) -> PeriodChoice:
    if judge.period is not None:
        return PeriodChoice(judge.period)
    months = judge.comparison.months
    if not months:
        return PeriodChoice(None)
    applied = replacing.list_applied(context.session, context.distributor) if context.distributor else []
    return decide_period(list(months), [Period.parse(batch.period) for batch in applied])


def _replaceable(context: Context, distributor: Distributor, period: Period) -> list[ImportBatch]:
    """Return the applied batches a file for a period would take the place of; ask where it can only add."""
    if context.mode is not FlowMode.ADDS:
        try:
            replacing.check_overlap(context.session, distributor, period)
        except RuleBroken as partly:
            asking.ask_partial(context, partly)
    return replacing.list_replaceable(context.session, distributor, period)


def _amend(context: Context, judge: FlowJudge, period: Period, mode: FlowMode | None) -> list[Amendment]:
    """Return the verdicts that needed the whole file."""
    amendments = judge.comparison.pair(period) if mode is not FlowMode.ADDS else []
    if context.answers.get("on_file") == COUNT:
        again = [number for number, day in judge.tally.places if mode is FlowMode.ADDS or day < period.from_on]
        amendments += [Amendment(number, Verdict.UNCHANGED, Verdict.NEW, {}) for number in again]
    return amendments
