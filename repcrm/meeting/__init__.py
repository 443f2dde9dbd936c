"""The Monday review: its page, its actions and what is carried over."""
