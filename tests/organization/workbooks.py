"""Workbooks of the register for tests: rows that are right, and one thing made wrong."""

import io
import zipfile

import xlsxwriter

from kaohe.demo.roster import credit_code

HEADS = ("统一社会信用代码", "单位名称", "主管部门", "机构类别")


def code(body, city="370699"):
    """A right code."""
    return credit_code(body, city)


def book(rows, heads=HEADS, sheet="名录", hidden=(), before=0):
    """The bytes of a workbook: ``rows`` are mappings by head, or sequences.

    Args:
        hidden: names of hidden sheets beside it.
        before: rows of a title above the heads.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as made:
        page = made.add_worksheet(sheet)
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for line in range(before):
            page.write_string(line, 0, "示例市事业单位名录")
        for place, head in enumerate(heads):
            page.write_string(before, place, head)
        for line, row in enumerate(rows, before + 1):
            cells = [row.get(head) for head in heads] if isinstance(row, dict) else row
            for place, cell in enumerate(cells):
                if cell is None:
                    continue
                if isinstance(cell, str):
                    page.write_string(line, place, cell)
                elif hasattr(cell, "year"):
                    page.write_datetime(line, place, cell, day)
                else:
                    page.write(line, place, cell)
        for name in hidden:
            other = made.add_worksheet(name)
            other.write_string(0, 0, "x")
            other.hide()
    return out.getvalue()


def rewritten(data, part, change):
    """A workbook with one of its parts changed by a function of its text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return out.getvalue()


def row(body, name, department="市教育和体育局", **further):
    """One row by head, right in itself."""
    return {
        "统一社会信用代码": code(body),
        "单位名称": name,
        "主管部门": department,
        "机构类别": "公益二类",
        **further,
    }


def heads_of(*rows):
    """The heads of some rows, the needed ones first."""
    return tuple(dict.fromkeys([*HEADS, *(head for each in rows for head in each)]))


def problems(found):
    """(row, field, code) of all that was found."""
    from kaohe.organization.queries.imports import report_of

    report = report_of(found)
    of_rows = [
        (line.row, each.column, each.code) for line in report.lines() for each in line.problems
    ]
    return [*((each.row, each.column, each.code) for each in report.problems), *of_rows]
