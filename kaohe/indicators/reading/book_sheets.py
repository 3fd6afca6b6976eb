"""A workbook taken apart: of each sheet its heads, its rows, and what is odd about its cells."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from kaohe.core.indicator_trees import plan_of
from kaohe.core.plan_differences import flat_plan
from kaohe.core.problems import Problem, errors_in
from kaohe.core.texts import fold
from kaohe.documents.plan_book_columns import (
    COLUMNS,
    GUIDE,
    LISTS,
    SCHEME,
    STAMP,
    BookColumn,
)
from kaohe.documents.register_book import bare_head
from kaohe.folder.headers import letters
from kaohe.folder.xlsx_parts import Oddities, Parts, UnfitWorkbook
from kaohe.indicators.reading import problems as _declared  # noqa: F401  # declares

MOST_ROWS = 20_000
MOST_COVERED = 100_000  # cells under merged ones, of a sheet
MOST_COLUMNS = 60
_HEADS_WITHIN = 8  # rows from the top in which the heads may stand
_ODD = (  # what a writer of workbooks may stumble over; XML that is broken is a SyntaxError
    ArithmeticError,
    AttributeError,
    LookupError,
    SyntaxError,
    TypeError,
    ValueError,
)
_NEEDED = {SCHEME: ("item", "name")}


@dataclass(slots=True)
class BookRow:
    """A row: its number as a spreadsheet counts, and its cells by field, as they were typed."""

    number: int
    cells: dict[str, object]


@dataclass(slots=True)
class BookSheet:
    """A sheet: which columns it has, and its rows."""

    name: str
    columns: list[BookColumn] = field(default_factory=list)
    rows: list[BookRow] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """A workbook: its sheets by name, from what it was made, and what is wrong with it."""

    sheets: dict[str, BookSheet] = field(default_factory=dict)
    stamp: Mapping[str, Any] = field(default_factory=dict)
    base: Mapping[str, Any] | None = None  # the tree from which it was made
    problems: list[Problem] = field(default_factory=list)

    def note(
        self, code: str, sheet: str = "", row: int | None = None, head: str = "", /, **facts: object
    ) -> None:
        """Add what is wrong."""
        self.problems.append(Problem(code, sheet, row, head, facts))


def open_book(path: Path) -> Book:
    """The sheets of a workbook; what cannot be opened is told as a problem.

    Source: docs/rules/plan_books.md, PB-2.
    """
    book = Book()
    try:
        parts = Parts(path)
        try:
            with path.open("rb") as file:
                _read_sheets(book, CalamineWorkbook.from_filelike(file), parts)
        finally:
            parts.close()
        if not any(each.code == "book-too-many-rows" for each in book.problems):
            _note_hidden_rows(book, path)
    except UnfitWorkbook as unfit:
        book.problems.append(Problem(unfit.code, "", None, "", unfit.facts))
    except (CalamineError, OSError, SyntaxError, ValueError, zipfile.BadZipFile):
        book.note("book-unreadable")
    if SCHEME not in book.sheets and not errors_in(book.problems):
        book.note("book-no-scheme")
    return book


def _read_sheets(book: Book, found: CalamineWorkbook, parts: Parts) -> None:
    for each in found.sheets_metadata:
        if each.name == STAMP:
            parts.oddities(STAMP)  # refuses what would not fit into memory
            _take_stamp(book, _cells(found.get_sheet_by_name(STAMP)))
        elif each.name in COLUMNS:
            odd = parts.oddities(each.name)
            _take_sheet(book, found, each.name, odd)
            if each.visible != SheetVisibleEnum.Visible:
                book.note("book-hidden-sheet", each.name, sheet=each.name)
        elif each.name not in (GUIDE, LISTS):
            book.note("book-sheet-unknown", sheet=each.name[:40])


def _take_stamp(book: Book, rows: list[list[Any]]) -> None:
    """From what the workbook was made; a stamp that was tampered with is none."""
    try:
        facts = json.loads(str(rows[0][0]))
        base = json.loads("".join(str(row[0]) for row in rows[1:]))
        if isinstance(facts, dict) and _is_plan(base):
            book.stamp, book.base = facts, base
    except (ValueError, LookupError, RecursionError):
        return


def _is_plan(tree: Any) -> bool:
    """Whether a tree that comes from outside is one of a plan, text in all its cells."""
    try:
        plan = plan_of(tree)
        codes = [each.item for each in plan.indicators]
        return all(isinstance(text, str) for text in (*codes, *flat_plan(tree).values()))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False


def _cells(page: CalamineSheet) -> list[list[Any]]:
    """The rows of a sheet from its first, no more than can be read and one."""
    if page.start is None:
        return []
    margin: list[Any] = [""] * page.start[1]
    return [margin + row for row in islice(page.iter_rows(), MOST_ROWS + 1)]


def _take_sheet(book: Book, found: CalamineWorkbook, name: str, odd: Oddities) -> None:
    page = found.get_sheet_by_name(name)
    cells = _cells(page)
    if len(cells) > MOST_ROWS:
        book.note("book-too-many-rows", name, limit=MOST_ROWS)
        return
    ranges = page.merged_cell_ranges or ()
    if sum(_area(each) for each in ranges) > MOST_COVERED:
        facts = {"sheet": name, "count": len(ranges), "limit": MOST_COVERED}
        book.note("sheet-too-many-merged", name, None, "", **facts)
        ranges = ()
    first = _head_row(name, cells)
    places = _heads(book, name, first, cells[first] if cells else [])
    sheet = BookSheet(name, list(places.values()))
    covered = _covered(ranges)
    for number, row in enumerate(cells[first + 1 :], first + 1):
        _take_row(book, sheet, places, number, row, odd, covered)
    if odd.formulas:
        book.note("book-formulas", name, count=odd.formulas)
    book.sheets[name] = sheet


def _head_row(name: str, cells: list[list[Any]]) -> int:
    """The row of the heads: the first, unless somebody wrote a title above it."""
    known = {fold(each.head) for each in COLUMNS[name]}
    found = [
        sum(fold(bare_head(str(cell))) in known for cell in row) for row in cells[:_HEADS_WITHIN]
    ]
    return found.index(max(found)) if found else 0


def _heads(book: Book, name: str, first: int, row: list[Any]) -> dict[int, BookColumn]:
    """Which column stands where; what is unknown, twice there or gone is told."""
    line = first + 1
    known = {fold(each.head): each for each in COLUMNS[name]}
    places: dict[int, BookColumn] = {}
    for place, cell in enumerate(row):
        head = bare_head(str(cell))
        each = known.get(fold(head))
        if each is None and head:
            book.note("book-column-unknown", name, line, head[:40], head=head[:40])
        elif each is not None and each in places.values():
            book.note("book-column-twice", name, line, each.head, head=each.head)
        elif each is not None:
            places[place] = each
    for each in COLUMNS[name]:
        if each in places.values() or each.kind == "shown":
            continue
        named = each.field in ("unit", "item") and name != SCHEME
        needed = named or each.field in _NEEDED.get(name, ())
        book.note(
            "book-column-needed" if needed else "book-column-gone",
            name,
            line,
            each.head,
            head=each.head,
        )
    return places


def _area(each: Any) -> int:
    """How many cells a merged range covers, of the columns that can hold anything of ours."""
    (top, left), (bottom, right) = each
    return int((bottom - top + 1) * (min(right, left + MOST_COLUMNS) - left + 1))


def _covered(ranges: Any) -> dict[tuple[int, int], str]:
    """The cells that lie under a merged one, and its first cell."""
    return {
        (row, column): f"{letters(left)}{top + 1}"
        for (top, left), (bottom, right) in ranges
        for row in range(top, bottom + 1)
        for column in range(left, min(right, left + MOST_COLUMNS) + 1)
        if (row, column) != (top, left)
    }


def _take_row(
    book: Book,
    sheet: BookSheet,
    places: Mapping[int, BookColumn],
    number: int,
    row: list[Any],
    odd: Oddities,
    covered: Mapping[tuple[int, int], str],
) -> None:
    cells: dict[str, object] = {}
    for place, each in places.items():
        at = (number, place)
        if at in odd.errors:
            book.note("book-cell-error", sheet.name, number + 1, each.head, found=odd.errors[at])
        elif at in odd.uncalculated:
            book.note("book-formula-empty", sheet.name, number + 1, each.head)
        elif at in covered and each.kind != "shown":
            book.note("book-merged", sheet.name, number + 1, each.head, first=covered[at])
        elif place < len(row) and row[place] != "":
            cells[each.field] = row[place]
    sheet.rows.append(BookRow(number + 1, cells))


def _note_hidden_rows(book: Book, path: Path) -> None:
    """Rows that a filter or a hand has hidden are read; people should know."""
    try:
        with path.open("rb") as file:
            pages = openpyxl.load_workbook(file).worksheets
    except _ODD:
        return  # so odd that its rows cannot be told; its cells were read
    for page in pages:
        rows = [row for row, each in page.row_dimensions.items() if each.hidden]
        if rows and page.title in COLUMNS:
            shown = "、".join(map(str, rows[:10])) + ("…" if len(rows) > 10 else "")
            book.note("book-hidden-rows", page.title, rows[0], rows=shown)


def as_text(value: object) -> str:
    """A cell as text: a whole number without a point, a day as in ISO 8601.

    >>> as_text(95.0), as_text(0.1 + 0.2), as_text(date(2026, 6, 30))
    ('95', '0.3', '2026-06-30')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
