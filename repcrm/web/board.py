"""The live board: how far the month is, fetched again by itself as data arrives; on a phone and the office screen."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.core import clock
from repcrm.db.journal import newest_entry
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Role
from repcrm.targets.board import Standing
from repcrm.targets.queries import Board, BoardLine, month_board
from repcrm.web.filters import number, percent
from repcrm.web.guards import requires
from repcrm.web.identity import current_scope
from repcrm.web.languages import current_language

bp = Blueprint("board", __name__, url_prefix="/board")

SHOWN = 8
"""So many lines of a group have room on the office screen."""
ON_PAGE = 12
"""So many lines of a group stand open on the page; the rest is folded."""


@dataclass(frozen=True)
class Group:
    """Lines of one kind."""

    title: str
    kind: str
    """rep, hospital or product."""
    lines: tuple[BoardLine, ...]
    rest: tuple[BoardLine, ...]


@bp.get("")
@requires(Permission.VIEW_TARGETS)
def page() -> ResponseReturnValue:
    """Show the month so far: a rep's own, a lead's region."""
    return render_template("board/page.html", **_figures(ON_PAGE), figures_url=url_for(".figures"))


@bp.get("/screen")
@requires(Permission.VIEW_TARGETS)
def screen() -> ResponseReturnValue:
    """Show the same on the office screen: large, dark, nothing to press."""
    return render_template("board/screen.html", **_figures(SHOWN), figures_url=url_for(".figures", screen=1))


@bp.get("/figures")
@requires(Permission.VIEW_TARGETS)
def figures() -> ResponseReturnValue:
    """Answer the board that asks again: 304 unless something has been written down since it last asked."""
    tag = _tag()
    if tag in request.headers.get("If-None-Match", ""):
        return Response(status=304)
    response = make_response(
        render_template("board/_figures.html", **_figures(SHOWN if request.args.get("screen") else ON_PAGE))
    )
    response.headers["ETag"] = f'"{tag}"'
    return response


def _tag() -> str:
    """What the figures depend on: who asks, in which language, the hour, and everything in the journal."""
    hour = clock.now().strftime("%Y%m%d%H")
    return f"{current_scope().user_id}-{current_language()}-{hour}-{newest_entry(db.session)}"


def _figures(shown: int) -> dict[str, object]:
    scope = current_scope()
    board = month_board(db.session, scope, scope.on)
    groups = [
        _group(_("Reps"), "rep", board.reps, shown),
        _group(_("Products"), "product", board.products, shown),
        _group(_("Hospitals"), "hospital", board.hospitals, shown),
    ]
    return {
        "board": board,
        "groups": [group for group in groups if group.lines],
        "elapsed_words": _elapsed_words(board),
        "is_region": scope.role is not Role.REP,
    }


def _group(title: str, kind: str, lines: tuple[BoardLine, ...], shown: int) -> Group:
    return Group(title, kind, lines[:shown], lines[shown:])


def _elapsed_words(board: Board) -> str:
    left = board.clock.days_left
    return ngettext("%(num)s working day left", "%(num)s working days left", left)


@bp.app_template_filter()
def bullet_words(standing: Standing) -> str:
    """62 of 100 packs, 71 due by now; what the bullet beside it draws."""
    if standing.floor_packs is None:
        return _("%(actual)s packs, no target", actual=number(standing.actual_packs))
    done, target = number(standing.actual_packs or 0), number(standing.floor_packs)
    due = number(standing.expected_packs)
    return _("%(done)s of %(target)s packs, %(due)s due by now", done=done, target=target, due=due)


@bp.app_template_filter()
def done_words(standing: Standing) -> str:
    """62 / 100; what is not known is a dash."""
    return f"{number(standing.actual_packs)} / {number(standing.floor_packs)}"


@bp.app_template_filter()
def landing_words(standing: Standing) -> str:
    """Where it lands: 86%, or packs where there is no target."""
    return number(standing.landing_packs) if standing.landing is None else percent(standing.landing, 0)
