"""Chance that is the same on every machine: whole numbers that follow from a name."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

_Thing = TypeVar("_Thing")
_MASK = (1 << 64) - 1


class Chance:
    """A stream of numbers that depends on its name alone (SplitMix64, seeded by BLAKE2b).

    >>> Chance("a", 1).below(100) == Chance("a", 1).below(100)
    True
    """

    __slots__ = ("_state",)

    def __init__(self, *name: object) -> None:
        text = "\x1f".join(str(part) for part in name)
        self._state = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")

    def bits(self) -> int:
        """64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound`` - 1."""
        return (self.bits() * bound) >> 64

    def between(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``, both included."""
        return least + self.below(most - least + 1)

    def happens(self, percent: int) -> bool:
        """True ``percent`` times out of a hundred."""
        return self.below(100) < percent

    def around_zero(self, width: int) -> int:
        """A whole number from -``width`` to ``width``, mostly small (a sum of four)."""
        return sum(self.between(-width, width) for _ in range(4)) // 4

    def pick(self, things: Sequence[_Thing]) -> _Thing:
        """One of ``things``."""
        return things[self.below(len(things))]

    def weighted(self, things: Sequence[_Thing], weights: Sequence[int]) -> _Thing:
        """One of ``things``, each as often as its weight says."""
        left = self.below(sum(weights))
        for thing, weight in zip(things, weights, strict=True):
            left -= weight
            if left < 0:
                return thing
        raise AssertionError("the weights were counted wrongly")

    def shuffled(self, things: Sequence[_Thing]) -> list[_Thing]:
        """``things`` in some order (Fisher and Yates)."""
        row = list(things)
        for last in range(len(row) - 1, 0, -1):
            other = self.below(last + 1)
            row[last], row[other] = row[other], row[last]
        return row
