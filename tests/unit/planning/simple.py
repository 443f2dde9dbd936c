"""The smallest problems there are, to be worked out by hand: one rep, one hospital ten minutes from home."""

from typing import Any


def doctor(number: int = 1, **said: Any) -> dict[str, Any]:
    """A doctor of the hospital who can be met every morning for 15 minutes, once in the cycle, worth 50."""
    return {
        "id": number,
        "hospital": 0,
        "call_minutes": 15,
        "frequency": 1,
        "min_spacing_days": 1,
        "max_per_week": 5,
        "available": [[day, 0] for day in range(5)],
        "marginal_value": [50.0],
        "evenness": [],
        "days_since_last_call": 999,
        "must": 0,
        **said,
    }


def problem(*doctors: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A week of mornings of an hour, afternoons of an hour and no evenings; a minute of travel costs 1."""
    hospitals = said.pop("hospitals", [{"entry_minutes": 5}])
    size = len(hospitals) + 1
    return {
        "days": 5,
        "sessions": ["am", "pm", "eve"],
        "hospitals": hospitals,
        "travel_minutes": [[0 if a == b else 10 for b in range(size)] for a in range(size)],
        "session_minutes": [[60, 60, 0] for _ in range(5)],
        "max_calls": [8] * 5,
        "rules": {
            "break_minutes": [60, 60],
            "hospitals_per_session": 3,
            "hop_minutes": 30,
            "evenings_per_week": 2,
            "evening_cost": 10.0,
            "travel_cost_per_minute": 1.0,
            "must_penalty": 100.0,
        },
        "doctors": list(doctors) or [doctor()],
        "presence": [],
        "done": {},
        "now": 0,
        "published": [],
        **said,
    }
