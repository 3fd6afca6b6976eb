"""A sound plan with its context, and ways to make others of it: for tests of the check-up."""

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
