"""Passwords: what makes one good enough, and their argon2id hashes."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_

SHORTEST = 12
LONGEST = 200
"""Characters; hashing a novel would only cost time."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)
"""Each hash takes 19 MiB: a burst of sign-ins queues here instead of taking all memory."""


def check_rules(password: str, username: str) -> None:
    """Refuse a password that is easily guessed.

    raises  RuleBroken (field `password`) if it is shorter than 12 characters, longer than 200, made of
            fewer than four different ones, or contains the user name
    """
    if len(password) < SHORTEST:
        raise RuleBroken(N_("Use at least %(least)s characters."), field="password", least=SHORTEST)
    if len(password) > LONGEST:
        raise RuleBroken(N_("Use at most %(most)s characters."), field="password", most=LONGEST)
    if len(set(password)) < 4:
        raise RuleBroken(N_("Use more than three different characters."), field="password")
    if username and username.casefold() in password.casefold():
        raise RuleBroken(N_("The password must not contain the user name."), field="password")


def hash_password(password: str) -> str:
    """Return the argon2id hash that the database keeps."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed.

    password_hash  None for an unknown user or one without a password: costs the same time, and is never right
    """
    try:
        with _AT_ONCE:
            _HASHER.verify(password_hash or _nobodys_hash(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def one_time_password() -> str:
    """Return a password to be read out once and changed at the first sign-in: four groups, no look-alikes."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(24))
