"""Failed sign-ins: five, and an account is locked for half an hour.

The count lives in the cache that all processes share.  A try takes its place *before* the password
is looked at, so that a hundred tries at once are not a hundred guesses.
"""

import hashlib
import time

from django.core.cache import cache

from kaohe.core.texts import fold
from kaohe.organization.models import User

FAILURES = 5
SECONDS = 30 * 60
_AT_ONCE = 1000  # keys that one query asks for


def key_of(user: User | None, name: str) -> str:
    """Under what the tries are counted: the account, or the name where there is no such account.

    Both are counted alike: who tries names cannot tell which of them exist.
    """
    told = f"user:{user.pk}" if user else f"name:{fold(name)}"
    return "sign-in:" + hashlib.sha256(told.encode()).hexdigest()[:40]


def begin(key: str) -> int:
    """Take a place among the tries: its number, or 0 where the account is locked.

    Source: docs/rules/passwords.md, P-5.
    """
    if cache.get(f"{key}:locked"):
        return 0
    for number in range(1, FAILURES + 1):
        if cache.add(f"{key}:{number}", 1, SECONDS):
            return number
    return 0


def fail(key: str, number: int) -> bool:
    """The try of this number failed; whether the account is locked from now on."""
    if number < FAILURES:
        return False
    cache.set(f"{key}:locked", time.time() + SECONDS, SECONDS)
    cache.delete_many(_places(key))
    return True


def forgive(key: str) -> None:
    """Forget the tries, and lift the lock."""
    cache.delete_many([*_places(key), f"{key}:locked"])


def minutes_left(key: str) -> int:
    """For how long the account is still locked; 0: it is not."""
    until = cache.get(f"{key}:locked")
    return 0 if until is None else max(1, -int((time.time() - until) // 60))


def locked_among(users: list[User]) -> set[int]:
    """Which of some accounts are locked; one query for each thousand."""
    keys = {f"{key_of(user, '')}:locked": user.pk for user in users}
    asked = list(keys)
    return {
        keys[key]
        for begin in range(0, len(asked), _AT_ONCE)
        for key in cache.get_many(asked[begin : begin + _AT_ONCE])
    }


def _places(key: str) -> list[str]:
    return [f"{key}:{number}" for number in range(1, FAILURES + 1)]
