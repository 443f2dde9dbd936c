"""Both languages say everything, once, and with the same values in it."""

import ast
import re

from tests.house import messages

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[a-z%]")


def placeholders(words: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(words)))


def test_every_message_has_chinese_words():
    lacking = [f"{places[0].path}:{places[0].line}: {message!r}" for message, places in messages.missing()]
    assert lacking == []


def test_no_two_files_translate_a_message_differently():
    torn = {
        message: said
        for message, said in messages.translations().items()
        if len({translation.words for translation in said}) > 1
    }
    assert torn == {}


def test_nothing_is_translated_that_nobody_says():
    obsolete = {
        f"{translation.file}: {message!r}"
        for message, said in messages.translations().items()
        for translation in said
        if message not in messages.messages()
    }
    assert sorted(obsolete) == []


def test_no_translation_is_a_guess():
    assert [message for message, said in messages.translations().items() if any(one.is_fuzzy for one in said)] == []


def test_both_languages_carry_the_same_values():
    torn = []
    for message, said in messages.translations().items():
        english = message if isinstance(message, str) else message[1]
        for translation in said:
            for words in (translation.words,) if isinstance(translation.words, str) else translation.words:
                if words and placeholders(words) != placeholders(english):
                    torn.append(f"{translation.file}: {message!r} -> {words!r}")
    assert torn == []


def test_the_product_speaks_both_languages():
    from repcrm.web.languages import LANGUAGES, catalogue  # after the tests above, which need no app

    assert set(LANGUAGES) == {"zh", "en"}
    assert catalogue("en").gettext("Sign in") == "Sign in"
    assert catalogue("zh").gettext("Sign in") == "登录"


def test_no_message_hides_in_an_f_string():
    """Where Python's tokenizer takes an f-string for one token, Babel cannot see the messages in it."""
    hidden = [
        f"{path.relative_to(messages.ROOT)}:{call.lineno}"
        for path in (messages.ROOT / "repcrm").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in messages.KEYWORDS
        if any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert hidden == []
