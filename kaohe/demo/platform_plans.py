"""The plans of the demonstration city: its own items, with what people want to know of each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kaohe.core.folder_plans import FolderPlans, plans_of
from kaohe.core.indicators import Element, Indicator, Plan, Visibility
from kaohe.core.rows import Inputs
from kaohe.indicators.queries.libraries import seed_template

_MEASURES = (
    ("（万亩）", "万亩"),
    ("（分钟）", "分钟"),
    ("率", "%"),
    ("增幅", "%"),
    ("增长", "%"),
    ("次数", "次"),
    ("人次", "人次"),
    ("项数", "项"),
)
_BY_RULE: Mapping[str, tuple[str, str, str, str]] = {
    # unit of measure, source, evidence, how it is counted
    "deduction": (
        "件",
        "投诉举报、检查和通报记录",
        "查实文书或者通报文件",
        "从满分起按查实的件数扣分，扣完为止",
    ),
    "accrual": (
        "项",
        "上级文件、证书和发布平台",
        "文件、证书复印件或者发布页面",
        "按认定的项数累计加分，以本项分值为限",
    ),
    "milestones": (
        "%",
        "项目进度月报和验收文件",
        "节点完成的验收单或者批复",
        "按节点比重计分，逾期的按日扣减",
    ),
    "marks": (
        "分",
        "主管部门组织的评议",
        "评议打分表和汇总表",
        "评委独立打分，去掉最高分和最低分后取平均值",
    ),
    "rank": ("", "全市业务统计年报", "业务统计年报", "按主管部门所属单位的名次计分"),
    "growth": ("%", "业务统计年报，统计局可核", "本年和上年统计年报", "按比上年增长的幅度计分"),
}
_USUAL = ("", "业务统计年报和原始台账", "统计年报、台账抽样", "按全年实际完成情况计算")
_LATENT = ("培训", "科研", "成果", "示范", "档案", "建设", "节点", "推广", "知晓", "体质", "规范")
_PERIODS = {"deduction": "quarter", "milestones": "quarter", "marks": "half"}


def plans_of_city(inputs: Inputs) -> FolderPlans:
    """Template and schemes, each indicator with source, evidence and the like."""
    plans = plans_of(inputs)
    seed = {each.item: each for each in seed_template().indicators}
    template = Plan(
        seed_template().preface,
        tuple(_common(each, seed[each.item]) for each in plans.template.indicators),
    )
    schemes = {
        name: Plan(_preface(name), _told(plan.indicators), plan.sheets)
        for name, plan in plans.departments.items()
    }
    return FolderPlans(template, schemes, plans.sheets)


def _common(mine: Indicator, seed: Indicator) -> Indicator:
    """An item of a ledger: points and kinds as the city has them, the rest as the seed has it."""
    return replace(
        seed,
        points=mine.points,
        kinds=mine.kinds,
        name=mine.name,
        aspect=mine.aspect,
        element=mine.element,
    )


def _preface(department: str) -> str:
    return (
        f"为做好本年度所属事业单位个性指标考核，{department}按照主体业务开展、经济社会效益、"
        "管理运行状况三个方面制定本方案。指标以数据为准，来源可核，满分一百分。"
    )


def _told(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    return tuple(_with_words(each) for each in indicators)


def _with_words(each: Indicator) -> Indicator:
    measure, source, evidence, counted = _BY_RULE.get(each.rule, _USUAL)
    named = next((words for tail, words in _MEASURES if tail in each.name), measure or "项")
    latent = any(word in each.name for word in _LATENT)
    return replace(
        each,
        measure=measure or named,
        source=source,
        evidence=evidence,
        definition=f"{each.name.partition('（')[0]}：{counted}。",
        basis="本部门年度工作要点",
        visibility=Visibility.LATENT if latent else Visibility.VISIBLE,
        period=_PERIODS.get(each.rule, "year"),
        person=_PERSONS.get(each.element, "业务科室负责人"),
        tag="practice",
        judge="system" if each.rule in ("interval", "ratio_up", "ratio_down") else "manual",
    )


_PERSONS: Mapping[str, str] = {
    Element.BUSINESS: "业务科室负责人",
    Element.BENEFIT: "综合科负责人",
    Element.MANAGEMENT: "办公室负责人",
}
