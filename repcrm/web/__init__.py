"""Door of the browser: pages and forms, one module a feature."""

from importlib import import_module
from importlib.util import find_spec

from flask import Blueprint

FEATURES = (
    "assets", "components", "design",
    "home", "identity", "users", "journal",
    "today", "calls", "week", "sheets", "follow_ups",
    "hospitals", "listings", "doctors", "ratings", "search", "products", "territories",
    "targets", "splits",
    "imports", "reports", "meeting", "actions", "jobs",
)  # fmt: skip
"""Modules of this package, each with its blueprint `bp`."""


def unbuilt() -> set[str]:
    """Return the features whose module is not written yet."""
    return {feature for feature in FEATURES if not find_spec(f"{__name__}.{feature}")}


def blueprints() -> list[Blueprint]:
    """Return the blueprint of every feature."""
    modules = [f"{__name__}.{feature}" for feature in FEATURES]
    return [import_module(module).bp for module in modules if find_spec(module)]
