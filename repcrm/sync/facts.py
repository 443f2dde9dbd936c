"""What a call says, fact by fact in plain values, so that two devices' words can be laid beside one another."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from repcrm.calls.report import CallReport, CompetitorNote, ProductTalk, Promise
from repcrm.calls.terms import CallPurpose, CallResult, CallType
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.sync.operation import Side

Facts = dict[str, Any]

BLANK: Facts = {
    "result": None,
    "call_type": CallType.ONE_TO_ONE.value,
    "started_at_time": None,
    "other_doctor_ids": [],
    "purposes": [],
    "products": [],
    "competitors": [],
    "summary": "",
    "follow_up": None,
    "kept_follow_up_ids": [],
}
"""Every fact of a call, as it is before anything has been said."""


def merge(theirs: Facts, base: Mapping[str, Any], mine: Facts) -> tuple[Facts, Facts]:
    """Lay what a device said beside what stands there now.

    theirs   every fact as it stands
    base     the facts of `mine` as the rep had them before the eyes; what is missing was blank
    mine     the facts that the rep changed
    returns  (the facts to write, the facts on which both sides differ): a fact that only one side has changed is
             that side's, and one that both changed alike is settled
    """
    clean: Facts = {}
    clashing: Facts = {}
    for name, value in mine.items():
        stands = theirs[name]
        if value == stands:
            continue
        (clean if stands == base.get(name, BLANK[name]) else clashing)[name] = value
    return clean, clashing


def choose(theirs: Facts, mine: Facts, sides: Mapping[str, Side]) -> Facts:
    """The facts to write after a rep has chosen; a fact without a choice stays as it stands."""
    chosen = {name: value for name, value in mine.items() if sides.get(name) is Side.MINE}
    if sides.get("summary") is Side.BOTH:
        chosen["summary"] = "\n".join(filter(None, (theirs["summary"], mine["summary"])))
    return chosen


def report_of(doctor_id: int, facts: Facts) -> CallReport:
    """The report that facts make.

    doctor_id  the main doctor
    facts      well-formed; what is missing is blank
    raises     BadInput without a result
    """
    said = {**BLANK, **facts}
    if said["result"] is None:
        raise BadInput(N_("Choose how the call ended."), field="result")
    at, promise = said["started_at_time"], said["follow_up"]
    return CallReport(
        doctor_id=doctor_id,
        result=CallResult(said["result"]),
        call_type=CallType(said["call_type"]),
        started_at_time=time.fromisoformat(at) if at else None,
        other_doctor_ids=tuple(said["other_doctor_ids"]),
        purposes=tuple(map(CallPurpose, said["purposes"])),
        products=tuple(ProductTalk(**talk) for talk in said["products"]),
        competitors=tuple(CompetitorNote(**note) for note in said["competitors"]),
        summary=said["summary"],
        follow_up=Promise(date.fromisoformat(promise["due_on"]), promise["text"]) if promise else None,
        kept_follow_up_ids=tuple(said["kept_follow_up_ids"]),
    )


def facts_of(report: CallReport) -> Facts:
    """The facts of a report, lists whose order says nothing sorted; nobody is rated who was not met."""
    unrated: Facts = {"rating": None} if report.result is CallResult.DOCTOR_NOT_MET else {}
    return {
        "result": report.result.value,
        "call_type": report.call_type.value,
        "started_at_time": report.started_at_time.strftime("%H:%M") if report.started_at_time else None,
        "other_doctor_ids": sorted(report.other_doctor_ids),
        "purposes": sorted(purpose.value for purpose in report.purposes),
        "products": [{**vars(talk), **unrated} for talk in report.products],
        "competitors": sorted((vars(note) for note in report.competitors), key=lambda note: note["competitor_id"]),
        "summary": report.summary,
        "follow_up": {"due_on": report.follow_up.due_on.isoformat(), "text": report.follow_up.text}
        if report.follow_up
        else None,
        "kept_follow_up_ids": sorted(report.kept_follow_up_ids),
    }
