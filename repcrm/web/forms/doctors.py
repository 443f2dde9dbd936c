"""Forms of the doctor pages."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired, Optional, Regexp

from repcrm.accounts.models import Doctor, DoctorClass, Tier
from repcrm.accounts.queries.rosters import Slot
from repcrm.accounts.service import DoctorFacts
from repcrm.web.forms import Form
from repcrm.web.forms.fields import SlotsField, TermField, ThingField, version, words


class _CardForm(Form):
    """What the card says; professional contact only."""

    name = words(_l("Name"), 60, required=_l("Enter the name."))
    doctor_class = TermField(_l("Class"), DoctorClass, default=DoctorClass.GENERAL)
    tier = TermField(
        _l("Tier"), Tier, default=Tier.GENERAL, description=_l("Decides how often the doctor is called on.")
    )
    title = words(_l("Title"), 60, description=_l("Such as chief physician."))
    office_phone = words(_l("Office phone"), 40, description=_l("Of the department, no private number."))
    work_email = words(
        _l("Work e-mail"),
        120,
        validators=[Optional(), Regexp(r"[^@\s]+@[^@\s]+", message=_l("This is not an e-mail address."))],
    )

    def facts(self, is_active: bool = True) -> DoctorFacts:
        """Return what was typed, as the service takes it."""
        typed = {name: self[name].data for name in DoctorFacts.__dataclass_fields__ if name in self}
        return DoctorFacts(**{"is_active": is_active, **typed})


class NewDoctorForm(_CardForm):
    """A new doctor with the first post."""

    code = words(_l("Code"), 32, required=_l("Enter the code."), description=_l("As in your files; it never changes."))
    department_id = ThingField(_l("Department"), validators=[InputRequired(_l("Choose the department."))])
    from_on = DateField(_l("Works there since"), [InputRequired(_l("Enter the day."))])


class DoctorForm(_CardForm):
    """A doctor on file."""

    version = version()
    is_active = BooleanField(
        _l("Works here"), description=_l("Without the tick the doctor has left: no longer offered for calls.")
    )

    @classmethod
    def of(cls, doctor: Doctor) -> "DoctorForm":
        """Fill the form with what the card says."""
        return cls(formdata=None, obj=doctor)


class PostForm(Form):
    """A move to another department."""

    department_id = ThingField(_l("Department"), validators=[InputRequired(_l("Choose the department."))])
    from_on = DateField(
        _l("From"),
        [InputRequired(_l("Enter the day."))],
        description=_l("The post held until then ends the day before."),
    )


class RosterForm(Form):
    """When a doctor can be met."""

    version = version()
    slots = SlotsField(_l("Can be met"))

    @classmethod
    def of(cls, roster: Iterable[Slot], version: int) -> "RosterForm":
        """Fill the form with the roster on file and the version of the doctor's card."""
        return cls(formdata=None, version=version, slots=SlotsField.ticks(roster))
