"""The register as a workbook (事业单位名录): to fill in, to correct and send back, to read.

One form for all three: what is exported can be corrected in Excel or WPS and imported again.  Text
is always written as text: no cell begins a formula.  ``annotated`` marks what is wrong in the
workbook that somebody sent.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.core.problems import N_
from kaohe.core.register import FIELDS, Field, Kind, Value, field_of_head
from kaohe.locale import Translate

SCHEMA = "1"  # the property schema_version of the workbook
SHEET, GUIDE, LISTS = "名录", "填写说明", "字典"
PROBLEMS = "问题"  # the column that is added to a workbook with mistakes
EXTRA_ROWS = 2000  # rows below the last that still offer the lists
MADE_ON = datetime(2000, 1, 1)  # noqa: DTZ001  # the same bytes on every day
INK, MIST, OCHRE, PALE = "#17324F", "#EDF0F2", "#7A5000", "F6EEDB"
_WIDTHS = {
    Kind.CODE: 22,
    Kind.NAME: 18,
    Kind.NAMES: 20,
    Kind.TEXT: 32,
    Kind.PHONE: 18,
    Kind.CHOICE: 16,
    Kind.COUNT: 12,
    Kind.MONEY: 14,
    Kind.DATE: 13,
}
_WIDE = {"name": 30, "department": 22, "address": 30, "status": 12, "principal": 12}
_EXAMPLE = {
    "code": "12370683MB00000192",
    "name": "示例市第一中学",
    "short_name": "示例一中",
    "aliases": "示例市青少年科技教育基地",
    "former_names": "示例县第一中学",
    "department": "市教育和体育局",
    "category": "公益二类",
    "funding": "财政拨款",
    "funding_basis": "按生均定额拨款",
    "level": "正科",
    "sector": "教育",
    "group": "学校组",
    "posts_approved": "186",
    "posts_filled": "181",
    "leader_posts": "5",
    "leaders_filled": "5",
    "temporary_staff": "12",
    "staff": "181",
    "purpose": "实施高中学历教育，促进基础教育发展。",
    "start_up": "120.5",
    "address": "示例市府前街1号",
    "cert_from": "2024-03-05",
    "cert_to": "2029-03-05",
    "registrar": "示例市事业单位登记管理局",
    "status": "正常",
    "principal": "王䶮",
    "principal_title": "党委书记",
    "principal_from": "2021-08-20",
    "legal_representative": "李建国",
    "legal_from": "2022-01-10",
    "contact": "赵敏",
    "contact_phone": "0535-2212345",
}
_INTRODUCTION = (
    N_("Enter one unit in each row of the sheet “名录”; leave its row of heads as it is."),
    N_("The columns whose heads end in * are needed. An empty number means not known, not 0."),
    N_("Codes and telephone numbers stand in columns that are formatted as text."),
    N_("Columns may be left out or put in another order; columns of your own are not read."),
    N_("When the workbook is imported, the same code means the same unit."),
)


class Mark(NamedTuple):
    """What is wrong in a row; ``column`` names a field, "" where it is the row as a whole."""

    row: int
    column: str
    text: str
    is_error: bool


def register_book(
    rows: Iterable[Mapping[str, Value]], departments: Sequence[str], translate: Translate
) -> bytes:
    """The workbook of a register; without rows it is the form to fill in.

    Args:
        rows: of each unit its values by name of field, the department by its name.
        departments: the names that the column of departments offers.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": SHEET, "created": MADE_ON})
    book.set_custom_property("schema_version", SCHEMA)
    looks = _looks(book)
    page = book.add_worksheet(SHEET)
    guide = book.add_worksheet(GUIDE)
    lists = book.add_worksheet(LISTS)
    lists.hide()
    count = _write_rows(page, rows, looks)
    _write_heads(page, looks, translate)
    _write_lists(lists, page, departments, count + EXTRA_ROWS)
    _write_guide(guide, looks, translate)
    book.close()
    return out.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    head = {**base, "bold": True, "bg_color": MIST, "font_color": INK, "bottom": 2}
    return {
        "head": book.add_format({**head, "text_wrap": True, "num_format": "@"}),
        "needed": book.add_format({**head, "text_wrap": True, "num_format": "@", "bottom": 5}),
        "text": book.add_format({**base, "num_format": "@"}),
        "wrap": book.add_format({**base, "text_wrap": True, "num_format": "@"}),
        "number": book.add_format({**base, "num_format": "0"}),
        "money": book.add_format({**base, "num_format": "0.####"}),
        "date": book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "center"}),
        "title": book.add_format({**base, "bold": True, "font_size": 14, "font_color": INK}),
    }


