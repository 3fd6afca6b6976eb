"""The bench on which a run works: typed tables in, intermediate tables, result tables out.

Relations are bound anew with every step laid on them, so a stage that many steps follow is kept as
a temporary table.  Nothing here knows a rule.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from types import TracebackType
from typing import Any

import duckdb
import narwhals as nw

from kaohe.core.tables import OUTPUT_KEYS, OUTPUT_TABLES
from kaohe.engine.arithmetic import Frame

Sink = Callable[[str, duckdb.DuckDBPyRelation], None]

_PREFIX = "kaohe_"
SQL_TYPES: Mapping[type, str] = {str: "VARCHAR", int: "BIGINT"}


class Bench:
    """A connection, the tables kept on it during one run, and where results go.

    Args:
        con: holds the typed tables.
        sink: takes each result table, and reads it before it returns; None: tables of those names
            are made in ``con``.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, sink: Sink | None) -> None:
        self._con = con
        self._sink = self._store if sink is None else sink
        self._kept: set[str] = set()
        self._stored: set[str] = set()
        self._planned: dict[str, str] = {}

    def __enter__(self) -> "Bench":
        # DuckDB looks for pandas at every constant.  Where it is not installed, a note in place of
        # the module spares a search of the whole path, a thousand times in a run.
        self._noted = "pandas" not in sys.modules and find_spec("pandas") is None
        if self._noted:
            sys.modules["pandas"] = None  # type: ignore[assignment]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._noted:
            del sys.modules["pandas"]
        if self._kept:
            drops = (f"DROP TABLE IF EXISTS temp.{name}" for name in sorted(self._kept))
            self._con.execute("; ".join(drops))

    def given(self, table: str) -> Frame:
        """A typed table of the folder."""
        return nw.from_native(self._con.table(table))

    def keep(self, name: str, frame: Frame) -> Frame:
        """Compute a stage now, for later stages to read; one of the same name is replaced."""
        table = self._named(name)
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {self._query(frame)}")
        return nw.from_native(self._con.table(table))

    def plan(self, name: str, frame: Frame) -> Frame:
        """A stage to be computed as part of a later one; until then its columns stand in for it.

        Further steps on it are bound to those columns alone, not to all that lies below.
        """
        table = self._named(name)
        native: duckdb.DuckDBPyRelation = nw.to_native(frame)
        self._planned.pop(table, None)  # planned anew, it may rest on any other
        self._planned[table] = native.sql_query()
        columns = zip(native.columns, native.types, strict=True)
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns)
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({listed})")
        return nw.from_native(self._con.sql(f"SELECT * FROM {table}"))  # noqa: S608

    def add(self, name: str, frame: Frame) -> Frame:
        """Like ``keep``, but the rows join those of earlier calls."""
        if _PREFIX + name not in self._kept:
            return self.keep(name, frame)
        table = self._named(name)
        self._con.execute(f"INSERT INTO {table} {self._query(frame)}")
        return nw.from_native(self._con.table(table))

    def release(self, *names: str) -> None:
        """Let go of kept stages that no later one reads."""
        for table in self._kept & {_PREFIX + name for name in names}:
            self._con.execute(f"DROP TABLE temp.{table}")
            self._kept.remove(table)

    def kept(self, name: str) -> Frame | None:
        """A stage kept before; None: there is none."""
        table = _PREFIX + name
        return nw.from_native(self._con.table(table)) if table in self._kept else None

    def nothing(self, table: str) -> Frame:
        """A result table without rows."""
        types = {
            column.name: str if column.kind == "text" else int for column in OUTPUT_TABLES[table]
        }
        return self.constants(f"no_{table}", types, ())

    def constants(
        self, name: str, columns: Mapping[str, type], rows: Iterable[Sequence[Any]]
    ) -> Frame:
        """A small table of what Python already knows."""
        table = self._named(name)
        known = list(rows)
        cells = [[row[place] for row in known] for place in range(len(columns))]
        lists = ", ".join(
            f"unnest(${place}::{SQL_TYPES[kind]}[]) AS {column}"
            for place, (column, kind) in enumerate(columns.items(), 1)
        )
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {lists}", cells)
        return nw.from_native(self._con.table(table))

    def filled(self, tables: Iterable[str]) -> frozenset[str]:
        """Which of the typed tables have any row."""
        names = tuple(tables)
        questions = ", ".join(f"EXISTS (SELECT 1 FROM {name})" for name in names)  # noqa: S608
        answers = self._con.execute(f"SELECT {questions}").fetchall()[0]
        return frozenset(name for name, some in zip(names, answers, strict=True) if some)

    def number_of(self, table: str) -> int:
        """How many rows a typed table has."""
        rows: list[tuple[int]] = self._con.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608
        return rows[0][0]

    def rows(self, frame: Frame) -> list[tuple[Any, ...]]:
        """The rows of a small frame."""
        return self._con.execute(self._query(frame)).fetchall()

    def emit(self, table: str, frame: Frame, order_by: Sequence[str] = ()) -> None:
        """Give a result table, or its next units, to the sink: canonical columns, sorted.

        Args:
            order_by: columns whose order is that of the table's key; none: the key itself.
        """
        columns = [column.name for column in OUTPUT_TABLES[table]]
        ordered = frame.sort(*(order_by or OUTPUT_KEYS[table])).select(*columns)
        self._sink(table, self._con.sql(self._query(ordered)))

    def _named(self, name: str) -> str:
        table = _PREFIX + name
        self._kept.add(table)
        return table

    def _store(self, table: str, rows: duckdb.DuckDBPyRelation) -> None:
        query = rows.sql_query()
        if table in self._stored:
            self._con.execute(f"INSERT INTO {table} {query}")
        else:
            self._con.execute(f"CREATE OR REPLACE TABLE {table} AS {query}")
        self._stored.add(table)

    def _query(self, frame: Frame) -> str:
        """The query of a frame, with those of the planned stages that it rests on."""
        native: duckdb.DuckDBPyRelation = nw.to_native(frame)
        query = native.sql_query()
        needed: list[str] = []
        text = query
        for table, stage in reversed(self._planned.items()):
            if re.search(rf"\b{table}\b", text):
                needed.append(f"{table} AS NOT MATERIALIZED ({stage})")
                text += stage
        return f"WITH {', '.join(reversed(needed))} {query}" if needed else query
