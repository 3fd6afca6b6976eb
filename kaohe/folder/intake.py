"""From the raw cells of one file to a typed table, or a view: values made, bad cells reported."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from kaohe.core.tables import Column
from kaohe.folder.bad_cells import fault_of
from kaohe.folder.cells import Cell, absent, plain, sql_type, thorough, without_blanks
from kaohe.folder.findings import Findings
from kaohe.folder.typed import quoted

_SHOWN = 400  # characters of a bad cell that are looked at


@dataclass(frozen=True, slots=True)
class Reading:
    """One table being read: where to, and with which columns.

    ``scratch`` is a folder for copies, emptied when all is read.
    """

    con: duckdb.DuckDBPyConnection
    table: str
    columns: tuple[Column, ...]
    scratch: Path
    findings: Findings

    def note(self, code: str, row: int | None = None, column: str = "", /, **facts: object) -> None:
        """Reports a problem of the table."""
        self.findings.add(code, self.table, row, column, **facts)


@dataclass(frozen=True, slots=True)
class Source:
    """One table as its file has it.

    ``relation`` is what stands behind FROM; it has ``row`` and the raw columns.  A column of the
    table is in ``texts`` (SQL of its text), in ``cells`` (how it is read, where the file knows
    more than text), or the file has none.
    """

    relation: str
    texts: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    unnamed: Mapping[str, str] = field(default_factory=dict)  # by place: columns without a name
    copied: bool = False  # from a copy that we made, where TAKEN marks a refused cell
    skip_blank_rows: bool = True

    def has(self, column: Column) -> bool:
        """Whether the file has the column."""
        return column.name in self.texts or column.name in self.cells


Cells = dict[str, Cell]


def make_table(reading: Reading, source: Source) -> None:
    """Makes the typed table of a source, in one pass where all its cells are clean.

    Raises:
        duckdb.Error: the file cannot be read as it is described.

    Source: docs/rules/folder.md, F-2, F-10.
    """
    intake = _Intake(reading, source)
    name = quoted(reading.table)
    faults = " OR ".join(intake.faults()) or "false"
    execute = reading.con.execute
    execute(f"CREATE OR REPLACE TABLE {name} AS {intake.select(f', ({faults}) AS faulty')}")
    if execute(f"SELECT count(*) FILTER (faulty) FROM {name}").fetchall()[0][0]:  # noqa: S608
        intake.settle()
        execute(f"CREATE OR REPLACE TABLE {name} AS {intake.select()}")
    else:
        execute(f"ALTER TABLE {name} DROP COLUMN faulty")
    _report_unnamed(reading, source)


def make_view(reading: Reading, source: Source) -> None:
    """Checks a source in streaming scans, and makes a view of it: nothing is held in memory.

    Raises:
        duckdb.Error: the file cannot be read.

    Source: docs/rules/folder.md, F-1, F-2.
    """
    intake = _Intake(reading, source)
    intake.settle()
    reading.con.execute(f"CREATE OR REPLACE VIEW {quoted(reading.table)} AS {intake.select()}")


def make_empty(reading: Reading) -> None:
    """Makes the typed table of a table that is not there, or cannot be read."""
    fields = "".join(f", {quoted(c.field)} {sql_type(c)}" for c in reading.columns)
    reading.con.execute(f"CREATE OR REPLACE TABLE {quoted(reading.table)} (row BIGINT{fields})")


@dataclass(frozen=True, slots=True)
class _Count:
    bad: int
    empty: int


class _Intake:
    """A source, and the way in which each of its columns is read: plain until found unclean."""

    def __init__(self, reading: Reading, source: Source) -> None:
        self.reading = reading
        self.source = source
        self.relation = source.relation
        self.present = [column for column in reading.columns if source.has(column)]
        self.cells = {column.name: self._first_way(column) for column in reading.columns}

    def _first_way(self, column: Column) -> Cell:
        if column.name in self.source.texts:
            return plain(self.reading.table, column, self.source.texts[column.name])
        return self.source.cells.get(column.name) or absent(column)

    def select(self, more: str = "") -> str:
        """SQL of the typed rows."""
        values = "".join(
            f", {self.cells[column.name].value} AS {quoted(column.field)}"
            for column in self.reading.columns
        )
        return f"SELECT row{values}{more} FROM {self.relation} WHERE {self._kept()}"  # noqa: S608

    def _kept(self) -> str:
        """SQL: whether a row is one.  A row with nothing in any column is none."""
        if not self.source.skip_blank_rows or not self.present:
            return "true"
        return f"NOT ({' AND '.join(self.cells[column.name].empty for column in self.present)})"

    def faults(self) -> list[str]:
        """SQL of all that can be wrong with a row."""
        bad = [self.cells[column.name].bad for column in self.present]
        return bad + [self.cells[column.name].empty for column in self.present if column.required]

    def settle(self) -> None:
        """Finds the way in which each column has to be read; what stays bad is reported."""
        counts = self._count()
        texts = self.source.texts
        unclean = [c for c in self.present if counts[c.name].bad and c.name in texts]
        if unclean:
            self._read_thoroughly(unclean)
            counts = self._count()
        for column in self.present:
            cell = self.cells[column.name]
            if cell.sure and not counts[column.name].bad:
                self.cells[column.name] = replace(cell, value=cell.sure)
            self._report(column, counts[column.name])

    def _read_thoroughly(self, unclean: list[Column]) -> None:
        """Blanks are dropped below, once, and not in each of the many places that use a cell."""
        names = {column.name: quoted(f"bare {column.field}") for column in unclean}
        bare = "".join(
            f", {without_blanks(self.source.texts[name])} AS {alias}"
            for name, alias in names.items()
        )
        self.relation = f"(SELECT *{bare} FROM {self.relation})"  # noqa: S608
        for column in unclean:
            self.cells[column.name] = thorough(
                self.reading.table, column, names[column.name], copied=self.source.copied
            )

    def _count(self) -> dict[str, _Count]:
        """How many cells of each column are bad, and how many are empty, in one scan."""
        counts = ", ".join(
            f"count(*) FILTER ({cell.bad}), count(*) FILTER ({cell.empty})"
            for cell in (self.cells[column.name] for column in self.present)
        )
        query = f"SELECT {counts} FROM {self.relation} WHERE {self._kept()}"  # noqa: S608
        found = self.reading.con.execute(query).fetchall()[0] if counts else ()
        return {
            column.name: _Count(found[2 * n], found[2 * n + 1] if column.required else 0)
            for n, column in enumerate(self.present)
        }

    def _report(self, column: Column, count: _Count) -> None:
        """Lists the first cells of a column that are bad, and the first that are empty."""
        note, more = self.reading.note, self.reading.findings.add_more
        cell = self.cells[column.name]
        if count.bad:
            listed = self._first(cell, cell.bad)
            for row, text in listed:
                code, facts = fault_of(column, text)
                note(code, row, column.name, **facts)
            more(self.reading.table, column.name, count.bad - len(listed))
        if count.empty:
            listed = self._first(cell, cell.empty)
            for row, _ in listed:
                note("empty-cell", row, column.name, name=column.name)
            more(self.reading.table, column.name, count.empty - len(listed))

    def _first(self, cell: Cell, condition: str) -> list[tuple[int, str]]:
        """The first cells for which a condition holds.

        Rows come in the order of the file, so that reading may stop with the last one wanted.
        """
        found = self.reading.con.execute(
            f"SELECT row, left({cell.shown}, {_SHOWN}) FROM {self.relation}"  # noqa: S608
            f" WHERE {self._kept()} AND {condition} LIMIT {self.reading.findings.kept}"
        )
        return sorted(found.fetchall())


def _report_unnamed(reading: Reading, source: Source) -> None:
    if not source.unnamed:
        return
    counts = ", ".join(f"count({text})" for text in source.unnamed.values())
    numbers = reading.con.execute(f"SELECT {counts} FROM {source.relation}").fetchall()[0]  # noqa: S608
    for place, count in zip(source.unnamed, numbers, strict=True):
        if count:
            reading.note("unnamed-column", 1, place=place, count=count)
