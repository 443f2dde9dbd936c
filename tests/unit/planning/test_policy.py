from dataclasses import fields, replace

import pytest

from repcrm.core.errors import RuleBroken
from repcrm.planning.policy import DEFAULT_WORTHS, RULES, Policy, Worth, check_policy


def test_the_defaults_are_in_order_and_every_rule_has_limits():
    check_policy(Policy())
    assert [one.name for one in fields(Policy)] == [*RULES, "worths"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"call_minutes": 0}, "call_minutes"),
        ({"pull_permille": 1001}, "pull_permille"),
        ({"key_must_calls": 9}, "key_must_calls"),
        ({"key_calls_a_week": 1}, "key_goal_calls"),
        ({"worths": {**DEFAULT_WORTHS, 3: Worth(1001, 4)}}, "headroom_3"),
        ({"worths": {**DEFAULT_WORTHS, 3: Worth(900, 13)}}, "goal_3"),
        ({"worths": {rating: Worth(0, 1) for rating in range(8)}}, "headroom_4"),
        ({"worths": {1: Worth(1, 1)}}, None),
    ],
)
def test_rules_nobody_could_plan_by_are_refused_beside_their_field(changes, field):
    with pytest.raises(RuleBroken) as refused:
        check_policy(replace(Policy(), **changes))
    assert refused.value.field == field
