"""Door of the operators: the `repcrm` command."""
