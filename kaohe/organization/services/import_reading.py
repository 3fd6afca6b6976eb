"""A workbook of the register, read: which sheet, which columns, which cells.

What a cell means is said by ``core.register``; how a row agrees with the register, by
``import_comparing``.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from kaohe.core.problems import Problem, errors_in
from kaohe.core.register import Field, field_of_head, read_head
from kaohe.core.register_fields import TABLE
from kaohe.core.texts import clean
from kaohe.documents.register_book import bare_head
from kaohe.folder.encodings import UnreadableText, detect
from kaohe.folder.headers import letters
from kaohe.folder.xlsx_parts import Oddities, Parts, UnfitWorkbook
from kaohe.organization.services import import_problems  # noqa: F401  # declares

MOST_ROWS = 50_000
OURS = frozenset({"填写说明", "字典"})  # sheets of our own workbook that hold no units
_HEAD_WITHIN = 10  # rows from the top in which the heads may stand
_ENOUGH = 3  # known heads that make a row the row of heads

Row = tuple[int, dict[str, object]]
_Range = tuple[tuple[int, int], tuple[int, int]]  # first and last cell: row, column, from 0


@dataclass(slots=True)
class Table:
    """What was read: the columns in their order, the rows with their numbers, what is wrong."""

    sheet: str = ""
    columns: list[Field] = field(default_factory=list)
    head_row: int = 0
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def note(self, code: str, row: int | None = None, column: str = "", **facts: object) -> None:
        """Add what is wrong."""
        self.problems.append(Problem(code, TABLE, row, column, facts))


def read_table(path: Path, media: str) -> Table:
    """The table of units in a file.

    Args:
        media: what the file is: "xlsx", "xls" or "csv".
    """
    table = Table()
    try:
        if media == "csv":
            _read_text(path, table)
        else:
            _read_workbook(path, media, table)
    except UnfitWorkbook as unfit:
        _note_unfit(table, unfit)
    except (CalamineError, UnreadableText, csv.Error, UnicodeDecodeError):
        table.note("import-unreadable")
    if table.columns and not table.rows and not errors_in(table.problems):
        table.note("import-no-rows")
    return table


def _note_unfit(table: Table, unfit: UnfitWorkbook) -> None:
    if unfit.code == "sheet-too-large":
        table.note("import-sheet-too-large")
    elif unfit.code in ("sheet-too-many-merged", "workbook-sheets-alike"):
        table.problems.append(Problem(unfit.code, TABLE, None, "", unfit.facts))
    else:
        table.note("import-unreadable")


def _read_text(path: Path, table: Table) -> None:
    encoding = detect(path)
    if encoding.notice:
        table.note("import-other-encoding", encoding=encoding.name.upper())
    text = path.read_text(encoding=encoding.name)
    sample = text[:4096]
    separator = "\t" if sample.count("\t") > sample.count(",") else ","
    cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    head = _find_head(cells)
    if head is None:
        table.note("import-no-sheet")
        return
    _take_rows(table, cells, head, Oddities(), ())


def _read_workbook(path: Path, media: str, table: Table) -> None:
    parts = Parts(path) if media == "xlsx" else None
    with path.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
        shown = [
            each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible
        ]
        try:
            chosen = _choose(book, shown, parts)
        finally:
            if parts is not None:
                parts.close()
        if chosen is None:
            table.note("import-no-sheet")
        else:
            table.sheet = chosen.name
            if chosen.odd.formulas:
                table.note("import-formulas", count=chosen.odd.formulas)
            ranges = chosen.sheet.merged_cell_ranges or ()
            _take_rows(table, chosen.cells, chosen.head, chosen.odd, ranges)
        _report_sheets(table, book, shown)
        book.close()


class _Chosen(NamedTuple):
    """The sheet that has the heads of the register."""

    name: str
    sheet: CalamineSheet
    cells: list[list[Any]]
    head: int
    odd: Oddities


def _choose(book: CalamineWorkbook, shown: Sequence[str], parts: Parts | None) -> _Chosen | None:
    """The first sheet in sight that has the heads of the register.

    A sheet is looked through before the reader of cells takes all of it into memory.
    """
    for name in shown:
        if name in OURS:
            continue
        odd = parts.oddities(name) if parts is not None else Oddities()
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        margin: list[Any] = [""] * sheet.start[1]
        cells = []
        for row in sheet.iter_rows():
            cells.append(margin + row if margin else row)
            if len(cells) > MOST_ROWS + _HEAD_WITHIN + 1:
                break
        head = _find_head(cells)
        if head is not None:
            return _Chosen(name, sheet, cells, head, odd)
    return None


def _find_head(rows: Sequence[Sequence[object]]) -> int | None:
    """The row with the most known heads, counted from 0; None where there is none."""
    found = [
        sum(field_of_head(cell) is not None for cell in _heads(row) if cell)
        for row in rows[:_HEAD_WITHIN]
    ]
    best = max(found, default=0)
    return found.index(best) if best >= _ENOUGH else None


def _heads(row: Sequence[object]) -> list[str]:
    """The heads of a row; a star that marks a needed column is no part of its name."""
    return [bare_head(cell) if isinstance(cell, str) else "" for cell in row]


def _report_sheets(table: Table, book: CalamineWorkbook, shown: Sequence[str]) -> None:
    for each in book.sheets_metadata:
        if each.name in OURS or each.name == table.sheet:
            continue
        if each.name not in shown:
            table.note("import-hidden-sheet", sheet=each.name[:40])
        elif table.sheet and book.get_sheet_by_name(each.name).start is not None:
            table.note("import-sheet-not-read", sheet=each.name[:40], read=table.sheet[:40])


class _Merged:
    """Which cells are covered by merged ones, asked row after row from the top.

    A range is held once for each field, however many rows it spans: a small file can name the
    whole sheet often.
    """

    def __init__(self, ranges: Iterable[_Range], places: Iterable[int]) -> None:
        self._coming: dict[int, list[tuple[int, int, str]]] = {place: [] for place in places}
        for (top, left), (bottom, right) in sorted(set(ranges), reverse=True):
            for place, coming in self._coming.items():
                if left <= place <= right:
                    coming.append((top + (place == left), bottom, f"{letters(left)}{top + 1}"))
        for coming in self._coming.values():
            coming.sort(reverse=True)
        self._now = dict.fromkeys(self._coming, (0, -1, ""))

    def covering(self, number: int, place: int) -> str:
        """The first cell of the merged one that covers a place; empty where none does."""
        coming = self._coming[place]
        while coming and coming[-1][0] <= number:
            self._now[place] = max(self._now[place], coming.pop(), key=lambda each: each[1])
        _first_row, last_row, cell = self._now[place]
        return cell if number <= last_row else ""


def _take_rows(
    table: Table,
    cells: Sequence[Sequence[Any]],
    head: int,
    odd: Oddities,
    ranges: Iterable[_Range],
) -> None:
    """Every row below the head that holds anything, its cells by name of field."""
    places, problems = read_head(_heads(cells[head]), head + 1)
    table.problems += problems
    table.head_row = head + 1
    table.columns = list(places.values())
    count = len(cells) - head - 1
    if count > MOST_ROWS:
        table.note("import-too-many-rows", count=count, limit=MOST_ROWS)
        return
    merged = _Merged(ranges, places)
    odd_rows = {row for row, _ in (*odd.errors, *odd.uncalculated)}
    for number in range(head + 1, len(cells)):
        row = cells[number]
        if number not in odd_rows and not any(_holds(cell) for cell in row):
            continue
        found = {
            each.name: row[place]
            for place, each in places.items()
            if place < len(row) and row[place] != ""
        }
        if number in odd_rows:
            _mark_odd(table, number, found, places, odd)
        for place, each in places.items():
            if first := merged.covering(number, place):
                table.note("import-merged", number + 1, each.name, first=first)
        table.rows.append((number + 1, found))


def _holds(cell: object) -> bool:
    return cell != "" and (not isinstance(cell, str) or bool(clean(cell)))


def _mark_odd(
    table: Table,
    number: int,
    found: dict[str, object],
    places: Mapping[int, Field],
    odd: Oddities,
) -> None:
    """What the reader of cells shows as nothing: errors, and formulas without a value."""
    for place, each in places.items():
        if (number, place) in odd.errors:
            found[each.name] = odd.errors[number, place] or "#N/A"
        elif (number, place) in odd.uncalculated:
            table.note("import-formula-not-calculated", number + 1, each.name)


def as_typed(value: object) -> str:
    """A cell as text, for showing it beside what is wrong with it."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def each_told(table: Table, tell: Any) -> Iterator[Row]:
    """The rows, one after the other, telling how far one is."""
    total = len(table.rows)
    for done, row in enumerate(table.rows):
        if done % 200 == 0:
            tell(done, total)
        yield row
