"""Ranks and grades of one group in many draws at once.

A unit's standing in a draw is packed into one whole number, its *key*: from the highest bits down
the composite, the unit's class in the tie break, its place in the group, and whether it may become
a candidate for A.  Sorting a row of keys ranks a draw, and every rule of grading becomes a key that
one must reach, or stay below.
"""

from dataclasses import dataclass

import numpy as np

from kaohe.core import grading as rules
from kaohe.core.quantities import FULL, HUNDREDTH
from kaohe.core.scheme import Grading
from kaohe.inquiry.robustness.chance import Ints
from kaohe.inquiry.robustness.cohort import Array, Bools

_INT8 = 127  # rows whose count fits the type


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """What the rules of grading come to in one group of ``size`` graded units.

    ``a_from``, ``c_below``, ``c_share_below`` and ``top`` are composites in hundredths; ``top`` is
    the highest that there can be.
    """

    size: int
    seats: int
    lowest: int
    a_from: int
    c_below: int
    c_share_below: int
    top: int
    tie_at_last_seat: str
    chosen: Bools

    @property
    def place_bits(self) -> int:
        return max(1, (self.size - 1).bit_length())

    @property
    def shift(self) -> int:
        """How many bits stand below the composite."""
        return 2 * self.place_bits + 1

    @property
    def key_type(self) -> type[np.int32] | type[np.int64]:
        """The narrower sorts faster."""
        return np.int32 if (self.top + 1).bit_length() + self.shift < 32 else np.int64


