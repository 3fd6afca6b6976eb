"""Last year's sheets in Word, read: of each unit its indicators, as far as they are certain."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.core.indicators import Element
from kaohe.core.problems import Problem
from kaohe.core.quantities import half_width, parse_ticks, show_plain
from kaohe.core.texts import clean, clean_long, fold, shortened
from kaohe.documents.plan_book_columns import CHOICES
from kaohe.documents.word_tables import UnfitWord, WordTable, word_tables
from kaohe.indicators.reading import problems as _declared  # noqa: F401  # declares
from kaohe.indicators.reading.cell_values import MOST_LINE, MOST_LONG, read_day
from kaohe.indicators.reading.rule_phrases import read_rule
from kaohe.indicators.reading.word_heads import Layout, layout_of, odd_heads
from kaohe.indicators.reading.word_units import UnitNames

Translate = Callable[[str], str]
Fields = dict[str, str]
_SUM = re.compile(r"(?:合计|总计|小计|总分|满分合计)")
_NUMBER = re.compile(
    r"(?P<sign>[≥≤>＞<＜=]|不低于|不少于|不高于|不超过|达到|控制在)?\s*"
    r"(?P<number>-?[0-9][0-9,，]*(?:\.[0-9]+)?)\s*(?P<measure>[^0-9≥≤<>，,。；;（(]{0,8}?)"
    r"(?:及以上|以上|以内|及以下|以下)?\Z"
)
_LONG = frozenset({"definition", "source", "evidence", "basis", "reason"})
_CODE = re.compile(r"[A-Za-z\u4e00-\u9fff][^\s/;:：；]*[0-9]+\Z|[0-9]+\Z")


@dataclass(slots=True)
class WordRow:
    """One indicator of one table: its fields as text, and what belongs to the unit alone."""

    unit: str  # empty: named before no table, for all units
    number: int  # of the table
    fields: Fields
    base: str = ""
    reason: str = ""
    not_applicable: str = ""
    nodes: list[Fields] = field(default_factory=list)


@dataclass(slots=True)
class WordFile:
    """A Word file: its indicators, which heads nobody has explained, and what is wrong."""

    rows: list[WordRow] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)  # as written → field, "" not needed
    unknown: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)  # named in the file, in their order
    problems: list[Problem] = field(default_factory=list)

    def note(
        self, code: str, table: int = 0, row: int | None = None, head: str = "", /, **facts: object
    ) -> None:
        """Add what is wrong; tables and rows are counted from 1."""
        name = str(table) if table else ""
        self.problems.append(Problem(code, name, row, head, facts))


@dataclass(slots=True)
class WordReader:
    """Reads the tables of one file, one after the other.

    ``units``: those that the department has; ``said``: what the department said of its heads.
    """

    units: UnitNames
    said: Mapping[str, str]
    translate: Translate
    file: WordFile = field(default_factory=WordFile)
    unit: str = ""  # named last
    doubt: list[str] = field(default_factory=list)  # units that were named together last
    odd: list[str] = field(default_factory=list)  # what may be heads of tables not understood
    common: int = 0

    def read(self, path: Path) -> WordFile:
        """All that a file says."""
        try:
            tables = word_tables(path)
        except UnfitWord:
            self.file.note("word-unreadable")
            return self.file
        for table in tables:
            self._read_table(table)
        if self.common:
            self.file.note("word-common-left", count=self.common)
        if not self.file.rows:
            self.file.note("word-no-table")
            self.file.unknown += [each for each in self.odd if each not in self.file.unknown]
        return self.file

    def _read_table(self, table: WordTable) -> None:
        layout = layout_of(table, self.said)
        before = [*table.lines, *(" ".join(dict.fromkeys(row)) for row in _above(table, layout))]
        named = self.units.in_lines(before)
        if len(named) == 1:
            self.unit, self.doubt = named[0], []
        elif named and layout is not None:
            self.unit, self.doubt = "", named
        if layout is None:
            if not _is_for_seals(table):
                self._read_nothing(table, told=len(named) == 1)
            return
        self._keep_heads(table, layout)
        if layout.has("milestone"):
            self._read_nodes(table, layout)
        elif layout.has("not_applicable") and not layout.has("points"):
            self._read_waived(table, layout)
        elif layout.has("name") and (layout.has("points") or layout.has("rule_text")):
            self._read_indicators(table, layout, before)
        else:
            self._read_details(table, layout)

    def _read_nothing(self, table: WordTable, told: bool) -> None:
        """A table that is not understood; one that names a unit needs no word."""
        self.odd += odd_heads(table)
        if table.rows and not told:
            first = next((cell for row in table.rows for cell in row if cell), "")
            self.file.note("word-table-not-read", table.number, found=shortened(first))

    def _keep_heads(self, table: WordTable, layout: Layout) -> None:
        for place, head in enumerate(layout.heads):
            if head and head not in layout.unknown:
                self.file.heads.setdefault(head, layout.fields.get(place, ""))
        for head in layout.unknown:
            if head not in self.file.unknown:
                self.file.unknown.append(head)
                facts = {"head": shortened(head)}
                self.file.note("word-column-unknown", table.number, layout.first + 1, "", **facts)

    # indicators

    def _read_indicators(self, table: WordTable, layout: Layout, before: list[str]) -> None:
        is_common = not layout.has("element") and (
            layout.has("aspect") or any("共性" in line for line in before[-2:])
        )
        if self.unit and self.unit not in self.file.units:
            self.file.units.append(self.unit)
        if self.doubt and not is_common:
            units = shortened("、".join(map(self.units.name_of, self.doubt)))
            self.file.note("word-unit-doubtful", table.number, units=units)
        elif not self.unit and not is_common:
            self.file.note("word-unit-open", table.number)
        element, last = "", ""
        for row in range(layout.body, len(table.rows)):
            cells = self._cells(table, layout, row)
            if table.is_one_cell(row):
                element = element_in(table.rows[row][0]) or element
                continue
            if _SUM.match(fold(cells.get("name", ""))) or _SUM.match(fold(table.rows[row][0])):
                found = shortened(clean(" ".join(dict.fromkeys(table.rows[row]))))
                self.file.note("word-merged-total", table.number, row + 1, found=found)
                continue
            if not cells.get("name"):
                continue
            if is_common:
                self.common += 1
                continue
            cells.setdefault("element", element)
            if cells["name"] == last and _is_joined_below(table, layout, row):
                continue  # the same merged row once more
            last = cells["name"]
            self.file.rows.append(self._indicator(table.number, row + 1, cells))

    def _cells(self, table: WordTable, layout: Layout, row: int) -> Fields:
        return {
            name: text
            for place, name in layout.fields.items()
            for text in (clean_long(table.rows[row][place]),)
            if text and text != "—"
        }

    def _indicator(self, number: int, line: int, cells: Fields) -> WordRow:
        fields: Fields = {"name": clean(cells["name"])[:MOST_LINE]}
        item = clean(cells.get("item", ""))
        if _CODE.match(item):
            fields["item"] = item
        if cells.get("element"):
            fields["element"] = element_in(cells["element"]) or clean(cells["element"])
        points = _number(cells.get("points", ""))
        if points:
            fields["points"] = points[0]
        self._target(fields, cells)
        self._rule(fields, cells, number, line)
        self._texts(fields, cells)
        made = WordRow(self.unit, number, fields)
        base = _number(cells.get("base", ""))
        told = fields.pop("base", "")  # by the sentence of the rule
        made.base = base[0] if base else told
        made.reason = cells.get("reason", "")
        made.not_applicable = cells.get("not_applicable", "")
        return made

    def _target(self, fields: Fields, cells: Fields) -> None:
        """The target as a number with its unit of measure; what is no number becomes a text."""
        text = cells.get("target", "")
        if not text:
            return
        found = _number(text)
        if found is None:
            _append(fields, f"目标：{text}")
            return
        fields["target"] = found[0]
        if found[1] and "measure" not in cells:
            fields["measure"] = found[1]

    def _rule(self, fields: Fields, cells: Fields, number: int, line: int) -> None:
        text = cells.get("rule_text", "")
        if not text:
            return
        target = fields.get("target", "")
        found = read_rule(text, fields.get("points", ""), target, self.translate)
        if found is None:
            self.file.note("word-rule-open", number, line, "", found=shortened(text))
            _append(fields, f"计分办法：{text}")
            return
        fields.update(found.fields)
        if found.is_ours:
            return
        _append(fields, f"原计分办法：{text}")
        if found.fields["rule"] == "interval" and found.fields.get("full_at") == target:
            fields.pop("target")

    def _texts(self, fields: Fields, cells: Fields) -> None:
        for name in ("measure", "person", "aspect", *sorted(_LONG - {"reason"})):
            text = cells.get(name, "")
            if name in _LONG and text:
                kept = fields.get(name, "")
                fields[name] = "\n".join(filter(None, (text, kept)))[:MOST_LONG]
            elif text:
                fields[name] = clean(text)[:MOST_LINE]
        for name in ("period", "visibility", "judge", "tag"):
            found = code_of(name, cells.get(name, ""))
            if found:
                fields[name] = found

    # what further tables say of indicators that stand above them

    def _rows_of(self, table: WordTable, layout: Layout) -> Iterator[tuple[int, Fields, WordRow]]:
        """The rows of a further table with the indicator of the same unit that each is about."""
        mine = [row for row in self.file.rows if row.unit == self.unit]
        by_code = {row.fields["item"]: row for row in mine if "item" in row.fields}
        by_name = {fold(row.fields["name"]): row for row in mine}
        for line in range(layout.body, len(table.rows)):
            cells = self._cells(table, layout, line)
            item, name = clean(cells.get("item", "")), fold(cells.get("name", ""))
            found = by_code.get(item) or by_name.get(name)
            if found is not None:
                yield line + 1, cells, found

    def _read_details(self, table: WordTable, layout: Layout) -> None:
        count = 0
        for _line, cells, row in self._rows_of(table, layout):
            count += 1
            self._texts(row.fields, cells)
            row.reason = cells.get("reason", row.reason)
        if not count:
            found = shortened(table.rows[layout.first][0])
            self.file.note("word-table-not-read", table.number, found=found)

    def _read_waived(self, table: WordTable, layout: Layout) -> None:
        for _line, cells, row in self._rows_of(table, layout):
            row.not_applicable = cells.get("not_applicable", "")

    def _read_nodes(self, table: WordTable, layout: Layout) -> None:
        for line, cells, row in self._rows_of(table, layout):
            share = _number(cells.get("share", ""))
            due_on = read_day(clean(cells.get("due_on", "")), _silent)
            milestone = clean(cells.get("milestone", ""))
            if not share or not due_on or not milestone:
                found = shortened(milestone)
                self.file.note("word-milestone-open", table.number, line, "", found=found)
                continue
            row.nodes.append({"milestone": milestone, "share": share[0], "due_on": due_on})


def _silent(_code: str, **_facts: object) -> None:
    return


def _above(table: WordTable, layout: Layout | None) -> list[list[str]]:
    """The rows above the heads of a table; the first ones where it has no heads."""
    return table.rows[: layout.first if layout else 3]


def _is_for_seals(table: WordTable) -> bool:
    """Whether a table is one of boxes for opinions, signatures and seals."""
    return any(re.search("盖章|签字|签名", cell) for row in table.rows for cell in row)


def _is_joined_below(table: WordTable, layout: Layout, row: int) -> bool:
    """Whether a row says just what the one above it says: a cell merged over both."""
    read = list(layout.fields)
    return [table.rows[row][place] for place in read] == [
        table.rows[row - 1][place] for place in read
    ]


def _append(fields: Fields, text: str) -> None:
    kept = fields.get("definition", "")
    fields["definition"] = "\n".join(filter(None, (kept, text)))[:MOST_LONG]


def element_in(text: str) -> str:
    """The element that a text names, whatever stands around it.

    >>> str(element_in("一、主体业务开展（50分）"))
    '主体业务开展'
    """
    folded = fold(text)
    for each in Element:
        if fold(each) in folded or fold(each)[:4] in folded:
            return each.value
    return ""


def code_of(name: str, text: str) -> str:
    """The code of a choice that a text names; empty where it names none."""
    folded = fold(text)
    for code, word in CHOICES[name].items():
        if folded and folded in (fold(code), fold(word), fold(word).removeprefix("每")):
            return code
    return ""


def _number(text: str) -> tuple[str, str] | None:
    """The number in a cell, and what it is counted in: 「≥95%」, 「15分」, 「1,200 人」."""
    found = _NUMBER.match(half_width(clean(text)).replace("％", "%"))
    ticks = parse_ticks(re.sub("[,，]", "", found["number"])) if found else None
    if found is None or ticks is None:
        return None
    measure = clean(found["measure"])
    return show_plain(ticks), "" if measure == "分" else measure


def book_of(rows: list[WordRow]) -> dict[str, list[WordRow]]:
    """The rows of each unit, in the order of the file; empty: those for all units."""
    found: dict[str, list[WordRow]] = {}
    for row in rows:
        found.setdefault(row.unit, []).append(row)
    return found
