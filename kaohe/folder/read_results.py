"""Result tables read back from their CSV files."""

import csv
from pathlib import Path
from typing import Any

from kaohe.core.quantities import parse_ticks
from kaohe.core.rows import Outputs
from kaohe.core.tables import OUTPUT_TABLES, OutputColumn
from kaohe.folder.results import result_row

_HUNDREDTH = 100  # ticks


def read_outputs(folder: Path) -> Outputs:
    """The six result tables of a folder of results, as rows.

    Source: docs/rules/outputs.md, O-1, O-2.
    """
    return Outputs(**{table: read_table(folder, table) for table in OUTPUT_TABLES})


def read_table(folder: Path, table: str) -> tuple[Any, ...]:
    """One result table of a folder of results, as rows."""
    columns = OUTPUT_TABLES[table]
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return tuple(
            result_row(table, [_cell(*pair) for pair in zip(columns, row, strict=True)])
            for row in rows
        )


def _cell(column: OutputColumn, text: str) -> Any:
    if not text:
        return None
    if column.kind == "count":
        return int(text)
    if column.kind in ("ticks", "hundredths"):
        ticks = parse_ticks(text)
        if ticks is None:
            raise ValueError(f"a result is no number: {text}")
        return ticks if column.kind == "ticks" else ticks // _HUNDREDTH
    return text
