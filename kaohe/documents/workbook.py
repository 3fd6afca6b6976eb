"""results.xlsx: all that was concluded, a sheet each, with live formulas (综合得分排序汇总表).

Written so that it can be filtered, printed and recalculated in Excel and in WPS.  Text is always
written as text: no cell begins a formula that we did not write.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kaohe.core.problems import Problem
from kaohe.core.quantities import HUNDREDTH, TICK
from kaohe.core.rows import Inputs, Outputs
from kaohe.core.scheme import Scheme
from kaohe.documents import fact_sheets, score_sheets
from kaohe.documents.year import Cell, Formula, Head, Sheet, Year
from kaohe.locale import Translate
from kaohe.locale.words import N_

LONGEST_SHEET = 1_048_576  # rows of a worksheet, the heading included
LONGEST_TEXT = 32_767  # characters of a cell
MANY_ROWS = 200_000  # from here on rows are written out at once instead of being kept in memory
INK, MIST, SEAL = "#17324F", "#EDF0F2", "#B0281E"
UNITS = {"ticks": TICK, "signed": TICK, "weight": TICK, "hundredths": HUNDREDTH, "count": 1}
LOOKS: dict[str, dict[str, object]] = {
    "text": {},
    "wrap": {"text_wrap": True},
    "code": {"num_format": "@"},
    "grade": {"align": "center"},
    "count": {"num_format": "0"},
    "ticks": {"num_format": "0.0000"},
    "signed": {"num_format": "+0.0000;-0.0000;0.0000"},
    "weight": {"num_format": "0.####"},
    "hundredths": {"num_format": "0.00", "bold": True},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "head": {"bold": True, "font_color": INK, "bg_color": MIST, "text_wrap": True, "bottom": 2},
    "A": {"align": "center", "bold": True, "font_color": "#FFFFFF", "bg_color": INK},
    "C": {"align": "center", "bold": True, "font_color": SEAL},
}


def write_workbook(
    path: Path,
    scheme: Scheme,
    inputs: Inputs,
    outputs: Outputs,
    *,
    problems: Sequence[Problem] = (),
    translate: Translate = str,
) -> None:
    """Writes results.xlsx.  The same rows give the same bytes.

    Args:
        inputs: units, items, events, adjustments, history, successions and tenures are shown.
        outputs: all six tables, each sorted by its key.
        problems: what was noticed in the folder.

    Source: docs/rules/outputs.md, O-1.
    """
    year = Year(scheme, inputs, outputs, problems, translate)
    many = len(outputs.item_scores) + len(outputs.event_effects) > MANY_ROWS
    book = xlsxwriter.Workbook(str(path), {"constant_memory": many})
    created = datetime(scheme.year, 12, 31)  # noqa: DTZ001  # a day in the file, not an instant
    book.set_properties({"title": scheme.title, "created": created})
    looks = {
        name: book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter", **look})
        for name, look in LOOKS.items()
    }
    for sheet in sheets(year):
        _write(book.add_worksheet(translate(sheet.name)), fitting(sheet), looks, year)
    try:
        book.close()
    except FileCreateError as error:  # a full disk is an OSError here as elsewhere
        raise OSError(*error.args[0].args) from error


def sheets(year: Year) -> Iterator[Sheet]:
    """All sheets of the workbook, in order."""
    yield score_sheets.results_sheet(year)
    yield score_sheets.grades_sheet(year)
    yield score_sheets.components_sheet(year)
    yield score_sheets.items_sheet(year)
    yield fact_sheets.effects_sheet(year)
    yield fact_sheets.survey_sheet(year)
    yield fact_sheets.adjustments_sheet(year)
    yield fact_sheets.linkages_sheet(year)
    yield fact_sheets.settings_sheet(year)
    yield fact_sheets.problems_sheet(year)


def fitting(sheet: Sheet) -> Sheet:
    """The sheet; where a worksheet cannot hold its rows, one that says where they are."""
    if len(sheet.rows) < LONGEST_SHEET:
        return sheet
    title = N_("this table is too long for a worksheet; its CSV file is complete")
    heads = (Head(title, "text", 60),)
    return Sheet(sheet.name, heads, [])


def _write(page: Worksheet, sheet: Sheet, looks: dict[str, Format], year: Year) -> None:
    last = len(sheet.heads) - 1
    page.hide_gridlines(0)
    page.freeze_panes(1, sheet.frozen)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    title = f"{year.scheme.title[:80]} {year.translate(sheet.name)}".strip().replace("&", "&&")
    page.set_header(f'&C&12&"宋体,Bold"{title}')
    page.set_footer("&C— &P —")
    for place, head in enumerate(sheet.heads):
        page.set_column(place, place, head.width, looks[head.kind])
        page.write_string(0, place, year.translate(head.title), looks["head"])
    page.set_row(0, 30)
    page.autofilter(0, 0, max(1, len(sheet.rows)), last)
    writers = [_writer(page, head.kind, looks) for head in sheet.heads]
    for line, row in enumerate(sheet.rows, 1):
        for place, cell in enumerate(row):
            if cell is not None:
                writers[place](line, place, cell)


Writer = Callable[[int, int, Cell], object]


def _writer(page: Worksheet, kind: str, looks: dict[str, Format]) -> Writer:
    """Writes the cells of one column.  A text can only become text, whatever it begins with."""
    look = looks[kind]
    unit = UNITS.get(kind, 1)

    def number(line: int, place: int, cell: Cell) -> object:
        if isinstance(cell, Formula):
            return page.write_formula(line, place, cell.text, look, cell.value / unit)
        if isinstance(cell, int):
            return page.write_number(line, place, cell / unit if unit > 1 else cell, look)
        raise TypeError(f"a number was expected: {cell!r}")

    def text(line: int, place: int, cell: Cell) -> object:
        return page.write_string(line, place, str(cell)[:LONGEST_TEXT], look)

    def grade(line: int, place: int, cell: Cell) -> object:
        return page.write_string(line, place, str(cell), looks.get(str(cell), look))

    def day(line: int, place: int, cell: Cell) -> object:
        if isinstance(cell, date):
            return page.write_datetime(line, place, cell, look)
        raise TypeError(f"a date was expected: {cell!r}")

    return number if kind in UNITS else {"grade": grade, "date": day}.get(kind, text)
