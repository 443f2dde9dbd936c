"""The journal as people read it: who changed what, when, from what to what, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.core.words import N_
from repcrm.db.journal import JournalEntry
from repcrm.db.paging import page_of
from repcrm.extensions import db
from repcrm.organisation import queries
from repcrm.organisation.access import Permission, Role, Scope
from repcrm.web.filters import NOTHING
from repcrm.web.guards import requires
from repcrm.web.identity import current_scope

bp = Blueprint("journal", __name__, url_prefix="/admin/journal")

SUBJECTS = {
    "user_account": N_("Person"),
    "region": N_("Region"),
    "territory": N_("Territory"),
    "territory_assignment": N_("Assignment"),
    "product": N_("Product"),
    "product_price": N_("Price"),
    "hospital": N_("Hospital"),
    "department": N_("Department"),
    "doctor": N_("Doctor"),
    "post": N_("Post"),
    "listing": N_("Listing"),
    "import_batch": N_("Import"),
    "period_target": N_("Region's target"),
    "hospital_target": N_("Hospital target"),
    "quota_split": N_("Split"),
    "adoption_rating": N_("Adoption rating"),
    "call_sheet": N_("Call sheet"),
    "call": N_("Call"),
    "report_snapshot": N_("Gap report"),
    "action": N_("Action"),
}
"""Table -> the word for one of its rows."""

VERBS = {
    "add_user": N_("added"),
    "edit_user": N_("edited"),
    "change_role": N_("role changed"),
    "disable_user": N_("shut out"),
    "enable_user": N_("let in again"),
    "reset_password": N_("password reset"),
    "set_password": N_("password set"),
    "change_own_password": N_("own password changed"),
}
"""Verb of a service -> the word for it."""


@dataclass(frozen=True)
class Line:
    """One entry as the page shows it."""

    at: datetime
    actor: str
    subject: str
    subject_id: int
    verb: str
    changes: list[tuple[str, str, str]]
    """Name, before, after; only what differs."""
    reason: str


@bp.get("")
@requires(Permission.VIEW_JOURNAL)
def index() -> ResponseReturnValue:
    """List the entries within scope, by subject, person and day."""
    scope = current_scope()
    subject, day = request.args.get("subject", ""), _day(request.args.get("day", ""))
    actor_id = request.args.get("actor", type=int)
    from_at = datetime.combine(day, time.min, current_app.config["REPCRM"].zone).astimezone(UTC) if day else None
    wanted = queries.list_journal(
        scope,
        subject=subject or None,
        subject_id=request.args.get("id", type=int),
        actor_id=actor_id,
        from_at=from_at,
        until_at=from_at + timedelta(days=1) if from_at else None,
    )
    page = page_of(db.session, wanted, request.args.get("page", 1, type=int))
    people = queries.list_users(db.session, scope)
    return render_template(
        "journal/index.html",
        page=page,
        lines=_lines(scope, page.items),
        subjects=[(name, _(SUBJECTS[name])) for name in _subjects(scope)],
        people=[(person.id, person.name) for person in people],
        subject=subject,
        actor_id=actor_id,
        day=day,
        filters={"subject": subject, "actor": actor_id or "", "day": day.isoformat() if day else ""},
    )


def _subjects(scope: Scope) -> list[str]:
    """Return the subjects a person may find in the journal."""
    is_field = scope.role is not Role.ADMIN
    return [name for name in SUBJECTS if (name in queries.FIELD_SUBJECTS) == is_field]


def _lines(scope: Scope, entries: Iterable[JournalEntry]) -> list[Line]:
    entries = list(entries)
    actors = {entry.actor_id for entry in entries if entry.actor_id is not None}
    names = queries.names_of(db.session, scope, actors)
    return [
        Line(
            entry.at,
            names.get(entry.actor_id, NOTHING) if entry.actor_id is not None else _("the system"),
            _(SUBJECTS.get(entry.subject, entry.subject)),
            entry.subject_id,
            _(VERBS.get(entry.verb, entry.verb)),
            _changes(entry.before or {}, entry.after or {}),
            entry.reason,
        )
        for entry in entries
    ]


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    names = [*before, *(name for name in after if name not in before)]
    pairs = [(name, _text(before.get(name)), _text(after.get(name))) for name in names]
    return [(name, old, new) for name, old, new in pairs if old != new]


def _text(value: Any) -> str:
    return NOTHING if value is None or value == "" else str(value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