_LOOK_OF = {Kind.COUNT: "number", Kind.MONEY: "money", Kind.DATE: "date", Kind.TEXT: "wrap"}


def head_of(each: Field) -> str:
    """How the head of a column is written; a star says that it is needed."""
    return each.written[0] + ("*" if each.required else "")


def bare_head(text: str) -> str:
    """A head without what marks it as needed.

    >>> bare_head("单位名称 *")
    '单位名称'
    """
    return text.strip().rstrip("*＊").rstrip()


def _write_heads(page: Any, looks: Mapping[str, Any], translate: Translate) -> None:
    page.freeze_panes(1, 2)
    page.set_row(0, 34)
    page.hide_gridlines(0)
    page.set_landscape()
    page.set_paper(8)  # A3
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    for place, each in enumerate(FIELDS):
        width = _WIDE.get(each.name, _WIDTHS[each.kind])
        page.set_column(place, place, width, looks[_LOOK_OF.get(each.kind, "text")])
        look = looks["needed" if each.required else "head"]
        page.write_string(0, place, head_of(each), look)
        note = _note(each, translate)
        page.write_comment(0, place, note, {"x_scale": 1.6, "y_scale": 0.8, "font_size": 9})


def _note(each: Field, translate: Translate) -> str:
    needed = translate(N_("required")) if each.required else translate(N_("may be empty"))
    parts = [translate(each.head), needed]
    if each.help:
        parts.append(translate(each.help))
    if each.choices:
        parts.append("、".join(choice.written[0] for choice in each.choices))
    return "\n".join(parts)


