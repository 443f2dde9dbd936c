"""repcrm: the plan, the call sheets and the gap reports of a pharmaceutical sales team's working week."""
