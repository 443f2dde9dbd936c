"""The Monday meeting: its page, its slides, and what the lead decides there."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.queries import list_hospital_choices
from repcrm.core import clock
from repcrm.core.errors import NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.meeting import agenda, queries, service
from repcrm.meeting.agenda import Stop
from repcrm.meeting.models import Review
from repcrm.meeting.terms import Topic
from repcrm.organisation.access import Permission
from repcrm.organisation.calendar import work_calendar
from repcrm.reports.body import Body
from repcrm.reports.models import ReportSnapshot
from repcrm.reports.queries import list_revisions
from repcrm.scheduler.jobs import due_at, get_job
from repcrm.web import meeting_view as words
from repcrm.web.forms.meeting import DecideForm, NotesForm, VersionForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.meeting_view import ActionLine
from repcrm.web.report_lines import NOBODY_CODE, Path
from repcrm.web.report_view import ReportView
from repcrm.web.reports import view_of

bp = Blueprint("meeting", __name__, url_prefix="/meeting")


@bp.get("")
@requires(Permission.VIEW_MEETING)
def latest() -> ResponseReturnValue:
    """Go on to the latest meeting, or say when the first report comes."""
    scope = current_scope()
    waiting = queries.find_report_to_meet_about(db.session, scope)
    may_run = scope.may(Permission.RUN_MEETING)
    review = queries.latest_review(db.session, scope)
    if review is not None and not (waiting and may_run and waiting.period > review.period):
        return redirect(url_for(".page", review_id=review.id))
    week = Period.of(PeriodKind.WEEK, scope.on)
    return render_template(
        "meeting/none.html",
        waiting=waiting if may_run else None,
        latest=review,
        week=week,
        due_at=due_at(get_job("review_week"), week, current_app.config["REPCRM"].zone),
    )


@bp.post("/open")
@requires(Permission.RUN_MEETING)
@writes
def open_now() -> ResponseReturnValue:
    """Open the meeting about a weekly report that was frozen by hand."""
    snapshot = queries.find_report_to_meet_about(db.session, current_scope())
    if snapshot is None:
        raise NotFound(N_("There is no report without a meeting."))
    review = service.open_review(db.session, snapshot, work_calendar(db.session, snapshot.region_id), now=clock.now())
    return redirect(url_for(".page", review_id=review.id))


@bp.get("/<int:review_id>")
@requires(Permission.VIEW_MEETING)
def page(review_id: int) -> ResponseReturnValue:
    """Show a meeting: what became of the actions, the figures, the facts, and new actions."""
    return _page(queries.get_review(db.session, current_scope(), review_id))


@bp.get("/<int:review_id>/slides")
@requires(Permission.VIEW_MEETING)
def slides(review_id: int) -> ResponseReturnValue:
    """Show one slide of meeting mode."""
    return _slide(queries.get_review(db.session, current_scope(), review_id))


@bp.post("/<int:review_id>/actions")
@requires(Permission.RUN_MEETING)
@writes
def decide(review_id: int) -> ResponseReturnValue:
    """Decide a new action, and come back to where it was typed."""
    scope = current_scope()
    review = queries.get_review(db.session, scope, review_id)
    people, hospitals = queries.list_owners(db.session, scope), list_hospital_choices(db.session, scope)
    form = DecideForm().offer(people, hospitals)
    mode = request.args.get("mode")

    if form.validate() and form.succeeds(
        lambda: service.decide_action(db.session, scope, review, form.decision(), now=clock.now())
    ):
        flash(_("Decided: %(what)s", what=form.result.what), "success")
        return redirect(words.place_in_meeting(review_id, mode, "new-action"))
    return (_slide(review, form) if mode == "slides" else _page(review, form)), 422


@bp.post("/<int:review_id>/notes")
@requires(Permission.RUN_MEETING)
@writes
def note(review_id: int) -> ResponseReturnValue:
    """Keep the notes."""
    scope = current_scope()
    review = queries.get_review(db.session, scope, review_id)
    form = NotesForm()
    if form.validate() and form.succeeds(
        lambda: service.note_review(
            db.session, scope, review, form.notes.data or "", now=clock.now(), version=form.version.data or 0
        )
    ):
        flash(_("The notes are saved."), "success")
        return redirect(words.place_in_meeting(review_id, None, "notes-card"))
    return _page(review, notes=form), 422


@bp.post("/<int:review_id>/close")
@requires(Permission.RUN_MEETING)
@writes
def close(review_id: int) -> ResponseReturnValue:
    """End the meeting."""
    scope = current_scope()
    review = queries.get_review(db.session, scope, review_id)
    form = VersionForm()
    if form.validate() and form.succeeds(
        lambda: service.close_review(db.session, scope, review, now=clock.now(), version=form.version.data or 0)
    ):
        flash(_("The meeting is closed. What is open comes back next week."), "success")
        return redirect(url_for(".page", review_id=review_id))
    return _page(review), 422


def _page(review: Review, form: DecideForm | None = None, notes: NotesForm | None = None) -> str:
    shown = _shown(review, "page", form)
    reviews = shown.pop("reviews")
    place = next(number for number, one in enumerate(reviews) if one.id == review.id)
    return render_template(
        "meeting/page.html",
        **shown,
        notes=notes or NotesForm(formdata=None, version=review.version, notes=review.notes),
        before=reviews[place + 1] if place + 1 < len(reviews) else None,
        after=reviews[place - 1] if place else None,
        revised=_revised_since(review, shown["view"].snapshot),
        topics=words.topics(),
        people_lines=_people(agenda.stops(shown["view"].body), shown, review),
    )


def _slide(review: Review, form: DecideForm | None = None) -> str:
    shown = _shown(review, "slides", form)
    view, stops = shown["view"], agenda.stops(shown["view"].body)
    here = _here(stops, view.table.path)
    if here is None:
        abort(404)
    number = stops.index(here)
    addresses = [_slide_url(review, stop, view.body) for stop in stops]
    is_hospital = len(view.table.path) > 1
    following = addresses[number + 1] if number + 1 < len(stops) else None
    return render_template(
        "meeting/slides.html",
        **shown,
        stop=here,
        number=number + 1,
        count=len(stops),
        minutes=agenda.MINUTES[here.topic],
        previous_url=addresses[number] if is_hospital else addresses[number - 1] if number else None,
        next_url=following,
        leave_url=url_for(".page", review_id=review.id),
        is_hospital=is_hospital,
        own=_own([*shown["carried"], *shown["decided"]], view),
        people_lines=_people(stops, shown, review) if here.topic is Topic.NEXT_WEEK else [],
    )


def _shown(review: Review, mode: str, form: DecideForm | None) -> dict[str, Any]:
    """What page and slides have in common."""
    scope = current_scope()
    reviews = queries.list_reviews(db.session, scope)
    snapshot = queries.shown_snapshot(db.session, scope, review)
    view = view_of(scope, snapshot, url_for(f".{mode}", review_id=review.id))
    hospitals = list_hospital_choices(db.session, scope)
    next_on = words.next_meeting_on(scope)
    eyes = words.Eyes(scope, frozenset(key for key, _name in hospitals), next_on)
    may_decide = scope.may(Permission.RUN_MEETING) and review.closed_at is None
    if may_decide and form is None:
        people = queries.list_owners(db.session, scope)
        begun = words.proposal(view.body, people, scope, max(next_on, review.meets_on))
        form = DecideForm(formdata=None, **begun).offer(people, hospitals)
    return {
        "review": review,
        "reviews": reviews,
        "view": view,
        "carried": eyes.lines(queries.carried_actions(db.session, scope, review, reviews), review.period),
        "decided": eyes.lines(queries.actions_of_review(db.session, scope, review), review.period),
        "facts": words.fact_offers(view, review, mode, may_decide),
        "form": form,
        "may_decide": may_decide,
        "back": words.way_back(review, mode),
    }


def _revised_since(review: Review, snapshot: ReportSnapshot) -> ReportSnapshot | None:
    """The newest revision of a report whose meeting closed with an older one."""
    if review.closed_at is None:
        return None
    newest = list_revisions(db.session, current_scope(), snapshot)[0]
    return newest if newest.id != snapshot.id else None


def _here(stops: list[Stop], path: Path) -> Stop | None:
    """The slide the address is about; the first one if it says nothing."""
    if path:
        return next((stop for stop in stops if stop.key == "rep" and stop.rep == path[0]), None)
    key = request.args.get("at", stops[0].key)
    return next((stop for stop in stops if stop.key == key and stop.key != "rep"), None)


def _own(lines: list[ActionLine], view: ReportView) -> list[ActionLine]:
    """The actions of the rep in view, or those about the hospital in view."""
    path = view.table.path
    if len(path) > 1:
        hospital = view.body.name("hospitals", path[1])
        return [one for one in lines if hospital and one.action.hospital_id == hospital.id]
    owner = view.body.name("reps", path[0]) if path else None
    return [one for one in lines if owner and one.action.owner_id == owner.id]


def _slide_url(review: Review, stop: Stop, body: Body) -> str:
    if stop.key == "rep":
        named = body.name("reps", stop.rep)
        return url_for(".slides", review_id=review.id, rep=named.code if named else NOBODY_CODE)
    return url_for(".slides", review_id=review.id, at=stop.key)


def _people(stops: list[Stop], shown: dict[str, Any], review: Review) -> list[tuple[Any, int, str]]:
    """The reps with what next week asks of each: row, open actions, address of the slide."""
    view = shown["view"]
    counts = queries.count_open_by_owner(db.session, current_scope())
    lines = []
    for stop in stops:
        if stop.row is not None:
            named = view.body.name("reps", stop.rep)
            counted = counts.get(named.id, 0) if named else 0
            lines.append((view.table.line(stop.row), counted, _slide_url(review, stop, view.body)))
    return lines
