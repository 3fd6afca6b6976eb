"""From items to a component, and from components to the composite (综合得分)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kaohe.core.quantities import FULL, TICK, half_up, to_hundredths
from kaohe.core.rows import Adjustment, ItemScore
from kaohe.core.scheme import Scheme, Tier
from kaohe.core.survey import weighted_mean
from kaohe.core.tables import COMPONENTS


class Composite(NamedTuple):
    """How one unit's composite is made up; ticks, the composite itself in hundredths."""

    weighted: int
    bonus: int
    deduction: int
    composite: int


def component_score(scores: Iterable[ItemScore], *, not_applicable: str) -> int | None:
    """S of one component: the points earned out of those that could be, in percent (ticks).

    Args:
        scores: the cells of one unit's component; ``earned`` None: the item does not apply.
        not_applicable: "rescale" leaves such an item out, "full" counts it as earned.

    Returns:
        None where no item is left: the component is missing.

    Source: docs/rules/scoring.md, C-1.
    """
    earned = points = 0
    for cell in scores:
        if cell.earned is None:
            if not_applicable == "rescale":
                continue
            earned += cell.points
        else:
            earned += cell.earned
        points += cell.points
    return half_up(FULL * earned, points) if points else None


def adjusted_score(score: int, tier: Tier | None, effect: str) -> int:
    """S′: what its tier makes of the individual component's score, held to 0…100 (ticks).

    Raises:
        ValueError: the tier has no value for an effect that needs one.

    Source: docs/rules/scoring.md, C-3.

    >>> adjusted_score(940_000, Tier("Ⅱ", value=30_000), "subtract")
    910000
    """
    if tier is None or effect == "none":
        return score
    if tier.value is None:
        raise ValueError(f"the tier {tier.name} has no value")
    if effect == "subtract":
        moved = score - tier.value
    elif effect == "ceiling":
        moved = min(score, tier.value)
    elif effect == "coefficient":
        moved = half_up(score * tier.value, TICK)
    else:
        moved = tier.value
    return min(FULL, max(0, moved))


def counted_points(adjustments: Iterable[Adjustment], kind: str) -> int:
    """The bonuses, or the deductions, of one unit that count: of each matter the largest (ticks).

    Source: docs/rules/scoring.md, C-4.
    """
    largest: defaultdict[str, int] = defaultdict(int)
    for adjustment in adjustments:
        if adjustment.kind == kind:
            largest[adjustment.matter] = max(largest[adjustment.matter], adjustment.points or 0)
    return sum(largest.values())


def weighted_score(
    weights: Sequence[int], adjusted: Sequence[int | None], missing: Mapping[str, str]
) -> int:
    """The bracket of C-4: the components by weight, rounded; 0 where none is left (ticks).

    Args:
        weights: in the order of ``COMPONENTS``, ticks.
        adjusted: S′ in the same order; None: missing.
        missing: by component, "zero" or "redistribute".

    Source: docs/rules/scoring.md, C-4.
    """
    pairs = [
        (weight, score or 0)
        for component, weight, score in zip(COMPONENTS, weights, adjusted, strict=True)
        if score is not None or missing[component] == "zero"
    ]
    return weighted_mean(pairs) or 0


def composite(
    scheme: Scheme,
    group: str,
    adjusted: Sequence[int | None],
    adjustments: Iterable[Adjustment],
) -> Composite:
    """The composite of one unit, with its parts.

    Args:
        adjusted: S′ in the order of ``COMPONENTS``, ticks; None: missing.
        adjustments: all of the unit's.

    Source: docs/rules/scoring.md, C-4, C-5.
    """
    rows = tuple(adjustments)
    weighted = weighted_score(scheme.weights_of(group), adjusted, scheme.missing)
    bonus = min(counted_points(rows, "bonus"), scheme.bonus_cap)
    deduction = min(counted_points(rows, "deduction"), scheme.deduction_cap)
    total = min(FULL + scheme.bonus_cap, max(0, weighted + bonus - deduction))
    return Composite(weighted, bonus, deduction, to_hundredths(total))
