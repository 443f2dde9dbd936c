"""The planner's reasons as a proposal keeps them: codes and numbers, put into words by the door."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from repcrm.core.words import N_, Term
from repcrm.planning.board import Reasons
from repcrm.planning.case import Case
from repcrm.planning.comparing import Step
from repcrm.planning.engine.explain import explain
from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.reasons import Reason
from repcrm.planning.ground import Ground

Place = tuple[int, int]
"""Doctor, and day of the problem."""


class Because(Term):
    """A reason that the planner itself cannot know."""

    NOT_YOURS = "not_yours", N_("The doctor is no longer in your territory.")


@dataclass(frozen=True)
class Explained:
    """Why a plan is as it is.

    calls     doctor and day -> why the call is there
    changes   doctor and day of a visit that stands -> why it does not stay there
    left_out  doctor -> why there are fewer calls than due
    must      guaranteed calls: needed, fit, left_out (doctors), relaxations (rule, guaranteed_calls, worth)
    """

    calls: Mapping[Place, Reasons] = field(default_factory=dict)
    changes: Mapping[Place, Reasons] = field(default_factory=dict)
    left_out: tuple[tuple[int, Reasons], ...] = ()
    must: Mapping[str, Any] = field(default_factory=dict)

    def of_step(self, ground: Ground, step: Step) -> Reasons:
        """Why a visit is kept, moved, added or dropped: what stood against it where it was, then what it earns."""
        reasons: Reasons = ()
        if step.before is not None and step.before != step.after:
            if step.before.doctor_id not in ground.field.doctors:
                return (_kept(Because.NOT_YOURS.value, {}),)
            reasons += self.changes.get((step.before.doctor_id, ground.day_index[step.before.day_on]), ())
        if step.after is not None:
            reasons += self.calls.get((step.after.doctor_id, ground.day_index[step.after.day_on]), ())
        return reasons


def explain_plan(case: Case, plan: Plan) -> Explained:
    """Explain every call of a plan, every visit that does not stay where it stands, and every doctor left out."""
    from repcrm.planning.engine.replan import differences  # it loads numpy, which web workers never need

    problem = case.problem
    explained = explain(problem, plan)
    found = differences(problem, case.coming, plan.calls)
    return Explained(
        calls={(one.visit.doctor, one.visit.day): _all_kept(one.reasons) for one in explained.calls},
        changes={
            (one.doctor, one.before.day): (_kept(one.cause.value, one.numbers),)
            for one in (*found.moved, *found.dropped)
            if one.before is not None
        },
        left_out=tuple(
            (one.doctor, _all_kept(one.reasons))
            for one in explained.left_out
            if problem.doctor[one.doctor].marginal_value
        ),
        must=asdict(explained.guarantees),
    )


def _all_kept(reasons: Iterable[Reason]) -> Reasons:
    return tuple(_kept(reason.code.value, reason.numbers) for reason in reasons)


def _kept(code: str, numbers: Mapping[str, float]) -> dict[str, Any]:
    return {"code": code, "numbers": {name: round(value, 2) for name, value in numbers.items()}}
