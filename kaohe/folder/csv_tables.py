"""Tables in CSV: the plain ones by DuckDB at once, the strange ones row by row."""

import csv
import mmap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import duckdb

from kaohe.core.problems import declare
from kaohe.core.tables import Column
from kaohe.folder.cells import TAKEN
from kaohe.folder.copies import as_own, copied_source, copying, csv_relation
from kaohe.folder.encodings import Encoding, UnreadableText, detect
from kaohe.folder.findings import Findings
from kaohe.folder.headers import Header, letters, match_header
from kaohe.folder.intake import Reading, Source, make_empty, make_table

_HEADER_BYTES = 1 << 16
_BLOCK = 1 << 20
_SEPARATORS = {"\t": "Tab", ";": ";", "，": "，", "|": "|"}
_NOT_PLAIN = (b"\n\n", b"\n\r\n", b"\n\r\r", b"\r\r")

declare(
    "error",
    {
        "ragged-row": (
            "the row has {found} cells, and the header has {expected}",
            "put text that holds a comma between double quotes, and fill up what lacks with commas",
        ),
        "unclosed-quote": (
            "a double quote is opened in this row and never closed",
            "close it, or write a quote inside a cell twice; the rows below were not read",
        ),
        "text-behind-quote": (
            "text stands behind a closing double quote",
            "write a quote inside a cell twice; the rows below were not read",
        ),
        "cell-too-long": (
            "a cell has more than {limit} characters: perhaps a double quote was never closed",
            "close the quote, or shorten the cell; the rows below were not read",
        ),
        "row-unreadable": (
            "the row cannot be read: {reason}",
            "save the table anew as CSV UTF-8; the rows below were not read",
        ),
    },
)
declare(
    "warning",
    {
        "other-separator": (
            "cells are parted by “{separator}” instead of commas; they were read so",
            "better save the file as CSV UTF-8 with commas",
        ),
    },
)


def read_csv_table(reading: Reading, path: Path) -> None:
    """Makes the typed table of a CSV file.

    Raises:
        OSError: the file cannot be opened.

    Source: docs/rules/folder.md, F-1, F-9, F-10.
    """
    if _read_plain(reading, path):
        return
    try:
        encoding = detect(path)
    except UnreadableText as error:
        line = error.facts.get("line")
        reading.note(error.code, line if isinstance(line, int) else None, "", **error.facts)
        make_empty(reading)
    else:
        _read_strange(reading, path, encoding)


def _read_plain(reading: Reading, path: Path) -> bool:
    """Reads the file at once if it is plain; otherwise nothing has happened."""
    names = _plain_header(path)
    if names is None or not _is_even(path, len(names)):
        return False
    trial = replace(reading, findings=Findings())
    header = match_header(reading.table, names, reading.columns, trial.findings)
    if not header.usable:
        return False
    try:
        make_table(trial, _plain_source(path, header))
    except duckdb.Error:
        return False  # not as plain as it looked: row by row it will show what is wrong
    reading.findings.extend(trial.findings)
    return True


def _plain_header(path: Path) -> list[str] | None:
    """The names in row 1 of a file whose rows can be counted by counting records.

    None: a line is blank, ends strangely, or row 1 is not simple; such a file is read by row.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
        if not head.strip():
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if any(content.find(pattern) >= 0 for pattern in _NOT_PLAIN):
                return None
    line, newline, _ = head.partition(b"\n")
    if not newline or b'"' in line or b"\r" in line[:-1]:
        return None
    try:
        names = line.rstrip(b"\r").decode("utf-8-sig").split(",")
    except UnicodeDecodeError:
        return None
    return names if len(names) > 1 else None


def _is_even(path: Path, width: int) -> bool:
    """Whether a file has as many commas as rows of so many cells have.

    DuckDB lets an empty cell too many at the end of a row pass.  Commas inside quotes are counted
    too: a file that has such is read row by row.
    """
    commas = lines = 0
    end = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            commas += block.count(b",")
            lines += block.count(b"\n")
            end = block[-1:]
    return commas == (width - 1) * (lines + (end != b"\n"))


def _plain_source(path: Path, header: Header) -> Source:
    raw = [f"c{index}" for index in range(header.width)]
    relation = csv_relation(path, ((name, "VARCHAR") for name in raw), header=True)
    return Source(
        relation=f"(SELECT row_number() OVER () + 1 AS row, * FROM {relation})",  # noqa: S608
        texts={name: raw[index] for name, index in header.places.items()},
        unnamed={letters(index): raw[index] for index in header.unnamed},
    )


def _read_strange(reading: Reading, path: Path, encoding: Encoding) -> None:
    """Reads row by row, says what is strange, and goes on with a copy that is plain."""
    if encoding.notice:
        reading.note(encoding.notice, encoding=encoding.name.upper())
    copy = reading.scratch / f"{reading.table}.csv"
    with path.open(encoding=encoding.name, newline="") as text:
        separator = _separator(text, reading.columns)
        if separator in _SEPARATORS:
            reading.note("other-separator", separator=_SEPARATORS[separator])
        rows = _records(reading, text, separator)
        names = next(rows, (1, []))[1]
        header = match_header(reading.table, names, reading.columns, reading.findings)
        if not header.usable:
            make_empty(reading)
            return
        with copying(copy) as write:
            for row, record in rows:
                cells = _fitted(reading, row, record, header.width)
                if cells:
                    write(row, cells)
    make_table(reading, copied_source(copy, header))


def _separator(text: TextIO, columns: tuple[Column, ...]) -> str:
    """The separator under which row 1 shows most columns of the table; a comma when in doubt."""
    line = text.readline(_HEADER_BYTES)
    text.seek(0)
    known = {column.name for column in columns}

    def shown(separator: str) -> int:
        names = {name.strip().strip('"\ufeff').strip() for name in line.split(separator)}
        return len(known & names)

    best = max([",", *_SEPARATORS], key=shown)
    return best if shown(best) > shown(",") else ","


def _records(reading: Reading, text: TextIO, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with their numbers; blank ones too, they count."""
    reader = csv.reader(text, delimiter=separator, strict=True, skipinitialspace=True)
    row = 0
    while True:
        row += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code, facts = _fault(str(error))
            reading.note(code, row, "", **facts)
            return
        yield row, record


def _fault(reason: str) -> tuple[str, dict[str, object]]:
    if "unexpected end of data" in reason:
        return "unclosed-quote", {}
    if "expected after" in reason:
        return "text-behind-quote", {}
    if "field larger" in reason:
        return "cell-too-long", {"limit": csv.field_size_limit()}
    return "row-unreadable", {"reason": reason}


def _fitted(reading: Reading, row: int, record: list[str], width: int) -> list[str] | None:
    """The cells of a row, as many as the header has; None for a blank row.

    A row with a cell too many is ragged even where its last cells are empty: a number such as
    1,000 without quotes would be read as 1, and move all behind it.
    """
    if not any(cell.strip() for cell in record):
        return None
    cells = [as_own(cell) for cell in record[:width]]
    if len(record) != width:
        reading.note("ragged-row", row, found=len(record), expected=width)
        cells += [TAKEN] * (width - len(cells))
    return cells
