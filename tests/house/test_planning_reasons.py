"""The planner says why in codes and numbers; the door has words for every one of them, in both languages."""

import re
from string import ascii_letters

import pytest
from flask import Flask
from flask_babel import force_locale

from repcrm.planning.engine.reasons import CODES
from repcrm.planning.reasons import Because
from repcrm.web.plan_reasons import RELAXATIONS, SENTENCES, must_words, said

pytestmark = pytest.mark.databases("sqlite")

TERMS = (*Because, *CODES)
NAMES = re.compile(r"%\((\w+)\)s")


def test_no_code_means_two_things():
    labels: dict[str, set[str]] = {}
    for term in TERMS:
        labels.setdefault(term.value, set()).add(term.label)
    assert {code for code, said_as in labels.items() if len(said_as) > 1} == set()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_reason_is_said_in_both_languages_with_its_numbers(app: Flask, code: str):
    reason = {"code": code, "numbers": dict.fromkeys(NAMES.findall(SENTENCES[code]), 1234.5)}
    with app.test_request_context():
        with force_locale("en"):
            (english,) = said([reason])
        with force_locale("zh"):
            (chinese,) = said([reason])
    assert english != chinese
    assert "%" not in english + chinese
    assert not set(ascii_letters) & set(chinese)


def test_guarantees_that_do_not_fit_say_what_would_help_most(app: Flask):
    must = {
        "needed": 138, "fit": 112, "left_out": [],
        "relaxations": [{"rule": rule, "guaranteed_calls": 9, "worth": 1.0} for rule in RELAXATIONS],
    }  # fmt: skip
    with app.test_request_context(), force_locale("en"):
        words = must_words(must)
        assert words == "138 guaranteed calls are needed, 112 fit. One evening a week more would let in 9 more."
        assert must_words({**must, "fit": 138}) == must_words({}) == ""
