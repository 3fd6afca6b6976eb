"""The eleven item rules: what a unit earns under one indicator (指标), in whole ticks.

Each rule is one function of whole numbers.  ``points`` is always the item's points P, in ticks
and above 0; what comes back is the points earned, in ticks, from 0 to P.
"""

from collections.abc import Iterable, Sequence

from kaohe.core.quantities import FULL, half_up
from kaohe.core.rows import Step

FEWEST_JUDGES_TO_TRIM = 5


def rate(numerator: int, denominator: int) -> int | None:
    """A rate in percent (ticks) from its two parts; None where there was nothing to measure.

    Args:
        numerator: ticks, 0 or more.
        denominator: ticks, 0 or more.

    Raises:
        ValueError: something is counted out of nothing (denominator 0, numerator not).

    Source: docs/rules/scoring.md, R-2.

    >>> rate(10_000, 30_000), rate(0, 0)
    (333333, None)
    """
    if denominator == 0:
        if numerator != 0:
            raise ValueError("a rate has a numerator but its denominator is 0")
        return None
    return half_up(FULL * numerator, denominator)


def interval(points: int, value: int, *, zero_at: int, full_at: int) -> int:
    """Points in proportion to where the value lies between the two ends (区间计分).

    Args:
        value, zero_at, full_at: ticks, of any sign; ``full_at`` may be the smaller end.

    Raises:
        ValueError: the two ends are equal.

    Source: docs/rules/scoring.md, I-1.

    >>> interval(100_000, 750_000, zero_at=600_000, full_at=900_000)
    50000
    >>> interval(100_000, 20_000, zero_at=50_000, full_at=0)
    60000
    """
    if full_at == zero_at:
        raise ValueError("the two ends of an interval are equal")
    if full_at < zero_at:
        value, zero_at, full_at = -value, -zero_at, -full_at
    if value <= zero_at:
        return 0
    if value >= full_at:
        return points
    return half_up(points * (value - zero_at), full_at - zero_at)


def ratio_up(points: int, value: int, *, target: int, minimum: int | None = None) -> int:
    """Points in proportion to the share of a target that was reached (正向比例).

    Args:
        value: ticks, of any sign.
        target: ticks, above 0.
        minimum: percent of the target (ticks) below which nothing is earned.

    Raises:
        ValueError: the target is not above 0.

    Source: docs/rules/scoring.md, I-2.

    >>> ratio_up(100_000, 900_000, target=1_000_000)
    90000
    >>> ratio_up(100_000, 590_000, target=1_000_000, minimum=600_000)
    0
    """
    if target <= 0:
        raise ValueError("the target of a ratio_up must be above 0")
    if value <= 0:
        return 0
    if value >= target:
        return points
    if minimum is not None and FULL * value < minimum * target:
        return 0
    return half_up(points * value, target)


def ratio_down(points: int, value: int, *, target: int, minimum: int | None = None) -> int:
    """Points in proportion to how little a limit is passed (反向比例).

    Args:
        value: ticks, of any sign.
        target: ticks, 0 or more; a value up to it earns all.
        minimum: percent (ticks) that target/value must reach to earn anything.

    Raises:
        ValueError: the target is below 0.

    Source: docs/rules/scoring.md, I-3.

    >>> ratio_down(100_000, 40_000, target=30_000)
    75000
    >>> ratio_down(100_000, 1, target=0), ratio_down(100_000, 0, target=0)
    (0, 100000)
    """
    if target < 0:
        raise ValueError("the target of a ratio_down must not be below 0")
    if value <= target:
        return points
    if target == 0:
        return 0
    if minimum is not None and FULL * target < minimum * value:
        return 0
    return half_up(points * target, value)


def steps_up(points: int, value: int, steps: Sequence[Step]) -> int:
    """The percent of the first step whose threshold the value reaches (正向分档).

    Args:
        value: ticks.
        steps: thresholds (ticks) falling, with percents (ticks).

    Source: docs/rules/scoring.md, I-4.

    >>> steps_up(100_000, 800_000, [Step(900_000, 1_000_000), Step(750_000, 800_000)])
    80000
    """
    for step in steps:
        if value >= step.threshold:
            return half_up(points * step.percent, FULL)
    return 0


def steps_down(points: int, value: int, steps: Sequence[Step]) -> int:
    """The percent of the first step whose threshold the value does not pass (反向分档).

    Args:
        value: ticks.
        steps: thresholds (ticks) rising, with percents (ticks).

    Source: docs/rules/scoring.md, I-5.

    >>> steps_down(100_000, 20_000, [Step(10_000, 1_000_000), Step(30_000, 600_000)])
    60000
    """
    for step in steps:
        if value <= step.threshold:
            return half_up(points * step.percent, FULL)
    return 0


