"""Call plans: whom a rep calls on in a cycle of four weeks, on which day, and what became of it."""
