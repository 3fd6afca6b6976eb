"""Decimals as ticks, at the bounds of what a number may be."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.quantities import (
    LIMIT,
    half_up,
    half_width,
    parse_ticks,
    show_hundredths,
    show_plain,
    show_ticks,
    to_hundredths,
)


@given(st.integers(0, 2**80), st.integers(1, 2**80))
def test_half_up_is_the_exact_value_rounded_half_up(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)

    assert half_up(numerator, denominator) == floor(exact + Fraction(1, 2))


@given(st.integers(-LIMIT + 1, LIMIT - 1))
def test_what_is_shown_is_read_as_it_was(ticks: int) -> None:
    assert parse_ticks(show_ticks(ticks)) == ticks
    assert parse_ticks(show_plain(ticks)) == ticks


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".5",
        "5.",
        "+1",
        "1e3",
        "1,000",
        "NaN",
        "inf",
        "0.00001",
        "1 0",
        "--1",
        "1.2.3",
        "٣",
    ],
)
def test_what_is_no_decimal_is_not_read(text: str) -> None:
    assert parse_ticks(text) is None


def test_the_bound_of_a_decimal() -> None:
    assert parse_ticks("99999999.9999") == LIMIT - 1
    assert parse_ticks("-99999999.9999") == 1 - LIMIT
    assert parse_ticks("100000000") is None
    assert parse_ticks("-100000000.0000") is None


def test_full_width_is_read_and_blanks_are_dropped() -> None:
    assert parse_ticks("　－１２．５ ") == -125_000
    assert parse_ticks("−1") == -10_000
    assert half_width("第１") == "第1"


def test_zero_has_no_sign() -> None:
    assert parse_ticks("-0") == 0
    assert show_ticks(0) == "0.0000"
    assert show_hundredths(-5) == "-0.05"
    assert to_hundredths(49) == 0
    assert to_hundredths(50) == 1
