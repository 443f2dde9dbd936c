"""Call planning: whom a rep calls in a cycle, on which day and session, and by which way."""
