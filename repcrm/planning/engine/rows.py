"""Rows of numbers in kernels: numpy's own ways make arrays, or errors with texts of their own."""

from repcrm.planning.engine.compiled import kernel


@kernel
def copy(values, out):
    """Copy a row."""
    for at in range(values.size):
        out[at] = values[at]


@kernel
def copy_rows(rows, out):
    """Copy a table."""
    for row in range(rows.shape[0]):
        copy(rows[row], out[row])


@kernel
def total(values):
    """What a row adds up to."""
    added = 0.0
    for value in values:
        added += value
    return added
