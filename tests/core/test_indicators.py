"""Indicators and sheets as values, and as rows of the engine's folder."""

from datetime import date

import pytest
from hypothesis import given

from kaohe.core.indicators import (
    Indicator,
    Node,
    Plan,
    SheetPlan,
    Values,
    ends_for,
    indicator_of,
    item_row,
    sheet_of,
    sheet_rows,
)
from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import EventKind, Item, Milestone, NotApplicable, Step, Target
from tests.indicators.plans import plans

EAST, WEST = "U-EAST", "U-WEST"
SHARED = Indicator(
    "J01", "巩固率", element="经济社会效益", points=TICK, rule="ratio_up", target=TICK
)
OWN = Indicator("J02", "特色", unit=EAST, points=TICK, rule="marks", trim=True)
NODES = (Node("上半年", 40 * TICK, date(2026, 6, 30)), Node("下半年", 60 * TICK, date(2026, 12, 1)))


def test_a_unit_is_addressed_by_what_is_for_all_and_by_its_own():
    plan = Plan("", (SHARED, OWN), {WEST: SheetPlan(), EAST: SheetPlan()})
    assert plan.of_unit(EAST) == [SHARED, OWN]
    assert plan.of_unit(WEST) == [SHARED]


def test_a_unit_that_has_no_sheet_adds_nothing():
    assert Plan().sheet(EAST) == SheetPlan()


def test_own_values_replace_those_of_the_indicator_one_by_one():
    indicator = Indicator("J01", zero_at=1, full_at=2, target=3)
    assert ends_for(indicator, Values(full_at=9, base=5, reason="扩建")) == Values(
        1, 9, 3, 5, "扩建"
    )
    assert ends_for(indicator, Values(zero_at=0, target=0)) == Values(0, 2, 0)


def test_an_indicator_becomes_a_row_and_the_row_an_indicator():
    kinds = (EventKind("迟报", TICK),)
    steps = (Step(TICK, FULL),)
    full = Indicator(
        "J01",
        "名称",
        "common",
        EAST,
        "方面",
        "主体业务开展",
        TICK,
        "rank",
        1,
        2,
        3,
        4,
        steps,
        kinds,
        5,
        "up",
        trim=False,
    )
    row = item_row(full, "市教体局")
    assert (row.department, row.unit, row.direction) == ("市教体局", EAST, "up")
    assert indicator_of(row) == full
    assert item_row(SHARED, "") == Item(
        "J01", "individual", "巩固率", TICK, "ratio_up", element="经济社会效益", target=TICK
    )


def test_an_indicator_without_points_is_no_row_yet():
    with pytest.raises(ValueError, match="J09"):
        item_row(Indicator("J09"), "")


def test_a_sheet_becomes_rows_by_item_and_values_that_say_nothing_are_left_out():
    sheet = SheetPlan(
        {"J02": Values(base=TICK), "J01": Values(1, 2, 3), "J03": Values(reason="说明")},
        {"J05": "无此项业务", "J04": "停办"},
        {"J06": NODES},
    )
    rows = sheet_rows(EAST, sheet)
    assert rows.targets == [Target(EAST, "J01", 1, 2, 3), Target(EAST, "J02", base=TICK)]
    assert [row.item for row in rows.not_applicable] == ["J04", "J05"]
    assert rows.milestones == [Milestone(EAST, "J06", *node) for node in NODES]
    assert not any(row.done_on for row in rows.milestones)


def test_rows_become_a_sheet_and_what_was_done_is_no_part_of_it():
    done = [Milestone(EAST, "J06", *node, date(2026, 7, 1)) for node in NODES]
    sheet = sheet_of(
        [Target(EAST, "J01", 1, 2, 3, 4)], [NotApplicable(EAST, "J05", "无此项业务")], done
    )
    assert sheet == SheetPlan({"J01": Values(1, 2, 3, 4)}, {"J05": "无此项业务"}, {"J06": NODES})


@given(plans())
def test_whatever_a_sheet_adds_comes_back_from_its_rows(plan):
    for unit, sheet in plan.sheets.items():
        back = sheet_of(*sheet_rows(unit, sheet))
        assert back.not_applicable == sheet.not_applicable
        assert back.nodes == sheet.nodes
        assert back.values == {
            item: Values(each.zero_at, each.full_at, each.target, each.base)
            for item, each in sheet.values.items()
        }
