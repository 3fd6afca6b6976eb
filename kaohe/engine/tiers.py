"""The tiers Ⅰ, Ⅱ, Ⅲ (档次) of the individual component, set-based: one pass for each tier.

A tier takes the highest blocks of equal score that are left, as long as they reach its threshold
and fit its seats.  So who enters follows from running counts, tier by tier.
"""

import narwhals as nw

from kaohe.core.quantities import FULL, TICK
from kaohe.core.scheme import Tier, TierPolicy
from kaohe.engine.arithmetic import Frame, at_most, half_up, held, running, total

_SCORE, _PLACE = nw.col("individual"), nw.col("place")


def with_tiers(units: Frame, policy: TierPolicy, manual: Frame) -> Frame:
    """Each unit with the place of its tier in the policy's list; empty where it has none.

    Args:
        units: u, unit, group, department, status, individual: S in ticks, and more.
        manual: the table ``tiers``.

    Returns:
        The columns of ``units`` and ``place``, from 0.

    Source: docs/rules/scoring.md, C-2.
    """
    nowhere = nw.lit(None, nw.Int64())
    if policy.assign == "none":
        return units.with_columns(place=nowhere)
    if policy.assign == "manual":
        place: nw.Expr = nowhere
        for number, tier in enumerate(policy.tiers):
            place = nw.when(nw.col("tier") == tier.name).then(number).otherwise(place)
        named = units.join(manual.select("unit", "tier"), on="unit", how="left")
        return named.with_columns(place=nw.when(~_SCORE.is_null()).then(place)).drop("tier")
    scope = {
        "department": nw.col("department"),
        "group": nw.col("group"),
        "jurisdiction": nw.lit("all"),
    }[policy.scope]
    scoped = units.with_columns(scope=scope)
    placed = divided(scoped.filter((nw.col("status") == "graded") & ~_SCORE.is_null()), policy)
    alone = (
        nw.when(_SCORE.is_null())
        .then(nowhere)
        .when(nw.col("status") == "graded")
        .then(_PLACE)
        .otherwise(by_threshold(policy))
    )
    joined = scoped.join(placed, on=["scope", "individual"], how="left")
    return joined.with_columns(place=alone).drop("scope")


def by_threshold(policy: TierPolicy) -> nw.Expr:
    """The first tier whose threshold the score reaches; the last takes the rest.

    Source: docs/rules/scoring.md, C-2.
    """
    last = len(policy.tiers) - 1
    place: nw.Expr = nw.lit(last, nw.Int64())
    for number in range(last - 1, -1, -1):
        threshold = policy.tiers[number].threshold
        if threshold is None:
            place = nw.lit(number, nw.Int64())
        else:
            place = nw.when(threshold <= _SCORE).then(number).otherwise(place)
    return place


def divided(graded: Frame, policy: TierPolicy) -> Frame:
    """The tiers of the blocks of equal score of each scope.

    Args:
        graded: scope, individual: the graded units that have the component.

    Returns:
        scope, individual, place.

    Source: docs/rules/scoring.md, C-2.
    """
    size = nw.col("size")
    blocks = (
        graded.group_by("scope", "individual")
        .agg(size=nw.len().cast(nw.Int64()))
        .with_columns(order=-_SCORE)
        .with_columns(
            number=total(size).over("scope"),
            upto=running(size, ("scope",), ("order",)),
            place=nw.lit(None, nw.Int64()),
        )
    )
    for number, tier in enumerate(policy.tiers[:-1]):
        taken = nw.when(~_PLACE.is_null()).then(nw.col("upto")).max().over("scope")
        enters = _PLACE.is_null() & _may_enter(policy, tier)
        blocks = blocks.with_columns(taken=taken.fill_null(0)).with_columns(
            place=nw.when(enters).then(number).otherwise(_PLACE).cast(nw.Int64())
        )
    small = nw.col("number") < policy.small_scope
    rest = _PLACE.fill_null(len(policy.tiers) - 1)
    return blocks.select(
        "scope", "individual", place=nw.when(small).then(by_threshold(policy)).otherwise(rest)
    )


def _may_enter(policy: TierPolicy, tier: Tier) -> nw.Expr:
    """Whether a block that no earlier tier took reaches this one's threshold and finds seats."""
    reaches = nw.lit(True)
    if tier.threshold is not None and policy.assign != "quota":
        reaches = _SCORE >= tier.threshold
    if tier.share is None or policy.assign == "threshold":
        return reaches
    seats = tier.share * nw.col("number") // FULL
    seats = nw.when(seats < 1).then(1).otherwise(seats)
    wanted = nw.col("upto") - nw.col("taken")
    fits = wanted <= seats
    if policy.ties == "up":
        fits = fits | ((wanted == seats + 1) & (wanted - nw.col("size") < seats))
    return reaches & fits


def tier_name(policy: TierPolicy) -> nw.Expr:
    """The name of the tier at ``place``."""
    name: nw.Expr = nw.lit(None, nw.String())
    for number, tier in enumerate(policy.tiers):
        name = nw.when(_PLACE == number).then(nw.lit(tier.name)).otherwise(name)
    return name


def with_adjusted(units: Frame, policy: TierPolicy) -> Frame:
    """The units with S′ of the individual component: what its tier makes of S, held to 0…100.

    Args:
        units: individual: S in ticks, place, and more.

    Returns:
        The columns of ``units`` and individual_adjusted: ticks.

    Source: docs/rules/scoring.md, C-3.
    """
    value: nw.Expr = nw.lit(None, nw.Int64())
    if policy.effect != "none":
        for number, tier in enumerate(policy.tiers):
            own = nw.lit(tier.value, nw.Int64())
            value = nw.when(_PLACE == number).then(own).otherwise(value)
    valued = units.with_columns(value=value)
    moved = _moved(policy.effect, nw.col("value"))
    if policy.effect == "coefficient":
        product = nw.when(~nw.col("value").is_null()).then(_SCORE * nw.col("value"))
        valued = half_up(valued, moved=(product, TICK))
    after = nw.when(nw.col("value").is_null()).then(_SCORE).otherwise(held(moved, 0, FULL))
    return valued.select(*units.columns, individual_adjusted=after)


def _moved(effect: str, value: nw.Expr) -> nw.Expr:
    if effect == "subtract":
        return _SCORE - value
    if effect == "ceiling":
        return at_most(_SCORE, value)
    return nw.col("moved") if effect == "coefficient" else value
