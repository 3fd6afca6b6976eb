"""Check-up of sheets (考核单体检): sums, whose sheets they are, milestones, strange cells."""

from collections.abc import Iterable, Iterator, Mapping

from kaohe.core.checkup import (
    ERROR,
    Check,
    Context,
    Finding,
    cell,
    declare_checks,
    label,
)
from kaohe.core.indicators import Indicator, Plan
from kaohe.core.item_lists import DANGEROUS
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, show_plain

declare_checks(
    {
        "points-sum": Check(
            ERROR,
            N_("{unit}: the indicators make {found} points, not 100; units with this sum: {count}"),
            N_(
                "correct the points until they make exactly 100; an indicator that does not apply"
                " to a unit stays on its sheet, marked as not applicable"
            ),
        ),
        "template-sum": Check(
            ERROR,
            N_("the items of the common template make {found} points, not 100"),
            N_("correct the points until they make exactly 100"),
        ),
        "unit-without-sheet": Check(
            ERROR,
            N_("{unit} takes part in the year and has no sheet"),
            N_("add its sheet: each unit has one"),
        ),
        "sheet-elsewhere": Check(
            ERROR,
            N_("{unit} is no longer under this department"),
            N_("take its sheet out; it belongs to the scheme of its new department"),
        ),
        "sheet-gone": Check(
            ERROR,
            N_("{unit} was merged or closed"),
            N_("take its sheet out, and see to the sheet of its successor"),
        ),
        "sheet-unknown": Check(
            ERROR,
            N_("the unit {unit} takes no part in this year"),
            N_("take its sheet out, or have the office take the unit into the year"),
        ),
        "sheet-exempt": Check(
            ERROR,
            N_("{unit} is exempt from assessment this year"),
            N_("take its sheet out, or end the exemption first"),
        ),
        "indicator-unit": Check(
            ERROR,
            N_("“{item}” is for one unit that has no sheet here"),
            N_("choose the unit anew, or take the indicator out"),
        ),
        "cell-foreign": Check(
            ERROR,
            N_("the sheet of {unit} holds something for “{item}”, which is no indicator of it"),
            N_("take it out of the sheet"),
        ),
        "milestones-missing": Check(
            ERROR,
            N_("“{item}” is scored by milestones, and there is none"),
            N_("enter milestones whose shares make 100 percent, each with the day it is due"),
        ),
        "milestone-shares": Check(
            ERROR,
            N_("the milestones of “{item}” make {found} percent together, not 100"),
            N_("correct the shares until they make exactly 100 percent"),
        ),
        "milestone-outside": Check(
            ERROR,
            N_("the milestone “{milestone}” of “{item}” is due on {day}, outside the year {year}"),
            N_("set a day within the assessment year"),
        ),
        "milestone-twice": Check(
            ERROR,
            N_("the milestone “{milestone}” of “{item}” stands twice"),
            N_("give each milestone a name of its own"),
        ),
    }
)


def check_sheets(plan: Plan, context: Context) -> Iterator[Finding]:
    """All findings about sheets; of the common template only its sum.

    Source: docs/rules/checkup.md, K-6, K-7, K-8.
    """
    if context.is_template:
        yield from _template(plan.indicators)
        return
    yield from _sums(plan, context)
    yield from _whose(plan, context)
    for indicator in plan.indicators:
        if indicator.unit and indicator.unit not in plan.sheets:
            path = cell(indicator.item, "unit")
            yield Finding("indicator-unit", path, facts={"item": label(indicator)})
        if indicator.rule == "milestones":
            yield from _milestones(indicator, plan, context)
    yield from _strange(plan, context)


def _total(indicators: Iterable[Indicator]) -> int:
    return sum(each.points or 0 for each in indicators)


def _template(indicators: Iterable[Indicator]) -> Iterator[Finding]:
    total = _total(indicators)
    if total != FULL:
        yield Finding("template-sum", "indicators", facts={"found": show_plain(total)})


def _sums(plan: Plan, context: Context) -> Iterator[Finding]:
    """Units with one wrong sum are one finding, at the first of them."""
    alike: dict[int, list[str]] = {}
    for unit in plan.sheets:
        total = _total(plan.of_unit(unit))
        if total != FULL:
            alike.setdefault(total, []).append(unit)
    for total, units in alike.items():
        facts = {
            "unit": context.name_of(units[0]),
            "found": show_plain(total),
            "count": len(units),
        }
        one = units[0] if len(units) == 1 else ""
        yield Finding("points-sum", f"sheets/{units[0]}", one, facts)


def _whose(plan: Plan, context: Context) -> Iterator[Finding]:
    for unit in plan.sheets:
        facts = context.units.get(unit)
        if facts is None or not facts.status:
            check = "sheet-unknown"
        elif not facts.present:
            check = "sheet-gone"
        elif not facts.here:
            check = "sheet-elsewhere"
        elif facts.status == "exempt":
            check = "sheet-exempt"
        else:
            continue
        yield Finding(check, f"sheets/{unit}", unit, {"unit": context.name_of(unit)})
    for unit in sorted(context.expected - plan.sheets.keys()):
        name = context.name_of(unit)
        yield Finding("unit-without-sheet", f"sheets/{unit}", unit, {"unit": name})


def _milestones(indicator: Indicator, plan: Plan, context: Context) -> Iterator[Finding]:
    units = [
        unit
        for unit, sheet in plan.sheets.items()
        if indicator.unit in ("", unit) and indicator.item not in sheet.not_applicable
    ]
    if units and not any(plan.sheets[unit].nodes.get(indicator.item) for unit in units):
        path = cell(indicator.item, "nodes")
        yield Finding("milestones-missing", path, facts={"item": label(indicator)})
        return
    for unit in units:
        yield from _nodes(indicator, unit, plan, context)


def _nodes(indicator: Indicator, unit: str, plan: Plan, context: Context) -> Iterator[Finding]:
    nodes = plan.sheets[unit].nodes.get(indicator.item, ())
    path = cell(indicator.item, "nodes", unit)
    named = {"item": label(indicator, context.name_of(unit))}
    total = sum(node.share for node in nodes)
    if not nodes:
        yield Finding("milestones-missing", path, unit, named)
    elif total != FULL:
        yield Finding("milestone-shares", path, unit, named | {"found": show_plain(total)})
    seen: set[str] = set()
    for node in nodes:
        at = f"{path}/{node.milestone}"
        facts: Mapping[str, object] = named | {"milestone": node.milestone}
        if node.milestone in seen:
            yield Finding("milestone-twice", at, unit, facts)
        seen.add(node.milestone)
        if node.milestone.startswith(DANGEROUS):
            yield Finding("text-dangerous", at, unit, {"found": node.milestone})
        if node.due_on.year != context.year:
            day = node.due_on.strftime("%Y.%m.%d")
            yield Finding(
                "milestone-outside", at, unit, {**facts, "day": day, "year": context.year}
            )


def _strange(plan: Plan, context: Context) -> Iterator[Finding]:
    """Cells of a sheet for what does not address its unit; common items may be waived."""
    common = {each.item for each in context.common}
    for unit, sheet in plan.sheets.items():
        own = {each.item for each in plan.of_unit(unit)}
        named = [*sheet.values, *sheet.nodes]
        strange = {item for item in named if item not in own}
        strange |= {item for item in sheet.not_applicable if item not in own | common}
        for item in sorted(strange):
            facts = {"unit": context.name_of(unit), "item": item}
            yield Finding("cell-foreign", f"sheets/{unit}/{item}", unit, facts)
