"""Doctors: the list, the card of one with everything known, and the forms that keep it up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from repcrm.accounts import queries, service
from repcrm.accounts.models import Doctor, DoctorClass, Tier
from repcrm.accounts.queries import DoctorFilters, DoctorRow
from repcrm.calls import queries as calls
from repcrm.catalogue import queries as catalogue
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Scope
from repcrm.organisation.queries import names_of
from repcrm.targets import queries as targets
from repcrm.web.forms.doctors import DoctorForm, NewDoctorForm, PostForm, RosterForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.ratings import ratings_of
from repcrm.web.terms import member_of, number_of, options_of

bp = Blueprint("doctors", __name__, url_prefix="/doctors")

NOT_SEEN = (7, 14, 28, 56)
"""Days since the last call that the list can be narrowed to."""
YEARS = 3650
"""Days after which nobody counts them any more."""
CALLS_SHOWN = 5
FOLDED = ("hospital", "department", "tier", "class", "product", "rating", "unseen", "left")
"""Filters that stand behind "More filters"."""


@dataclass(frozen=True)
class DoctorLine:
    """A doctor in the list: the best rating of any product, or that of the one asked for; the last call's day."""

    row: DoctorRow
    rating: int | None
    seen_on: date | None


@bp.get("")
@requires(Permission.VIEW_ACCOUNTS)
def index() -> ResponseReturnValue:
    """List the doctors in scope."""
    scope, asked = current_scope(), request.args
    sees_calls = scope.may(Permission.VIEW_CALLS)
    days = number_of(asked.get("unseen")) if sees_calls else None
    filters = _filters(scope, asked, days)
    page = queries.list_doctors(db.session, scope, filters, number_of(asked.get("page")) or 1)
    hospital_id = filters.hospital_id
    departments = queries.list_departments(db.session, scope, hospital_id) if hospital_id else []
    return render_template(
        "doctors/index.html",
        page=page,
        lines=_lines(scope, page.items, filters.product_id, sees_calls),
        filters=filters,
        unseen=days,
        args={name: value for name, value in asked.items() if value and name != "page"},
        hospitals=queries.list_hospital_choices(db.session, scope),
        departments=[(row.department.id, row.department.name) for row in departments],
        products=[(product.id, product.name) for product in catalogue.list_products(db.session)],
        tiers=options_of(Tier),
        classes=options_of(DoctorClass),
        ratings=_rating_choices(),
        narrowed=sum(bool(asked.get(name)) for name in FOLDED),
        not_seen=[(days, ngettext("%(num)d day", "%(num)d days", days)) for days in NOT_SEEN] if sees_calls else [],
        may_edit=scope.may(Permission.EDIT_ACCOUNTS),
        may_call=scope.may(Permission.LOG_CALLS),
    )


@bp.get("/<int:doctor_id>")
@requires(Permission.VIEW_ACCOUNTS)
def page(doctor_id: int) -> ResponseReturnValue:
    """Show everything known of a doctor."""
    scope = current_scope()
    doctor = queries.get_doctor(db.session, scope, doctor_id)
    posts = queries.list_posts(db.session, scope, doctor_id)
    past_calls = calls.list_calls_of_doctor(db.session, scope, doctor_id, limit=CALLS_SHOWN)
    return render_template(
        "doctors/page.html",
        doctor=doctor,
        post=queries.find_post(db.session, scope, doctor_id),
        posts=posts,
        ratings=ratings_of(scope, doctor_id),
        roster=set(queries.clinic_roster(db.session, scope, doctor_id)),
        calls=past_calls,
        callers=names_of(db.session, scope, {call.rep_id for call in past_calls}),
        follow_ups=calls.list_follow_ups_of_doctor(db.session, scope, doctor_id, open_only=True),
        shares=_shares(scope, doctor_id),
        today=scope.on,
        may_edit=scope.may(Permission.EDIT_ACCOUNTS),
        may_rate=scope.may(Permission.RATE_DOCTORS),
        may_call=scope.may(Permission.LOG_CALLS),
        sees_calls=scope.may(Permission.VIEW_CALLS),
        sees_targets=scope.may(Permission.VIEW_TARGETS),
    )


@bp.get("/new")
@requires(Permission.EDIT_ACCOUNTS)
def new() -> ResponseReturnValue:
    """Show the form of a new doctor; in an address a hospital may stand already."""
    scope = current_scope()
    hospital_id = number_of(request.args.get("hospital_id"))
    return _new_page(_offer_departments(NewDoctorForm(formdata=None, from_on=scope.on), hospital_id), [], hospital_id)


@bp.post("/new")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def add() -> ResponseReturnValue:
    """Put a doctor on file, unless somebody much like them is there: then a person decides first."""
    scope = current_scope()
    hospital_id = number_of(request.form.get("hospital_id"))
    form = _offer_departments(NewDoctorForm(), hospital_id)
    if not form.validate():
        return _new_page(form, [], hospital_id), 422
    department = queries.get_department(db.session, scope, form.department_id.data)
    is_another = bool(request.form.get("is_another"))
    if not is_another:
        alike = service.propose_duplicates(
            db.session, scope, form.name.data or "", department.hospital_id, department.name
        )
        if alike or service.has_doctor_named(db.session, form.name.data or ""):
            cards = queries.list_doctor_rows(db.session, scope, [c.person.id for c in alike if c.person.id])
            shown = [(cards[c.person.id], c.why) for c in alike if c.person.id]
            return _new_page(form, shown, hospital_id, asks=True), 422
    if form.succeeds(
        lambda: service.register_doctor(
            db.session,
            form.code.data or "",
            form.facts(),
            department,
            form.from_on.data or scope.on,
            confirmed_new=is_another,
        )
    ):
        flash(_("The doctor is on file."), "success")
        return redirect(url_for(".page", doctor_id=form.result.id))
    return _new_page(form, [], hospital_id), 422


