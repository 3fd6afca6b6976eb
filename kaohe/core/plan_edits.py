"""Edits of a plan (方案): each takes a plan and gives another, or refuses.

What an edit makes meaningless goes with it: values for an indicator that is gone, targets that a
new rule does not use, sheets' entries under a code that was changed.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.indicators import Indicator, Plan, SheetPlan, Values
from kaohe.core.plan_soundness import check_indicator, check_sheet
from kaohe.core.problems import N_

USED: Mapping[str, tuple[str, ...]] = {
    "interval": ("zero_at", "full_at"),
    "ratio_up": ("target", "minimum"),
    "ratio_down": ("target", "minimum"),
    "steps_up": ("steps",),
    "steps_down": ("steps",),
    "growth": ("target",),
    "deduction": ("kinds",),
    "accrual": ("kinds",),
    "milestones": ("late_per_day",),
    "rank": ("direction",),
    "marks": ("trim",),
}
"""Which fields of an indicator each rule uses."""
RULE_FIELDS = tuple(dict.fromkeys(name for names in USED.values() for name in names))
OWN_USED: Mapping[str, tuple[str, ...]] = {
    "interval": ("zero_at", "full_at"),
    "ratio_up": ("target",),
    "ratio_down": ("target",),
    "growth": ("target",),
}
"""Which of its own values a unit may have under each rule, beside the base."""
_EMPTY = Indicator("")
_NUMBER = re.compile(r"(.*?)([0-9]+)\Z")
_WAY = re.compile(r"[^\s=+\-@/;:：；][^/;:：；]*\Z")


class ItemThere(Invalid):
    """Two indicators of one code."""

    code = "plan.item-there"
    sentence = N_("The code {item} belongs to another indicator already. Give this one another.")
    field = "item"


class ItemCodeUnfit(Invalid):
    """A code that would break an address, a list or a spreadsheet."""

    code = "plan.item-code-unfit"
    sentence = N_(
        "“{item}” cannot be a code. Use letters, digits or Chinese characters, such as J01; no"
        " slash, colon or semicolon, and no = + - @ at the beginning."
    )
    field = "item"


class ItemGone(Conflict):
    """The indicator is not in the plan."""

    code = "plan.item-gone"
    sentence = N_("There is no indicator {item} here any more. Open the page anew.")


class SheetGone(Conflict):
    """The unit has no sheet in the plan."""

    code = "plan.sheet-gone"
    sentence = N_("The unit {unit} has no sheet in this scheme. Take it in first.")


class ItemNotOfUnit(Invalid):
    """A sheet says something of an indicator that does not address its unit."""

    code = "plan.item-not-of-unit"
    sentence = N_("The indicator {item} is not on the sheet of {unit}. Leave it out.")


class ItemForAll(Invalid):
    """An indicator of the whole department would be copied to some units."""

    code = "plan.item-for-all"
    sentence = N_(
        "The indicator {item} holds for all units of the department, so there is nothing to copy."
    )


def found_in(plan: Plan, item: str) -> Indicator:
    """The indicator of a code.

    Raises:
        ItemGone: there is none.
    """
    for each in plan.indicators:
        if each.item == item:
            return each
    raise ItemGone(item=item)


def fit_code(item: str) -> str:
    """A code, if it can be one.

    Raises:
        ItemCodeUnfit: it cannot.

    Source: docs/rules/indicators.md, E-1.
    """
    if not _WAY.match(item):
        raise ItemCodeUnfit(item=item)
    return item


def next_code(stem: str, taken: Collection[str]) -> str:
    """The next free code: the highest number behind the stem, and one more.

    Source: docs/rules/indicators.md, E-1.

    >>> next_code("J", ["J01", "J07", "R20"]), next_code("J", [])
    ('J08', 'J01')
    """
    numbers = [
        int(match.group(2))
        for match in map(_NUMBER.match, taken)
        if match and match.group(1) == stem and len(match.group(2)) < 5
    ]
    return f"{stem}{max(numbers, default=0) + 1:02d}"


def stem_of(plan: Plan, otherwise: str) -> str:
    """What most codes of a plan begin with, before their number.

    >>> stem_of(Plan(), "G03-")
    'G03-'
    """
    stems = [match.group(1) for each in plan.indicators if (match := _NUMBER.match(each.item))]
    return max(stems, key=stems.count) if stems else otherwise


def put_indicator(plan: Plan, indicator: Indicator, instead_of: str = "") -> Plan:
    """A plan with an indicator, new or in place of another.

    A new one comes behind the last of its element.  Fields that its rule does not use are emptied.

    Raises:
        ItemCodeUnfit, ItemThere: its code cannot be one, or is another's.
        ItemGone: there is none to replace.
        RuleUnknown, NumberUnfit, StepsUnfit, KindsUnfit: as ``plan_soundness``.

    Source: docs/rules/indicators.md, E-2.
    """
    fit_code(indicator.item)
    kept = without_unused(indicator)
    check_indicator(kept)
    if indicator.item != instead_of and any(x.item == indicator.item for x in plan.indicators):
        raise ItemThere(item=indicator.item)
    if not instead_of:
        return replace(plan, indicators=_behind_its_kin(plan.indicators, kept))
    found_in(plan, instead_of)
    rows = tuple(kept if each.item == instead_of else each for each in plan.indicators)
    sheets = {unit: _adapted(unit, sheet, kept, instead_of) for unit, sheet in plan.sheets.items()}
    return replace(plan, indicators=rows, sheets=sheets)


def without_unused(indicator: Indicator) -> Indicator:
    """An indicator without what its rule does not use."""
    used = USED.get(indicator.rule, RULE_FIELDS)
    unused = {name: getattr(_EMPTY, name) for name in RULE_FIELDS if name not in used}
    return replace(indicator, **unused)


def _behind_its_kin(rows: Sequence[Indicator], new: Indicator) -> tuple[Indicator, ...]:
    places = [place for place, each in enumerate(rows, 1) if each.element == new.element]
    at = places[-1] if places else len(rows)
    return (*rows[:at], new, *rows[at:])


def _adapted(unit: str, sheet: SheetPlan, indicator: Indicator, old: str) -> SheetPlan:
    """A sheet after an indicator was changed: under its new code, what it still can have."""
    rest = _without(sheet, old)
    if indicator.unit not in ("", unit):
        return rest
    item, own = indicator.item, sheet.values.get(old)
    values = dict(rest.values)
    if own is not None and (kept := own_values(indicator.rule, own)) != Values():
        values[item] = kept
    waived = dict(rest.not_applicable)
    if old in sheet.not_applicable:
        waived[item] = sheet.not_applicable[old]
    nodes = dict(rest.nodes)
    if old in sheet.nodes and indicator.rule == "milestones":
        nodes[item] = sheet.nodes[old]
    return SheetPlan(values, waived, nodes)


def own_values(rule: str, own: Values) -> Values:
    """Of a unit's own values those that a rule uses, with base and reason."""
    used = OWN_USED.get(rule, ())
    kept = {name: getattr(own, name) for name in used}
    return Values(**kept, base=own.base, reason=own.reason)


