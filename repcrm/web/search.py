"""Finding doctors and hospitals by characters, pinyin, initials, and in spite of slips of the finger."""

from typing import NamedTuple

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts import queries
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Scope
from repcrm.web.guards import requires
from repcrm.web.identity import current_scope
from repcrm.web.navigation import find_pages

bp = Blueprint("search", __name__, url_prefix="/search")

DOCTORS_SHOWN, HOSPITALS_SHOWN = 30, 10
OPTIONS_SHOWN = 8
HOSPITALS_IN_PALETTE = 4


class Found(NamedTuple):
    """Something the palette leads to."""

    icon: str
    text: str
    detail: str
    href: str


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
        found = [(row.id, row.name, _place_of(row)) for row in doctors]
    else:
        raise BadInput(N_("Only doctors and hospitals can be searched."))
    return render_template("search/_options.html", options=found)


@bp.get("/palette")
@requires(Permission.VIEW_ACCOUNTS)
def palette() -> ResponseReturnValue:
    """Answer Ctrl-K: the palette, with the pages of whoever asks."""
    return render_template("search/_palette.html", found=_pages(""), options_url=url_for(".anything"))


@bp.get("/anything")
@requires(Permission.VIEW_ACCOUNTS)
def anything() -> ResponseReturnValue:
    """Answer the palette while somebody types: pages, hospitals and doctors; without words, the pages."""
    words = request.args.get("q", "").strip()
    scope = current_scope()
    found = [*_pages(words), *_hospitals(scope, words), *_doctors(scope, words)]
    if words:
        found.append(Found("search", _("Search “%(words)s”", words=words), "", url_for(".page", q=words)))
    return render_template("search/_found.html", found=found)


def _pages(words: str) -> list[Found]:
    return [Found(page.icon, _(page.label), _("page"), url_for(page.endpoint)) for page in find_pages(words)]


def _hospitals(scope: Scope, words: str) -> list[Found]:
    return [
        Found("hospital", one.name, one.city, url_for("hospitals.page", hospital_id=one.id))
        for one in queries.find_hospitals(db.session, scope, words, HOSPITALS_IN_PALETTE)
    ]


def _doctors(scope: Scope, words: str) -> list[Found]:
    return [
        Found("person", row.name, _place_of(row), url_for("doctors.page", doctor_id=row.id))
        for row in queries.find_doctors(db.session, scope, words, OPTIONS_SHOWN)
    ]


def _place_of(row: queries.DoctorRow) -> str:
    return f"{row.hospital_name or ''} · {row.department_name or ''}"
