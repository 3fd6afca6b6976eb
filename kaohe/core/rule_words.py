"""How an indicator is scored, in sentences (计分办法): each a message id with its facts.

The numbers are those that one unit is held against, or, where each unit has its own, left open.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from kaohe.core.indicators import Indicator, Values, ends_for
from kaohe.core.problems import N_
from kaohe.core.quantities import show_plain

OPEN = "—"  # where a number is not entered


class Said(NamedTuple):
    """One sentence: a message id, and the facts that it is filled with."""

    sentence: str
    facts: Mapping[str, str]

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language of ``translate``."""
        return translate(self.sentence).format_map(self.facts)


def _shown(ticks: int | None) -> str:
    return OPEN if ticks is None else show_plain(ticks)


def rule_said(indicator: Indicator, own: Values | None = None) -> list[Said]:
    """How an indicator is scored.

    Args:
        own: a unit's own values; they replace the indicator's.

    Source: docs/rules/indicators.md, E-9.

    >>> rule_said(Indicator("J01", rule="ratio_up", target=1_000_000))[0].say()
    'in proportion to the target 100, at most all points'
    """
    say = _RULES.get(indicator.rule)
    return say(indicator, ends_for(indicator, own or Values())) if say else []


def _interval(_indicator: Indicator, ends: Values) -> list[Said]:
    facts = {"zero_at": _shown(ends.zero_at), "full_at": _shown(ends.full_at)}
    falling = None not in (ends.zero_at, ends.full_at) and (ends.zero_at or 0) > (ends.full_at or 0)
    if falling:
        return [
            Said(
                N_("{zero_at} or more earns nothing, {full_at} or less all, in between by share"),
                facts,
            )
        ]
    return [
        Said(
            N_("{zero_at} or less earns nothing, {full_at} or more all, in between by share"),
            facts,
        )
    ]


def _minimum(indicator: Indicator) -> list[Said]:
    if indicator.minimum is None:
        return []
    facts = {"minimum": _shown(indicator.minimum)}
    return [Said(N_("nothing where less than {minimum}% is reached"), facts)]


def _ratio_up(indicator: Indicator, ends: Values) -> list[Said]:
    facts = {"target": _shown(ends.target)}
    said = Said(N_("in proportion to the target {target}, at most all points"), facts)
    return [said, *_minimum(indicator)]


def _ratio_down(indicator: Indicator, ends: Values) -> list[Said]:
    facts = {"target": _shown(ends.target)}
    said = Said(N_("up to {target} all points, beyond it target divided by value"), facts)
    return [said, *_minimum(indicator)]


def _steps_up(indicator: Indicator, _ends: Values) -> list[Said]:
    return [
        Said(N_("from {threshold} on {percent}% of the points"), _step(*each))
        for each in indicator.steps
    ]


def _steps_down(indicator: Indicator, _ends: Values) -> list[Said]:
    return [
        Said(N_("up to {threshold} {percent}% of the points"), _step(*each))
        for each in indicator.steps
    ]


def _step(threshold: int, percent: int) -> dict[str, str]:
    return {"threshold": show_plain(threshold), "percent": show_plain(percent)}


def _growth(_indicator: Indicator, ends: Values) -> list[Said]:
    facts = {"target": _shown(ends.target), "base": _shown(ends.base)}
    return [Said(N_("growth over the base {base}, all points at {target}%"), facts)]


def _events(once: str, capped: str) -> Callable[[Indicator, Values], list[Said]]:
    def say(indicator: Indicator, _ends: Values) -> list[Said]:
        return [
            Said(
                once if each.cap is None else capped,
                {
                    "kind": each.kind,
                    "points": show_plain(each.points),
                    "cap": _shown(each.cap),
                },
            )
            for each in indicator.kinds
        ]

    return say


def _milestones(indicator: Indicator, _ends: Values) -> list[Said]:
    said = [Said(N_("the share of each milestone that is done"), {})]
    if indicator.late_per_day is None:
        return [*said, Said(N_("a milestone that is late earns nothing"), {})]
    facts = {"late": show_plain(indicator.late_per_day)}
    return [*said, Said(N_("each day late takes {late}% of its share"), facts)]


def _rank(indicator: Indicator, _ends: Values) -> list[Said]:
    if indicator.direction == "down":
        return [Said(N_("by rank in the department, the lowest value first"), {})]
    return [Said(N_("by rank in the department, the highest value first"), {})]


def _marks(indicator: Indicator, _ends: Values) -> list[Said]:
    if indicator.trim:
        return [Said(N_("mean of the judges' marks without the highest and the lowest"), {})]
    return [Said(N_("mean of the judges' marks"), {})]


_RULES: Mapping[str, Callable[[Indicator, Values], list[Said]]] = {
    "interval": _interval,
    "ratio_up": _ratio_up,
    "ratio_down": _ratio_down,
    "steps_up": _steps_up,
    "steps_down": _steps_down,
    "growth": _growth,
    "deduction": _events(
        N_("{kind}: {points} points off each time"),
        N_("{kind}: {points} points off each time, {cap} at most"),
    ),
    "accrual": _events(
        N_("{kind}: {points} points each time"),
        N_("{kind}: {points} points each time, {cap} at most"),
    ),
    "milestones": _milestones,
    "rank": _rank,
    "marks": _marks,
}
