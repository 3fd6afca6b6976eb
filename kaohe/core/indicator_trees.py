"""Plans as trees of text, which is how they are kept, compared and digested.

Decimals are text as people write them, days are ISO dates, lists are written as in cells.  What is
empty is left out, so that one plan has one tree; ``digest`` is taken of its canonical form.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from hashlib import sha256
from typing import Any

from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.item_lists import ListReader, show_kinds, show_steps
from kaohe.core.quantities import parse_ticks, show_plain

Tree = dict[str, Any]
DECIMALS = ("points", "zero_at", "full_at", "target", "minimum", "late_per_day")
OWN_VALUES = ("zero_at", "full_at", "target", "base")
FIELDS = tuple(each.name for each in fields(Indicator))


def tree_of(plan: Plan) -> Tree:
    """A plan as a tree."""
    return {
        "preface": plan.preface,
        "indicators": [indicator_tree(each) for each in plan.indicators],
        "sheets": {unit: sheet_tree(sheet) for unit, sheet in sorted(plan.sheets.items())},
    }


def plan_of(tree: Mapping[str, Any]) -> Plan:
    """A plan from its tree."""
    return Plan(
        tree.get("preface", ""),
        tuple(indicator_from(each) for each in tree.get("indicators", ())),
        {unit: sheet_from(each) for unit, each in tree.get("sheets", {}).items()},
    )


def indicator_tree(indicator: Indicator) -> Tree:
    """An indicator as a tree."""
    return {
        name: text
        for name in FIELDS
        for text in (_text(name, getattr(indicator, name)),)
        if text != "" and not (name == "component" and text == "individual")
    }


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in DECIMALS:
        return show_plain(value)
    if name == "steps":
        return show_steps(value)
    if name == "kinds":
        return show_kinds(value)
    if name == "trim":
        return "true" if value else "false"
    return str(value)


def indicator_from(tree: Mapping[str, str]) -> Indicator:
    """An indicator from its tree."""
    given: dict[str, Any] = dict(tree)
    for name in DECIMALS:
        if name in given:
            given[name] = parse_ticks(given[name])
    if "steps" in given:
        given["steps"] = tuple(ListReader(_none, given["steps"]).steps(_ANY_ORDER))
    if "kinds" in given:
        given["kinds"] = tuple(ListReader(_none, given["kinds"]).kinds())
    if "trim" in given:
        given["trim"] = given["trim"] == "true"
    return Indicator(**given)


_ANY_ORDER = ""  # no rule: a draft may be wrong in this, and the check-up says so


def _none(code: str, **facts: object) -> None:
    raise ValueError(f"a kept list is unsound: {code}")


def sheet_tree(sheet: SheetPlan) -> Tree:
    """What a sheet adds, as a tree."""
    return {
        "values": {item: _values_tree(each) for item, each in sorted(sheet.values.items())},
        "not_applicable": dict(sorted(sheet.not_applicable.items())),
        "nodes": {
            item: [
                {
                    "milestone": node.milestone,
                    "share": show_plain(node.share),
                    "due_on": node.due_on.isoformat(),
                }
                for node in nodes
            ]
            for item, nodes in sorted(sheet.nodes.items())
        },
    }


def _values_tree(values: Values) -> Tree:
    tree = {
        name: show_plain(ticks)
        for name in OWN_VALUES
        for ticks in (getattr(values, name),)
        if ticks is not None
    }
    return tree | ({"reason": values.reason} if values.reason else {})


def sheet_from(tree: Mapping[str, Any]) -> SheetPlan:
    """What a sheet adds, from its tree."""
    return SheetPlan(
        {item: values_from(each) for item, each in tree.get("values", {}).items()},
        dict(tree.get("not_applicable", {})),
        {
            item: tuple(
                Node(each["milestone"], _ticks(each["share"]), date.fromisoformat(each["due_on"]))
                for each in nodes
            )
            for item, nodes in tree.get("nodes", {}).items()
        },
    )


def values_from(tree: Mapping[str, str]) -> Values:
    """A unit's own values from their tree."""
    numbers = {name: parse_ticks(tree[name]) for name in OWN_VALUES if name in tree}
    return Values(**numbers, reason=tree.get("reason", ""))


def _ticks(text: str) -> int:
    ticks = parse_ticks(text)
    if ticks is None:
        raise ValueError(f"a kept number is unsound: {text}")
    return ticks


def canonical_tree(tree: object) -> str:
    """The one form of a tree: keys sorted, no blanks (RFC 8785 for text, lists and objects)."""
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(tree: object) -> str:
    """SHA-256 of the canonical form, in hexadecimal.

    Source: docs/rules/indicators.md, P-5.
    """
    return sha256(canonical_tree(tree).encode()).hexdigest()
