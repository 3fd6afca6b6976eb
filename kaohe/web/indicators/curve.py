"""The curve of a rule as a small drawing, with an example; drawn anew while somebody types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kaohe.core.curves import PLACES, Measured, Point, curve, example, is_flat, lacking, unusable
from kaohe.core.indicators import Indicator, Values, ends_for
from kaohe.core.past import PastValue
from kaohe.core.plan_words import FIELD_WORDS
from kaohe.core.quantities import FULL, TICK, half_up, parse_ticks, show_plain
from kaohe.core.rule_words import rule_said
from kaohe.core.tables import EVENT_RULES
from kaohe.core.texts import clean
from kaohe.web.indicators.rule_fields import RuleForm
from kaohe.web.requests import SignedIn

WIDE, HIGH = 460, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 448, 14, 184  # of the plane in which the line runs
APART = 52  # between two labels of the axis
SEVERAL = str.maketrans({"，": ",", "、": ",", "；": ",", ";": ",", " ": ","})


class Label(NamedTuple):
    """A number at an axis."""

    at: float
    text: str


class Drawing(NamedTuple):
    """All that the template draws."""

    line: str
    labels: list[Label]
    heights: list[Label]
    spot: tuple[float, float] | None
    before: list[Label]
    axis: str


class Example(NamedTuple):
    """What is supposed, and what it earns."""

    supposed: str
    earned: str


def axis_words(indicator: Indicator) -> str:
    """What runs along the axis."""
    if indicator.rule in EVENT_RULES:
        return _("number of events: %(kind)s") % {
            "kind": indicator.kinds[0].kind if indicator.kinds else ""
        }
    said = {
        "milestones": _("days late"),
        "rank": _("rank among %(n)s units") % {"n": PLACES},
        "marks": _("mean of the marks"),
    }
    return said.get(indicator.rule, "") or (
        _("value reached (%(measure)s)") % {"measure": indicator.measure}
        if indicator.measure
        else _("value reached")
    )


def drawing(
    indicator: Indicator,
    own: Values,
    spot: Point | None = None,
    before: Sequence[PastValue] = (),
) -> Drawing | None:
    """The curve in the plane; None where it cannot be drawn.

    Args:
        spot: the example.
        before: what was reached in earlier years; marked on the axis.
    """
    points = curve(indicator, own)
    if len(points) < 2:
        return None
    past = [each for each in before if each.value is not None]
    low = min(points[0].value, *(each.value or 0 for each in past), points[-1].value)
    high = max(points[-1].value, *(each.value or 0 for each in past), low + 1)
    whole = indicator.points or 1

    def across(value: int) -> float:
        clipped = min(max(value, low), high)
        return round(LEFT + (RIGHT - LEFT) * (clipped - low) / (high - low), 1)

    def up(earned: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * earned / whole, 1)

    ends = [Point(low, points[0].earned), *points, Point(high, points[-1].earned)]
    return Drawing(
        " ".join(f"{across(each.value)},{up(each.earned)}" for each in ends),
        _labels(indicator, own, points, across),
        [Label(up(part), show_plain(part)) for part in (0, half_up(whole, 2), whole)],
        (across(spot.value), up(spot.earned)) if spot else None,
        [Label(across(each.value or 0), str(each.year)) for each in reversed(past)],
        axis_words(indicator),
    )


def _labels(indicator: Indicator, own: Values, points: Sequence[Point], across: Any) -> list[Label]:
    """Numbers at the axis: first what was entered, then the ends, as far as there is room."""
    ends = ends_for(indicator, own)
    first = [
        each for each in (ends.zero_at, ends.full_at, ends.target, ends.base) if each is not None
    ]
    if indicator.rule == "growth":
        first = first[1:]
    wanted = [*first, *(step.threshold for step in indicator.steps)]
    wanted += [points[0].value, points[-1].value, *(each.value for each in points)]
    shown: list[Label] = []
    for value in wanted:
        at = across(value)
        inside = points[0].value <= value <= points[-1].value
        whole = value % TICK == 0 or value in wanted[: len(first) + len(indicator.steps)]
        if inside and whole and all(abs(at - each.at) >= APART for each in shown):
            shown.append(Label(at, show_plain(value)))
    return shown


def tried(indicator: Indicator, own: Values, text: str) -> tuple[Example, Point] | None:
    """An example and what it earns; where none is given, one from the middle of the curve."""
    points = curve(indicator, own)
    if not points:
        return None
    numbers = [parse_ticks(each) for each in text.translate(SEVERAL).split(",") if each]
    given = [each for each in numbers if each is not None]
    if not given or len(given) != len(numbers):
        given = [_middle(indicator, points)]
    measured, at = _supposed(indicator, given)
    earned = example(indicator, own, measured)
    if earned is None:
        return None
    return Example(_said(indicator, given), show_plain(earned)), Point(at, earned)


def _middle(indicator: Indicator, points: Sequence[Point]) -> int:
    if indicator.rule in (*EVENT_RULES, "milestones"):
        return TICK
    if indicator.rule == "rank":
        return 3 * TICK
    middle = (points[0].value + points[-1].value) // 2
    return middle if abs(middle) < 10 * TICK else middle // TICK * TICK


def _supposed(indicator: Indicator, given: Sequence[int]) -> tuple[Measured, int]:
    """What the example supposes, and where it stands on the axis."""
    first = given[0]
    match indicator.rule:
        case "deduction" | "accrual":
            kinds = [kind.kind for kind in indicator.kinds]
            events = {kind: n // TICK for kind, n in zip(kinds, given, strict=False)}
            return Measured(events=events), first // TICK * TICK
        case "milestones":
            return Measured(late=[first // TICK]), first
        case "rank":
            return Measured(place=first // TICK), first
        case "marks":
            return Measured(marks=given), half_up(max(sum(given), 0), len(given))
    return Measured(value=first), first


def _said(indicator: Indicator, given: Sequence[int]) -> str:
    if indicator.rule in EVENT_RULES:
        pairs = zip(indicator.kinds, given, strict=False)
        return _(", ").join(f"{kind.kind} × {show_plain(n // TICK * TICK)}" for kind, n in pairs)
    return _(", ").join(f"{show_plain(each)}{indicator.measure}" for each in given)


def curve_of(
    indicator: Indicator,
    own: Values,
    text: str = "",
    before: Sequence[PastValue] = (),
) -> dict[str, Any]:
    """What ``indicators/_curve.html`` needs for an indicator."""
    missing = [name for name in lacking(indicator, own) if name != "rule"]
    found = tried(indicator, own, text)
    spot = found[1] if found else None
    return {
        "drawing": drawing(indicator, own, spot, before) if spot else None,
        "example": found[0] if found else None,
        "said": [each.say(_) for each in rule_said(indicator, own)],
        "missing": _(", ").join(_(FIELD_WORDS[name]) for name in missing),
        "unusable": bool(unusable(indicator, own)),
        "flat": is_flat(indicator, own),
        "full": show_plain(indicator.points or 0),
        "has_rule": bool(indicator.rule),
    }


def curve_of_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """The curve of what somebody has typed so far, sound or not."""
    form = RuleForm(data)
    form.is_checked = False
    form.is_valid()
    given = form.cleaned_data
    indicator = replace(form.ruled(given), measure=clean(str(data.get("measure", "")))[:20])
    return curve_of(
        indicator, supposed_own(indicator, given.get("try_base")), given.get("try_out") or ""
    )


def supposed_own(indicator: Indicator, base: int | None = None) -> Values:
    """Own values for a curve that is of no unit: growth is drawn over a base of 100."""
    if indicator.rule != "growth":
        return Values()
    return Values(base=base if base and base > 0 else FULL)


def curve_page(request: SignedIn) -> HttpResponse:
    """The curve of what stands in a form that somebody is typing in."""
    return render(request, "indicators/_curve.html", {"curve": curve_of_form(request.GET)})
