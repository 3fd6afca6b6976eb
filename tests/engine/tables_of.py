"""Inputs in memory as typed tables, and result tables as rows in memory."""

from collections.abc import Callable, Iterable
from typing import Any

import duckdb

from kaohe.core.rows import (
    ComponentScore,
    EventEffect,
    Inputs,
    ItemScore,
    Linkage,
    Outputs,
    Result,
    SurveyScore,
)
from kaohe.core.scheme import Scheme
from kaohe.core.tables import OUTPUT_TABLES
from kaohe.engine.run import UNITS_AT_A_TIME, score
from kaohe.folder.rows import store_inputs

ROWS: dict[str, Callable[[Iterable[Any]], Any]] = {
    "item_scores": ItemScore._make,
    "event_effects": EventEffect._make,
    "survey_scores": SurveyScore._make,
    "component_scores": ComponentScore._make,
    "results": Result._make,
    "linkages": Linkage._make,
}


def typed_tables(scheme: Scheme, inputs: Inputs) -> duckdb.DuckDBPyConnection:
    """A connection that holds the typed tables of a folder."""
    con = duckdb.connect()
    store_inputs(con, scheme, inputs)
    return con


def scored(scheme: Scheme, inputs: Inputs, *, units_at_a_time: int = UNITS_AT_A_TIME) -> Outputs:
    """What the engine makes of the inputs, in the order in which it comes out."""
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in OUTPUT_TABLES}

    def sink(table: str, relation: duckdb.DuckDBPyRelation) -> None:
        assert relation.columns == [column.name for column in OUTPUT_TABLES[table]]
        rows[table] += relation.fetchall()

    with typed_tables(scheme, inputs) as con:
        score(con, scheme, sink, units_at_a_time=units_at_a_time)
    return Outputs(*(tuple(map(ROWS[table], rows[table])) for table in Outputs._fields))
