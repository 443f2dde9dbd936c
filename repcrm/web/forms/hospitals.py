"""Forms of the hospital pages."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FloatField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from repcrm.accounts.models import Hospital, HospitalGrade, HospitalStatus
from repcrm.accounts.service import HospitalFacts
from repcrm.web.forms import Form
from repcrm.web.forms.fields import TermField, ThingField, paragraph, version, words

NO_LESS = NumberRange(min=0, max=100_000)


class _ArchiveForm(Form):
    """What the archive says."""

    name = words(_l("Name"), 150, required=_l("Enter the name."))
    short_name = words(_l("Short name"), 50, description=_l("As people say it; the search knows it, too."))
    grade = TermField(_l("Grade"), HospitalGrade, blank=_l("not known"))
    status = TermField(_l("Status"), HospitalStatus, default=HospitalStatus.ACTIVE)
    city = words(_l("City"), 50)
    address = words(_l("Address"), 200)
    latitude = FloatField(_l("Latitude"), [Optional()], description=_l("In degrees, such as 31.2304."))
    longitude = FloatField(_l("Longitude"), [Optional()])
    beds = IntegerField(_l("Beds"), [Optional(), NO_LESS])
    pharmacy_note = paragraph(
        _l("How the pharmacy works"), description=_l("Purchasing rhythm, dates of the drug committee, stock keeping.")
    )
    key_people_note = paragraph(
        _l("Key people"),
        description=_l("Professional roles only: director, head of pharmacy, secretary of the committee."),
    )

    def facts(self) -> HospitalFacts:
        """Return what was typed, as the service takes it."""
        return HospitalFacts(**{name: self[name].data for name in HospitalFacts.__dataclass_fields__})


class NewHospitalForm(_ArchiveForm):
    """A new hospital."""

    code = words(_l("Code"), 32, required=_l("Enter the code."), description=_l("As in your files; it never changes."))
    region_id = ThingField(_l("Region"), validators=[InputRequired(_l("Choose the region."))])


class HospitalForm(_ArchiveForm):
    """A hospital on file."""

    version = version()

    @classmethod
    def of(cls, hospital: Hospital) -> "HospitalForm":
        """Fill the form with what the archive says."""
        return cls(formdata=None, obj=hospital)


class DepartmentForm(Form):
    """A department."""

    name = words(_l("Name"), 60, required=_l("Enter the name."))
    beds = IntegerField(_l("Beds"), [Optional(), NO_LESS])
    in_scope = BooleanField(_l("Counts in the development rate"), default=True)
    is_model = BooleanField(_l("Model department"))

    def facts(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        return {"beds": self.beds.data, "in_scope": self.in_scope.data, "is_model": self.is_model.data}


class DepartmentOnFileForm(DepartmentForm):
    """A department on file, at a version of its hospital's archive."""

    version = version()
