"""Targets: what is asked of hospitals, how it runs down to weeks and doctors, and how far along it is."""
