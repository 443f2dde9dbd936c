"""Splits: a hospital's month divided among its doctors, proposed by the rep, approved by the lead."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.core import clock
from repcrm.core.errors import BadInput, Conflict, RepCRMError
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.targets import queries, service
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.models import QuotaSplit, SplitStatus
from repcrm.targets.queries import SplitFilter, SplitPage
from repcrm.targets.split import Candidate, Way, propose
from repcrm.web.forms.splits import FactorsForm, SplitForm, VerdictForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.split_page import may_edit, saved_parts, split_page

bp = Blueprint("splits", __name__)


@bp.get("/splits")
@requires(Permission.PROPOSE_SPLIT)
def index() -> ResponseReturnValue:
    """List a month's targets by how far their splitting has come; what waits comes first."""
    scope = current_scope()
    month = _month(request.args.get("month"))
    counts = queries.count_splits(db.session, scope, month.from_on)
    state = _state(request.args.get("state"), counts)
    return render_template(
        "splits/index.html",
        month=month,
        state=state,
        counts=counts,
        page=queries.list_splits(db.session, scope, month.from_on, state, request.args.get("page", 1, type=int)),
        may_approve=scope.may(Permission.APPROVE_SPLIT),
        waiting_elsewhere=[
            row for row in queries.list_splits_waiting(db.session, scope) if row.month_on != month.from_on
        ],
    )


@bp.get("/targets/<int:target_id>/split")
@requires(Permission.VIEW_TARGETS)
def page(target_id: int) -> ResponseReturnValue:
    """Show one hospital target and everybody who could take a part of it."""
    return split_page(queries.split_page(db.session, current_scope(), target_id))


@bp.post("/targets/<int:target_id>/split")
@requires(Permission.PROPOSE_SPLIT)
@writes
def save(target_id: int) -> ResponseReturnValue:
    """Keep the parts as a draft."""
    return _save(target_id, _("The draft is saved."))


@bp.post("/targets/<int:target_id>/split/hand-in")
@requires(Permission.PROPOSE_SPLIT)
@writes
def hand_in(target_id: int) -> ResponseReturnValue:
    """Keep the parts and hand them in to the lead, if nothing is left to give out."""

    def propose_it(split: QuotaSplit) -> None:
        service.propose_split(db.session, current_scope(), target_id, version=split.version, now=clock.now())

    return _save(target_id, _("The split is handed in."), propose_it)


@bp.post("/targets/<int:target_id>/split/suggest")
@requires(Permission.PROPOSE_SPLIT)
@writes
def suggest(target_id: int) -> ResponseReturnValue:
    """Propose parts for the doctors who are not locked; nothing is saved."""
    found = queries.split_page(db.session, current_scope(), target_id)
    form = SplitForm()
    try:
        parts = _proposal(found, form)
    except RepCRMError as error:
        form.refuse(error)
        return split_page(found, form), 422
    form.typed |= {doctor_id: str(packs) for doctor_id, packs in parts.items()}
    return split_page(found, form, is_proposal=True)


@bp.post("/targets/<int:target_id>/split/approve")
@requires(Permission.APPROVE_SPLIT)
@writes
def approve(target_id: int) -> ResponseReturnValue:
    """Approve the split, with the parts as they stand in the form where the lead has changed them."""

    def approve_it(split: QuotaSplit) -> None:
        scope, now = current_scope(), clock.now()
        if split.status is not SplitStatus.PROPOSED:
            service.propose_split(db.session, scope, target_id, version=split.version, now=now)
        service.approve_split(db.session, scope, target_id, version=split.version, now=now)

    return _save(target_id, _("The split is approved."), approve_it)


@bp.post("/targets/<int:target_id>/split/return")
@requires(Permission.APPROVE_SPLIT)
@writes
def send_back(target_id: int) -> ResponseReturnValue:
    """Send the split back to the rep, saying what should be different."""
    found = queries.split_page(db.session, current_scope(), target_id)
    verdict = VerdictForm()
    if verdict.validate() and verdict.succeeds(
        lambda: service.return_split(
            db.session,
            current_scope(),
            target_id,
            version=verdict.version.data or 0,
            now=clock.now(),
            reason=verdict.comment.data or "",
        )
    ):
        flash(_("The split is sent back."), "success")
        return redirect(url_for("splits.page", target_id=target_id))
    return split_page(found, verdict=verdict), 422


