"""A department's scheme with all its sheets as one workbook (方案工作簿), to fill in.

Text is always written as text: no cell begins a formula.  A hidden sheet tells from which version
the workbook was made, and how its cells were then: so what others changed meanwhile is seen.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import xlsxwriter

from kaohe.core.indicator_trees import canonical_tree
from kaohe.core.problems import N_
from kaohe.documents.plan_book_columns import (
    CHOICES,
    COLUMNS,
    GUIDE,
    LISTS,
    NODES,
    PREFACE,
    SCHEME,
    SHEETS,
    STAMP,
    UNITS,
    BookColumn,
    written,
)
from kaohe.locale import Translate

SCHEMA = "1"
EXTRA_ROWS = 300  # below the last that still offer the lists
PIECE = 30_000  # characters of a cell of the stamp; a cell takes 32,767
MADE_ON = datetime(2000, 1, 1)  # noqa: DTZ001  # the same bytes on every day
INK, MIST, GREY = "#17324F", "#EDF0F2", "#555A5E"
Tree = Mapping[str, Any]
Row = Mapping[str, str]
_NUMBERS = ("decimal", "day")
_INTRODUCTION = (
    N_("The sheet “方案” has a row for each indicator; its order is that of the scheme."),
    N_("The sheet “单位目标” has a row for each unit and indicator: enter only what differs."),
    N_("The sheet “节点” has a row for each milestone of a unit; the shares of one make 100."),
    N_(
        "The sheet “单位” names the units that get a sheet; take out the row of one that gets none."
    ),
    N_("An empty cell means that nothing is entered; it does not mean 0."),
    N_("Leave the heads as they are. Columns and sheets of your own are not read."),
    N_("Bring the workbook back on the page of the draft: you see what changes before it does."),
)


class BookStamp(NamedTuple):
    """From what a workbook was made."""

    part: int
    version: int  # key of the version
    number: int
    digest: str
    title: str


def plan_book(
    tree: Tree, units: Mapping[str, str], stamp: BookStamp, translate: Translate
) -> bytes:
    """The workbook of a plan.

    Args:
        units: names by credit code of those that the department has in the year.

    Source: docs/rules/plan_books.md, PB-1.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": stamp.title, "created": MADE_ON})
    looks = _looks(book)
    names = {**{unit: unit for unit in tree.get("sheets", {})}, **units}
    lists = _Lists(names)
    for sheet, rows in _tables(tree, names).items():
        page = book.add_worksheet(sheet)
        count = _write_rows(page, COLUMNS[sheet], rows, looks)
        _write_heads(page, COLUMNS[sheet], looks, translate)
        lists.offer(page, COLUMNS[sheet], count + EXTRA_ROWS)
    _write_guide(book.add_worksheet(GUIDE), looks, translate)
    lists.write(book.add_worksheet(LISTS))
    _write_stamp(book.add_worksheet(STAMP), tree, stamp)
    book.close()
    return out.getvalue()


def _tables(tree: Tree, names: Mapping[str, str]) -> dict[str, list[Row]]:
    return {
        SCHEME: list(tree.get("indicators", ())),
        UNITS: [{"unit": unit, "unit_name": names[unit]} for unit in tree.get("sheets", {})],
        SHEETS: list(_sheet_rows(tree, names)),
        NODES: list(_node_rows(tree, names)),
        PREFACE: [{"preface": line} for line in tree.get("preface", "").split("\n")],
    }


def _sheet_rows(tree: Tree, names: Mapping[str, str]) -> Iterator[Row]:
    """A row for each unit and indicator that addresses it, whether it says anything or not."""
    known = {each["item"]: each for each in tree.get("indicators", ())}
    for unit, sheet in tree.get("sheets", {}).items():
        addressed = [item for item, each in known.items() if each.get("unit", unit) == unit]
        spoken = [*sheet["values"], *sheet["not_applicable"]]
        for item in dict.fromkeys([*addressed, *spoken]):
            indicator = known.get(item, {})
            yield {
                **_who(unit, item, names, known),
                "scheme_value": scheme_value(indicator),
                **sheet["values"].get(item, {}),
                "not_applicable": sheet["not_applicable"].get(item, ""),
            }


def _node_rows(tree: Tree, names: Mapping[str, str]) -> Iterator[Row]:
    known = {each["item"]: each for each in tree.get("indicators", ())}
    for unit, sheet in tree.get("sheets", {}).items():
        for item, nodes in sheet["nodes"].items():
            for node in nodes:
                yield {**_who(unit, item, names, known), **node}


def _who(unit: str, item: str, names: Mapping[str, str], known: Mapping[str, Row]) -> Row:
    name = known.get(item, {}).get("name", "")
    return {"unit": unit, "unit_name": names[unit], "item": item, "item_name": name}


