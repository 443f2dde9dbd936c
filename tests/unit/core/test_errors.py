"""Errors fit to show."""

import pytest

from repcrm.core.errors import BadInput, Conflict, NotFound, RepCRMError, RuleBroken


def test_an_error_says_its_values_in_its_place():
    error = RuleBroken("%(left)s packs are left over.", field="packs", left=3)
    assert str(error) == "3 packs are left over."
    assert (error.message, error.field, error.params) == ("%(left)s packs are left over.", "packs", {"left": 3})


def test_a_doubled_percent_sign_is_shown_once():
    assert str(BadInput("More than 100 %% cannot be shared.")) == "More than 100 % cannot be shared."


@pytest.mark.parametrize("kind", [NotFound, RuleBroken, Conflict, BadInput])
def test_every_kind_is_one_of_ours(kind):
    assert issubclass(kind, RepCRMError)
    assert kind("Gone.").field is None
