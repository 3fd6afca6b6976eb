"""A sound plan, and for each check a plan that raises it, and one that just does not."""

from dataclasses import dataclass, field, replace
from datetime import date

from kaohe.core.checkup import Context, UnitFacts
from kaohe.core.indicators import Element, Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.past import Past, PastValue
from kaohe.core.quantities import TICK
from kaohe.core.rows import EventKind, Step
from kaohe.core.texts import fold

EAST, WEST, SOUTH = "U-EAST", "U-WEST", "U-SOUTH"
NAMES = {EAST: "东城小学", WEST: "西城小学", SOUTH: "南城小学"}
COMMON = (
    Indicator(
        "R07",
        "年度报告按时报送",
        "common",
        points=100 * TICK,
        rule="deduction",
        kinds=(EventKind("迟报", TICK),),
        definition="每年3月31日前报送",
        source="登记管理系统",
        evidence="回执",
        basis="暂行条例第十七条",
        tag="reg",
        ledger="registration",
    ),
)


def _indicator(code, name, element, points, visibility, **rule):
    return Indicator(
        code,
        name,
        element=element,
        points=points * TICK,
        visibility=visibility,
        definition="按全年统计",
        source="年报",
        evidence="统计表",
        **rule,
    )


def sound_plan():
    """Eight indicators, three units, nothing to be found."""
    up = {"rule": "ratio_up", "target": 100 * TICK}
    business, benefit, management = Element.BUSINESS, Element.BENEFIT, Element.MANAGEMENT
    indicators = (
        _indicator("J01", "教学常规合格率", business, 15, "visible", **up),
        _indicator("J02", "国家课程开设率", business, 15, "visible", **up),
        _indicator("J03", "教师培训达标率", business, 20, "latent", **up),
        _indicator(
            "J04",
            "体质健康优良率",
            benefit,
            10,
            "visible",
            rule="interval",
            zero_at=0,
            full_at=TICK,
        ),
        _indicator("J05", "义务教育巩固率", benefit, 10, "visible", **up),
        _indicator("J06", "家长满意度", benefit, 10, "visible", **up),
        _indicator("J07", "应急演练次数", management, 10, "visible", **up),
        _indicator("J08", "预算执行进度", management, 10, "visible", **up),
    )
    return Plan("", indicators, {unit: SheetPlan() for unit in NAMES})


def sound_context():
    """2026, the three units under the department of education."""
    units = {code: UnitFacts(name) for code, name in NAMES.items()}
    return Context(2026, "市教体局", COMMON, units)


PLAN, CONTEXT = sound_plan(), sound_context()
TEMPLATE = Context(2026)
TEMPLATE_PLAN = Plan("", COMMON)


@dataclass(frozen=True)
class Case:
    """A plan with its context, and where the finding is expected."""

    plan: Plan = PLAN
    context: Context = CONTEXT
    path: str = ""
    facts: dict = field(default_factory=dict)


def with_item(code, plan=PLAN, **fields):
    """The plan with some fields of one indicator replaced."""
    return replace(
        plan,
        indicators=tuple(
            replace(each, **fields) if each.item == code else each for each in plan.indicators
        ),
    )


def with_more(*indicators, plan=PLAN):
    """The plan with further indicators."""
    return replace(plan, indicators=(*plan.indicators, *indicators))


def with_sheet(unit, plan=PLAN, **fields):
    """The plan with something on one unit's sheet."""
    return replace(plan, sheets={**plan.sheets, unit: replace(plan.sheet(unit), **fields)})


def with_unit(code, **fields):
    """The context with something else known of a unit."""
    units = {**CONTEXT.units, code: CONTEXT.units[code]._replace(**fields)}
    return replace(CONTEXT, units=units)


def own(code, unit, name, points=0, **fields):
    """An indicator of one unit."""
    return replace(
        _indicator(code, name, Element.BUSINESS, points, "visible", rule="marks"),
        unit=unit,
        **fields,
    )


def dropped(plan, *codes):
    """The plan without some indicators."""
    return replace(
        plan, indicators=tuple(each for each in plan.indicators if each.item not in codes)
    )


def for_units(*units):
    """The plan with the sheets of these units only."""
    return replace(PLAN, sheets={unit: SheetPlan() for unit in units})


def nodes(*rows):
    """Milestones of J01 on every sheet: (name, share, day)."""
    plan = with_item("J01", rule="milestones", target=None)
    given = tuple(Node(name, share * TICK, day) for name, share, day in rows)
    return replace(plan, sheets={unit: SheetPlan(nodes={"J01": given}) for unit in NAMES})


SPRING, AUTUMN = date(2026, 4, 1), date(2026, 10, 1)


def past(*rows, name="教学常规合格率", context=CONTEXT):
    """The context with earlier years: (unit, year, value, target, earned) under one indicator."""
    by_unit, by_department = {}, {}
    for unit, year, value, target, earned in rows:
        found = PastValue(
            year,
            "J01",
            name,
            15 * TICK,
            None if value is None else value * TICK,
            None if target is None else target * TICK,
            None if earned is None else earned * TICK,
        )
        by_unit.setdefault((unit, fold(name)), []).append(found)
        if earned is not None:
            items = by_department.setdefault((year, "市教体局"), {})
            items.setdefault(fold(name), []).append(found.earned)
    return replace(context, past=Past((2025, 2024, 2023), by_unit, by_department))


def last_year(value, target=100, earned=10):
    """The three units alike in 2025."""
    return past(*((unit, 2025, value, target, earned) for unit in NAMES))


def own_target(value, **fields):
    """East's own target for J01."""
    return with_sheet(EAST, values={"J01": Values(target=value * TICK, **fields)})


STEPS = (Step(90 * TICK, 100 * TICK), Step(80 * TICK, 60 * TICK))
LONG = "以学生发展为本，开展校本课程研发与阅读推广活动，形成可复制的经验材料并在片区推广应用"
ONE_LETTER = LONG.replace("推广应用", "使用成效展示评议")


def copies(other):
    """East and West each with an indicator of its own; ``other``: West's definition."""
    return with_more(
        own("J11", EAST, "校本课程与阅读推广", definition=LONG),
        own("J12", WEST, "校本课程与阅读推广", definition=other),
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
            {"found": "94", "before": "95", "year": "2025"},
        ),
        Case(own_target(95), last_year(95)),
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
