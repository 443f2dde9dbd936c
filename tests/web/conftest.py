"""What pages are tested with besides the cast: a rep's field to plan calls in."""

from tests.service.planning.conftest import beat as beat
