"""The kinds of files: each a module with a table of columns, and what judges and takes in its rows."""

from repcrm.imports.kinds import (
    appointments,
    competitors,
    conversions,
    departments,
    distributors,
    doctors,
    flow,
    hospitals,
    listings,
    people,
    prices,
    products,
    reception,
    regions,
    targets,
    territories,
    time_off,
    workdays,
)
from repcrm.imports.kinds.shared import Kind
from repcrm.sales.models import ImportKind

KINDS: dict[ImportKind, Kind] = {
    module.KIND.kind: module.KIND
    for module in (
        regions, people, products, prices, competitors, hospitals, departments, doctors, listings, territories,
        targets, flow, time_off, appointments, reception, distributors, conversions, workdays,
    )
}  # fmt: skip
