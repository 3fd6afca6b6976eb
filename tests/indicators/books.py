"""A workbook that somebody changes, for tests: cells by sheet, row and head."""

import io

import openpyxl

from kaohe.indicators.queries.plan_book import workbook_of


def column_of(page, head):
    """Where a column stands, counted from 1."""
    return next(cell.column for cell in page[1] if cell.value == head)


def changed_book(version, *changes, edit=None):
    """The workbook of a version after some cells were typed: (sheet, row, head, value)."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(version)[0]))
    for sheet, row, head, value in changes:
        page = book[sheet]
        page.cell(row, column_of(page, head)).value = value
    if edit:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def found_of(row):
    from kaohe.indicators.queries.plan_book import found_in, open_draft

    return found_in(row, open_draft(row.part))


def codes(row):
    return {each.code for each in found_of(row).problems}


def apply(row, by, **given):
    from kaohe.indicators.services import part_imports as services

    return services.apply_part_file(by=by, row=row, seen=row.version, **given)


def fresh(row):
    row.refresh_from_db()
    return row
