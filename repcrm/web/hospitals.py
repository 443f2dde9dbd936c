"""Hospitals: the list, the archive of one, and the forms that fill it in."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts import listing as pipeline
from repcrm.accounts import queries, service
from repcrm.accounts.models import Department, Hospital, HospitalGrade, HospitalStatus, Listing
from repcrm.accounts.queries import DoctorRow, HospitalFilters
from repcrm.catalogue import queries as catalogue
from repcrm.catalogue.models import Product
from repcrm.diary import queries as diary
from repcrm.extensions import db
from repcrm.organisation import queries as organisation
from repcrm.organisation.access import Permission
from repcrm.web.filters import names_of_weekdays
from repcrm.web.forms.hospitals import DepartmentForm, DepartmentOnFileForm, HospitalForm, NewHospitalForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import member_of, number_of, options_of

bp = Blueprint("hospitals", __name__, url_prefix="/hospitals")

FOLDED = ("city", "grade", "status", "below")
"""Filters that stand behind "More filters"."""
LESS_COMPLETE = (50, 80, 100)
"""Completeness in percent that a list can be narrowed to; 80 is what the first month asks for (S3)."""


@dataclass(frozen=True)
class ProductLine:
    """A product in a hospital as its page shows it.

    step  where it stands on the straight way, None beside it or while nobody follows it
    """

    product: Product
    listing: Listing | None
    step: int | None


@dataclass(frozen=True)
class DoctorLine:
    """A doctor in a hospital as its page shows them: one rating a product, in the order of the products."""

    row: DoctorRow
    ratings: list[int | None]


@bp.get("")
@requires(Permission.VIEW_ACCOUNTS)
def index() -> ResponseReturnValue:
    """List the hospitals in scope."""
    scope, asked = current_scope(), request.args
    filters = HospitalFilters(
        words=asked.get("q", "").strip(),
        city=asked.get("city", ""),
        grade=member_of(HospitalGrade, asked.get("grade")),
        status=member_of(HospitalStatus, asked.get("status")),
        below_percent=number_of(asked.get("below")),
        sort=asked.get("sort", ""),
    )
    args = {name: value for name, value in asked.items() if value and name != "page"}
    return render_template(
        "hospitals/index.html",
        page=queries.list_hospitals(db.session, scope, filters, number_of(asked.get("page")) or 1),
        filters=filters,
        narrowed=sum(bool(asked.get(name)) for name in FOLDED),
        args=args,
        cities=[(city, city) for city in queries.list_cities(db.session, scope)],
        grades=options_of(HospitalGrade),
        statuses=options_of(HospitalStatus),
        less_complete=[(percent, _("less than %(percent)s%%", percent=percent)) for percent in LESS_COMPLETE],
        may_edit=scope.may(Permission.EDIT_ACCOUNTS),
    )


@bp.get("/<int:hospital_id>")
@requires(Permission.VIEW_ACCOUNTS)
def page(hospital_id: int) -> ResponseReturnValue:
    """Show the archive of a hospital."""
    scope = current_scope()
    hospital = queries.get_hospital(db.session, scope, hospital_id)
    doctors = queries.list_doctors_of_hospital(db.session, scope, hospital_id, scope.on)
    ratings = queries.latest_ratings(db.session, scope, [row.id for row in doctors], scope.on)
    products = catalogue.list_products(db.session)
    listings = {listing.product_id: listing for listing in queries.list_listings(db.session, scope, hospital_id)}
    return render_template(
        "hospitals/page.html",
        hospital=hospital,
        completeness=queries.archive_completeness(db.session, scope, hospital),
        development=queries.development_of(db.session, scope, [hospital_id], scope.on).get(hospital_id),
        departments=queries.list_departments(db.session, scope, hospital_id),
        developed=queries.developed_departments(db.session, scope, hospital_id),
        products=products,
        doctors=[DoctorLine(row, [ratings.get((row.id, product.id)) for product in products]) for row in doctors],
        lines=[_line(product, listings.get(product.id)) for product in products],
        steps=[_(stage.label) for stage in pipeline.STEPS],
        slots=diary.reception_of(db.session, scope, [hospital_id]).get(hospital_id, frozenset()),
        rounds=names_of_weekdays(diary.evening_rounds_of(db.session, scope, [hospital_id]).get(hospital_id, ())),
        may_edit=scope.may(Permission.EDIT_ACCOUNTS),
        may_edit_reception=scope.may(Permission.EDIT_RECEPTION),
        may_see_targets=scope.may(Permission.VIEW_TARGETS),
    )


@bp.get("/new")
@requires(Permission.EDIT_ACCOUNTS)
def new() -> ResponseReturnValue:
    """Show the form of a new hospital."""
    return _new_page(_offer_regions(NewHospitalForm(formdata=None)))


@bp.post("/new")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def add() -> ResponseReturnValue:
    """Open the archive of a new hospital, unless its name exists already: then a person decides first."""
    form, is_another = _offer_regions(NewHospitalForm()), bool(request.form.get("is_another"))
    if form.validate():
        facts = form.facts()
        if not is_another and service.has_hospital_named(db.session, facts.name, facts.short_name):
            alike = queries.list_hospitals_named(db.session, current_scope(), facts.name, facts.short_name)
            return _new_page(form, alike, name_exists=True), 422
        if form.succeeds(
            lambda: service.open_hospital(
                db.session, form.code.data or "", form.region_id.data, facts, confirmed_new=is_another
            )
        ):
            flash(_("The hospital is on file."), "success")
            return redirect(url_for(".page", hospital_id=form.result.id))
    return _new_page(form), 422


@bp.get("/<int:hospital_id>/edit")
@requires(Permission.EDIT_ACCOUNTS)
def edit(hospital_id: int) -> ResponseReturnValue:
    """Show the archive as a form."""
    hospital = _hospital(hospital_id)
    return _edit_page(hospital, HospitalForm.of(hospital))


@bp.post("/<int:hospital_id>/edit")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def save(hospital_id: int) -> ResponseReturnValue:
    """Put what was typed in the place of what the archive says."""
    hospital, form = _hospital(hospital_id), HospitalForm()
    if form.validate() and form.succeeds(
        lambda: service.revise_hospital(db.session, hospital, form.facts(), form.version.data)
    ):
        return _saved(hospital_id)
    return _edit_page(hospital, form), 422


@bp.get("/<int:hospital_id>/departments/new")
@requires(Permission.EDIT_ACCOUNTS)
def new_department(hospital_id: int) -> ResponseReturnValue:
    """Show the form of a new department."""
    return _department_page(_hospital(hospital_id), None, DepartmentForm(formdata=None))


@bp.post("/<int:hospital_id>/departments/new")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def add_department(hospital_id: int) -> ResponseReturnValue:
    """Add a department to a hospital."""
    hospital, form = _hospital(hospital_id), DepartmentForm()
    if form.validate() and form.succeeds(
        lambda: service.add_department(db.session, hospital, form.name.data or "", **form.facts())
    ):
        return _saved(hospital_id, "departments")
    return _department_page(hospital, None, form), 422


@bp.get("/departments/<int:department_id>")
@requires(Permission.EDIT_ACCOUNTS)
def department(department_id: int) -> ResponseReturnValue:
    """Show a department as a form."""
    found = _department(department_id)
    return _department_page(
        found.hospital, found, DepartmentOnFileForm(formdata=None, obj=found, version=found.hospital.version)
    )


@bp.post("/departments/<int:department_id>")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def save_department(department_id: int) -> ResponseReturnValue:
    """Put what was typed in the place of what is known of a department."""
    found, form = _department(department_id), DepartmentOnFileForm()
    if form.validate() and form.succeeds(
        lambda: service.revise_department(
            db.session, found, form.name.data or "", **form.facts(), version=form.version.data
        )
    ):
        return _saved(found.hospital_id, "departments")
    return _department_page(found.hospital, found, form), 422


def _line(product: Product, listing: Listing | None) -> ProductLine:
    return ProductLine(product, listing, pipeline.step_of(listing.stage) if listing else None)


def _hospital(hospital_id: int) -> Hospital:
    return queries.get_hospital(db.session, current_scope(), hospital_id)


def _department(department_id: int) -> Department:
    return queries.get_department(db.session, current_scope(), department_id)


def _saved(hospital_id: int, part: str | None = None) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for(".page", hospital_id=hospital_id, _anchor=part))


def _offer_regions(form: NewHospitalForm) -> NewHospitalForm:
    regions = organisation.list_regions(db.session, current_scope())
    form.region_id.offer([(region.id, region.name) for region in regions])
    return form


def _new_page(form: NewHospitalForm, alike: Sequence[Hospital] = (), *, name_exists: bool = False) -> str:
    return render_template("hospitals/new.html", form=form, alike=alike, name_exists=name_exists)


def _edit_page(hospital: Hospital, form: HospitalForm) -> str:
    return render_template("hospitals/edit.html", hospital=hospital, form=form)


def _department_page(hospital: Hospital, found: Department | None, form: DepartmentForm) -> str:
    return render_template("hospitals/department.html", hospital=hospital, department=found, form=form)
