"""``assessment.xlsx``: a workbook that a clerk can work in.

Codes are text, so that no digit is lost; days are dates; what may be chosen is offered in a list;
the header stays in sight.  Nothing written is ever a formula.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from kaohe.core.quantities import TICK
from kaohe.core.scheme import Scheme
from kaohe.core.tables import Column, Kind
from kaohe.folder.sheets import DECIMALS, Sheet

LISTS = "字典"  # the hidden sheet of what may be chosen
MADE_ON = datetime(2000, 1, 1)  # noqa: DTZ001  # the same bytes on every day
EXTRA_ROWS = 1_000  # rows below the last that still offer the lists
WIDTHS = {"unit": 22, "predecessor": 22, "name": 28, "matter": 24, "document": 20, "reason": 20}
_NUMBERS = frozenset({Kind.COUNT, Kind.YEAR})

Formats = Mapping[str, Any]


def write_workbook(tables: Iterable[Sheet], scheme: Scheme, path: Path) -> None:
    """Writes one sheet a table, named like the table.

    Args:
        tables: cells are typed: ticks, days, booleans.
        scheme: offers its rounds, channels and tiers for choice.

    Source: docs/rules/folder.md, F-1, F-2.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with _saved(xlsxwriter.Workbook(str(path), options)) as book:
        book.set_properties({"created": MADE_ON})
        formats = _formats(book)
        lists: dict[str, tuple[str, ...]] = {}
        for sheet in tables:
            _write_sheet(book, sheet, formats, _choices(sheet, scheme, lists))
        _write_lists(book, lists)


@contextmanager
def _saved(book: Any) -> Iterator[Any]:
    """A workbook that is saved when the block ends; a full disk is an OSError as elsewhere."""
    try:
        with book:
            yield book
    except FileCreateError as error:
        raise OSError(*error.args[0].args) from error


def _formats(book: Any) -> Formats:
    header = {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "num_format": "@"}
    return {
        "header": book.add_format(header),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "General"}),
    }


def _format_of(column: Column) -> str:
    if column.kind is Kind.DATE:
        return "date"
    return "number" if column.kind in DECIMALS | _NUMBERS | {Kind.FLAG} else "text"


def _choices(sheet: Sheet, scheme: Scheme, lists: dict[str, tuple[str, ...]]) -> Mapping[str, str]:
    """The name of the list that each column offers; new lists are added to ``lists``."""
    from_scheme = {
        ("responses", "round"): tuple(entry.code for entry in scheme.survey.rounds),
        ("responses", "channel"): tuple(entry.code for entry in scheme.survey.channels),
        ("tiers", "tier"): tuple(entry.name for entry in scheme.tier_policy.tiers),
    }
    names = {}
    for column in sheet.columns:
        if column.kind is Kind.FLAG:
            names[column.name] = "TRUE,FALSE"
            continue
        offered = column.choices or from_scheme.get((sheet.table, column.name), ())
        if offered:
            name = f"list_{sheet.table}_{column.name}"
            lists[name] = offered
            names[column.name] = f"={name}"
    return names


def _write_sheet(book: Any, sheet: Sheet, formats: Formats, choices: Mapping[str, str]) -> None:
    page = book.add_worksheet(sheet.table)
    page.freeze_panes(1, 0)
    kinds = [formats[_format_of(column)] for column in sheet.columns]
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, WIDTHS.get(column.name, 13), kinds[place])
        page.write_string(0, place, column.name, formats["header"])
        if column.name in choices:
            offered = choices[column.name]
            source = offered if offered.startswith("=") else offered.split(",")
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            page.data_validation(1, place, sheet.size + EXTRA_ROWS, place, rule)
    for number, row in enumerate(sheet.rows, 1):
        for place, cell in enumerate(row):
            if cell is not None:
                _write_cell(page, (number, place), sheet.columns[place], cell, kinds[place])


def _write_cell(page: Any, at: tuple[int, int], column: Column, cell: object, form: Any) -> None:
    if isinstance(cell, bool):
        page.write_boolean(*at, cell, form)
    elif isinstance(cell, date):
        page.write_datetime(*at, cell, form)
    elif isinstance(cell, int):
        # Below 10^12 ticks a double holds every digit that a reader keeps.
        page.write_number(*at, cell / TICK if column.kind in DECIMALS else cell, form)
    else:
        page.write_string(*at, str(cell), form)


def _write_lists(book: Any, lists: Mapping[str, tuple[str, ...]]) -> None:
    page = book.add_worksheet(LISTS)
    page.hide()
    for place in range(max(map(len, lists.values()), default=0)):
        for column, offered in enumerate(lists.values()):
            if place < len(offered):
                page.write_string(place, column, offered[place])
    for column, (name, offered) in enumerate(lists.items()):
        letter = xlsxwriter.utility.xl_col_to_name(column)
        book.define_name(name, f"={LISTS}!${letter}$1:${letter}${len(offered)}")
