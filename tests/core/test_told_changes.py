"""What cells held before edits is read back from the lines that the record keeps of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.plan_differences import cell_changes
from kaohe.core.told_changes import before_edits

PATHS = ("preface", "indicators/J01/name", "indicators/J01/source", "sheets/1/J01/target")
TEXTS = st.text(st.sampled_from("甲乙→: \n9"), max_size=6)
CELLS = st.dictionaries(st.sampled_from(PATHS), TEXTS.filter(bool))


def in_lines(old, new):
    return "\n".join(f"{each.path}: {each.old} → {each.new}" for each in cell_changes(old, new))


@given(st.lists(CELLS, min_size=1, max_size=4))
def test_edits_are_taken_back_one_by_one(states):
    edits = [in_lines(old, new) for old, new in pairwise(states) if old != new]

    assert before_edits(states[-1], reversed(edits)) == states[0]


def test_a_text_of_several_lines_with_arrows_is_read_whole():
    old = {"preface": "一 → 二\n三", "indicators/J01/name": "甲"}
    new = {"preface": "一\npreface 四 → 二", "indicators/J01/name": "甲 → 乙"}

    assert before_edits(new, [in_lines(old, new)]) == old


@pytest.mark.parametrize(
    "text", ["已删除", "preface: 甲 → 丙", "preface: 甲 → 乙\n多出", "preface: 甲"]
)
def test_lines_that_do_not_fit_tell_nothing(text):
    assert before_edits({"preface": "乙"}, [text]) is None


def test_without_edits_all_is_as_it_was():
    assert before_edits({"preface": "乙"}, []) == {"preface": "乙"}
