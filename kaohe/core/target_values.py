"""What a unit declares under an indicator, what is wrong with it, whether it asks less than before.

Decimals are ticks.  Only what the rule of an indicator uses is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values, ends_for
from kaohe.core.problems import N_
from kaohe.core.quantities import LIMIT, parse_ticks, show_plain
from kaohe.core.target_easing import easier_values, is_below, is_turned

ASKED: Mapping[str, tuple[str, ...]] = {
    "interval": ("zero_at", "full_at"),
    "ratio_up": ("target",),
    "ratio_down": ("target",),
    "growth": ("target", "base"),
}
"""The values that a unit declares, by rule; under ``milestones`` it declares the days."""

FIELD_WORDS: Mapping[str, str] = {
    "zero_at": N_("no points at"),
    "full_at": N_("full points at"),
    "target": N_("target value"),
    "base": N_("base value"),
    "due_on": N_("due on"),
    "reason": N_("reason where easier"),
}

FAULTS: Mapping[str, str] = {
    "missing": N_("Enter a value: the points follow from it."),
    "out-of-range": N_("Enter a number below 100,000,000 with at most 4 digits after the point."),
    "ends-equal": N_("The two ends are equal, so nothing lies between them. Part them."),
    "not-positive": N_("Enter a value above 0: this rule divides by it."),
    "negative": N_("Enter 0 or more."),
    "day-outside": N_("Enter a day of the assessment year."),
    "turned": N_("This turns the indicator round. Keep the direction that the scheme gives it."),
    "below-earlier-year": N_(
        "This is easier than the latest actual value. Write why, or change it."
    ),
    "below-scheme": N_("This is easier than the value of the scheme. Write why, or change it."),
}


class Fault(NamedTuple):
    """Something wrong at one cell; ``code`` is one of ``FAULTS``."""

    item: str
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a unit under one indicator.

    ``values``: what the unit is held against as it stands, its own before the indicator's;
    ``stood``: what the scheme or the sheet said before; ``actual``: what was measured in the
    latest year that has a value, ``actual_year``.
    """

    indicator: Indicator
    values: Values = field(default_factory=Values)
    nodes: Sequence[Node] = ()
    actual: int | None = None
    actual_year: int | None = None
    stood: Values = field(default_factory=Values)

    @property
    def fields(self) -> tuple[str, ...]:
        """The values that are asked for."""
        return ASKED.get(self.indicator.rule, ())

    @property
    def is_below(self) -> bool:
        """Whether it asks less of the unit than was measured in the latest year with a value."""
        return is_below(self.indicator, self.values, self.actual)

    @property
    def easier(self) -> list[str]:
        """The names of the values that are easier to reach than what stood before."""
        return easier_values(self.indicator, self.values, self.stood)


def asked_of(plan: Plan, unit: str) -> list[Asked]:
    """What a plan asks of a unit: its indicators that apply and have values or days of its own.

    Source: docs/rules/targets.md, TA-4.
    """
    sheet = plan.sheet(unit)
    found = []
    for indicator in plan.of_unit(unit):
        nodes = sheet.nodes.get(indicator.item, ()) if indicator.rule == "milestones" else ()
        if indicator.item not in sheet.not_applicable and (indicator.rule in ASKED or nodes):
            values = ends_for(indicator, sheet.values.get(indicator.item, Values()))
            found.append(Asked(indicator, values, nodes, stood=replace(values, reason="")))
    return found


def with_own(asked: Iterable[Asked], own: SheetPlan) -> list[Asked]:
    """The same, with what a unit entered in place of what stood there."""
    found = []
    for each in asked:
        item = each.indicator.item
        values, nodes = own.values.get(item, each.values), own.nodes.get(item, each.nodes)
        found.append(replace(each, values=values, nodes=nodes))
    return found


def with_stood(asked: Iterable[Asked], kept: Mapping[str, Values]) -> list[Asked]:
    """The same, with what the scheme said when the unit declared, where that was kept."""
    return [replace(each, stood=kept.get(each.indicator.item, each.stood)) for each in asked]


def stood_of(asked: Iterable[Asked]) -> SheetPlan:
    """What stood before, as a sheet that holds it."""
    return SheetPlan({each.indicator.item: each.stood for each in asked if each.fields})


def declared(asked: Iterable[Asked]) -> SheetPlan:
    """What is asked, as a sheet that holds all of it."""
    rows = list(asked)
    return SheetPlan(
        {each.indicator.item: only_asked(each) for each in rows if each.fields},
        {},
        {each.indicator.item: tuple(each.nodes) for each in rows if each.nodes},
    )


