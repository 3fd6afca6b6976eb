"""The settings of a scheme in words: key, what it decides, and the value in force.

All settings stand here, those that were left to their defaults as well: a reader of the result
need not know the defaults.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kaohe.core.quantities import show_plain
from kaohe.core.scheme import Linkages, Scheme, Survey, Tier, TierPolicy
from kaohe.core.tables import COMPONENTS
from kaohe.locale import Translate
from kaohe.locale.words import N_, say


class Setting(NamedTuple):
    """One setting: its dotted key in ``scheme.toml``, its meaning, its value in words."""

    key: str
    meaning: str
    value: str


CHOICES: Mapping[str, str] = {  # a value that is chosen from a list
    "zero": N_("counted as 0"),
    "redistribute": N_("left out, its weight goes to the others"),
    "rescale": N_("left out of both sums"),
    "full": N_("counted as earned in full"),
    "none": N_("none"),
    "quota": N_("by share of seats"),
    "threshold": N_("by threshold"),
    "quota_and_threshold": N_("by share of seats and threshold"),
    "manual": N_("as entered unit by unit"),
    "department": N_("within each department"),
    "group": N_("within each group"),
    "jurisdiction": N_("among all units"),
    "subtract": N_("points are subtracted"),
    "ceiling": N_("the score is capped"),
    "coefficient": N_("the score is multiplied"),
    "fixed": N_("a fixed value"),
    "down": N_("all fall to the next tier"),
    "up": N_("all rise when one seat too few"),
    "shrink": N_("its weight shrinks in proportion"),
    "drop": N_("it does not count"),
    "keep": N_("it keeps its weight"),
    "floor": N_("rounded down"),
    "half_up": N_("rounded half up"),
    "ceil": N_("rounded up"),
    "committee": N_("the committee decides"),
    "all_in": N_("all get a seat"),
    "all_out": N_("none gets a seat"),
    "break": N_("breaks the run"),
    "bridge": N_("is bridged"),
    "points": N_("percentage points are added"),
    "ratio": N_("the quota is multiplied before rounding"),
    "ratio_of_rounded": N_("the rounded quota is multiplied"),
}


def settings(scheme: Scheme, translate: Translate = str) -> Iterator[Setting]:
    """Every setting of the scheme, in the order of ``scheme.toml``.

    Source: docs/rules/scheme.md, SC-1, SC-2.
    """
    for key, meaning, value in _rows(scheme, translate):
        yield Setting(key, translate(meaning), value)


def choice(value: str, translate: Translate) -> str:
    """A chosen value in words.

    >>> choice("half_up", str)
    'rounded half up'
    """
    return translate(CHOICES[value])


Row = tuple[str, str, str]


def _rows(scheme: Scheme, translate: Translate) -> Iterator[Row]:
    yield ("year", N_("assessment year"), str(scheme.year))
    yield ("jurisdiction", N_("jurisdiction"), scheme.jurisdiction)
    yield ("title", N_("title of the scheme"), scheme.title)
    for part in COMPONENTS:
        key = f"components.{part}"
        name = say("component", part, translate)
        weight, missing = show_plain(scheme.weights[part]), scheme.missing[part]
        yield (f"{key}.weight", N_("weight of a component"), _named(name, weight))
        missing = _named(name, choice(missing, translate))
        yield (f"{key}.missing", N_("where a component is missing"), missing)
    for group, weights in sorted(scheme.weights_by_group.items()):
        value = ", ".join(show_plain(weights[part]) for part in COMPONENTS)
        meaning = N_("weights of a group: common, individual, social")
        yield (f"weights_by_group.{group}", meaning, value)
    relief = _percent(scheme.self_correction_relief)
    yield ("common.self_correction_relief", N_("points forgiven when self-corrected"), relief)
    value = choice(scheme.not_applicable, translate)
    yield ("common.not_applicable", N_("an item that does not apply"), value)
    yield from _tier_rows(scheme.tier_policy, translate)
    yield from _survey_rows(scheme.survey, translate)
    yield ("adjustments.bonus_cap", N_("most that bonuses may add"), show_plain(scheme.bonus_cap))
    cap = show_plain(scheme.deduction_cap)
    yield ("adjustments.deduction_cap", N_("most that extra deductions may take"), cap)
    yield from _grading_rows(scheme, translate)
    yield from _linkage_rows(scheme.linkages, translate)


def _tier_rows(policy: TierPolicy, translate: Translate) -> Iterator[Row]:
    yield ("tier_policy.assign", N_("how tiers are assigned"), choice(policy.assign, translate))
    yield ("tier_policy.scope", N_("among whom"), choice(policy.scope, translate))
    effect = choice(policy.effect, translate)
    yield ("tier_policy.effect", N_("what a tier does to the score"), effect)
    smallest = str(policy.small_scope)
    yield ("tier_policy.small_scope", N_("fewer units than this: thresholds only"), smallest)
    value = choice(policy.ties, translate)
    yield ("tier_policy.ties", N_("equal scores at the end of a tier"), value)
    for tier in policy.tiers:
        yield ("tier_policy.tiers", N_("tier: share, threshold, value"), _tier(tier))


def _tier(tier: Tier) -> str:
    parts = [
        _percent(tier.share) if tier.share is not None else "—",
        show_plain(tier.threshold) if tier.threshold is not None else "—",
        show_plain(tier.value) if tier.value is not None else "—",
    ]
    return _named(tier.name, ", ".join(parts))


def _survey_rows(survey: Survey, translate: Translate) -> Iterator[Row]:
    scale = ", ".join(show_plain(points) for points in survey.scale)
    yield ("survey.scale", N_("points of the answers 1 to 5"), scale)
    share = _percent(survey.answered_share)
    yield ("survey.answered_share", N_("share of questions a response must answer"), share)
    value = choice(survey.thin_channel, translate)
    yield ("survey.thin_channel", N_("a channel below its minimum"), value)
    for dimension in survey.dimensions:
        name = say("dimension", dimension.code, translate)
        value = f"{show_plain(dimension.weight)} ({', '.join(dimension.questions)})"
        yield ("survey.dimensions", N_("dimension: weight (questions)"), _named(name, value))
    for channel in survey.channels:
        name = say("channel", channel.code, translate)
        value = f"{show_plain(channel.weight)}, {channel.minimum}"
        yield ("survey.channels", N_("channel: weight, least responses"), _named(name, value))
    for part in survey.rounds:
        value = _named(say("round", part.code, translate), show_plain(part.weight))
        yield ("survey.rounds", N_("round: weight"), value)


def _grading_rows(scheme: Scheme, translate: Translate) -> Iterator[Row]:
    grading, at_least = scheme.grading, scheme.grading.seats_at_least
    yield ("grading.a_share", N_("share of a group for grade A"), _percent(grading.a_share))
    value = choice(grading.seats_rounding, translate)
    yield ("grading.seats_rounding", N_("how the A seats are rounded"), value)
    seats, size = str(at_least.seats), str(at_least.from_group_size)
    yield ("grading.seats_at_least.seats", N_("A seats at least"), seats)
    yield ("grading.seats_at_least.from_group_size", N_("from this size of a group on"), size)
    yield ("grading.a_minimum", N_("least composite for grade A"), show_plain(grading.a_minimum))
    for part, points in grading.a_component_minimum.items():
        value = _named(say("component", part, translate), show_plain(points))
        yield ("grading.a_component_minimum", N_("least score of a component for grade A"), value)
    barred = _joined(grading.a_barred_tiers)
    yield ("grading.a_barred_tiers", N_("tiers that bar grade A"), barred)
    yield ("grading.c_below", N_("grade C below this composite"), show_plain(grading.c_below))
    yield ("grading.c_share", N_("share of a group for grade C"), _percent(grading.c_share))
    below = show_plain(grading.c_share_below)
    yield ("grading.c_share_below", N_("only units below this composite"), below)
    order = ", ".join(say("component", part, translate) for part in grading.tie_break)
    yield ("grading.tie_break", N_("equal composites: compared in turn"), order)
    value = choice(grading.tie_at_last_seat, translate)
    yield ("grading.tie_at_last_seat", N_("a tie at the last A seat"), value)


def _linkage_rows(linkages: Linkages, translate: Translate) -> Iterator[Row]:
    mode = choice(linkages.excellent_quota, translate)
    yield ("linkages.excellent_quota", N_("how the quota of excellent staff is found"), mode)
    for grade, share in linkages.fixed_share.items():
        value = _named(say("grade", grade, translate), _percent(share))
        yield ("linkages.fixed_share", N_("fixed share of excellent staff"), value)
    base, cap = _percent(linkages.base_share), _percent(linkages.share_cap)
    yield ("linkages.base_share", N_("base share of excellent staff"), base)
    uplift = show_plain(linkages.uplift)
    yield ("linkages.uplift", N_("uplift of an A unit, percentage points or percent"), uplift)
    yield ("linkages.share_cap", N_("highest share of excellent staff"), cap)
    months = str(linkages.principal_months)
    yield ("linkages.principal_months", N_("months in post that a principal needs"), months)
    yield ("linkages.a_streak", N_("years of grade A in a run"), str(linkages.a_streak))
    yield ("linkages.c_streak", N_("years of grade C in a run"), str(linkages.c_streak))
    value = choice(linkages.a_gap, translate)
    yield ("linkages.a_gap", N_("a year without grade in a run of A"), value)
    value = choice(linkages.c_gap, translate)
    yield ("linkages.c_gap", N_("a year without grade in a run of C"), value)


def _percent(ticks: int) -> str:
    return f"{show_plain(ticks)}%"


def _named(name: str, value: str) -> str:
    return f"{name} {value}"


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words) or "—"
