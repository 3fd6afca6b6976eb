"""What a plan can keep: numbers that are decimals, lists that read back as they were written.

A draft may lack what a sound plan needs; but whatever it holds must come back from its tree.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from kaohe.core.errors import Invalid
from kaohe.core.indicator_trees import DECIMALS, OWN_VALUES
from kaohe.core.indicators import Indicator, Node, SheetPlan
from kaohe.core.item_lists import DANGEROUS, STEP_RULES
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, LIMIT
from kaohe.core.rows import EventKind, Step
from kaohe.core.tables import RULES

MEASURED = ("zero_at", "full_at")  # may be negative
PARTING = (":", ";", "：", "；")


class RuleUnknown(Invalid):
    """A rule that the engine does not have."""

    code = "plan.rule-unknown"
    sentence = N_("“{rule}” is no scoring rule. Choose one of the eleven.")
    field = "rule"


class NumberUnfit(Invalid):
    """A number outside the bounds."""

    code = "plan.number-unfit"
    sentence = N_(
        "A number of {item} is outside the bounds: below 100,000,000, points and percentages not"
        " below 0, points at most 100. Correct it."
    )


class StepsUnfit(Invalid):
    """Steps that do not read back."""

    code = "plan.steps-unfit"
    sentence = N_(
        "The steps of {item} cannot be kept: thresholds fall where the higher is better and rise"
        " where the lower is, each once, with percentages from 0 to 100. Correct them."
    )
    field = "steps"


class KindsUnfit(Invalid):
    """Kinds of events that do not read back."""

    code = "plan.kinds-unfit"
    sentence = N_(
        "The kinds of events of {item} cannot be kept: each needs a name of its own, without colon"
        " or semicolon and without = + - @ at its beginning. Correct them."
    )
    field = "kinds"


class NodesUnfit(Invalid):
    """Milestones that do not read back."""

    code = "plan.nodes-unfit"
    sentence = N_(
        "The milestones of {item} cannot be kept: each needs a name of its own, without a slash"
        " and without = + - @ at its beginning, and a share from 0 to 100 percent. Correct them."
    )
    field = "nodes"


def check_indicator(indicator: Indicator) -> None:
    """See that an indicator can be kept.

    Raises:
        RuleUnknown, NumberUnfit, StepsUnfit, KindsUnfit: it cannot.

    Source: docs/rules/indicators.md, E-10.
    """
    item = indicator.item
    if indicator.rule and indicator.rule not in RULES:
        raise RuleUnknown(rule=indicator.rule)
    for name in DECIMALS:
        most = FULL if name == "points" else LIMIT - 1
        _check_number(item, getattr(indicator, name), 1 - LIMIT if name in MEASURED else 0, most)
    if not _steps_fit(indicator.rule, indicator.steps):
        raise StepsUnfit(item=item)
    if not _kinds_fit(indicator.kinds):
        raise KindsUnfit(item=item)


def check_sheet(sheet: SheetPlan) -> None:
    """See that what a sheet adds can be kept.

    Raises:
        NumberUnfit, NodesUnfit: it cannot.

    Source: docs/rules/indicators.md, E-10.
    """
    for item, own in sheet.values.items():
        for name in OWN_VALUES:
            _check_number(item, getattr(own, name), 1 - LIMIT, LIMIT - 1)
    for item, nodes in sheet.nodes.items():
        if not _nodes_fit(nodes):
            raise NodesUnfit(item=item)


def _check_number(item: str, ticks: int | None, least: int, most: int) -> None:
    if ticks is not None and not least <= ticks <= most:
        raise NumberUnfit(item=item)


def _steps_fit(rule: str, steps: Sequence[Step]) -> bool:
    if not steps:
        return True
    if rule not in STEP_RULES:
        return False
    sign = -1 if STEP_RULES[rule] == "falling" else 1
    return all(abs(step.threshold) < LIMIT and 0 <= step.percent <= FULL for step in steps) and all(
        (after.threshold - before.threshold) * sign > 0 for before, after in pairwise(steps)
    )


def _kinds_fit(kinds: Sequence[EventKind]) -> bool:
    return _are_names([each.kind for each in kinds], PARTING) and all(
        0 <= ticks <= FULL for each in kinds for ticks in (each.points, each.cap or 0)
    )


def _nodes_fit(nodes: Sequence[Node]) -> bool:
    return _are_names([node.milestone for node in nodes], ("/",)) and all(
        0 <= node.share <= FULL for node in nodes
    )


def _are_names(names: Sequence[str], barred: Iterable[str]) -> bool:
    """Whether some names stand, differ, and hold nothing that a list or a path is parted by."""
    signs = tuple(barred)
    return len(set(names)) == len(names) and all(
        name.strip() == name != ""
        and not name.startswith(DANGEROUS)
        and not any(sign in name for sign in signs)
        for name in names
    )
