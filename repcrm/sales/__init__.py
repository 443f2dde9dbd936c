"""Distributor flow: what was sold where, and which file said so."""