def scheme_value(indicator: Row) -> str:
    """What holds for a unit without values of its own.

    >>> scheme_value({"zero_at": "80", "full_at": "95", "measure": "%"})
    '80～95%'
    """
    measure = indicator.get("measure", "")
    if "target" in indicator:
        return indicator["target"] + measure
    if "zero_at" in indicator or "full_at" in indicator:
        return f"{indicator.get('zero_at', '')}～{indicator.get('full_at', '')}{measure}"
    return ""


def _looks(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    text = {**base, "num_format": "@"}
    head = {**text, "bold": True, "bg_color": MIST, "font_color": INK, "bottom": 2}
    return {
        "head": book.add_format({**head, "text_wrap": True}),
        "text": book.add_format(text),
        "long": book.add_format({**text, "text_wrap": True}),
        "shown": book.add_format({**text, "font_color": GREY, "text_wrap": True}),
        "decimal": book.add_format({**base, "num_format": "0.####"}),
        "day": book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "center"}),
        "title": book.add_format({**base, "bold": True, "font_size": 14, "font_color": INK}),
    }


def _write_heads(
    page: Any, columns: Sequence[BookColumn], looks: Mapping[str, Any], translate: Translate
) -> None:
    page.freeze_panes(1, 3 if len(columns) > 3 else 0)
    page.set_row(0, 30)
    page.hide_gridlines(0)
    page.set_landscape()
    page.set_paper(8)  # A3
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    for place, each in enumerate(columns):
        page.set_column(place, place, each.width, looks.get(each.kind, looks["text"]))
        page.write_string(0, place, each.head, looks["head"])
        note = {"x_scale": 1.4, "y_scale": 0.6, "font_size": 9}
        page.write_comment(0, place, translate(each.help), note)


def _write_rows(
    page: Any, columns: Sequence[BookColumn], rows: Sequence[Row], looks: Mapping[str, Any]
) -> int:
    for line, row in enumerate(rows, 1):
        for place, each in enumerate(columns):
            text = row.get(each.field, "")
            look = looks.get(each.kind, looks["text"])
            if text == "":
                continue
            if each.kind == "decimal":
                page.write_number(line, place, float(text), look)
            elif each.kind == "day":
                page.write_datetime(line, place, date.fromisoformat(text), look)
            else:
                page.write_string(line, place, written(each.field, text), look)
    return len(rows)


class _Lists:
    """What may be chosen: on a hidden sheet, and offered in the columns."""

    def __init__(self, units: Mapping[str, str]) -> None:
        self.columns = {field: list(words.values()) for field, words in CHOICES.items()}
        self.columns["unit"] = list(units)

    def offer(self, page: Any, columns: Sequence[BookColumn], last: int) -> None:
        """Drop-downs in the columns of a sheet."""
        for place, each in enumerate(columns):
            offered = self.columns.get(each.field)
            if not offered:
                continue
            letter = chr(ord("A") + list(self.columns).index(each.field))
            rule = {
                "validate": "list",
                "source": f"={LISTS}!${letter}$2:${letter}${len(offered) + 1}",
                "error_type": "warning",
            }
            page.data_validation(1, place, last, place, rule)

    def write(self, page: Any) -> None:
        """The hidden sheet."""
        page.hide()
        for place, (field, offered) in enumerate(self.columns.items()):
            for line, text in enumerate([field, *offered]):
                page.write_string(line, place, text)


def _write_guide(guide: Any, looks: Mapping[str, Any], translate: Translate) -> None:
    guide.hide_gridlines(2)
    for place, width in enumerate((14, 16, 46, 60)):
        guide.set_column(place, place, width)
    guide.write_string(0, 0, translate(N_("How to fill in the scheme")), looks["title"])
    line = 1
    for line, text in enumerate(_INTRODUCTION, 1):
        guide.write_string(line, 0, translate(text))
    line += 2
    heads = (N_("sheet of the workbook"), N_("column"), N_("what belongs there"), N_("choices"))
    for place, text in enumerate(heads):
        guide.write_string(line, place, translate(text), looks["head"])
    for sheet, columns in COLUMNS.items():
        for each in columns:
            line += 1
            offered = "、".join(CHOICES.get(each.field, {}).values())
            for place, text in enumerate((sheet, each.head, translate(each.help), offered)):
                guide.write_string(line, place, text, looks["long"])


def _write_stamp(page: Any, tree: Tree, stamp: BookStamp) -> None:
    """What the workbook was made from, its cells too, as text in pieces."""
    page.very_hidden()
    facts = {**stamp._asdict(), "schema": SCHEMA}
    page.write_string(0, 0, json.dumps(facts, ensure_ascii=False))
    base = canonical_tree(tree)
    for line, start in enumerate(range(0, len(base), PIECE), 1):
        page.write_string(line, 0, base[start : start + PIECE])
