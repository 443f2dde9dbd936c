"""The listing pipeline: how a product comes into a hospital's drug list, and which way it may move (S22)."""

from datetime import date

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_, Term


class ListingStage(Term):
    """How far a product has come in a hospital's drug list."""

    NOT_LISTED = "not_listed", N_("not listed")
    APPLIED = "applied", N_("applied for")
    PHARMACY_ACCEPTED = "pharmacy_accepted", N_("pharmacy accepted")
    COMMITTEE = "committee", N_("drug committee")
    LISTED = "listed", N_("listed")
    TEMPORARY = "temporary", N_("temporary purchase")
    REFUSED = "refused", N_("refused")
    DELISTED = "delisted", N_("delisted")


S = ListingStage

STEPS = (S.NOT_LISTED, S.APPLIED, S.PHARMACY_ACCEPTED, S.COMMITTEE, S.LISTED)
"""The straight way, in order."""

NEXT: dict[ListingStage, tuple[ListingStage, ...]] = {
    S.NOT_LISTED: (S.APPLIED, S.TEMPORARY),
    S.APPLIED: (S.PHARMACY_ACCEPTED, S.TEMPORARY, S.REFUSED, S.NOT_LISTED),
    S.PHARMACY_ACCEPTED: (S.COMMITTEE, S.TEMPORARY, S.REFUSED),
    S.COMMITTEE: (S.LISTED, S.TEMPORARY, S.REFUSED),
    S.LISTED: (S.DELISTED,),
    S.TEMPORARY: (S.APPLIED, S.PHARMACY_ACCEPTED, S.COMMITTEE, S.LISTED, S.DELISTED),
    S.REFUSED: (S.APPLIED, S.TEMPORARY),
    S.DELISTED: (S.APPLIED, S.TEMPORARY),
}
"""From each stage, where it may go next, the likeliest first. Back to "not listed": the application was withdrawn."""

BUYING = frozenset({S.LISTED, S.TEMPORARY})
"""The hospital can order the product."""

UNDER_WAY = frozenset({S.APPLIED, S.PHARMACY_ACCEPTED, S.COMMITTEE})
"""Somebody at the hospital has to decide: these are the ones that get stuck."""


def check_move(stage: ListingStage, since_on: date, to: ListingStage, moved_on: date, today: date) -> None:
    """Refuse a move that the pipeline does not know, or that is dated wrongly.

    since_on  since when it stands where it stands
    moved_on  the day of the move
    raises    RuleBroken, field `stage` or `moved_on`
    """
    if to not in NEXT[stage]:
        raise RuleBroken(N_("From “%(stage)s” it cannot go to “%(to)s”."), field="stage", stage=stage, to=to)
    if moved_on < since_on:
        raise RuleBroken(
            N_("It has stood at “%(stage)s” since %(since_on)s only."), field="moved_on", stage=stage, since_on=since_on
        )
    if moved_on > today:
        raise RuleBroken(N_("That day is still to come."), field="moved_on")


def step_of(stage: ListingStage) -> int | None:
    """Where a stage stands on the straight way, counted from 0; None for those beside it."""
    return STEPS.index(stage) if stage in STEPS else None