@bp.get("/splits/factors")
@requires(Permission.APPROVE_SPLIT)
def factors() -> ResponseReturnValue:
    """Show how much each adoption rating weighs."""
    now = queries.adoption_factors(db.session)
    form = FactorsForm(formdata=None, data={f"factor_{rating}": permille for rating, permille in now.items()})
    return render_template("splits/factors.html", form=form, shown=now, ratings=list(DEFAULT_FACTORS))


@bp.post("/splits/factors")
@requires(Permission.APPROVE_SPLIT)
@writes
def save_factors() -> ResponseReturnValue:
    """Set how much each adoption rating weighs; refused unless a higher rating never weighs less."""
    form = FactorsForm()
    shown = form.shown()
    if form.validate() and form.succeeds(
        lambda: service.set_factors(db.session, current_scope(), form.factors(), shown=shown, now=clock.now())
    ):
        flash(_("The adoption factors are saved."), "success")
        return redirect(url_for("splits.factors"))
    return render_template("splits/factors.html", form=form, shown=shown, ratings=list(DEFAULT_FACTORS)), 422


def _save(target_id: int, words: str, then: Callable[[QuotaSplit], object] | None = None) -> ResponseReturnValue:
    """Keep the parts of the form where they differ, then do the next step with the split; all of it or nothing."""
    found = queries.split_page(db.session, current_scope(), target_id)
    form = SplitForm()
    shares = form.shares()

    def deed() -> None:
        split = found.split
        kept = [
            service.Share(line.doctor.doctor_id, line.packs, line.is_locked)
            for line in found.lines
            if line.packs is not None
        ]
        if split is None or split.version != form.version.data or set(kept) != set(shares) or then is None:
            split = service.split_quota(
                db.session, current_scope(), target_id, shares, version=form.version.data or 0, now=clock.now()
            )
        if then:
            then(split)

    try:
        is_done = not form.wrong and form.validate() and form.succeeds(deed)
    except Conflict as conflict:
        db.session.rollback()
        return _meet(target_id, form, say(conflict))
    if is_done:
        flash(words, "success")
        return redirect(url_for("splits.page", target_id=target_id))
    return split_page(found, form), 422


def _meet(target_id: int, form: SplitForm, words: str) -> ResponseReturnValue:
    """Show what somebody else has saved beside what was typed, to choose part by part."""
    found = queries.split_page(db.session, current_scope(), target_id)
    if not may_edit(found):
        flash(words, "warning")
        return redirect(url_for("splits.page", target_id=target_id))
    meeting = form.meet(saved_parts(found), found.version)
    names = {line.doctor.doctor_id: line.doctor.name for line in found.lines}
    return split_page(
        found,
        form,
        conflict=words,
        taken_over=[names[doctor_id] for doctor_id in meeting.theirs if doctor_id in names],
    ), 409


def _proposal(found: SplitPage, form: SplitForm) -> dict[int, int]:
    way = request.form.get("way")
    if way not in list(Way):
        raise BadInput(N_("Choose how to divide it."))
    parts = form.parts()
    candidates = [
        Candidate(
            line.doctor.doctor_id,
            is_key=line.doctor.is_key,
            rating=line.rating,
            last_packs=line.last_packs,
            packs=parts.get(line.doctor.doctor_id),
            is_locked=line.doctor.doctor_id in form.locks,
        )
        for line in found.lines
        if not line.has_left or line.doctor.doctor_id in form.locks
    ]
    proposal = propose(found.target.floor_packs, candidates, Way(way), queries.adoption_factors(db.session))
    return {line.doctor.doctor_id: 0 for line in found.lines if line.has_left} | proposal


def _month(text: str | None) -> Period:
    """The month asked for; this one for none, and for a period that is no month."""
    period = Period.parse(text) if text else None
    return period if period and period.kind is PeriodKind.MONTH else Period.of(PeriodKind.MONTH, current_scope().on)


def _state(text: str | None, counts: dict[SplitFilter, int]) -> SplitFilter:
    """The state asked for; else the first that has something in it."""
    if text in list(SplitFilter):
        return SplitFilter(text)
    return next((state for state, count in counts.items() if count), SplitFilter.WAITING)
