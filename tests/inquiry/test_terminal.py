"""Explanations and tables on a terminal, where a Chinese character takes two columns."""

import re

import pytest

from kaohe.inquiry.explanation.text import render_text
from kaohe.inquiry.terminal import columns, cut, table, wrapped
from kaohe.locale import translator
from tests.core import golden
from tests.inquiry.cases import of_golden

NAMES = sorted(golden.CODES)
# What stays Latin in Chinese: names of files, of the command and its arguments, of codes.
LATIN = re.compile(
    r"\S+\.csv|kaohe|what-if|--set|--json|(?:measurement|event|mark|adjustment):\S+|[A-Z0-9]{18}"
    r"|wrong|late|absent|on_site"
)


@pytest.mark.parametrize("name", NAMES)
def test_the_chinese_explanation_is_chinese_throughout(name):
    chinese = translator("zh")
    text = render_text(of_golden(name, chinese), chinese)

    assert text.startswith("计分说明")
    assert re.findall(r"[A-Za-z]{3,}", LATIN.sub("", text)) == []


@pytest.mark.parametrize("width", [80, 100])
def test_a_page_keeps_to_the_width_of_the_terminal(width):
    chinese = translator("zh")
    for name in NAMES:
        text = render_text(of_golden(name, chinese), chinese, width)
        assert max(columns(line) for line in text.splitlines()) <= width


def test_columns_of_a_table_begin_in_one_place_whatever_the_script():
    rows = table([["单位", "得分"], ["abc", "9.50"], ["市人民医院", "10.00"]], right=[1], width=40)

    assert [columns(row) for row in rows] == [17, 17, 17]


def test_a_table_that_is_too_wide_cuts_its_widest_column():
    rows = table([["单位" * 30, "得分"], ["a", "1"]], right=[1], width=40)

    assert all(columns(row) <= 40 for row in rows)
    assert "…" in rows[0]


def test_a_line_never_begins_with_closing_punctuation():
    lines = wrapped("一二三四五六七八九十，" * 6, 21)

    assert all(not line.startswith("，") for line in lines)
    assert "".join(lines) == "一二三四五六七八九十，" * 6


def test_control_signs_in_names_do_not_reach_the_terminal():
    assert wrapped("a\x1b[2Jb\nc", 40) == ["a[2Jb c"]
    assert table([["x\x07\ty"]], width=40) == ["x y"]


def test_a_short_text_is_not_cut():
    assert cut("市人民医院", 10) == "市人民医院"
