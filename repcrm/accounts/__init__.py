"""Hospitals, departments, doctors, their posts, ratings and clinic rosters."""