def only_asked(asked: Asked) -> Values:
    """The values that are asked for, and the reason; what the rule does not use is left out."""
    kept = {name: getattr(asked.values, name) for name in asked.fields}
    return Values(**kept, reason=asked.values.reason)


def faults_of(asked: Iterable[Asked], year: int, *, reasons: bool = True) -> list[Fault]:
    """All that is wrong with what a unit declares; nothing: it may be declared.

    Args:
        reasons: whether each value that is easier than before needs a reason of its own.

    Source: docs/rules/targets.md, TA-4, TA-8.
    """
    return [fault for each in asked for fault in _faults(each, year, reasons)]


def _faults(asked: Asked, year: int, reasons: bool) -> Iterator[Fault]:
    item = asked.indicator.item
    sound = True
    for name in asked.fields:
        value = getattr(asked.values, name)
        code = _fault(asked.indicator.rule, name, value)
        if code:
            sound = False
            yield Fault(item, name, code)
    if sound and asked.indicator.rule == "interval":
        if asked.values.full_at == asked.values.zero_at:
            sound = False
            yield Fault(item, "full_at", "ends-equal")
        elif is_turned(asked.indicator, asked.values, asked.stood):
            sound = False
            yield Fault(item, "full_at", "turned")
    for node in asked.nodes:
        if node.due_on.year != year:
            yield Fault(item, node_field(node.milestone), "day-outside")
    if reasons and sound and not asked.values.reason:
        if asked.is_below:
            yield Fault(item, "reason", "below-earlier-year")
        elif asked.easier:
            yield Fault(item, "reason", "below-scheme")


def _fault(rule: str, name: str, value: int | None) -> str:
    if value is None:
        return "missing"
    if abs(value) >= LIMIT:
        return "out-of-range"
    if name in ("target", "base"):
        if rule in ("ratio_up", "growth") and value <= 0:
            return "not-positive"
        if value < 0:
            return "negative"
    return ""


NODE = "due_on/"


def node_field(milestone: str) -> str:
    """The name of the day of a milestone among the fields of an indicator.

    >>> node_field("开工")
    'due_on/开工'
    """
    return NODE + milestone


def into_draft(plan: Plan, unit: str, agreed: SheetPlan) -> SheetPlan:
    """A unit's sheet in a draft, with the targets that were agreed.

    What equals the indicator's own value, where the sheet had none of its own, stays unwritten.

    Source: docs/rules/targets.md, TA-3.
    """
    sheet = plan.sheet(unit)
    values, nodes = dict(sheet.values), dict(sheet.nodes)
    for indicator in plan.of_unit(unit):
        item = indicator.item
        if item in agreed.values:
            own = _own(indicator, sheet.values.get(item, Values()), agreed.values[item])
            if own == Values():
                values.pop(item, None)
            else:
                values[item] = own
        if item in agreed.nodes and item in nodes:
            days = {node.milestone: node.due_on for node in agreed.nodes[item]}
            nodes[item] = tuple(
                node._replace(due_on=days.get(node.milestone, node.due_on)) for node in nodes[item]
            )
    return SheetPlan(values, sheet.not_applicable, nodes)


def _own(indicator: Indicator, before: Values, agreed: Values) -> Values:
    kept = {}
    for name in ("zero_at", "full_at", "target", "base"):
        value = getattr(agreed, name)
        had = getattr(before, name)
        if value is None:
            kept[name] = had
        elif had is None and value == getattr(indicator, name, None):
            kept[name] = None
        else:
            kept[name] = value
    return Values(**kept, reason=agreed.reason)


def holds(plan: Plan, unit: str, agreed: SheetPlan) -> bool:
    """Whether a plan holds a unit against the targets that were agreed.

    An indicator that no longer addresses the unit, or no longer applies, is not compared.

    Source: docs/rules/targets.md, TA-3.
    """
    for each in asked_of(plan, unit):
        item = each.indicator.item
        wanted = agreed.values.get(item)
        if wanted is not None:
            now = only_asked(each)
            if any(
                getattr(wanted, name) != getattr(now, name)
                for name in each.fields
                if getattr(wanted, name) is not None
            ):
                return False
        days = {node.milestone: node.due_on for node in agreed.nodes.get(item, ())}
        if any(days.get(node.milestone, node.due_on) != node.due_on for node in each.nodes):
            return False
    return True


