"""A scheme as the text of its ``scheme.toml``, every setting written out.

Read back it is the same scheme; so its digest is that of the file from which it came.
"""

from collections.abc import Iterator, Mapping, Sequence

from kaohe.core.quantities import show_plain
from kaohe.core.scheme import FORMAT, Grading, Linkages, Scheme, Survey, Tier, TierPolicy
from kaohe.core.tables import COMPONENTS

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def scheme_toml(scheme: Scheme) -> str:
    """The scheme as TOML.

    Source: docs/rules/scheme.md, SC-1.
    """
    return "\n".join(_lines(scheme)) + "\n"


def _lines(scheme: Scheme) -> Iterator[str]:
    yield f'format = "{FORMAT}"'
    yield f"year = {scheme.year}"
    yield f"jurisdiction = {_text(scheme.jurisdiction)}"
    yield f"title = {_text(scheme.title)}"
    for name in COMPONENTS:
        yield f"\n[components.{name}]"
        yield f"weight = {show_plain(scheme.weights[name])}"
        yield f'missing = "{scheme.missing[name]}"'
    for group, weights in scheme.weights_by_group.items():
        yield f"\n[weights_by_group.{_text(group)}]"
        yield from (f"{name} = {show_plain(weights[name])}" for name in COMPONENTS)
    yield "\n[common]"
    yield f"self_correction_relief = {show_plain(scheme.self_correction_relief)}"
    yield f'not_applicable = "{scheme.not_applicable}"'
    yield from _policy(scheme.tier_policy)
    yield from _survey(scheme.survey)
    yield "\n[adjustments]"
    yield f"bonus_cap = {show_plain(scheme.bonus_cap)}"
    yield f"deduction_cap = {show_plain(scheme.deduction_cap)}"
    yield from _grading(scheme.grading)
    yield from _linkages(scheme.linkages)


def _policy(policy: TierPolicy) -> Iterator[str]:
    yield "\n[tier_policy]"
    for name in ("assign", "scope", "effect", "ties"):
        yield f'{name} = "{getattr(policy, name)}"'
    yield f"small_scope = {policy.small_scope}"
    yield from _list("tiers", [_tier(tier) for tier in policy.tiers])


def _tier(tier: Tier) -> str:
    numbers = {"share": tier.share, "threshold": tier.threshold, "value": tier.value}
    given = {key: show_plain(ticks) for key, ticks in numbers.items() if ticks is not None}
    return _inline({"name": _text(tier.name), **given})


def _survey(survey: Survey) -> Iterator[str]:
    yield "\n[survey]"
    yield f"scale = [{', '.join(show_plain(points) for points in survey.scale)}]"
    yield f"answered_share = {show_plain(survey.answered_share)}"
    yield f'thin_channel = "{survey.thin_channel}"'
    dimensions = [
        {"code": _text(d.code), "weight": show_plain(d.weight), "questions": _texts(d.questions)}
        for d in survey.dimensions
    ]
    channels = [
        {"code": _text(c.code), "weight": show_plain(c.weight), "minimum": str(c.minimum)}
        for c in survey.channels
    ]
    rounds = [{"code": _text(r.code), "weight": show_plain(r.weight)} for r in survey.rounds]
    yield from _list("dimensions", [_inline(each) for each in dimensions])
    yield from _list("channels", [_inline(each) for each in channels])
    yield from _list("rounds", [_inline(each) for each in rounds])


def _grading(grading: Grading) -> Iterator[str]:
    yield "\n[grading]"
    for name in ("a_share", "a_minimum", "c_below", "c_share", "c_share_below"):
        yield f"{name} = {show_plain(getattr(grading, name))}"
    yield f'seats_rounding = "{grading.seats_rounding}"'
    seats = grading.seats_at_least
    pair = {"seats": str(seats.seats), "from_group_size": str(seats.from_group_size)}
    yield f"seats_at_least = {_inline(pair)}"
    least = {name: show_plain(ticks) for name, ticks in grading.a_component_minimum.items()}
    yield f"a_component_minimum = {_inline(least)}"
    yield f"a_barred_tiers = {_texts(grading.a_barred_tiers)}"
    yield f"tie_break = {_texts(grading.tie_break)}"
    yield f'tie_at_last_seat = "{grading.tie_at_last_seat}"'


def _linkages(linkages: Linkages) -> Iterator[str]:
    yield "\n[linkages]"
    yield f'excellent_quota = "{linkages.excellent_quota}"'
    shares = {grade: show_plain(share) for grade, share in linkages.fixed_share.items()}
    yield f"fixed_share = {_inline(shares)}"
    for name in ("base_share", "uplift", "share_cap"):
        yield f"{name} = {show_plain(getattr(linkages, name))}"
    for name in ("principal_months", "a_streak", "c_streak"):
        yield f"{name} = {getattr(linkages, name)}"
    for name in ("a_gap", "c_gap"):
        yield f'{name} = "{getattr(linkages, name)}"'


def _list(name: str, entries: Sequence[str]) -> Iterator[str]:
    if not entries:
        yield f"{name} = []"
        return
    yield f"{name} = ["
    yield from (f"  {entry}," for entry in entries)
    yield "]"


def _inline(pairs: Mapping[str, str]) -> str:
    if not pairs:
        return "{}"
    return "{ " + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + " }"


def _texts(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_text(text) for text in texts) + "]"


def _text(text: str) -> str:
    shown = "".join(
        _ESCAPES.get(c) or (f"\\u{ord(c):04X}" if ord(c) < 32 or ord(c) == 127 else c) for c in text
    )
    return f'"{shown}"'
