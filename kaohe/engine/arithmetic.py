"""Whole-number arithmetic as Narwhals expressions: one rounding, and what else rules share.

Operands are int64 unless a line says otherwise.  The same expressions run on DuckDB and on Spark.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals as nw

Frame: TypeAlias = nw.LazyFrame[Any]
Fraction: TypeAlias = tuple[nw.Expr, nw.Expr | int]  # numerator, denominator


def half_up(frame: Frame, **fractions: Fraction) -> Frame:
    """The frame with each fraction rounded half up to a whole number, as a column of that name.

    Nothing is doubled but the remainder, so that a numerator may be as large as int64.  Operands
    are columns of their own for a moment: written out in each place where they occur, an
    expression would grow beyond what a planner handles quickly.  ``//`` must be exact for int64:
    it is on DuckDB and on Polars; an engine that divides in floats needs its quotient corrected
    here, and nowhere else.

    Args:
        fractions: by column, (numerator, denominator): 0 or more, and 1 to 2^60; where a row does
            not use the quotient, the denominator is still not 0.

    Source: docs/rules/scoring.md, N-2.
    """
    operands, found = {}, {}
    for name, (top, bottom) in fractions.items():
        operands[f"{name}_top"] = top
        numerator = nw.col(f"{name}_top")
        denominator: nw.Expr | int = bottom if isinstance(bottom, int) else nw.col(f"{name}_bottom")
        if not isinstance(bottom, int):
            operands[f"{name}_bottom"] = bottom
        beyond_half = 2 * (numerator % denominator) >= denominator
        found[name] = numerator // denominator + whole(beyond_half)
    kept = [column for column in frame.columns if column not in fractions]
    return frame.with_columns(**operands).select(*kept, **found)


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


def root(frame: Frame, name: str) -> Frame:
    """The frame with the integer square root of a column in its place: rounded down.

    The engine's floating root is only a guess; whole numbers decide.

    Args:
        name: the column; 0 to 2^52, or empty.
    """
    square, guess = nw.col(name), nw.col(f"{name}_guess")
    too_large = whole(guess * guess > square)
    too_small = whole((guess + 1) * (guess + 1) <= square)
    kept = [column for column in frame.columns if column != name]
    return frame.with_columns(**{f"{name}_guess": square.sqrt().floor().cast(nw.Int64())}).select(
        *kept, **{name: guess - too_large + too_small}
    )


def day_numbers(frame: Frame, *names: str) -> Frame:
    """The frame with dates as counts of days, so that the days between two are a difference."""
    years = {f"{name}_year": nw.col(name).dt.year().cast(nw.Int64()) - 1 for name in names}
    days = {}
    for name in names:
        year = nw.col(f"{name}_year")
        leap_days = year // 4 - year // 100 + year // 400
        days[name] = 365 * year + leap_days + nw.col(name).dt.ordinal_day().cast(nw.Int64())
    kept = [column for column in frame.columns if column not in names]
    return frame.with_columns(**years).select(*kept, **days)
