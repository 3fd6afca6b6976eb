"""What the rows of a folder are judged by: units, items and their sums, each once and slim."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from kaohe.core.tables import INPUT_TABLES

_ITEMS = """
CREATE TEMP TABLE check_items AS
SELECT i.*, i.item IN (SELECT item FROM item_kinds) AS has_kinds
FROM (SELECT DISTINCT ON (item) * FROM items WHERE item IS NOT NULL ORDER BY item, row) i
"""
_KINDS = "CREATE TEMP TABLE check_kinds AS SELECT DISTINCT item, kind FROM item_kinds"
_WAIVED = """
CREATE TEMP TABLE check_waived AS
SELECT unit, item, min(row) AS row FROM not_applicable GROUP BY unit, item
"""
_UNMEASURABLE = """
CREATE TEMP TABLE check_unmeasurable AS
SELECT DISTINCT unit, item FROM measurements
WHERE value IS NULL AND numerator = 0 AND denominator = 0
"""
# Points and number of the items that address a unit: those for all, for its department, its own.
_SUMS = """
CREATE TEMP TABLE check_sums AS
WITH everybody AS (
  SELECT {totals} FROM check_items WHERE department IS NULL AND unit IS NULL
), departments AS (
  SELECT department, {totals} FROM check_items
  WHERE department IS NOT NULL AND unit IS NULL GROUP BY department
), own AS (
  SELECT u.unit, {totals_of_i} FROM check_items i JOIN check_units u ON i.unit = u.unit
  WHERE i.department IS NULL OR i.department = u.department GROUP BY u.unit
)
SELECT u.unit, u.department, u.status, {sums}
FROM check_units u CROSS JOIN everybody e
LEFT JOIN departments d ON d.department = u.department
LEFT JOIN own o ON o.unit = u.unit
WHERE u.status <> 'exempt'
"""
_TEMPORARY = (
    "check_units",
    "check_items",
    "check_kinds",
    "check_waived",
    "check_unmeasurable",
    "check_sums",
)


@contextmanager
def ground(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Makes the temporary tables that checks join to, and drops them at the end.

    ``check_units`` and ``check_items`` have each code once, the first row where it stands twice;
    ``check_waived`` and ``check_unmeasurable`` the pairs of unit and item that do not apply, by
    not_applicable and as 0 of 0; ``check_sums`` the points and the number of each unit's items by
    component, exempt units left out.
    """
    for table in _TEMPORARY:
        con.execute(f"DROP TABLE IF EXISTS temp.{table}")
    _make_units(con)
    con.execute(_ITEMS)
    con.execute(_KINDS)
    con.execute(_WAIVED)
    con.execute(_UNMEASURABLE)
    _make_sums(con)
    try:
        yield
    finally:
        for table in _TEMPORARY:
            con.execute(f"DROP TABLE temp.{table}")


def _make_units(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE TEMP TABLE check_units AS"
        ' SELECT unit, row, department, "group", status FROM units WHERE unit IS NOT NULL'
    )
    found = con.execute("SELECT count(*), count(DISTINCT unit) FROM check_units").fetchone()
    if found and found[0] != found[1]:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE check_units AS"
            " SELECT DISTINCT ON (unit) * FROM check_units ORDER BY unit, row"
        )


def _make_sums(con: duckdb.DuckDBPyConnection) -> None:
    parts = {}
    for component in ("common", "individual"):
        chosen = f"FILTER (WHERE {{alias}}component = '{component}')"
        parts[f"{component}_points"] = f"coalesce(sum({{alias}}points) {chosen}, 0)"
        parts[f"{component}_items"] = f"count(*) {chosen}"
    totals = ", ".join(f"{sql} AS {name}" for name, sql in parts.items())
    sums = ", ".join(
        f"CAST(e.{name} + coalesce(d.{name}, 0) + coalesce(o.{name}, 0) AS BIGINT) AS {name}"
        for name in parts
    )
    con.execute(
        _SUMS.format(
            totals=totals.format(alias=""), totals_of_i=totals.format(alias="i."), sums=sums
        )
    )


def addressed(needs: str) -> str:
    """SQL: the pairs of a non-exempt unit and an item that addresses it.

    Args:
        needs: SQL of a table with item, department and unit; its rows come as ``n.*``.

    Returns:
        a query with the columns of ``needs`` (alias ``n``) and ``of_unit``.
    """
    units = "(SELECT unit AS of_unit, department AS of_department FROM check_sums)"
    return (
        f"SELECT n.*, of_unit FROM {needs} n JOIN {units} ON of_unit = n.unit"  # noqa: S608
        " WHERE n.department IS NULL OR n.department = of_department"
        f" UNION ALL SELECT n.*, of_unit FROM {needs} n JOIN {units}"
        " ON of_department = n.department WHERE n.unit IS NULL"
        f" UNION ALL SELECT n.*, of_unit FROM {needs} n, {units}"
        " WHERE n.unit IS NULL AND n.department IS NULL"
    )


def table_sizes(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows each input table has."""
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in INPUT_TABLES)  # noqa: S608
    found = con.execute(f"SELECT {counts}").fetchone() or ()
    return dict(zip(INPUT_TABLES, map(int, found), strict=True))