@bp.get("/<int:doctor_id>/edit")
@requires(Permission.EDIT_ACCOUNTS)
def edit(doctor_id: int) -> ResponseReturnValue:
    """Show the card, the post and the roster as forms."""
    return _edit_page(_doctor(doctor_id))


@bp.post("/<int:doctor_id>/edit")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def save(doctor_id: int) -> ResponseReturnValue:
    """Put what was typed in the place of what the card says."""
    doctor, form = _doctor(doctor_id), DoctorForm()
    if form.validate() and form.succeeds(
        lambda: service.revise_doctor(db.session, doctor, form.facts(), form.version.data)
    ):
        return _saved(doctor_id)
    return _edit_page(doctor, card=form), 422


@bp.post("/<int:doctor_id>/post")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def move(doctor_id: int) -> ResponseReturnValue:
    """Let a doctor work in another department from a day on."""
    scope, doctor = current_scope(), _doctor(doctor_id)
    form = _offer_departments(PostForm(prefix="post-"), None)
    if form.validate():
        department = queries.get_department(db.session, scope, form.department_id.data)
        if form.succeeds(lambda: service.post_doctor(db.session, doctor, department, form.from_on.data or scope.on)):
            return _saved(doctor_id)
    return _edit_page(doctor, post=form), 422


@bp.post("/<int:doctor_id>/roster")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def save_roster(doctor_id: int) -> ResponseReturnValue:
    """Say when a doctor can be met."""
    doctor, form = _doctor(doctor_id), RosterForm()
    if form.validate() and form.succeeds(
        lambda: service.set_clinic_roster(db.session, doctor, form.slots.slots, form.version.data)
    ):
        return _saved(doctor_id)
    return _edit_page(doctor, roster=form), 422


def _filters(scope: Scope, asked: "MultiDict[str, str]", unseen_days: int | None) -> DoctorFilters:
    since = scope.on - timedelta(days=min(unseen_days, YEARS)) if unseen_days else None
    seen = calls.last_calls(db.session, scope, scope.on + timedelta(days=1)) if since else {}
    return DoctorFilters(
        words=asked.get("q", "").strip(),
        hospital_id=number_of(asked.get("hospital")),
        department_id=number_of(asked.get("department")),
        tier=member_of(Tier, asked.get("tier")),
        doctor_class=member_of(DoctorClass, asked.get("class")),
        product_id=number_of(asked.get("product")),
        rating=number_of(asked.get("rating")),
        is_active=None if asked.get("left") else True,
        leave_out=[doctor_id for doctor_id, on in seen.items() if since and on >= since],
        sort=asked.get("sort", ""),
    )


def _lines(scope: Scope, rows: Iterable[DoctorRow], product_id: int | None, sees_calls: bool) -> list[DoctorLine]:
    rows = list(rows)
    ids = [row.id for row in rows]
    best: dict[int, int] = {}
    for (doctor_id, product), rating in queries.latest_ratings(db.session, scope, ids, scope.on).items():
        if product_id in (None, product):
            best[doctor_id] = max(rating, best.get(doctor_id, 0))
    seen = calls.last_calls(db.session, scope, scope.on + timedelta(days=1), ids) if sees_calls else {}
    return [DoctorLine(row, best.get(row.id), seen.get(row.id)) for row in rows]


def _shares(scope: Scope, doctor_id: int) -> list[Any]:
    if not scope.may(Permission.VIEW_TARGETS):
        return []
    return list(targets.list_shares_of_doctor(db.session, scope, doctor_id, scope.on.replace(day=1)))


def _rating_choices() -> list[tuple[int, str]]:
    """Seven ratings, the best first, and none."""
    return [*((rating, str(rating)) for rating in range(7, 0, -1)), (queries.NOT_RATED, _("not rated"))]


def _doctor(doctor_id: int) -> Doctor:
    return queries.get_doctor(db.session, current_scope(), doctor_id)


def _offer_departments(form: Any, hospital_id: int | None) -> Any:
    """Fill the list of departments: of one hospital, or of all in scope with the hospital's name before."""
    departments = queries.list_department_choices(db.session, current_scope(), hospital_id)
    form.department_id.offer(departments, blank=_("choose"))
    return form


def _saved(doctor_id: int) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    scope = current_scope()
    seen = queries.find_doctor_row(db.session, scope, doctor_id)
    return redirect(url_for(".page", doctor_id=doctor_id) if seen else url_for(".index"))


def _new_page(form: NewDoctorForm, alike: list[Any], hospital_id: int | None, *, asks: bool = False) -> str:
    return render_template("doctors/new.html", form=form, alike=alike, hospital_id=hospital_id, asks=asks)


def _edit_page(
    doctor: Doctor, *, card: DoctorForm | None = None, post: Any = None, roster: RosterForm | None = None
) -> str:
    scope = current_scope()
    return render_template(
        "doctors/edit.html",
        doctor=doctor,
        card=card or DoctorForm.of(doctor),
        post=post or _offer_departments(PostForm(formdata=None, prefix="post-", from_on=scope.on), None),
        held=queries.find_post(db.session, scope, doctor.id),
        roster=roster or RosterForm.of(queries.clinic_roster(db.session, scope, doctor.id), doctor.version),
        wrong=card or post or roster,
    )
