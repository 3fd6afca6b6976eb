"""What follows from contents that never change, remembered in the process by what it follows from.

A key must say everything that the answer depends on: a digest, never a number of a row.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Remembered(Generic[K, T]):
    """A bounded store that many threads may use; the oldest goes first.

    Args:
        most: how many answers are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[K, T] = {}
        self._lock = Lock()

    def get(self, key: K) -> T | None:
        """What is remembered, if anything."""
        return self._kept.get(key)

    def keep(self, key: K, found: T) -> T:
        """Remember an answer, and hand it back."""
        with self._lock:
            self._kept.pop(key, None)
            while len(self._kept) >= self._most:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = found
        return found

    def get_or(self, key: K, make: Callable[[], T]) -> T:
        """What is remembered, else what is made now; two threads may make the same at once."""
        found = self._kept.get(key)
        return self.keep(key, make()) if found is None else found