def _without(sheet: SheetPlan, item: str) -> SheetPlan:
    return SheetPlan(
        {code: each for code, each in sheet.values.items() if code != item},
        {code: each for code, each in sheet.not_applicable.items() if code != item},
        {code: each for code, each in sheet.nodes.items() if code != item},
    )


def remove_indicator(plan: Plan, item: str) -> Plan:
    """A plan without an indicator, and without what sheets say of it.

    Raises:
        ItemGone: it is not there.

    Source: docs/rules/indicators.md, E-2.
    """
    found_in(plan, item)
    rows = tuple(each for each in plan.indicators if each.item != item)
    sheets = {unit: _without(sheet, item) for unit, sheet in plan.sheets.items()}
    return replace(plan, indicators=rows, sheets=sheets)


def move_indicator(plan: Plan, item: str, *, up: bool) -> Plan:
    """A plan in which an indicator changed places with the next one of its element.

    At the end of its element it stays where it is.

    Raises:
        ItemGone: it is not there.

    Source: docs/rules/indicators.md, E-3.
    """
    moving = found_in(plan, item)
    rows = list(plan.indicators)
    kin = [place for place, each in enumerate(rows) if each.element == moving.element]
    here = kin.index(rows.index(moving))
    there = here - 1 if up else here + 1
    if 0 <= there < len(kin):
        one, other = kin[here], kin[there]
        rows[one], rows[other] = rows[other], rows[one]
    return replace(plan, indicators=tuple(rows))


