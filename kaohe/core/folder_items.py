"""The items of a folder from the sheets of a year: each indicator once, addressed as it was.

What the sheets say of one indicator must agree, for a folder has one row for each; where they do
not, because some were issued before a change and some after it, that is told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe.core.indicators import Indicator, SheetPlan, item_row, sheet_rows
from kaohe.core.problems import Problem, declare
from kaohe.core.rows import Item, Milestone, NotApplicable, Target

declare(
    "error",
    {
        "export-items-differ": (
            "the indicator {item} is not the same on the sheet of {unit} as on others",
            "issue the sheets anew under what is in force now, so that all say the same",
        ),
        "export-sheet-behind": (
            "the sheet of {unit} and the schemes in force do not name the same indicators: {items}",
            "issue the sheet anew under the common template and the scheme in force",
        ),
        "export-points-missing": (
            "the indicator {item} has no points yet",
            "enter its points in the draft",
        ),
    },
)


class SheetOfUnit(NamedTuple):
    """A unit's sheet: its indicators, those of the common template among them, and its own."""

    unit: str
    department: str
    indicators: Sequence[Indicator]
    common: Collection[str]  # codes of the indicators that come from the template
    sheet: SheetPlan


class Placed(NamedTuple):
    """An indicator with its department; empty: every unit."""

    department: str
    indicator: Indicator


@dataclass(slots=True)
class Gathered:
    """The rows that sheets come to, and what is in the way."""

    items: list[Item] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    not_applicable: list[NotApplicable] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def gather(
    sheets: Iterable[SheetOfUnit], parts: Iterable[Placed], units: Mapping[str, str]
) -> Gathered:
    """The rows of ``items``, ``targets``, ``not_applicable`` and ``milestones``.

    Args:
        parts: the indicators of template and schemes in force; those that stand on no sheet are
            added where they address anybody.
        units: every unit of the year, with its department.

    Source: docs/rules/year_folder.md, YF-8.
    """
    found, all_sheets = Gathered(), list(sheets)
    placed = _placed(all_sheets, found)
    departments = set(units.values())
    for each in parts:
        unit = each.indicator.unit
        reaches = each.department in departments or not each.department
        if reaches and (not unit or unit in units):
            placed.setdefault(each.indicator.item, each)
    for here in placed.values():
        if here.indicator.points is None:
            facts = {"item": here.indicator.item}
            found.problems.append(Problem("export-points-missing", "items", facts=facts))
        else:
            found.items.append(item_row(here.indicator, here.department))
    addressed = _addressed(placed.values())
    for sheet in all_sheets:
        _add_sheet(found, sheet, addressed)
    return found


def _placed(sheets: Iterable[SheetOfUnit], found: Gathered) -> dict[str, Placed]:
    """Every indicator that stands on a sheet, by its code; where two differ, that is told."""
    placed: dict[str, Placed] = {}
    for each in sheets:
        for indicator in each.indicators:
            place = "" if indicator.item in each.common else each.department
            here = Placed(place, indicator)
            if placed.setdefault(indicator.item, here) != here:
                facts = {"item": indicator.item, "unit": each.unit}
                found.problems.append(Problem("export-items-differ", "items", facts=facts))
    return placed


Addressed = Mapping[tuple[str, str], Collection[str]]  # (department, unit) → items


def _addressed(placed: Iterable[Placed]) -> Addressed:
    found: dict[tuple[str, str], set[str]] = {}
    for each in placed:
        found.setdefault((each.department, each.indicator.unit), set()).add(each.indicator.item)
    return found


def _add_sheet(found: Gathered, each: SheetOfUnit, addressed: Addressed) -> None:
    wanted = {
        item
        for department in ("", each.department)
        for unit in ("", each.unit)
        for item in addressed.get((department, unit), ())
    }
    there = {indicator.item for indicator in each.indicators}
    if wanted != there:
        items = ", ".join(sorted(wanted ^ there)[:5])
        facts = {"unit": each.unit, "items": items}
        found.problems.append(Problem("export-sheet-behind", "items", facts=facts))
    rows = sheet_rows(each.unit, each.sheet)
    waived = set(each.sheet.not_applicable) & wanted
    found.targets += [row for row in rows.targets if row.item in wanted]
    found.not_applicable += [row for row in rows.not_applicable if row.item in wanted]
    found.milestones += [row for row in rows.milestones if row.item in wanted - waived]
