"""How alike texts are, and which of them are copies of one another."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.quantities import FULL, TICK
from kaohe.core.similarity import alike_among, is_alike, pairs_of

texts = st.text("abc校 ", max_size=8).map(pairs_of)


def test_width_case_and_blanks_make_no_difference():
    assert pairs_of("ＡＢ 校") == pairs_of("ab校")
    assert pairs_of("") == frozenset()
    assert pairs_of("校") == {"校"}


@given(texts, texts, st.integers(0, FULL))
def test_likeness_is_mutual_and_whole_only_for_the_same(one, other, above):
    assert is_alike(one, other, above) == is_alike(other, one, above)
    assert is_alike(one, other, FULL - 1) == (one == other != frozenset())
    assert not is_alike(one, other, FULL)


@given(texts, texts)
def test_likeness_is_the_share_of_common_pairs(one, other):
    if total := len(one) + len(other):
        share = Fraction(2 * len(one & other) * FULL, total)
        assert [is_alike(one, other, above) for above in (0, 500_000, 900_000)] == [
            share > above for above in (0, 500_000, 900_000)
        ]


def test_copies_are_joined_through_others_and_empty_texts_are_no_copies():
    found = alike_among(
        {"d": "", "a": "abcdefghij", "b": "abcdefghijk", "c": "abcdefghijkl", "e": "xyz", "f": ""},
        90 * TICK,
    )
    assert found == [["a", "b", "c"]]


def test_two_sets_of_copies_stay_apart():
    found = alike_among({"a": "xyz", "b": "uvw", "c": "XYZ", "d": "UVW"}, 90 * TICK)
    assert found == [["a", "c"], ["b", "d"]]


def test_what_is_exactly_at_the_line_is_no_copy():
    one, other = "0123456789A", "0123456789B"
    assert alike_among({"a": one, "b": other}, 90 * TICK) == []
    assert alike_among({"a": one, "b": other}, 90 * TICK - 1) == [["a", "b"]]


def test_texts_of_very_different_length_are_not_even_compared():
    assert alike_among({"a": "ab", "b": "abcdefghij"}, 90 * TICK) == []