def copy_indicator(
    plan: Plan, item: str, units: Iterable[str], taken: Collection[str] = ()
) -> Plan:
    """A plan in which further units have an indicator like that of one, each with its own code.

    Args:
        taken: codes that are used elsewhere.

    Raises:
        ItemGone: it is not there.
        ItemForAll: all units have it.
        SheetGone: one of them has no sheet.

    Source: docs/rules/indicators.md, E-4.
    """
    model = found_in(plan, item)
    if not model.unit:
        raise ItemForAll(item=item)
    for unit in units:
        if unit not in plan.sheets:
            raise SheetGone(unit=unit)
        used = {each.item for each in plan.indicators} | set(taken)
        match = _NUMBER.match(item)
        code = next_code(match.group(1) if match else f"{item}-", used)
        plan = put_indicator(plan, replace(model, item=code, unit=unit))
    return plan


def put_sheet(plan: Plan, unit: str, sheet: SheetPlan, common: Collection[str] = ()) -> Plan:
    """A plan in which a unit's sheet adds what is given, and nothing else; empty ones left out.

    Args:
        common: the codes of common indicators, of which it says only that they do not apply.

    Raises:
        SheetGone: the unit has none.
        ItemNotOfUnit: something is said of an indicator that is not on its sheet.
        NumberUnfit, NodesUnfit: as ``plan_soundness``.

    Source: docs/rules/indicators.md, E-5.
    """
    if unit not in plan.sheets:
        raise SheetGone(unit=unit)
    tidy = SheetPlan(
        {item: each for item, each in sheet.values.items() if each != Values()},
        {item: reason for item, reason in sheet.not_applicable.items() if reason},
        {item: nodes for item, nodes in sheet.nodes.items() if nodes},
    )
    mine = {each.item for each in plan.of_unit(unit)}
    strange = {*tidy.values, *tidy.nodes} - mine
    strange |= tidy.not_applicable.keys() - mine - set(common)
    if strange:
        raise ItemNotOfUnit(item=min(strange), unit=unit)
    check_sheet(tidy)
    return replace(plan, sheets={**plan.sheets, unit: tidy})


def take_in(plan: Plan, units: Iterable[str]) -> Plan:
    """A plan with a sheet for each of some units; those that are there stay as they are.

    Source: docs/rules/indicators.md, E-6.
    """
    return replace(plan, sheets={**dict.fromkeys(units, SheetPlan()), **plan.sheets})


def take_out(plan: Plan, unit: str) -> Plan:
    """A plan without a unit's sheet and without the indicators that only it has.

    Raises:
        SheetGone: the unit has none.

    Source: docs/rules/indicators.md, E-6.
    """
    if unit not in plan.sheets:
        raise SheetGone(unit=unit)
    rows = tuple(each for each in plan.indicators if each.unit != unit)
    sheets = {code: sheet for code, sheet in plan.sheets.items() if code != unit}
    return replace(plan, indicators=rows, sheets=sheets)


def shared_out(points: Sequence[int], total: int, step: int) -> list[int]:
    """Points in the same proportions that make a total, in whole steps, none of them 0.

    The rest goes to those that lost most; the points are in ticks.

    Raises:
        ValueError: the total is too small for a step each, or not a multiple of the step.

    Source: docs/rules/indicators.md, E-7.

    >>> shared_out([15, 10, 5], 20, 1)
    [10, 7, 3]
    """
    if total < step * len(points) or total % step:
        raise ValueError("the total cannot be shared out in these steps")
    whole = sum(points)
    exact = [each * total for each in points]  # times ``whole``
    steps = [max(1, each // (whole * step)) for each in exact]
    while sum(steps) * step != total:
        lost = [each - given * step * whole for each, given in zip(exact, steps, strict=True)]
        if sum(steps) * step < total:
            steps[max(range(len(lost)), key=lost.__getitem__)] += 1
        else:
            able = [place for place, given in enumerate(steps) if given > 1]
            steps[min(able, key=lost.__getitem__)] -= 1
    return [each * step for each in steps]