def growth(points: int, value: int, *, base: int, target: int) -> int:
    """Points in proportion to the growth over a base, against the growth asked for (增长率).

    Args:
        value: ticks, of any sign.
        base: ticks, above 0: the value that growth is counted from.
        target: percent of growth (ticks), above 0.

    Raises:
        ValueError: base or target is not above 0.

    Source: docs/rules/scoring.md, I-6.

    >>> growth(100_000, 1_050_000, base=1_000_000, target=100_000)
    50000
    """
    if base <= 0 or target <= 0:
        raise ValueError("the base and the target of a growth must be above 0")
    if value <= base:
        return 0
    grown = half_up(FULL * (value - base), base)
    if grown >= target:
        return points
    return half_up(points * grown, target)


def deduction(points: int, losses: Iterable[int]) -> int:
    """What is left of the points after what each kind of event takes (扣分制).

    Args:
        losses: ticks for each kind, its cap already applied (``events.capped_totals``).

    Source: docs/rules/scoring.md, I-7.

    >>> deduction(30_000, [10_000, 5_000]), deduction(30_000, [40_000])
    (15000, 0)
    """
    return max(0, points - sum(losses))


def accrual(points: int, gains: Iterable[int]) -> int:
    """What the kinds of events bring together, at most the item's points (累积加分制).

    Args:
        gains: ticks for each kind, its cap already applied (``events.capped_totals``).

    Source: docs/rules/scoring.md, I-8.

    >>> accrual(30_000, [10_000, 5_000]), accrual(30_000, [40_000])
    (15000, 30000)
    """
    return min(points, sum(gains))


def milestones(points: int, done: Iterable[tuple[int, int]], late_per_day: int = FULL) -> int:
    """Points for the milestones done, each losing a percentage for every day late (节点任务).

    Args:
        done: (share, days late) of the milestones that are done; shares in percent (ticks).
        late_per_day: percent (ticks) of a share that one day costs; left out: all of it.

    Source: docs/rules/scoring.md, I-9.

    >>> milestones(100_000, [(600_000, 0), (400_000, 2)], late_per_day=100_000)
    92000
    """
    worth = sum(share * max(0, FULL - late_per_day * days) for share, days in done)
    return half_up(points * worth, FULL * FULL)


def rank(points: int, better: int, ranked: int) -> int:
    """Points by place among the graded units of the department that have a value (部门内排名).

    Args:
        better: how many of them have a better value than this one.
        ranked: how many they are, this one among them: 1 or more.

    Source: docs/rules/scoring.md, I-10.

    >>> rank(100_000, 0, 5), rank(100_000, 1, 5), rank(100_000, 4, 5), rank(100_000, 0, 1)
    (100000, 75000, 0, 100000)
    """
    if ranked <= 1:
        return points
    return half_up(points * (ranked - 1 - better), ranked - 1)


def rank_beside(points: int, better: int, ranked: int) -> int:
    """What an ungraded unit earns beside the graded ones: their points, without taking a place.

    Args:
        better: how many graded units of the department have a better value.
        ranked: how many graded units of the department have a value: 0 or more.

    Source: docs/rules/scoring.md, I-10.

    >>> rank_beside(100_000, 5, 5), rank_beside(100_000, 0, 0), rank_beside(100_000, 1, 1)
    (0, 100000, 0)
    """
    if ranked <= 1:
        return points if better == 0 else 0
    return rank(points, min(better, ranked - 1), ranked)


def marks(given: Sequence[int], *, trim: bool = False) -> int:
    """The mean of the judges' marks (评委评分), one highest and one lowest left out if trimmed.

    Args:
        given: ticks, each from 0 to the item's points; one or more.
        trim: whether the two ends are left out, where there are five judges or more.

    Raises:
        ValueError: there is no mark.

    Source: docs/rules/scoring.md, I-11.

    >>> marks([10_000, 20_000, 20_000, 20_000, 90_000], trim=True)
    20000
    >>> marks([10_000, 20_000, 20_000, 90_000], trim=True)
    35000
    """
    if not given:
        raise ValueError("a mean of marks needs at least one mark")
    total, number = sum(given), len(given)
    if trim and number >= FEWEST_JUDGES_TO_TRIM:
        total, number = total - max(given) - min(given), number - 2
    return half_up(total, number)
