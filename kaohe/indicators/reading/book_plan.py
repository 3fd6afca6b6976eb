"""A workbook of a scheme as a plan's tree, with every cell that is not right."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kaohe.core.indicator_trees import OWN_VALUES, plan_of, tree_of
from kaohe.core.plan_edits import ItemCodeUnfit, fit_code
from kaohe.core.problems import Problem
from kaohe.core.texts import clean, clean_long, fold, shortened
from kaohe.documents.plan_book_columns import (
    COLUMNS,
    NODES,
    PREFACE,
    SCHEME,
    SHEETS,
    UNITS,
    BookColumn,
)
from kaohe.indicators.reading.book_sheets import Book, BookRow, BookSheet, as_text
from kaohe.indicators.reading.cell_values import read_cell

Tree = dict[str, Any]
_NUMBERED = re.compile(r"(.*?)([0-9]+)\Z")
_HEADS = {(sheet, each.field): each.head for sheet in COLUMNS for each in COLUMNS[sheet]}


@dataclass(slots=True)
class Ground:
    """What a workbook is read against: the draft, and the units of the department (code → name)."""

    draft: Mapping[str, Any]
    units: Mapping[str, str]

    @property
    def names(self) -> dict[str, str]:
        """Codes by folded name."""
        return {fold(name): code for code, name in self.units.items()}


@dataclass(slots=True)
class BookReader:
    """Reads the sheets of one workbook, one after the other."""

    book: Book
    ground: Ground
    indicators: dict[str, Tree] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # item → its row
    sheets: dict[str, Tree] = field(default_factory=dict)

    def read(self) -> Tree:
        """The plan; what the workbook has no columns or sheets for stays as in the draft."""
        self._read_indicators()
        self._read_units()
        self._read_values()
        self._read_nodes()
        self._note_rows_gone()
        tree = {
            "preface": self._preface(),
            "indicators": list(self.indicators.values()),
            "sheets": dict(sorted(self.sheets.items())),
        }
        return tree_of(plan_of(tree))

    # what is said of every row

    def _tell(self, sheet: str, row: BookRow, name: str, code: str, /, **facts: object) -> None:
        self.book.note(code, sheet, row.number, _HEADS.get((sheet, name), ""), **facts)

    def _read(self, sheet: BookSheet, row: BookRow, each: BookColumn, rule: str = "") -> str:
        tell = partial(self._tell, sheet.name, row, each.field)
        return read_cell(each, row.cells.get(each.field, ""), tell, rule)

    def _filled(self, name: str) -> Iterator[tuple[BookSheet, BookRow]]:
        sheet = self.book.sheets.get(name)
        for row in sheet.rows if sheet else ():
            if any(clean(as_text(value)) for value in row.cells.values()):
                yield sheet, row  # type: ignore[misc]  # there is one

    # 方案

    def _read_indicators(self) -> None:
        draft = {each["item"]: each for each in self.ground.draft.get("indicators", ())}
        nameless = []
        for sheet, row in self._filled(SCHEME):
            found = self._indicator(sheet, row)
            item = found.get("item", "")
            if not item:
                if "item" in row.cells and clean(as_text(row.cells["item"])):
                    continue  # what is wrong with it was told
                nameless.append((row, found))
                item = self._next_code()
                found = {"item": item, **found}
                self._tell(SCHEME, row, "item", "book-item-numbered", found=item)
            if item in self.rows:
                facts = {"found": shortened(item), "first": self.rows[item]}
                self._tell(SCHEME, row, "item", "book-item-twice", **facts)
                continue
            gone = {each.field for each in COLUMNS[SCHEME]} - {each.field for each in sheet.columns}
            kept = {name: text for name, text in draft.get(item, {}).items() if name in gone}
            self.rows[item] = row.number
            self.indicators[item] = {**kept, **found}

    def _indicator(self, sheet: BookSheet, row: BookRow) -> Tree:
        columns = {each.field: each for each in sheet.columns}
        rule = self._read(sheet, row, columns["rule"]) if "rule" in columns else ""
        found: Tree = {}
        for name, each in columns.items():
            if name == "unit":
                text = self._unit(sheet, row)
            elif name == "rule":
                text = rule
            else:
                text = self._read(sheet, row, each, rule)
            if text and not (name == "component" and text == "individual"):
                found[name] = text
        if "item" in found and not is_fit(found["item"]):
            self._tell(SCHEME, row, "item", "book-item-code", found=shortened(found.pop("item")))
        elif "name" in columns and not row.cells.get("name"):
            self._tell(SCHEME, row, "name", "book-item-nameless")
        return found

    def _next_code(self) -> str:
        """A code that is free, counted on from the last one."""
        taken = {*self.rows}
        taken |= {each["item"] for each in self.ground.draft.get("indicators", ())}
        sheet = self.book.sheets[SCHEME]
        taken |= {clean(as_text(row.cells.get("item", ""))) for row in sheet.rows}
        last = next(
            (found for each in reversed(list(self.rows)) if (found := _NUMBERED.match(each))), None
        )
        head, number = (last.group(1), last.group(2)) if last else ("G", "00")
        count = int(number)
        while True:
            count += 1
            code = f"{head}{count:0{len(number)}d}"
            if code not in taken:
                return code

    def _unit(self, sheet: BookSheet, row: BookRow) -> str:
        """The unit that a cell names, by its code or its name."""
        text = clean(as_text(row.cells.get("unit", "")))
        if not text or text in self.ground.units:
            return text
        code = self.ground.names.get(fold(text), "") or fold(text).upper()
        if code in self.ground.units:
            return code
        self._tell(sheet.name, row, "unit", "book-unit-unknown", found=shortened(text))
        return ""

    # 单位, 单位目标, 节点

    def _sheet(self, unit: str) -> Tree:
        return self.sheets.setdefault(unit, {"values": {}, "not_applicable": {}, "nodes": {}})

    def _read_units(self) -> None:
        if UNITS not in self.book.sheets:
            self.book.note("book-sheet-gone", sheet=UNITS)
            for unit in self.ground.draft.get("sheets", {}):
                self._sheet(unit)
        seen: dict[str, int] = {}
        for sheet, row in self._filled(UNITS):
            unit = self._unit(sheet, row)
            if unit in seen:
                self._tell(UNITS, row, "unit", "book-row-twice", first=seen[unit])
            elif unit:
                seen[unit] = row.number
                self._sheet(unit)

    def _row_of(self, sheet: BookSheet, row: BookRow) -> tuple[str, str] | None:
        """The unit and the item of a row; None where one of them is not right."""
        unit = self._unit(sheet, row)
        if not unit and not clean(as_text(row.cells.get("unit", ""))):
            self._tell(sheet.name, row, "unit", "book-unit-needed")
        item = clean(as_text(row.cells.get("item", "")))
        if not item:
            self._tell(sheet.name, row, "item", "book-item-needed")
        elif item not in self.indicators:
            self._tell(sheet.name, row, "item", "book-item-unknown", found=shortened(item))
        elif unit and self.indicators[item].get("unit", unit) != unit:
            self._tell(sheet.name, row, "item", "book-unit-not-addressed", item=item)
        elif unit and unit not in self.sheets:
            self._tell(sheet.name, row, "unit", "book-unit-left-out", sheet=UNITS)
        elif unit:
            return unit, item
        return None

    def _read_values(self) -> None:
        if SHEETS not in self.book.sheets:
            self._keep(SHEETS, "values", "not_applicable")
        seen: dict[tuple[str, str], int] = {}
        for sheet, row in self._filled(SHEETS):
            said = {
                each.field: text
                for each in sheet.columns
                if each.kind not in ("shown", "unit") and each.field != "item"
                for text in (self._read(sheet, row, each),)
                if text
            }
            if not said:
                continue
            place = self._row_of(sheet, row)
            if place is None:
                continue
            if place in seen:
                self._tell(SHEETS, row, "item", "book-row-twice", first=seen[place])
                continue
            seen[place] = row.number
            self._take_values(*place, said, sheet)

    def _take_values(self, unit: str, item: str, said: Tree, sheet: BookSheet) -> None:
        draft = self.ground.draft.get("sheets", {}).get(unit, {})
        there = {each.field for each in sheet.columns}
        kept = {
            name: text
            for name, text in draft.get("values", {}).get(item, {}).items()
            if name not in there
        }
        values = {name: said[name] for name in (*OWN_VALUES, "reason") if name in said}
        if kept or values:
            self.sheets[unit]["values"][item] = {**kept, **values}
        waived = said.get("not_applicable", "")
        if "not_applicable" not in there:
            waived = draft.get("not_applicable", {}).get(item, "")
        if waived:
            self.sheets[unit]["not_applicable"][item] = waived

    def _read_nodes(self) -> None:
        if NODES not in self.book.sheets:
            self._keep(NODES, "nodes")
        seen: dict[tuple[str, str, str], int] = {}
        for sheet, row in self._filled(NODES):
            place = self._row_of(sheet, row)
            columns = [
                each for each in sheet.columns if each.field in ("milestone", "share", "due_on")
            ]
            node = {each.field: self._read(sheet, row, each) for each in columns}
            if place is None:
                continue
            if len(node) < 3 or not all(node.values()):
                if not self._was_told(row):
                    self._tell(NODES, row, "milestone", "book-milestone-needed")
                continue
            key = (*place, node["milestone"])
            if key in seen:
                self._tell(NODES, row, "milestone", "book-row-twice", first=seen[key])
                continue
            seen[key] = row.number
            self.sheets[place[0]]["nodes"].setdefault(place[1], []).append(node)

    def _was_told(self, row: BookRow) -> bool:
        return any(each.table == NODES and each.row == row.number for each in self.book.problems)

    def _keep(self, name: str, *parts: str) -> None:
        """What a sheet that is gone would have said stays as in the draft."""
        self.book.note("book-sheet-gone", sheet=name)
        for unit, sheet in self.ground.draft.get("sheets", {}).items():
            for part in parts:
                for item, said in sheet[part].items():
                    if unit in self.sheets and item in self.indicators:
                        self.sheets[unit][part][item] = said

    # the rest

    def _preface(self) -> str:
        sheet = self.book.sheets.get(PREFACE)
        if sheet is None:
            self.book.note("book-sheet-gone", sheet=PREFACE)
            return str(self.ground.draft.get("preface", ""))
        return clean_long("\n".join(as_text(row.cells.get("preface", "")) for row in sheet.rows))

    def _note_rows_gone(self) -> None:
        base = self.book.base or self.ground.draft
        items = [
            each["item"] for each in base.get("indicators", ()) if each["item"] not in self.rows
        ]
        if items:
            self.book.note("book-rows-gone", SCHEME, items="、".join(items[:12]))
        units = [
            self.ground.units.get(unit, unit)
            for unit in base.get("sheets", {})
            if unit not in self.sheets
        ]
        if units:
            self.book.note("book-rows-gone", UNITS, items="、".join(units[:12]))


def is_fit(item: str) -> bool:
    """Whether a text can be the code of an indicator."""
    try:
        return bool(fit_code(item))
    except ItemCodeUnfit:
        return False


def in_order(problems: list[Problem]) -> list[Problem]:
    """Problems as people mend them: mistakes first, then by sheet and row."""
    order = {name: place for place, name in enumerate(COLUMNS)}
    return sorted(
        problems,
        key=lambda each: (each.severity != "error", order.get(each.table, -1), each.row or 0),
    )