class Change(NamedTuple):
    """One value that an adjustment changes; ``old`` and ``new`` as people write them."""

    item: str
    field: str
    old: str
    new: str


def days_of(nodes: Iterable[Node]) -> dict[str, date]:
    """The days of milestones, by the names of their fields."""
    return {node_field(node.milestone): node.due_on for node in nodes}


Cell = tuple[str, str]  # an item and the name of a value or of a day


def cell_text(value: int | date | None) -> str:
    """A value of a cell as it is kept in a change.

    >>> cell_text(125000), cell_text(date(2026, 6, 1)), cell_text(None)
    ('12.5', '2026-06-01', '')
    """
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else show_plain(value)


def cells_of(asked: Iterable[Asked]) -> dict[Cell, int | date | None]:
    """The values and days that may be adjusted, by item and name."""
    found: dict[Cell, int | date | None] = {}
    for each in asked:
        item = each.indicator.item
        found |= {(item, name): getattr(each.values, name) for name in each.fields}
        found |= {(item, name): day for name, day in days_of(each.nodes).items()}
    return found


def changes_of(asked: Iterable[Asked], wanted: Mapping[Cell, int | date]) -> list[Change]:
    """What differs between a sheet and what is wanted of it, in the order of the sheet.

    Raises:
        KeyError: a cell is wanted that the sheet does not have.

    Source: docs/rules/targets.md, TA-5.
    """
    now = cells_of(asked)
    for cell in wanted:
        if cell not in now:
            raise KeyError(cell)
    return [
        Change(*cell, cell_text(old), cell_text(wanted[cell]))
        for cell, old in now.items()
        if cell in wanted and wanted[cell] != old
    ]


def still_holds(asked: Iterable[Asked], changes: Iterable[Change]) -> bool:
    """Whether a sheet still has the old values of some changes.

    Source: docs/rules/targets.md, TA-7.
    """
    now = {cell: cell_text(value) for cell, value in cells_of(asked).items()}
    return all(now.get((each.item, each.field)) == each.old for each in changes)


def changed_sheet(sheet: SheetPlan, changes: Iterable[Change]) -> SheetPlan:
    """A sheet with its changes; nothing else differs.

    Raises:
        ValueError: a change holds what is no value.

    Source: docs/rules/targets.md, TA-7.
    """
    values, nodes = dict(sheet.values), dict(sheet.nodes)
    for each in changes:
        if each.field.startswith(NODE):
            day = date.fromisoformat(each.new)
            nodes[each.item] = tuple(
                node._replace(due_on=day) if node_field(node.milestone) == each.field else node
                for node in nodes.get(each.item, ())
            )
            continue
        ticks = parse_ticks(each.new)
        if ticks is None:
            raise ValueError(f"a kept change is unsound: {each.new}")
        given: dict[str, Any] = {each.field: ticks}
        values[each.item] = replace(values.get(each.item, Values()), **given)
    return SheetPlan(values, sheet.not_applicable, nodes)


def narrowed(asked: Iterable[Asked], own: SheetPlan) -> SheetPlan:
    """What a unit entered, without what was not asked."""
    rows = list(asked)
    values = {
        item: Values(
            **{name: getattr(own.values[item], name) for name in each.fields},
            reason=own.values[item].reason,
        )
        for each in rows
        for item in (each.indicator.item,)
        if each.fields and item in own.values
    }
    nodes = {}
    for each in rows:
        days = days_of(own.nodes.get(each.indicator.item, ()))
        if each.nodes and days:
            nodes[each.indicator.item] = tuple(
                node._replace(due_on=days.get(node_field(node.milestone), node.due_on))
                for node in each.nodes
            )
    return SheetPlan(values, {}, nodes)


def amends(asked: Iterable[Asked], said: SheetPlan, now: SheetPlan) -> bool:
    """Whether what stands now differs from what a unit declared, where it still is asked.

    Source: docs/rules/targets.md, TA-3.
    """
    rows = list(asked)
    said, now = narrowed(rows, said), narrowed(rows, now)
    return any(now.values.get(item) != each for item, each in said.values.items()) or any(
        now.nodes.get(item) != each for item, each in said.nodes.items()
    )


def adjusted(asked: Iterable[Asked], sheet: SheetPlan) -> list[Asked]:
    """What a unit is held against once its sheet is another one."""
    return [
        replace(
            each,
            values=ends_for(each.indicator, sheet.values.get(each.indicator.item, Values())),
            nodes=sheet.nodes.get(each.indicator.item, each.nodes),
        )
        for each in asked
    ]
