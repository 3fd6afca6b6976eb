"""Whole-number arithmetic as Narwhals expressions: one rounding, and what else rules share.

Operands are int64 unless a line says otherwise.  The same expressions run on DuckDB and on Spark.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals as nw

Frame: TypeAlias = nw.LazyFrame[Any]


def half_up(numerator: nw.Expr, denominator: nw.Expr | int) -> nw.Expr:
    """The quotient rounded half up to a whole number.

    Nothing is doubled but the remainder, so that the numerator may be as large as int64.

    Args:
        numerator: 0 or more.
        denominator: 1 to 2^60; where a branch does not use the quotient, still not 0.

    Source: docs/rules/scoring.md, N-2.
    """
    quotient = numerator // denominator
    beyond_half = 2 * (numerator - quotient * denominator) - denominator
    # An engine that divides in floats (Spark) is one off at most while the quotient is below
    # 2^50, as every score is; the remainder shows it.
    return (
        quotient
        + whole(beyond_half >= 0)
        + whole(beyond_half >= 2 * denominator)
        - whole(beyond_half < -2 * denominator)
    )


def whole(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, else 0."""
    return condition.cast(nw.Int64())


def total(terms: nw.Expr) -> nw.Expr:
    """A sum as int64: some engines widen it, and a wider type would not survive a file."""
    return terms.sum().cast(nw.Int64())


def running(terms: nw.Expr, within: Sequence[str], order_by: Sequence[str]) -> nw.Expr:
    """The sum of the terms up to and including each row."""
    return terms.cum_sum().over(*within, order_by=order_by).cast(nw.Int64())


def at_most(value: nw.Expr, limit: nw.Expr) -> nw.Expr:
    """The smaller of two; an empty limit is none."""
    return nw.when(value > limit).then(limit).otherwise(value)


def at_least_one(value: nw.Expr) -> nw.Expr:
    """A denominator that is never 0 or empty."""
    return nw.when(value >= 1).then(value).otherwise(1)


def held(value: nw.Expr, low: int, high: int) -> nw.Expr:
    """The value, but not below ``low`` and not above ``high``."""
    return nw.when(value < low).then(low).when(value > high).then(high).otherwise(value)


def chosen(key: nw.Expr, values: Mapping[Any, Any], otherwise: Any) -> nw.Expr:
    """For each key the value that belongs to it: a table of a few rows as one expression."""
    found = otherwise if isinstance(otherwise, nw.Expr) else nw.lit(otherwise)
    for each, value in reversed(list(values.items())):
        found = nw.when(key == each).then(nw.lit(value)).otherwise(found)
    return found


def root(square: nw.Expr) -> nw.Expr:
    """The integer square root: the largest whole number whose square is not larger.

    The engine's floating root is only a guess; whole numbers decide.

    Args:
        square: 0 to 2^52.
    """
    guess = square.sqrt().floor().cast(nw.Int64())
    return guess - whole(guess * guess > square) + whole((guess + 1) * (guess + 1) <= square)


def day_number(day: nw.Expr) -> nw.Expr:
    """A date as a count of days, so that the days between two dates are a difference."""
    month = day.dt.month().cast(nw.Int64())
    early = whole(month <= 2)
    year = day.dt.year().cast(nw.Int64()) - early
    leap_days = year // 4 - year // 100 + year // 400
    before_month = (153 * (month - 3 + 12 * early) + 2) // 5
    return 365 * year + leap_days + before_month + day.dt.day().cast(nw.Int64())


def wide(value: nw.Expr) -> nw.Expr:
    """The value as a 128-bit whole number, for products that pass int64.

    DuckDB has the type.  Spark has not: there DECIMAL(38, 0) takes its place.
    """
    return value.cast(nw.Int128())
