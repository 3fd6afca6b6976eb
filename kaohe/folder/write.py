"""Writing the six result tables, as CSV with exact bytes or as Parquet; and ``problems.csv``."""

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from pathlib import Path

import duckdb

from kaohe.core.problems import Problem
from kaohe.core.tables import OUTPUT_KEYS, OUTPUT_TABLES, OutputColumn
from kaohe.folder.delimited import harmless, line
from kaohe.folder.typed import quoted

# Codes of our own and checked credit codes: none of these can hold what must be quoted.
_PLAIN = frozenset({"unit", "component", "link", "measure", "basis", "grade", "reasons", "flags"})
_PROBLEM_COLUMNS = ("severity", "table", "row", "column", "problem", "remedy")


def decimal_sql(expression: str, kind: str) -> str:
    """SQL: whole ticks (or hundredths) as the decimal that they count, without any float.

    Args:
        kind: "ticks" for DECIMAL(18, 4), "hundredths" for DECIMAL(18, 2).
    """
    places = 4 if kind == "ticks" else 2
    unit = "0.0001::DECIMAL(4, 4)" if kind == "ticks" else "0.01::DECIMAL(2, 2)"
    return f"CAST(CAST({expression} AS DECIMAL(14, 0)) * {unit} AS DECIMAL(18, {places}))"


def _as_text(column: OutputColumn) -> str:
    name = quoted(column.name)
    if column.kind == "count":
        text = f"CAST({name} AS VARCHAR)"
    elif column.kind in {"ticks", "hundredths"}:
        text = f"CAST({decimal_sql(name, column.kind)} AS VARCHAR)"
    elif column.name in _PLAIN:
        text = name
    else:
        text = (
            f"CASE WHEN regexp_matches({name}, '[,\"\\r\\n]')"
            f" THEN '\"' || replace({name}, '\"', '\"\"') || '\"' ELSE {name} END"
        )
    return f"coalesce({text}, '')"


def _as_typed(column: OutputColumn) -> str:
    name = quoted(column.name)
    if column.kind == "count":
        return f"CAST({name} AS BIGINT) AS {name}"
    if column.kind in {"ticks", "hundredths"}:
        return f"{decimal_sql(name, column.kind)} AS {name}"
    return f"nullif(CAST({name} AS VARCHAR), '') AS {name}"


class CsvSink:
    """Takes result tables, whole or in chunks, and writes ``NAME.csv`` with the exact bytes.

    A table may come in several calls, each sorted by the table's key.  Chunks are of units in
    order, so those of a table whose key begins with the unit follow one another; the others are
    merged by ``finish``.

    Source: docs/rules/outputs.md, O-1, O-2.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.con = con
        self.folder = folder
        self.calls: Counter[str] = Counter()

    def __call__(self, table: str, relation: duckdb.DuckDBPyRelation) -> None:
        """Writes or appends a table's rows: canonical columns, in ticks and hundredths."""
        part = self._part(table, self.calls[table])
        self.calls[table] += 1
        columns = OUTPUT_TABLES[table]
        header = line(column.name for column in columns).rstrip("\n")
        rows = " || ',' || ".join(map(_as_text, columns))
        # The engine's own quoting is switched off: it would also quote "", #1 and the like.
        relation.project(f"{rows} AS {quoted(header)}").to_csv(
            str(part), sep="\x01", header=True, quotechar="", escapechar=""
        )
        if part != self._part(table, 0) and OUTPUT_KEYS[table][0] == "unit":
            with part.open("rb") as rest, self._part(table, 0).open("ab") as whole:
                rest.readline()
                shutil.copyfileobj(rest, whole)
            part.unlink()

    def finish(self) -> None:
        """To be called once after the last table: merges parts, writes what never came."""
        for table, columns in OUTPUT_TABLES.items():
            if not self.calls[table]:
                text = line(column.name for column in columns)
                self._part(table, 0).write_text(text, encoding="utf-8", newline="")
            elif self.calls[table] > 1 and OUTPUT_KEYS[table][0] != "unit":
                self._merge(table)

    def _part(self, table: str, number: int) -> Path:
        return self.folder / (f"{table}.csv" if number == 0 else f"{table}.part-{number:05d}")

    def _merge(self, table: str) -> None:
        parts = [self._part(table, number) for number in range(self.calls[table])]
        places = [
            [column.name for column in OUTPUT_TABLES[table]].index(name)
            for name in OUTPUT_KEYS[table]
        ]
        merged = self.folder / f"{table}.merged"
        with merged.open("w", encoding="utf-8", newline="") as out:
            out.write(line(column.name for column in OUTPUT_TABLES[table]))
            rows = merge(*map(_rows, parts), key=lambda row: [row[place] for place in places])
            out.writelines(map(line, rows))
        for part in parts:
            part.unlink()
        merged.rename(parts[0])


