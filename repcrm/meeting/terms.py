"""The words of the Monday meeting."""

from repcrm.core.words import N_, Term


class ActionStatus(Term):
    """An action is carried over until it is done or dropped."""

    OPEN = "open", N_("open")
    DONE = "done", N_("done")
    DROPPED = "dropped", N_("dropped")


class Standing(Term):
    """How an action stands on a day: an open one may be late."""

    OVERDUE = "overdue", N_("overdue")
    DUE = "due", N_("due today")
    OPEN = "open", N_("open")
    DONE = "done", N_("done")
    DROPPED = "dropped", N_("dropped")


class Topic(Term):
    """What the thirty minutes are for, in their order."""

    LAST_ACTIONS = "actions", N_("What became of the actions")
    FIGURES = "figures", N_("The region's figures")
    PRODUCTS = "products", N_("Product by product")
    BEHIND = "reps", N_("Who is behind")
    FACTS = "facts", N_("Worth acting on")
    NEW_ACTIONS = "decide", N_("New actions")
    NEXT_WEEK = "next", N_("Next week")
