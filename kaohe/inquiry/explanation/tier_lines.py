"""How a unit came by its tier (档次): thresholds, seats, and who took them."""

from collections.abc import Sequence
from fractions import Fraction

from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, show_ticks
from kaohe.core.scheme import Tier
from kaohe.core.standing import INDIVIDUAL, Standing, scope_of, tiers_of
from kaohe.core.tiers import seats_of
from kaohe.inquiry.explanation.arithmetic import (
    FLOOR,
    Line,
    comma,
    exact_text,
    plain,
    points,
    said,
    sentences,
    worked,
)
from kaohe.inquiry.explanation.case import Case

Section = dict[str, object]

SHOWN = 12  # units of a scope that are listed; of a larger one those next to the unit
NAMED = 3  # holders of seats that a sentence names


def tier_scope(case: Case) -> Section | None:
    """The scope in which the unit's tier was decided; None where tiers are not divided.

    Source: docs/rules/scoring.md, C-2.
    """
    policy = case.scheme.tier_policy
    if policy.assign in ("none", "manual") or case.parts["individual"].score is None:
        return None
    ranked = _ranked(case)
    tier_of = _tiers(case)
    size = len(ranked)
    thresholds_only = size < policy.small_scope
    seats: list[Section] = [
        {
            "tier": tier.name,
            "share": points(tier.share),
            "threshold": points(None if policy.assign == "quota" else tier.threshold),
            "seats": None if thresholds_only else seats_of(policy, tier, size),
            "taken": sum(tier_of[each.unit.unit] == tier.name for each in ranked),
        }
        for tier in policy.tiers
    ]
    return {
        "kind": policy.scope,
        "name": scope_of(case.scheme, case.unit) or case.scheme.jurisdiction,
        "size": size,
        "seats": seats,
        "units": [_row(case, each, tier_of[each.unit.unit]) for each in _shown(case, ranked)],
        "reason": tier_reason(case),
    }


def _tiers(case: Case) -> dict[str, str]:
    return tiers_of(case.scheme, case.scope)


def _ranked(case: Case) -> list[Standing]:
    return sorted(case.scope, key=lambda each: (-_score(each), each.unit.unit))


def _score(standing: Standing) -> int:
    return standing.scores[INDIVIDUAL] or 0


