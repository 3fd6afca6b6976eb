"""What may not be an indicator is told by its wording; what is alike but sound is left alone."""

import pytest

from kaohe.core.forbidden import ban_of, banned
from kaohe.core.indicators import Indicator
from kaohe.core.rows import EventKind


@pytest.mark.parametrize(
    ("text", "ban"),
    [
        ("罚没收入", "fines"),
        ("罚款总额完成率", "fines"),
        ("行政处罚案件数", "fines"),
        ("查处违法案件数量", "fines"),
        ("立案件数", "fines"),
        ("办案数", "fines"),
        ("处罚信息公开及时率", ""),
        ("行政处罚数据报送及时率", ""),
        ("案件按期办结率", ""),
        ("行政执法案卷评查合格率", ""),
        ("败诉案件数", ""),
        ("被撤销的处罚案件数", ""),
        ("超期未结案件数", ""),
        ("罚缴分离执行率", ""),
        ("中考升学率", "exams"),
        ("高考本科上线人数", "exams"),
        ("中考全市排名", "exams"),
        ("期末考试平均分名次", "exams"),
        ("一本率", "exams"),
        ("重点高中录取人数", "exams"),
        ("学生成绩排名进步率", "exams"),
        ("考试平均分", "exams"),
        ("义务教育巩固率", ""),
        ("学生体质健康测试优良率", ""),
        ("学前三年毛入园率", ""),
        ("满意度测评平均分", ""),
        ("科室创收", "income"),
        ("药品收入", "income"),
        ("检查检验收入增长率", "income"),
        ("门诊 业务收入", "income"),
        ("开单数", "income"),
        ("药品收入占比下降", ""),
        ("医疗服务收入占医疗收入比重", ""),
        ("农民人均收入增长率", ""),
    ],
)
def test_what_is_forbidden_is_told_by_its_wording(text, ban):
    assert ban_of(text)[0] == ban


def test_income_is_certainly_forbidden_only_where_medicine_is_practised():
    indicator = Indicator("J01", "业务收入增长率", rule="ratio_up")
    assert banned(indicator, "市卫生健康局").certain
    assert not banned(indicator, "市文化和旅游局").certain


@pytest.mark.parametrize(
    ("fields", "field", "certain"),
    [
        ({"name": "罚没收入"}, "name", True),
        ({"name": "罚没收入", "rule": "ratio_down"}, "name", False),
        ({"name": "罚没收入", "direction": "down", "rule": "rank"}, "name", False),
        ({"name": "罚没收入", "rule": "interval", "zero_at": 1, "full_at": 0}, "name", False),
        ({"name": "罚没收入", "rule": "interval", "full_at": 1}, "name", True),
        ({"kinds": (EventKind("罚款任务", 1),), "rule": "accrual"}, "kinds", True),
        ({"kinds": (EventKind("下达罚款任务", 1),), "rule": "deduction"}, "kinds", False),
        ({"definition": "不含罚没收入"}, "definition", False),
    ],
)
def test_only_what_wins_points_is_forbidden_beyond_doubt(fields, field, certain):
    result = banned(Indicator("J01", **fields))
    assert (result.field, result.certain) == (field, certain)


def test_an_indicator_that_is_sound_falls_under_no_ban():
    assert banned(Indicator("J01", "义务教育巩固率", definition="按学籍统计")) is None
