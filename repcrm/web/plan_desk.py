"""The plan pages, shown: the board of a rep's cycle, and one doctor in it."""

from datetime import date

from flask import render_template, request

from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.planning import queries
from repcrm.planning.board import Board, BoardVisit
from repcrm.planning.cycle import Cycle
from repcrm.planning.terms import VisitState
from repcrm.web.identity import current_scope
from repcrm.web.plan_filters import Filters
from repcrm.web.plan_page import plan_page
from repcrm.web.plan_place import open_slots, place_view
from repcrm.web.plan_view import Drawer
from repcrm.web.plan_work import work_of
from repcrm.web.terms import day_of, number_of


def show(rep_id: int, day_on: date, problem: str | None = None) -> str:
    """The plan page of a rep, opened at a day."""
    scope = current_scope()
    board = queries.get_board(db.session, scope, rep_id, Cycle.of(day_on).start_on, scope.on)
    page = plan_page(board, scope, day_on, Filters.read(request.args), work_of(scope, board.plan))
    return render_template("plan/page.html", page=page, problem=problem)


def show_place(rep_id: int, day_on: date, is_partial: bool) -> str:
    """A doctor in a rep's plan, named in the address; `on` is the day of the visit that was opened."""
    scope = current_scope()
    doctor_id, on = number_of(request.args.get("doctor")) or 0, day_of(request.args.get("on"))
    board = queries.get_board(db.session, scope, rep_id, Cycle.of(day_on).start_on, scope.on)
    if scope.on in board.cycle:
        day_on = max(day_on, scope.on)
    visit = _visit_on(board, doctor_id, on) if on else None
    doctor = next((one for one in board.doctors if one.id == doctor_id), None)
    if doctor is None and visit is None:
        raise NotFound(N_("There is no such doctor here."))
    drawer = Drawer(board, scope, day_on, Filters.read(request.args))
    checks = {}
    if drawer.may_edit and doctor and (visit is None or visit.state is VisitState.PLANNED):
        slots, from_on = open_slots(drawer), visit.day_on if visit else None
        checks = queries.check_slots(db.session, scope, rep_id, board.cycle.start_on, doctor_id, slots, from_on)
    shown = place_view(board, drawer, doctor, visit, checks)
    return render_template("plan/_place.html" if is_partial else "plan/place.html", place=shown)


def _visit_on(board: Board, doctor_id: int, day_on: date) -> BoardVisit | None:
    """The visit of a doctor on a day, the one that takes time first."""
    found = [
        visit for day in board.days for visit in day.visits if (visit.doctor_id, visit.day_on) == (doctor_id, day_on)
    ]
    return max(found, key=lambda visit: visit.takes_time, default=None)
