"""The floor under an assessment: read every cell that it reads, write every cell that it writes.

``python -m bench.floor FOLDER RESULTS OUT`` looks at every column that scoring or validation needs
(free text is left out) with one aggregate, and copies the six result tables in their own format.
"""

import os
import sys
from pathlib import Path

import duckdb

from kaohe.core.tables import INPUT_TABLES, OUTPUT_TABLES, Kind
from kaohe.folder.typed import quoted


def main(folder: Path, results: Path, out: Path) -> None:
    """Scan ``folder``, copy ``results`` into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": os.cpu_count() or 1}) as con:
        for table in INPUT_TABLES:
            for file in folder.glob(f"{table}.*"):
                scan(con, table, file)
        for table in OUTPUT_TABLES:
            for file in results.glob(f"{table}.*"):
                copy(con, file, out / file.name)


def scan(con: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    """One aggregate over every column, so that each of its values is read."""
    free = {
        column.name
        for column in INPUT_TABLES[table]
        if column.kind is Kind.TEXT and not column.guarded
    }
    rows = con.execute(f"DESCRIBE SELECT * FROM {_source(file)}").fetchall()  # noqa: S608
    needed = [quoted(name) for name, *_ in rows if name not in free]
    looks = ", ".join(f"bit_xor(hash({name}))" for name in needed)
    con.execute(f"SELECT {looks} FROM {_source(file)}").fetchall()  # noqa: S608


def copy(con: duckdb.DuckDBPyConnection, file: Path, to: Path) -> None:
    """The same table in the same format; numbers stay the text that they are in a CSV file."""
    form = "PARQUET" if file.suffix == ".parquet" else "CSV, HEADER"
    con.execute(f"COPY (FROM {_source(file)}) TO '{to}' (FORMAT {form})")


def _source(file: Path) -> str:
    if file.suffix == ".parquet":
        return f"read_parquet('{file}')"
    return f"read_csv('{file}', all_varchar = true, header = true)"


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
