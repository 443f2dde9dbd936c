"""The field a rep works in during a cycle: which doctors, where each can be found on which day, and how often due."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from repcrm.accounts.models import DoctorClass, Tier
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.planning.policy import Policy


@dataclass(frozen=True)
class Stay:
    """Days on which a doctor works in one of the rep's hospitals, half-open; `until_on` None has no end."""

    hospital_id: int
    department_id: int
    department: str
    from_on: date
    until_on: date | None

    def holds(self, day: date) -> bool:
        """Whether it covers a day."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True)
class FieldDoctor:
    """A doctor of the field.

    rating  the best of any product; None: not rated
    stays   where and when the rep can find the doctor, in order of their days
    """

    id: int
    name: str
    doctor_class: DoctorClass
    tier: Tier
    rating: int | None
    stays: tuple[Stay, ...]

    @property
    def is_key(self) -> bool:
        """Whether of the key tier."""
        return self.tier is Tier.KEY

    def goal(self, policy: Policy) -> int:
        """Calls a cycle the doctor is due; ward staff are called on as it comes."""
        return 0 if self.doctor_class is DoctorClass.NURSING else policy.goal(self.is_key, self.rating)

    def stay_on(self, day: date) -> Stay | None:
        """Where the doctor works on a day, None if nowhere that is the rep's; of several posts the one held last."""
        return next((stay for stay in reversed(self.stays) if stay.holds(day)), None)

    def main_stay(self, days: Iterable[date]) -> Stay:
        """Where the doctor works on most of some days."""
        if len(self.stays) == 1:
            return self.stays[0]
        found = Counter(stay for day in days if (stay := self.stay_on(day)))
        return max(found, key=lambda stay: (found[stay], -stay.from_on.toordinal())) if found else self.stays[-1]


@dataclass(frozen=True)
class FieldHospital:
    """A hospital of the field."""

    id: int
    name: str
    short_name: str


@dataclass(frozen=True)
class Field:
    """A rep's doctors and hospitals of a cycle, by key.

    held  hospitals x products that are the rep's on any of its days
    """

    doctors: Mapping[int, FieldDoctor]
    hospitals: Mapping[int, FieldHospital]
    held: frozenset[tuple[int, int]] = frozenset()

    def place(self, doctor_id: int, day: date) -> Stay:
        """Where to find a doctor on a day.

        raises  RuleBroken if the doctor is not the rep's on that day
        """
        doctor = self.doctors.get(doctor_id)
        if doctor is None:
            raise RuleBroken(N_("This doctor is not in the rep's territory."), field="doctor_id")
        if (stay := doctor.stay_on(day)) is None:
            raise RuleBroken(
                N_("%(doctor)s is not in the rep's territory on %(day)s."),
                field="doctor_id",
                doctor=doctor.name,
                day=day.isoformat(),
            )
        return stay
