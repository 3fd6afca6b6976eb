"""``kaohe robustness``: how firm ranks and grades are under stated uncertainty.

A folder is assessed as it is, then many times with what is uncertain drawn anew.  What comes out
says for each unit how likely each grade is and between which places its rank lies.  It is for the
discussion of the boundary; it changes no rank and no grade.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kaohe.core.grading import seats
from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import FULL, TICK, half_up, parse_ticks
from kaohe.core.scheme import Scheme
from kaohe.folder.manifest import scheme_digest
from kaohe.inquiry.opening import opened, score_opened
from kaohe.inquiry.refusals import QuestionRefused
from kaohe.inquiry.robustness.cohort import Cohort
from kaohe.inquiry.robustness.load import cohort_from
from kaohe.inquiry.robustness.simulate import (
    NO_UNCERTAINTY,
    Simulation,
    Uncertainty,
    simulate,
)

FIRM = 95 * TICK // 100  # a grade less likely than this, as a share, is at the boundary
MOST_DRAWS = 100_000

declare(
    "error",
    {
        "draws-too-many": (
            "{found} draws are more than {limit}",
            "ask for fewer: more than {limit} draws say nothing more",
        ),
        "nobody-graded": (
            "no unit of the folder is graded, so there are no ranks",
            "give at least one unit the status graded",
        ),
        "reach-not-percent": (
            "“{found}” is not how far a weight may move",
            "write a percentage from 0 to 100 with at most 4 digits after the point",
        ),
        "survey-weights-too-large": (
            "the weights of the channels or of the rounds sum to 450,000 or more",
            "divide all of them by the same number: only their ratio counts",
        ),
    },
)


class Firmness(NamedTuple):
    """How firm one unit's rank and grade are.

    ``rank_low`` is the best and ``rank_high`` the worst place of the interval; the probabilities
    are ticks of 1.  All five are None where a draw failed.
    """

    unit: str
    name: str
    group: str
    composite: int  # hundredths
    rank: int
    grade: str
    rank_low: int | None
    rank_high: int | None
    p_a: int | None
    p_b: int | None
    p_c: int | None

    @property
    def boundary(self) -> bool:
        """Whether no grade is likely enough to be called firm."""
        return max(self.p_a or 0, self.p_b or 0, self.p_c or 0) < FIRM


class GroupSeats(NamedTuple):
    """A group, how many graded units it has, and how many of them can be A."""

    group: str
    size: int
    seats: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """A study: what was drawn, and what came of it.

    ``units`` stand in reading order: boundary cases first, then by group, rank and code.
    """

    scheme: Scheme
    scheme_digest: str
    uncertainty: Uncertainty
    attempted: int
    completed: int
    factors_digest: str
    groups: tuple[GroupSeats, ...]
    units: tuple[Firmness, ...]

    @property
    def failed(self) -> int:
        return self.attempted - self.completed


def uncertainty_of(
    draws: int, seed: int, weights: str = "25", only: Iterable[str] | None = None
) -> Uncertainty:
    """What the options of the command ask for.

    Args:
        weights: how far a weight may move, in percent, as people write it.
        only: the uncertainties to keep, of "weights", "survey", "events"; None: all.

    Raises:
        QuestionRefused: too many draws, or ``weights`` is no percentage.
    """
    problems = []
    reach = parse_ticks(weights.strip().removesuffix("%"))
    if reach is None or not 0 <= reach <= FULL:
        problems.append(Problem("reach-not-percent", facts={"found": weights}))
    if draws > MOST_DRAWS:
        facts = {"found": f"{draws:,}", "limit": f"{MOST_DRAWS:,}"}
        problems.append(Problem("draws-too-many", facts=facts))
    if problems:
        raise QuestionRefused(problems)
    kept = frozenset(only or ("weights", "survey", "events"))
    return Uncertainty(
        draws=draws,
        seed=seed,
        weights=reach if "weights" in kept else None,
        survey="survey" in kept,
        events="events" in kept,
    )


def study(folder: Path, uncertainty: Uncertainty) -> Robustness:
    """Assess a folder, and see how firm what comes out is.  The folder stays as it is.

    Raises:
        FolderRefused: the folder is not sound.
        QuestionRefused: nobody is graded, or products of the survey's weights would not be exact.

    Source: docs/rules/grading.md, G-1, G-2, G-3.
    """
    with opened(folder) as ready:
        score_opened(ready)
        scheme = ready.scheme
        cohort = cohort_from(ready.con, scheme)
    if not cohort.size:
        raise QuestionRefused([Problem("nobody-graded", "units", column="status")])
    try:
        _must_reproduce(cohort, simulate(cohort, scheme, NO_UNCERTAINTY))
        simulation = simulate(cohort, scheme, uncertainty)
    except OverflowError as error:
        problem = Problem("survey-weights-too-large", "scheme.toml", column="survey")
        raise QuestionRefused([problem]) from error
    groups = [
        GroupSeats(name, units.stop - units.start, seats(scheme.grading, units.stop - units.start))
        for name, units in cohort.slices()
    ]
    return Robustness(
        scheme=scheme,
        scheme_digest=scheme_digest(scheme),
        uncertainty=uncertainty,
        attempted=simulation.attempted,
        completed=simulation.completed,
        factors_digest=simulation.factors_digest,
        groups=tuple(groups),
        units=tuple(sorted(_firmness(cohort, simulation), key=_reading_order)),
    )


def _must_reproduce(cohort: Cohort, undisturbed: Simulation) -> None:
    """A draw in which nothing is uncertain must be the assessment itself.

    Raises:
        RuntimeError: it is not; nothing that such a simulation says can be trusted.
    """
    grades, ranks = undisturbed.grades, undisturbed.rank_low
    if grades is not None and ranks is not None:
        given = np.array(["A", "B", "C"], dtype=np.object_)[grades.argmax(axis=1)]
        if np.array_equal(ranks, cohort.rank) and np.array_equal(given, cohort.grade):
            return
    raise RuntimeError("the undisturbed draw does not give the ranks and grades of the assessment")


def _firmness(cohort: Cohort, simulation: Simulation) -> Iterable[Firmness]:
    for group, units in cohort.slices():
        for place in range(units.start, units.stop):
            low = high = None
            shares: tuple[int | None, ...] = (None, None, None)
            if simulation.grades is not None:
                counts = simulation.grades[place].tolist()
                shares = tuple(half_up(count * TICK, simulation.attempted) for count in counts)
            if simulation.rank_low is not None and simulation.rank_high is not None:
                low, high = int(simulation.rank_low[place]), int(simulation.rank_high[place])
            yield Firmness(
                cohort.unit[place],
                cohort.name[place],
                group,
                int(cohort.composite[place]),
                int(cohort.rank[place]),
                cohort.grade[place],
                low,
                high,
                *shares,
            )


def _reading_order(row: Firmness) -> tuple[bool, str, int, str]:
    return not row.boundary, row.group, row.rank, row.unit
