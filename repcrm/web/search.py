"""Finding doctors and hospitals by characters, pinyin, initials, and in spite of slips of the finger."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from repcrm.accounts import queries
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.web.guards import requires
from repcrm.web.identity import current_scope

bp = Blueprint("search", __name__, url_prefix="/search")

DOCTORS_SHOWN, HOSPITALS_SHOWN = 30, 10
OPTIONS_SHOWN = 8


@bp.get("")
@requires(Permission.VIEW_ACCOUNTS)
def page() -> ResponseReturnValue:
    """Show the doctors and hospitals in scope that fit what was typed, the best first."""
    scope, words = current_scope(), request.args.get("q", "").strip()
    doctors = queries.find_doctors(db.session, scope, words, DOCTORS_SHOWN)
    ratings = queries.latest_ratings(db.session, scope, [row.id for row in doctors], scope.on)
    best: dict[int, int] = {}
    for (doctor_id, _product_id), rating in ratings.items():
        best[doctor_id] = max(rating, best.get(doctor_id, 0))
    return render_template(
        "search/page.html",
        words=words,
        doctors=doctors,
        best=best,
        hospitals=queries.find_hospitals(db.session, scope, words, HOSPITALS_SHOWN),
        may_call=scope.may(Permission.LOG_CALLS),
    )


@bp.get("/options")
@requires(Permission.VIEW_ACCOUNTS)
def options() -> ResponseReturnValue:
    """Answer a box that searches while somebody types: doctors or hospitals as options to choose."""
    scope, words = current_scope(), request.args.get("q", "")
    kind = request.args.get("kind", "doctor")
    if kind == "hospital":
        hospitals = queries.find_hospitals(db.session, scope, words, OPTIONS_SHOWN)
        found = [(hospital.id, hospital.name, hospital.city) for hospital in hospitals]
    elif kind == "doctor":
        doctors = queries.find_doctors(db.session, scope, words, OPTIONS_SHOWN)
        found = [(row.id, row.name, f"{row.hospital_name or ''} · {row.department_name or ''}") for row in doctors]
    else:
        raise BadInput(N_("Only doctors and hospitals can be searched."))
    return render_template("search/_options.html", options=found)
