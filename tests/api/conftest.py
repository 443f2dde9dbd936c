"""A rep's phone at the door of programs."""

from tests.service.calls.conftest import Field, field

__all__ = ["Field", "field"]
