"""The network between a phone and the server, in front of the real app: it can be cut, and lose or repeat requests."""

import socket
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

from flask import Flask

Answer = Iterable[bytes]


class Wire:
    """A WSGI app around the app. What a fault does is true for the browser: its connection ends without an answer."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.is_cut = False
        self.faults: list[str] = []
        """What happens to the next batches of operations, in turn: lose, deafen, repeat, busy (503), or pass."""
        self.batches = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
        """Carry a request, or not."""
        is_batch = environ["PATH_INFO"] == "/api/v1/operations"
        fault = self.faults.pop(0) if is_batch and self.faults and not self.is_cut else "pass"
        if self.is_cut or fault == "lose":
            return self._hang_up(environ)
        if fault == "busy":
            start_response("503 SERVICE UNAVAILABLE", [("Retry-After", "1"), ("Content-Type", "application/json")])
            return [b"{}"]
        self.batches += is_batch
        if fault in ("deafen", "repeat"):
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            for _ in range(2 if fault == "repeat" else 1):
                list(self.app({**environ, "wsgi.input": BytesIO(body)}, _nobody))
            if fault == "deafen":
                return self._hang_up(environ)
            environ["wsgi.input"] = BytesIO(body)
        return self.app(environ, start_response)

    @staticmethod
    def _hang_up(environ: dict[str, Any]) -> Iterator[bytes]:
        connection: socket.socket = environ["werkzeug.socket"]
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError("the network is cut")


def _nobody(_status: str, _headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], object]:
    """Takes an answer that does not arrive."""
    return bytes
