"""From components to the composite (综合得分), set-based."""

import narwhals as nw

from kaohe.core.quantities import FULL, HUNDREDTH
from kaohe.core.scheme import Scheme
from kaohe.core.tables import COMPONENTS
from kaohe.engine.arithmetic import Frame, at_least_one, chosen, half_up, held, total, whole

STANDS = ("force_c", "bar_a", "seat")  # adjustments that say yes or no


def adjustments_by_unit(adjustments: Frame) -> Frame:
    """What the adjustments of a unit come to: of each matter only the largest counts.

    Returns:
        unit, bonus, deduction: ticks, before the caps; force_c, bar_a, seat: how many.

    Source: docs/rules/scoring.md, C-4.
    """
    kind = nw.col("kind")
    matters = adjustments.group_by("unit", "kind", "matter").agg(
        largest=nw.col("points").fill_null(0).max()
    )
    points = {
        name: total(nw.when(kind == name).then(nw.col("largest")).otherwise(0))
        for name in ("bonus", "deduction")
    }
    stands = {name: total(whole(kind == name)) for name in STANDS}
    return matters.group_by("unit").agg(**points, **stands)


def with_composite(units: Frame, scheme: Scheme) -> Frame:
    """The composite of each unit with its parts.

    Args:
        units: group; common, individual, social: S′ in ticks, empty where missing; bonus and
            deduction before the caps.

    Returns:
        The columns of ``units``, bonus and deduction now capped, and weighted: ticks, composite:
        hundredths.

    Source: docs/rules/scoring.md, C-4, C-5.
    """
    tops: nw.Expr = nw.lit(0)
    bottoms: nw.Expr = nw.lit(0)
    for component in COMPONENTS:
        weights = {group: own[component] for group, own in scheme.weights_by_group.items()}
        weight = chosen(nw.col("group"), weights, scheme.weights[component])
        score = nw.col(f"{component}_adjusted")
        tops = tops + nw.when(~score.is_null()).then(weight * score).otherwise(0)
        if scheme.missing[component] == "zero":
            bottoms = bottoms + weight
        else:
            bottoms = bottoms + nw.when(~score.is_null()).then(weight).otherwise(0)
    bonus = held(nw.col("bonus"), 0, scheme.bonus_cap)
    deduction = held(nw.col("deduction"), 0, scheme.deduction_cap)
    reached = nw.col("weighted") + nw.col("bonus") - nw.col("deduction")
    capped = units.with_columns(bonus=bonus, deduction=deduction)
    bracketed = half_up(capped, weighted=(tops, at_least_one(bottoms)))
    within = held(reached, 0, FULL + scheme.bonus_cap)
    return half_up(bracketed, composite=(within, HUNDREDTH))
