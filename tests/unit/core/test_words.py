"""Words that people will read."""

from repcrm.core.words import N_, Term


class Colour(Term):
    RED = "red", N_("the red one")
    GREEN = "green", N_("the green one")


def test_a_term_is_its_stored_value_and_carries_its_label():
    assert Colour.RED == "red"
    assert Colour.RED.value == "red"
    assert f"{Colour.RED}" == "red"
    assert Colour.RED.label == "the red one"


def test_a_term_is_found_by_its_stored_value():
    assert Colour("green") is Colour.GREEN
    assert list(Colour) == [Colour.RED, Colour.GREEN]
