"""Sales of a hospital as its rep sees them, and claims: made by reps, answered by the back office."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.models import Hospital
from repcrm.accounts.queries import get_hospital, list_hospital_choices
from repcrm.catalogue.models import Product
from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.db.paging import Page, page_of
from repcrm.extensions import db
from repcrm.imports.correcting import Decision, accept_claim
from repcrm.organisation.access import Permission, Role
from repcrm.reports.models import ReportSnapshot
from repcrm.sales import claim_queries as queries
from repcrm.sales import claims as service
from repcrm.sales.claim_queries import ClaimFilters, SoldLine
from repcrm.sales.models import BatchStatus, ClaimKind, ClaimState, FlowLine, SalesClaim
from repcrm.sales.queries import list_distributors
from repcrm.web.filters import period as period_words
from repcrm.web.forms.claims import AcceptForm, ClaimForm, DeclineForm, LineClaimForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import member_of, number_of, options_of

bp = Blueprint("claims", __name__)

TONES = {ClaimState.OPEN: "watch", ClaimState.ACCEPTED: "good", ClaimState.DECLINED: "behind"}
REVERTED, REPLACED = N_("correction reverted"), N_("correction replaced by a later file")


@dataclass(frozen=True)
class ProductSales:
    """The lines of a product in a hospital's month, and the packs they add up to."""

    product: Product
    lines: list[SoldLine]

    @property
    def packs(self) -> int:
        """What the month comes to."""
        return sum(line.packs for line in self.lines)


@dataclass(frozen=True)
class Place:
    """What a claim is about: a line, or the month of a hospital and product."""

    hospital: Hospital
    product: Product
    month: Period
    line: FlowLine | None


@bp.get("/hospitals/<int:hospital_id>/sales")
@requires(Permission.VIEW_TARGETS)
def sales(hospital_id: int) -> ResponseReturnValue:
    """Show a month's sales of a hospital, line by line, as far as they are the reader's."""
    scope, month = current_scope(), _month(request.args.get("month"))
    hospital = get_hospital(db.session, scope, hospital_id)
    lines: dict[int, list[SoldLine]] = defaultdict(list)
    for line in queries.list_sold_lines(db.session, scope, hospital_id, month.from_on):
        lines[line.product_id].append(line)
    products = queries.list_claimed_products(db.session, scope, hospital_id)
    claims = queries.list_claims_of_lines(db.session, scope, hospital_id, month.from_on)
    return render_template(
        "claims/sales.html",
        hospital=hospital,
        month=month,
        before=Period.of(PeriodKind.MONTH, month.from_on - timedelta(days=1)),
        after=Period.of(PeriodKind.MONTH, month.until_on) if month.until_on <= scope.on else None,
        products=[ProductSales(product, lines[product.id]) for product in products],
        claims=[claim for claim in claims if claim.line_id is None],
        of_lines={claim.line_id: claim for claim in reversed(claims) if claim.line_id is not None},
        may_claim=scope.may(Permission.CLAIM_SALES),
        state_of=state_of,
    )


@bp.get("/claims")
@requires(Permission.VIEW_CLAIMS)
def index() -> ResponseReturnValue:
    """List the claims in scope, open ones first."""
    scope, asked = current_scope(), request.args
    filters = ClaimFilters(
        member_of(ClaimState, asked.get("state")), member_of(ClaimKind, asked.get("kind")), asked.get("q", "").strip()
    )
    page: Page[SalesClaim] = page_of(db.session, queries.list_claims(scope, filters), number_of(asked.get("page")) or 1)
    return render_template(
        "claims/index.html",
        page=page,
        filters=filters,
        args={name: asked[name] for name in ("state", "kind", "q") if asked.get(name)},
        states=options_of(ClaimState),
        kinds=options_of(ClaimKind),
        is_own=scope.role is Role.REP,
        state_of=state_of,
    )


@bp.get("/claims/new")
@requires(Permission.CLAIM_SALES)
def new() -> ResponseReturnValue:
    """Show the form of a claim about ?line=, or about ?hospital=, ?product= and ?month=."""
    place = _place()
    form = _form_of(place)(
        formdata=None,
        kind=ClaimKind.NOT_MINE if place.line else ClaimKind.MISSING,
        packs=abs(place.line.packs) if place.line else None,
    )
    return _form_page(place, form)


@bp.post("/claims/new")
@requires(Permission.CLAIM_SALES)
@writes
def add() -> ResponseReturnValue:
    """Make a claim."""
    place = _place()
    form = _offer(place, _form_of(place)())
    if form.validate() and form.succeeds(
        lambda: service.make_claim(
            db.session,
            current_scope(),
            form.objection(place.line, place.hospital.id, place.product.id, place.month.from_on),
            now=clock.now(),
        )
    ):
        flash(_("Claim sent. The back office answers it here."), "success")
        return redirect(url_for(".page", claim_id=form.result.id))
    return _form_page(place, form), 422


@bp.get("/claims/<int:claim_id>")
@requires(Permission.VIEW_CLAIMS)
def page(claim_id: int) -> ResponseReturnValue:
    """Show a claim and what came of it."""
    return _claim_page(_claim(claim_id))


@bp.post("/claims/<int:claim_id>/withdraw")
@requires(Permission.CLAIM_SALES)
@writes
def withdraw(claim_id: int) -> ResponseReturnValue:
    """Take back a claim of one's own."""
    service.withdraw_claim(db.session, current_scope(), _claim(claim_id), now=clock.now())
    flash(_("Claim withdrawn."), "success")
    return redirect(url_for(".page", claim_id=claim_id))


