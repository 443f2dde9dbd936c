"""Distributors: the list, one with its other names, and the forms."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.core import clock
from repcrm.extensions import db
from repcrm.imports.models import NameKind
from repcrm.imports.naming import service as naming
from repcrm.imports.queries import get_name_of_distributor, list_names_of_distributor
from repcrm.organisation import queries as organisation
from repcrm.organisation.access import Permission
from repcrm.organisation.models import Region
from repcrm.sales import distributors as service
from repcrm.sales import queries
from repcrm.sales.models import Distributor
from repcrm.sales.tokens import list_tokens
from repcrm.web.forms.distributors import DistributorForm, NewDistributorForm, OtherNameForm, TokenForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("distributors", __name__, url_prefix="/distributors")


@bp.get("")
@requires(Permission.VIEW_DISTRIBUTORS)
def index() -> ResponseReturnValue:
    """List the distributors in scope, those that are no longer active last."""
    scope = current_scope()
    return render_template(
        "distributors/index.html",
        distributors=queries.list_distributors(db.session, scope),
        areas=queries.list_areas(db.session, scope),
        may_edit=scope.may(Permission.EDIT_DISTRIBUTORS),
    )


@bp.get("/<int:distributor_id>")
@requires(Permission.VIEW_DISTRIBUTORS)
def page(distributor_id: int) -> ResponseReturnValue:
    """Show a distributor with the other names that stand for it."""
    return distributor_page(_distributor(distributor_id))


@bp.get("/new")
@requires(Permission.EDIT_DISTRIBUTORS)
def new() -> ResponseReturnValue:
    """Show the form of a new distributor."""
    return _new_page(NewDistributorForm(formdata=None))


@bp.post("/new")
@requires(Permission.EDIT_DISTRIBUTORS)
@writes
def add() -> ResponseReturnValue:
    """Add a distributor."""
    form = NewDistributorForm()
    form.offer(_regions())
    if form.validate() and form.succeeds(
        lambda: service.add_distributor(
            db.session,
            form.code.data or "",
            form.facts(),
            form.region_ids.data or [],
            actor_id=current_user.id,
            now=clock.now(),
        )
    ):
        return _saved(form.result.id)
    return _new_page(form), 422


@bp.get("/<int:distributor_id>/edit")
@requires(Permission.EDIT_DISTRIBUTORS)
def edit(distributor_id: int) -> ResponseReturnValue:
    """Show a distributor as a form."""
    distributor = _distributor(distributor_id)
    return _edit_page(distributor, DistributorForm.of(distributor, _area(distributor_id)))


@bp.post("/<int:distributor_id>/edit")
@requires(Permission.EDIT_DISTRIBUTORS)
@writes
def save(distributor_id: int) -> ResponseReturnValue:
    """Change what is known of a distributor."""
    distributor, form = _distributor(distributor_id), DistributorForm()
    form.offer(_regions())
    if form.validate() and form.succeeds(
        lambda: service.revise_distributor(
            db.session,
            distributor,
            form.facts(),
            form.region_ids.data or [],
            actor_id=current_user.id,
            now=clock.now(),
            version=form.version.data,
        )
    ):
        return _saved(distributor_id)
    return _edit_page(distributor, form), 422


@bp.post("/<int:distributor_id>/names")
@requires(Permission.EDIT_DISTRIBUTORS)
@writes
def add_name(distributor_id: int) -> ResponseReturnValue:
    """Let another name stand for a distributor."""
    distributor, form = _distributor(distributor_id), OtherNameForm()
    if form.validate() and form.succeeds(
        lambda: naming.answer_name(
            db.session,
            current_scope(),
            NameKind.DISTRIBUTOR,
            form.spelling.data or "",
            distributor,
            now=clock.now(),
        )
    ):
        return _saved(distributor_id)
    return distributor_page(distributor, form), 422


@bp.post("/<int:distributor_id>/names/<int:alias_id>/remove")
@requires(Permission.EDIT_DISTRIBUTORS)
@writes
def remove_name(distributor_id: int, alias_id: int) -> ResponseReturnValue:
    """Let another name no longer stand for a distributor."""
    alias = get_name_of_distributor(db.session, current_scope(), distributor_id, alias_id)
    naming.undo_alias(db.session, current_scope(), alias, now=clock.now())
    return _saved(distributor_id)


def _distributor(distributor_id: int) -> Distributor:
    return queries.get_distributor(db.session, current_scope(), distributor_id)


def _regions() -> list[Region]:
    return organisation.list_regions(db.session, current_scope())


def _area(distributor_id: int) -> list[Region]:
    return queries.list_areas(db.session, current_scope()).get(distributor_id, [])


def _saved(distributor_id: int) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for(".page", distributor_id=distributor_id))


def distributor_page(
    distributor: Distributor, form: OtherNameForm | None = None, token_form: TokenForm | None = None
) -> str:
    """Return the page of a distributor, with forms that were refused."""
    scope = current_scope()
    return render_template(
        "distributors/page.html",
        distributor=distributor,
        area=_area(distributor.id),
        names=list_names_of_distributor(db.session, scope, distributor.id),
        form=form or OtherNameForm(formdata=None),
        may_edit=scope.may(Permission.EDIT_DISTRIBUTORS),
        tokens=list_tokens(db.session, distributor.id) if scope.may(Permission.CONNECT_DISTRIBUTORS) else None,
        token_form=token_form or TokenForm(formdata=None),
    )


def _new_page(form: NewDistributorForm) -> str:
    return render_template("distributors/new.html", form=form.offer(_regions()))


def _edit_page(distributor: Distributor, form: DistributorForm) -> str:
    return render_template("distributors/edit.html", distributor=distributor, form=form.offer(_regions()))
