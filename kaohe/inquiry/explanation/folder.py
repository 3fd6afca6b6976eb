"""A folder opened, scored, and one of its units explained."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb

from kaohe.core.rows import (
    Adjustment,
    ManualTier,
    Outputs,
    Unit,
)
from kaohe.core.scheme import Scheme
from kaohe.core.standing import scope_of
from kaohe.core.tables import OUTPUT_TABLES
from kaohe.engine.tables import Sink
from kaohe.folder.results import result_row
from kaohe.folder.rows import fetch_inputs
from kaohe.folder.typed import column_list, literal
from kaohe.inquiry.explanation.explain import Section, explain
from kaohe.inquiry.opening import opened, score_opened
from kaohe.inquiry.unit_search import find_unit
from kaohe.locale import Translate

_OWN = ("item_scores", "event_effects", "survey_scores", "linkages")


def explain_folder(folder: Path, asked: str, translate: Translate = str) -> Section:
    """The explanation of the unit of a folder that ``asked`` names, as ``explain`` documents it.

    Only the unit's own facts are taken out of the engine, with what its tier scope and its group
    came to, so a province answers as a city does.

    Raises:
        FolderRefused: the folder is unsound.
        QuestionRefused: no unit, or more than one, is named so.
    """
    with opened(folder) as found:
        names = found.con.execute("SELECT unit, name FROM units ORDER BY unit").fetchall()
        code = find_unit(names, asked)
        score_opened(found, _keeper(found.con, code))
        return explain_scored(found.con, found.scheme, code, translate)


def _keeper(con: duckdb.DuckDBPyConnection, code: str) -> Sink:
    """Keeps result tables in ``con``: of cells, effects and the survey only the unit's own."""

    def keep(table: str, relation: duckdb.DuckDBPyRelation) -> None:
        rows = relation.filter(f"unit = {literal(code)}") if table in _OWN else relation
        known = con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = $1", [table])
        if known.fetchone():
            rows.insert_into(table)
        else:
            rows.create(table)

    return keep


def explain_scored(
    con: duckdb.DuckDBPyConnection, scheme: Scheme, code: str, translate: Translate = str
) -> Section:
    """The explanation of a unit of a scored folder.

    Args:
        con: holds the typed tables and the result tables.
        code: a credit code of ``units``.
    """
    unit = _units(con, "unit = $1", code)[0]
    cohort = _cohort(con, scheme, unit)
    ranked = con.execute(
        "SELECT 1 FROM items WHERE rule = 'rank' AND (department IS NULL OR department = $1)"
        " AND (unit IS NULL OR unit = $2)",
        [unit.department, code],
    ).fetchone()
    mates = {each.unit for each in cohort if each.department == unit.department}
    inputs = fetch_inputs(con, scheme, mates if ranked else {code})
    codes = {each.unit for each in cohort}
    return explain(
        scheme,
        inputs._replace(
            units=tuple(cohort),
            adjustments=_of(con, "adjustments", Adjustment, codes),
            tiers=_of(con, "tiers", ManualTier, codes),
        ),
        _outputs(con, code, codes),
        code,
        translate,
    )


def _units(con: duckdb.DuckDBPyConnection, condition: str, *values: str) -> list[Unit]:
    fields = column_list(Unit._fields)
    query = f"SELECT {fields} FROM units WHERE {condition} ORDER BY unit"  # noqa: S608
    return [Unit._make(row) for row in con.execute(query, list(values)).fetchall()]


def _cohort(con: duckdb.DuckDBPyConnection, scheme: Scheme, unit: Unit) -> list[Unit]:
    """The units of its group, of its department, and of its tier scope."""
    if not scope_of(scheme, unit):
        return _units(con, "true")
    return _units(con, '"group" = $1 OR department = $2', unit.group, unit.department)


def _chosen(con: duckdb.DuckDBPyConnection, codes: Collection[str]) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE kaohe_cohort AS SELECT unnest($1) AS unit", [sorted(codes)]
    )


def _of(
    con: duckdb.DuckDBPyConnection, table: str, make: Any, codes: Collection[str]
) -> tuple[Any, ...]:
    _chosen(con, codes)
    fields = column_list(make._fields)
    query = f"SELECT {fields} FROM {table} SEMI JOIN kaohe_cohort USING (unit) ORDER BY row"  # noqa: S608
    return tuple(make._make(row) for row in con.execute(query).fetchall())


def _outputs(con: duckdb.DuckDBPyConnection, code: str, codes: Collection[str]) -> Outputs:
    _chosen(con, codes)
    found: dict[str, tuple[Any, ...]] = {}
    for table, columns in OUTPUT_TABLES.items():
        fields = column_list(column.name for column in columns)
        query = f"SELECT {fields} FROM {table}"  # noqa: S608
        if table in _OWN:
            rows = con.execute(query + " WHERE unit = $1", [code]).fetchall()
        else:
            rows = con.execute(query + " SEMI JOIN kaohe_cohort USING (unit)").fetchall()
        found[table] = tuple(result_row(table, row) for row in rows)
    return Outputs(**found)
