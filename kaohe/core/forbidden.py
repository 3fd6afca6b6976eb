"""Indicators that the law forbids (禁设指标): what they are called, and where it says so."""

import re
from typing import NamedTuple

from kaohe.core.indicators import Indicator
from kaohe.core.texts import fold


class Ban(NamedTuple):
    """What may not be an indicator: how it is worded, what is no case of it, whom it concerns."""

    code: str
    pattern: re.Pattern[str]
    allowed: re.Pattern[str]
    sector: re.Pattern[str]  # in the names of a department and its units


class Banned(NamedTuple):
    """What was found: the ban, the field where and its words, and whether it is beyond doubt."""

    ban: str
    field: str
    text: str
    certain: bool


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


_NUMBER = "(总)?(件数|宗数|数量|数额|数|量)(?![据字])"
_GAP = "[^,;。、]"
_EXAMS = "(中考|高考|会考|统考|联考|抽考|学业考试|学业水平考试|期末考试|期中考试)"
_MEDICAL = "(药品|检查|检验|化验|耗材|卫生材料|医疗|医药|业务|门诊|住院|科室|诊疗|手术)"
BANS = (
    Ban(
        "fines",
        _any(
            "罚没(收入|金额|款|总额|任务|指标|财物|" + _NUMBER + ")",
            "罚款(收入|金额|额|总额|任务|指标|" + _NUMBER + ")",
            "处罚(案件)?(金额|任务|指标|" + _NUMBER + ")",
            "(办案|立案|查案|案件|案件查处|案件查办|案件办理)" + _NUMBER,
        ),
        _any("错案", "败诉", "撤销", "超期", "逾期", "积压", "信访", "投诉"),
        _any(""),
    ),
    Ban(
        "exams",
        _any(
            "升学率",
            "上线(率|人数)",
            f"{_EXAMS}{_GAP}{{0,6}}(排名|名次|位次|均分|上线|录取|成绩|优秀率|及格率)",
            "(本科|一本|重本|985|211)(录取|升学|上线)?率",
            f"(重点|名牌|示范)(高中|大学|高校){_GAP}{{0,4}}(录取|升学|人数|率)",
            "(分数|考试|成绩|学业)(排名|名次|位次)",
            "(学生|学科|考试|成绩|质量检测)平均分",
            "状元",
        ),
        _any("(?!)"),
        _any(""),
    ),
    Ban(
        "income",
        _any("创收", f"{_MEDICAL}(总)?收入", "开单(提成|金额|" + _NUMBER + ")"),
        _any(f"收入{_GAP}{{0,4}}(占比|比重|比例)"),
        _any("卫生", "健康", "医", "疾病", "疾控", "妇幼", "血站"),
    ),
)


def ban_of(text: str, names: str = "") -> tuple[str, bool]:
    """The ban that a text falls under, and whether it concerns the sector; ("", False): none.

    Args:
        names: of the department and its units.

    Source: docs/rules/checkup.md, K-11.

    >>> ban_of("罚没收入完成率"), ban_of("处罚信息公开及时率")
    (('fines', True), ('', False))
    """
    folded = fold(text)
    for ban in BANS:
        if ban.pattern.search(folded) and not ban.allowed.search(folded):
            return ban.code, bool(ban.sector.search(names))
    return "", False


def banned(indicator: Indicator, names: str = "") -> Banned | None:
    """The ban that an indicator falls under.

    It is beyond doubt where the name, or a kind of events, wins points by more of it.  Where it
    costs points, or stands only in the definition, it may be the opposite of what is forbidden.

    Source: docs/rules/checkup.md, K-11.
    """
    wins = not _costs(indicator)
    texts = [("name", indicator.name, wins)]
    texts += [("kinds", kind.kind, wins) for kind in indicator.kinds]
    if not _RATIO.search(indicator.definition):
        texts.append(("definition", indicator.definition, False))
    for where, text, certain in texts:
        code, concerned = ban_of(text, names)
        if code:
            return Banned(code, where, text, certain and concerned)
    return None


def _costs(indicator: Indicator) -> bool:
    """Whether more of it earns less."""
    if indicator.rule == "interval":
        return (indicator.full_at or 0) < (indicator.zero_at or 0)
    return indicator.rule in _COSTLY or indicator.direction == "down"


_RATIO = re.compile("[÷/]|占|率|比")  # a number that only measures a share is no quota
_COSTLY = frozenset({"deduction", "ratio_down", "steps_down"})
