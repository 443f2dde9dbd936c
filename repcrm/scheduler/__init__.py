"""Door of the clock: which jobs are due, and that each runs once."""