def _shown(case: Case, ranked: Sequence[Standing]) -> Sequence[Standing]:
    if len(ranked) <= SHOWN:
        return ranked
    own = case.parts["individual"].score or 0
    place = sum(_score(each) > own for each in ranked)
    start = max(0, min(place - SHOWN // 2, len(ranked) - SHOWN))
    return ranked[start : start + SHOWN]


def _row(case: Case, standing: Standing, tier: str) -> Section:
    return {
        "unit": standing.unit.unit,
        "name": standing.unit.name,
        "score": points(_score(standing)),
        "tier": tier,
        "this": standing.unit.unit == case.unit.unit,
    }


def tier_reason(case: Case) -> str:
    """Why the unit has its tier and none above it, in words.

    Source: docs/rules/scoring.md, C-2.
    """
    _ = case.translate
    policy, part = case.scheme.tier_policy, case.parts["individual"]
    if part.tier is None or part.score is None:
        return ""
    if policy.assign == "manual":
        reason = next(row.reason for row in case.inputs.tiers if row.unit == case.unit.unit)
        return _(N_("Tier {tier} was set by hand: {reason}")).format(tier=part.tier, reason=reason)
    names = [tier.name for tier in policy.tiers]
    above = policy.tiers[: names.index(part.tier)]
    parts = [_why_not(case, tier, part.score) for tier in above]
    if thresholds_alone(case):
        parts.insert(0, _alone(case))
    parts.append(_why(case, policy.tiers[names.index(part.tier)], part.score))
    return sentences(parts, _)


def thresholds_alone(case: Case) -> bool:
    """Whether the unit's tier follows from thresholds alone, without seats.

    Source: docs/rules/scoring.md, C-2.
    """
    return case.unit.status != "graded" or len(case.scope) < case.scheme.tier_policy.small_scope


def _alone(case: Case) -> str:
    _ = case.translate
    if case.unit.status != "graded":
        return _(N_("The unit is not graded and takes no seat: thresholds alone decide."))
    text = N_("Only {size} units in the scope, fewer than {least}: thresholds alone decide.")
    least = case.scheme.tier_policy.small_scope
    return _(text).format(size=len(case.scope), least=least)


def seat_lines(case: Case) -> list[Line]:
    """How many seats each tier with a share has in the scope, and how many are taken.

    Source: docs/rules/scoring.md, C-2.
    """
    policy = case.scheme.tier_policy
    if policy.assign not in ("quota", "quota_and_threshold") or thresholds_alone(case):
        return []
    _ = case.translate
    tier_of, size, lines = _tiers(case), len(case.scope), []
    for tier in policy.tiers[:-1]:
        if tier.share is None:
            continue
        exact = Fraction(tier.share * size, FULL)
        whole = tier.share * size // FULL
        chain = [f"{size} × {plain(tier.share)} ÷ 100", exact_text(exact), str(whole)]
        label = _(N_("seats of tier {tier}")).format(tier=tier.name)
        line = worked(label, "C-2", chain, exact=exact, rounding=FLOOR, translate=_)
        taken = sum(found == tier.name for found in tier_of.values())
        text = N_("Tier {tier}: {taken} of {seats} seats are taken.")
        if whole < 1:
            text = N_("Tier {tier} has at least one seat; {taken} of {seats} are taken.")
        seats = seats_of(policy, tier, size)
        words = _(text).format(tier=tier.name, taken=taken, seats=seats)
        lines += [line, said("C-2", words)]
    return lines


def _needs(case: Case, tier: Tier) -> int | None:
    """The threshold that holds for the unit, if any."""
    if case.scheme.tier_policy.assign == "quota" and not thresholds_alone(case):
        return None
    return tier.threshold


def _why(case: Case, tier: Tier, score: int) -> str:
    _ = case.translate
    threshold = _needs(case, tier)
    words = {"tier": tier.name, "score": show_ticks(score)}
    if tier is case.scheme.tier_policy.tiers[-1]:
        return _(N_("Tier {tier} takes the rest: {score}.")).format(**words)
    if threshold is None:
        return _(N_("Tier {tier} has room: {score}.")).format(**words)
    text = N_("Tier {tier}: {score} reaches the threshold {threshold}.")
    return _(text).format(**words, threshold=plain(threshold))


def _why_not(case: Case, tier: Tier, score: int) -> str:
    _ = case.translate
    threshold = _needs(case, tier)
    if threshold is not None and score < threshold:
        text = N_("Tier {tier} needs {threshold}: {gap} are missing.")
        gap = show_ticks(threshold - score)
        return _(text).format(tier=tier.name, threshold=plain(threshold), gap=gap)
    seats = seats_of(case.scheme.tier_policy, tier, len(case.scope)) or 0
    tier_of = _tiers(case)
    holders = [each for each in _ranked(case) if tier_of[each.unit.unit] == tier.name]
    named = comma(_).join(
        _(N_("{name} ({score})")).format(name=each.unit.name, score=show_ticks(_score(each)))
        for each in holders[-NAMED:]
    )
    words = {"tier": tier.name, "seats": seats, "held": named, "score": show_ticks(score)}
    words["more"] = len(holders) - min(NAMED, len(holders))
    if len(holders) < seats:
        return _(_closed(case, score)).format(**words, size=_block(case, score))
    if len(holders) > NAMED:
        text = N_("Tier {tier}: its {seats} seats went to {held} and {more} above them.")
    elif seats == 1:
        text = N_("Tier {tier}: its one seat went to {held}.")
    else:
        text = N_("Tier {tier}: its {seats} seats went to {held}.")
    return _(text).format(**words)


def _block(case: Case, score: int) -> int:
    """How many units of the scope have exactly this score."""
    return sum(_score(each) == score for each in case.scope)


def _closed(case: Case, score: int) -> str:
    """The sentence for a tier with seats left that no block could take whole."""
    if _block(case, score) > 1:
        return N_("Tier {tier}: {size} units tie at {score}, more than its seats left of {seats}.")
    return N_("Tier {tier}: closed by a tie above that was larger than its seats left of {seats}.")