def _rows(part: Path) -> Iterator[Sequence[str]]:
    with part.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


class ParquetSink:
    """Takes result tables and writes ``NAME.parquet``; in several calls, a folder of parts.

    Decimals are DECIMAL(18, 4) and (18, 2), counts BIGINT, text VARCHAR, an absent cell NULL.  A
    table that comes in chunks becomes ``NAME.parquet/part-00000.parquet`` and so on, each part
    sorted by the key.

    Source: docs/rules/outputs.md, O-1.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.con = con
        self.folder = folder
        self.calls: Counter[str] = Counter()

    def __call__(self, table: str, relation: duckdb.DuckDBPyRelation) -> None:
        """Writes a table's rows, or one more part: canonical columns, in ticks and hundredths."""
        number = self.calls[table]
        self.calls[table] += 1
        path = self.folder / f"{table}.parquet"
        if number == 1:
            aside = self.folder / f"{table}.aside"
            path.rename(aside)
            path.mkdir()
            aside.rename(path / "part-00000.parquet")
        if number:
            path /= f"part-{number:05d}.parquet"
        columns = ", ".join(map(_as_typed, OUTPUT_TABLES[table]))
        relation.project(columns).write_parquet(str(path), compression="zstd")

    def finish(self) -> None:
        """To be called once after the last table: writes, empty, what never came."""
        for table, columns in OUTPUT_TABLES.items():
            if not self.calls[table]:
                nothing = ", ".join(f"NULL AS {quoted(column.name)}" for column in columns)
                self(table, self.con.sql(f"SELECT {nothing} WHERE false"))


def write_outputs(con: duckdb.DuckDBPyConnection, folder: Path, form: str = "csv") -> None:
    """Writes the six result tables that stand in ``con``, sorted by key, to ``folder``.

    Args:
        form: "csv" or "parquet".

    Source: docs/rules/outputs.md, O-1.
    """
    sink = (ParquetSink if form == "parquet" else CsvSink)(con, folder)
    for table, columns in OUTPUT_TABLES.items():
        names = ", ".join(quoted(column.name) for column in columns)
        order = ", ".join(f"{quoted(name)} NULLS FIRST" for name in OUTPUT_KEYS[table])
        sink(table, con.table(table).project(names).order(order))
    sink.finish()


def write_problems(
    problems: Iterable[Problem], path: Path, translate: Callable[[str], str] = str
) -> None:
    """Writes ``problems.csv``: a row each, by table, row and column; no cell begins a formula.

    Source: docs/rules/outputs.md, O-1; docs/rules/folder.md, F-6.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(line(_PROBLEM_COLUMNS))
        for problem in sorted(problems, key=Problem.place):
            cells = (
                problem.severity,
                problem.table,
                "" if problem.row is None else str(problem.row),
                problem.column,
                problem.sentence(translate),
                problem.remedy(translate),
            )
            file.write(line(map(harmless, cells)))
