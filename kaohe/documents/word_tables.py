"""The tables of a Word file as grids of text, each with the lines that stand before it.

A merged cell gives its text to each place that it covers, which is how people read it.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from kaohe.core.texts import clean, clean_long

MOST_ROWS = 3_000  # of all tables of a file
MOST_COLUMNS = 60
MOST_BYTES = 40 << 20  # of the text, unpacked
TEXT = "word/document.xml"
_ODD = (  # what the reader of Word files stumbles over; XML that is broken is a SyntaxError
    PackageNotFoundError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
_SPAN = re.compile(rb'<w:grid(?:Span|Before|After)\b[^>]*?\bw:val="([0-9]+)"')


class UnfitWord(Exception):
    """The file cannot be read as a Word file, or it is far larger than any of its kind."""


@dataclass(slots=True)
class WordTable:
    """A table: its number in the file, the lines before it, its rows of equal length.

    ``joined``: for each row, the column in which the cell of each place begins.
    """

    number: int
    lines: list[str]
    rows: list[list[str]] = field(default_factory=list)
    joined: list[list[int]] = field(default_factory=list)

    def is_one_cell(self, row: int) -> bool:
        """Whether a row is a single merged cell: a heading inside the table."""
        return len(set(self.joined[row])) == 1


def word_tables(path: Path) -> list[WordTable]:
    """The tables of a .docx in their order.

    Raises:
        UnfitWord: it is none, or it has too many rows.
    """
    try:
        _look_inside(path)
        book = Document(str(path))
        found = list(_tables(book))
    except _ODD as odd:
        raise UnfitWord from odd
    return found


def _look_inside(path: Path) -> None:
    """See that the text is of ordinary size, and no cell spans a million columns."""
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(TEXT).file_size > MOST_BYTES:
            raise UnfitWord
        spans = _SPAN.findall(archive.read(TEXT))
    if any(len(each) > 3 or int(each) > MOST_COLUMNS for each in spans):
        raise UnfitWord


def _tables(book: Any) -> Iterator[WordTable]:
    lines: list[str] = []
    number = rows = 0
    for block in book.iter_inner_content():
        if isinstance(block, Paragraph):
            text = clean(block.text)
            if text:
                lines.append(text)
        elif isinstance(block, Table):
            number += 1
            rows += len(block.rows)
            if rows > MOST_ROWS:
                raise UnfitWord
            yield _grid(block, number, lines)
            lines = []


def _grid(table: Table, number: int, lines: list[str]) -> WordTable:
    made = WordTable(number, lines)
    for row in table.rows:
        cells = row.cells[:MOST_COLUMNS]
        made.rows.append([clean_long(cell.text) for cell in cells])
        begins: list[int] = []
        for place, cell in enumerate(cells):
            same = place > 0 and cell._tc is cells[place - 1]._tc
            begins.append(begins[-1] if same else place)
        made.joined.append(begins)
    width = max((len(row) for row in made.rows), default=0)
    for cells_of_row, begins in zip(made.rows, made.joined, strict=True):
        missing = range(len(cells_of_row), width)
        begins.extend(missing)
        cells_of_row.extend("" for _ in missing)
    return made
