"""What makes a password good enough, and that only the right one is right."""

import pytest

from repcrm.core.errors import RuleBroken
from repcrm.organisation import passwords


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("elevenchars", "Use at least 12 characters."),
        ("x" * 201, "Use at most 200 characters."),
        ("abababababab", "Use more than three different characters."),
        ("my-Chen.Xiao-password", "The password must not contain the user name."),
    ],
)
def test_an_easy_password_is_refused(password, message):
    with pytest.raises(RuleBroken) as refusal:
        passwords.check_rules(password, "chen.xiao")
    assert str(refusal.value) == message
    assert refusal.value.field == "password"


@pytest.mark.parametrize("password", ["twelve chars", "一二三四五六七八九十甲乙", "x1y2" * 50])
def test_a_good_password_is_accepted(password):
    passwords.check_rules(password, "chen.xiao")


def test_only_the_right_password_is_right():
    kept = passwords.hash_password("correct horse battery")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_right(kept, "correct horse battery")
    assert not passwords.is_right(kept, "correct horse batterY")
    assert not passwords.is_right(kept, "")


def test_nobody_has_a_right_password():
    assert not passwords.is_right(None, "")
    assert not passwords.is_right("not a hash", "anything at all")


def test_a_one_time_password_passes_the_rules_and_is_never_the_same():
    made = {passwords.one_time_password() for _ in range(100)}
    assert len(made) == 100
    for password in made:
        passwords.check_rules(password, "chen.xiao")
