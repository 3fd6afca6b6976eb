"""The one rounding, roots and days as the database computes them, at the edges of int64."""

from collections.abc import Callable, Sequence
from datetime import date
from math import isqrt
from typing import Any

import duckdb
import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.quantities import half_up as exact_half_up
from kaohe.engine.arithmetic import Frame, at_most, chosen, day_numbers, half_up, held, root

LARGEST = 2**63 - 1
EDGES = [
    (0, 1),
    (1, 2),
    (1, 3),
    (2, 3),
    (9007199254740993, 1),
    (9007199254740993, 2),
    (4000000000000000001, 3),
    (LARGEST, 1),
    (LARGEST, 2),
    (LARGEST, 3),
    (LARGEST, LARGEST // 8),
    (LARGEST - 1, 10**12),
    (10**18 - 1, 2 * 10**6),
    (5 * 10**17, 10**18),
    (5 * 10**17 - 1, 10**18),
]


def computed(
    rows: Sequence[Sequence[object]], kinds: str, step: Callable[[Frame], Frame]
) -> list[tuple[Any, ...]]:
    """What a step makes of rows whose columns are named by ``kinds``: "a BIGINT, b DATE"."""
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE given (place BIGINT, {kinds})")
        marks = ", ".join("?" * (len(rows[0]) + 1))
        con.executemany(
            f"INSERT INTO given VALUES ({marks})",  # noqa: S608
            [[place, *row] for place, row in enumerate(rows)],
        )
        result = step(nw.from_native(con.table("given"))).sort("place")
        native: duckdb.DuckDBPyRelation = nw.to_native(result.drop("place"))
        return native.fetchall()


def rounded(pairs: Sequence[tuple[int, int]]) -> list[int]:
    return [
        row[0]
        for row in computed(
            pairs,
            "a BIGINT, b BIGINT",
            lambda frame: half_up(frame, c=(nw.col("a"), nw.col("b"))).select("place", "c"),
        )
    ]


def test_a_quotient_is_rounded_half_up_at_the_edges_of_int64() -> None:
    assert rounded(EDGES) == [exact_half_up(a, b) for a, b in EDGES]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, LARGEST), st.integers(1, 2**60)), min_size=1, max_size=200)
)
def test_a_quotient_is_rounded_half_up_everywhere(pairs: list[tuple[int, int]]) -> None:
    assert rounded(pairs) == [exact_half_up(a, b) for a, b in pairs]


@pytest.mark.parametrize("denominator", [1, 2, 3, 100, 10_000, 10**12])
def test_a_constant_denominator_rounds_alike(denominator: int) -> None:
    tops = [(0,), (1,), (49,), (50,), (denominator - 1,), (denominator * 7 // 2,), (LARGEST,)]

    def step(frame: Frame) -> Frame:
        return half_up(frame, c=(nw.col("a"), denominator)).select("place", "c")

    found = computed(tops, "a BIGINT", step)

    assert [row[0] for row in found] == [exact_half_up(a, denominator) for (a,) in tops]


def test_a_rounded_column_keeps_the_others_and_may_replace_one() -> None:
    found = computed(
        [(7, 2, "x")],
        "a BIGINT, b BIGINT, c VARCHAR",
        lambda frame: half_up(frame, a=(nw.col("a"), nw.col("b"))),
    )

    assert found == [(2, "x", 4)]


def test_an_empty_operand_rounds_to_nothing() -> None:
    found = computed(
        [(None, 2)],
        "a BIGINT, b BIGINT",
        lambda frame: half_up(frame, c=(nw.col("a"), nw.col("b"))).select("place", "c"),
    )

    assert found == [(None,)]


def test_a_root_is_the_integer_root() -> None:
    near_squares = [
        (n * n + off,) for n in (1, 2, 3, 1000, 94_906_265, 2**26 - 1) for off in (-1, 0, 1)
    ]

    found = computed(near_squares, "a BIGINT", lambda frame: root(frame, "a"))

    assert [row[0] for row in found] == [isqrt(square) for (square,) in near_squares]


def test_days_between_dates_are_differences_of_day_numbers() -> None:
    days = [date(1, 1, 1), date(1900, 2, 28), date(2000, 2, 29), date(2024, 12, 31)]
    days += [date(2025, 1, 1), date(2026, 3, 1), date(9999, 12, 31)]

    found = computed([(day,) for day in days], "a DATE", lambda frame: day_numbers(frame, "a"))

    numbers = [row[0] for row in found]
    assert [number - numbers[0] for number in numbers] == [
        day.toordinal() - days[0].toordinal() for day in days
    ]


def test_the_smaller_of_two_and_an_empty_limit_is_none() -> None:
    found = computed(
        [(5, 3), (5, 9), (5, None)],
        "a BIGINT, b BIGINT",
        lambda frame: frame.select("place", c=at_most(nw.col("a"), nw.col("b"))),
    )

    assert found == [(3,), (5,), (5,)]


def test_a_value_is_held_between_two_ends() -> None:
    found = computed(
        [(-1,), (0,), (7,), (10,), (11,), (None,)],
        "a BIGINT",
        lambda frame: frame.select("place", c=held(nw.col("a"), 0, 10)),
    )

    assert found == [(0,), (0,), (7,), (10,), (10,), (None,)]


def test_each_key_finds_its_value_and_others_the_rest() -> None:
    found = computed(
        [("x",), ("y",), ("z",), (None,)],
        "a VARCHAR",
        lambda frame: frame.select("place", c=chosen(nw.col("a"), {"x": 1, "y": 2}, 0)),
    )

    assert found == [(1,), (2,), (0,), (0,)]
