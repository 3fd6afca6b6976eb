"""What differs between two versions of a part, cell by cell (逐格对照).

A tree is laid flat: the path of each cell and its text.  Paths are those of marks and problems:
"indicators/ITEM/FIELD", "sheets/UNIT/ITEM/FIELD", "settings/TABLE/KEY", "preface".
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kaohe.core.indicator_trees import FIELDS


class CellChange(NamedTuple):
    """A cell that differs; ``kind``: "added", "removed" or "changed"."""

    path: str
    old: str
    new: str

    @property
    def kind(self) -> str:
        if not self.old:
            return "added"
        return "changed" if self.new else "removed"


def flat_plan(tree: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a plan's tree, in the order in which people read them; empty ones left out."""
    return dict(_plan_cells(tree))


def _plan_cells(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if tree.get("preface"):
        yield "preface", tree["preface"]
    for place, each in enumerate(tree.get("indicators", ()), 1):
        yield f"indicators/{each['item']}/place", str(place)
        for name in FIELDS:
            if name != "item" and name in each:
                yield f"indicators/{each['item']}/{name}", each[name]
    for unit, sheet in tree.get("sheets", {}).items():
        yield f"sheets/{unit}", unit
        yield from flat_sheet(sheet, f"sheets/{unit}").items()


def flat_sheet(sheet: Mapping[str, Any], root: str) -> dict[str, str]:
    """The cells that a sheet adds, below ``root``."""
    found = {}
    for item, values in sheet.get("values", {}).items():
        for name, text in values.items():
            found[f"{root}/{item}/{name}"] = text
    for item, reason in sheet.get("not_applicable", {}).items():
        found[f"{root}/{item}/not_applicable"] = reason
    for item, nodes in sheet.get("nodes", {}).items():
        for node in nodes:
            path = f"{root}/{item}/nodes/{node['milestone']}"
            found[path] = f"{node['share']}% {node['due_on']}"
    return found


def flat_settings(tree: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a scheme's tree (``core.scheme_canonical.scheme_tree``)."""
    return dict(_leaves(tree, "settings"))


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, f"{path}/{key}")
    elif isinstance(value, list):
        for place, each in enumerate(value, 1):
            name = each.get("code") or each.get("name") if isinstance(each, Mapping) else None
            yield from _leaves(each, f"{path}/{name or place}")
    else:
        yield path, str(value)


def cell_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[CellChange]:
    """What differs between two flat trees: in the order of the new one, what is gone at the end.

    Source: docs/rules/indicators.md, P-6.
    """
    found = [
        CellChange(path, old.get(path, ""), text)
        for path, text in new.items()
        if old.get(path, "") != text
    ]
    return found + [CellChange(path, text, "") for path, text in old.items() if path not in new]
