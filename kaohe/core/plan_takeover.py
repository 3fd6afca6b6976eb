"""A unit that came from another department brings its sheet: taken over into a draft (承接考核单).

What is taken over is a proposal: whoever drafts decides what stays, and the check-up tells where
points no longer make their sum.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from kaohe.core.indicators import Indicator, Plan, SheetPlan, Values
from kaohe.core.plan_edits import next_code, own_values, put_indicator, put_sheet, take_in


def is_alike(one: Indicator, other: Indicator) -> bool:
    """Whether two departments ask the same of a unit: by name, rule and measure."""
    return (one.name, one.rule, one.measure) == (other.name, other.rule, other.measure)


def taken_over(
    plan: Plan,
    unit: str,
    brought: Sequence[Indicator],
    sheet: SheetPlan,
    *,
    stem: str,
    elsewhere: Collection[str] = (),
    common: Collection[str] = (),
    with_indicators: bool = True,
) -> Plan:
    """A plan in which a unit that came from elsewhere has its sheet.

    Under an indicator that the plan has for all units and that asks the same, the unit keeps its
    own values, days and exceptions.  What else it brings becomes its own, each under a code of the
    plan.

    Args:
        brought: the individual indicators of the old sheet.
        sheet: what the old sheet added.
        common: codes of the common indicators; that they do not apply is kept.
        stem, elsewhere: of new codes, as ``plan_edits.next_code``.
        with_indicators: whether what the plan has not is brought along, too.

    Source: docs/rules/indicators.md, E-11.
    """
    plan = take_in(plan, [unit])
    codes = {item: item for item in common}
    for each in brought:
        same = next((row for row in plan.indicators if not row.unit and is_alike(row, each)), None)
        if same is not None:
            codes[each.item] = same.item
        elif with_indicators:
            used = {row.item for row in plan.indicators} | set(elsewhere)
            codes[each.item] = next_code(stem, used)
            plan = put_indicator(plan, replace(each, item=codes[each.item], unit=unit))
    return put_sheet(plan, unit, _recoded(sheet, codes, brought), common)


def _recoded(sheet: SheetPlan, codes: dict[str, str], brought: Sequence[Indicator]) -> SheetPlan:
    """What a sheet adds, under new codes; what has none there is left out.

    Of common indicators, which are not among ``brought``, only that they do not apply.
    """
    rules = {each.item: each.rule for each in brought}
    values = {
        codes[item]: own_values(rules[item], own)
        for item, own in sheet.values.items()
        if item in codes.keys() & rules.keys() and own != Values()
    }
    waived = {codes[item]: why for item, why in sheet.not_applicable.items() if item in codes}
    nodes = {
        codes[item]: rows
        for item, rows in sheet.nodes.items()
        if item in codes.keys() & rules.keys()
    }
    return SheetPlan(values, waived, nodes)
