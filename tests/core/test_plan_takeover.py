"""A sheet that is taken over keeps what its unit had there."""

from datetime import date

from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.plan_takeover import is_alike, taken_over
from kaohe.core.quantities import TICK

UNIT = "12370699494580120H"
OURS = Indicator("H01", "预算执行率", points=TICK, rule="ratio_up", target=TICK, measure="%")
ALIKE = Indicator("J04", "预算执行率", points=TICK, rule="ratio_up", target=TICK, measure="%")
OTHER = Indicator("J05", "课程开设率", points=80 * TICK, rule="ratio_up", target=100 * TICK)
STAGES = Indicator("J06", "校舍维修", points=5 * TICK, rule="milestones", unit=UNIT)
OLD = SheetPlan(
    {"J04": Values(target=92 * TICK, base=88 * TICK, reason="在建项目"), "J05": Values()},
    {"J05": "本年停办", "R01": "无此事项"},
    {"J06": (Node("开工", TICK, date(2026, 5, 1)),)},
)


def over(**given):
    plan = Plan("前言", (OURS,), {"别家": SheetPlan()})
    brought = [ALIKE, OTHER, STAGES]
    return taken_over(
        plan, UNIT, brought, OLD, stem="H", elsewhere=["H02"], common=["R01"], **given
    )


def test_under_what_is_asked_alike_the_unit_keeps_its_own_values():
    found = over(with_indicators=False)

    assert found.indicators == (OURS,)
    assert found.sheets["别家"] == SheetPlan()
    assert found.sheets[UNIT] == SheetPlan({"H01": OLD.values["J04"]}, {"R01": "无此事项"})


def test_the_rest_becomes_its_own_under_codes_of_the_scheme():
    found = over()

    brought = [each for each in found.indicators if each.unit == UNIT]
    assert [(each.item, each.name) for each in brought] == [
        ("H03", "课程开设率"),
        ("H04", "校舍维修"),
    ]
    assert found.sheets[UNIT] == SheetPlan(
        {"H01": OLD.values["J04"]},
        {"H03": "本年停办", "R01": "无此事项"},
        {"H04": OLD.nodes["J06"]},
    )


def test_of_a_common_indicator_only_comes_along_that_it_does_not_apply():
    node = OLD.nodes["J06"]
    old = SheetPlan({"R01": Values(target=TICK)}, {"R01": "无此事项"}, {"R01": node})
    plan = taken_over(Plan(), UNIT, [ALIKE], old, stem="H", common=["R01"])

    assert plan.sheets[UNIT] == SheetPlan(not_applicable={"R01": "无此事项"})


def test_alike_is_the_same_name_rule_and_measure():
    assert is_alike(OURS, ALIKE)
    assert not is_alike(OURS, OTHER)
