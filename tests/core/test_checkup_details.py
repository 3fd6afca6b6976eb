"""The check-up in detail: one unit or all, several units told at once, what is left alone."""

from dataclasses import replace
from datetime import date

import pytest

from kaohe.core.checkup import UnitFacts
from kaohe.core.checkup_history import aim_of
from kaohe.core.checkup_plan import check_plan
from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.past import Past
from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.rows import EventKind, Step
from tests.core.checkup_plans import (
    CONTEXT,
    EAST,
    NAMES,
    PLAN,
    SOUTH,
    TEMPLATE,
    TEMPLATE_PLAN,
    WEST,
    last_year,
    nodes,
    own,
    own_target,
    past,
    with_item,
    with_more,
    with_sheet,
)


def found(code, plan=PLAN, context=CONTEXT):
    return [each for each in check_plan(plan, context) if each.check == code]


def paths(code, plan=PLAN, context=CONTEXT):
    return [each.path for each in found(code, plan, context)]


def test_what_only_one_unit_lacks_is_found_on_its_sheet():
    plan = with_item("J01", target=None)
    for unit in (EAST, WEST):
        plan = with_sheet(unit, plan, values={"J01": Values(target=TICK)})
    (finding,) = found("rule-needs", plan)
    assert finding.path == f"sheets/{SOUTH}/J01/target"
    assert finding.unit == SOUTH
    assert finding.facts["item"] == "南城小学 · J01 教学常规合格率"


def test_a_growth_needs_base_and_target_of_every_unit():
    plan = with_item("J01", rule="growth")
    assert paths("rule-needs", plan) == ["indicators/J01/base"]
    plan = with_sheet(EAST, plan, values={"J01": Values(base=0)})
    assert paths("rule-needs", plan) == [f"sheets/{WEST}/J01/base", f"sheets/{SOUTH}/J01/base"]
    assert paths("not-positive", plan) == [f"sheets/{EAST}/J01/base"]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("interval", "full_at"),
        ("steps_up", "steps"),
        ("steps_down", "steps"),
        ("deduction", "kinds"),
        ("accrual", "kinds"),
        ("rank", "direction"),
    ],
)
def test_each_rule_names_what_it_lacks(rule, field):
    assert f"indicators/J01/{field}" in paths("rule-needs", with_item("J01", rule=rule))


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": "steps_up", "steps": (Step(90 * TICK, 0), Step(80 * TICK, 0))},
        {"rule": "steps_down", "steps": (Step(TICK, 60 * TICK), Step(2 * TICK, 60 * TICK))},
        {"rule": "deduction", "kinds": (EventKind("迟报", 0), EventKind("漏报", TICK, 0))},
        {"rule": "accrual", "kinds": (EventKind("获奖", 0),)},
    ],
)
def test_a_curve_is_flat_by_steps_and_by_kinds(fields):
    assert len(found("curve-flat", with_item("J01", target=None, **fields))) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": "steps_up", "steps": (Step(90 * TICK, FULL),)},
        {"rule": "accrual", "kinds": (EventKind("获奖", 0), EventKind("专利", 1))},
    ],
)
def test_one_step_or_one_kind_that_counts_is_no_flat_curve(fields):
    assert found("curve-flat", with_item("J01", target=None, **fields)) == []


def test_ends_that_a_unit_makes_equal_are_found_on_its_sheet():
    plan = with_sheet(EAST, values={"J04": Values(full_at=0)})
    assert paths("curve-flat", plan) == [f"sheets/{EAST}/J04/full_at"]


def test_numbers_beyond_what_a_decimal_may_be_are_found_wherever_they_stand():
    plan = with_item("J01", target=LIMIT)
    plan = with_item("J02", plan, rule="accrual", target=None, kinds=(EventKind("奖", LIMIT, -1),))
    plan = with_sheet(EAST, plan, values={"J03": Values(base=-1), "J99": Values(base=-1)})
    assert paths("number-out-of-bounds", plan) == [
        "indicators/J01/target",
        "indicators/J02/kinds",
        "indicators/J02/kinds",
        f"sheets/{EAST}/J03/base",
    ]


def test_a_target_below_zero_is_out_of_bounds_and_told_once():
    plan = with_item("J01", rule="ratio_down", target=-1)
    assert paths("number-out-of-bounds", plan) == ["indicators/J01/target"]
    assert found("not-positive", plan) == []


def test_dangerous_beginnings_are_found_in_codes_kinds_and_milestones():
    plan = with_item("J01", rule="accrual", target=None, kinds=(EventKind("@奖", TICK),))
    plan = with_more(own("-K", EAST, "特色"), plan=plan)
    assert paths("text-dangerous", plan) == ["indicators/-K/item", "indicators/J01/kinds"]
    plan = nodes(("=A1", 100, date(2026, 3, 1)))
    assert paths("text-dangerous", plan)[0] == f"sheets/{EAST}/J01/nodes/=A1"


def test_two_items_without_a_code_are_two_findings_and_no_twin():
    plan = with_item("J02", with_item("J01", item=""), item="")
    assert len(found("item-code-missing", plan)) == 2
    assert found("item-twice", plan) == []


