"""Door of the worker: does the long work that people ask for, in a process of its own."""
