"""How a region plans its calls: how long a day is, how often a doctor is due, and what a call weighs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_

RATINGS = range(8)
"""1 to 7; 0 stands for doctors not rated."""
MOST_PERMILLE = 1000
MOST_GOAL = 12


@dataclass(frozen=True)
class Worth:
    """What a rating stands for.

    headroom_permille  how much use can still grow: small for who uses it throughout, and for who is against it
    goal_calls         calls a cycle on a doctor of the general tier
    """

    headroom_permille: int
    goal_calls: int


DEFAULT_WORTHS: Mapping[int, Worth] = MappingProxyType(
    {
        0: Worth(600, 2),
        1: Worth(100, 1),
        2: Worth(300, 1),
        3: Worth(900, 4),
        4: Worth(1000, 4),
        5: Worth(800, 4),
        6: Worth(500, 2),
        7: Worth(250, 2),
    }
)


class Rule(NamedTuple):
    """A rule that is a single number: its words, and the smallest and the largest that makes sense."""

    label: str
    unit: str
    least: int
    most: int


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "am_minutes": Rule(N_("Morning"), N_("min"), 0, 480),
        "pm_minutes": Rule(N_("Afternoon"), N_("min"), 0, 480),
        "eve_minutes": Rule(N_("Evening"), N_("min"), 0, 300),
        "calls_a_day": Rule(N_("Most calls a day"), "", 1, 40),
        "evenings_a_week": Rule(N_("Most evenings a week"), "", 0, 7),
        "call_minutes": Rule(N_("A call takes"), N_("min"), 1, 120),
        "entry_minutes": Rule(N_("Entering a hospital takes"), N_("min"), 0, 60),
        "hospitals_a_session": Rule(N_("Most hospitals in a part of the day"), "", 1, 3),
        "hop_minutes": Rule(N_("Longest way within a part of the day"), N_("min"), 0, 240),
        "noon_break_minutes": Rule(N_("Longest way at noon"), N_("min"), 0, 240),
        "evening_break_minutes": Rule(N_("Longest way before the evening"), N_("min"), 0, 240),
        "key_goal_calls": Rule(N_("Key doctors: calls a cycle"), "", 1, MOST_GOAL),
        "key_must_calls": Rule(N_("Key doctors: calls guaranteed"), "", 0, MOST_GOAL),
        "key_spacing_days": Rule(N_("Key doctors: from a call to the next"), N_("working days"), 1, 20),
        "key_calls_a_week": Rule(N_("Key doctors: most calls a week"), "", 1, 5),
        "general_spacing_days": Rule(N_("Others: from a call to the next"), N_("working days"), 1, 20),
        "general_calls_a_week": Rule(N_("Others: most calls a week"), "", 1, 5),
        "travel_price_an_hour": Rule(N_("An hour on the road costs"), N_("yuan"), 0, 1000),
        "evening_price": Rule(N_("An evening costs"), N_("yuan"), 0, 10000),
        "must_price": Rule(N_("A guaranteed call that is missing costs"), N_("yuan"), 0, 100000),
        "least_worth_yuan": Rule(N_("A doctor counts for at least"), N_("yuan"), 0, 100000),
        "pull_permille": Rule(N_("Part of what is missing that calls can move"), "‰", 1, MOST_PERMILLE),
        "evenness_permille": Rule(N_("Bonus for calls evenly spread"), "‰", 0, MOST_PERMILLE),
    }
)
"""In the order of the page, and of `Policy`."""


@dataclass(frozen=True)
class Policy:
    """What a lead decides for the plans of the region. Prices are in the unit of a call's value, yuan.

    am_minutes ..           a working day's parts, before meetings and leave are taken off
    entry_minutes           lost in each session in which a hospital is entered
    hop_minutes             longest way from one hospital to the next inside a session
    noon_break_minutes ..   longest way from morning to afternoon, and from afternoon to evening
    key_must_calls          calls a cycle guaranteed to key doctors; each one missing costs `must_price`
    .._spacing_days         working days from a call to the next on the same doctor
    least_worth_yuan        what a doctor counts for at least, whose quota is met or not split
    pull_permille           which part of what is missing calls are taken to move
    evenness_permille       bonus for a call in its own week, of the value of the doctor's first call
    worths                  rating 0 to 7 -> headroom and goal
    """

    am_minutes: int = 210
    pm_minutes: int = 240
    eve_minutes: int = 120
    calls_a_day: int = 13
    evenings_a_week: int = 1
    call_minutes: int = 15
    entry_minutes: int = 8
    hospitals_a_session: int = 3
    hop_minutes: int = 35
    noon_break_minutes: int = 75
    evening_break_minutes: int = 45
    key_goal_calls: int = 8
    key_must_calls: int = 4
    key_spacing_days: int = 2
    key_calls_a_week: int = 2
    general_spacing_days: int = 4
    general_calls_a_week: int = 1
    travel_price_an_hour: int = 30
    evening_price: int = 15
    must_price: int = 400
    least_worth_yuan: int = 500
    pull_permille: int = 100
    evenness_permille: int = 120
    worths: Mapping[int, Worth] = field(default_factory=lambda: dict(DEFAULT_WORTHS))

    def minutes_of(self, part: str) -> int:
        """The minutes of a part of an ordinary day: am, pm or eve."""
        return int(getattr(self, f"{part}_minutes"))

    def goal(self, is_key: bool, rating: int | None) -> int:
        """Calls a cycle that a doctor is due."""
        return self.key_goal_calls if is_key else self.worths[rating or 0].goal_calls

    def must(self, is_key: bool) -> int:
        """Calls a cycle that are guaranteed."""
        return min(self.key_must_calls, self.key_goal_calls) if is_key else 0

    def spacing_days(self, is_key: bool) -> int:
        """Working days from a call to the next."""
        return self.key_spacing_days if is_key else self.general_spacing_days

    def calls_a_week(self, is_key: bool) -> int:
        """Most calls of a week."""
        return self.key_calls_a_week if is_key else self.general_calls_a_week


def check_policy(policy: Policy) -> None:
    """Refuse rules nobody could plan by.

    raises  RuleBroken beside the field: a number out of its limits, a guarantee above the goal, a goal that the
            weekly limit leaves no room for, a rating that is missing
    """
    for name, rule in RULES.items():
        _check_between(name, getattr(policy, name), rule.least, rule.most)
    if set(policy.worths) != set(RATINGS):
        raise RuleBroken(N_("The table needs a line for each rating from 1 to 7 and one for not rated."))
    for rating, worth in policy.worths.items():
        _check_between(f"headroom_{rating}", worth.headroom_permille, 0, MOST_PERMILLE)
        _check_between(f"goal_{rating}", worth.goal_calls, 0, MOST_GOAL)
    if not any(worth.headroom_permille for worth in policy.worths.values()):
        raise RuleBroken(N_("At least one rating needs room to grow."), field="headroom_4")
    if policy.key_must_calls > policy.key_goal_calls:
        raise RuleBroken(N_("No more calls can be guaranteed than are the goal."), field="key_must_calls")
    if policy.key_goal_calls > 4 * policy.key_calls_a_week:
        raise RuleBroken(N_("So many calls do not fit into four weeks with this weekly limit."), field="key_goal_calls")


def _check_between(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise RuleBroken(N_("A number from %(least)s to %(most)s."), field=name, least=least, most=most)
