"""Rows in memory as the tables of a file: columns as they are written, cells still typed."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from kaohe.core.rows import Inputs
from kaohe.core.scheme import Scheme
from kaohe.core.tables import INPUT_TABLES, Column, Kind
from kaohe.folder.rows import kinds_text, steps_text

DECIMALS = frozenset({Kind.POINTS, Kind.PERCENT, Kind.RATE, Kind.DECIMAL})
ALWAYS = frozenset({"units", "items"})  # every folder has these tables


class Sheet(NamedTuple):
    """One table to be written: its columns as they stand in a file, and rows of typed cells."""

    table: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Any, ...]]
    size: int


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
