"""What a sales file leaves to a person: whose it is, of when, whether it adds or replaces, what counts once more."""

from collections.abc import Collection, Mapping
from datetime import date

from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.imports.flow.judging import COUNT, LEAVE, FlowJudge
from repcrm.imports.flow.periods import PeriodChoice
from repcrm.imports.flow.tally import Tally, total
from repcrm.imports.kinds.shared import Context
from repcrm.imports.questions import Choice, Question
from repcrm.imports.verdicts import plain_params
from repcrm.sales.models import FlowMode, ImportBatch

SHOWN = 5
"""Examples named in a question."""


def ask_whose(context: Context, judge: FlowJudge) -> None:
    """Ask for the distributor, and for the period where no line tells it."""
    if context.distributor is None and not context.unknown_distributor:
        context.questions.append(
            Question(
                "distributor",
                N_("Which distributor is the file from?"),
                option="--distributor NAME",
            )
        )
    if not judge.comparison.months and judge.period is None:
        context.questions.append(
            Question("period", N_("Which period is the file for, such as 2026-11?"), option="--period 2026-11")
        )


def ask_period(context: Context, choice: PeriodChoice, months: Mapping[date, int]) -> None:
    """Ask which of several periods the file answers for."""
    first, last = min(months), max(months)
    earlier = sum(count for month, count in months.items() if month < choice.choices[0].from_on)
    context.questions.append(
        Question(
            "period",
            N_("The file has lines of %(first)s to %(last)s. Which period does it report?"),
            {"first": first.isoformat()[:7], "last": last.isoformat()[:7]},
            (
                Choice(
                    str(choice.choices[0]),
                    N_("%(period)s; earlier lines (%(lines)s) are late and go to their own dates"),
                    {"period": str(choice.choices[0]), "lines": earlier},
                ),
                *(Choice(str(one), N_("all of %(period)s"), {"period": str(one)}) for one in choice.choices[1:]),
            ),
            option=f"--period {choice.choices[0]}",
            proposed=str(choice.choices[-1]),
        )
    )


def decide_mode(
    context: Context, tally: Tally, period: Period, replaced: Collection[ImportBatch], gone: int, gone_packs: int
) -> FlowMode | None:
    """Decide whether the file replaces or adds, or ask; nothing is ever taken away without a person's word.

    gone, gone_packs  what replacing would take away

    Where nothing was reported for the period, or where the file repeats every line that was, it replaces.
    """
    if any(question.key == "mode" for question in context.questions):
        return None
    if not replaced or not gone:
        return FlowMode.REPLACES
    fresh = total(tally.fresh.values())
    names = ", ".join(batch.file_name or str(batch.id) for batch in list(replaced)[:SHOWN])
    replaced_by = next(iter(replaced)).source
    context.questions.append(
        Question(
            "mode",
            N_("%(distributor)s has reported %(period)s before (%(files)s). Does this file replace that or add to it?"),
            {"distributor": replaced_by, "period": str(period), "files": names},
            (
                Choice(
                    FlowMode.REPLACES.value,
                    N_("Replace: lines that the file does not have are taken away (lines: %(gone)s, packs: %(packs)s)"),
                    {"gone": gone, "packs": gone_packs},
                ),
                Choice(
                    FlowMode.ADDS.value,
                    N_("Add: these lines come on top (lines: %(lines)s, packs: %(packs)s)"),
                    {"lines": fresh.lines, "packs": fresh.packs},
                ),
            ),
            option="--add / --replace",
            proposed=(FlowMode.REPLACES if fresh.lines > gone else FlowMode.ADDS).value,
        )
    )  # fmt: skip
    return None


def ask_partial(context: Context, partly: RuleBroken) -> None:
    """Ask whether a file adds to a period it shares only some days with; it cannot replace a part of one."""
    context.questions.append(
        Question(
            "mode",
            partly.message,
            plain_params(partly.params),
            (Choice(FlowMode.ADDS.value, N_("Add the lines to what was reported")),),
            option="--add",
        )
    )


def ask_about_lines(context: Context, tally: Tally, period: Period, mode: FlowMode | None) -> None:
    """Ask about lines that may count twice."""
    if tally.repeats.lines and "duplicates" not in context.answers:
        context.questions.append(
            Question(
                "duplicates",
                N_(
                    "Rows that say exactly what another row of the file says: %(lines)s (packs: %(packs)s). Do they "
                    "count?"
                ),
                {"lines": tally.repeats.lines, "packs": tally.repeats.packs},
                (
                    Choice(COUNT, N_("They are separate deliveries: count them")),
                    Choice(LEAVE, N_("They are repetitions: leave them out")),
                ),
                option="--duplicates count|leave",
                examples=tuple(tally.repeat_examples),
            )
        )
    known = total(one for day, one in tally.on_file.items() if mode is FlowMode.ADDS or day < period.from_on)
    if known.lines and "on_file" not in context.answers:
        context.questions.append(
            Question(
                "on_file",
                N_(
                    "Rows that have been reported before, exactly so: %(lines)s (packs: %(packs)s). Do they count once "
                    "more?"
                ),
                {"lines": known.lines, "packs": known.packs},
                (
                    Choice(LEAVE, N_("They are the same deliveries: leave them out")),
                    Choice(COUNT, N_("They are separate deliveries: count them")),
                ),
                option="--answer on_file=leave|count",
                proposed=LEAVE,
            )
        )
