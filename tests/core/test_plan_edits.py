"""Edits of a plan: what is changed, what goes with it, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.indicators import Element, Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.plan_edits import (
    ItemCodeUnfit,
    ItemForAll,
    ItemGone,
    ItemNotOfUnit,
    ItemThere,
    SheetGone,
    copy_indicator,
    fit_code,
    found_in,
    move_indicator,
    next_code,
    own_values,
    put_indicator,
    put_sheet,
    remove_indicator,
    shared_out,
    stem_of,
    take_in,
    take_out,
    without_unused,
)
from kaohe.core.quantities import TICK
from tests.fixtures.indicators import SPRING

ONE, OTHER = "12370699495312705A", "12370699495312706B"


def an(item, element=Element.BUSINESS, unit="", rule="ratio_up", **given):
    return Indicator(item, item, unit=unit, element=element, points=TICK, rule=rule, **given)


def a_plan():
    node = Node("立项", 100 * TICK, SPRING)
    return Plan(
        "前言",
        (
            an("J01"),
            an("J02"),
            an("J03", Element.BENEFIT, rule="milestones"),
            an("J04", Element.BENEFIT, unit=ONE),
        ),
        {
            ONE: SheetPlan(
                {"J01": Values(target=9 * TICK, base=8 * TICK, reason="扩班")},
                {"J01": "暂停一年", "R01": "无此事项"},
                {"J03": (node,)},
            ),
            OTHER: SheetPlan({"J02": Values(target=TICK)}),
        },
    )


def codes(plan):
    return [each.item for each in plan.indicators]


def test_a_new_indicator_comes_behind_its_element():
    assert codes(put_indicator(a_plan(), an("J09"))) == ["J01", "J02", "J09", "J03", "J04"]
    assert codes(put_indicator(a_plan(), an("J09", Element.MANAGEMENT)))[-1] == "J09"
    assert codes(put_indicator(Plan(), an("J09"))) == ["J09"]


def test_what_a_rule_does_not_use_is_emptied():
    kept = without_unused(an("J01", rule="interval", zero_at=1, full_at=2, target=3, trim=True))

    assert (kept.zero_at, kept.full_at, kept.target, kept.trim) == (1, 2, None, None)
    assert without_unused(an("J01", rule="", target=3)).target == 3


def test_a_changed_code_takes_the_sheets_along():
    plan = put_indicator(a_plan(), an("K01"), "J01")

    assert codes(plan)[0] == "K01"
    sheet = plan.sheets[ONE]
    assert sheet.values == {"K01": Values(target=9 * TICK, base=8 * TICK, reason="扩班")}
    assert sheet.not_applicable == {"R01": "无此事项", "K01": "暂停一年"}
    assert plan.sheets[OTHER] == a_plan().sheets[OTHER]


def test_a_changed_rule_drops_the_targets_that_it_does_not_use():
    plan = put_indicator(a_plan(), an("J01", rule="interval"), "J01")
    assert plan.sheets[ONE].values == {"J01": Values(base=8 * TICK, reason="扩班")}

    plan = put_indicator(a_plan(), an("J02", rule="marks"), "J02")
    assert plan.sheets[OTHER].values == {}

    plan = put_indicator(a_plan(), an("J03", Element.BENEFIT, rule="marks"), "J03")
    assert plan.sheets[ONE].nodes == {}
    same = put_indicator(a_plan(), an("J03", Element.BENEFIT, rule="milestones"), "J03")
    assert same.sheets[ONE].nodes == a_plan().sheets[ONE].nodes


def test_an_indicator_for_one_unit_leaves_the_sheets_of_the_others():
    plan = put_indicator(a_plan(), an("J02", unit=ONE), "J02")

    assert plan.sheets[OTHER].values == {}


def test_two_indicators_do_not_share_a_code():
    with pytest.raises(ItemThere):
        put_indicator(a_plan(), an("J02"))
    with pytest.raises(ItemThere):
        put_indicator(a_plan(), an("J02"), "J01")
    with pytest.raises(ItemGone):
        put_indicator(a_plan(), an("J09"), "J08")


@pytest.mark.parametrize("code", ["", "=J1", "+1", "a/b", "甲:1", "甲；1", " J1"])
def test_a_code_that_would_break_a_list_is_refused(code):
    with pytest.raises(ItemCodeUnfit):
        fit_code(code)


@pytest.mark.parametrize("code", ["J01", "教-1", "G03-07", "𠀀1"])
def test_codes_in_any_script_are_taken(code):
    assert fit_code(code) == code


def test_the_next_code_follows_the_highest_number_of_its_stem():
    assert next_code("J", ["J01", "J09", "K20", "J123456"]) == "J10"
    assert next_code("G03-", ["J01"]) == "G03-01"
    assert stem_of(a_plan(), "X") == "J"
    assert stem_of(Plan(indicators=(an("甲"),)), "X") == "X"


def test_what_is_taken_out_leaves_no_trace_in_the_sheets():
    plan = remove_indicator(a_plan(), "J01")

    assert codes(plan) == ["J02", "J03", "J04"]
    assert plan.sheets[ONE].values == {}
    assert plan.sheets[ONE].not_applicable == {"R01": "无此事项"}
    with pytest.raises(ItemGone):
        remove_indicator(plan, "J01")


def test_indicators_move_within_their_element():
    assert codes(move_indicator(a_plan(), "J02", up=True)) == ["J02", "J01", "J03", "J04"]
    assert codes(move_indicator(a_plan(), "J02", up=False)) == ["J01", "J02", "J03", "J04"]
    assert codes(move_indicator(a_plan(), "J01", up=True)) == ["J01", "J02", "J03", "J04"]
    mixed = Plan(indicators=(an("A"), an("B", Element.BENEFIT), an("C")))
    assert codes(move_indicator(mixed, "C", up=True)) == ["C", "B", "A"]


def test_an_indicator_of_one_unit_is_copied_to_others_under_codes_of_their_own():
    plan = copy_indicator(a_plan(), "J04", [OTHER], {"J05"})

    made = found_in(plan, "J06")
    assert (made.unit, made.name, made.element) == (OTHER, "J04", Element.BENEFIT)
    with pytest.raises(ItemForAll):
        copy_indicator(a_plan(), "J01", [OTHER])
    with pytest.raises(SheetGone):
        copy_indicator(a_plan(), "J04", ["nobody"])
    named = Plan(indicators=(an("甲", unit=ONE),), sheets={ONE: SheetPlan(), OTHER: SheetPlan()})
    assert codes(copy_indicator(named, "甲", [OTHER])) == ["甲", "甲-01"]


def test_a_sheet_holds_what_is_given_and_nothing_empty():
    sheet = SheetPlan(
        {"J01": Values(base=TICK), "J02": Values()}, {"R01": "无", "J02": ""}, {"J03": ()}
    )
    plan = put_sheet(a_plan(), OTHER, sheet, {"R01"})

    assert plan.sheets[OTHER] == SheetPlan({"J01": Values(base=TICK)}, {"R01": "无"}, {})


def test_a_sheet_says_nothing_of_what_is_not_on_it():
    with pytest.raises(ItemNotOfUnit):
        put_sheet(a_plan(), OTHER, SheetPlan({"J04": Values(base=TICK)}))
    with pytest.raises(ItemNotOfUnit):
        put_sheet(a_plan(), OTHER, SheetPlan(not_applicable={"R01": "无"}))
    with pytest.raises(SheetGone):
        put_sheet(a_plan(), "nobody", SheetPlan())


@pytest.mark.parametrize(
    "sheet",
    [
        SheetPlan({"R01": Values(target=TICK)}),
        SheetPlan(nodes={"R01": (Node("开工", 100 * TICK, SPRING),)}),
    ],
)
def test_of_a_common_indicator_a_sheet_says_only_that_it_does_not_apply(sheet):
    with pytest.raises(ItemNotOfUnit):
        put_sheet(a_plan(), OTHER, sheet, {"R01"})


def test_units_come_and_go_with_what_is_only_theirs():
    assert take_in(a_plan(), ["third", ONE]).sheets[ONE] == a_plan().sheets[ONE]
    assert set(take_in(a_plan(), ["third"]).sheets) == {ONE, OTHER, "third"}
    plan = take_out(a_plan(), ONE)
    assert (codes(plan), set(plan.sheets)) == (["J01", "J02", "J03"], {OTHER})
    with pytest.raises(SheetGone):
        take_out(plan, ONE)


def test_own_values_are_those_of_the_rule():
    own = Values(1, 2, 3, 4, "因")

    assert own_values("interval", own) == Values(1, 2, None, 4, "因")
    assert own_values("rank", own) == Values(base=4, reason="因")


@given(st.lists(st.integers(1, 40), min_size=1, max_size=20), st.integers(1, 400))
def test_points_that_are_shared_out_make_the_total(points, wanted):
    total = max(wanted, len(points))

    found = shared_out(points, total, 1)

    assert sum(found) == total
    assert min(found) >= 1
    assert shared_out(found, total, 1) == found


def test_points_are_shared_out_in_proportion():
    assert shared_out([15 * TICK, 10 * TICK], 100 * TICK, TICK // 2) == [60 * TICK, 40 * TICK]
    assert shared_out([1, 1, 98], 10, 1) == [1, 1, 8]
    for points, total in (([1, 1], 1), ([1, 1], 3)):
        with pytest.raises(ValueError, match="shared out"):
            shared_out(points, total, 2)
