"""The call sheet of a day: the states it passes through, who may do what in each, and what stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from repcrm.calls.terms import EFFECTIVE, CallResult, CallStatus, SheetStatus
from repcrm.core.errors import NotFound, RuleBroken
from repcrm.core.words import N_

BACKDATED_DAYS = 14
"""So long after its day a call can still be put on a sheet that was never handed in."""
PLANNED_AHEAD_DAYS = 60
"""So far ahead a call can be planned: further out nobody knows the rosters."""


class Hand(StrEnum):
    """Whose hand is on the sheet."""

    REP = auto()
    LEAD = auto()


class Step(StrEnum):
    """What can be done with a sheet."""

    WRITE = auto()
    """Plan, log, revise, move, cancel or withdraw a call."""
    SUBMIT = auto()
    ACCEPT = auto()
    RETURN = auto()
    AMEND = auto()
    """Correct a call although the sheet is locked."""


LADDER: dict[tuple[SheetStatus, Step], tuple[Hand, SheetStatus]] = {
    (SheetStatus.DRAFT, Step.WRITE): (Hand.REP, SheetStatus.DRAFT),
    (SheetStatus.DRAFT, Step.SUBMIT): (Hand.REP, SheetStatus.SUBMITTED),
    (SheetStatus.SUBMITTED, Step.ACCEPT): (Hand.LEAD, SheetStatus.REVIEWED),
    (SheetStatus.SUBMITTED, Step.RETURN): (Hand.LEAD, SheetStatus.RETURNED),
    (SheetStatus.SUBMITTED, Step.AMEND): (Hand.REP, SheetStatus.SUBMITTED),
    (SheetStatus.RETURNED, Step.WRITE): (Hand.REP, SheetStatus.RETURNED),
    (SheetStatus.RETURNED, Step.SUBMIT): (Hand.REP, SheetStatus.SUBMITTED),
    (SheetStatus.REVIEWED, Step.AMEND): (Hand.REP, SheetStatus.REVIEWED),
}
"""State and step -> whose step it is, and the state it leads to. What is not here is not possible."""

_WHY_NOT: dict[Step, str] = {
    Step.WRITE: N_("This sheet has been handed in: correct a call on it with a reason."),
    Step.SUBMIT: N_("This sheet has already been handed in."),
    Step.ACCEPT: N_("Only a sheet that waits for review can be accepted."),
    Step.RETURN: N_("Only a sheet that waits for review can be sent back."),
    Step.AMEND: N_("This sheet is still open: change the call itself."),
}


def is_locked(status: SheetStatus) -> bool:
    """Whether a sheet in this state can only be corrected, with a reason."""
    return (status, Step.WRITE) not in LADDER


def permits(status: SheetStatus, step: Step, hand: Hand) -> bool:
    """Whether this hand may take this step in this state."""
    return LADDER.get((status, step), (None,))[0] is hand


def climb(status: SheetStatus, step: Step, hand: Hand) -> SheetStatus:
    """The state a sheet is in after a step.

    raises  RuleBroken when the state does not allow the step
            NotFound when it is not this hand's step: a lead does not write on a rep's sheet
    """
    if (rung := LADDER.get((status, step))) is None:
        raise RuleBroken(_WHY_NOT[step])
    if rung[0] is not hand:
        raise NotFound(N_("There is no such call sheet here."))
    return rung[1]


@dataclass(frozen=True)
class Line:
    """What the rules need to know of one call on a sheet.

    doctor_name  the main doctor's name
    """

    status: CallStatus
    is_planned: bool
    result: CallResult | None
    doctor_name: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a day has come: calls done out of those to do; cancelled ones are neither."""

    done: int
    to_do: int
    effective: int
    cancelled: int

    @property
    def left(self) -> int:
        """Planned calls still open."""
        return self.to_do - self.done


def progress(lines: Sequence[Line]) -> Progress:
    """Count a day's calls."""
    done = [line for line in lines if line.status is CallStatus.DONE]
    cancelled = sum(line.status is CallStatus.CANCELLED for line in lines)
    effective = sum(line.result in EFFECTIVE for line in done)
    return Progress(len(done), len(lines) - cancelled, effective, cancelled)


def check_submission(day_on: date, lines: Sequence[Line], today: date) -> None:
    """Refuse to hand in a sheet that is not finished.

    day_on  the sheet's day
    raises  RuleBroken for a day to come, or naming the planned calls that are neither done, moved nor cancelled

    A day without any call can be handed in: it says that there was none.
    """
    if day_on > today:
        raise RuleBroken(N_("A sheet cannot be handed in before its day."))
    if still_open := [line.doctor_name for line in lines if line.status is CallStatus.PLANNED]:
        raise RuleBroken(
            N_("Still open: %(names)s. Record, move or cancel these calls, then hand in."), names=", ".join(still_open)
        )


def check_log_day(day_on: date, today: date, status: SheetStatus) -> None:
    """Refuse a call made in the future or too long ago.

    raises  RuleBroken; a sheet that was sent back can be put right however old it is
    """
    if day_on > today:
        raise RuleBroken(N_("A call cannot be recorded before it was made."), field="day_on")
    if status is not SheetStatus.RETURNED and day_on < today - timedelta(days=BACKDATED_DAYS):
        raise RuleBroken(
            N_("A call can be recorded up to %(days)s days after its day."), field="day_on", days=BACKDATED_DAYS
        )


def check_plan_day(day_on: date, today: date) -> None:
    """Refuse a plan for a day gone by or too far ahead.

    raises  RuleBroken
    """
    if day_on < today:
        raise RuleBroken(N_("A call cannot be planned for a day gone by."), field="day_on")
    if day_on > today + timedelta(days=PLANNED_AHEAD_DAYS):
        raise RuleBroken(
            N_("A call can be planned up to %(days)s days ahead."), field="day_on", days=PLANNED_AHEAD_DAYS
        )
