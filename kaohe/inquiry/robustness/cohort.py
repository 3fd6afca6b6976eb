"""A cohort as a simulation needs it: the graded units of one year as arrays.

All decimals are ticks in int64; −1 stands for a missing score.  Units come group by group, groups
and units in the order of their code points, so that a group is a slice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaohe.inquiry.robustness.chance import Floats, Ints

Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Array = NDArray[Any]

MISSING = -1
NO_CAP = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class SurveyMeans:
    """The channels of social evaluation, for every round, channel and unit.

    Attributes:
        mean: (rounds, channels, units): the channel's score; 0 where it has none.
        error: the same shape: the standard error of that mean, rounded half up to ticks; 0 where
            fewer than two responses counted.
        weight: the same shape: the weight with which the channel enters its round; 0: it does not.
        round_weight: (rounds,).
    """

    mean: Floats
    error: Floats
    weight: Floats
    round_weight: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Undecided:
    """The events of which it is open whether they count, and where their points would land.

    Four levels, each a slice of the next: ``cell`` (one unit's component), its items, their
    kinds, their events.  ``X_start`` has one more entry than there are X.  Whatever is certain is
    in ``kind_base``, ``item_other`` and ``cell_earned``.

    Attributes:
        coins: the codes of the events that are pending or objected and can matter, ascending; a
            coin is a place in this list.
        event_points: what each event takes or gives, relief applied.
        event_coin: the coin that must fall 1 for the event to count; −1: it is confirmed.
        denial_event, denial_coin: pairs; where that coin falls 1, that event is reversed.
        kind_start, kind_base, kind_cap: the events of each kind, the sum of its certain ones, and
            the most that it may come to (``NO_CAP``: no limit).
        item_start, item_points, item_deducts, item_other: the kinds of each item, its points,
            whether it is a deduction, and what its kinds without open events come to.
        cell_start, cell_unit, cell_component, cell_earned, cell_points: the items of each cell,
            the place of its unit and component, Σe of its other items, and ΣP of all that apply.
    """

    coins: Texts
    event_points: Ints
    event_coin: Ints
    denial_event: Ints
    denial_coin: Ints
    kind_start: Ints
    kind_base: Ints
    kind_cap: Ints
    item_start: Ints
    item_points: Ints
    item_deducts: Bools
    item_other: Ints
    cell_start: Ints
    cell_unit: Ints
    cell_component: Ints
    cell_earned: Ints
    cell_points: Ints

    @property
    def cells(self) -> int:
        return len(self.cell_unit)


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """The graded units of one assessment, ``U`` of them in ``G`` groups.

    Attributes:
        unit, name, department: text, (U,).
        groups: the names of the groups, (G,); ``group_start`` (G + 1,) is where each begins.
        composite, rank: as assessed, hundredths and places from 1, (U,).
        grade: as assessed: "A", "B", "C", (U,).
        score, adjusted: S and S′ by component, (3, U), in the order of ``COMPONENTS``.
        extra: the bonus that counts, less the deduction that counts, (U,).
        tier: the place of the tier in the policy's list, −1 for none, (U,).
        scope: the number of the unit's tier scope, from 0, (U,).
        forced, barred, chosen: adjustments ``force_c``, ``bar_a``, ``seat``, (U,).
        survey: None where there is no social evaluation.
        undecided: None where no open event matters.
    """

    unit: Texts
    name: Texts
    department: Texts
    groups: tuple[str, ...]
    group_start: Ints
    composite: Ints
    rank: Ints
    grade: Texts
    score: Ints
    adjusted: Ints
    extra: Ints
    tier: Ints
    scope: Ints
    forced: Bools
    barred: Bools
    chosen: Bools
    survey: SurveyMeans | None = None
    undecided: Undecided | None = None

    @property
    def size(self) -> int:
        """How many graded units there are."""
        return len(self.unit)

    def slices(self) -> Iterator[tuple[str, slice]]:
        """The groups, with the slice of the units of each."""
        for place, group in enumerate(self.groups):
            yield group, slice(int(self.group_start[place]), int(self.group_start[place + 1]))
