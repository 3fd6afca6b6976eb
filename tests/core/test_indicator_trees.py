"""Plans as trees: nothing is lost, one plan has one tree, and its digest is of that."""

import json
from datetime import date

import pytest
from hypothesis import given

from kaohe.core.indicator_trees import (
    canonical_tree,
    digest_of,
    indicator_from,
    indicator_tree,
    plan_of,
    sheet_from,
    sheet_tree,
    tree_of,
    values_from,
)
from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import EventKind, Step
from tests.indicators.plans import plans


@given(plans())
def test_a_plan_comes_back_from_its_tree_and_from_its_text(plan):
    tree = tree_of(plan)
    assert plan_of(tree) == plan
    kept = json.loads(json.dumps(tree))
    assert plan_of(kept) == plan
    assert digest_of(kept) == digest_of(tree)
    assert tree_of(plan_of(kept)) == tree


def test_what_is_empty_is_left_out_of_a_tree():
    assert indicator_tree(Indicator("J01")) == {"item": "J01"}
    assert indicator_tree(Indicator("R01", component="common", points=0, trim=False)) == {
        "item": "R01",
        "component": "common",
        "points": "0",
        "trim": "false",
    }


def test_lists_are_written_as_in_cells():
    indicator = Indicator(
        "J01",
        rule="steps_up",
        steps=(Step(90 * TICK, FULL), Step(-5_000, 333_333)),
        kinds=(EventKind("迟报", 5_000), EventKind("漏报", TICK, 2 * TICK)),
        trim=True,
    )
    tree = indicator_tree(indicator)
    assert tree["steps"] == "90:100;-0.5:33.3333"
    assert tree["kinds"] == "迟报:0.5;漏报:1:2"
    assert indicator_from(tree) == indicator


def test_steps_of_a_draft_may_run_the_wrong_way_until_the_check_up_says_so():
    for rule in ("steps_up", "steps_down", "marks", ""):
        tree = {"item": "J01", "rule": rule, "steps": "1:50;2:100;1:20"}
        assert len(indicator_from(tree).steps) == 3


@pytest.mark.parametrize("tree", [{"steps": "九十"}, {"kinds": "迟报"}, {"kinds": "=A1:1"}])
def test_a_kept_list_that_is_unsound_is_a_fault(tree):
    with pytest.raises(ValueError, match="unsound"):
        indicator_from({"item": "J01", **tree})


def test_a_kept_share_that_is_no_number_is_a_fault():
    node = {"milestone": "全年", "share": "一半", "due_on": "2026-06-30"}
    with pytest.raises(ValueError, match="一半"):
        sheet_from({"nodes": {"J01": [node]}})


def test_a_sheet_is_written_by_item_with_its_reasons():
    sheet = SheetPlan(
        {"J02": Values(target=TICK, reason="扩建"), "J01": Values(base=-TICK)},
        {"J03": "无此项业务"},
        {"J04": (Node("全年", FULL, date(2026, 6, 30)),)},
    )
    tree = sheet_tree(sheet)
    assert list(tree["values"]) == ["J01", "J02"]
    assert tree["values"]["J02"] == {"target": "1", "reason": "扩建"}
    assert tree["nodes"]["J04"] == [{"milestone": "全年", "share": "100", "due_on": "2026-06-30"}]
    assert sheet_from(tree) == sheet
    assert values_from({}) == Values()


def test_a_tree_that_says_nothing_is_an_empty_plan():
    assert plan_of({}) == Plan()
    assert sheet_from({}) == SheetPlan()


def test_the_canonical_form_does_not_depend_on_the_order_of_keys():
    assert canonical_tree({"b": 1, "a": ["校", "\u2028"]}) == '{"a":["校","\u2028"],"b":1}'
    assert digest_of({"b": "", "a": ""}) == digest_of({"a": "", "b": ""})
    assert digest_of({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
