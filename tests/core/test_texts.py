"""Texts: what is kept of them, and when two are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.texts import clean, clean_long, fold

# Marks that compose, blanks, line ends and unseen characters crowd in: there cleaning can go wrong.
pieces = st.sampled_from(
    [
        *"ae \t\n\r\v\u3000\xa0\x85\u2028(（〔[",
        *"\u0301\u0308\u200b\u202e\ufeff\xad·•'’—-İßΣςﬁ①",
        "𠮷",
    ]
)
texts = st.one_of(st.text(), st.lists(pieces).map("".join))


@given(texts)
def test_cleaning_and_folding_again_changes_nothing(text):
    for done in (clean, clean_long, fold):
        assert done(done(text)) == done(text)


@given(texts)
def test_a_clean_text_is_one_line_without_outer_or_double_blanks(text):
    kept = clean(text)

    assert kept == kept.strip()
    assert kept.split() == [] or kept == " ".join(kept.split())
    assert "\n" not in kept


@given(texts)
def test_a_long_text_keeps_its_lines_and_nothing_but_them(text):
    for line in clean_long(text).split("\n"):
        assert line == clean(line)


@given(texts)
def test_what_is_the_same_when_clean_is_the_same_when_folded(text):
    assert fold(clean(text)) == fold(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("　莱州市　　第一中学　", "莱州市 第一中学"),
        ("\u202e莱州\u200b市\ufeff", "莱州市"),
        ("a\r\nb", "a b"),
        ("  plain   words ", "plain words"),
        ("e\u200b\u0301", "é"),
        ("市\u3164教育局", "市教育局"),  # a filler, which Python takes for visible
    ],
)
def test_blanks_and_unseen_characters_are_put_right(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "name", ["王䶮", "𠮷田", "李\U00031350", "葛\U000e0100", "买买提·艾力", "O'Neil", "D’Arcy"]
)
def test_names_stay_as_they_are(name):
    assert clean(name) == name
    assert clean_long(name) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("莱州市实验小学（东校区）", "莱州市实验小学 [东校区]"),
        ("买买提·艾力", "买买提•艾力"),
        ("ＭＢ医院", "mb医院"),
        ("莱州—中心", "莱州-中心"),
    ],
)
def test_ways_of_writing_one_name_are_the_same(one, other):
    assert fold(one) == fold(other)


def test_different_names_stay_different():
    assert fold("莱州市第一中学") != fold("莱州市第二中学")
