"""The kinds of files: each a module with a table of columns, and what judges and takes in its rows."""

from repcrm.imports.kinds import (
    appointments,
    conversions,
    distributors,
    doctors,
    flow,
    hospitals,
    reception,
    targets,
    territories,
    time_off,
)
from repcrm.imports.kinds.shared import Kind
from repcrm.sales.models import ImportKind

KINDS: dict[ImportKind, Kind] = {
    module.KIND.kind: module.KIND
    for module in (
        hospitals,
        doctors,
        territories,
        targets,
        flow,
        time_off,
        appointments,
        reception,
        distributors,
        conversions,
    )
}
