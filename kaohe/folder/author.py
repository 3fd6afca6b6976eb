"""Writing an assessment folder from rows in memory: CSV, Parquet, or a workbook to work in."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from kaohe.core.quantities import show_plain
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_text import read_scheme
from kaohe.core.tables import INPUT_TABLES, Column, Inputs, Kind
from kaohe.folder.delimited import line
from kaohe.folder.rows import kinds_text, steps_text, store_inputs
from kaohe.folder.typed import answer_columns, quoted

DECIMALS = frozenset({Kind.POINTS, Kind.PERCENT, Kind.RATE, Kind.DECIMAL})
ALWAYS = frozenset({"units", "items"})  # every folder has these tables


class Sheet(NamedTuple):
    """One table to be written: its columns as they stand in a file, and rows of typed cells."""

    table: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Any, ...]]
    size: int


def write_folder(inputs: Inputs, scheme_text: str, path: Path, form: str = "csv") -> None:
    """Writes ``scheme.toml`` and every table that has rows.

    Args:
        scheme_text: TOML; it must be sound, for it names the questions of ``responses``.
        path: made if absent; files of the same names are replaced.
        form: "csv", "parquet", or "xlsx" for ``assessment.xlsx``.

    Raises:
        ValueError: the scheme is not sound.

    Source: docs/rules/folder.md, F-1, F-2.
    """
    scheme, problems = read_scheme(scheme_text)
    if scheme is None:
        raise ValueError("; ".join(problem.sentence() for problem in problems))
    path.mkdir(parents=True, exist_ok=True)
    (path / "scheme.toml").write_text(scheme_text, encoding="utf-8", newline="")
    if form == "xlsx":
        # A workbook is seldom asked for, and its library is slow to load.
        from kaohe.folder.workbook import write_workbook

        write_workbook(sheets(inputs, scheme), scheme, path / "assessment.xlsx")
    elif form == "parquet":
        _write_parquet(inputs, scheme, path)
    else:
        for sheet in sheets(inputs, scheme):
            _write_csv(sheet, path / f"{sheet.table}.csv")


def sheets(inputs: Inputs, scheme: Scheme) -> Iterator[Sheet]:
    """The tables that a folder of these rows has."""
    for table, columns in INPUT_TABLES.items():
        rows = getattr(inputs, table)
        if rows or table in ALWAYS:
            if table == "responses":
                columns += tuple(
                    Column(question, Kind.COUNT, required=False)
                    for question in scheme.survey.questions
                )
            yield Sheet(table, columns, _cells(table, rows), len(rows))


def _cells(table: str, rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    fields = [column.field for column in INPUT_TABLES[table]]
    for row in rows:
        if table == "items":
            row = row._replace(steps=steps_text(row.steps), kinds=kinds_text(row.kinds))
        cells = tuple(getattr(row, field) for field in fields)
        yield cells + row.answers if table == "responses" else cells


def cell_text(column: Column, cell: object) -> str:
    """A typed cell as text in a file.

    >>> cell_text(Column("points", Kind.POINTS), 125_000)
    '12.5'
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int) and column.kind in DECIMALS:
        return show_plain(cell)
    return str(cell)


def _write_csv(sheet: Sheet, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(line(column.name for column in sheet.columns))
        for row in sheet.rows:
            file.write(line(map(cell_text, sheet.columns, row)))


def _write_parquet(inputs: Inputs, scheme: Scheme, path: Path) -> None:
    with duckdb.connect() as con:
        store_inputs(con, scheme, inputs)
        for sheet in sheets(inputs, scheme):
            fields = [column.field for column in INPUT_TABLES[sheet.table]]
            if sheet.table == "responses":
                fields += answer_columns(scheme)
            columns = ", ".join(map(_typed, sheet.columns, fields))
            relation = con.table(sheet.table).order("row").project(columns)
            relation.write_parquet(str(path / f"{sheet.table}.parquet"), compression="zstd")


def _typed(column: Column, field: str) -> str:
    name = quoted(field)
    if column.kind in DECIMALS:
        decimal = f"CAST({name} AS DECIMAL(14, 0)) * 0.0001::DECIMAL(4, 4)"
        name = f"CAST({decimal} AS DECIMAL(18, 4))"
    return f"{name} AS {quoted(column.name)}"