def contest(grading: Grading, chosen: Bools, extra: int) -> Contest:
    """The contest of one group.

    Args:
        chosen: which units the committee chose for a seat, (units,).
        extra: the largest of the units' bonuses less deductions, ticks.

    Source: docs/rules/grading.md, G-2, G-3.
    """
    size = len(chosen)
    top = -(-(FULL + max(0, extra)) // HUNDREDTH)

    def reached_at(ticks: int) -> int:
        return min(-(-ticks // HUNDREDTH), top + 1)

    return Contest(
        size=size,
        seats=rules.seats(grading, size),
        lowest=grading.c_share * size // FULL,
        a_from=reached_at(grading.a_minimum),
        c_below=reached_at(grading.c_below),
        c_share_below=reached_at(grading.c_share_below),
        top=top,
        tie_at_last_seat=grading.tie_at_last_seat,
        chosen=chosen,
    )


def tie_classes(fields: list[Array], size: int) -> Array:
    """Where each unit stands in the tie break: 0 for the lowest; equals share a class.

    Args:
        fields: S′ of the components of ``tie_break``, ticks, −1 for a missing one; each has shape
            (draws, units), or (1, units) where it is the same in every draw.

    Returns:
        int64, shaped (draws, units), or (1, units) where every field is.

    Source: docs/rules/grading.md, G-1.
    """
    bits = max(1, (size - 1).bit_length())
    classes = np.zeros((1, size), dtype=np.int64)
    places = np.arange(size, dtype=np.int64)
    for field in reversed(fields):
        keys = ((np.asarray(field, dtype=np.int64) + 1) << bits) + classes
        keys = (keys << bits) + places
        keys.sort(axis=1)
        steps = np.zeros(keys.shape, dtype=np.int64)
        distinct = keys >> bits
        np.cumsum(distinct[:, 1:] != distinct[:, :-1], axis=1, out=steps[:, 1:])
        classes = np.empty(keys.shape, dtype=np.int64)
        np.put_along_axis(classes, keys & ((1 << bits) - 1), steps, axis=1)
    return classes


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """One group in some draws: the keys as they are, (draws, units), and each row sorted."""

    contest: Contest
    keys: Array
    ordered: Array  # the lowest first
    able: Array  # 0 or 1, (draws or 1, units)
    tied: Bools  # (draws,): whether two units may be equal in rank

    @classmethod
    def of(cls, contest: Contest, composites: Array, classes: Array, able: Array) -> "Ranked":
        """Rank the units of each draw.

        Args:
            composites: hundredths, (draws, units), of ``contest.key_type``; becomes the keys.
            classes: of ``tie_classes``.
            able: 1 where the unit may be a candidate if its composite reaches, else 0.
        """
        bits = contest.place_bits
        places = np.arange(contest.size, dtype=np.int64)
        low = (classes << (bits + 1)) + (places << 1) + able
        composites <<= contest.shift
        composites += low.astype(contest.key_type)
        tied = np.broadcast_to(classes.max(axis=1) + 1 < contest.size, len(composites))
        return cls(contest, composites, np.sort(composites, axis=1), able, tied)

    def places(self) -> Array:
        """Whose key stands where: places in the group, shaped as ``ordered``."""
        found: Array = self.ordered >> 1
        found &= (1 << self.contest.place_bits) - 1
        return found

    def standing(self, keys: Array) -> Array:
        """The lowest key that is equal in rank to each of ``keys``."""
        bits = self.contest.place_bits + 1
        return (keys >> bits) << bits

    def write_ranks(self, ranks: Array, draws: slice) -> None:
        """Put each unit's rank into ``ranks`` (units, all draws), G-1.

        Each row is sorted once more, by place: ranks scattered by index would cost more.
        """
        size, bits = self.contest.size, self.contest.place_bits + 1
        own = self.places()
        own <<= bits
        own += self._ranks() if self.tied.any() else np.arange(size, 0, -1, dtype=own.dtype)
        own.sort(axis=1)
        own &= (1 << bits) - 1
        ranks[:, draws] = own.T

    def _ranks(self) -> Array:
        """The ranks of ``ordered``, where units may be equal: 1, 2, 2, 4 from the end."""
        size = self.contest.size
        equal = self.standing(self.ordered)
        ends = np.ones(self.ordered.shape, dtype=np.bool_)
        np.not_equal(equal[:, 1:], equal[:, :-1], out=ends[:, :-1])
        own = np.arange(size, 0, -1, dtype=equal.dtype)
        firsts = np.where(ends, own, 0)
        return np.maximum.accumulate(firsts[:, ::-1], axis=1)[:, ::-1]

    def c_limit(self) -> Array:
        """The key below which a unit is C, in each draw, G-2."""
        contest = self.contest
        limit = np.full(len(self.keys), contest.c_below << contest.shift, dtype=np.int64)
        if contest.lowest:
            share = np.int64(contest.c_share_below << contest.shift)
            if contest.lowest < contest.size:
                spared = self.standing(self.ordered[:, contest.lowest])
                np.maximum(limit, np.minimum(share, spared), out=limit)
            else:
                np.maximum(limit, share, out=limit)
        return limit.astype(contest.key_type)

    def count_c(self, limit: Array) -> Ints:
        """In how many draws each unit is below ``limit``."""
        if np.all(self.ordered[:, 0] >= limit):
            return np.zeros(self.contest.size, dtype=np.int64)
        return _count_columns(self.keys < limit[:, None])

    def count_a(self, limit: Array) -> Ints:
        """In how many draws each unit has a seat, given what is below ``limit`` is C, G-3."""
        contest = self.contest
        if contest.seats == 0:
            return np.zeros(contest.size, dtype=np.int64)
        floor = np.maximum(limit, contest.key_type(contest.a_from << contest.shift))
        last, full = self._last_seat(floor)
        rows = np.flatnonzero(self.tied & full)
        chosen = self._settle_ties(rows, floor, last) if len(rows) else 0
        reached = self.keys >= last[:, None]
        if len(self.able) == 1:
            number = _count_columns(reached) * self.able[0]
        else:
            number = _count_columns(reached & self.able.astype(np.bool_))
        total: Ints = number + chosen
        return total

    def _last_seat(self, floor: Array) -> tuple[Array, Bools]:
        """The key of the candidate on the last seat, and whether all seats are taken."""
        contest = self.contest
        seats, size = contest.seats, contest.size
        width = min(size, 2 * seats + 8)
        while True:
            top = (
                self.ordered[:, : size - width - 1 : -1] if width < size else self.ordered[:, ::-1]
            )
            number = np.cumsum((top & 1) & (top >= floor[:, None]), axis=1, dtype=np.int32)
            full = number[:, -1] >= seats
            if width == size or np.all(full | (top[:, -1] < floor)):
                break
            width = min(size, 4 * width)
        place = np.count_nonzero(number < seats, axis=1)
        last = top[np.arange(len(top)), np.minimum(place, width - 1)]
        return np.where(full, last, floor), full

    def _settle_ties(self, rows: Ints, floor: Array, last: Array) -> Ints:
        """Move ``last`` above or below those tied at the last seat; count the committee's choice.

        A choice is made for a tie with enough seats left.  In a draw without that it says nothing.
        """
        contest = self.contest
        step = contest.key_type(2 << contest.place_bits)
        ordered = self.ordered[rows]
        at = self.standing(last[rows])[:, None]
        candidates = ((ordered & 1) == 1) & (ordered >= floor[rows, None])
        equals = candidates & (ordered >= at) & (ordered < at + step)
        left = contest.seats - np.count_nonzero(candidates & (ordered >= at + step), axis=1)
        split = np.count_nonzero(equals, axis=1) > left
        gained = np.zeros(contest.size, dtype=np.int64)
        if contest.tie_at_last_seat == "all_in":
            last[rows[split]] = at[split, 0]
            return gained
        last[rows[split]] = at[split, 0] + step
        if contest.tie_at_last_seat == "committee" and contest.chosen.any():
            places = self.places()[rows]
            chosen = equals & contest.chosen[places] & split[:, None]
            chosen &= (np.count_nonzero(chosen, axis=1) <= left)[:, None]
            np.add.at(gained, places[chosen], 1)
        return gained


def _count_columns(marks: Bools) -> Ints:
    """How many of each column are true.  Bytes add up fast while their sum is a byte."""
    number = np.zeros(marks.shape[1], dtype=np.int64)
    for first in range(0, len(marks), _INT8):
        number += np.add.reduce(marks[first : first + _INT8].view(np.int8), axis=0, dtype=np.int8)
    return number
