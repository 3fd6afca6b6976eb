"""The workbook that somebody brought, with what is not right marked in its cells."""

import io
import zipfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

PALE = "F6EEDB"
AUTHOR = "问题"
_ODD = (  # what a writer of workbooks stumbles over; XML that is broken is a SyntaxError
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
HEADS_WITHIN = 8  # rows from the top in which the heads may stand


class BookMark(NamedTuple):
    """What is wrong with a cell; ``head`` empty: with the row as a whole."""

    sheet: str
    row: int
    head: str
    text: str
    is_error: bool


def marked_book(source: Path, marks: Sequence[BookMark]) -> bytes | None:
    """The workbook with a note and a fill in each cell that is not right.

    Returns:
        None where it is so odd that it cannot be written again.
    """
    try:
        with source.open("rb") as file:
            book = openpyxl.load_workbook(file)
    except _ODD:
        return None
    told: dict[tuple[str, int, int], list[str]] = {}
    fill = PatternFill("solid", start_color=PALE, end_color=PALE)
    for mark in marks:
        if mark.sheet not in book.sheetnames or mark.row is None:
            continue
        page = book[mark.sheet]
        at = _place(page, mark)
        told.setdefault((mark.sheet, *at), []).append(mark.text)
        if mark.is_error:
            page.cell(*at).fill = fill
    for (sheet, row, column), texts in told.items():
        note = Comment("\n".join(texts), AUTHOR)
        note.width, note.height = 360, 120
        book[sheet].cell(row, column).comment = note
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def _place(page: Any, mark: BookMark) -> tuple[int, int]:
    """The cell that carries a mark: of merged ones the first."""
    heads = {
        str(cell.value).strip(): cell.column
        for row in page.iter_rows(max_row=HEADS_WITHIN)
        for cell in row
        if cell.value
    }
    at = (mark.row, heads.get(mark.head, 1))
    for merged in page.merged_cells.ranges:
        rows = range(merged.min_row, merged.max_row + 1)
        if at in product(rows, range(merged.min_col, merged.max_col + 1)):
            return merged.min_row, merged.min_col
    return at
