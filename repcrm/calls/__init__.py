"""Call sheets, calls and follow-ups: what a rep does in a day."""
