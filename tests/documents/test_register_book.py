"""The register as a workbook: to fill in, to correct and bring back, to mark mistakes in."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from kaohe.core.register import FIELDS
from kaohe.documents.register_book import (
    GUIDE,
    LISTS,
    PROBLEMS,
    SHEET,
    Mark,
    annotated,
    list_of_problems,
    register_book,
)
from kaohe.locale import translator
from tests.organization.workbooks import book, code, row

DEPARTMENTS = ["市教育和体育局", "市卫生健康局"]
VALUES = {
    "code": code(1),
    "name": "=CMD|'/c calc'!A1",
    "department": "市教育和体育局",
    "category": "public_second",
    "aliases": ("少年宫", "䶮文馆"),
    "posts_approved": 0,
    "start_up": Decimal("120.5000"),
    "cert_to": date(2029, 3, 5),
    "contact_phone": "0535-2212345",
}


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def of_sheet(data, sheet=SHEET):
    return [[cell.value for cell in line] for line in opened(data)[sheet].iter_rows()]


def test_the_form_has_every_field_and_no_row():
    [heads, *rows] = of_sheet(register_book([], DEPARTMENTS, translator("zh")))

    assert heads == [each.written[0] + "*" * each.required for each in FIELDS]
    assert rows == []


def test_the_form_offers_what_may_be_chosen_on_a_hidden_sheet():
    made = opened(register_book([], DEPARTMENTS, translator("zh")))

    assert made[LISTS].sheet_state == "hidden"
    rules = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in made[SHEET].data_validations.dataValidation
    }
    place = 1 + [each.name for each in FIELDS].index("department")
    letter = made[SHEET].cell(1, place).column_letter
    area = rules[f"{letter}2"].replace("$", "").partition("!")[2]
    assert [line[0].value for line in made[LISTS][area]] == DEPARTMENTS
    assert len(rules) == 1 + sum(bool(each.choices) for each in FIELDS)


def test_codes_and_telephones_stand_in_columns_of_text():
    page = opened(register_book([], DEPARTMENTS, translator("zh")))[SHEET]

    for place, each in enumerate(FIELDS, 1):
        if each.name in ("code", "contact_phone"):
            spans = page.column_dimensions.values()
            [span] = [each for each in spans if each.min <= place <= each.max]
            assert span.number_format == "@"


def test_each_head_explains_itself_and_the_guide_has_an_example_of_each_needed_field():
    made = opened(register_book([], DEPARTMENTS, translator("zh")))

    assert all(made[SHEET].cell(1, place).comment for place in range(1, len(FIELDS) + 1))
    guide = {line[0]: line[4] for line in of_sheet(register_book([], [], translator("zh")), GUIDE)}
    assert all(guide[each.written[0]] for each in FIELDS if each.required)


def test_the_workbook_says_which_form_it_has():
    data = register_book([], [], translator("zh"))

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"schema_version" in archive.read("docProps/custom.xml")


def test_values_are_written_as_what_they_are_and_never_as_a_formula():
    data = register_book([VALUES], DEPARTMENTS, translator("zh"))

    made = opened(data)[SHEET]
    cells = {each.name: made.cell(2, place) for place, each in enumerate(FIELDS, 1)}
    assert (cells["name"].value, cells["name"].data_type) == (VALUES["name"], "s")
    assert cells["category"].value == "公益二类"
    assert cells["aliases"].value == "少年宫、䶮文馆"
    assert (cells["posts_approved"].value, cells["start_up"].value) == (0, 120.5)
    assert cells["cert_to"].value.date() == date(2029, 3, 5)
    assert cells["contact_phone"].value == "0535-2212345"
    assert cells["staff"].value is None


def test_the_same_rows_give_the_same_bytes():
    first, second = (register_book([VALUES], DEPARTMENTS, translator("zh")) for _ in range(2))

    assert first == second


@pytest.fixture
def theirs(tmp_path):
    """A workbook that somebody sent, with a title above its heads."""
    path = tmp_path / "名录.xlsx"
    path.write_bytes(book([row(1, "一中"), row(2, "二中")], before=1, hidden=("旧表",)))
    return path


def test_mistakes_are_marked_in_the_workbook_that_was_sent(theirs):
    marks = [
        Mark(4, "code", "校验位不符", True),
        Mark(4, "", "整行提示", False),
        Mark(3, "name", "=也是他单位的名称", False),
    ]

    made = opened(annotated(theirs, "名录", 2, marks))
    page = made["名录"]

    assert page["A4"].comment.text == "校验位不符"
    assert page["A4"].fill.start_color.rgb.endswith("F6EEDB")
    assert page["B3"].comment.text == "=也是他单位的名称"
    assert page["B3"].fill.fill_type is None
    assert page["E2"].value == PROBLEMS
    assert page["E4"].value == "校验位不符；整行提示"
    assert (page["E3"].value, page["E3"].data_type) == ("=也是他单位的名称", "s")
    assert page["A4"].value == code(2)
    assert "旧表" in made.sheetnames


def test_of_other_files_the_rows_that_are_not_right_are_listed():
    rows = [(7, {"code": "=1+1", "name": "一中"}, [Mark(7, "code", "代码有误", True)])]

    data = list_of_problems(["code", "name"], rows, translator("zh"))

    [_heads, line] = of_sheet(data, PROBLEMS)
    assert line == [7, "=1+1", "一中", "代码有误"]
    assert opened(data)[PROBLEMS]["B2"].data_type == "s"


def test_the_guide_says_of_each_column_whether_it_is_needed():
    lines = of_sheet(register_book([], DEPARTMENTS, translator("zh")), GUIDE)
    first = next(number for number, line in enumerate(lines) if "是否必填" in line)

    told = [line[1] for line in lines[first + 1 :]]

    assert told == ["必填" if each.required else "选填" for each in FIELDS]
