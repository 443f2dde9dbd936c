"""Names in files that people have explained: listed, filtered, removed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.core import clock
from repcrm.db.paging import Page, page_of
from repcrm.extensions import db
from repcrm.imports import queries
from repcrm.imports.models import NameAlias, NameKind
from repcrm.imports.naming import service
from repcrm.imports.queries import AliasFilters
from repcrm.organisation.access import Permission
from repcrm.sales.queries import list_distributors
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import member_of, number_of, options_of

bp = Blueprint("names", __name__, url_prefix="/imports/names")

FILTERS = ("kind", "distributor", "q")


@bp.get("")
@requires(Permission.IMPORT_DATA)
def index() -> ResponseReturnValue:
    """List the names in use, the latest first."""
    scope, asked = current_scope(), request.args
    filters = AliasFilters(
        member_of(NameKind, asked.get("kind")), number_of(asked.get("distributor")), asked.get("q", "").strip()
    )
    page: Page[NameAlias] = page_of(
        db.session, queries.list_aliases(scope, filters), request.args.get("page", 1, type=int)
    )
    return render_template(
        "names/index.html",
        page=page,
        filters=filters,
        args={name: asked[name] for name in FILTERS if asked.get(name)},
        kinds=options_of(NameKind),
        distributors=[(0, _("all distributors")), *((d.id, d.name) for d in list_distributors(db.session, scope))],
    )


@bp.post("/<int:alias_id>/remove")
@requires(Permission.IMPORT_DATA)
@writes
def remove(alias_id: int) -> ResponseReturnValue:
    """Forget what a name stands for: it is asked about again."""
    scope = current_scope()
    alias = queries.get_alias(db.session, scope, alias_id)
    service.undo_alias(db.session, scope, alias, now=clock.now())
    flash(_("“%(name)s” will be asked about again. What was imported with it stays.", name=alias.spelling), "success")
    kept: dict[str, Any] = {name: request.form[name] for name in FILTERS if request.form.get(name)}
    return redirect(url_for(".index", **kept))
