"""Files of the back office: previewed, questioned, applied as far as they are clear, reverted, rejected."""

from repcrm.imports.service.applying import (
    apply,
    apply_flow_in_steps,
    changes_nothing,
    check_ready,
    conclude_flow,
    is_ready,
)
from repcrm.imports.service.drafting import Draft, asides_of, draft
from repcrm.imports.service.going_on import go_on
from repcrm.imports.service.reverting import revert
from repcrm.imports.service.revising import touched_by_applying
from repcrm.imports.service.saving import (
    blocking,
    claim,
    conclude,
    is_about_lines,
    questions_of,
    reject,
    rows_of_verdict,
    save,
    save_in_steps,
    set_aside,
    take_up_again,
)

__all__ = [
    "Draft",
    "apply",
    "apply_flow_in_steps",
    "asides_of",
    "blocking",
    "changes_nothing",
    "check_ready",
    "claim",
    "conclude",
    "conclude_flow",
    "draft",
    "go_on",
    "is_about_lines",
    "is_ready",
    "questions_of",
    "reject",
    "revert",
    "rows_of_verdict",
    "save",
    "save_in_steps",
    "set_aside",
    "take_up_again",
    "touched_by_applying",
]  # fmt: skip
