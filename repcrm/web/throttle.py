"""Throttling: so many requests of one origin per minute, counted in the memory of this process."""

import threading

from repcrm.core import clock

WINDOW_SECONDS = 60
MOST_KEYS = 10_000


class Throttle:
    """Counts requests by key in windows of a minute.

    most  requests of one key per window
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._windows: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def seconds_left(self, key: str) -> int:
        """Return for how many seconds the key has to wait; 0: not at all."""
        now = clock.now().timestamp()
        with self._lock:
            began, count = self._window(key, now)
        return max(1, round(began + WINDOW_SECONDS - now)) if count >= self._most else 0

    def count(self, key: str) -> None:
        """Count a request."""
        now = clock.now().timestamp()
        with self._lock:
            began, count = self._window(key, now)
            if key not in self._windows and len(self._windows) >= MOST_KEYS:
                self._forget(now)
            self._windows[key] = began, count + 1

    def _window(self, key: str, now: float) -> tuple[float, int]:
        began, count = self._windows.get(key, (now, 0))
        return (began, count) if began <= now < began + WINDOW_SECONDS else (now, 0)

    def _forget(self, now: float) -> None:
        """Forget the windows that are over; where there are none, all: memory is bounded whoever asks."""
        kept = {key: window for key, window in self._windows.items() if now < window[0] + WINDOW_SECONDS}
        self._windows = kept if len(kept) < MOST_KEYS else {}
