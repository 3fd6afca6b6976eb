"""No two rows of a table have the same key."""

from collections.abc import Mapping

import duckdb

from kaohe.core.problems import Problem, declare
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.sweep import LISTED, listed
from kaohe.folder.typed import column_list, quoted

LARGE = 1_000_000  # rows from which on the order of the file is tried first
KEYS_IN_A_PASS = 16_000_000  # so many keys at once fit into memory

declare(
    "error",
    {
        "key-twice": (
            "“{found}” stands here again; row {first} has it already",
            "correct the key in one of the two rows, or delete the row that is too many",
        ),
    },
)


def key_of(table: str) -> tuple[str, ...]:
    """The fields that tell the rows of a table apart; none where rows may be equal."""
    return tuple(column.field for column in INPUT_TABLES[table] if column.key)


def check_keys(con: duckdb.DuckDBPyConnection, sizes: Mapping[str, int]) -> list[Problem]:
    """Every row whose key stands in an earlier row.

    A large table that is sorted by its key is read once, row by row; one that is not is taken in
    parts by the hash of the key, so that memory is bounded either way.

    Args:
        sizes: rows of each table.

    Source: docs/rules/folder.md, F-3.
    """
    problems: list[Problem] = []
    for table, size in sizes.items():
        if size > 1 and key_of(table):
            problems += _check_table(con, table, size)
    return problems


def _check_table(con: duckdb.DuckDBPyConnection, table: str, size: int) -> list[Problem]:
    if size >= LARGE:
        if is_ascending(con, table):
            return []
        suspects = _suspects(con, table, size)
        if not suspects:
            return []
        chosen = ", ".join(map(str, suspects))
        source = f"(SELECT * FROM {table} WHERE hash({column_list(key_of(table))}) IN ({chosen}))"  # noqa: S608
    else:
        source = table
    return _repeated(con, table, source)


def is_ascending(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether every key is above the one before it, in one pass that keeps a single row.

    Then all keys differ, in whatever order the rows came.
    """
    key = [quoted(field) for field in key_of(table)]
    before = [f"p{place}" for place in range(len(key))]
    above = "false"
    for field, previous in reversed(list(zip(key, before, strict=True))):
        above = f"({field} > {previous} OR ({field} = {previous} AND {above}))"
    lags = ", ".join(
        f"{field}, lag({field}) OVER () AS {previous}"
        for field, previous in zip(key, before, strict=True)
    )
    query = f"SELECT count(*) FILTER (WHERE {above} IS NOT TRUE) FROM (SELECT {lags} FROM {table})"  # noqa: S608
    found = con.execute(query).fetchone()
    return found is not None and found[0] <= 1  # the first row has none before it


def _suspects(con: duckdb.DuckDBPyConnection, table: str, size: int) -> list[int]:
    """Hashes that two rows share; of all hashes a part at a time."""
    parts = -(-size // KEYS_IN_A_PASS)
    key = column_list(key_of(table))
    found: list[int] = []
    for part in range(parts):
        found += [
            row[0]
            for row in con.execute(
                f"SELECT h FROM (SELECT hash({key}) AS h FROM {table})"  # noqa: S608
                f" WHERE h % {parts} = {part} GROUP BY h HAVING count(*) > 1 LIMIT {LISTED}"
            ).fetchall()
        ]
    return found[:LISTED]


def _repeated(con: duckdb.DuckDBPyConnection, table: str, source: str) -> list[Problem]:
    fields = key_of(table)
    key = column_list(fields)
    complete = " AND ".join(f"{quoted(field)} IS NOT NULL" for field in fields)
    groups = (
        f"SELECT {key}, min(row) AS first, count(*) AS n FROM {source}"  # noqa: S608
        f" WHERE {complete} GROUP BY {key} HAVING count(*) > 1"
    )
    found = con.execute(f"SELECT coalesce(sum(n - 1), 0) FROM ({groups})").fetchone()  # noqa: S608
    count = int(found[0]) if found else 0
    if not count:
        return []
    shown = " || ' / ' || ".join(f"CAST({quoted(field)} AS VARCHAR)" for field in fields)
    rows = con.execute(
        f"SELECT row, {shown}, first FROM {source} JOIN ({groups}) USING ({key})"  # noqa: S608
        f" WHERE row > first ORDER BY row LIMIT {LISTED}"
    ).fetchall()
    places = [(row, {"found": found, "first": first}) for row, found, first in rows]
    return listed("key-twice", table, fields[-1], places, count)
