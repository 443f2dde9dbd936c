"""The closed lists of words call plans are spoken of with."""

from repcrm.core.words import N_, Term


class PlanStatus(Term):
    """A draft is the rep's; once published, its visits stand on the call sheets."""

    DRAFT = "draft", N_("draft")
    PUBLISHED = "published", N_("published")


class VisitOrigin(Term):
    """Where a visit of a plan comes from."""

    PROPOSAL = "proposal", N_("from a proposal")
    BY_HAND = "by_hand", N_("by hand")
    COPIED = "copied", N_("copied from another week")


class ProposalKind(Term):
    """What a proposal is for."""

    PROPOSE = "propose", N_("plan proposed")
    MEND = "mend", N_("plan mended")


class ProposalState(Term):
    """What became of a proposal."""

    OPEN = "open", N_("open")
    ACCEPTED = "accepted", N_("accepted")
    DISMISSED = "dismissed", N_("dismissed")
    OUTDATED = "outdated", N_("outdated")


class Change(Term):
    """What a proposal does with a visit."""

    KEPT = "kept", N_("kept")
    MOVED = "moved", N_("moved")
    ADDED = "added", N_("added")
    DROPPED = "dropped", N_("dropped")


class RequestState(Term):
    """What the lead said to a change of a locked plan."""

    OPEN = "open", N_("waiting for an answer")
    GRANTED = "granted", N_("granted")
    REFUSED = "refused", N_("refused")


class Wish(Term):
    """What a rep wants changed in a locked plan."""

    MOVE = "move", N_("move a visit")
    ADD = "add", N_("add a visit")
    REMOVE = "remove", N_("take a visit out")


class VisitState(Term):
    """What became of a visit."""

    PLANNED = "planned", N_("planned")
    DONE = "done", N_("done")
    MISSED = "missed", N_("missed")
    CANCELLED = "cancelled", N_("cancelled")
    UNRECORDED = "unrecorded", N_("not recorded")
