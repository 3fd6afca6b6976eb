"""Many draws of one assessment under stated uncertainty, graded by the exact rules.

A draw changes three things, each of which can be left out:

*weights*: each component's weight times a factor uniform in 1 ± a percentage, the same for all
units; rounded to four digits like any weight.
*survey*: the mean of each channel by a normal deviate times its standard error, held to 0…100.  A
channel with fewer than two counted responses keeps its mean.
*events*: each event that is pending or objected is confirmed, or is not, by a fair coin; then R-1
says which events count.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kaohe.core.quantities import FULL, TICK
from kaohe.core.scheme import Scheme
from kaohe.core.tables import COMPONENTS
from kaohe.inquiry.robustness.chance import MILLION, Chance, Floats, Ints, words_for
from kaohe.inquiry.robustness.cohort import MISSING, Array, Cohort, Undecided
from kaohe.inquiry.robustness.group import (
    INDIVIDUAL,
    Group,
    Open,
    moves_tiers,
    survey_of,
)
from kaohe.inquiry.robustness.ranks import Ranked
from kaohe.inquiry.robustness.scores import EXACT, open_scores, perturbed_weights, tier_cuts

_BLOCK = 1 << 17  # draws × units worked on at once: a megabyte of floats
_HELD = 1 << 26  # scores of open cells held at once
_STEP = 64  # draws whose coins share a word: blocks and passes are whole steps


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What is uncertain, and how the draws are made.

    ``weights`` and ``interval`` are percentages in ticks: the reach of a weight's factor, and how
    many of the draws a rank interval must cover.
    """

    draws: int = 1000
    seed: int = 1
    weights: int | None = 25 * TICK  # None: certain
    survey: bool = True
    events: bool = True
    interval: int = 90 * TICK


NO_UNCERTAINTY = Uncertainty(draws=1, weights=None, survey=False, events=False)


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """What became of each unit in all draws.

    Attributes:
        attempted, completed: draws.  A draw is completed when every group of it could be graded.
        grades: (units, 3), in how many draws the unit was A, B, C.
        rank_low, rank_high: (units,), the interval.  These three are None where a draw failed:
            what it would have said is unknown.
        factors_digest: SHA-256 of the factors: (draws, 3) millionths, int64, little-endian.
    """

    uncertainty: Uncertainty
    attempted: int
    completed: int
    grades: Ints | None
    rank_low: Ints | None
    rank_high: Ints | None
    factors_digest: str

    @property
    def failed(self) -> int:
        return self.attempted - self.completed


