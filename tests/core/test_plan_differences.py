"""What differs between two versions of a part, cell by cell."""

from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given

from kaohe.core.indicator_trees import tree_of
from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.plan_differences import (
    CellChange,
    cell_changes,
    flat_plan,
    flat_settings,
    flat_sheet,
)
from kaohe.core.quantities import FULL, TICK
from kaohe.core.scheme_canonical import scheme_tree
from tests.indicators.plans import plans
from tests.world_schemes import sound_scheme

PLAN = Plan(
    "前言",
    (Indicator("J01", "巩固率", points=TICK), Indicator("J02", "满意度", points=2 * TICK)),
    {
        "U1": SheetPlan(
            {"J01": Values(target=TICK, reason="扩建")},
            {"J02": "无此项业务"},
            {"J02": (Node("全年", FULL, date(2026, 6, 30)),)},
        )
    },
)


def test_a_plan_is_laid_flat_in_reading_order():
    assert flat_plan(tree_of(PLAN)) == {
        "preface": "前言",
        "indicators/J01/place": "1",
        "indicators/J01/name": "巩固率",
        "indicators/J01/points": "1",
        "indicators/J02/place": "2",
        "indicators/J02/name": "满意度",
        "indicators/J02/points": "2",
        "sheets/U1": "U1",
        "sheets/U1/J01/target": "1",
        "sheets/U1/J01/reason": "扩建",
        "sheets/U1/J02/not_applicable": "无此项业务",
        "sheets/U1/J02/nodes/全年": "100% 2026-06-30",
    }


def test_a_sheet_that_adds_nothing_has_no_cells():
    assert flat_sheet({}, "sheets/U1") == {}
    assert flat_plan({}) == {}


def test_changes_are_added_removed_or_changed():
    first, second = PLAN.indicators
    new = Plan("", (replace(first, name="巩固率（三年）", measure="%"), second), PLAN.sheets)
    changes = cell_changes(flat_plan(tree_of(PLAN)), flat_plan(tree_of(new)))
    assert changes == [
        CellChange("indicators/J01/name", "巩固率", "巩固率（三年）"),
        CellChange("indicators/J01/measure", "", "%"),
        CellChange("preface", "前言", ""),
    ]
    assert [each.kind for each in changes] == ["changed", "added", "removed"]


def test_an_indicator_that_moves_changes_its_place_and_nothing_else():
    moved = replace(PLAN, indicators=PLAN.indicators[::-1])
    changes = cell_changes(flat_plan(tree_of(PLAN)), flat_plan(tree_of(moved)))
    assert [each.path for each in changes] == ["indicators/J02/place", "indicators/J01/place"]


@given(plans(), plans())
def test_a_version_and_its_changes_give_the_next_one(old, new):
    before, after = flat_plan(tree_of(old)), flat_plan(tree_of(new))
    made = dict(before)
    for change in cell_changes(before, after):
        assert made.get(change.path, "") == change.old
        if change.new or change.path in after:
            made[change.path] = change.new
        else:
            del made[change.path]
    assert made == after
    assert cell_changes(before, before) == []


def test_settings_are_laid_flat_by_table_and_key():
    cells = flat_settings(scheme_tree(sound_scheme(Random(1), ("教育组",))))  # noqa: S311
    assert cells["settings/jurisdiction"] == "370683"
    assert all(path.startswith("settings/") for path in cells)
    assert any(path.startswith("settings/survey/dimensions/") for path in cells)


def test_entries_of_a_list_are_called_by_code_by_name_or_by_place():
    tree = {"a": [{"code": "x", "weight": "1"}, {"name": "Ⅰ"}, {"weight": "2"}, "y"], "b": True}
    assert flat_settings(tree) == {
        "settings/a/x/code": "x",
        "settings/a/x/weight": "1",
        "settings/a/Ⅰ/name": "Ⅰ",
        "settings/a/3/weight": "2",
        "settings/a/4": "y",
        "settings/b": "True",
    }
