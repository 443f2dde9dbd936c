"""The description of the REST door says what the door does."""

from repcrm.api import openapi
from tests.house.test_routes import RULES


def test_the_description_is_current():
    assert openapi.FILE.read_text("utf-8") == openapi.text(), "run `python -m repcrm.api.openapi`"


def test_every_address_of_the_door_is_described():
    described = {(path, method.upper()) for path, item in openapi.description()["paths"].items() for method in item}
    found = {
        (rule.rule.replace("<int:", "{").replace(">", "}"), method)
        for rule in RULES.values()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == found
