"""Inputs in memory as typed tables, and result tables as rows in memory."""

import duckdb

from kaohe.core.scheme import Scheme
from kaohe.core.tables import (
    OUTPUT_TABLES,
    ComponentScore,
    EventEffect,
    Inputs,
    ItemScore,
    Linkage,
    Outputs,
    Result,
    SurveyScore,
)
from kaohe.engine.run import UNITS_AT_A_TIME, score
from kaohe.folder.rows import store_inputs

ROWS = {
    "item_scores": ItemScore,
    "event_effects": EventEffect,
    "survey_scores": SurveyScore,
    "component_scores": ComponentScore,
    "results": Result,
    "linkages": Linkage,
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
    return Outputs(*(tuple(map(ROWS[table]._make, rows[table])) for table in Outputs._fields))
