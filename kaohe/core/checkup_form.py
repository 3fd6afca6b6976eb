"""Check-up of form (形式体检): codes, names, numbers, and what each rule needs.

Whatever is found here would keep the engine from computing a score, or make it a sham.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from kaohe.core.checkup import ERROR, NOTE, Check, Context, Finding, cell, declare_checks, label
from kaohe.core.curves import is_flat, lacking, unusable
from kaohe.core.indicators import Indicator, Plan, Values, ends_for
from kaohe.core.item_lists import DANGEROUS, STEP_RULES
from kaohe.core.plan_edits import RULE_FIELDS, USED
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, LIMIT, show_plain
from kaohe.core.tables import RULES

declare_checks(
    {
        "item-code-missing": Check(
            ERROR,
            N_("the indicator “{name}” has no code"),
            N_("give it a code such as J01"),
        ),
        "item-twice": Check(
            ERROR,
            N_("the code “{item}” stands at {count} indicators"),
            N_("give each indicator a code of its own"),
        ),
        "text-dangerous": Check(
            ERROR,
            N_("“{found}” begins with a sign that a spreadsheet would run as a formula"),
            N_("begin it with a letter, a digit or a Chinese character"),
        ),
        "item-common": Check(
            ERROR,
            N_("the code “{item}” belongs to an item of the common template"),
            N_("give the indicator another code"),
        ),
        "item-elsewhere": Check(
            ERROR,
            N_("the code “{item}” is used in the scheme of {department}"),
            N_("give the indicator another code: in a year each code names one indicator"),
        ),
        "name-missing": Check(
            ERROR, N_("the indicator {item} has no name"), N_("write what is assessed")
        ),
        "component-wrong": Check(
            ERROR,
            N_("“{item}” is one of the {component}, which do not belong here"),
            N_(
                "take it out; common items stand in the common template, individual ones in schemes"
            ),
        ),
        "points-missing": Check(
            ERROR, N_("“{item}” has no points"), N_("give it points above 0, or take it out")
        ),
        "number-out-of-bounds": Check(
            ERROR,
            N_("“{item}”: {column} is {found}, which must be {low} to {high}"),
            N_("enter a number within these bounds"),
        ),
        "rule-missing": Check(
            ERROR, N_("“{item}” has no scoring rule"), N_("choose one of the eleven rules")
        ),
        "rule-needs": Check(
            ERROR,
            N_("“{item}” is scored by “{rule}”, and lacks: {column}"),
            N_("enter it for the indicator, or on the sheet of each unit; or choose another rule"),
        ),
        "not-positive": Check(
            ERROR,
            N_("“{item}” is scored by “{rule}”; {column} is {found}, and must be above 0"),
            N_("enter a number above 0, or choose another rule"),
        ),
        "steps-order": Check(
            ERROR,
            N_("“{item}” is scored by “{rule}”, and its thresholds do not run one way"),
            N_("write the best threshold first, each once: falling where more is better"),
        ),
        "curve-flat": Check(
            ERROR,
            N_("“{item}” earns the same whatever is measured"),
            N_("give the two ends different values, the steps different shares, the kinds points"),
        ),
        "cell-not-used": Check(
            NOTE,
            N_("“{item}”: the rule “{rule}” does not use {column}"),
            N_("empty the cell, or choose another rule"),
        ),
    }
)

_MOST = LIMIT - 1
_BOUNDS = {
    "points": (0, _MOST),
    "zero_at": (-_MOST, _MOST),
    "full_at": (-_MOST, _MOST),
    "target": (0, _MOST),
    "base": (0, _MOST),
    "minimum": (0, FULL),
    "late_per_day": (0, _MOST),
}
_ENDS = ("zero_at", "full_at", "target", "base")


def check_form(plan: Plan, context: Context) -> Iterator[Finding]:
    """All findings of form.

    Source: docs/rules/checkup.md, K-2, K-3, K-4, K-5.
    """
    yield from _codes(plan, context)
    for indicator in plan.indicators:
        yield from _texts(indicator, context)
        yield from _numbers(indicator)
        yield from _unused(indicator)
        yield from _rule(indicator, plan, context)
    for unit, sheet in plan.sheets.items():
        by_code = {each.item: each for each in plan.of_unit(unit)}
        for item, values in sheet.values.items():
            if item in by_code:
                yield from _own_numbers(by_code[item], values, unit, context)


def _codes(plan: Plan, context: Context) -> Iterator[Finding]:
    common = set() if context.is_template else {each.item for each in context.common}
    for item, count in Counter(each.item for each in plan.indicators).items():
        path = cell(item, "item")
        if count > 1 and item:
            yield Finding("item-twice", path, facts={"item": item, "count": count})
        if item.startswith(DANGEROUS):
            yield Finding("text-dangerous", path, facts={"found": item})
        if item in common:
            yield Finding("item-common", path, facts={"item": item})
        if item in context.elsewhere:
            facts = {"item": item, "department": context.elsewhere[item]}
            yield Finding("item-elsewhere", path, facts=facts)


def _texts(indicator: Indicator, context: Context) -> Iterator[Finding]:
    item = indicator.item
    if not item:
        yield Finding("item-code-missing", cell("", "item"), facts={"name": indicator.name})
    if not indicator.name:
        yield Finding("name-missing", cell(item, "name"), facts={"item": item})
    elif indicator.name.startswith(DANGEROUS):
        yield Finding("text-dangerous", cell(item, "name"), facts={"found": indicator.name})
    for kind in indicator.kinds:
        if kind.kind.startswith(DANGEROUS):
            yield Finding("text-dangerous", cell(item, "kinds"), facts={"found": kind.kind})
    if indicator.component != ("common" if context.is_template else "individual"):
        facts = {"item": label(indicator), "component": indicator.component}
        yield Finding("component-wrong", cell(item, "component"), facts=facts)


def _numbers(indicator: Indicator) -> Iterator[Finding]:
    for name in _BOUNDS:
        ticks = getattr(indicator, name, None)
        if ticks is not None:
            yield from _bounds(name, ticks, cell(indicator.item, name), label(indicator))
    for kind in indicator.kinds:
        for ticks in (kind.points, kind.cap or 0):
            yield from _bounds("points", ticks, cell(indicator.item, "kinds"), label(indicator))


def _own_numbers(
    indicator: Indicator, values: Values, unit: str, context: Context
) -> Iterator[Finding]:
    for name in _ENDS:
        ticks = getattr(values, name)
        if ticks is not None:
            named = label(indicator, context.name_of(unit))
            yield from _bounds(name, ticks, cell(indicator.item, name, unit), named, unit)


def _bounds(name: str, ticks: int, path: str, named: str, unit: str = "") -> Iterator[Finding]:
    low, high = _BOUNDS[name]
    if not low <= ticks <= high:
        facts = {
            "item": named,
            "column": name,
            "found": show_plain(ticks),
            "low": show_plain(low),
            "high": show_plain(high),
        }
        yield Finding("number-out-of-bounds", path, unit, facts)


def _unused(indicator: Indicator) -> Iterator[Finding]:
    if indicator.rule not in RULES:
        return
    for name in RULE_FIELDS:
        is_filled = getattr(indicator, name) not in (None, (), "")
        if is_filled and name not in USED[indicator.rule]:
            facts = {"item": label(indicator), "rule": indicator.rule, "column": name}
            yield Finding("cell-not-used", cell(indicator.item, name), facts=facts)


def _rule(indicator: Indicator, plan: Plan, context: Context) -> Iterator[Finding]:
    """What the rule needs, once for the indicator where it lacks it for all its units."""
    if not indicator.points:
        path = cell(indicator.item, "points")
        yield Finding("points-missing", path, facts={"item": label(indicator)})
    if indicator.rule not in RULES:
        path = cell(indicator.item, "rule")
        yield Finding("rule-missing", path, facts={"item": label(indicator)})
        return
    units = [
        unit
        for unit, sheet in plan.sheets.items()
        if indicator.unit in ("", unit) and indicator.item not in sheet.not_applicable
    ]
    found = {
        unit: list(_for_unit(indicator, plan.sheet(unit).values.get(indicator.item, Values())))
        for unit in units or [""]
    }
    everywhere = [
        each for each in next(iter(found.values())) if all(each in rest for rest in found.values())
    ]
    for check, name, shown in everywhere:
        yield _need(indicator, "", check, name, shown, context)
    for unit, needs in found.items():
        for check, name, shown in needs:
            if (check, name, shown) not in everywhere:
                yield _need(indicator, unit, check, name, shown, context)


def _for_unit(indicator: Indicator, values: Values) -> Iterator[tuple[str, str, str]]:
    """The check, the field and the number found, for a unit with these values."""
    for name in lacking(indicator, values, points=False):
        yield "rule-needs", name, ""
    if indicator.rule in STEP_RULES and not _in_order(indicator):
        yield "steps-order", "steps", ""
    for name in unusable(indicator, values):
        ticks = getattr(ends_for(indicator, values), name)
        if ticks == 0:  # below 0 it is out of bounds already
            yield "not-positive", name, "0"
    if is_flat(indicator, values):
        yield "curve-flat", _FLAT_AT.get(indicator.rule, "rule"), ""


def _in_order(indicator: Indicator) -> bool:
    sign = -1 if STEP_RULES[indicator.rule] == "falling" else 1
    thresholds = [step.threshold for step in indicator.steps]
    return all((after - before) * sign > 0 for before, after in pairwise(thresholds))


_FLAT_AT = {
    "interval": "full_at",
    "steps_up": "steps",
    "steps_down": "steps",
    "deduction": "kinds",
    "accrual": "kinds",
}


def _need(
    indicator: Indicator, unit: str, check: str, name: str, found: str, context: Context
) -> Finding:
    facts = {"item": label(indicator, context.name_of(unit) if unit else "")}
    if check != "curve-flat":
        facts |= {"rule": indicator.rule, "column": name}
    if found:
        facts["found"] = found
    return Finding(check, cell(indicator.item, name, unit), unit, facts)