def test_units_with_different_sums_are_told_apart():
    plan = with_more(own("K1", EAST, "特色", TICK // TICK))
    (finding,) = found("points-sum", plan)
    assert (finding.unit, finding.facts["count"], finding.facts["found"]) == (EAST, 1, "101")


def test_a_unit_without_milestones_is_found_when_its_sisters_have_some():
    plan = nodes(("全年", 100, date(2026, 6, 30)))
    plan = with_sheet(WEST, plan, nodes={})
    plan = with_sheet(SOUTH, plan, nodes={}, not_applicable={"J01": "无此项业务"})
    assert paths("milestones-missing", plan) == [f"sheets/{WEST}/J01/nodes"]


def test_milestones_nobody_is_asked_for_are_not_missed():
    plan = with_more(replace(own("K1", "U-X", "特色"), rule="milestones"))
    assert found("milestones-missing", plan) == []


def test_values_and_milestones_for_a_sisters_indicator_are_strange():
    plan = with_more(own("K1", WEST, "特色"))
    node = Node("全年", FULL, date(2026, 6, 30))
    plan = with_sheet(EAST, plan, values={"K1": Values(target=TICK)}, nodes={"R07": (node,)})
    assert paths("cell-foreign", plan) == [f"sheets/{EAST}/K1", f"sheets/{EAST}/R07"]


def test_a_unit_that_takes_no_part_is_unknown():
    units = {**CONTEXT.units, EAST: CONTEXT.units[EAST]._replace(status="")}
    assert paths("sheet-unknown", PLAN, replace(CONTEXT, units=units)) == [f"sheets/{EAST}"]


def test_codes_of_the_common_template_are_no_twins_of_themselves():
    context = replace(TEMPLATE, elsewhere={"J01": "市教体局"})
    assert check_plan(TEMPLATE_PLAN, context) == []


def test_shares_are_not_asked_of_sheets_without_points():
    plan = replace(PLAN, indicators=tuple(replace(each, points=None) for each in PLAN.indicators))
    checks = {each.check for each in check_plan(plan, CONTEXT)}
    assert checks == {"points-missing", "points-sum"}


def test_a_share_of_one_unit_names_that_unit():
    plan = with_more(own("K1", EAST, "特色", 60))
    (finding,) = found("quantified-low", plan)
    assert finding.unit == EAST
    assert finding.facts["found"] == "62.5"


def test_latent_achievements_that_fall_three_years_running_are_found():
    falling = replace(CONTEXT, latent={2025: 21 * TICK, 2024: 22 * TICK})
    assert found("latent-falling", PLAN, falling)[0].facts["before"] == "21"
    rising = replace(CONTEXT, latent={2025: 21 * TICK, 2024: 21 * TICK})
    assert found("latent-falling", PLAN, rising) == []


def test_shares_that_are_not_marked_have_no_trend():
    context = replace(CONTEXT, latent={2025: 90 * TICK})
    assert found("latent-falling", with_item("J01", visibility=""), context) == []
    assert found("latent-low", with_item("J03", visibility="")) == []


def test_a_kind_of_the_common_template_is_an_overlap():
    plan = with_item("J01", rule="deduction", target=None, kinds=(EventKind("迟报", TICK),))
    assert paths("overlap-common", plan) == ["indicators/J01/name"]


def test_identical_indicators_of_the_department_are_no_copies():
    assert found("sheets-copied") == []


def test_of_many_copies_some_are_named_and_all_are_counted():
    units = {f"U{number}": UnitFacts(f"第{number}小学") for number in range(7)}
    more = [own(f"K{unit}", unit, "校本课程与阅读推广") for unit in units]
    plan = replace(with_more(*more), sheets=dict.fromkeys(units, SheetPlan()))
    (finding,) = found("sheets-copied", plan, replace(CONTEXT, units=units))
    assert finding.facts["count"] == 7
    assert finding.facts["units"] == "第0小学、第1小学、第2小学、第3小学、第4小学……"


def test_a_limit_that_became_laxer_is_below_last_year():
    plan = with_item("J01", rule="ratio_down", target=30 * TICK)
    (finding,) = found("target-below-many", plan, last_year(29))
    assert (finding.facts["before"], finding.facts["count"]) == ("29", 3)
    assert found("target-below-many", plan, last_year(30)) == []


def test_a_common_aim_that_one_unit_surpassed_is_told_at_its_sheet():
    (finding,) = found("target-below-last", PLAN, past((WEST, 2025, 101, 100, 15)))
    assert finding.path == f"sheets/{WEST}/J01/target"


def test_a_growth_below_last_year_is_told_unit_by_unit():
    plan = with_item("J01", rule="growth", target=TICK)
    for unit in NAMES:
        plan = with_sheet(unit, plan, values={"J01": Values(base=90 * TICK)})
    assert len(found("target-below-last", plan, last_year(91))) == 3
    assert found("target-below-last", plan, last_year(90)) == []


def test_a_reason_answers_for_a_lower_target():
    assert found("target-below-last", own_target(94, reason="校区搬迁"), last_year(95)) == []


def test_what_was_reached_two_years_ago_is_not_last_year():
    assert found("target-below-last", own_target(94), past((EAST, 2024, 95, 95, 15))) == []


def test_a_value_that_was_not_measured_is_no_history():
    context = past((EAST, 2025, None, 100, None), (EAST, 2024, 95, None, 14))
    assert {each.check for each in check_plan(own_target(94), context)} == set()


def test_the_least_of_limits_is_their_greatest():
    plan = with_item("J01", rule="ratio_down", target=30 * TICK)
    plan = with_sheet(EAST, plan, values={"J01": Values(reason="新院区")})
    context = past(*((EAST, year, 20 + year - 2023, 30, 15) for year in (2025, 2024, 2023)))
    assert found("target-under-worst", plan, context)[0].facts["before"] == "22"


def test_an_aim_out_of_reach_is_told_once_for_equal_aims():
    plan = with_item("J01", target=120 * TICK)
    (finding,) = found("target-unreachable", plan, last_year(100))
    assert finding.unit == EAST


def test_an_aim_below_the_best_limit_is_out_of_reach():
    plan = with_item("J01", rule="ratio_down", target=89 * TICK)
    assert len(found("target-unreachable", plan, last_year(100))) == 1
    plan = with_item("J01", rule="ratio_down", target=90 * TICK)
    assert found("target-unreachable", plan, last_year(100)) == []


def test_steps_out_of_reach_are_found_at_the_steps():
    plan = with_item("J01", rule="steps_up", target=None, steps=(Step(130 * TICK, FULL),))
    assert paths("target-unreachable", plan, last_year(100)) == ["indicators/J01/steps"]


def test_other_indicators_of_earlier_years_are_left_alone():
    context = past(*((unit, 2025, 1, None, None) for unit in NAMES), name="已取消的指标")
    assert check_plan(PLAN, context) == []


def test_two_values_are_no_three_years():
    context = past((EAST, 2025, 10, None, 1), (WEST, 2025, 10, None, 1))
    assert found("target-unreachable", PLAN, context) == []


def test_growth_is_not_measured_against_other_units():
    plan = with_item("J01", rule="growth", target=900 * TICK)
    for unit in NAMES:
        plan = with_sheet(unit, plan, values={"J01": Values(base=100 * TICK)})
    assert found("target-unreachable", plan, last_year(100)) == []
    assert found("target-trivial", plan, last_year(100, target=999, earned=15)) == []


def test_points_that_everybody_had_are_trivial_rather_than_alike():
    context = last_year(100, earned=15)
    assert found("never-separated", PLAN, context) == []
    assert len(found("target-trivial", PLAN, context)) == 1


def test_events_that_nobody_had_told_nobody_apart():
    plan = with_item("J01", rule="deduction", target=None, kinds=(EventKind("事故", TICK),))
    assert len(found("never-separated", plan, last_year(None, None, 15))) == 1


def test_common_items_are_looked_at_over_all_departments():
    names = {"市教体局": [9, 9], "市卫健局": [9]}
    by_department = {
        (2025, department): {"年度报告按时报送": earned} for department, earned in names.items()
    }
    context = replace(TEMPLATE, past=Past((2025,), {}, by_department))
    assert [each.check for each in check_plan(TEMPLATE_PLAN, context)] == ["never-separated"]


def test_an_indicator_that_does_not_apply_has_no_history():
    plan = with_sheet(EAST, own_target(94), not_applicable={"J01": "无此项业务"})
    assert found("target-below-last", plan, past((EAST, 2025, 95, 95, 15))) == []


@pytest.mark.parametrize(
    ("fields", "aim"),
    [
        ({"rule": "interval", "zero_at": 0, "full_at": 9}, (9, "full_at", 1)),
        ({"rule": "interval", "zero_at": 9, "full_at": 0}, (0, "full_at", -1)),
        ({"rule": "interval", "zero_at": 9}, None),
        ({"rule": "ratio_up", "target": 9}, (9, "target", 1)),
        ({"rule": "ratio_down", "target": 9}, (9, "target", -1)),
        ({"rule": "ratio_up"}, None),
        ({"rule": "growth", "target": FULL // 2}, (150, "target", 1)),
        ({"rule": "growth"}, None),
        ({"rule": "steps_up", "steps": (Step(9, 1),)}, (9, "steps", 1)),
        ({"rule": "steps_down", "steps": (Step(9, 1),)}, (9, "steps", -1)),
        ({"rule": "steps_down"}, None),
        ({"rule": "marks"}, None),
    ],
)
def test_the_aim_is_what_earns_all_points(fields, aim):
    assert aim_of(Indicator("J01", **fields), Values(base=100)) == aim


def test_an_empty_sheet_is_checked_like_any_other():
    plan = Plan("", PLAN.indicators, {EAST: SheetPlan()})
    assert {each.check for each in check_plan(plan, CONTEXT)} == {"unit-without-sheet"}
