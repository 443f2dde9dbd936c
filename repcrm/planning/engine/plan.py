"""A plan: the calls of a cycle, the way of each day, and how good it is known to be."""

from dataclasses import dataclass, replace
from typing import Any, Self

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.planning.engine.problem import Problem, Visit
from repcrm.planning.engine.problem_file import members, number, read_visit, several, whole, write_visit
from repcrm.planning.engine.routing import DayRoute, routes_for


@dataclass(frozen=True)
class Plan:
    """Calls and ways of a cycle.

    objective    what the plan is worth; bonuses for keeping published visits are not in it, they only steer
    upper_bound  no plan of this problem is worth more; None where nothing has been proven
    seconds      how long it took to find
    """

    calls: tuple[Visit, ...]
    routes: tuple[DayRoute, ...]
    objective: float
    upper_bound: float | None = None
    seconds: float = 0.0

    @property
    def gap(self) -> float | None:
        """How far the plan can be from the best there is, as a part of the bound; None where nothing is proven."""
        if self.upper_bound is None:
            return None
        missing = max(self.upper_bound - self.objective, 0.0)
        return missing / abs(self.upper_bound) if self.upper_bound else (0.0 if missing == 0 else 1.0)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "calls": [write_visit(call) for call in self.calls],
            "routes": [{"day": one.day, "sessions": [list(order) for order in one.sessions]} for one in self.routes],
            "objective": self.objective,
            "upper_bound": self.upper_bound,
            "seconds": self.seconds,
        }

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read the JSON form.

        raises  BadInput naming the path of what cannot be read
        """
        member = members(data, "plan")
        bound = data.get("upper_bound")
        return cls(
            calls=member("calls", several(read_visit)),
            routes=member("routes", several(_read_route)),
            objective=member("objective", number),
            upper_bound=None if bound is None else number(bound, "plan.upper_bound"),
            seconds=member("seconds", number, 0.0),
        )


def _read_route(value: Any, path: str) -> DayRoute:
    member = members(value, path)
    return DayRoute(member("day", whole), member("sessions", several(several(whole))))


def plan_of(problem: Problem, calls: tuple[Visit, ...]) -> Plan:
    """The plan that these calls make: in order of time, pinned as published, by the shortest ways, with its worth."""
    from repcrm.planning.engine.scoring import score  # it looks at the class above

    pinned = set(problem.pinned)
    ordered = tuple(sorted(replace(call, pinned=call in pinned) for call in calls))
    plan = Plan(ordered, routes_for(problem, ordered), 0.0)
    return replace(plan, objective=score(problem, plan).objective)


def check_plan_fits(problem: Problem, plan: Plan) -> None:
    """Refuse a plan that speaks of doctors, slots or hospitals the problem does not have.

    raises  BadInput
    """
    for index, call in enumerate(plan.calls):
        path = f"calls[{index}]"
        if call.doctor not in problem.doctor:
            raise BadInput(N_("%(path)s: there is no such doctor."), field=path, path=path)
        if not (0 <= call.day < problem.days and 0 <= call.session < len(problem.sessions)):
            raise BadInput(N_("%(path)s lies outside the cycle."), field=path, path=path)
    for index, route in enumerate(plan.routes):
        path = f"routes[{index}]"
        if not 0 <= route.day < problem.days or len(route.sessions) != len(problem.sessions):
            raise BadInput(N_("%(path)s lies outside the cycle."), field=path, path=path)
        if any(not 0 <= hospital < len(problem.hospitals) for order in route.sessions for hospital in order):
            raise BadInput(N_("%(path)s: there is no such hospital."), field=path, path=path)