@bp.post("/claims/<int:claim_id>/accept")
@requires(Permission.ANSWER_CLAIMS)
@writes
def accept(claim_id: int) -> ResponseReturnValue:
    """Accept a claim: its correction is applied."""
    claim = _claim(claim_id)
    form = _offer_distributors(AcceptForm())
    if form.validate() and form.succeeds(
        lambda: accept_claim(
            db.session,
            current_scope(),
            claim,
            Decision(
                form.packs.data or 0, form.distributor_id.data, form.other_hospital.data or "", form.answer.data or "",
                form.reason.data or "",
            ),
            now=clock.now(),
        )
    ):  # fmt: skip
        flash(_("Claim accepted. The correction is applied."), "success")
        _name_touched(form.result)
        return redirect(url_for(".page", claim_id=claim_id))
    return _claim_page(claim, accept_form=form), 422


@bp.post("/claims/<int:claim_id>/decline")
@requires(Permission.ANSWER_CLAIMS)
@writes
def decline(claim_id: int) -> ResponseReturnValue:
    """Decline a claim with words."""
    claim, form = _claim(claim_id), DeclineForm(prefix="decline-")
    if form.validate() and form.succeeds(
        lambda: service.decline_claim(db.session, current_scope(), claim, form.answer.data or "", now=clock.now())
    ):
        flash(_("Claim declined."), "success")
        return redirect(url_for(".page", claim_id=claim_id))
    return _claim_page(claim, decline_form=form), 422


def state_of(claim: SalesClaim) -> tuple[str, str]:
    """Return where a claim stands, and the tone of it: an accepted one is what its correction is."""
    if claim.state is ClaimState.ACCEPTED and claim.batch is not None:
        if claim.batch.status is BatchStatus.UNDONE:
            return _(REVERTED), "watch"
        if claim.batch.status is BatchStatus.REPLACED:
            return _(REPLACED), "watch"
    return _(claim.state.label), TONES.get(claim.state, "neutral")


def _name_touched(touched: list[ReportSnapshot]) -> None:
    """Name the frozen reports that a correction changes."""
    if touched:
        names = ", ".join(f"{period_words(report.period)} {report.region.name}" for report in touched)
        flash(_("Reports that will be revised: %(reports)s", reports=names), "info")


def _month(said: str | None) -> Period:
    """Return the month an address names, else the current one."""
    if not said:
        return Period.of(PeriodKind.MONTH, current_scope().on)
    found = Period.parse(said)
    if found.kind is not PeriodKind.MONTH:
        raise BadInput(N_("Give a month, such as 2026-11."))
    return found


def _place() -> Place:
    """Return what the address says a claim is about, within the rep's scope."""
    scope, asked = current_scope(), request.args
    if asked.get("line"):
        line = queries.get_sold_line(db.session, scope, number_of(asked["line"]) or 0)
        hospital_id, product_id, month = line.hospital_id, line.product_id, Period.of(PeriodKind.MONTH, line.on)
    else:
        line, month = None, _month(asked.get("month"))
        hospital_id, product_id = number_of(asked.get("hospital")) or 0, number_of(asked.get("product")) or 0
    queries.check_place(db.session, scope, hospital_id, product_id)
    product = db.session.get(Product, product_id)
    if product is None:
        raise NotFound(N_("There is no such product."))
    return Place(get_hospital(db.session, scope, hospital_id), product, month, line)


def _claim(claim_id: int) -> SalesClaim:
    return queries.get_claim(db.session, current_scope(), claim_id)


def _form_of(place: Place) -> type[ClaimForm]:
    return ClaimForm if place.line is None else LineClaimForm


def _offer(place: Place, form: ClaimForm) -> ClaimForm:
    hospitals = list_hospital_choices(db.session, current_scope())
    return form.offer([one for one in hospitals if one[0] != place.hospital.id])


def _form_page(place: Place, form: ClaimForm) -> str:
    return render_template("claims/new.html", place=place, form=_offer(place, form), asked=request.args)


def _offer_distributors(form: AcceptForm) -> AcceptForm:
    distributors = list_distributors(db.session, current_scope())
    form.distributor_id.offer([(one.id, one.name) for one in distributors], blank=_("choose"))
    return form


def _claim_page(
    claim: SalesClaim, accept_form: AcceptForm | None = None, decline_form: DeclineForm | None = None
) -> str:
    scope = current_scope()
    may_answer = scope.may(Permission.ANSWER_CLAIMS) and claim.state is ClaimState.OPEN
    if may_answer and accept_form is None:
        sources = queries.sources_of_month(db.session, claim.hospital_id, claim.product_id, claim.month_on)
        accept_form = _offer_distributors(AcceptForm.of(claim, sources[0][0] if sources else None))
    return render_template(
        "claims/page.html",
        claim=claim,
        state=state_of(claim),
        is_own=claim.made_by_id == scope.user_id,
        may_answer=may_answer,
        sees_imports=scope.may(Permission.IMPORT_DATA),
        accept_form=accept_form,
        decline_form=decline_form or DeclineForm(formdata=None, prefix="decline-"),
        corrected=queries.lines_of_correction(db.session, claim),
        source=queries.source_of_line(db.session, claim),
    )
