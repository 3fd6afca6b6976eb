"""Which unit is meant, by code, name, or part of a name."""

import pytest

from kaohe.inquiry.refusals import QuestionRefused
from kaohe.inquiry.unit_search import find_unit
from kaohe.locale import translator

NAMES = [
    ("12370683000001A013", "市人民医院"),
    ("12370683000002A02D", "市中医医院"),
    ("12370683000003A03P", "市妇幼保健院"),
    ("12370683000004B04P", "市人民医院分院"),
]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("12370683000002A02D", NAMES[1][0]),
        ("12370683000002a02d", NAMES[1][0]),
        ("１２３７０６８３０００００２Ａ０２Ｄ", None),
        (" 市中医医院 ", NAMES[1][0]),
        ("妇幼", NAMES[2][0]),
        ("市人民医院", NAMES[0][0]),
        ("0004B", NAMES[3][0]),
    ],
)
def test_a_unit_is_found_by_code_whole_name_or_part(asked, code):
    if code is None:
        with pytest.raises(QuestionRefused):
            find_unit(NAMES, asked)
    else:
        assert find_unit(NAMES, asked) == code


def test_a_name_that_several_units_share_is_refused_with_all_of_them():
    with pytest.raises(QuestionRefused) as refused:
        find_unit(NAMES, "医院")

    problem = refused.value.problems[0]
    assert problem.code == "unit-ambiguous"
    assert "“医院” may mean 3 units" in problem.sentence()
    assert all(name in problem.remedy() for _code, name in NAMES if "医院" in name)


def test_an_unknown_name_is_refused_with_near_ones():
    with pytest.raises(QuestionRefused) as refused:
        find_unit(NAMES, "中医院")

    problem = refused.value.problems[0]
    assert problem.code == "unit-unknown"
    assert problem.remedy().index("市中医医院") < problem.remedy().index("市人民医院")
    assert problem.sentence(translator("zh")) == "没有单位“中医院”"


def test_an_empty_name_is_no_unit():
    with pytest.raises(QuestionRefused):
        find_unit(NAMES, "  ")
