"""Door of the browser: pages and forms, one module a feature."""

from importlib import import_module

from flask import Blueprint

FEATURES = (
    "planning_settings",
    "assets", "components", "design",
    "home", "identity", "setup", "users", "regions", "journal",
    "today", "calls", "week", "sheets", "follow_ups",
    "sync", "shell",
    "distributors", "names", "tokens", "claims",
    "hospitals", "listings", "doctors", "ratings", "search", "products", "territories",
    "diary", "time_off", "appointments", "evenings", "reception", "travel",
    "targets", "splits", "board", "map",
    "plan", "proposals", "plan_changes", "plan_lead", "feeds",
    "workdays", "imports", "reports", "meeting", "actions", "jobs", "work",
)  # fmt: skip
"""Modules of this package, each with its blueprint `bp`."""


def blueprints() -> list[Blueprint]:
    """Return the blueprint of every feature."""
    return [import_module(f"{__name__}.{feature}").bp for feature in FEATURES]
