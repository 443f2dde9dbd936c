"""Gap reports: target against actual, frozen per period and region."""
