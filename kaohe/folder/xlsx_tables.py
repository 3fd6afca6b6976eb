"""Tables in ``assessment.xlsx``: sheets that are named like tables."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook

from kaohe.core.problems import declare
from kaohe.core.tables import INPUT_TABLES, Column, Kind
from kaohe.core.texts import shortened
from kaohe.folder.cells import TAKEN
from kaohe.folder.copies import as_own, copied_source, copying
from kaohe.folder.find import reason_of, report_sheet
from kaohe.folder.findings import Findings
from kaohe.folder.headers import Header, letters, match_header
from kaohe.folder.intake import Reading, make_empty, make_table
from kaohe.folder.xlsx_parts import Oddities, Parts, UnfitWorkbook

_CODES = frozenset({Kind.CREDIT_CODE, Kind.CODE})
_Raw = Any  # str, float, bool, date, datetime, time or timedelta
_Place = tuple[int, int]

declare(
    "error",
    {
        "code-as-number": (
            "“{name}” is stored as a number ({found}); a spreadsheet keeps only 15 digits of it",
            "format this column as text, then enter it again",
        ),
        "code-as-date": (
            "“{name}” is stored as a date ({found}); a spreadsheet has changed what was typed",
            "format this column as text, then enter it again",
        ),
        "code-as-flag": (
            "“{name}” is stored as a truth value ({found})",
            "format this column as text, then enter it again",
        ),
        "cell-error": (
            "the formula of the cell gives the error {found}",
            "mend the formula, or write the value itself",
        ),
        "formula-without-value": (
            "the cell has a formula that was never calculated",
            "open the workbook in WPS or Excel and save it, or write the value itself",
        ),
        "merged-cells": (
            "the cells {range} are merged: only the first of them holds anything",
            "unmerge them and fill in each cell",
        ),
    },
)
declare(
    "warning",
    {
        "formulas-not-calculated": (
            "the values of formulas were read as another program left them; no spreadsheet has "
            "calculated them yet (cells: {count})",
            "open the workbook in WPS or Excel and save it",
        ),
    },
)


def open_workbook(path: Path, findings: Findings) -> "Workbook | None":
    """``assessment.xlsx``, opened; None where it is not fit to be read, which is reported.

    Source: docs/rules/folder.md, F-9.
    """
    parts = None
    try:
        parts = Parts(path)
        workbook = Workbook(parts, CalamineWorkbook.from_path(str(path)))
    except UnfitWorkbook as error:
        findings.add(error.code, path.name, None, "", **error.facts)
    except OSError as error:
        facts = {"file": path.name, "reason": reason_of(error)}
        findings.add("file-unreadable", path.name, None, "", **facts)
    except python_calamine.CalamineError as error:
        facts = {"file": path.name, "reason": str(error)[:200]}
        findings.add("workbook-unreadable", path.name, None, "", **facts)
    else:
        workbook.report_strays(findings)
        return workbook
    if parts is not None:
        parts.close()
    return None


class Workbook:
    """A workbook whose sheets can be read as tables."""

    def __init__(self, parts: Parts, book: CalamineWorkbook) -> None:
        self._parts = parts
        self._book = book

    def report_strays(self, findings: Findings) -> None:
        """Warns of the visible sheets that are no tables."""
        for sheet in self._book.sheets_metadata:
            shown = sheet.visible == python_calamine.SheetVisibleEnum.Visible
            if shown and sheet.name not in INPUT_TABLES:
                report_sheet(sheet.name, findings)

    def close(self) -> None:
        """Lets go of the file."""
        self._parts.close()
        self._book.close()

    def has(self, table: str) -> bool:
        """Whether a sheet is named like the table; a hidden one counts."""
        return table in self._book.sheet_names

    def read_table(self, reading: Reading) -> None:
        """Makes the typed table of a sheet.

        Numbers are read at 15 significant digits, a date cell is its day, formulas are read at
        the values that were calculated last.

        Source: docs/rules/folder.md, F-1, F-2, F-9; docs/rules/scoring.md, N-1.
        """
        try:
            odd = self._parts.oddities(reading.table)
            sheet = self._book.get_sheet_by_name(reading.table)
        except UnfitWorkbook as error:
            reading.note(error.code, None, "", **error.facts)
            make_empty(reading)
        except python_calamine.CalamineError as error:
            facts = {"file": self._parts.file, "reason": str(error)[:200]}
            reading.note("workbook-unreadable", None, "", **facts)
            make_empty(reading)
        else:
            taken = odd.formulas - len(odd.errors) - len(odd.uncalculated)
            if taken > 0 and self._parts.awaits_calculation:
                reading.note("formulas-not-calculated", count=taken)
            _SheetReading(reading, sheet, odd).make_table()


class _SheetReading:
    """One sheet on its way into its typed table."""

    def __init__(self, reading: Reading, sheet: CalamineSheet, odd: Oddities) -> None:
        self.reading = reading
        self.sheet = sheet
        self.odd = odd
        self.odd_rows = {row for row, _ in (*odd.errors, *odd.uncalculated)}
        self.covered: dict[int, list[tuple[int, int]]] = {}

    def make_table(self) -> None:
        """Reads the sheet row by row into a copy, and the copy into the typed table."""
        rows = self._rows()
        names = [as_text(cell) for cell in next(rows, (0, []))[1]]
        reading = self.reading
        header = match_header(reading.table, names, reading.columns, reading.findings)
        self._report_merged(header)
        if not header.usable:
            make_empty(reading)
            return
        known = {column.name: column for column in reading.columns}
        columns: list[Column | None] = [None] * header.width
        for name, place in header.places.items():
            columns[place] = known[name]
        copy = reading.scratch / f"{reading.table}.csv"
        with copying(copy) as write:
            for row, cells in rows:
                if any(cell != "" for cell in cells) or row in self.odd_rows:
                    write(row + 1, self._texts(row, cells, columns))
        make_table(reading, copied_source(copy, header))

    def _rows(self) -> Iterator[tuple[int, list[_Raw]]]:
        """Rows from 0 with their cells from column A on.

        The reader of cells ends with the last cell that shows; below it there may be odd ones.
        """
        start = self.sheet.start
        if start is None:
            return
        row = -1
        margin: list[_Raw] = [""] * start[1]
        for row, cells in enumerate(self.sheet.iter_rows()):
            yield row, margin + cells
        for odd in sorted(odd for odd in self.odd_rows if odd > row):
            yield odd, []

    def _report_merged(self, header: Header) -> None:
        """Merged ranges that touch the table; their hidden cells are not called empty as well."""
        end = self.sheet.end
        last = end[0] if end else 0
        for (top, left), (bottom, right) in self.sheet.merged_cell_ranges or ():
            if top > last or left >= header.width:
                continue
            area = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
            self.reading.note("merged-cells", top + 1, range=area)
            for row in range(top, min(bottom, last) + 1):
                self.covered.setdefault(row, []).append((left + (row == top), right))

    def _texts(
        self, row: int, cells: Sequence[_Raw], columns: Sequence[Column | None]
    ) -> list[str]:
        texts = [
            "" if cell == "" else self._text((row, place), cell, column)
            for place, (cell, column) in enumerate(zip(cells, columns, strict=False))
        ]
        texts += [""] * (len(columns) - len(texts))
        if row in self.odd_rows:
            self._mark_odd(row, texts, columns)
        for left, right in self.covered.get(row, ()):
            for place in range(left, min(right + 1, len(texts))):
                texts[place] = texts[place] or TAKEN
        return texts

    def _mark_odd(self, row: int, texts: list[str], columns: Sequence[Column | None]) -> None:
        for place, column in enumerate(columns):
            if column is None:
                continue
            if (row, place) in self.odd.errors:
                found = shortened(self.odd.errors[row, place])
                self.reading.note("cell-error", row + 1, column.name, found=found)
                texts[place] = TAKEN
            elif (row, place) in self.odd.uncalculated:
                self.reading.note("formula-without-value", row + 1, column.name)
                texts[place] = TAKEN

    def _text(self, place: _Place, cell: _Raw, column: Column | None) -> str:
        """A cell as the text of a CSV file would have it; a refused one is reported."""
        if isinstance(cell, str):
            return as_own(cell)
        text = as_text(cell)
        if column is not None and column.kind in _CODES:
            code = "code-as-number"
            if isinstance(cell, bool):
                code = "code-as-flag"
            elif not isinstance(cell, float | int):
                code = "code-as-date"
            facts = {"name": column.name, "found": text}
            self.reading.note(code, place[0] + 1, column.name, **facts)
            return TAKEN
        return text


def as_text(cell: _Raw) -> str:
    """A cell of a workbook as text: numbers at 15 significant digits, moments as their day.

    >>> as_text(0.1 + 0.2), as_text(12.0), as_text(1e20), as_text(-0.0)
    ('0.3', '12', '100000000000000000000', '0')
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | int):
        return number_text(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)


def number_text(number: float) -> str:
    """A number at 15 significant digits, without an exponent.

    Source: docs/rules/scoring.md, N-1.
    """
    short = f"{number:.15g}"
    if "e" not in short:
        return "0" if short == "-0" else short
    mantissa, _, power = short.partition("e")
    sign, digits = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    whole, _, fraction = digits.partition(".")
    if int(power) > 0:
        return sign + whole + fraction.ljust(int(power), "0")
    return sign + "0." + "0" * (-int(power) - 1) + whole + fraction
