"""Forms of the diary: time off, appointments, where a day starts."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FloatField, IntegerField, TimeField
from wtforms.validators import InputRequired, Optional

from repcrm.accounts.models import Session
from repcrm.diary.models import Appointment
from repcrm.diary.service import Absence, AppointmentFacts
from repcrm.diary.terms import AppointmentKind, TimeOffKind
from repcrm.organisation.models import User
from repcrm.web.filters import names_of_weekdays
from repcrm.web.forms import Form
from repcrm.web.forms.fields import TermField, ThingField, version, words

ONE_DAY = timedelta(days=1)


class TimeOffForm(Form):
    """Days on which a rep is away."""

    rep_id = ThingField(_l("Rep"), validators=[InputRequired(_l("Choose the rep."))])
    kind = TermField(_l("Kind"), TimeOffKind, default=TimeOffKind.ANNUAL)
    from_on = DateField(_l("First day"), [InputRequired(_l("Enter the day."))])
    to_on = DateField(_l("Last day"), [Optional()], description=_l("Left empty, it is one day."))
    part = TermField(_l("Part of the day"), Session, blank=_l("whole day"))
    note = words(_l("Note"), 200, description=_l("Your lead reads it, too. Nothing about health belongs here."))

    def offer(self, reps: list[User]) -> "TimeOffForm":
        """Fill the list to choose from; who has but the own diary is not asked."""
        self.rep_id.offer([(rep.id, rep.name) for rep in reps])
        return self

    def absence(self) -> Absence:
        """What a valid form says."""
        assert self.from_on.data is not None
        until_on = (self.to_on.data or self.from_on.data) + ONE_DAY
        return Absence(self.from_on.data, until_on, self.kind.data, self.part.data, self.note.data or "")


class AppointmentForm(Form):
    """Something fixed in the calendar."""

    rep_id = ThingField(_l("For whom"))
    kind = TermField(_l("Kind"), AppointmentKind, default=AppointmentKind.DEPARTMENT_MEETING)
    title = words(_l("What it is called"), 100, description=_l("Left empty, the kind says it."))
    from_on = DateField(_l("Day, or first day"), [InputRequired(_l("Enter the day."))])
    weekday = ThingField(_l("Repeats"))
    to_on = DateField(_l("Last day"), [Optional()], description=_l("Of something weekly; left empty, it goes on."))
    part = TermField(_l("Part of the day"), Session, default=Session.AM)
    starts_at_time = TimeField(_l("Begins at"), [Optional()])
    minutes = IntegerField(_l("Minutes"), [InputRequired(_l("Enter how long it takes."))], default=30)
    hospital_id = ThingField(
        _l("In the hospital"), description=_l("Then the day's route leads there at that part of the day.")
    )
    with_lead = BooleanField(_l("The regional lead takes part"))

    def offer(self, reps: list[User], hospitals: list[tuple[int, str]], *, for_everybody: bool) -> "AppointmentForm":
        """Fill the lists to choose from; a rep has but the own diary and is not asked."""
        self.rep_id.offer([(rep.id, rep.name) for rep in reps], blank=_("everybody") if for_everybody else None)
        self.hospital_id.offer(hospitals, blank=_("no hospital"))
        names = enumerate(names_of_weekdays(range(1, 8)), 1)
        days = [(number, _("every %(weekday)s", weekday=name)) for number, name in names]
        self.weekday.offer(days, blank=_("only once"))
        return self

    def facts(self) -> AppointmentFacts:
        """What a valid form says."""
        assert self.from_on.data is not None
        assert self.minutes.data is not None
        return AppointmentFacts(
            kind=self.kind.data,
            title=self.title.data or "",
            from_on=self.from_on.data,
            part=self.part.data,
            minutes=self.minutes.data,
            weekday=self.weekday.data,
            until_on=self.to_on.data + ONE_DAY if self.to_on.data else None,
            starts_at_time=self.starts_at_time.data,
            rep_id=self.rep_id.data,
            hospital_id=self.hospital_id.data,
            with_lead=self.with_lead.data,
        )


class AppointmentOnFileForm(AppointmentForm):
    """An appointment as it is."""

    version = version()

    @classmethod
    def of(cls, appointment: Appointment) -> "AppointmentOnFileForm":
        """Fill the form with what is on file."""
        until_on = appointment.until_on if appointment.weekday is not None else None
        return cls(formdata=None, obj=appointment, to_on=until_on - ONE_DAY if until_on else None)


class SkipForm(Form):
    """The day on which something weekly is left out."""

    day = DateField(_l("Day"), [InputRequired(_l("Enter the day."))])


class BaseForm(Form):
    """Where a rep's day starts and ends."""

    hospital_id = ThingField(_l("At a hospital"), description=_l("Its place on the map is taken."))
    name = words(_l("Place, in a word"), 60, description=_l("Such as “office” or “home”, never an address."))
    latitude = FloatField(_l("Latitude"), [Optional()], description=_l("In degrees, such as 31.2304."))
    longitude = FloatField(_l("Longitude"), [Optional()])

    def offer(self, hospitals: list[tuple[int, str]]) -> "BaseForm":
        """Fill the list to choose from."""
        self.hospital_id.offer(hospitals, blank=_("somewhere else"))
        return self