def simulate(
    cohort: Cohort, scheme: Scheme, uncertainty: Uncertainty, chance: Chance | None = None
) -> Simulation:
    """Grade the cohort in every draw.

    Args:
        cohort: from ``load.cohort_from``, under the same scheme.
        chance: where the draws come from; by default, from the seed.

    Raises:
        ValueError: there are no draws or no units.
        OverflowError: the weights of the channels or of the rounds sum to 450,000 or more, so that
            their products would not be exact.

    Source: docs/rules/scoring.md, C-2, C-3, C-4, C-5; docs/rules/grading.md, G-1, G-2, G-3.
    """
    if uncertainty.draws < 1 or not cohort.size:
        raise ValueError("a simulation needs at least one draw and one graded unit")
    _must_be_exact(scheme)
    draws = uncertainty.draws
    chance = chance or Chance(uncertainty.seed, draws)
    factors = _factors(chance, uncertainty)
    groups = list(_groups(cohort, scheme, uncertainty, factors))
    undecided = cohort.undecided if uncertainty.events else None
    coins = chance.coins(len(undecided.coins)) if undecided else None
    room = np.empty(max(_BLOCK, _STEP * max(group.contest.size for group in groups)))
    passes = list(_windows(draws, _HELD // (undecided.cells if undecided else 1)))
    tally = _Tally.empty(cohort, draws, whole=len(passes) == 1)
    for window in passes:
        opened = None
        if undecided is not None and coins is not None:
            opened = open_cells(cohort, scheme, undecided, coins, window)
        for group in groups:
            for block in _windows(draws, _BLOCK // group.contest.size, window):
                tally.add(group, block, *group.rank(chance, opened, block, room=room))
            if window.stop == draws:
                tally.close(group, _tail(uncertainty))
    return tally.simulation(uncertainty, factors)


def _factors(chance: Chance, uncertainty: Uncertainty) -> Ints:
    if uncertainty.weights is None:
        return np.full((uncertainty.draws, len(COMPONENTS)), MILLION, dtype=np.int64)
    return chance.factors(uncertainty.weights, len(COMPONENTS))


def _groups(
    cohort: Cohort, scheme: Scheme, uncertainty: Uncertainty, factors: Ints
) -> Iterator[Group]:
    weights: dict[tuple[int, ...], Floats] = {}
    survey = cohort.survey if uncertainty.survey else None
    start = 0
    for name, units in cohort.slices():
        own = scheme.weights_of(name)
        if own not in weights:
            weights[own] = perturbed_weights(own, factors)
        group = Group.of(cohort, scheme, units, weights[own])
        if survey is not None:
            part = survey_of(survey, units)
            group.survey_words = words_for(part.mean.size)
            group.survey_start = start
            group.survey = part if np.any(part.error[part.weight > 0]) else None
            start += group.survey_words * uncertainty.draws
        yield group


def _must_be_exact(scheme: Scheme) -> None:
    channels = sum(channel.weight for channel in scheme.survey.channels)
    rounds = sum(each.weight for each in scheme.survey.rounds)
    if max(channels, rounds) * (2 * FULL + 3) >= EXACT:
        raise OverflowError("the weights of the survey are too large for exact products")


def _windows(draws: int, size: int, within: slice | None = None) -> Iterator[slice]:
    """The draws, or those ``within``, in slices of about ``size`` that are whole steps."""
    within = within or slice(0, draws)
    step = max(_STEP, size // _STEP * _STEP)
    for first in range(within.start, within.stop, step):
        yield slice(first, min(first + step, within.stop))


def open_cells(
    cohort: Cohort, scheme: Scheme, undecided: Undecided, coins: Array, window: slice
) -> Open:
    """The scores that open events move in some draws, and the tiers that follow from them.

    Args:
        coins: ``Chance.coins``.
        window: the draws, from a multiple of 64.

    Source: docs/rules/scoring.md, R-1, C-1, C-2.
    """
    scores = open_scores(undecided, coins, window.start, window.stop)
    policy = scheme.tier_policy
    slot = np.full(int(cohort.scope.max()) + 1, -1, dtype=np.int64)
    own = np.flatnonzero(undecided.cell_component == INDIVIDUAL)
    scopes = np.unique(cohort.scope[undecided.cell_unit[own]]) if moves_tiers(policy) else own[:0]
    slot[scopes] = np.arange(len(scopes))
    rows = window.stop - window.start
    cuts = np.empty((len(policy.tiers) - 1, len(scopes), rows), dtype=np.int32)
    cell_of = np.full(cohort.size, -1, dtype=np.int64)
    cell_of[undecided.cell_unit[own]] = own
    by_scope = np.argsort(cohort.scope, kind="stable")
    ends = np.searchsorted(cohort.scope[by_scope], scopes, side="right")
    starts = np.searchsorted(cohort.scope[by_scope], scopes, side="left")
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        units = by_scope[start:end]
        units = units[cohort.score[INDIVIDUAL, units] != MISSING]
        certain = cohort.score[INDIVIDUAL, units]
        moving = np.flatnonzero(cell_of[units] >= 0)
        for part in _windows(rows, _BLOCK // len(units)):
            drawn = np.repeat(certain[None, :], part.stop - part.start, axis=0)
            drawn[:, moving] = scores[cell_of[units[moving]], part].T
            cuts[:, place, part] = tier_cuts(policy, drawn)
    return Open(window.start, scores, undecided.cell_unit, undecided.cell_component, cuts, slot)


def _tail(uncertainty: Uncertainty) -> int:
    """How many draws lie outside the interval at either end, at most."""
    return uncertainty.draws * (FULL - uncertainty.interval) // (2 * FULL)


@dataclass(slots=True, eq=False)
class _Tally:
    """What is known of all draws so far.

    ``ranks`` holds the ranks of every unit until its group is closed, or, where one pass sees all
    draws, those of one group after another.
    """

    ranks: Array
    whole: bool
    grades: Ints
    low: Ints
    high: Ints
    failed: Array

    @classmethod
    def empty(cls, cohort: Cohort, draws: int, *, whole: bool) -> "_Tally":
        held = int(np.diff(cohort.group_start).max()) if whole else cohort.size
        return cls(
            ranks=np.empty((held, draws), dtype=np.int32),
            whole=whole,
            grades=np.zeros((cohort.size, 3), dtype=np.int64),
            low=np.zeros(cohort.size, dtype=np.int64),
            high=np.zeros(cohort.size, dtype=np.int64),
            failed=np.zeros(draws, dtype=np.bool_),
        )

    def _ranks_of(self, group: Group) -> Array:
        return self.ranks[: group.contest.size] if self.whole else self.ranks[group.units]

    def add(self, group: Group, block: slice, ranked: Ranked, failed: Array) -> None:
        """Count a block of draws of one group."""
        self.failed[block] |= failed
        ranked.write_ranks(self._ranks_of(group), block)
        limit = ranked.c_limit()
        c = ranked.count_c(limit)
        a = ranked.count_a(limit)
        c[group.forced] = block.stop - block.start
        self.grades[group.units, 0] += a
        self.grades[group.units, 2] += c
        self.grades[group.units, 1] += block.stop - block.start - a - c

    def close(self, group: Group, tail: int) -> None:
        """Read off the rank intervals of a group whose draws are all counted."""
        ranks = self._ranks_of(group)
        ranks.sort(axis=1)
        self.low[group.units] = ranks[:, tail]
        self.high[group.units] = ranks[:, -1 - tail]

    def simulation(self, uncertainty: Uncertainty, factors: Ints) -> Simulation:
        completed = uncertainty.draws - int(np.count_nonzero(self.failed))
        sound = completed == uncertainty.draws
        return Simulation(
            uncertainty=uncertainty,
            attempted=uncertainty.draws,
            completed=completed,
            grades=self.grades if sound else None,
            rank_low=self.low if sound else None,
            rank_high=self.high if sound else None,
            factors_digest=hashlib.sha256(factors.astype("<i8").tobytes()).hexdigest(),
        )
