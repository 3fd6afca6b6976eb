"""How a column of a Parquet file becomes a value: by the type that the file gives it."""

import re

from kaohe.core.quantities import LIMIT, TICK
from kaohe.core.tables import Column, Kind
from kaohe.folder.cells import (
    NUMBERS,
    TEXTS,
    Cell,
    in_unit_of,
    sql_type,
    ticks_out_of_bounds,
)
from kaohe.folder.headers import is_answer

_SMALL = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}
_LARGE = {"BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT"}
_INTEGERS = _SMALL | _LARGE
_BINARY = {"FLOAT", "DOUBLE"}
_MOMENTS = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)\Z")
_WHOLE_LIMIT = LIMIT // TICK - 1
_FRACTION = 4  # digits after the point that a decimal may have


class UnfitType(Exception):
    """The column cannot be read from this type.  ``code``: which problem that is."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def text_of(column: Column, name: str, kind: str) -> str | None:
    """SQL of the text of a column that is to be read as text; None: it is read by its type.

    Args:
        name: SQL of the column.
        kind: its type, as DuckDB calls it.

    Raises:
        UnfitType: a code is stored as a number, or the type has no cells.

    Source: docs/rules/folder.md, F-2, F-9.
    """
    if kind == "VARCHAR" or kind.startswith("ENUM"):
        return f"{name}::VARCHAR" if kind != "VARCHAR" else name
    decimal = _DECIMAL.match(kind)
    if column.kind in TEXTS:
        is_free = column.kind is Kind.TEXT  # a whole number or a day loses nothing there
        if kind == "UUID" or (is_free and kind in {*_INTEGERS, "DATE"}):
            return f"{name}::VARCHAR"
        is_number = decimal or kind in _INTEGERS | _BINARY
        raise UnfitType("code-column-as-number" if is_number else "column-type")
    if column.kind in NUMBERS and decimal and int(decimal[2]) > _FRACTION:
        return f"rtrim(rtrim({name}::VARCHAR, '0'), '.')"
    return None


def native(column: Column, name: str, kind: str) -> Cell:
    """Reads a column by its type, exactly.

    A binary float is read at 15 significant digits, like a cell of a workbook.

    Raises:
        UnfitType: the type cannot hold what the column needs.

    Source: docs/rules/folder.md, F-2; docs/rules/scoring.md, N-1, N-2.
    """
    empty, shown = f"{name} IS NULL", f"{name}::VARCHAR"
    if column.kind is Kind.FLAG and kind == "BOOLEAN":
        return Cell(name, "false", empty, shown)
    if column.kind is Kind.DATE and (kind == "DATE" or kind in _MOMENTS):
        days = "DATE '0001-01-01' AND DATE '9999-12-31'"
        bad = f"({name} < DATE '0001-01-01' OR {name} >= TIMESTAMP '10000-01-01')"
        if kind == "DATE":
            bad = f"{name} NOT BETWEEN {days}"
        return _held(name if kind == "DATE" else f"{name}::DATE", bad, empty, shown)
    if is_answer(column) and (kind in _INTEGERS | _BINARY or _DECIMAL.match(kind)):
        between = f"{name} NOT BETWEEN 1 AND 5"
        bad = between if kind in _INTEGERS else f"({between} OR {name} <> round({name}, 0))"
        return _held(f"{name}::{sql_type(column)}", bad, empty, shown)
    if column.kind in NUMBERS:
        return _number(column, name, kind, empty)
    raise UnfitType("column-type")


def _number(column: Column, name: str, kind: str, empty: str) -> Cell:
    shown = f"{name}::VARCHAR"
    decimal = _DECIMAL.match(kind)
    if kind in _INTEGERS:
        too_large = f"{name} NOT BETWEEN {-_WHOLE_LIMIT} AND {_WHOLE_LIMIT}"
        if kind in {"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}:
            too_large = f"{name} > {_WHOLE_LIMIT}"
        ticks = f"({name}::BIGINT * {TICK})"
    elif decimal:
        end = f"{_WHOLE_LIMIT}.9999"
        too_large = f"{name} NOT BETWEEN -{end} AND {end}"
        ticks = f"({name}::DECIMAL(12, 4) * {TICK})::BIGINT"
    elif kind in _BINARY:
        name = f"{name}::DOUBLE"
        shown = f"printf('%.15g', {name})"
        too_large, ticks = _binary(name)
    else:
        raise UnfitType("column-type")
    inside = f"coalesce({ticks_out_of_bounds(column, ticks)}, false)"
    bad = f"CASE WHEN {too_large} THEN true ELSE {inside} END"
    return _held(in_unit_of(column, ticks), bad, empty, shown)


def _binary(name: str) -> tuple[str, str]:
    """SQL of whether a float is no decimal of 4 digits at 15 significant ones, and of its ticks.

    The nearest decimal of 4 digits either is the very same float, or shows the same 15 digits,
    or is another number.
    """
    nearest = f"(round({name} * {TICK}) / {TICK}.0)"
    other = f"printf('%.15g', {name}) <> printf('%.15g', {nearest})"
    bad = (
        f"(CASE WHEN NOT isfinite({name}) OR abs({name}) >= {_WHOLE_LIMIT + 1} THEN true"
        f" WHEN {name} <> {nearest} THEN {other} ELSE false END)"
    )
    return bad, f"round({name} * {TICK})::BIGINT"


def _held(value: str, bad: str, empty: str, shown: str) -> Cell:
    return Cell(f"CASE WHEN {bad} THEN NULL ELSE {value} END", bad, empty, shown, sure=value)
