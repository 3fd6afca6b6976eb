"""Last year's sheets in Word: three shapes, headings in many wordings, rules where certain."""

import io
import zipfile

import pytest

from kaohe.indicators.reading.rule_phrases import read_rule
from kaohe.indicators.reading.word_plan import plan_from_word
from kaohe.indicators.reading.word_sheets import WordReader
from kaohe.indicators.reading.word_units import UnitNames
from tests.indicators.word_files import HEADS, word
from tests.worlds import credit_code

FIRST, SECOND = credit_code(1), credit_code(2)
UNITS = {FIRST: "示例市第一中学", SECOND: "示例市第二中学"}
M, B, O = "主体业务开展", "经济社会效益", "管理运行状况"  # noqa: E741


def read(tmp_path, *parts, draft=None, said=None):
    path = tmp_path / "a.docx"
    path.write_bytes(word(*parts))
    file = WordReader(UnitNames.by_name(UNITS), said or {}, str).read(path)
    return plan_from_word(file, draft or {}), file


def codes(file):
    return {each.code for each in file.problems}


def test_merged_cells_give_their_text_to_each_row_and_headings_may_stand_in_the_table(tmp_path):
    tree, file = read(
        tmp_path,
        [
            ["示例市第一中学2025年度绩效考核单", None, None, None, None, None],
            list(HEADS),
            [
                "1",
                f"{M}（50分）",
                "教学常规检查合格率",
                "15",
                "≥95%",
                "≥95%得满分，每低1个百分点扣1分",
            ],
            ["2", ..., "教师培训学时达标率", "20分", "100%", "完成目标得满分，未完成按比例得分"],
            ["二、管理运行状况（10分）", None, None, None, None, None],
            ["3", "", "安全责任事故", "10", "0起", "每发生一起安全责任事故扣5分，扣完为止"],
            ["合计", None, "", "45", "", ""],
        ],
    )

    assert tree["indicators"] == [
        {
            "item": "G01",
            "name": "教学常规检查合格率",
            "unit": FIRST,
            "element": M,
            "points": "15",
            "rule": "interval",
            "zero_at": "80",
            "full_at": "95",
            "measure": "%",
            "definition": "原计分办法：≥95%得满分，每低1个百分点扣1分",
        },
        {
            "item": "G02",
            "name": "教师培训学时达标率",
            "unit": FIRST,
            "element": M,
            "points": "20",
            "rule": "ratio_up",
            "target": "100",
            "measure": "%",
            "definition": "原计分办法：完成目标得满分，未完成按比例得分",
        },
        {
            "item": "G03",
            "name": "安全责任事故",
            "unit": FIRST,
            "element": O,
            "points": "10",
            "rule": "deduction",
            "target": "0",
            "kinds": "安全责任事故:5",
            "measure": "起",
            "definition": "原计分办法：每发生一起安全责任事故扣5分，扣完为止",
        },
    ]
    assert list(tree["sheets"]) == [FIRST]
    assert codes(file) == {"word-merged-total"}


def test_two_tables_are_put_together_by_the_name_and_sheets_of_sisters_share_indicators(tmp_path):
    def sheet(unit, target):
        return (
            f"{unit}考核单",
            [
                ["指标编号", "考核要素", "指标名称", "标准分", "目标值"],
                ["J01", M, "课程开设率", "60", target],
                ["J02", B, "家长满意度", "40", "90"],
            ],
            "指标说明",
            [
                ["指标名称", "指标解释", "数据来源", "统计周期"],
                ["课程开设率", "按国家课程方案", "教务系统", "半年"],
                ["家长满意度", "问卷", "第三方", "年"],
            ],
        )

    tree, file = read(tmp_path, *sheet("示例市第一中学", "100%"), *sheet("示例市第二中学", "98%"))

    assert tree["indicators"][0] == {
        "item": "J01",
        "name": "课程开设率",
        "element": M,
        "points": "60",
        "target": "100",
        "measure": "%",
        "definition": "按国家课程方案",
        "source": "教务系统",
        "period": "half",
    }
    assert [each.get("unit", "") for each in tree["indicators"]] == ["", ""]
    own = {unit: sheet["values"] for unit, sheet in tree["sheets"].items()}
    assert own == {FIRST: {}, SECOND: {"J01": {"target": "98"}}}
    assert file.problems == []


def test_extra_columns_are_left_out_or_asked_about_and_what_was_said_is_used(tmp_path):
    parts = (
        "示例市第二中学",
        [
            ["序号", "指标", "分数", "重点事项", "自评得分", "考核得分"],
            ["1", "课程开设率", "60", "开齐开足", "", ""],
        ],
    )
    tree, file = read(tmp_path, *parts)
    said, known = read(tmp_path, *parts, said={"重点事项": "definition"})

    assert (file.unknown, known.unknown) == (["重点事项"], [])
    assert "definition" not in tree["indicators"][0]
    assert said["indicators"][0]["definition"] == "开齐开足"
    assert file.heads == {
        "序号": "",
        "指标": "name",
        "分数": "points",
        "自评得分": "",
        "考核得分": "",
    }


