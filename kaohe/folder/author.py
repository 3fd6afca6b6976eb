"""Writing an assessment folder from rows in memory: CSV, Parquet, or a workbook to work in."""

from datetime import date
from pathlib import Path

import duckdb

from kaohe.core.quantities import show_plain
from kaohe.core.rows import Inputs
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_text import read_scheme
from kaohe.core.tables import INPUT_TABLES, Column
from kaohe.folder.delimited import line
from kaohe.folder.rows import store_inputs
from kaohe.folder.sheets import DECIMALS, Sheet, sheets
from kaohe.folder.typed import answer_columns, quoted


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


def cell_text(column: Column, cell: object) -> str:
    """A typed cell as text in a file.

    >>> cell_text(INPUT_TABLES["marks"][3], 125_000)
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
