"""Working days: public holidays and make-up days by country and year, and which country each region follows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.core import clock
from repcrm.core.errors import NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.core.workdays import YearState
from repcrm.extensions import db
from repcrm.organisation import workdays
from repcrm.organisation.access import Permission
from repcrm.organisation.calendar import list_followed, read_year, years_on_file
from repcrm.organisation.models import DEFAULT_COUNTRY
from repcrm.organisation.public_holidays import COUNTRIES, expected_days
from repcrm.organisation.queries import get_region, list_regions
from repcrm.organisation.workdays import RegionChange
from repcrm.reports.queries import list_frozen_periods
from repcrm.web.filters import month as month_words
from repcrm.web.forms.workdays import (
    FIRST_YEAR,
    LAST_YEAR,
    ChangeForm,
    DayForm,
    FollowForm,
    RemoveForm,
    StartForm,
    UnfollowForm,
    YearForm,
    country_name,
)
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import day_of, number_of

bp = Blueprint("workdays", __name__, url_prefix="/working-days")
bp.add_app_template_filter(country_name)

STATE_TONES = {YearState.ANNOUNCED: "good", YearState.PROVISIONAL: "watch", YearState.MISSING: "behind"}


@dataclass(frozen=True)
class Effect:
    """What a change does to the working days of months, and the frozen reports that were made with the old ones."""

    lines: list[tuple[Period, int, int, list[str]]]
    """Month, working days before and after, names of the regions."""
    frozen: list[str]

    @classmethod
    def of(cls, changes: list[RegionChange]) -> "Effect":
        """Put the changes of several regions together, month by month."""
        regions: dict[tuple[Period, int, int], list[str]] = {}
        for region, change in changes:
            regions.setdefault((change.month, change.before, change.after), []).append(region.name)
        frozen = list_frozen_periods(
            db.session, current_scope(), [(region.id, change.month) for region, change in changes]
        )
        return cls([(*key, names) for key, names in sorted(regions.items())], frozen)

    @property
    def is_in_use(self) -> bool:
        """Whether figures rest on these months already: one has begun, or a report of it is frozen."""
        return bool(self.frozen) or any(month.from_on <= current_scope().on for month, *_rest in self.lines)

    def words(self) -> str:
        """October 2026: 18 → 17; empty if no month changes."""
        return ", ".join(f"{month_words(month.from_on)}: {before} → {after}" for month, before, after, _r in self.lines)


@bp.get("")
@requires(Permission.MANAGE_CALENDAR)
def index() -> ResponseReturnValue:
    """Show a year of a country: this year of the usual one unless another is asked for."""
    country, year = request.args.get("country", DEFAULT_COUNTRY), request.args.get("year")
    number = number_of(year) if year else current_scope().on.year
    if country not in COUNTRIES or number is None or not FIRST_YEAR <= number <= LAST_YEAR:
        raise NotFound(N_("There is no such calendar."))
    return _page(country, number)


@bp.post("/day")
@requires(Permission.MANAGE_CALENDAR)
@writes
def set_day() -> ResponseReturnValue:
    """Add a public holiday or make-up day, or change one."""
    form = DayForm(prefix="day-")
    country, _year = form.place(current_scope().on)
    return _change(form, lambda: workdays.set_days(db.session, current_user.id, country, [form.day()], now=clock.now()))


@bp.post("/day/remove")
@requires(Permission.MANAGE_CALENDAR)
@writes
def remove_day() -> ResponseReturnValue:
    """Make a day an ordinary one again."""
    form = RemoveForm()
    country, _year = form.place(current_scope().on)
    on = form.on.data or date.min
    return _change(form, lambda: workdays.remove_day(db.session, current_user.id, country, on, now=clock.now()))


@bp.post("/year/confirm")
@requires(Permission.MANAGE_CALENDAR)
@writes
def confirm_year() -> ResponseReturnValue:
    """Note that a provisional year was announced exactly as it is on file."""
    form = YearForm()
    country, year = form.place(current_scope().on)
    return _change(form, lambda: workdays.confirm_year(db.session, current_user.id, country, year, now=clock.now()))


@bp.post("/year/start")
@requires(Permission.MANAGE_CALENDAR)
@writes
def start_year() -> ResponseReturnValue:
    """Begin a year with the public holidays that are expected, all of them provisional."""
    form = StartForm(prefix="start-")
    country, year = form.place(current_scope().on)

    def start() -> int:
        days = expected_days(country, year)
        return workdays.start_year(db.session, current_user.id, country, year, days, now=clock.now())

    return _change(form, start)


@bp.post("/follow")
@requires(Permission.MANAGE_CALENDAR)
@writes
def follow() -> ResponseReturnValue:
    """Let a region follow another country's public holidays from a day on."""
    form = FollowForm(prefix="follow-").offer(list_regions(db.session, current_scope()))

    def change() -> object:
        region = get_region(db.session, current_scope(), form.region_id.data or 0)
        return workdays.follow_country(
            db.session, current_user.id, region, form.country.data, form.from_on.data or date.min, now=clock.now()
        )

    return _change(form, change, _last_year())


