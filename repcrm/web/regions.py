"""Regions: adding and renaming them, with who leads and works in each."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.core import clock
from repcrm.extensions import db
from repcrm.organisation import queries, regions
from repcrm.organisation.access import Permission, Role
from repcrm.organisation.models import Region, User
from repcrm.web.forms.regions import NewRegionForm, RegionForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("regions", __name__, url_prefix="/admin/regions")


@dataclass(frozen=True)
class RegionLine:
    """A region in the list, with its active leads and reps."""

    region: Region
    leads: list[User]
    reps: int


@bp.get("")
@requires(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """List the regions."""
    people = [one for one in queries.list_users(db.session, current_scope()) if one.is_active]
    lines = [
        RegionLine(
            region,
            [one for one in people if one.region_id == region.id and one.role is Role.LEAD],
            sum(one.region_id == region.id and one.role is Role.REP for one in people),
        )
        for region in queries.list_regions(db.session, current_scope())
    ]
    return render_template("regions/index.html", lines=lines)


@bp.get("/new")
@requires(Permission.MANAGE_USERS)
def new() -> ResponseReturnValue:
    """Show the form of a new region."""
    return render_template("regions/new.html", form=NewRegionForm(formdata=None))


@bp.post("/new")
@requires(Permission.MANAGE_USERS)
@writes
def add() -> ResponseReturnValue:
    """Add a region."""
    form = NewRegionForm()
    if form.validate() and form.succeeds(
        lambda: regions.add_region(
            db.session, current_user.id, code=form.code.data or "", name=form.name.data or "", now=clock.now()
        )
    ):
        flash(_("Region added. Next, add its people."), "success")
        return redirect(url_for(".index"))
    return render_template("regions/new.html", form=form), 422


@bp.get("/<int:region_id>")
@requires(Permission.MANAGE_USERS)
def edit(region_id: int) -> ResponseReturnValue:
    """Show a region as a form."""
    region = _region(region_id)
    return render_template("regions/edit.html", region=region, form=RegionForm(formdata=None, obj=region))


@bp.post("/<int:region_id>")
@requires(Permission.MANAGE_USERS)
@writes
def save(region_id: int) -> ResponseReturnValue:
    """Rename a region."""
    region, form = _region(region_id), RegionForm()
    if form.validate() and form.succeeds(
        lambda: regions.rename_region(db.session, current_user.id, region, form.name.data or "", now=clock.now())
    ):
        flash(_("Saved."), "success")
        return redirect(url_for(".index"))
    return render_template("regions/edit.html", region=region, form=form), 422


def _region(region_id: int) -> Region:
    return queries.get_region(db.session, current_scope(), region_id)
