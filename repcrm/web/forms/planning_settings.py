"""Forms of the rules that plans are made by, and of the ceiling on contact."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from repcrm.calls.ceiling import LONGEST_WINDOW, MOST_CALLS, Ceiling
from repcrm.planning.policy import MOST_GOAL, MOST_PERMILLE, RATINGS, RULES, Policy, Worth
from repcrm.web.forms import Form
from repcrm.web.forms.fields import version


class RulesForm(Form):
    """The rules of a region: a number each, and two for every rating."""

    version = version()

    @classmethod
    def of(cls, policy: Policy, seen_version: int) -> "RulesForm":
        """Fill the form with the rules as they are."""
        given: dict[str, Any] = {name: getattr(policy, name) for name in RULES}
        for rating, worth in policy.worths.items():
            given |= {f"headroom_{rating}": worth.headroom_permille, f"goal_{rating}": worth.goal_calls}
        return cls(formdata=None, version=seen_version, **given)

    def policy(self) -> Policy:
        """The rules as entered."""
        worths = {
            rating: Worth(self[f"headroom_{rating}"].data or 0, self[f"goal_{rating}"].data or 0) for rating in RATINGS
        }
        return Policy(**{name: self[name].data or 0 for name in RULES}, worths=worths)


def _number(label: Any, least: int, most: int) -> IntegerField:
    said = _l("Enter a whole number from %(least)s to %(most)s.", least=least, most=most)
    return IntegerField(label, [InputRequired(said), NumberRange(least, most, said)])


for _name, _rule in RULES.items():
    setattr(RulesForm, _name, _number(_l(_rule.label), _rule.least, _rule.most))
for _rating in RATINGS:
    _who = _l("Rating %(rating)s", rating=_rating) if _rating else _l("Not rated")
    setattr(RulesForm, f"headroom_{_rating}", _number(_who, 0, MOST_PERMILLE))
    setattr(RulesForm, f"goal_{_rating}", _number(_who, 0, MOST_GOAL))


class CeilingForm(Form):
    """The ceiling on contact; both empty: there is none."""

    version = version()
    calls = IntegerField(_l("Calls on a doctor"), [Optional(), NumberRange(1, MOST_CALLS)])
    window_days = IntegerField(_l("Within so many days"), [Optional(), NumberRange(1, LONGEST_WINDOW)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse half a ceiling."""
        fine = super().validate(extra_validators)
        for one, other in ((self.calls, self.window_days), (self.window_days, self.calls)):
            if fine and one.data is None and other.data is not None:
                one.errors = [*one.errors, _("Enter both numbers, or neither.")]
                fine = False
        return bool(fine)

    def ceiling(self) -> Ceiling | None:
        """The ceiling as entered."""
        if self.calls.data is None or self.window_days.data is None:
            return None
        return Ceiling(self.calls.data, self.window_days.data)
