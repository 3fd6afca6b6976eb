"""Tables in Parquet: a file, or a folder of parts.  Large ones are views, never copied."""

from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

import duckdb

from kaohe.core.problems import declare
from kaohe.core.tables import Column
from kaohe.folder.cells import NUMBERS, Cell, sql_type
from kaohe.folder.copies import escaped
from kaohe.folder.headers import match_header
from kaohe.folder.intake import Reading, Source, make_empty, make_table, make_view
from kaohe.folder.parquet_cells import UnfitType, native, text_of
from kaohe.folder.typed import literal, quoted

IN_MEMORY = 300_000  # rows; a table with more of them stays in its file

declare(
    "error",
    {
        "parquet-unreadable": (
            "the file {file} cannot be read as Parquet: {reason}",
            "write it anew; if it came over a network, check that it is whole",
        ),
        "parquet-empty-folder": (
            "the folder {file} has no part that ends in .parquet",
            "put the parts of the table into it, or take the folder away",
        ),
        "parquet-parts-differ": (
            "the part {file} has the column “{name}” as {found}, and the first part as {expected}",
            "write all parts with the same columns and types",
        ),
        "code-column-as-number": (
            "the column “{name}” is stored as a number ({found}): digits of codes are lost so",
            "store it as text (string), from the source of the codes",
        ),
        "column-type": (
            "the column “{name}” is stored as {found}, from which it cannot be read",
            "store it as {expected}",
        ),
    },
)


def read_parquet_table(reading: Reading, path: Path) -> None:
    """Makes the typed table, or view, of a Parquet file or of a folder of parts.

    Rows of parts are counted through, in the order of the parts' names.

    Raises:
        OSError: the file or folder cannot be opened.

    Source: docs/rules/folder.md, F-1, F-2, F-9.
    """
    parts = [path]
    if path.is_dir():
        parts = sorted(p for p in path.glob("*.parquet") if not p.name.startswith((".", "_")))
        if not parts:
            reading.note("parquet-empty-folder", file=path.name)
            make_empty(reading)
            return
    try:
        _read_parts(reading, parts)
    except duckdb.Error as error:
        reading.note("parquet-unreadable", file=path.name, reason=first_line(error))
        make_empty(reading)


def first_line(error: Exception) -> str:
    """What an error says, without its advice to programmers."""
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__


def _read_parts(reading: Reading, parts: list[Path]) -> None:
    types = _types(reading.con, parts[0])
    header = match_header(reading.table, list(types), reading.columns, reading.findings)
    columns = [column for column in reading.columns if column.name in header.places]
    other = [part for part in parts[1:] if not _is_like_first(reading, part, types, columns)]
    if not header.usable or other:
        make_empty(reading)
        return
    offsets = list(accumulate((_rows(reading.con, part) for part in parts), initial=0))
    texts: dict[str, str] = {}
    cells: dict[str, Cell] = {}
    for column in columns:
        _choose_way(reading, column, types[column.name], (texts, cells))
    source = Source(
        relation=_relation(parts, offsets), texts=texts, cells=cells, skip_blank_rows=False
    )
    make = make_table if offsets[-1] <= IN_MEMORY else make_view
    make(reading, source)


def _choose_way(
    reading: Reading, column: Column, kind: str, ways: tuple[dict[str, str], dict[str, Cell]]
) -> None:
    texts, cells = ways
    name = quoted(column.name)
    try:
        text = text_of(column, name, kind)
        if text is not None:
            texts[column.name] = text
        else:
            cells[column.name] = native(column, name, kind)
    except UnfitType as error:
        wanted = "DECIMAL(12, 4)" if column.kind in NUMBERS else sql_type(column)
        facts = {"name": column.name, "found": kind, "expected": wanted}
        reading.note(error.code, None, column.name, **facts)


def _types(con: duckdb.DuckDBPyConnection, part: Path) -> dict[str, str]:
    described = con.execute(f"DESCRIBE SELECT * FROM {_file([part])}").fetchall()  # noqa: S608
    return {row[0]: row[1] for row in described}


def _rows(con: duckdb.DuckDBPyConnection, part: Path) -> int:
    name = literal(escaped(part))
    (count,) = con.execute(f"SELECT num_rows FROM parquet_file_metadata({name})").fetchall()[0]  # noqa: S608
    return int(count)


def _is_like_first(
    reading: Reading, part: Path, types: dict[str, str], columns: Iterable[Column]
) -> bool:
    """Whether a part has the types of the first.  Otherwise its cells would be changed unseen."""
    found = _types(reading.con, part)
    other = [column.name for column in columns if found.get(column.name) != types[column.name]]
    for name in other:
        facts = {"found": found.get(name, "—"), "expected": types[name]}
        reading.note("parquet-parts-differ", None, name, file=part.name, name=name, **facts)
    return not other


def _file(parts: Iterable[Path], options: str = "") -> str:
    names = ", ".join(literal(escaped(part)) for part in parts)
    return f"read_parquet([{names}], hive_partitioning = false{options})"


def _relation(parts: list[Path], offsets: list[int]) -> str:
    """SQL of the rows of all parts, numbered as a spreadsheet would: the first is row 2."""
    row = "file_row_number + 2"
    if len(parts) > 1:
        row = f"file_row_number + {offsets[:-1]}[file_index::BIGINT + 1] + 2"
    return f"(SELECT *, ({row})::BIGINT AS row FROM {_file(parts)})"  # noqa: S608
