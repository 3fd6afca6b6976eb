"""How the points of a scheme are shared out (结构比重): by element, visibility, rule and unit."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kaohe.core.indicators import Element, Indicator, Plan, Visibility
from kaohe.core.quantities import FULL, half_up

NOT_QUANTIFIED = frozenset({"marks", ""})  # what rests on judgement alone


class Shares(NamedTuple):
    """Points in ticks, all of them and parts of them."""

    points: int = 0
    business: int = 0
    benefit: int = 0
    management: int = 0
    quantified: int = 0
    visible: int = 0
    latent: int = 0
    indicators: int = 0

    def percent(self, name: str) -> int | None:
        """A part of the points in percent (ticks); None where there are no points."""
        part: int = getattr(self, name)
        return half_up(part * FULL, self.points) if self.points else None

    @property
    def marked(self) -> bool:
        """Whether all points are marked as visible or as latent achievement."""
        return self.points > 0 and self.visible + self.latent == self.points


class UnitShares(NamedTuple):
    """The sums of one unit's sheet."""

    unit: str
    shares: Shares


ELEMENTS: Mapping[str, str] = {
    Element.BUSINESS: "business",
    Element.BENEFIT: "benefit",
    Element.MANAGEMENT: "management",
}


def shares_of(indicators: Iterable[Indicator]) -> Shares:
    """The shares of some indicators; one without points yet counts as an indicator only.

    Source: docs/rules/checkup.md, K-9, K-10.
    """
    found = dict.fromkeys(Shares._fields, 0)
    for each in indicators:
        points = each.points or 0
        found["indicators"] += 1
        found["points"] += points
        if part := ELEMENTS.get(each.element):
            found[part] += points
        if each.rule not in NOT_QUANTIFIED:
            found["quantified"] += points
        if each.visibility in (Visibility.VISIBLE, Visibility.LATENT):
            found[str(each.visibility)] += points
    return Shares(**found)


def by_unit(plan: Plan) -> list[UnitShares]:
    """The sums of every sheet of a plan, in its order; indicators for all are added up once."""
    for_all = shares_of(each for each in plan.indicators if not each.unit)
    own: dict[str, list[Indicator]] = {}
    for each in plan.indicators:
        if each.unit:
            own.setdefault(each.unit, []).append(each)
    return [
        UnitShares(unit, _sum(for_all, shares_of(own[unit])) if unit in own else for_all)
        for unit in plan.sheets
    ]


def _sum(one: Shares, other: Shares) -> Shares:
    return Shares(*(a + b for a, b in zip(one, other, strict=True)))


def overall(plan: Plan) -> Shares:
    """The sums over all sheets; without any, those of the indicators for all units."""
    units = by_unit(plan)
    if not units:
        return shares_of(each for each in plan.indicators if not each.unit)
    total = Shares()
    for each in units:
        total = _sum(total, each.shares)
    return total
