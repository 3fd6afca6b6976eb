"""For each check of the check-up a plan that raises it, and one that just does not."""

from dataclasses import replace
from datetime import date

from kaohe.core.indicators import Plan, SheetPlan, Values
from kaohe.core.quantities import TICK
from tests.core.checkup_plans import (
    AUTUMN,
    CONTEXT,
    EAST,
    LONG,
    ONE_LETTER,
    PLAN,
    SOUTH,
    SPRING,
    STEPS,
    TEMPLATE,
    TEMPLATE_PLAN,
    WEST,
    Case,
    copies,
    dropped,
    for_units,
    last_year,
    nodes,
    own,
    own_target,
    past,
    with_item,
    with_more,
    with_sheet,
    with_unit,
)

CASES = {
    # code: (raises it, just does not)
    "plan-empty": (Case(Plan()), Case()),
    "item-code-missing": (
        Case(with_item("J01", item=""), path="indicators//item"),
        Case(with_item("J01", item="J")),
    ),
    "item-twice": (
        Case(with_item("J02", item="J01"), path="indicators/J01/item", facts={"count": 2}),
        Case(with_item("J02", item="J1")),
    ),
    "text-dangerous": (
        Case(with_item("J01", name="=1+1"), path="indicators/J01/name"),
        Case(with_item("J01", name="1+1=2")),
    ),
    "item-common": (
        Case(with_item("J01", item="R07"), path="indicators/R07/item"),
        Case(with_item("J01", item="R08")),
    ),
    "item-elsewhere": (
        Case(
            context=replace(CONTEXT, elsewhere={"J01": "市卫健局"}),
            path="indicators/J01/item",
            facts={"item": "J01", "department": "市卫健局"},
        ),
        Case(context=replace(CONTEXT, elsewhere={"J09": "市卫健局"})),
    ),
    "name-missing": (
        Case(with_item("J01", name=""), path="indicators/J01/name"),
        Case(with_item("J01", name="教")),
    ),
    "component-wrong": (
        Case(with_item("J01", component="common"), path="indicators/J01/component"),
        Case(),
    ),
    "points-missing": (
        Case(with_item("J01", points=0), path="indicators/J01/points"),
        Case(with_item("J01", points=1)),
    ),
    "number-out-of-bounds": (
        Case(with_item("J01", minimum=100 * TICK + 1), path="indicators/J01/minimum"),
        Case(with_item("J01", minimum=100 * TICK)),
    ),
    "rule-missing": (
        Case(with_item("J01", rule=""), path="indicators/J01/rule"),
        Case(with_item("J01", rule="marks")),
    ),
    "rule-needs": (
        Case(
            with_item("J01", target=None),
            path="indicators/J01/target",
            facts={"column": "target", "rule": "ratio_up", "item": "J01 教学常规合格率"},
        ),
        Case(
            replace(
                with_item("J01", target=None),
                sheets={
                    EAST: SheetPlan({"J01": Values(target=TICK)}),
                    WEST: SheetPlan({"J01": Values(target=TICK)}),
                    SOUTH: SheetPlan(not_applicable={"J01": "无此项业务"}),
                },
            )
        ),
    ),
    "not-positive": (
        Case(with_item("J01", target=0), path="indicators/J01/target", facts={"found": "0"}),
        Case(with_item("J01", target=1)),
    ),
    "steps-order": (
        Case(
            with_item("J01", target=None, rule="steps_down", steps=STEPS),
            path="indicators/J01/steps",
        ),
        Case(with_item("J01", target=None, rule="steps_up", steps=STEPS)),
    ),
    "curve-flat": (
        Case(with_item("J04", zero_at=TICK), path="indicators/J04/full_at"),
        Case(with_item("J04", zero_at=TICK - 1)),
    ),
    "cell-not-used": (
        Case(with_item("J01", full_at=TICK), path="indicators/J01/full_at"),
        Case(with_item("J01", minimum=TICK)),
    ),
    "points-sum": (
        Case(
            with_item("J01", points=15 * TICK - 100),
            path=f"sheets/{EAST}",
            facts={"found": "99.99", "count": 3, "unit": "东城小学"},
        ),
        Case(),
    ),
    "template-sum": (
        Case(
            with_item("R07", TEMPLATE_PLAN, points=99 * TICK),
            TEMPLATE,
            "indicators",
            {"found": "99"},
        ),
        Case(TEMPLATE_PLAN, TEMPLATE),
    ),
    "unit-without-sheet": (
        Case(for_units(EAST, WEST), path=f"sheets/{SOUTH}", facts={"unit": "南城小学"}),
        Case(for_units(EAST, WEST), with_unit(SOUTH, status="exempt")),
    ),
    "sheet-elsewhere": (
        Case(context=with_unit(EAST, here=False), path=f"sheets/{EAST}"),
        Case(for_units(WEST, SOUTH), with_unit(EAST, here=False)),
    ),
    "sheet-gone": (
        Case(context=with_unit(EAST, present=False), path=f"sheets/{EAST}"),
        Case(for_units(WEST, SOUTH), with_unit(EAST, present=False)),
    ),
    "sheet-unknown": (
        Case(
            replace(PLAN, sheets={**PLAN.sheets, "U-X": SheetPlan()}),
            path="sheets/U-X",
            facts={"unit": "U-X"},
        ),
        Case(),
    ),
    "sheet-exempt": (
        Case(context=with_unit(EAST, status="exempt"), path=f"sheets/{EAST}"),
        Case(context=with_unit(EAST, status="ungraded")),
    ),
    "indicator-unit": (
        Case(with_more(own("J11", "U-X", "特色")), path="indicators/J11/unit"),
        Case(with_more(own("J11", EAST, "特色"))),
    ),
    "cell-foreign": (
        Case(with_sheet(EAST, not_applicable={"J99": "无"}), path=f"sheets/{EAST}/J99"),
        Case(with_sheet(EAST, not_applicable={"R07": "无"}, values={"J01": Values(target=TICK)})),
    ),
    "milestones-missing": (
        Case(nodes(), path="indicators/J01/nodes"),
        Case(nodes(("全部", 100, SPRING))),
    ),
    "milestone-shares": (
        Case(
            nodes(("上半年", 40, SPRING), ("下半年", 59, AUTUMN)),
            path=f"sheets/{EAST}/J01/nodes",
            facts={"found": "99", "item": "东城小学 · J01 教学常规合格率"},
        ),
        Case(nodes(("上半年", 40, SPRING), ("下半年", 60, AUTUMN))),
    ),
    "milestone-outside": (
        Case(
            nodes(("全部", 100, date(2027, 1, 1))),
            path=f"sheets/{EAST}/J01/nodes/全部",
            facts={"day": "2027.01.01", "year": 2026},
        ),
        Case(nodes(("全部", 100, date(2026, 12, 31)))),
    ),
    "milestone-twice": (
        Case(nodes(("半", 50, SPRING), ("半", 50, AUTUMN)), path=f"sheets/{EAST}/J01/nodes/半"),
        Case(nodes(("半", 50, SPRING), ("另半", 50, AUTUMN))),
    ),
    "element-absent": (
        Case(
            with_item("J07", with_item("J08", element="主体业务开展"), element="主体业务开展"),
            path=f"sheets/{EAST}",
            facts={"element": "管理运行状况", "count": 3},
        ),
        Case(with_item("J07", element="主体业务开展")),
    ),
    "element-missing": (
        Case(with_item("J01", element="其他"), path="indicators/J01/element"),
        Case(),
    ),
    "element-share": (
        Case(
            with_item(
                "J01", with_item("J07", points=9 * TICK), points=16 * TICK, element="主体业务开展"
            ),
            context=replace(CONTEXT, limits=replace(CONTEXT.limits, element_play=9_999)),
            path=f"sheets/{EAST}",
            facts={"found": "51", "low": "49.0001", "high": "50.9999"},
        ),
        Case(
            with_item("J01", with_item("J07", points=9 * TICK), points=16 * TICK),
            context=replace(CONTEXT, limits=replace(CONTEXT.limits, element_play=TICK)),
        ),
    ),
    "indicators-few": (
        Case(dropped(PLAN, "J08"), path=f"sheets/{EAST}", facts={"found": 7, "low": 8}),
        Case(),
    ),
    "indicator-heavy": (
        Case(with_item("J03", points=20 * TICK + 1), path="indicators/J03/points"),
        Case(with_item("J03", points=20 * TICK)),
    ),
    "quantified-low": (
        Case(
            with_item("J01", with_item("J02", points=16 * TICK, rule="marks"), rule="marks"),
            path=f"sheets/{EAST}",
        ),
        Case(with_item("J01", with_item("J02", rule="marks"), rule="marks")),
    ),
    "visibility-missing": (
        Case(with_item("J01", visibility=""), path="indicators/J01/visibility"),
        Case(with_item("J01", visibility="latent")),
    ),
    "latent-low": (
        Case(with_item("J03", points=20 * TICK - 1), path=f"sheets/{EAST}"),
        Case(),
    ),
    "latent-falling": (
        Case(
            context=replace(CONTEXT, latent={2025: 30 * TICK + 1}),
            path="indicators",
            facts={"found": "20", "before": "30.0001", "year": 2025},
        ),
        Case(context=replace(CONTEXT, latent={2025: 30 * TICK})),
    ),
    "source-missing": (
        Case(with_item("J01", source=""), path="indicators/J01/source"),
        Case(with_item("J01", source="台账")),
    ),
    "definition-missing": (
        Case(with_item("J01", definition=""), path="indicators/J01/definition"),
        Case(),
    ),
    "evidence-missing": (
        Case(with_item("J01", evidence=""), path="indicators/J01/evidence"),
        Case(),
    ),
    "overlap-common": (
        Case(
            with_item("J01", name="年度报告按时报送率"),
            path="indicators/J01/name",
            facts={"common": "R07 年度报告按时报送"},
        ),
        Case(with_item("J01", name="年度预算按时编报")),
    ),
    "forbidden-fines": (
        Case(
            with_item("J01", name="罚没收入完成率"),
            path="indicators/J01/name",
            facts={"basis": "《中华人民共和国行政处罚法》第七十四条第三款"},
        ),
        Case(with_item("J01", name="处罚信息公开及时率")),
    ),
    "forbidden-exams": (
        Case(with_item("J01", name="高中升学率"), path="indicators/J01/name"),
        Case(with_item("J01", name="义务教育巩固率")),
    ),
    "forbidden-income": (
        Case(
            with_item("J01", name="药品收入增长率"),
            replace(CONTEXT, department="市卫生健康局"),
            "indicators/J01/name",
        ),
        Case(with_item("J01", name="药品收入占比"), replace(CONTEXT, department="市卫生健康局")),
    ),
    "forbidden-perhaps": (
        Case(
            with_item("J01", definition="按全年罚没收入计算"),
            path="indicators/J01/definition",
        ),
        Case(with_item("J01", definition="按时公开的罚没收入条数÷应公开条数")),
    ),
    "sheets-copied": (
        Case(copies(LONG), path=f"sheets/{EAST}", facts={"units": "东城小学、西城小学"}),
        Case(copies(ONE_LETTER)),
    ),
    "tag-missing": (
        Case(with_item("R07", TEMPLATE_PLAN, tag=""), TEMPLATE, "indicators/R07/tag"),
        Case(TEMPLATE_PLAN, TEMPLATE),
    ),
    "ledger-missing": (
        Case(with_item("R07", TEMPLATE_PLAN, ledger=""), TEMPLATE, "indicators/R07/ledger"),
        Case(TEMPLATE_PLAN, TEMPLATE),
    ),
    "basis-missing": (
        Case(with_item("R07", TEMPLATE_PLAN, basis=""), TEMPLATE, "indicators/R07/basis"),
        Case(TEMPLATE_PLAN, TEMPLATE),
    ),
    "target-below-last": (
        Case(
            own_target(94),
            last_year(95),
            f"sheets/{EAST}/J01/target",
            {"found": "94", "before": "95", "year": 2025},
        ),
        Case(own_target(95), last_year(95)),
    ),
    "target-below-many": (
        Case(
            context=past((EAST, 2025, 101, 100, 15), (WEST, 2025, 102, 100, 15)),
            path="indicators/J01/target",
            facts={"found": "100", "before": "102", "count": 2},
        ),
        Case(context=past((EAST, 2025, 101, 100, 15), (WEST, 2025, 100, 100, 15))),
    ),
    "target-under-worst": (
        Case(
            own_target(80, reason="校区搬迁"),
            past(*((EAST, year, 81, 90, 10) for year in (2025, 2024, 2023))),
            f"sheets/{EAST}/J01/target",
            {"before": "81"},
        ),
        Case(
            own_target(81, reason="校区搬迁"),
            past(*((EAST, year, 81, 90, 10) for year in (2025, 2024, 2023))),
        ),
    ),
    "target-unreachable": (
        Case(own_target(111), last_year(100), f"sheets/{EAST}/J01/target", {"before": "100"}),
        Case(own_target(110), last_year(100)),
    ),
    "target-trivial": (
        Case(
            context=last_year(100, earned=15),
            path="indicators/J01/target",
            facts={"count": 3, "year": 2025},
        ),
        Case(context=last_year(100, target=99, earned=15)),
    ),
    "never-separated": (
        Case(context=last_year(90), path="indicators/J01/name", facts={"count": 3}),
        Case(
            context=past(
                (EAST, 2025, 90, 100, 10), (WEST, 2025, 90, 100, 10), (SOUTH, 2025, 91, 100, 11)
            )
        ),
    ),
}
