"""Last year's scheme as the draft of a new year: what is carried over, and what is moved on.

Codes, points and rules are kept.  What a unit did last year becomes its base; a target that lies
behind it is moved up to it, for a target below what was reached needs a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values, ends_for
from kaohe.core.past import Past

_MEASURED = frozenset(
    {"interval", "ratio_up", "ratio_down", "steps_up", "steps_down", "growth", "rank"}
)


class Carried(NamedTuple):
    """A plan carried over; ``without_base``: (unit, item) where last year's value is not known."""

    plan: Plan
    without_base: tuple[tuple[str, str], ...] = ()


def carry_over(plan: Plan, units: Iterable[str], past: Past, year: int) -> Carried:
    """Last year's plan for the units of this one.

    Args:
        units: credit codes of the units that take part now.
        year: the new year.

    Source: docs/rules/indicators.md, E-8.
    """
    present = list(dict.fromkeys(units))
    indicators = tuple(each for each in plan.indicators if each.unit in ("", *present))
    kept = replace(plan, indicators=indicators)
    sheets, missing = {}, []
    for unit in present:
        sheets[unit] = _sheet(kept, unit, past, year)
        missing += [
            (unit, each.item)
            for each in kept.of_unit(unit)
            if each.rule in _MEASURED and sheets[unit].values.get(each.item, Values()).base is None
        ]
    return Carried(replace(kept, sheets=sheets), tuple(missing))


def _sheet(plan: Plan, unit: str, past: Past, year: int) -> SheetPlan:
    old = plan.sheet(unit)
    values: dict[str, Values] = {}
    nodes: dict[str, tuple[Node, ...]] = {}
    for each in plan.of_unit(unit):
        own = replace(old.values.get(each.item, Values()), reason="")
        if each.rule in _MEASURED:
            own = moved_on(each, own, last_value(past, unit, each.name, year))
        if own != Values():
            values[each.item] = own
        if each.item in old.nodes:
            nodes[each.item] = tuple(_a_year_on(node, year) for node in old.nodes[each.item])
    waived: Mapping[str, str] = old.not_applicable
    return SheetPlan(values, dict(waived), nodes)


def last_value(past: Past, unit: str, name: str, year: int) -> int | None:
    """What a unit had under an indicator of this name in the year before."""
    for each in past.values(unit, name):
        if each.year == year - 1:
            return each.value
    return None


def moved_on(indicator: Indicator, own: Values, reached: int | None) -> Values:
    """A unit's own values after a year in which it reached something: base, and target not below.

    Source: docs/rules/indicators.md, E-8.
    """
    if reached is None:
        return replace(own, base=None)
    now = replace(own, base=reached)
    ends = ends_for(indicator, own)
    if indicator.rule == "ratio_up" and ends.target is not None and reached > ends.target:
        return replace(now, target=reached)
    if indicator.rule == "ratio_down" and ends.target is not None and reached < ends.target:
        return replace(now, target=max(reached, 0))
    if indicator.rule == "interval" and ends.zero_at is not None and ends.full_at is not None:
        rising = ends.zero_at < ends.full_at
        if (reached > ends.full_at) if rising else (reached < ends.full_at):
            return replace(now, full_at=reached)
    return now


def _a_year_on(node: Node, year: int) -> Node:
    day = node.due_on
    try:
        return node._replace(due_on=day.replace(year=year))
    except ValueError:  # 29 February
        return node._replace(due_on=date(year, 2, 28))
