"""Both languages say everything, once, and with the same values in it."""

import ast
import re

from tests.house import messages

SPOKEN = "title|aria-label|placeholder|alt|aria-description"
SPOKEN_ATTRIBUTES = re.compile(rf"""(?<![\w-])(?:{SPOKEN})="([^"{{]*[A-Za-z一-鿿]{{2,}}[^"{{]*)\"""")
JINJA = re.compile(r"{% block (?:\w+_class|theme) %}[^{]*{% endblock %}|{#.*?#}|{%.*?%}|{{.*?}}", re.S)
MARKUP = re.compile(r"<!--.*?-->|<!doctype[^>]*>|<[^>]*>", re.S)
OF_NO_LANGUAGE = {"repcrm", "English", "中文", "km", "zh", "en", "Ctrl K", "xlsx", "csv", "Excel", "repcrm · repcrm"}
"""What reads the same in both languages, or is the other language's own name."""
PIECES_OF_TAGS = {
    "button button-- button--big button--wide button--small button--icon",
    "hint -error",
    'aria-describedby="" aria-invalid="true"',
    'data-=""',
}
"""What macros hand on to stand within a tag."""
SPEAKING = {"flash", "RuleBroken", "BadInput", "Conflict", "NotFound", "Entry"}
"""Calls whose words a person reads."""
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


def test_no_words_stand_in_a_template_outside_a_catalogue():
    """Text between tags, and attributes that are read aloud, come out of _()."""
    found = []
    for path in sorted((messages.ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        spoken = SPOKEN_ATTRIBUTES.findall(source)
        bare = MARKUP.sub("\n", JINJA.sub("", source))
        spoken += [line.strip(" ·:()/.,;-–") for line in bare.splitlines() if re.search(r"[A-Za-z一-鿿]{2,}", line)]
        found += [
            f"{path.relative_to(messages.ROOT)}: {words}"
            for words in spoken
            if words not in OF_NO_LANGUAGE | PIECES_OF_TAGS
        ]
    assert found == []


def test_no_words_are_said_by_python_outside_a_catalogue():
    """What is flashed, refused or put in a menu is marked for translation where it stands."""
    found = [
        f"{path.relative_to(messages.ROOT)}:{call.lineno}"
        for path in sorted((messages.ROOT / "repcrm").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SPEAKING
        for argument in call.args
        if isinstance(argument, ast.JoinedStr)
        or (isinstance(argument, ast.Constant) and isinstance(argument.value, str) and " " in argument.value)
    ]
    assert found == []
