"""The calendar feed: a person's calls at a secret address, made and revoked on the person's own page."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.accounts.models import Session as DayPart
from repcrm.calls.queries import AgendaCall, list_agenda
from repcrm.core import clock
from repcrm.core.errors import NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation import feeds
from repcrm.organisation.access import Permission, Scope
from repcrm.planning.ics import Entry, calendar_text
from repcrm.web.guards import public, requires, writes
from repcrm.web.languages import DEFAULT_LANGUAGE, current_language, say

bp = Blueprint("feeds", __name__)

DAYS_BACK, DAYS_AHEAD = timedelta(days=28), timedelta(days=56)
HOURS = {
    DayPart.AM: (time(8), time(12)),
    DayPart.PM: (time(13, 30), time(17, 30)),
    DayPart.EVE: (time(18), time(20, 30)),
}
"""The hours a part of the day takes up in a calendar; a call without one stands on the whole day."""


@bp.get("/calendar/<token>.ics")
@public
def calendar(token: str) -> ResponseReturnValue:
    """Answer a calendar that knows the secret; whatever else is asked for does not exist."""
    owner = feeds.find_owner(db.session, token)
    zone = current_app.config["REPCRM"].zone
    scope = Scope(owner.id, owner.role, owner.region_id, clock.today(zone)) if owner else None
    if owner is None or scope is None or not scope.may(Permission.LOG_CALLS):
        raise NotFound(N_("There is no such calendar."))
    calls = list_agenda(db.session, scope, scope.user_id, scope.on - DAYS_BACK, scope.on + DAYS_AHEAD)
    with force_locale(owner.language or DEFAULT_LANGUAGE):
        text = calendar_text(_("Calls of %(name)s", name=owner.name), _entries(calls), clock.now())
    return Response(text, mimetype="text/calendar")


@bp.post("/me/calendar")
@requires(Permission.LOG_CALLS)
@writes
def make() -> ResponseReturnValue:
    """Make an address and show it, once."""
    try:
        token = feeds.make_feed(db.session, current_user.user, clock.now())
    except RuleBroken as error:
        flash(say(error), "error")
        return redirect(url_for("identity.me"))
    address = url_for(".calendar", token=token, _external=True)
    return render_template("feeds/made.html", address=address)


@bp.post("/me/calendar/<int:feed_id>/revoke")
@requires(Permission.LOG_CALLS)
@writes
def revoke(feed_id: int) -> ResponseReturnValue:
    """End one of the person's own addresses."""
    if not feeds.revoke_feed(db.session, current_user.id, feed_id, clock.now()):
        raise NotFound(N_("There is no such calendar."))
    flash(_("The calendar address is revoked."), "success")
    return redirect(url_for("identity.me"))


def _entries(calls: list[AgendaCall]) -> Iterator[Entry]:
    """One entry for the calls of a hospital in a part of a day: a diary of eight a day would show nothing else."""

    def stop(call: AgendaCall) -> tuple[str, str, int]:
        return call.day_on.isoformat(), call.part.value if call.part else "", call.hospital_id

    between = "、" if current_language() == "zh" else ", "
    for (day, part, hospital_id), group in groupby(sorted(calls, key=stop), key=stop):
        met = list(group)
        starts, ends = _hours(met[0])
        yield Entry(
            key=f"{day}-{part or 'day'}-{hospital_id}@calls.repcrm",
            starts=starts,
            ends=ends,
            summary=f"{met[0].hospital_name} · {between.join(call.doctor_name for call in met)}",
            location=met[0].hospital_name,
        )


def _hours(call: AgendaCall) -> tuple[date, date]:
    if call.part is None:
        return call.day_on, call.day_on + timedelta(days=1)
    zone = current_app.config["REPCRM"].zone
    first, last = HOURS[call.part]
    return datetime.combine(call.day_on, first, zone), datetime.combine(call.day_on, last, zone)
