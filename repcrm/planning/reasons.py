"""The planner's reasons as a proposal keeps them: codes and numbers, put into words by the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from repcrm.core.words import N_, Term
from repcrm.planning.board import Reasons
from repcrm.planning.comparing import Step
from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.problem import Problem
from repcrm.planning.ground import Ground


class Because(Term):
    """A reason that the planner itself cannot know."""

    NOT_YOURS = "not_yours", N_("The doctor is no longer in your territory.")


NOT_YOURS = Because.NOT_YOURS
Place = tuple[int, int]
"""Doctor, and day of the problem."""


@dataclass(frozen=True)
class Explained:
    """Why a plan is as it is.

    calls     doctor and day -> why the call is there
    left_out  doctor -> why there are fewer calls than due
    must      what is to be said of guaranteed calls that do not fit
    """

    calls: Mapping[Place, Reasons] = field(default_factory=dict)
    left_out: tuple[tuple[int, Reasons], ...] = ()
    must: Mapping[str, Any] = field(default_factory=dict)

    def of_step(self, ground: Ground, step: Step) -> Reasons:
        """Why a visit is kept, moved, added or dropped."""
        if step.after is None:
            assert step.before is not None, "a step has a side"
            if step.before.doctor_id not in ground.field.doctors:
                return ({"code": NOT_YOURS.value, "numbers": {}},)
            return dict(self.left_out).get(step.before.doctor_id, ())
        return self.calls.get((step.after.doctor_id, ground.day_index[step.after.day_on]), ())


def explain_plan(problem: Problem, plan: Plan) -> Explained:
    """Return the reasons of a plan."""
    return Explained()
