"""Sheets of cells -> rows whose every number has been understood, or questions, or refusals. No database."""

from repcrm.imports.layout.sheets import read_sheets

__all__ = ["read_sheets"]
