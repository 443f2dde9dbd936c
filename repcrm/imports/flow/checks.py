"""What a sales file is checked against: other distributors, details and summaries, areas, stock, closed periods."""

from collections.abc import Collection, Iterator
from datetime import date

from repcrm.core.errors import RepCRMError
from repcrm.core.words import N_
from repcrm.imports import closed
from repcrm.imports.flow.comparing import Amendment
from repcrm.imports.flow.judging import COUNT
from repcrm.imports.flow.tally import Place, Tally
from repcrm.imports.kinds.shared import Context
from repcrm.imports.questions import Choice, Question
from repcrm.imports.verdicts import Row
from repcrm.sales import comparing, doubles
from repcrm.sales.lines import Delivery
from repcrm.sales.models import Distributor, FlowGrain, FlowMode, ImportBatch

SHOWN = 5
TAKE = "take"
CLASH_IN_FILE = N_(
    "This hospital and product has lines by day (row %(row)s) and for the whole month: the packs would count twice."
)
CLASH_ON_FILE = N_(
    "This hospital and product was reported %(how)s in import %(number)s, line %(line)s: the packs would count twice."
)
HOW = {FlowGrain.DAY: N_("by day"), FlowGrain.MONTH: N_("by month")}


def ask_about_doubles(context: Context, tally: Tally, distributor: Distributor, digest: str) -> None:
    """Ask about deliveries that another distributor has reported, and about a whole file of another one."""
    if "documents" not in context.answers:
        found = doubles.find_same_documents(context.session, distributor, tally.documents)
        if found:
            context.questions.append(_documents_question(distributor, found))
    if "same_file" not in context.answers:
        whole = doubles.find_same_deliveries(context.session, distributor, tally.deliveries, digest)
        if whole:
            context.questions.append(_same_file_question(distributor, whole[0]))


def refuse_clashes(
    context: Context, tally: Tally, distributor: Distributor, replaced: Collection[ImportBatch]
) -> Iterator[Amendment]:
    """Refuse lines that say for a whole month what other lines say by day, naming both places.

    The first row concerned is refused for each hospital, product and month; nothing can be applied before it is put
    right, or set aside.
    """
    places = [(key, grain, place) for key, grains in tally.grains.items() for grain, place in grains.items()]
    lines = [Delivery(key[0], key[1], key[2], 0, grain=grain) for key, grain, _place in places]
    ids = [batch.id for batch in replaced]
    for clash in doubles.find_grain_clashes(context.session, distributor, lines, replaced=ids):
        ours = tally.grains[clash.hospital_id, clash.product_id, clash.month_on]
        if clash.by_day.batch_id is None and clash.by_month.batch_id is None:
            yield _refusal(ours[FlowGrain.MONTH], CLASH_IN_FILE, row=ours[FlowGrain.DAY].row)
            continue
        grain, other = (
            (FlowGrain.MONTH, clash.by_day) if clash.by_day.batch_id is not None else (FlowGrain.DAY, clash.by_month)
        )
        how = HOW[FlowGrain.DAY if grain is FlowGrain.MONTH else FlowGrain.MONTH]
        yield _refusal(ours[grain], CLASH_ON_FILE, how={"label": how}, number=other.batch_id, line=other.line_no)


def note_area(context: Context, tally: Tally, distributor: Distributor) -> list[list[object]]:
    """List sales to hospitals outside the distributor's area: hospital, its region, packs."""
    sums = [Delivery(hospital_id, 0, date.min, packs) for hospital_id, packs in tally.hospitals.items()]
    outside = comparing.find_outside_area(context.session, distributor, sums)
    return [[one.hospital, one.region, one.packs] for one in outside]


def ask_about_stock(context: Context, tally: Tally) -> list[list[object]]:
    """Ask whether stock in a purchase-sales-stock sheet is kept; list products whose stock does not add up.

    returns  product, expected closing stock, stated closing stock
    """
    if tally.stocked and "stock" not in context.answers:
        context.questions.append(
            Question(
                "stock",
                N_("Rows that state a stock: %(lines)s. Is it kept as stock seen?"),
                {"lines": tally.stocked},
                (Choice(TAKE, N_("Keep it")), Choice("leave", N_("Leave it out"))),
                option="--stock take|leave",
                proposed=TAKE,
                lasts=True,
            )
        )
    names = tally.product_names
    return [[names[one.product_id], one.expected, one.closing] for one in comparing.stock_differences(tally.movements)]


def ask_about_units(context: Context, tally: Tally) -> None:
    """Ask about second quantities that cannot be checked for want of a conversion."""
    if not tally.unchecked or context.answers.get("second_unit") == TAKE:
        return
    context.questions.append(
        Question(
            "second_unit",
            N_("Rows that also give a quantity in %(units)s, which cannot be checked for want of a conversion: "
               "%(lines)s. Add the conversion on the product's page, or use the packs as stated?"),
            {"lines": tally.unchecked, "units": ", ".join(sorted(tally.unchecked_units))},
            (Choice(TAKE, N_("Use the packs as stated")),),
            option="--answer second_unit=take",
        )
    )  # fmt: skip


def ask_for_reason(
    context: Context, tally: Tally, mode: FlowMode | None, replaced: Collection[ImportBatch]
) -> list[str]:
    """Ask why closed months or quarters are changed.

    returns  the frozen reports that applying changes, weeks too, as period and region
    """
    lines = tally.changing(with_on_file=mode is not FlowMode.ADDS)
    changes = comparing.changed_days(context.session, lines, replaced=[batch.id for batch in replaced])
    touched = closed.touched_reports(context.session, changes)
    names = [f"{report.period} {report.region.name}" for report in touched]
    try:
        closed.check_reason(touched, context.answers.get("reason", ""))
    except RepCRMError:
        context.questions.append(
            Question(
                "reason",
                N_("The file changes closed periods. These reports will be revised: %(reports)s. Why?"),
                {"reports": ", ".join(names[:12])},
                option="--reason TEXT",
            )
        )
    return names


def _documents_question(distributor: Distributor, found: list[doubles.SameDocument]) -> Question:
    return Question(
        "documents",
        N_("%(other)s has reported %(lines)s of these deliveries under the same document numbers. Do they count once "
           "more for %(distributor)s?"),
        {"lines": len(found), "other": found[0].source, "distributor": distributor.name},
        (Choice(COUNT, N_("They are separate deliveries: count them")),),
        option="--answer documents=count",
        examples=tuple(f"{one.document} ({one.file_name})" for one in found[:SHOWN]),
    )  # fmt: skip


def _same_file_question(distributor: Distributor, other: doubles.SameDelivery) -> Question:
    return Question(
        "same_file",
        N_("The same delivery was applied for %(other)s as import %(number)s (%(name)s). Is it really from "
           "%(distributor)s, too?"),
        {"other": other.source, "number": other.batch_id, "name": other.file_name, "distributor": distributor.name},
        (Choice(COUNT, N_("Yes, it counts for both")),),
        option="--answer same_file=count",
    )  # fmt: skip


def _refusal(place: Place, message: str, **params: object) -> Amendment:
    row = Row(place.sheet, place.row, {})
    row.explain(message, **params)
    return Amendment.refuse(place.number, place.verdict, row.problems)