@bp.post("/unfollow")
@requires(Permission.MANAGE_CALENDAR)
@writes
def unfollow() -> ResponseReturnValue:
    """Take back that a region follows another country from a day on."""
    form = UnfollowForm()

    def change() -> None:
        region = get_region(db.session, current_scope(), form.region_id.data or 0)
        workdays.unfollow_country(db.session, current_user.id, region, form.from_on.data or date.min, now=clock.now())

    return _change(form, change, _last_year())


def _change(form: ChangeForm, change: Callable[[], object], last_year: int = 0) -> ResponseReturnValue:
    """Carry out a change; where figures rest on its months already, only after having shown what it does to them.

    last_year  until when months may change; 0: only in the year that the form is about
    """
    country, year = form.place(current_scope().on)
    span = date(year, 1, 1), date(max(year, last_year) + 1, 1, 1)
    if not (form.validate() and form.succeeds(lambda: workdays.effect_of(db.session, change, *span))):
        return _page(country, year, form), 422
    effect = Effect.of(form.result)
    if effect.is_in_use and not form.confirmed.data:
        return render_template(
            "workdays/confirm.html",
            effect=effect,
            fields=[(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"],
            confirmed=form.confirmed.name,
            back=url_for(".index", country=country, year=year),
        )
    change()
    said = effect.words()
    flash(_("Saved. Working days change: %(months)s.", months=said) if said else _("Saved."), "success")
    return redirect(url_for(".index", country=country, year=year))


def _last_year() -> int:
    """The last year with days on file: until then months change for a region that follows another country."""
    return max((year for years in years_on_file(db.session).values() for year in years), default=0)


def _page(country: str, year: int, wrong: ChangeForm | None = None) -> str:
    today, shown = current_scope().on, read_year(db.session, country, year)
    on_file, followed = years_on_file(db.session), list_followed(db.session, current_scope())
    countries = {DEFAULT_COUNTRY, country, *on_file, *(one.country for rows in followed.values() for one in rows)}
    edited = day_of(request.args.get("day"))
    day = next((one for one in shown.days if one.on == edited), None)
    forms = {
        DayForm: DayForm.of(country, day, shown.state is YearState.PROVISIONAL),
        StartForm: StartForm(formdata=None, prefix="start-", country=country, year=year),
        FollowForm: FollowForm(formdata=None, prefix="follow-", country=country, from_on=today).offer(list(followed)),
    }
    if wrong is not None:
        forms[type(wrong)] = wrong
    return render_template(
        "workdays/page.html",
        shown=shown,
        tone=STATE_TONES[shown.state],
        months=[(Period(PeriodKind.MONTH, date(year, n, 1)), count) for n, count in enumerate(shown.months, 1)],
        countries=sorted(countries, key=lambda code: (code != DEFAULT_COUNTRY, code)),
        years=sorted({today.year, today.year + 1, year, *on_file.get(country, ())}),
        followed=followed,
        usual=DEFAULT_COUNTRY,
        wrong=wrong,
        day_form=forms[DayForm],
        start_form=forms[StartForm],
        follow_form=forms[FollowForm],
    )
