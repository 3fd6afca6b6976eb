"""The canonical form of a scheme: what its digest is taken of."""

import json

from kaohe.core.quantities import TICK, show_ticks
from kaohe.core.scheme import FORMAT, Grading, Linkages, Scheme, Survey, Tier
from kaohe.core.tables import COMPONENTS


def canonical(scheme: Scheme) -> str:
    """The RFC 8785 form of the scheme with all defaults filled in, for its digest.

    Every number is a string with exactly four digits, so the form holds no JSON number at all.

    Source: docs/rules/outputs.md, O-3.
    """
    return _canonical_json(scheme_tree(scheme))


def scheme_tree(scheme: Scheme) -> dict[str, object]:
    """The scheme in the shape of its TOML file, every number a string with four digits."""
    policy, survey = scheme.tier_policy, scheme.survey
    components = {
        name: {"weight": show_ticks(scheme.weights[name]), "missing": scheme.missing[name]}
        for name in COMPONENTS
    }
    return {
        "format": FORMAT,
        "year": _whole(scheme.year),
        "jurisdiction": scheme.jurisdiction,
        "title": scheme.title,
        "components": components,
        "weights_by_group": {
            group: {name: show_ticks(weights[name]) for name in COMPONENTS}
            for group, weights in scheme.weights_by_group.items()
        },
        "common": {
            "self_correction_relief": show_ticks(scheme.self_correction_relief),
            "not_applicable": scheme.not_applicable,
        },
        "tier_policy": {
            "assign": policy.assign,
            "scope": policy.scope,
            "effect": policy.effect,
            "small_scope": _whole(policy.small_scope),
            "ties": policy.ties,
            "tiers": [_tier_tree(tier) for tier in policy.tiers],
        },
        "survey": _survey_tree(survey),
        "adjustments": {
            "bonus_cap": show_ticks(scheme.bonus_cap),
            "deduction_cap": show_ticks(scheme.deduction_cap),
        },
        "grading": _grading_tree(scheme.grading),
        "linkages": _linkages_tree(scheme.linkages),
    }


def _whole(number: int) -> str:
    return show_ticks(number * TICK)


def _tier_tree(tier: Tier) -> dict[str, object]:
    numbers = {"share": tier.share, "threshold": tier.threshold, "value": tier.value}
    given = {key: show_ticks(ticks) for key, ticks in numbers.items() if ticks is not None}
    return {"name": tier.name, **given}


def _survey_tree(survey: Survey) -> dict[str, object]:
    return {
        "scale": [show_ticks(points) for points in survey.scale],
        "answered_share": show_ticks(survey.answered_share),
        "thin_channel": survey.thin_channel,
        "dimensions": [
            {"code": d.code, "weight": show_ticks(d.weight), "questions": list(d.questions)}
            for d in survey.dimensions
        ],
        "channels": [
            {"code": c.code, "weight": show_ticks(c.weight), "minimum": _whole(c.minimum)}
            for c in survey.channels
        ],
        "rounds": [{"code": r.code, "weight": show_ticks(r.weight)} for r in survey.rounds],
    }


def _grading_tree(grading: Grading) -> dict[str, object]:
    decimals = ("a_share", "a_minimum", "c_below", "c_share", "c_share_below")
    seats = grading.seats_at_least
    return {
        **{key: show_ticks(getattr(grading, key)) for key in decimals},
        "seats_rounding": grading.seats_rounding,
        "seats_at_least": {
            "seats": _whole(seats.seats),
            "from_group_size": _whole(seats.from_group_size),
        },
        "a_component_minimum": {
            name: show_ticks(ticks) for name, ticks in grading.a_component_minimum.items()
        },
        "a_barred_tiers": list(grading.a_barred_tiers),
        "tie_break": list(grading.tie_break),
        "tie_at_last_seat": grading.tie_at_last_seat,
    }


def _linkages_tree(linkages: Linkages) -> dict[str, object]:
    return {
        "excellent_quota": linkages.excellent_quota,
        "fixed_share": {g: show_ticks(share) for g, share in linkages.fixed_share.items()},
        "base_share": show_ticks(linkages.base_share),
        "uplift": show_ticks(linkages.uplift),
        "share_cap": show_ticks(linkages.share_cap),
        "principal_months": _whole(linkages.principal_months),
        "a_streak": _whole(linkages.a_streak),
        "c_streak": _whole(linkages.c_streak),
        "a_gap": linkages.a_gap,
        "c_gap": linkages.c_gap,
    }


def _canonical_json(value: object) -> str:
    """RFC 8785 for text, lists and objects, which is all that a scheme tree holds."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_quoted(k)}:{_canonical_json(v)}" for k, v in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_canonical_json(entry) for entry in value) + "]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
