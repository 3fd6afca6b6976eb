"""The tiers Ⅰ, Ⅱ, Ⅲ (档次) of the individual component."""

from collections.abc import Mapping
from itertools import groupby

from kaohe.core.quantities import FULL
from kaohe.core.scheme import Tier, TierPolicy


def seats_of(policy: TierPolicy, tier: Tier, scope: int) -> int | None:
    """How many of a scope's units the tier may take; None: no limit.

    Source: docs/rules/scoring.md, C-2.

    >>> seats_of(TierPolicy(), Tier("Ⅰ", share=300_000), 9)
    2
    """
    if tier.share is None or policy.assign == "threshold":
        return None
    return max(1, tier.share * scope // FULL)


def tier_by_threshold(policy: TierPolicy, score: int) -> str:
    """The first tier whose threshold the score reaches; the last takes the rest.

    Args:
        score: S, ticks.

    Source: docs/rules/scoring.md, C-2.

    >>> tier_by_threshold(TierPolicy(), 900_000), tier_by_threshold(TierPolicy(), 749_999)
    ('Ⅰ', 'Ⅲ')
    """
    for tier in policy.tiers[:-1]:
        if tier.threshold is None or score >= tier.threshold:
            return tier.name
    return policy.tiers[-1].name


def divide(policy: TierPolicy, scores: Mapping[str, int]) -> dict[str, str]:
    """The tier of each graded unit of one scope.

    Blocks of equal score go from the highest; a block takes the first tier that it may enter
    whole.  A tier too small for a block is closed to it and to all below; ``ties = "up"`` lets in
    a block that is larger by one than the seats left, where there is any.

    Args:
        policy: ``assign`` is neither "none" nor "manual".
        scores: S by unit code, ticks: all graded units of the scope that have the component.

    Source: docs/rules/scoring.md, C-2.
    """
    if len(scores) < policy.small_scope:
        return {unit: tier_by_threshold(policy, score) for unit, score in scores.items()}
    left = [seats_of(policy, tier, len(scores)) for tier in policy.tiers]
    found: dict[str, str] = {}
    highest_first = sorted(scores, key=lambda unit: scores[unit], reverse=True)
    for score, units in groupby(highest_first, key=lambda unit: scores[unit]):
        block = list(units)
        place = _place(policy, left, score, len(block))
        found |= dict.fromkeys(block, policy.tiers[place].name)
    return found


def _place(policy: TierPolicy, left: list[int | None], score: int, size: int) -> int:
    """The tier (its place in the list) that a block takes; ``left`` is kept up to date."""
    last = len(policy.tiers) - 1
    for place, tier in enumerate(policy.tiers[:last]):
        if policy.assign != "quota" and tier.threshold is not None and score < tier.threshold:
            continue
        seats = left[place]
        if seats is None:
            return place
        if size <= seats or (policy.ties == "up" and seats >= 1 and size == seats + 1):
            left[place] = max(0, seats - size)
            return place
        left[place] = 0
    return last
