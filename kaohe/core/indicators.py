"""Indicators (指标), and what one unit's sheet (考核单) adds to them, as frozen values.

A department's plan (部门考核方案) is its indicators, some for all its units and some for one, and
for each unit its own values.  The common template (共性指标模板) is indicators of the whole
jurisdiction.  A draft may lack what a sound plan needs: that is found by ``core.checkup``.
Decimals are ticks; None: not entered.  The trees that the platform keeps are those of
``core.indicator_trees``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kaohe.core.problems import N_
from kaohe.core.rows import EventKind, Item, Milestone, NotApplicable, Step, Target


class Element(StrEnum):
    """The three elements (三要素) of individual indicators; the value is what files hold."""

    BUSINESS = "主体业务开展"
    BENEFIT = "经济社会效益"
    MANAGEMENT = "管理运行状况"


class Visibility(StrEnum):
    """显绩 or 潜绩: achievements that show at once, or foundations laid for later years."""

    VISIBLE = "visible"
    LATENT = "latent"


VISIBILITY_WORDS: Mapping[str, str] = {
    Visibility.VISIBLE: N_("visible achievement"),
    Visibility.LATENT: N_("latent achievement"),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    Up to ``trim`` the columns are those of the folder's table ``items``; the others are for people.
    ``unit``: the credit code of the one unit that it is for; empty: all of the department.
    """

    item: str
    name: str = ""
    component: str = "individual"  # or common
    unit: str = ""
    aspect: str = ""
    element: str = ""  # an Element, for individual ones; other texts come from folders
    points: int | None = None
    rule: str = ""  # one of tables.RULES
    zero_at: int | None = None
    full_at: int | None = None
    target: int | None = None
    minimum: int | None = None  # percent
    steps: tuple[Step, ...] = ()
    kinds: tuple[EventKind, ...] = ()
    late_per_day: int | None = None  # percent
    direction: str = ""  # up, down
    trim: bool | None = None
    visibility: str = ""  # a Visibility
    measure: str = ""  # unit of measure: %, 件, 万亩 …
    definition: str = ""  # what is counted, and how
    source: str = ""  # where the value comes from, so that a third party can verify it
    evidence: str = ""  # what is kept as proof
    basis: str = ""  # law, plan or document on which it rests
    tag: str = ""  # reg, practice, design: how far an office may change it
    period: str = ""  # month, quarter, half, year
    person: str = ""  # post in charge of it, no name
    judge: str = ""  # how it is judged: automatic, system, inspection, complaint, manual
    ledger: str = ""  # registration, establishment: the ledger of a common indicator


@dataclass(frozen=True, slots=True)
class Values:
    """A unit's own values for an indicator, in place of the indicator's; ``reason``: why so."""

    zero_at: int | None = None
    full_at: int | None = None
    target: int | None = None
    base: int | None = None
    reason: str = ""


class Node(NamedTuple):
    """A milestone of a unit (节点): its share in percent (ticks) and the day it is due."""

    milestone: str
    share: int
    due_on: date


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What a unit's sheet adds to the indicators that address it, each by the item's code."""

    values: Mapping[str, Values] = field(default_factory=dict)
    not_applicable: Mapping[str, str] = field(default_factory=dict)  # item → reason
    nodes: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A department's scheme with the plans of all its sheets (by credit code), or a template."""

    preface: str = ""
    indicators: tuple[Indicator, ...] = ()
    sheets: Mapping[str, SheetPlan] = field(default_factory=dict)

    def of_unit(self, unit: str) -> list[Indicator]:
        """The indicators that address a unit, in their order."""
        return [each for each in self.indicators if each.unit in ("", unit)]

    def sheet(self, unit: str) -> SheetPlan:
        """What a unit's sheet adds; nothing, where it is not named."""
        return self.sheets.get(unit, SheetPlan())


def ends_for(indicator: Indicator, values: Values) -> Values:
    """What a unit is held against under an indicator: its own values replace the indicator's.

    Source: docs/rules/folder.md, F-8.
    """
    return Values(
        indicator.zero_at if values.zero_at is None else values.zero_at,
        indicator.full_at if values.full_at is None else values.full_at,
        indicator.target if values.target is None else values.target,
        values.base,
        values.reason,
    )


def item_row(indicator: Indicator, department: str) -> Item:
    """An indicator as a row of the table ``items``; ``department`` empty: every unit.

    Raises:
        ValueError: it has no points yet.
    """
    if indicator.points is None:
        raise ValueError(f"the indicator {indicator.item} has no points")
    return Item(
        indicator.item,
        indicator.component,
        indicator.name,
        indicator.points,
        indicator.rule,
        department=department or None,
        unit=indicator.unit or None,
        aspect=indicator.aspect or None,
        element=indicator.element or None,
        zero_at=indicator.zero_at,
        full_at=indicator.full_at,
        target=indicator.target,
        minimum=indicator.minimum,
        steps=indicator.steps,
        kinds=indicator.kinds,
        late_per_day=indicator.late_per_day,
        direction=indicator.direction or None,
        trim=indicator.trim,
    )


def indicator_of(item: Item) -> Indicator:
    """A row of the table ``items`` as an indicator: what is for people is empty."""
    return Indicator(
        item.item,
        item.name,
        item.component,
        item.unit or "",
        item.aspect or "",
        item.element or "",
        item.points,
        item.rule,
        item.zero_at,
        item.full_at,
        item.target,
        item.minimum,
        item.steps,
        item.kinds,
        item.late_per_day,
        item.direction or "",
        item.trim,
    )


class SheetRows(NamedTuple):
    """What a sheet adds, as rows of the folder's tables."""

    targets: list[Target]
    not_applicable: list[NotApplicable]
    milestones: list[Milestone]


def sheet_rows(unit: str, sheet: SheetPlan) -> SheetRows:
    """A sheet's own values, exceptions and milestones as rows, by item."""
    targets = [
        Target(unit, item, each.zero_at, each.full_at, each.target, each.base)
        for item, each in sorted(sheet.values.items())
        if (each.zero_at, each.full_at, each.target, each.base) != (None, None, None, None)
    ]
    waived = [NotApplicable(unit, item, why) for item, why in sorted(sheet.not_applicable.items())]
    nodes = [
        Milestone(unit, item, node.milestone, node.share, node.due_on)
        for item, each in sorted(sheet.nodes.items())
        for node in each
    ]
    return SheetRows(targets, waived, nodes)


def sheet_of(
    targets: list[Target], waived: list[NotApplicable], milestones: list[Milestone]
) -> SheetPlan:
    """The rows of one unit as what its sheet adds; ``done_on`` is a fact, and no part of it."""
    nodes: dict[str, tuple[Node, ...]] = {}
    for row in milestones:
        node = Node(row.milestone, row.share, row.due_on)
        nodes[row.item] = (*nodes.get(row.item, ()), node)
    return SheetPlan(
        {row.item: Values(row.zero_at, row.full_at, row.target, row.base) for row in targets},
        {row.item: row.reason for row in waived},
        nodes,
    )
