"""The open proposal as the plan page shows it: how good, what it changes and why, and whom it leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.core.words import N_
from repcrm.planning.board import Board, BoardProposal
from repcrm.planning.terms import Change, ProposalKind
from repcrm.web.filters import number
from repcrm.web.languages import current_language
from repcrm.web.plan_reasons import must_words, said
from repcrm.web.plan_view import Drawer, GhostView


@dataclass(frozen=True)
class LeftOutView:
    """A doctor the proposal leaves out."""

    name: str
    where: str
    reasons: list[str]


@dataclass(frozen=True)
class ProposalView:
    """The open proposal."""

    kind: str
    title: str
    words: str
    must: str
    changes_title: str
    changes: list[GhostView]
    left_out: list[LeftOutView]
    accept_url: str | None
    dismiss_url: str
    fields: Mapping[str, Any]
    is_outdated: bool


TITLES = {ProposalKind.PROPOSE: N_("A plan is proposed"), ProposalKind.MEND: N_("A mended plan is proposed")}


def proposal_view(board: Board, proposal: BoardProposal, drawer: Drawer) -> ProposalView:
    """Return what is shown of the open proposal."""
    ghosts = sorted(
        (ghost for day in board.days for part in day.parts for ghost in part.ghosts),
        key=lambda ghost: (list(Change).index(ghost.change), ghost.day_on),
    )
    known = {doctor.id: doctor for doctor in board.doctors}
    return ProposalView(
        kind=proposal.kind.value,
        title=_(TITLES[proposal.kind]),
        words=_("The plan has changed since: ask again.") if proposal.is_outdated else _worth(proposal),
        must=must_words(proposal.must),
        changes_title=_("What would change"),
        changes=[drawer.ghost(ghost) for ghost in ghosts],
        left_out=[
            LeftOutView(
                one.doctor,
                board.hospitals.get(known[one.doctor_id].hospital_id, "") if one.doctor_id in known else "",
                said(one.reasons),
            )
            for one in proposal.left_out
        ],
        accept_url=None if proposal.is_outdated else url_for("proposals.accept", proposal_id=proposal.id),
        dismiss_url=url_for("proposals.dismiss", proposal_id=proposal.id),
        fields={"version": drawer.plan_version, "day": drawer.day_on},
        is_outdated=proposal.is_outdated,
    )


def _worth(proposal: BoardProposal) -> str:
    added, moved, dropped = (proposal.changes[one] for one in (Change.ADDED, Change.MOVED, Change.DROPPED))
    words = [
        *([ngettext("adds %(num)s call", "adds %(num)s calls", added)] if added else []),
        *([ngettext("moves %(num)s call", "moves %(num)s calls", moved)] if moved else []),
        *([ngettext("drops %(num)s call", "drops %(num)s calls", dropped)] if dropped else []),
    ] or [_("changes nothing")]
    sentences = [
        _("It %(changes)s.", changes=(", " if current_language() == "en" else "、").join(words)),
        _("Score %(value)s, found in %(seconds)s s.", value=number(proposal.objective),
          seconds=number(proposal.seconds, 1)),
    ]  # fmt: skip
    if proposal.upper_bound is not None and proposal.gap_percent is not None:
        sentences.append(
            _("No plan can reach more than %(bound)s, so at most %(gap)s%% is missing.",
              bound=number(proposal.upper_bound), gap=number(proposal.gap_percent, 1))
        )  # fmt: skip
    return (" " if current_language() == "en" else "").join(sentences)
