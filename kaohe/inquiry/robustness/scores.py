"""Scores of many draws at once: open events, survey means, tiers, composites.

Every value is a whole number of ticks, also where its type is float64: the greatest whole numbers
here stay below 2^53, and the quotient of two of them, X / Y with X + Y < 2^53, is rounded to a
float below the next whole number whenever the true quotient is.  So ``floor`` of it is exact, in
whatever order a library adds the products up.
"""

import numpy as np

from kaohe.core.quantities import FULL, TICK
from kaohe.core.scheme import Scheme, Tier, TierPolicy
from kaohe.core.tables import COMPONENTS
from kaohe.inquiry.robustness.chance import MILLION, Chance, Floats, Ints, deviates, unpacked
from kaohe.inquiry.robustness.cohort import MISSING, Array, SurveyMeans, Undecided

EXACT = 2**53
_CHUNK = 1 << 20  # events × draws worked on at once


def half_up(numerator: Floats, denominator: Floats | float) -> Floats:
    """The quotients rounded half up, in place of the numerators.

    Args:
        numerator: whole, 0 or more; 2·numerator + 3·denominator below 2^53.
        denominator: whole, 1 or more.

    Source: docs/rules/scoring.md, N-2.
    """
    numerator *= 2
    numerator += denominator
    numerator /= 2 * np.asarray(denominator)
    return np.floor(numerator, out=numerator)


def perturbed_weights(weights: tuple[int, ...], factors: Ints) -> Floats:
    """The weights of each draw in ticks, at least one tick.  Shape (draws, components).

    Args:
        weights: as the scheme has them, ticks.
        factors: (draws, components), millionths.
    """
    moved = half_up(np.asarray(weights, dtype=np.float64) * factors, float(MILLION))
    return np.maximum(moved, 1, out=moved)


