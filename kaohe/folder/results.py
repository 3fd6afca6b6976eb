"""Result tables as rows in memory."""

from collections.abc import Iterable
from typing import Any

import duckdb

from kaohe.core.rows import (
    ComponentScore,
    EventEffect,
    ItemScore,
    Linkage,
    Outputs,
    Result,
    SurveyScore,
)
from kaohe.core.tables import OUTPUT_KEYS, OUTPUT_TABLES
from kaohe.folder.typed import column_list, quoted

_ROWS: dict[str, Any] = {
    "item_scores": ItemScore,
    "event_effects": EventEffect,
    "survey_scores": SurveyScore,
    "component_scores": ComponentScore,
    "results": Result,
    "linkages": Linkage,
}


def fetch_outputs(con: duckdb.DuckDBPyConnection) -> Outputs:
    """The six result tables that stand in ``con`` as rows, each sorted by its key.

    Source: docs/rules/outputs.md, O-1.
    """
    return Outputs(**{table: _fetch(con, table) for table in OUTPUT_TABLES})


def _fetch(con: duckdb.DuckDBPyConnection, table: str) -> tuple[Any, ...]:
    names = [column.name for column in OUTPUT_TABLES[table]]
    query = (
        f"SELECT {column_list(names)} FROM {table}"  # noqa: S608
        " ORDER BY " + ", ".join(f"{quoted(name)} NULLS FIRST" for name in OUTPUT_KEYS[table])
    )
    return tuple(result_row(table, row) for row in con.execute(query).fetchall())


def result_row(table: str, cells: Iterable[Any]) -> Any:
    """A row in memory of a result table; what the engine leaves NULL among flags is no text."""
    row = _ROWS[table]._make(cells)
    empty = [
        name for name in ("flags", "reasons") if name in row._fields and not getattr(row, name)
    ]
    return row._replace(**dict.fromkeys(empty, "")) if empty else row
