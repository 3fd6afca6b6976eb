"""The columns of a department's workbook (方案工作簿), and the words for its codes.

One list serves writing, reading and the page that tells what was read; heads and choices are
written as officials write them, and read back by the same words or by the codes themselves.
"""

from collections.abc import Mapping
from typing import NamedTuple

from kaohe.core.indicators import Element
from kaohe.core.problems import N_

SCHEME, UNITS, SHEETS, NODES, PREFACE = "方案", "单位", "单位目标", "节点", "方案正文"
GUIDE, LISTS, STAMP = "填写说明", "字典", "版本"
OURS = (SCHEME, UNITS, SHEETS, NODES, PREFACE, GUIDE, LISTS, STAMP)

RULES: Mapping[str, str] = {
    "interval": "区间计分",
    "ratio_up": "完成率（越高越好）",
    "ratio_down": "完成率（越低越好）",
    "steps_up": "分档（越高越好）",
    "steps_down": "分档（越低越好）",
    "growth": "增长率",
    "deduction": "扣分制",
    "accrual": "累积加分制",
    "milestones": "节点任务",
    "rank": "部门内排名",
    "marks": "评委打分",
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "rule": RULES,
    "element": {each.value: each.value for each in Element},
    "component": {"individual": "个性", "common": "共性"},
    "direction": {"up": "越高越好", "down": "越低越好"},
    "trim": {"true": "是", "false": "否"},
    "visibility": {"visible": "显绩", "latent": "潜绩"},
    "tag": {"seed": "模式原文", "reg": "法定", "practice": "惯例", "design": "自定"},
    "period": {"month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年"},
    "judge": {
        "automatic": "自动计算",
        "system": "系统数据",
        "inspection": "检查",
        "complaint": "投诉举报",
        "manual": "人工评定",
    },
    "ledger": {"registration": "登记管理台账", "establishment": "机构编制台账"},
}
FREE = frozenset({"element"})  # another text than those offered is taken, with a remark


class BookColumn(NamedTuple):
    """A column: the field that it holds, its head, what may stand in it.

    ``kind``: text, long, decimal, choice, list, unit, day, or shown (written, never read).
    """

    field: str
    head: str
    kind: str
    width: int
    help: str  # msgid


SCHEME_COLUMNS = (
    BookColumn("item", "编号", "text", 9, N_("names the indicator, each once; empty: a new one")),
    BookColumn("element", "要素", "choice", 15, N_("one of the three elements")),
    BookColumn("name", "指标名称", "text", 30, N_("what is assessed")),
    BookColumn("points", "分值", "decimal", 8, N_("full points")),
    BookColumn("rule", "计分规则", "choice", 20, N_("one of the eleven rules")),
    BookColumn("measure", "计量单位", "text", 9, N_("such as %, 件, 万亩")),
    BookColumn("target", "目标值", "decimal", 10, N_("for ratios and growth")),
    BookColumn("zero_at", "零分值", "decimal", 10, N_("between two ends: no points here")),
    BookColumn("full_at", "满分值", "decimal", 10, N_("between two ends: full points here")),
    BookColumn("minimum", "最低完成率%", "decimal", 11, N_("below it nothing is earned")),
    BookColumn("steps", "分档", "list", 22, N_("threshold:percent;… such as 90:100;75:80")),
    BookColumn("kinds", "事项分值", "list", 22, N_("kind:points:cap;… such as 逾期:1;未办:2:4")),
    BookColumn("late_per_day", "逾期每日扣%", "decimal", 11, N_("of a milestone's share")),
    BookColumn("direction", "方向", "choice", 10, N_("for the rank within the department")),
    BookColumn("trim", "去掉最高最低", "choice", 11, N_("for the marks of judges")),
    BookColumn("visibility", "显绩潜绩", "choice", 9, N_("shows at once, or lays foundations")),
    BookColumn("definition", "指标说明", "long", 34, N_("what is counted, and how")),
    BookColumn("source", "数据来源", "long", 18, N_("so that a third party can verify it")),
    BookColumn("evidence", "佐证材料", "long", 18, N_("what is kept as proof")),
    BookColumn("basis", "设置依据", "long", 18, N_("law, plan or document")),
    BookColumn("period", "统计周期", "choice", 10, N_("how often it is counted")),
    BookColumn("person", "责任岗位", "text", 14, N_("a post, no name of a person")),
    BookColumn("unit", "适用单位", "unit", 22, N_("a code or a name; empty: all units")),
    BookColumn("judge", "评判方式", "choice", 10, N_("may be empty")),
    BookColumn("tag", "条款性质", "choice", 9, N_("may be empty")),
    BookColumn("component", "指标类别", "choice", 9, N_("empty: individual")),
    BookColumn("aspect", "考核方面", "text", 14, N_("for common indicators")),
    BookColumn("ledger", "台账", "choice", 13, N_("for common indicators")),
)
UNIT_COLUMNS = (
    BookColumn("unit", "单位代码", "unit", 22, N_("the unified social credit code")),
    BookColumn("unit_name", "单位名称", "shown", 34, N_("for reading; the code counts")),
)
SHEET_COLUMNS = (
    *UNIT_COLUMNS,
    BookColumn("item", "编号", "text", 9, N_("of the indicator")),
    BookColumn("item_name", "指标名称", "shown", 30, N_("for reading; the code counts")),
    BookColumn("scheme_value", "方案值", "shown", 16, N_("what holds where the cells are empty")),
    BookColumn("target", "目标值", "decimal", 10, N_("the unit's own, where it differs")),
    BookColumn("zero_at", "零分值", "decimal", 10, N_("the unit's own, where it differs")),
    BookColumn("full_at", "满分值", "decimal", 10, N_("the unit's own, where it differs")),
    BookColumn("base", "基数", "decimal", 10, N_("the value of the year before")),
    BookColumn("reason", "理由", "long", 30, N_("why the unit has a value of its own")),
    BookColumn("not_applicable", "不适用的理由", "long", 26, N_("filled in: it does not apply")),
)
NODE_COLUMNS = (
    *UNIT_COLUMNS,
    BookColumn("item", "编号", "text", 9, N_("of the indicator")),
    BookColumn("item_name", "指标名称", "shown", 30, N_("for reading; the code counts")),
    BookColumn("milestone", "节点", "text", 30, N_("what is to be done")),
    BookColumn("share", "占比%", "decimal", 9, N_("of the indicator's points")),
    BookColumn("due_on", "完成期限", "day", 13, N_("such as 2026-06-30")),
)
PREFACE_COLUMNS = (BookColumn("preface", "正文", "long", 110, N_("a paragraph in each row")),)
COLUMNS: Mapping[str, tuple[BookColumn, ...]] = {
    SCHEME: SCHEME_COLUMNS,
    UNITS: UNIT_COLUMNS,
    SHEETS: SHEET_COLUMNS,
    NODES: NODE_COLUMNS,
    PREFACE: PREFACE_COLUMNS,
}


def written(field: str, text: str) -> str:
    """A text of a plan's tree as a workbook or a paper writes it.

    >>> written("rule", "ratio_up"), written("name", "家长满意度")
    ('完成率（越高越好）', '家长满意度')
    """
    return CHOICES.get(field, {}).get(text, text)
