"""The review box: calls on which two devices disagree, both versions side by side, for their rep to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.queries import list_doctor_rows
from repcrm.calls.terms import CallPurpose, CallResult, CallType
from repcrm.catalogue.queries import list_competitors, list_products
from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Scope
from repcrm.sync import queries, service
from repcrm.sync.facts import BLANK
from repcrm.sync.models import SyncConflict
from repcrm.sync.operation import ConflictKind, Side
from repcrm.web.filters import NOTHING, short_day
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.terms import member_of, number_of
from repcrm.web.today import now_here

bp = Blueprint("sync", __name__, url_prefix="/decisions")

FACTS = {
    "result": N_("Result"),
    "call_type": N_("Type"),
    "started_at_time": N_("Time"),
    "other_doctor_ids": N_("Other doctors met"),
    "purposes": N_("Purpose"),
    "products": N_("Products"),
    "competitors": N_("Competitors seen"),
    "summary": N_("Notes"),
    "follow_up": N_("Next step"),
    "kept_follow_up_ids": N_("Promises kept"),
}
"""Fact -> its name, in the order of the call sheet."""


@dataclass(frozen=True)
class Line:
    """One fact in both versions. `sides` are the choices; none where the call is decided on as a whole."""

    name: str
    label: str
    mine: str
    theirs: str
    sides: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Decision:
    """What has to be decided. `sides` are the choices for the call as a whole, none where each line has its own."""

    conflict: SyncConflict
    lines: tuple[Line, ...]
    sides: tuple[tuple[str, str], ...]


@bp.get("")
@requires(Permission.LOG_CALLS)
def index() -> ResponseReturnValue:
    """List what waits for a decision."""
    return _page()


@bp.post("/<int:conflict_id>")
@requires(Permission.LOG_CALLS)
@writes
def settle(conflict_id: int) -> ResponseReturnValue:
    """Keep the words that were chosen."""
    scope = current_scope()
    conflict = queries.get_conflict(db.session, scope, conflict_id)
    chosen = {name: member_of(Side, request.form.get(name)) for name in (*FACTS, service.WHOLE)}
    sides = {name: side for name, side in chosen.items() if side is not None}
    version = number_of(request.form.get("version"))
    try:
        with db.session.begin_nested():
            service.settle_conflict(db.session, scope, conflict, sides, now=now_here(), seen_version=version)
    except (RuleBroken, BadInput) as error:
        return _page(say(error)), 422
    flash(_("Decided. Both versions stay on record."), "success")
    return redirect(url_for(".index") if queries.count_conflicts(db.session, scope) else url_for("today.page"))


def _page(problem: str | None = None) -> str:
    scope = current_scope()
    conflicts = queries.list_conflicts(db.session, scope)
    words = _Words(scope, conflicts)
    return render_template("sync/index.html", decisions=[_decision(one, words) for one in conflicts], problem=problem)


def _decision(conflict: SyncConflict, words: "_Words") -> Decision:
    each = conflict.kind is ConflictKind.CHANGED
    names = [name for name in FACTS if _differ(conflict, name)]
    lines = [
        Line(
            name,
            _(FACTS[name]),
            words.of(name, conflict.mine.get(name)),
            words.of(name, conflict.theirs.get(name)),
            _sides(both=name == "summary") if each else (),
        )
        for name in names
    ]
    return Decision(conflict, tuple(lines), () if each else _sides())


def _differ(conflict: SyncConflict, name: str) -> bool:
    said = [side[name] for side in (conflict.mine, conflict.theirs) if name in side]
    return any(value != BLANK[name] for value in said)


def _sides(both: bool = False) -> tuple[tuple[str, str], ...]:
    return tuple((side.value, _(side.label)) for side in Side if both or side is not Side.BOTH)


class _Words:
    """Facts as people read them: the names of everything that conflicts name by key, each kind read once."""

    def __init__(self, scope: Scope, conflicts: list[SyncConflict]) -> None:
        facts = [side for one in conflicts for side in (one.mine, one.theirs)]
        doctor_ids = {key for one in facts for key in one.get("other_doctor_ids", [])}
        rows = list_doctor_rows(db.session, scope, doctor_ids) if doctor_ids else {}
        self._doctors = {key: row.name for key, row in rows.items()}
        self._products: dict[int, str] = {}
        self._competitors: dict[int, str] = {}
        if conflicts:
            self._products = {one.id: one.name for one in list_products(db.session, active_only=False)}
            self._competitors = {one.id: one.name for ones in list_competitors(db.session).values() for one in ones}

    def of(self, name: str, value: Any) -> str:
        """The words of one fact; a dash for nothing."""
        if value in (None, "", []):
            return NOTHING
        match name:
            case "result":
                return _(CallResult(value).label)
            case "call_type":
                return _(CallType(value).label)
            case "purposes":
                return ", ".join(_(CallPurpose(one).label) for one in value)
            case "products":
                return ", ".join(self._product(one) for one in value)
            case "competitors":
                return ", ".join(
                    f"{self._competitors.get(one['competitor_id'], NOTHING)} {one['note']}".strip() for one in value
                )
            case "other_doctor_ids":
                return ", ".join(self._doctors.get(key, NOTHING) for key in value)
            case "follow_up":
                return f"{short_day(date.fromisoformat(value['due_on']))} {value['text']}".strip()
            case "kept_follow_up_ids":
                return str(len(value))
        return str(value)

    def _product(self, talk: Mapping[str, Any]) -> str:
        rating = _("rating %(value)s", value=talk["rating"]) if talk["rating"] else ""
        stock = "" if talk["stock_packs"] is None else _("stock %(packs)s", packs=talk["stock_packs"])
        return " · ".join(filter(None, (self._products.get(talk["product_id"], NOTHING), rating, stock)))
