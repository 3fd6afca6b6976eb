"""The register: its fields, the codes of units, a whole table at once."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.codes import ALPHABET, check_symbol, is_credit_code
from kaohe.core.problems import CATALOGUE
from kaohe.core.register import (
    FIELDS,
    Known,
    KnownUnit,
    check_code,
    field_of_head,
    missing_for_year,
    normal_code,
    read_head,
    read_rows,
)
from kaohe.core.register_codes import likely_code, organisation_symbol
from kaohe.core.texts import fold
from kaohe.locale import translator

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "register.md"
SOUND = "12370683MB00000192"


def code(number):
    """A code that is right outside and inside."""
    body = f"12370683{number:08d}"
    body += organisation_symbol(body[8:])
    return body + check_symbol(body)


def unit(number, **cells):
    return {
        "code": code(number),
        "name": f"莱州市第{number}小学",
        "department": "市教体局",
        "category": "公益一类",
        **cells,
    }


EDUCATION = {"莱州市教育和体育局": "edu", "市教体局": "edu", "莱州市卫生健康局": "health"}


def reading(*rows, units=(), departments=EDUCATION):
    return read_rows(enumerate(rows, start=2), Known(departments, units))


def found(result):
    return [
        (problem.code.removeprefix("register-"), problem.row, problem.column)
        for problem in result.problems
    ]


# Fields


def test_the_page_of_rules_has_the_fields_in_their_order():
    rows = re.findall(r"^\| (\**\w+\**) \| (\S+) \| ", PAGE.read_text("utf-8"), re.MULTILINE)
    listed = [(name, head) for name, head in rows if name.strip("*") in {f.name for f in FIELDS}]
    expected = [
        (f"**{field.name}**" if field.required else field.name, field.written[0])
        for field in FIELDS
    ]

    assert listed[: len(FIELDS)] == expected


def test_heads_and_words_are_the_first_that_are_written_in_chinese():
    chinese = translator("zh")
    for field in FIELDS:
        assert chinese(field.head) == field.written[0]
        for choice in field.choices:
            assert chinese(choice.word) == choice.written[0]


def test_no_head_and_no_word_means_two_things():
    heads = [fold(text) for field in FIELDS for text in (field.name, *field.written)]
    assert len(heads) == len(set(heads))
    for field in FIELDS:
        words = [fold(text) for each in field.choices for text in (each.code, *each.written)]
        assert len(words) == len(set(words))


def test_a_head_is_found_however_it_is_written():
    assert field_of_head("开办资金(万元)") is field_of_head(" start_up ")
    assert field_of_head("备注") is None


def test_a_head_is_read_with_all_that_is_wrong():
    cells = ["单位名称", None, "名称", "备注", "主管部门", "机构类别"]

    places, problems = read_head(cells, row=3)

    assert {place: field.name for place, field in places.items()} == {
        0: "name",
        4: "department",
        5: "category",
    }
    assert [(p.code, p.row, p.column) for p in problems] == [
        ("register-column-twice", 3, "name"),
        ("register-column-unknown", 3, ""),
        ("register-column-missing", 3, "code"),
    ]
    assert problems[0].facts == {"head": "名称", "first": 1, "second": 3}


def test_what_a_year_still_needs_is_named():
    assert missing_for_year({"group": "", "staff": None}) == ("group", "funding_basis", "staff")


# Codes


@pytest.mark.parametrize(
    "right",
    ["12370683494580120B", "123706834945801398", "12370683MB28765408", "12370683004277779H", SOUND],
)
def test_a_sound_code_has_no_problem(right):
    assert check_code(right) == []


def test_a_code_is_kept_upright_and_otherwise_unchanged():
    assert normal_code("\u3000１２３７０683mb0000O192\u200b\n") == "12370683MB0000O192"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1237068", "register-code-length"),
        ("", "register-code-length"),
        ("1" * 60, "register-code-length"),
        ("12370683MB0000019?", "register-code-symbol"),
        ("12370683MB00000183", "register-code-check"),
        ("91350100M000100Y43", "register-code-not-institution"),
    ],
)
def test_a_wrong_code_is_refused_and_a_strange_one_is_not(written, expected):
    problems = check_code(written)

    assert problems[0].code == expected
    assert CATALOGUE[expected].severity == ("warning" if is_credit_code(written) else "error")


def test_a_code_with_an_unsound_organisation_code_is_a_warning():
    body = "12370683MB0000018"
    assert [problem.code for problem in check_code(body + check_symbol(body))] == [
        "register-code-inner"
    ]


@pytest.mark.parametrize(
    "written",
    [
        "1237O683MB00000192",
        "I2370683MBOOOOOI9Z",
        "12370683 MB00 0001 92",
        "12370683-MB000001-92",
        "12370683BM00000192",
        "21370683MB00000192",
    ],
)
def test_what_was_most_likely_meant_is_suggested(written):
    problem = check_code(written)[0]

    assert problem.code == "register-code-likely"
    assert problem.facts["suggestion"] == SOUND


@pytest.mark.parametrize("body", ["D2143569"])
def test_the_example_of_the_standard(body):
    assert organisation_symbol(body) == "X"


@given(st.integers(0, 10**8 - 1), st.integers(0, 16))
def test_what_is_suggested_is_right_and_near(number, place):
    right = code(number)
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    suggestion = likely_code(swapped)

    if suggestion is not None:
        assert is_credit_code(suggestion)
        assert sum(a != b for a, b in zip(suggestion, swapped, strict=True)) <= 2


@given(st.text(alphabet=[*ALPHABET, *"OISZV ?"], max_size=20))
def test_any_code_is_right_or_has_one_error(text):
    severities = [problem.severity for problem in check_code(text)]

    assert (severities == ["error"]) != is_credit_code(text)


# Tables


def test_a_sound_table_is_read_whole():
    result = reading(unit(1, posts_approved=30.0, former_names="莱州镇小学"), unit(2))

    assert result.sound
    assert result.problems == ()
    first = result.records[0]
    assert first.row == 2
    assert set(first.values) == {field.name for field in FIELDS}
    assert first.values["department"] == "edu"
    assert first.values["posts_approved"] == 30
    assert first.values["former_names"] == ("莱州镇小学",)


def test_a_department_goes_by_any_of_its_names():
    result = reading(unit(1, department="莱州市 教育和体育局"), unit(2, department="市教体局"))

    assert {record.values["department"] for record in result.records} == {"edu"}


def test_all_problems_are_told_at_once_in_the_order_of_rows_and_columns():
    result = reading(
        unit(1, staff="x", category=""),
        unit(1, name="=1"),
        unit(3, department="莱州市教育体育局"),
        unit(4, department="气象台站网"),
        unit(5, cert_from="2026-03-05", cert_to="2025-03-05"),
        unit(6, code=12370683, name=unit(5)["name"]),
        unit(7),
    )

    assert not result.sound
    assert found(result) == [
        ("empty", 2, "category"),
        ("not-count", 2, "staff"),
        ("code-twice", 3, "code"),
        ("dangerous", 3, "name"),
        ("department-likely", 4, "department"),
        ("department-unknown", 5, "department"),
        ("certificate-ends-early", 6, "cert_to"),
        ("code-as-number", 7, "code"),
        ("name-twice", 7, "name"),
    ]
    assert [record.row for record in result.records] == [8]
    assert result.problems[4].facts["suggestion"] == "莱州市教育和体育局"
    assert result.problems[2].facts == {"found": code(1), "first": 2}


def test_a_cell_that_cannot_be_read_raises_no_second_problem():
    result = reading(unit(1, department="", aliases="=1", former_names=True, cert_from="x"))

    assert found(result) == [
        ("dangerous", 2, "aliases"),
        ("not-text", 2, "former_names"),
        ("empty", 2, "department"),
        ("not-date", 2, "cert_from"),
    ]


def test_more_filled_than_approved_is_a_warning():
    result = reading(
        unit(1, posts_approved=3, posts_filled=4, leader_posts=1, leaders_filled=2),
        unit(2, posts_approved=4, posts_filled=4, leaders_filled=2),
    )

    assert result.sound
    assert found(result) == [
        ("posts-exceeded", 2, "posts_filled"),
        ("leaders-exceeded", 2, "leaders_filled"),
    ]
    assert len(result.records) == 2


def test_names_of_other_units_are_a_warning():
    known = [
        KnownUnit(code(1), "莱州市第一小学", former_names=("莱州县小学",)),
        KnownUnit(code(2), "莱州市第二小学", aliases=("莱州市少年宫",)),
        KnownUnit(code(3), "莱州市第三小学"),
    ]
    result = reading(
        unit(1, name="莱州市少年宫"),  # an alias of unit 2
        unit(2, name="莱州市第一小学"),  # unit 1 has another name now, by this very table
        unit(4, name="莱州市第三小学"),  # unit 3 is not in the table
        unit(5, name="莱州县小学", former_names="莱州乡小学"),
        unit(6, name="莱州乡 小学"),
        unit(7, code="x", former_names=unit(7)["name"]),
        units=known,
    )

    warned = [p for p in result.problems if p.code == "register-name-of-another"]
    assert [(p.row, p.facts["other"]) for p in warned] == [
        (2, code(2)),
        (4, code(3)),
        (5, code(1)),
        (6, code(5)),
    ]


def test_a_unit_may_keep_its_own_name():
    known = [KnownUnit(code(1), unit(1)["name"], former_names=(unit(1)["name"],))]

    assert reading(unit(1), units=known).problems == ()


def test_an_unknown_department_without_departments_has_no_suggestion():
    assert found(reading(unit(1), departments={})) == [("department-unknown", 2, "department")]


def test_near_departments_are_looked_up_for_so_many_names_only():
    result = reading(*(unit(n, department=f"市教体局{n}") for n in range(230)))

    codes = [problem.code for problem in result.problems]
    assert codes.count("register-department-likely") == 200
    assert codes.count("register-department-unknown") == 30


def test_ten_thousand_rows_take_no_more_than_a_few_seconds():
    cells = {
        "aliases": "莱州市少年宫、莱州市科技馆",
        "funding": "财政拨款",
        "purpose": "实施小学义务教育\n促进基础教育发展",
        "posts_approved": 30.0,
        "cert_from": "2024年1月1日",
        "contact_phone": "0535-2212345",
    }
    rows = [unit(number, **cells) for number in range(10_000)]
    start = time.process_time()

    result = reading(*rows)

    assert time.process_time() - start < 6  # about one; the rest is for slow machines and coverage
    assert len(result.records) == 10_000
