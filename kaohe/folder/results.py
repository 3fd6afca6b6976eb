"""Result tables as rows in memory."""

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
    rows = con.execute(query).fetchall()
    worded = [place for place, name in enumerate(names) if name in {"flags", "reasons"}]
    make = _ROWS[table]._make
    if not worded:
        return tuple(map(make, rows))
    return tuple(
        make(cell or "" if place in worded else cell for place, cell in enumerate(row))
        for row in rows
    )
