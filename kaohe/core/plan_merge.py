"""Two people's changes to one plan, put together (三方合并), cell by cell.

Each cell is held against what both began with.  A workbook that was filled in while the draft went
on is such a case.  Cells have the paths of ``core.plan_differences``; a cell that both changed, and
not alike, is a conflict.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kaohe.core.indicator_trees import OWN_VALUES
from kaohe.core.plan_differences import flat_plan

Tree = dict[str, Any]


class Merged(NamedTuple):
    """The plan with both changes; in its conflicts, by path, ``ours`` holds."""

    tree: Tree
    conflicts: list[str]


def merged_plan(base: Mapping[str, Any], theirs: Mapping[str, Any], ours: Tree) -> Merged:
    """Our changes to ``base`` carried into what others have made of it meanwhile.

    An indicator, or what a sheet says of one, in which a cell is in conflict, is ours as a whole.

    Source: docs/rules/plan_books.md, PB-4.
    """
    was, now, mine = _cells(base), _cells(theirs), _cells(ours)
    conflicts, found = [], {}
    for path in dict.fromkeys([*mine, *now, *was]):
        old, other, own = was.get(path, ""), now.get(path, ""), mine.get(path, "")
        if own not in (old, other) and other != old:
            conflicts.append(path)
        found[path] = other if own == old else own
    kept = {_owner(path) for path in conflicts}
    for path in found:
        if _owner(path) in kept:
            found[path] = mine.get(path, "")
    items = _order(base, theirs, ours)
    return Merged(
        tree_of_cells({path: text for path, text in found.items() if text}, items), conflicts
    )


def _cells(tree: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a plan without the places of indicators, which move when one is put in."""
    return {path: text for path, text in flat_plan(tree).items() if not path.endswith("/place")}


def _owner(path: str) -> str:
    """The indicator, or the row of a sheet, that a cell belongs to."""
    root, _, rest = path.partition("/")
    if root == "sheets":
        unit, _, cell = rest.partition("/")
        return f"sheets/{unit}/{_item_of(cell)}"
    return f"{root}/{rest.rpartition('/')[0]}"


def _item_of(cell: str) -> str:
    item, found, _ = cell.partition("/nodes/")
    return item if found else cell.rpartition("/")[0]


def _order(base: Mapping[str, Any], theirs: Mapping[str, Any], ours: Tree) -> list[str]:
    """The items in our order if we changed it, else in theirs; those of one side alone behind."""
    was, now, mine = (_items(each) for each in (base, theirs, ours))
    shared = [item for item in mine if item in was]
    moved = shared != [item for item in was if item in mine]
    first, second = (mine, now) if moved else (now, mine)
    return [*first, *(item for item in second if item not in first)]


def _items(tree: Mapping[str, Any]) -> list[str]:
    return [each["item"] for each in tree.get("indicators", ())]


def tree_of_cells(cells: Mapping[str, str], items: Iterable[str]) -> Tree:
    """A plan from its cells.

    Args:
        items: the codes of its indicators in their order; those without a cell are left out.
    """
    indicators: dict[str, Tree] = {item: {"item": item} for item in items}
    sheets: dict[str, Tree] = {}
    tree: Tree = {"preface": cells.get("preface", ""), "indicators": [], "sheets": sheets}
    for path, text in cells.items():
        root, _, rest = path.partition("/")
        if root == "indicators":
            item, _, name = rest.rpartition("/")
            indicators[item][name] = text
        elif root == "sheets":
            unit, _, cell = rest.partition("/")
            sheet = sheets.setdefault(unit, {"values": {}, "not_applicable": {}, "nodes": {}})
            _put(sheet, cell, text)
    tree["indicators"] = [each for each in indicators.values() if len(each) > 1]
    return tree


def _put(sheet: Tree, cell: str, text: str) -> None:
    item, is_node, milestone = cell.partition("/nodes/")
    if is_node:
        share, _, due_on = text.partition("% ")
        node = {"milestone": milestone, "share": share, "due_on": due_on}
        sheet["nodes"].setdefault(item, []).append(node)
        return
    item, _, name = cell.rpartition("/")
    if name == "not_applicable":
        sheet["not_applicable"][item] = text
    elif name in (*OWN_VALUES, "reason"):
        sheet["values"].setdefault(item, {})[name] = text
