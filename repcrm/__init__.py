"""repcrm: the plan, the call sheets and the gap reports of a pharmaceutical sales team's working week."""

__version__ = "0.1.0"
