"""Regions, territories, people, roles, sign-ins and the working calendar."""
