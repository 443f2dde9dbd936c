"""Setting up: the checklist of the first day, which ticks itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.sales.models import ImportKind
from repcrm.setup.checklist import State, Topic, Value
from repcrm.setup.queries import get_checklist
from repcrm.setup.words import Speech
from repcrm.web import filters
from repcrm.web.guards import requires
from repcrm.web.identity import current_scope

bp = Blueprint("setup", __name__, url_prefix="/setup")

Page = tuple[str, str]
"""Endpoint and words of a page."""

PAGES: dict[Topic, Sequence[Page]] = {
    Topic.CALENDAR: (("workdays.index", N_("Working days")),),
    Topic.PEOPLE: (("regions.index", N_("Regions")), ("users.index", N_("Users"))),
    Topic.PRODUCTS: (("products.index", N_("Products")),),
    Topic.ACCOUNTS: (("hospitals.index", N_("Hospitals")), ("doctors.index", N_("Doctors"))),
    Topic.TERRITORIES: (("territories.index", N_("Territories")),),
    Topic.TARGETS: (),
    Topic.DISTRIBUTORS: (("distributors.index", N_("Distributors")),),
    Topic.SALES: (("imports.index", N_("Imports")),),
}
"""Where an administrator looks at each and changes it."""

HINTS: dict[Topic, str] = {Topic.TARGETS: N_("Regional leads enter and change targets on their own page.")}
"""What else there is to know of one."""

FILES: dict[Topic, Sequence[ImportKind]] = {
    Topic.CALENDAR: (ImportKind.WORKDAYS,),
    Topic.PEOPLE: (ImportKind.REGIONS, ImportKind.PEOPLE),
    Topic.PRODUCTS: (ImportKind.PRODUCTS, ImportKind.PRICES, ImportKind.CONVERSIONS, ImportKind.COMPETITORS),
    Topic.ACCOUNTS: (ImportKind.HOSPITALS, ImportKind.DEPARTMENTS, ImportKind.DOCTORS, ImportKind.LISTINGS),
    Topic.TERRITORIES: (ImportKind.TERRITORIES,),
    Topic.TARGETS: (ImportKind.TARGETS,),
    Topic.DISTRIBUTORS: (ImportKind.DISTRIBUTORS,),
    Topic.SALES: (ImportKind.FLOW,),
}
"""Files that bring each."""

STATUSES = {State.DONE: "done", State.PARTLY: "watch", State.MISSING: "waiting"}


@dataclass(frozen=True)
class Line:
    """An item of the checklist, in words."""

    topic: Topic
    state: State
    counts: str
    findings: Sequence[str]
    hint: str
    pages: Sequence[Page]
    files: Sequence[ImportKind]


@bp.get("")
@requires(Permission.VIEW_SETUP)
def page() -> ResponseReturnValue:
    """Show what is set up, what is missing, and from when on gap reports can be trusted."""
    checklist = get_checklist(db.session, current_scope(), current_app.config["REPCRM"].zone)
    speech = Speech(_, _shown)
    lines = [
        Line(
            item.topic,
            item.state,
            speech.counts(item),
            [speech.finding(finding) for finding in item.findings],
            _(HINTS[item.topic]) if item.topic in HINTS else "",
            PAGES[item.topic],
            FILES[item.topic],
        )
        for item in checklist.items
    ]
    verdicts = [
        (one, speech.verdict(one), [speech.finding(finding) for finding in one.obstacles])
        for one in checklist.readiness
    ]
    return render_template("setup/page.html", checklist=checklist, lines=lines, verdicts=verdicts, statuses=STATUSES)


def _shown(value: Value) -> str:
    match value:
        case Period():
            return filters.period(value)
        case date():
            return filters.plain_day(value)
        case int():
            return filters.number(value)
    return str(value)