def test_two_rows_of_heads_are_read_as_one(tmp_path):
    tree, _ = read(
        tmp_path,
        "示例市第一中学",
        [
            ["指标名称", "分值", "年度指标", None],
            [..., ..., "基数", "目标值"],
            ["课程开设率", "60", "96", "98"],
        ],
    )

    assert tree["indicators"][0]["target"] == "98"
    assert tree["sheets"][FIRST]["values"] == {"G01": {"base": "96"}}


def test_common_indicators_and_other_tables_are_left_out_and_told(tmp_path):
    tree, file = read(
        tmp_path,
        "示例市第一中学",
        "一、共性指标",
        [["考核内容", "分值", "扣分标准"], ["法人登记", "60", "逾期扣1分"]],
        [["联系人", "电话"], ["张三", "1"]],
        "二、个性指标",
        [["要素", "考核内容", "分值"], [M, "课程开设率", "60"]],
    )

    assert [each["name"] for each in tree["indicators"]] == ["课程开设率"]
    assert codes(file) == {"word-common-left", "word-table-not-read"}


def test_what_the_draft_has_for_units_that_are_not_named_stays(tmp_path):
    draft = {
        "preface": "前言",
        "indicators": [
            {"item": "J01", "name": "甲", "unit": SECOND},
            {"item": "J02", "name": "乙", "unit": FIRST},
        ],
        "sheets": {SECOND: {"values": {"J01": {"target": "5"}}, "not_applicable": {}, "nodes": {}}},
    }
    tree, _ = read(
        tmp_path,
        "示例市第一中学",
        [["指标名称", "分值"], ["课程开设率", "60"]],
        draft=draft,
    )

    assert [(each["item"], each["name"]) for each in tree["indicators"]] == [
        ("J01", "甲"),
        ("G01", "课程开设率"),
    ]
    assert tree["sheets"][SECOND]["values"] == {"J01": {"target": "5"}}
    assert tree["preface"] == "前言"


def test_a_file_without_a_unit_is_for_all_and_one_without_tables_is_told(tmp_path):
    tree, file = read(tmp_path, [["指标名称", "分值"], ["课程开设率", "60"]])
    nothing, empty = read(tmp_path, "没有表格")

    assert "unit" not in tree["indicators"][0]
    assert (codes(file), codes(empty)) == ({"word-unit-open"}, {"word-no-table"})
    assert nothing["indicators"] == []


def test_what_is_no_word_file_is_told(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK nonsense")

    assert codes(WordReader(UnitNames.by_name(UNITS), {}, str).read(path)) == {"word-unreadable"}


def test_a_cell_that_spans_a_million_columns_is_not_read(tmp_path):
    sound = word([["指标名称", "分值"], ["甲", "1"]])
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="1000000"/>', 1)
            new.writestr(name, data)

    assert codes(WordReader(UnitNames.by_name(UNITS), {}, str).read(path)) == {"word-unreadable"}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("≥95%得满分，每低1个百分点扣1分", {"rule": "interval", "zero_at": "85", "full_at": "95"}),
        (
            "≤20%得满分，每高1个百分点扣0.5分。",
            {"rule": "interval", "zero_at": "40", "full_at": "20"},
        ),
        ("90%以上得10分，80%以上得8分", {"rule": "steps_up", "steps": "90:100;80:80"}),
        ("每发生一起医疗事故扣2分，扣完为止", {"rule": "deduction", "kinds": "医疗事故:2"}),
        ("每获一项省级奖励加2分，最高4分", {"rule": "accrual", "kinds": "获一项省级奖励:2:4"}),
        ("按完成率得分", {"rule": "ratio_up", "target": "50"}),
    ],
)
def test_a_sentence_that_is_certain_gives_the_rule(text, fields):
    assert read_rule(text, "10", "50", str).fields == fields


@pytest.mark.parametrize(
    "text",
    [
        "视完成情况酌情打分",
        "≥95%得满分，每高1个百分点扣1分",  # which way?
        "20%以下得满分，每低1个百分点扣1分",
        "80%以上得8分，90%以上得10分",
        "90%以上得10分，80%以下得3分",
        "95%得满分，每低1个百分点扣0分",
        "未完成不得分",
        "",
    ],
)
def test_a_sentence_that_is_not_certain_gives_none(text):
    assert read_rule(text, "10", "", str) is None
