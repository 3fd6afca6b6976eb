"""What Word files say of units, put into the draft of a scheme.

Indicators that all units of the file share become one for all, with each unit's own values; what
the draft has for units that the file does not name stays.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kaohe.core.indicator_trees import plan_of, tree_of
from kaohe.core.plan_edits import OWN_USED, next_code
from kaohe.core.texts import fold
from kaohe.indicators.reading.word_sheets import WordFile, WordRow, book_of

Tree = dict[str, Any]
Fields = dict[str, str]
_ENDS = ("target", "zero_at", "full_at")


def plan_from_word(file: WordFile, draft: Mapping[str, Any]) -> Tree:
    """The draft with what a file says of its units.

    Source: docs/rules/plan_books.md, PB-6.
    """
    return _Assembly(file, draft).tree()


def _key(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What makes two indicators the same: all but their codes and a unit's own values."""
    rule = fields.get("rule", "")
    own = OWN_USED.get(rule, ()) if rule else _ENDS
    apart = {"item", "unit", *own}
    return tuple(
        sorted((name, fold(text)) for name, text in fields.items() if text and name not in apart)
    )


class _Assembly:
    """The indicators and sheets of the new draft, as they come together."""

    def __init__(self, file: WordFile, draft: Mapping[str, Any]) -> None:
        self.file = file
        self.by_unit = book_of(file.rows)
        self.named = [unit for unit in self.by_unit if unit]
        self.old = {each["item"]: dict(each) for each in draft.get("indicators", ())}
        self.sheets: Tree = {unit: _copy(sheet) for unit, sheet in draft.get("sheets", {}).items()}
        self.preface = draft.get("preface", "")
        self.indicators: list[Fields] = [
            each for each in self.old.values() if each.get("unit", "") not in self.named
        ]
        self.used: set[str] = set()  # codes of indicators for all that the file has as well
        self.taken = {each["item"] for each in self.indicators}

    def tree(self) -> Tree:
        """The new draft."""
        if "" in self.by_unit:
            self._replace_shared()
        for unit in self.named:
            self.sheets[unit] = {"values": {}, "not_applicable": {}, "nodes": {}}
        rest = self._match_known()
        rest = self._share(rest)
        for unit, row in rest:
            self._add(row, unit, {**row.fields, "unit": unit})
        self._drop_unused()
        known = {each["item"] for each in self.indicators}
        for sheet in self.sheets.values():
            for part in sheet.values():
                for item in [item for item in part if item not in known]:
                    del part[item]
        tree = {
            "preface": self.preface,
            "indicators": self.indicators,
            "sheets": dict(sorted(self.sheets.items())),
        }
        return tree_of(plan_of(tree))

    def _replace_shared(self) -> None:
        """Tables without a unit: they are the indicators for all."""
        self.indicators = [each for each in self.indicators if each.get("unit")]
        self.taken = {each["item"] for each in self.indicators}
        for row in self.by_unit.pop(""):
            item = self._code(row.fields)
            self.indicators.append({**row.fields, "item": item})
            self.used.add(item)

    def _match_known(self) -> list[tuple[str, WordRow]]:
        """Rows of units that are an indicator for all of the draft: only their values differ."""
        shared = [each for each in self.indicators if not each.get("unit")]
        by_key = {_key(each): each for each in shared}
        rest = []
        for unit in self.named:
            for row in self.by_unit[unit]:
                found = by_key.get(_key(row.fields))
                if found is None or not _has_all(row.fields, found) or self._is_said(unit, found):
                    rest.append((unit, row))
                    continue
                self.used.add(found["item"])
                self._say(unit, row, found)
        return rest

    def _is_said(self, unit: str, shared: Mapping[str, str]) -> bool:
        """Whether the sheet of a unit speaks of an indicator already."""
        return any(shared["item"] in part for part in self.sheets[unit].values())

    def _share(self, rest: list[tuple[str, WordRow]]) -> list[tuple[str, WordRow]]:
        """Indicators that stand on the sheet of every unit of the file become one for all."""
        groups: dict[tuple[tuple[str, str], ...], list[tuple[str, WordRow]]] = {}
        for unit, row in rest:
            groups.setdefault(_key(row.fields), []).append((unit, row))
        alone = []
        for members in groups.values():
            units = [unit for unit, _ in members]
            if len(self.named) < 2 or sorted(units) != sorted(self.named):
                alone += members
                continue
            fields = {
                name: text for name, text in members[0][1].fields.items() if name not in _ENDS
            }
            shared = {**fields, **_usual([row for _, row in members])}
            shared["item"] = self._code(shared)
            self.indicators.append(shared)
            self.used.add(shared["item"])
            for unit, row in members:
                self._say(unit, row, shared)
        order = {id(row): place for place, (_, row) in enumerate(rest)}
        return sorted(alone, key=lambda each: order[id(each[1])])

    def _add(self, row: WordRow, unit: str, fields: Fields) -> None:
        made = {**fields, "item": self._code(fields)}
        self.indicators.append(made)
        self._say(unit, row, made)

    def _code(self, fields: Mapping[str, str]) -> str:
        """The code that the file gives, if it is free; else the next one."""
        given = fields.get("item", "")
        code = given if given and given not in self.taken else next_code("G", self.taken)
        self.taken.add(code)
        return code

    def _say(self, unit: str, row: WordRow, shared: Mapping[str, str]) -> None:
        """What a row says of the unit alone: values that differ, base, exception, milestones."""
        item, sheet = shared["item"], self.sheets[unit]
        own = {
            name: row.fields[name]
            for name in _ENDS
            if name in row.fields and row.fields[name] != shared.get(name)
        }
        if row.base:
            own["base"] = row.base
        if row.reason:
            own["reason"] = row.reason
        if own:
            sheet["values"][item] = own
        if row.not_applicable:
            sheet["not_applicable"][item] = row.not_applicable
        if row.nodes:
            sheet["nodes"][item] = row.nodes

    def _drop_unused(self) -> None:
        """Where the file names all units, an indicator for all that it has nowhere is gone."""
        if set(self.sheets) <= set(self.named):
            self.indicators = [
                each for each in self.indicators if each.get("unit") or each["item"] in self.used
            ]


def _has_all(fields: Mapping[str, str], shared: Mapping[str, str]) -> bool:
    """Whether a row has each value that it would otherwise take from the indicator for all."""
    return all(name in fields for name in _ENDS if name in shared)


def _usual(rows: Sequence[WordRow]) -> Fields:
    """The values that most units have; each of the others keeps its own."""
    found = {}
    for name in _ENDS:
        counted = Counter(row.fields[name] for row in rows if name in row.fields)
        if counted.total() == len(rows):  # else it would hold for those that have none
            found[name] = counted.most_common(1)[0][0]
    return found


def _copy(sheet: Mapping[str, Mapping[str, Any]]) -> Tree:
    return {part: dict(said) for part, said in sheet.items()}
