"""The planner itself: a problem in; a plan, its proof and its reasons out. It knows no database and no page."""
