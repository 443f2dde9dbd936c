"""Door of programs: REST, version 1. Described in openapi.json, which a test holds to the code."""

from flask import Blueprint

from repcrm.api import sales_files, sync


def blueprints() -> list[Blueprint]:
    """Return the blueprint of every feature."""
    return [sync.bp, sales_files.bp]
