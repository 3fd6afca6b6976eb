"""What a plan can keep comes back from its tree; the rest is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.errors import Invalid
from kaohe.core.indicator_trees import indicator_from, indicator_tree, sheet_from, sheet_tree
from kaohe.core.indicators import Indicator, Node, SheetPlan, Values
from kaohe.core.plan_edits import without_unused
from kaohe.core.plan_soundness import (
    KindsUnfit,
    NodesUnfit,
    NumberUnfit,
    RuleUnknown,
    StepsUnfit,
    check_indicator,
    check_sheet,
)
from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.rows import EventKind, Step
from kaohe.core.tables import RULES
from tests.fixtures.indicators import SPRING

T = TICK


@pytest.mark.parametrize(
    ("refusal", "fields"),
    [
        (RuleUnknown, {"rule": "lottery"}),
        (NumberUnfit, {"points": -1}),
        (NumberUnfit, {"points": FULL + 1}),
        (NumberUnfit, {"rule": "interval", "zero_at": -LIMIT}),
        (NumberUnfit, {"rule": "ratio_up", "target": -1}),
        (StepsUnfit, {"rule": "interval", "steps": (Step(T, T),)}),
        (StepsUnfit, {"rule": "steps_up", "steps": (Step(T, T), Step(T, T))}),
        (StepsUnfit, {"rule": "steps_up", "steps": (Step(T, T), Step(2 * T, T))}),
        (StepsUnfit, {"rule": "steps_down", "steps": (Step(2 * T, T), Step(T, T))}),
        (StepsUnfit, {"rule": "steps_up", "steps": (Step(T, FULL + 1),)}),
        (StepsUnfit, {"rule": "steps_up", "steps": (Step(LIMIT, T),)}),
        (KindsUnfit, {"kinds": (EventKind("a:b", T),)}),
        (KindsUnfit, {"kinds": (EventKind("=a", T),)}),
        (KindsUnfit, {"kinds": (EventKind("", T),)}),
        (KindsUnfit, {"kinds": (EventKind(" a", T),)}),
        (KindsUnfit, {"kinds": (EventKind("a", T), EventKind("a", T))}),
        (KindsUnfit, {"kinds": (EventKind("a", T, -1),)}),
    ],
)
def test_an_indicator_that_would_not_come_back_is_refused(refusal, fields):
    with pytest.raises(refusal):
        check_indicator(Indicator("J01", **fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": ""},
        {"rule": "interval", "zero_at": -5 * T, "full_at": 5 * T},
        {"rule": "steps_up", "steps": (Step(90 * T, FULL), Step(60 * T, 50 * T))},
        {"rule": "steps_down", "steps": (Step(-T, FULL), Step(T, 0))},
        {"rule": "deduction", "kinds": (EventKind("逾期", T), EventKind("未办", T, 2 * T))},
    ],
)
def test_what_is_sound_passes(fields):
    check_indicator(Indicator("J01", **fields))


def test_a_sheet_that_would_not_come_back_is_refused():
    with pytest.raises(NumberUnfit):
        check_sheet(SheetPlan({"J01": Values(base=LIMIT)}))
    for name in ("a/b", "", "=a"):
        with pytest.raises(NodesUnfit):
            check_sheet(SheetPlan(nodes={"J01": (Node(name, T, SPRING),)}))
    with pytest.raises(NodesUnfit):
        check_sheet(SheetPlan(nodes={"J01": (Node("a", FULL + 1, SPRING),)}))
    check_sheet(SheetPlan({"J01": Values(-T, T, T, -T)}, {}, {"J01": (Node("a", T, SPRING),)}))


TICKS = st.integers(-2 * LIMIT, 2 * LIMIT) | st.integers(0, FULL)
MAYBE = st.none() | TICKS
NAMES = st.text(alphabet="ab:;/=甲\uff1a ", max_size=3)
INDICATORS = st.builds(
    Indicator,
    st.just("J01"),
    rule=st.sampled_from(["", *RULES, "x"]),
    points=MAYBE,
    zero_at=MAYBE,
    target=MAYBE,
    minimum=MAYBE,
    late_per_day=MAYBE,
    steps=st.lists(st.builds(Step, TICKS, TICKS), max_size=3).map(tuple),
    kinds=st.lists(st.builds(EventKind, NAMES, TICKS, MAYBE), max_size=3).map(tuple),
)


@given(INDICATORS)
def test_whatever_passes_comes_back_from_its_tree(indicator):
    kept = without_unused(indicator)
    try:
        check_indicator(kept)
    except Invalid:
        return
    assert indicator_from(indicator_tree(kept)) == replace(kept, trim=kept.trim)


@given(st.lists(st.builds(Node, NAMES, TICKS, st.just(SPRING)), max_size=3), MAYBE)
def test_whatever_sheet_passes_comes_back_from_its_tree(nodes, number):
    sheet = SheetPlan({"J01": Values(target=number)}, {}, {"J01": tuple(nodes)})
    try:
        check_sheet(sheet)
    except Invalid:
        return
    assert sheet_from(sheet_tree(sheet)) == sheet
