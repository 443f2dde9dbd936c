"""Long work: what takes more than a moment is asked for, done by a worker, watched and, if need be, stopped."""
