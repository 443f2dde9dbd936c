"""How far a plan goes towards what doctors are due, as the plan page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from repcrm.accounts.models import Tier
from repcrm.planning.board import Board, BoardDoctor
from repcrm.planning.coverage import percent_of
from repcrm.planning.terms import VisitState
from repcrm.web.filters import NOTHING


@dataclass(frozen=True)
class CoverRow:
    """A line of the coverage table."""

    name: str
    done: int
    planned: int
    remaining: int
    missed: int
    percent: int | None
    words: str


def cover_rows(groups: Iterable[tuple[str, list[BoardDoctor]]]) -> list[CoverRow]:
    """Doctors of a kind together: done, planned, still missing, missed, and how much of what is due that makes."""
    rows = []
    for name, doctors in groups:
        goal = sum(doctor.goal for doctor in doctors)
        covered = sum(min(doctor.goal, doctor.done + doctor.planned) for doctor in doctors)
        percent = percent_of(covered, goal)
        rows.append(
            CoverRow(
                name,
                sum(doctor.done for doctor in doctors),
                sum(doctor.planned for doctor in doctors),
                sum(doctor.remaining for doctor in doctors),
                sum(doctor.missed for doctor in doctors),
                percent,
                f"{percent}%" if percent is not None else NOTHING,
            )
        )
    return rows


def after_the_week(board: Board, week: int) -> str:
    """Coverage before and after the week that is shown, by calls done and by those planned in it."""
    planned: dict[int, int] = {}
    for day in board.weeks[week]:
        for visit in day.visits:
            if visit.state is VisitState.PLANNED:
                planned[visit.doctor_id] = planned.get(visit.doctor_id, 0) + 1
    goal = sum(doctor.goal for doctor in board.doctors)
    if not goal:
        return _("nothing is due")
    before = sum(min(doctor.goal, doctor.done) for doctor in board.doctors)
    after = sum(min(doctor.goal, doctor.done + planned.get(doctor.id, 0)) for doctor in board.doctors)
    return _(
        "After this week's plan: coverage %(before)s → %(after)s",
        before=f"{percent_of(before, goal)}%",
        after=f"{percent_of(after, goal)}%",
    )


def after_all(board: Board) -> str:
    """Coverage of the cycle if all that is planned is done, and if the proposal were taken."""
    total = board.coverage.total
    if total.percent is None:
        return ""
    words = [_("With the whole plan: %(percent)s%%", percent=total.percent)]
    if total.percent_after is not None:
        words.append(_("with the proposal: %(percent)s%%", percent=total.percent_after))
    return " · ".join(words)


def by_rating(board: Board) -> list[CoverRow]:
    """The doctors by rating, the highest first."""
    return cover_rows(
        (str(rating) if rating else _("not rated"), found)
        for rating in range(7, -1, -1)
        if (found := [doctor for doctor in board.doctors if (doctor.rating or 0) == rating])
    )


def by_tier(board: Board) -> list[CoverRow]:
    """The doctors by tier."""
    return cover_rows((_(tier.label), [one for one in board.doctors if one.tier is tier]) for tier in Tier)