def _write_rows(page: Any, rows: Iterable[Mapping[str, Value]], looks: Mapping[str, Any]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        for place, each in enumerate(FIELDS):
            _write_cell(page, count, place, each, row.get(each.name), looks)
    return count


def _write_cell(
    page: Any, line: int, place: int, each: Field, value: Value, looks: Mapping[str, Any]
) -> None:
    look = looks[_LOOK_OF.get(each.kind, "text")]
    if value in (None, "", ()):
        return
    if isinstance(value, int | Decimal):
        page.write_number(line, place, float(value), look)
    elif isinstance(value, date):
        page.write_datetime(line, place, value, look)
    else:
        page.write_string(line, place, as_written(each, value), look)


def as_written(each: Field, value: Value) -> str:
    """A value as a workbook in Chinese writes it."""
    if value in (None, ()):
        return ""
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if each.choices:
        return next((c.written[0] for c in each.choices if c.code == value), str(value))
    return str(value)


def _write_lists(lists: Any, page: Any, departments: Sequence[str], last: int) -> None:
    """What may be chosen, on a hidden sheet, and offered in the columns."""
    column = 0
    for place, each in enumerate(FIELDS):
        offered = [choice.written[0] for choice in each.choices]
        if each.name == "department":
            offered = list(departments)
        if not offered:
            continue
        lists.write_string(0, column, each.written[0])
        for line, text in enumerate(offered, 1):
            lists.write_string(line, column, text)
        letter = chr(ord("A") + column)
        rule = {
            "validate": "list",
            "source": f"={LISTS}!${letter}$2:${letter}${len(offered) + 1}",
            "error_type": "warning",
        }
        page.data_validation(1, place, last, place, rule)
        column += 1


def _write_guide(guide: Any, looks: Mapping[str, Any], translate: Translate) -> None:
    guide.hide_gridlines(2)
    guide.set_column(0, 0, 24)
    guide.set_column(1, 1, 10)
    guide.set_column(2, 2, 46)
    guide.set_column(3, 3, 40)
    guide.set_column(4, 4, 32)
    guide.write_string(0, 0, translate(N_("How to fill in the register")), looks["title"])
    line = 1
    for line, text in enumerate(_INTRODUCTION, 1):
        guide.write_string(line, 0, translate(text))
    line += 2
    heads = (
        N_("column"),
        N_("required or not"),
        N_("what belongs there"),
        N_("choices"),
        N_("example"),
    )
    for place, text in enumerate(heads):
        guide.write_string(line, place, translate(text), looks["head"])
    for each in FIELDS:
        line += 1
        choices = "、".join(choice.written[0] for choice in each.choices)
        texts = (
            each.written[0],
            translate(N_("required")) if each.required else translate(N_("may be empty")),
            translate(each.help or each.head),
            choices,
            _EXAMPLE.get(each.name, ""),
        )
        for place, text in enumerate(texts):
            guide.write_string(line, place, text, looks["wrap"])


def annotated(source: Path, sheet: str, head_row: int, marks: Sequence[Mark]) -> bytes | None:
    """The workbook that somebody sent, with what is wrong marked in its cells.

    A bad cell is filled and carries a comment; a column 问题 at the end says all of a row at once.

    Args:
        source: of the kind .xlsx.
        sheet: the one that was read.
        head_row: the row of its heads, counted from 1.

    Returns:
        None where another of its sheets is so odd that it cannot be written again.
    """
    try:
        with source.open("rb") as file:
            book = openpyxl.load_workbook(file)
    except (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError):
        return None
    page = book[sheet]
    first = _first_cells(page)
    places = {
        found.name: cell.column
        for cell in page[head_row]
        if isinstance(cell.value, str)
        and (found := field_of_head(bare_head(cell.value))) is not None
    }
    last = page.max_column + 1
    page.cell(head_row, last, PROBLEMS)
    page.column_dimensions[page.cell(head_row, last).column_letter].width = 60
    fill = PatternFill("solid", start_color=PALE, end_color=PALE)
    told: dict[int, list[str]] = {}
    comments: dict[tuple[int, int], list[str]] = {}
    for mark in marks:
        told.setdefault(mark.row, []).append(mark.text)
        if mark.column in places:
            at = (mark.row, places[mark.column])
            at = first.get(at, at)
            comments.setdefault(at, []).append(mark.text)
            if mark.is_error:
                page.cell(*at).fill = fill
    for at, texts in comments.items():
        note = Comment("\n".join(texts), PROBLEMS)
        note.width, note.height = 360, 120
        page.cell(*at).comment = note
    for row, texts in told.items():
        cell = page.cell(row, last, "；".join(texts))
        cell.data_type = "s"  # never a formula, whatever it begins with
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def _first_cells(page: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Of each cell that lies under a merged one, the cell that can carry a mark for it."""
    return {
        at: (merged.min_row, merged.min_col)
        for merged in page.merged_cells.ranges
        for at in product(
            range(merged.min_row, min(merged.max_row, page.max_row) + 1),
            range(merged.min_col, min(merged.max_col, page.max_column) + 1),
        )
    }


def list_of_problems(
    columns: Sequence[str],
    rows: Iterable[tuple[int, Mapping[str, str], Sequence[Mark]]],
    translate: Translate,
) -> bytes:
    """The rows that are not right, alone, each cell as it was typed, those that are wrong marked.

    For files that cannot be annotated themselves: of another form, or very long.

    Args:
        columns: names of fields, in their order.
        rows: of each row its number in the file, its cells by field, and what is wrong.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    looks = _looks(book)
    bad = book.add_format({"bg_color": f"#{PALE}", "font_color": OCHRE, "num_format": "@"})
    page = book.add_worksheet(PROBLEMS)
    page.freeze_panes(1, 1)
    fields = [each for each in FIELDS if each.name in columns]
    heads = [translate(N_("row")), *(head_of(each) for each in fields), PROBLEMS]
    for place, text in enumerate(heads):
        page.set_column(place, place, 60 if text == PROBLEMS else 16)
        page.write_string(0, place, text, looks["head"])
    for line, (number, cells, marks) in enumerate(rows, 1):
        wrong: dict[str, list[str]] = {}
        for mark in marks:
            wrong.setdefault(mark.column, []).append(mark.text)
        page.write_number(line, 0, number)
        for place, each in enumerate(fields, 1):
            look = bad if each.name in wrong else looks["text"]
            page.write_string(line, place, cells.get(each.name, ""), look)
        page.write_string(line, len(fields) + 1, "；".join(mark.text for mark in marks))
    book.close()
    return out.getvalue()