def open_scores(open_: Undecided, coins: Array, first: int, last: int) -> Array:
    """S of every cell with an open event, in the draws ``first`` to ``last`` (not included).

    Args:
        coins: ``Chance.coins``.
        first: a multiple of 64.

    Returns:
        int32 (cells, last - first).

    Source: docs/rules/scoring.md, R-1, I-7, I-8, C-1.
    """
    found: Array = np.empty((open_.cells, last - first), dtype=np.int32)
    events_of = open_.kind_start[open_.item_start[open_.cell_start]]
    begin = 0
    while begin < open_.cells:
        room = int(events_of[begin]) + max(1, _CHUNK // (last - first))
        end = max(begin + 1, int(np.searchsorted(events_of, room, side="right")) - 1)
        found[begin:end] = _cells(
            open_, begin, end, _counting(open_, begin, end, coins, first, last)
        )
        begin = end
    return found


def _counting(open_: Undecided, begin: int, end: int, coins: Array, first: int, last: int) -> Array:
    """Which events of the cells ``begin`` to ``end`` count, 0 or 1: (events, draws), R-1."""
    low, high = (
        int(open_.kind_start[open_.item_start[open_.cell_start[at]]]) for at in (begin, end)
    )
    own = open_.event_coin[low:high]
    counting = unpacked(coins[own], first, last)  # −1 reads some row; it is overwritten
    counting[own < 0] = 1
    among = slice(*np.searchsorted(open_.denial_event, (low, high)))
    events = open_.denial_event[among] - low
    denied = unpacked(coins[open_.denial_coin[among]], first, last)
    for event, denial in zip(events, denied, strict=True):
        counting[event] &= 1 - denial
    return counting


def _cells(open_: Undecided, begin: int, end: int, counting: Array) -> Floats:
    """S of the cells ``begin`` to ``end``, from which of their events count."""
    items = open_.cell_start[begin : end + 1]
    kinds = open_.item_start[items[0] : items[-1] + 1]
    events = open_.kind_start[kinds[0] : kinds[-1] + 1]
    points = open_.event_points[events[0] : events[-1], None] * counting
    k, i, c = slice(kinds[0], kinds[-1]), slice(items[0], items[-1]), slice(begin, end)
    sums = np.add.reduceat(points, events[:-1] - events[0], axis=0)
    sums += open_.kind_base[k, None]
    np.minimum(sums, open_.kind_cap[k, None], out=sums)
    changed = np.add.reduceat(sums, kinds[:-1] - kinds[0], axis=0) + open_.item_other[i, None]
    full = open_.item_points[i, None]
    np.minimum(changed, full, out=changed)
    earned = np.where(open_.item_deducts[i, None], full - changed, changed)
    total = np.add.reduceat(earned, items[:-1] - items[0], axis=0) + open_.cell_earned[c, None]
    wide = FULL * total.astype(np.float64)
    return half_up(wide, open_.cell_points[c, None].astype(np.float64))


def social_scores(survey: SurveyMeans, chance: Chance, start: int, rows: int) -> Floats:
    """S of the social component of some units, their channel means drawn anew.

    A channel's mean is moved by its standard error times a standard normal deviate, rounded half
    up to ticks and held to 0…100.

    Args:
        start: where the first of these draws begins in the survey stream, in words.
        rows: how many draws.

    Returns:
        (rows, units); ``MISSING`` where no round has a score.

    Source: docs/rules/survey.md, E-4, E-5, E-6.
    """
    mean, error, weight = survey.mean, survey.error, survey.weight
    shape = (rows, *mean.shape)
    width = mean.size
    drawn = deviates()[chance.pieces(start, rows, width)].reshape(shape)
    drawn *= error
    drawn += mean * MILLION + MILLION // 2
    drawn /= MILLION
    np.floor(drawn, out=drawn)
    np.clip(drawn, 0, FULL, out=drawn)
    drawn *= weight
    weights = weight.sum(axis=1)
    rounds = half_up(drawn.sum(axis=2), np.maximum(weights, 1))
    held = np.where(weights > 0, survey.round_weight[:, None], 0.0)
    rounds *= held
    total = held.sum(axis=0)
    scores = half_up(rounds.sum(axis=1), np.maximum(total, 1))
    scores[:, total == 0] = MISSING
    return scores


def tier_cuts(policy: TierPolicy, scores: Array) -> Array:
    """The lowest score that each tier but the last admits, in each draw of one scope.

    Args:
        policy: ``assign`` is neither "none" nor "manual".
        scores: (draws, units) S of the graded units of the scope that have the component.

    Returns:
        int32 (tiers - 1, draws), not rising from one tier to the next; a score stands in the first
        tier whose cut it reaches, else in the last.

    Source: docs/rules/scoring.md, C-2.
    """
    fall = -np.sort(-scores, axis=1)
    rows, size = fall.shape
    line = np.arange(rows)
    small = size < policy.small_scope
    taken = np.zeros(rows, dtype=np.int64)
    cut = np.full(rows, FULL + 1, dtype=np.int64)
    cuts = np.empty((len(policy.tiers) - 1, rows), dtype=np.int32)
    for place, tier in enumerate(policy.tiers[:-1]):
        end = np.full(rows, size)
        if tier.threshold is not None and (policy.assign != "quota" or small):
            end = np.maximum(taken, np.count_nonzero(fall >= tier.threshold, axis=1))
        if tier.share is not None and policy.assign != "threshold" and not small:
            end = _seated(policy, tier, fall, taken, end)
        some = end > taken
        cut = np.where(some, fall[line, np.maximum(end - 1, 0)], cut)
        cuts[place] = cut
        taken = end
    return cuts


def _seated(policy: TierPolicy, tier: Tier, fall: Array, taken: Ints, end: Ints) -> Ints:
    """Where a tier with seats ends: ``end``, or the last whole block that its seats hold."""
    rows, size = fall.shape
    limit = taken + max(1, (tier.share or 0) * size // FULL)
    outside = fall[np.arange(rows), np.minimum(limit, size - 1)][:, None]
    above = np.count_nonzero(fall > outside, axis=1)
    through = np.count_nonzero(fall >= outside, axis=1)
    stop = above
    if policy.ties == "up":
        left = limit - above
        stop = np.where((left >= 1) & (through - above == left + 1), through, above)
    return np.where(limit < end, stop, end)


def tiers_from(cuts: Array, scores: Array) -> Array:
    """The place of the tier of each score: int8, shaped as ``scores`` and the cuts together.

    Args:
        cuts: (tiers - 1, …) of ``tier_cuts``.
    """
    places = np.zeros(np.broadcast_shapes(cuts.shape[1:], scores.shape), dtype=np.int8)
    for cut in cuts:
        places += scores < cut
    return places


def adjusted_by(policy: TierPolicy, scores: Array, places: Array) -> Floats:
    """S′ of the individual component: what its tier makes of each S.

    Source: docs/rules/scoring.md, C-3.
    """
    if policy.effect == "none":
        return np.asarray(scores, dtype=np.float64)
    # A coefficient above a million makes 100 of any score; held there, products fit 64 bits.
    values = [min(tier.value or 0, MILLION * TICK) for tier in policy.tiers]
    of_tier = np.array(values, dtype=np.int64)[places]
    if policy.effect == "subtract":
        moved = scores - of_tier
    elif policy.effect == "ceiling":
        moved = np.minimum(scores, of_tier)
    elif policy.effect == "coefficient":
        moved = (2 * of_tier * np.asarray(scores, dtype=np.int64) + TICK) // (2 * TICK)
    else:
        moved = of_tier
    held = np.clip(moved, 0, FULL).astype(np.float64)
    return np.where(scores == MISSING, float(MISSING), held)


def in_the_sums(scheme: Scheme, present: Array) -> Array:
    """Which components of each unit are in the sums of the composite, (3, units).

    Args:
        present: (3, units): whether the unit has the component.

    Source: docs/rules/scoring.md, C-4.
    """
    zero = [scheme.missing[component] == "zero" for component in COMPONENTS]
    used: Array = present | np.array(zero)[:, None]
    return used
