"""Rows in memory from the typed tables, and typed tables from rows in memory."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from kaohe.core.quantities import show_plain
from kaohe.core.rows import (
    Adjustment,
    Event,
    EventKind,
    Inputs,
    Item,
    ManualTier,
    Mark,
    Measurement,
    Milestone,
    NotApplicable,
    PastGrade,
    Response,
    Step,
    Succession,
    Target,
    Tenure,
    Unit,
)
from kaohe.core.scheme import Scheme
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.typed import (
    PARSED_TABLES,
    answer_columns,
    column_list,
    quoted,
    typed_columns,
)

FIRST_ROW = 2  # below the header, as a spreadsheet numbers rows

ROW_TYPES: Mapping[str, Any] = {
    "units": Unit,
    "items": Item,
    "targets": Target,
    "not_applicable": NotApplicable,
    "events": Event,
    "measurements": Measurement,
    "milestones": Milestone,
    "marks": Mark,
    "responses": Response,
    "adjustments": Adjustment,
    "tiers": ManualTier,
    "history": PastGrade,
    "successions": Succession,
    "tenures": Tenure,
}

Cells = tuple[Any, ...]


def fetch_inputs(
    con: duckdb.DuckDBPyConnection,
    scheme: Scheme | None,
    unit_codes: Collection[str] | None = None,
) -> Inputs:
    """The rows of a sound folder, in file order, as the exact evaluator takes them.

    Args:
        con: holds the typed tables.
        scheme: says how many answers a response has.
        unit_codes: None for every unit; else these units, the items that address them, and their
            facts, with the history and successions of all that they continue.

    Source: docs/rules/folder.md, F-1.
    """
    chosen = None if unit_codes is None else sorted(set(unit_codes))
    tables: dict[str, Any] = {"items": _items(con, chosen)}
    for table, make in ROW_TYPES.items():
        if table == "items":
            continue
        fields = [field for field in make._fields if field != "answers"]
        answers = answer_columns(scheme) if table == "responses" else ()
        rows = _fetch(con, table, [*fields, *answers], chosen)
        if table == "responses":
            width = len(fields)
            tables[table] = tuple(Response._make((*row[:width], row[width:])) for row in rows)
        else:
            tables[table] = tuple(map(make._make, rows))
    return Inputs(**tables)


def _fetch(
    con: duckdb.DuckDBPyConnection, table: str, fields: Sequence[str], chosen: list[str] | None
) -> list[Cells]:
    query = f"SELECT {column_list(fields)} FROM {table}"  # noqa: S608
    if chosen is None:
        return con.execute(query + " ORDER BY row").fetchall()
    codes = _lineage(con, chosen) if table in {"history", "successions"} else chosen
    marks = ", ".join("?" * len(codes)) or "NULL"
    return con.execute(f"{query} WHERE unit IN ({marks}) ORDER BY row", codes).fetchall()


def _lineage(con: duckdb.DuckDBPyConnection, chosen: list[str]) -> list[str]:
    """The units, and whatever they succeed, and what that succeeded."""
    before = defaultdict(list)
    for unit, predecessor in con.execute("SELECT unit, predecessor FROM successions").fetchall():
        before[unit].append(predecessor)
    codes, left = set(chosen), list(chosen)
    while left:
        for predecessor in before[left.pop()]:
            if predecessor not in codes:
                codes.add(predecessor)
                left.append(predecessor)
    return sorted(codes)


def _items(con: duckdb.DuckDBPyConnection, chosen: list[str] | None) -> tuple[Item, ...]:
    fields = [field for field in Item._fields if field not in {"steps", "kinds"}]
    query = f"SELECT {column_list(fields)} FROM items i"  # noqa: S608
    if chosen is None:
        rows = con.execute(query + " ORDER BY row").fetchall()
    else:
        marks = ", ".join("?" * len(chosen)) or "NULL"
        addressed = (
            f"EXISTS (SELECT 1 FROM units u WHERE u.unit IN ({marks})"  # noqa: S608
            " AND (i.unit IS NULL OR i.unit = u.unit)"
            " AND (i.department IS NULL OR i.department = u.department))"
        )
        rows = con.execute(f"{query} WHERE {addressed} ORDER BY row", chosen).fetchall()
    steps = _by_item(con, "SELECT item, threshold, percent FROM item_steps ORDER BY position", Step)
    kinds = _by_item(con, "SELECT item, kind, points, cap FROM item_kinds", EventKind)
    items = []
    for row in rows:
        cells = dict(zip(fields, row, strict=True))
        code = cells["item"]
        cells["steps"] = tuple(steps.get(code, ()))
        cells["kinds"] = tuple(kinds.get(code, ()))
        items.append(Item(**cells))
    return tuple(items)


def _by_item(
    con: duckdb.DuckDBPyConnection, query: str, make: Callable[..., Any]
) -> Mapping[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for item, *cells in con.execute(query).fetchall():
        found[item].append(make(*cells))
    return found


def store_inputs(con: duckdb.DuckDBPyConnection, scheme: Scheme | None, inputs: Inputs) -> None:
    """Makes the typed tables from rows in memory; ``row`` is the position from 2.

    Tables of the same names in ``con`` are replaced.

    Source: docs/rules/folder.md, F-1, F-2.
    """
    for table in INPUT_TABLES:
        rows: Iterable[Any] = getattr(inputs, table)
        if table == "responses":
            rows = ((*row[:-1], *row.answers) for row in rows)
        elif table == "items":
            rows = (
                row._replace(steps=steps_text(row.steps), kinds=kinds_text(row.kinds))
                for row in rows
            )
        fields = [field for field in ROW_TYPES[table]._fields if field != "answers"]
        if table == "responses":
            fields += answer_columns(scheme)
        types = typed_columns(table, scheme)
        store_rows(con, table, {field: types[field] for field in fields}, list(rows))
    steps = (
        (item.item, position, step.threshold, step.percent)
        for item in inputs.items
        for position, step in enumerate(item.steps, 1)
    )
    kinds = ((item.item, *kind) for item in inputs.items for kind in item.kinds)
    for table, parsed in (("item_steps", steps), ("item_kinds", kinds)):
        store_rows(con, table, PARSED_TABLES[table], list(parsed))


def store_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[object]],
) -> None:
    """Makes one table: the named columns with their SQL types, and ``row`` from 2.

    Cells travel as JSON, column by column: twenty times as fast as binding them one by one.
    """
    cells = [
        json.dumps([_plain(row[place]) for row in rows], ensure_ascii=False)
        for place in range(len(columns))
    ]
    lists = ", ".join(
        f"unnest(from_json(${place}, '[\"{kind}\"]')) AS {quoted(name)}"
        for place, (name, kind) in enumerate(columns.items(), 1)
    )
    if _is_view(con, table):
        con.execute(f"DROP VIEW {table}")
    con.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT"  # noqa: S608
        f" CAST(row_number() OVER () + {FIRST_ROW - 1} AS BIGINT) AS row, *"
        f" FROM (SELECT {lists})",
        cells,
    )


def _plain(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell


def _is_view(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = con.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [table]).fetchone()
    return found is not None


def steps_text(steps: Iterable[Step]) -> str | None:
    """Steps as the column ``steps`` writes them; None for none.

    >>> steps_text([Step(900_000, 1_000_000), Step(600_000, 500_000)])
    '90:100;60:50'
    """
    pairs = (f"{show_plain(step.threshold)}:{show_plain(step.percent)}" for step in steps)
    return ";".join(pairs) or None


def kinds_text(kinds: Iterable[EventKind]) -> str | None:
    """Kinds of events as the column ``kinds`` writes them; None for none.

    >>> kinds_text([EventKind("late", 10_000), EventKind("missing", 20_000, 40_000)])
    'late:1;missing:2:4'
    """
    parts = (
        f"{kind.kind}:{show_plain(kind.points)}"
        + ("" if kind.cap is None else f":{show_plain(kind.cap)}")
        for kind in kinds
    )
    return ";".join(parts) or None
