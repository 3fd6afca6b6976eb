"""One unit, one sheet (一单位一单): the items that address a unit, its rows, and its cells."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe.core import events as ledger
from kaohe.core import items as rules
from kaohe.core.quantities import FULL
from kaohe.core.rows import (
    Event,
    EventEffect,
    Inputs,
    Item,
    ItemScore,
    Mark,
    Measurement,
    Milestone,
    Target,
    Unit,
)
from kaohe.core.tables import EVENT_RULES

Rivals = Mapping[tuple[str, str], Sequence[int]]  # (item, department) → graded values, rising


@dataclass(slots=True)
class Sheet:
    """The items of one unit, in order of their codes, and its rows under each."""

    unit: Unit
    items: list[Item]
    targets: dict[str, Target] = field(default_factory=dict)
    not_applicable: set[str] = field(default_factory=set)
    events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    measurements: dict[str, Measurement] = field(default_factory=dict)
    milestones: dict[str, list[Milestone]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))


class Ends(NamedTuple):
    """What a rule measures against: the item's values, or the unit's own in their place."""

    zero_at: int | None
    full_at: int | None
    target: int | None
    base: int | None


def addressed(items: Iterable[Item]) -> Callable[[Unit], list[Item]]:
    """From a unit to the items that address it, in order of their codes.

    An item addresses its unit; without one, every unit of its department; without either, all.

    Source: docs/rules/folder.md, F-5.
    """
    by_place: defaultdict[tuple[str | None, str | None], list[Item]] = defaultdict(list)
    for item in items:
        by_place[item.department, item.unit].append(item)

    def of(unit: Unit) -> list[Item]:
        found = [
            item
            for department in (None, unit.department)
            for code in (None, unit.unit)
            for item in by_place.get((department, code), ())
        ]
        return sorted(found, key=lambda item: item.item)

    return of


def sheets(inputs: Inputs) -> dict[str, Sheet]:
    """The sheet of every unit that is not exempt, by unit code, in code order.

    Facts of an exempt unit are not used.

    Source: docs/rules/folder.md, F-3, F-5.
    """
    items_of = addressed(inputs.items)
    found = {
        unit.unit: Sheet(unit, items_of(unit))
        for unit in sorted(inputs.units, key=lambda unit: unit.unit)
        if unit.status != "exempt"
    }
    for target in inputs.targets:
        if sheet := found.get(target.unit):
            sheet.targets[target.item] = target
    for row in inputs.not_applicable:
        if sheet := found.get(row.unit):
            sheet.not_applicable.add(row.item)
    for measurement in inputs.measurements:
        if sheet := found.get(measurement.unit):
            sheet.measurements[measurement.item] = measurement
    for milestone in inputs.milestones:
        if sheet := found.get(milestone.unit):
            sheet.milestones[milestone.item].append(milestone)
    for mark in inputs.marks:
        if sheet := found.get(mark.unit):
            sheet.marks[mark.item].append(mark)
    for event in ledger.counting(inputs.events):
        if sheet := found.get(event.unit):
            sheet.events[event.item].append(event)
    return found


def measured(measurement: Measurement) -> int | None:
    """The value of a measurement, or its rate, in ticks; None where there was nothing to measure.

    Raises:
        ValueError: the row has neither a value nor both parts of a rate.

    Source: docs/rules/scoring.md, R-2.
    """
    if measurement.value is not None:
        return measurement.value
    if measurement.numerator is None or measurement.denominator is None:
        raise ValueError("a measurement needs a value, or a numerator and a denominator")
    return rules.rate(measurement.numerator, measurement.denominator)


def rivals(all_sheets: Mapping[str, Sheet]) -> dict[tuple[str, str], list[int]]:
    """The values that graded units have under each ranked item of a department, rising.

    Source: docs/rules/scoring.md, I-10.
    """
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for sheet in all_sheets.values():
        for item in sheet.items:
            measurement = sheet.measurements.get(item.item)
            if item.rule == "rank" and measurement and sheet.unit.status == "graded":
                value = measured(measurement)
                if value is not None:
                    found[item.item, sheet.unit.department].append(value)
    for values in found.values():
        values.sort()
    return dict(found)


def ends_of(item: Item, target: Target | None) -> Ends:
    """What the unit's measured value is held against: its own values replace the item's.

    Source: docs/rules/folder.md, F-8.
    """
    if target is None:
        return Ends(item.zero_at, item.full_at, item.target, None)
    return Ends(
        item.zero_at if target.zero_at is None else target.zero_at,
        item.full_at if target.full_at is None else target.full_at,
        item.target if target.target is None else target.target,
        target.base,
    )


def _needed(value: int | None) -> int:
    if value is None:
        raise ValueError("an item lacks what its rule needs")
    return value


def earned_by_value(item: Item, ends: Ends, value: int) -> int:
    """What a measured value earns, in ticks, under any rule that measures but ``rank``.

    Raises:
        ValueError: the rule lacks what it needs, or measures by nothing.

    Source: docs/rules/scoring.md, I-1, I-2, I-3, I-4, I-5, I-6.
    """
    match item.rule:
        case "interval":
            zero_at, full_at = _needed(ends.zero_at), _needed(ends.full_at)
            return rules.interval(item.points, value, zero_at=zero_at, full_at=full_at)
        case "ratio_up":
            target = _needed(ends.target)
            return rules.ratio_up(item.points, value, target=target, minimum=item.minimum)
        case "ratio_down":
            target = _needed(ends.target)
            return rules.ratio_down(item.points, value, target=target, minimum=item.minimum)
        case "steps_up":
            return rules.steps_up(item.points, value, item.steps)
        case "steps_down":
            return rules.steps_down(item.points, value, item.steps)
        case "growth":
            base, target = _needed(ends.base), _needed(ends.target)
            return rules.growth(item.points, value, base=base, target=target)
    raise ValueError(f"the rule {item.rule} does not measure a value")


def earned_by_rank(item: Item, unit: Unit, value: int, others: Sequence[int]) -> tuple[int, str]:
    """What a value earns among those of the department's graded units, and the cell's flag.

    Args:
        others: the graded units' values, rising; a graded unit's own is one of them.

    Source: docs/rules/scoring.md, I-10.
    """
    better = len(others) - bisect_right(others, value)
    if item.direction == "down":
        better = bisect_left(others, value)
    flag = "alone" if len(others) <= 1 else ""
    if unit.status == "graded":
        return rules.rank(item.points, better, len(others)), flag
    return rules.rank_beside(item.points, better, len(others)), flag


def _by_milestones(item: Item, rows: Sequence[Milestone]) -> int:
    done = [
        (row.share, max(0, (row.done_on - row.due_on).days))
        for row in rows
        if row.done_on is not None
    ]
    late = FULL if item.late_per_day is None else item.late_per_day
    return rules.milestones(item.points, done, late)


def _by_events(sheet: Sheet, item: Item, relief: int) -> tuple[int, int]:
    counted = sheet.events.get(item.item, [])
    totals = ledger.capped_totals(item, counted, relief)
    rule = rules.deduction if item.rule == "deduction" else rules.accrual
    return rule(item.points, totals), len(counted)


def _by_measurement(sheet: Sheet, item: Item, among: Rivals) -> tuple[int | None, str]:
    value = measured(sheet.measurements[item.item])
    if value is None:
        return None, "nothing-to-measure"
    if item.rule == "rank":
        others = among.get((item.item, sheet.unit.department), ())
        return earned_by_rank(item, sheet.unit, value, others)
    return earned_by_value(item, ends_of(item, sheet.targets.get(item.item)), value), ""


def score_cell(sheet: Sheet, item: Item, relief: int, among: Rivals) -> ItemScore:
    """One cell of a sheet: what the unit earned under the item, and from how many rows.

    Args:
        item: one of the sheet's.
        relief: percent of a self-corrected loss that is forgiven, ticks.
        among: the graded values of ranked items.

    Source: docs/rules/scoring.md, R-3; docs/rules/outputs.md, O-1, O-5.
    """
    code = item.item
    earned: int | None = 0
    facts, flag = 0, ""
    if code in sheet.not_applicable:
        earned, flag = None, "not-applicable"
    elif item.rule in EVENT_RULES:
        earned, facts = _by_events(sheet, item, relief)
    elif item.rule == "milestones" and (rows := sheet.milestones.get(code)):
        earned, facts = _by_milestones(item, rows), len(rows)
    elif item.rule == "marks" and (marks := sheet.marks.get(code)):
        given = [mark.points for mark in marks]
        earned, facts = rules.marks(given, trim=bool(item.trim)), len(given)
    elif code in sheet.measurements:
        facts = 1
        earned, flag = _by_measurement(sheet, item, among)
    else:
        flag = "missing"
    return ItemScore(sheet.unit.unit, code, item.component, item.points, earned, facts, flag)


def score_sheet(sheet: Sheet, relief: int, among: Rivals) -> list[ItemScore]:
    """All cells of a sheet, in order of the items' codes.

    Source: docs/rules/outputs.md, O-1.
    """
    return [score_cell(sheet, item, relief, among) for item in sheet.items]


def sheet_effects(sheet: Sheet, relief: int) -> list[EventEffect]:
    """What each counting event of a sheet took or brought.

    Source: docs/rules/scoring.md, R-5.
    """
    return [
        effect
        for item in sheet.items
        if item.item in sheet.events
        for effect in ledger.effects(item, sheet.events[item.item], relief)
    ]
