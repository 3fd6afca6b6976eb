"""The rows of an assessment folder as plans: the common template, and a scheme a department."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from kaohe.core.indicators import Indicator, Plan, SheetPlan, indicator_of, sheet_of
from kaohe.core.rows import Inputs, Milestone, NotApplicable, Target, Unit


@dataclass(frozen=True, slots=True)
class FolderPlans:
    """What a folder says of indicators, divided as the platform keeps it."""

    template: Plan
    departments: Mapping[str, Plan]  # by the department's name
    sheets: Mapping[str, SheetPlan] = field(default_factory=dict)  # by credit code, every unit


def plans_of(inputs: Inputs) -> FolderPlans:
    """Divide the rows of a sound folder.

    An item without a department belongs to the template, whatever its component; the others to the
    scheme of their department.  A scheme names the units of its department that are not exempt, and
    an exempt one that has rows of its own.

    Source: docs/rules/year_folder.md, YF-6.
    """
    template: list[Indicator] = []
    schemes: dict[str, list[Indicator]] = {unit.department: [] for unit in inputs.units}
    for item in inputs.items:
        place = template if item.department is None else schemes[item.department]
        place.append(indicator_of(item))
    sheets = _sheets(inputs)
    named: defaultdict[str, dict[str, SheetPlan]] = defaultdict(dict)
    for unit in sorted(inputs.units, key=lambda row: row.unit):
        if has_sheet(unit, sheets[unit.unit]):
            named[unit.department][unit.unit] = sheets[unit.unit]
    return FolderPlans(
        Plan("", tuple(template)),
        {name: Plan("", tuple(rows), named[name]) for name, rows in schemes.items()},
        sheets,
    )


def has_sheet(unit: Unit, sheet: SheetPlan) -> bool:
    """Whether a unit of a folder has a sheet: it is assessed, or has rows of its own."""
    return unit.status != "exempt" or sheet != SheetPlan()


def _sheets(inputs: Inputs) -> dict[str, SheetPlan]:
    targets: defaultdict[str, list[Target]] = defaultdict(list)
    waived: defaultdict[str, list[NotApplicable]] = defaultdict(list)
    nodes: defaultdict[str, list[Milestone]] = defaultdict(list)
    for target in inputs.targets:
        targets[target.unit].append(target)
    for row in inputs.not_applicable:
        waived[row.unit].append(row)
    for milestone in inputs.milestones:
        nodes[milestone.unit].append(milestone)
    return {
        each.unit: sheet_of(targets[each.unit], waived[each.unit], nodes[each.unit])
        for each in inputs.units
    }
