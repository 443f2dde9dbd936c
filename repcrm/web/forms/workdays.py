"""Forms of the working calendar: a day, a year, and which country a region follows."""

from datetime import date

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField
from wtforms.validators import AnyOf, InputRequired, NumberRange

from repcrm.core.workdays import DayKind, SpecialDay
from repcrm.organisation.models import DEFAULT_COUNTRY, Region
from repcrm.organisation.public_holidays import COUNTRIES
from repcrm.web.forms import Form
from repcrm.web.forms.fields import TermField, ThingField, words

FIRST_YEAR, LAST_YEAR = 1900, 2199


def country_name(code: str) -> str:
    """日本 / Japan of JP."""
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def country_choices() -> list[tuple[str, str]]:
    """Return every country that can be followed, by name in the reader's language."""
    return sorted(((code, f"{country_name(code)} ({code})") for code in COUNTRIES), key=lambda choice: choice[1])


class ChangeForm(Form):
    """A change of working days; `confirmed` once its effect on months begun or reported has been shown."""

    confirmed = BooleanField()

    def place(self, today: date) -> tuple[str, int]:
        """Return the country and year it is about, the usual ones where they were not typed as they should be."""
        country = self["country"].data if "country" in self else None
        on = next((self[name].data for name in ("on", "from_on") if name in self), None)
        year = on.year if on else self["year"].data if "year" in self else None
        return (
            country if country in COUNTRIES else DEFAULT_COUNTRY,
            year if year and FIRST_YEAR <= year <= LAST_YEAR else today.year,
        )


class DayForm(ChangeForm):
    """A public holiday or a make-up day."""

    country = HiddenField(validators=[AnyOf(COUNTRIES)])
    on = DateField(_l("Day"), [InputRequired(_l("Enter the day."))])
    kind = TermField(_l("Kind"), DayKind, default=DayKind.HOLIDAY)
    name_zh = words(_l("Name in Chinese"), 100, required=_l("Enter the name in both languages."))
    name_en = words(_l("Name in English"), 100, required=_l("Enter the name in both languages."))
    is_provisional = BooleanField(_l("Not announced yet"))

    @classmethod
    def of(cls, country: str, day: SpecialDay | None, is_provisional: bool) -> "DayForm":
        """Fill the form with a day on file, or begin a new one."""
        return cls(formdata=None, prefix="day-", obj=day, country=country, is_provisional=is_provisional)

    def day(self) -> SpecialDay:
        """Return the day as typed."""
        names = self.name_zh.data or "", self.name_en.data or ""
        return SpecialDay(self.on.data or date.min, self.kind.data, bool(self.is_provisional.data), *names)


class RemoveForm(ChangeForm):
    """A day that becomes an ordinary one again."""

    country = HiddenField(validators=[AnyOf(COUNTRIES)])
    on = DateField(validators=[InputRequired()])


class YearForm(ChangeForm):
    """A year of a country that is confirmed."""

    country = SelectField(_l("Country"), choices=country_choices)
    year = IntegerField(
        _l("Year"), [InputRequired(_l("Enter the year.")), NumberRange(FIRST_YEAR, LAST_YEAR, _l("Enter the year."))]
    )


class StartForm(YearForm):
    """A year of a country that begins with the public holidays expected."""


class FollowForm(ChangeForm):
    """Which country's public holidays a region follows from a day on."""

    region_id = ThingField(_l("Region"), validators=[InputRequired(_l("Choose a region."))])
    country = SelectField(_l("Follows the public holidays of"), choices=country_choices)
    from_on = DateField(_l("From"), [InputRequired(_l("Enter the day."))])

    def offer(self, regions: list[Region]) -> "FollowForm":
        """Fill the list to choose from."""
        self.region_id.offer([(region.id, region.name) for region in regions])
        return self


class UnfollowForm(ChangeForm):
    """A change of calendar that is taken back."""

    region_id = IntegerField(validators=[InputRequired()])
    from_on = DateField(validators=[InputRequired()])
