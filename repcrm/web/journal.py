"""The journal as people read it: who changed what, when, from what to what, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.db.journal import JournalEntry
from repcrm.db.paging import page_of
from repcrm.extensions import db
from repcrm.organisation import queries
from repcrm.organisation.access import Permission, Role, Scope
from repcrm.web.filters import NOTHING
from repcrm.web.guards import requires
from repcrm.web.identity import current_scope
from repcrm.web.journal_words import SUBJECTS, VERBS, changes, names_behind
from repcrm.web.terms import day_of, number_of

bp = Blueprint("journal", __name__, url_prefix="/admin/journal")


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
    subject, day = request.args.get("subject", ""), day_of(request.args.get("day"))
    actor_id = number_of(request.args.get("actor"))
    from_at = datetime.combine(day, time.min, current_app.config["REPCRM"].zone).astimezone(UTC) if day else None
    wanted = queries.list_journal(
        scope,
        subject=subject or None,
        subject_id=number_of(request.args.get("id")),
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


def _lines(scope: Scope, entries: Sequence[JournalEntry]) -> list[Line]:
    actors = queries.names_of(db.session, scope, {entry.actor_id for entry in entries if entry.actor_id is not None})
    names = names_behind(db.session, [values for entry in entries for values in (entry.before, entry.after)])
    return [
        Line(
            entry.at,
            actors.get(entry.actor_id, NOTHING) if entry.actor_id is not None else _("the system"),
            _(SUBJECTS[entry.subject]) if entry.subject in SUBJECTS else entry.subject,
            entry.subject_id,
            _(VERBS[entry.verb]) if entry.verb in VERBS else entry.verb,
            changes(entry.before or {}, entry.after or {}, names),
            entry.reason,
        )
        for entry in entries
    ]
