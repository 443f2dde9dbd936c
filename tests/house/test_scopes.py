"""Nothing is read without saying through whose eyes: every query takes a scope."""

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

import repcrm

PACKAGE = Path(repcrm.__path__[0])
READING = ("get_", "find_", "list_", "count_", "search_")

WITHOUT_SCOPE = {
    "catalogue.queries": "the catalogue is the same for everybody, and lies beside organisation, which it cannot see",
}
"""Modules, or single queries, that need no eyes, each with the reason."""


def queries() -> dict[str, Callable[..., object]]:
    """Every query of every feature: the public functions of queries.py, or of the modules of queries/."""
    found: dict[str, Callable[..., object]] = {}
    for path in [*PACKAGE.glob("*/queries.py"), *PACKAGE.glob("*/queries/*.py")]:
        module = importlib.import_module(".".join(("repcrm", *path.relative_to(PACKAGE).with_suffix("").parts)))
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and name.startswith(READING):
                found[f"{module.__name__.removeprefix('repcrm.')}.{name}"] = function
    return found


QUERIES = queries()


def is_excused(name: str) -> bool:
    """Whether a query, or its whole module, stands on the list of exceptions."""
    return name in WITHOUT_SCOPE or name.rpartition(".")[0] in WITHOUT_SCOPE


@pytest.mark.parametrize("name", [name for name in QUERIES if not is_excused(name)])
def test_a_query_takes_the_scope_right_after_the_session(name):
    parameters = [parameter for parameter in inspect.signature(QUERIES[name]).parameters if parameter != "session"]
    assert parameters[:1] == ["scope"]


def test_the_list_of_exceptions_holds_nothing_that_is_gone_or_takes_a_scope_by_now():
    modules = {name.rpartition(".")[0] for name in QUERIES}
    assert WITHOUT_SCOPE.keys() <= QUERIES.keys() | modules
    assert not [
        name for name, query in QUERIES.items() if is_excused(name) and "scope" in inspect.signature(query).parameters
    ]
