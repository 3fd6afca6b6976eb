"""Whether a target asks less than another value, and whether it turns an indicator round."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.indicators import Indicator, Values
from kaohe.core.quantities import LIMIT, TICK
from kaohe.core.target_easing import direction, easier_values, is_below, is_easier, is_turned


def item(code, rule, **given):
    return Indicator(code, f"指标{code}", points=10 * TICK, rule=rule, **given)


@pytest.mark.parametrize(
    ("indicator", "values", "actual", "below"),
    [
        (item("X", "ratio_up"), Values(target=10), 11, True),
        (item("X", "ratio_up"), Values(target=11), 11, False),
        (item("X", "ratio_down"), Values(target=12), 11, True),
        (item("X", "ratio_down"), Values(target=11), 11, False),
        (item("X", "interval"), Values(0, 10), 11, True),
        (item("X", "interval"), Values(0, 11), 11, False),
        (item("X", "interval"), Values(20, 12), 11, True),
        (item("X", "interval"), Values(20, 11), 11, False),
        (item("X", "interval"), Values(None, 10), 11, False),
        (item("X", "interval"), Values(10, None), 11, False),
        (item("X", "growth"), Values(target=1, base=1), 11, False),
        (item("X", "ratio_up"), Values(), 11, False),
        (item("X", "ratio_up"), Values(target=10), None, False),
    ],
)
def test_a_target_is_below_where_it_asks_less_than_last_year(indicator, values, actual, below):
    assert is_below(indicator, values, actual) is below


@pytest.mark.parametrize(
    ("own", "stood", "now", "turned"),
    [
        ((60, 90), (None, None), (80, 70), True),
        ((60, 90), (None, None), (70, 80), False),
        ((40, 20), (None, None), (10, 20), True),
        ((40, 20), (20, 40), (30, 10), False),
        ((None, None), (40, 20), (10, 20), True),
        ((None, 90), (60, 90), (91, 90), True),
        ((None, None), (None, None), (10, 20), False),
        ((60, 90), (60, 90), (60, 60), False),
        ((60, 90), (60, 90), (60, None), False),
    ],
)
def test_a_direction_is_the_schemes_own_or_else_what_stood(own, stood, now, turned):
    indicator = item("X", "interval", zero_at=own[0], full_at=own[1])

    assert is_turned(indicator, Values(*now), Values(*stood)) is turned


def test_only_an_interval_has_a_direction():
    assert not is_turned(item("X", "ratio_up"), Values(2, 1), Values(1, 2))
    assert direction(Values()) is None


@pytest.mark.parametrize(
    ("rule", "name", "new", "old", "rises", "easier"),
    [
        ("interval", "full_at", 70, 95, True, True),
        ("interval", "full_at", 70, 95, False, False),
        ("interval", "zero_at", 50, 40, False, True),
        ("ratio_up", "target", 3, 8, True, True),
        ("ratio_down", "target", 8, 3, True, True),
        ("growth", "base", 99, 100, True, True),
        ("growth", "target", 5, 5, True, False),
        ("growth", "target", 5, None, True, False),
        ("milestones", "due_on/x", date(2026, 6, 2), date(2026, 6, 1), True, True),
        ("milestones", "due_on/x", date(2026, 6, 1), date(2026, 6, 1), True, False),
        ("milestones", "due_on/x", date(2026, 6, 1), None, True, False),
    ],
)
def test_easier_goes_by_the_direction_of_the_rule(rule, name, new, old, rises, easier):
    assert is_easier(rule, name, new, old, rises=rises) is easier


ends = st.integers(min_value=1 - LIMIT, max_value=LIMIT - 1)


@given(ends, ends, ends, ends)
def test_of_two_targets_in_one_direction_not_both_are_easier_all_over(a, b, c, d):
    indicator = item("X", "interval")
    one, two = Values(min(a, b), max(a, b)), Values(min(c, d), max(c, d))

    there, back = easier_values(indicator, one, two), easier_values(indicator, two, one)
    if direction(one) is not None and direction(two) is not None:
        assert not set(there) & set(back)
        assert is_turned(indicator, Values(one.full_at, one.zero_at), two)
