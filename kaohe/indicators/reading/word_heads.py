"""What the columns of last year's Word tables mean: heads in many wordings, and what people say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kaohe.core.texts import fold
from kaohe.documents.word_tables import WordTable

# field → how it is headed, the surest first; "" means: known, and not needed
HEADS: Mapping[str, tuple[str, ...]] = {
    "item": ("编号", "指标编号", "指标代码", "代码"),
    "element": ("要素", "三要素", "考核要素", "一级指标", "考核类别", "指标类别", "类别", "维度"),
    "name": (
        *("指标名称", "考核指标", "三级指标", "二级指标", "评价指标", "指标", "考核项目"),
        *("考核内容", "工作任务", "个性指标", "目标任务", "指标内容", "项目"),
    ),
    "points": ("分值", "分数", "标准分", "满分", "权重", "分值（分）", "权重（%）", "标准分值"),
    "target": (
        *("目标值", "年度目标", "年度目标值", "指标值", "目标", "考核目标", "标准值"),
        *("本年目标", "今年目标", "2025年目标", "2026年目标"),
    ),
    "base": ("基数", "上年实绩", "上年完成", "上年完成值", "上年值", "基期值", "上年度完成情况"),
    "measure": ("计量单位", "单位", "量纲"),
    "rule_text": (
        *("计分办法", "计分方法", "评分标准", "评分办法", "评分细则", "计分规则", "计分标准"),
        *("考核标准", "扣分标准", "考核办法", "评分方法", "考核评分标准", "考核计分办法"),
    ),
    "definition": ("指标说明", "指标解释", "指标内涵", "考核要点", "具体要求", "内容要求", "备注"),
    "source": ("数据来源", "来源", "取数来源", "数据提供单位", "考核数据来源"),
    "evidence": ("佐证材料", "证明材料", "印证材料", "支撑材料", "考核资料"),
    "basis": ("设置依据", "依据", "政策依据", "考核依据", "文件依据"),
    "period": ("统计周期", "周期", "考核周期", "考核频次", "考核时间"),
    "person": ("责任岗位", "责任科室", "责任部门", "责任股室", "牵头科室"),
    "visibility": ("显绩潜绩", "绩类", "显潜绩"),
    "judge": ("评判方式", "评判"),
    "tag": ("条款性质",),
    "aspect": ("考核方面", "方面"),
    "ledger": ("台账", "台账名称"),
    "milestone": ("节点", "时间节点", "节点任务", "工作节点"),
    "share": ("占比", "占比%", "占比（%）", "节点占比"),
    "due_on": ("完成期限", "完成时限", "完成时间", "期限"),
    "not_applicable": ("不适用的理由", "不适用理由"),
    "reason": ("调整理由", "本单位取值理由"),
    "": (
        *("序号", "得分", "自评得分", "自评分", "考核得分", "考评得分", "扣分", "实际完成"),
        *("完成情况", "自评情况", "完成值", "实绩", "考核结果", "签字", "审核得分", "扣分原因"),
    ),
}
KNOWN = {fold(head): name for name, heads in HEADS.items() for head in heads}
_SURE = {fold(head): place for heads in HEADS.values() for place, head in enumerate(heads)}
FIELDS = tuple(name for name in HEADS if name)
_WITHIN = 6  # rows from the top in which the heads may stand
_LEAST = 3  # heads of a table that is asked about
_LONGEST = 20  # characters of one of them


@dataclass(slots=True)
class Layout:
    """Where a table has its heads, and which column holds which field."""

    first: int  # the row of the heads
    body: int  # the first row below them
    fields: dict[int, str] = field(default_factory=dict)  # column → field
    heads: list[str] = field(default_factory=list)  # of every column
    unknown: list[str] = field(default_factory=list)  # heads that nobody has explained

    def has(self, *names: str) -> bool:
        """Whether there is a column for each of some fields."""
        return set(names) <= set(self.fields.values())


def meaning(head: str, said: Mapping[str, str]) -> str | None:
    """The field that a head means: as the department said, else as is usual; None: unknown."""
    key = fold(head)
    if key in said:
        return said[key]
    return KNOWN.get(key)


def layout_of(table: WordTable, said: Mapping[str, str]) -> Layout | None:
    """Where the heads of a table are; None where it has none that are known.

    Args:
        said: what the department said of its heads, folded head → field.
    """
    rows = range(min(_WITHIN, len(table.rows)))
    scores = [_score(table.rows[row], said) for row in rows]
    best = max(scores, default=0)
    if best < 2:
        return None
    first = scores.index(best)
    heads, body = list(table.rows[first]), first + 1
    if body < len(table.rows) and _is_second(table, first, said):
        heads = _with_second(heads, table.rows[body], said)
        body += 1
    while body < len(table.rows) and table.rows[body] == table.rows[first]:
        body += 1
    layout = Layout(first, body, heads=heads)
    _choose(layout, said)
    return layout


def _score(row: Sequence[str], said: Mapping[str, str]) -> int:
    """How many different heads of a row are known and say something."""
    return len({found for cell in row if (found := meaning(cell, said))})


def _is_second(table: WordTable, first: int, said: Mapping[str, str]) -> bool:
    """Whether the row below the heads is a second row of heads: some head is merged over it."""
    upper, lower = table.rows[first], table.rows[first + 1]
    spans = len(set(table.joined[first])) < len(upper)
    below = [cell for cell, over in zip(lower, upper, strict=True) if cell != over]
    return spans and bool(below) and all(meaning(cell, said) is not None for cell in below if cell)


def _with_second(upper: Sequence[str], lower: Sequence[str], said: Mapping[str, str]) -> list[str]:
    return [
        below if below and meaning(below, said) is not None else over
        for over, below in zip(upper, lower, strict=True)
    ]


def _choose(layout: Layout, said: Mapping[str, str]) -> None:
    """Each field gets one column: of several the one whose head is the surest."""
    found: dict[str, int] = {}
    for place, head in enumerate(layout.heads):
        name = meaning(head, said)
        again = place > 0 and layout.heads[place - 1] == head
        if name is None:
            if head and not again:
                layout.unknown.append(head)
            continue
        if name and not (again and name in found):
            held = found.get(name)
            if held is None or _rank(head, said) < _rank(layout.heads[held], said):
                if held is not None:
                    layout.unknown.append(layout.heads[held])
                found[name] = place
            else:
                layout.unknown.append(head)
    layout.fields = {place: name for name, place in found.items()}


def _rank(head: str, said: Mapping[str, str]) -> int:
    return -1 if fold(head) in said else _SURE.get(fold(head), 99)


def odd_heads(table: WordTable) -> list[str]:
    """What may be the heads of a table that was not understood: its first row of short texts."""
    for row in table.rows[:_WITHIN]:
        cells = list(dict.fromkeys(cell for cell in row if cell))
        if len(cells) >= _LEAST and all(len(cell) <= _LONGEST for cell in cells):
            return cells
    return []
