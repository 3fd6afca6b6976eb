"""A scheme with some of its settings changed, read again as strictly as its file."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from difflib import get_close_matches
from typing import Any

from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import show_ticks
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_canonical import scheme_tree
from kaohe.core.scheme_reader import Decimal
from kaohe.core.scheme_text import read_scheme_tree
from kaohe.core.tables import COMPONENTS
from kaohe.inquiry.whatif.wishes import SCHEME, Wish

declare(
    "error",
    {
        "setting-unknown": (
            "“{change}” names a setting that is not there",
            "give the dotted key of a setting; near ones: {near}",
        ),
        "questions-changed": (
            "a change of the questions of the survey cannot be tried",
            "the answers are read by the questions of scheme.toml: change it there",
        ),
    },
)

_SEGMENT = re.compile(r'\s*(?:"([^"]*)"|([^."]+))\s*(?:\.|$)')
_NAMED = ("code", "name")  # by which the entries of a list are known


def changed_scheme(
    text: str, scheme: Scheme, wishes: Iterable[Wish]
) -> tuple[Scheme | None, list[Problem]]:
    """The scheme with the settings that were asked for, or all that is wrong with them.

    Args:
        text: the TOML text of ``scheme``; it is sound.

    Source: docs/rules/scheme.md, SC-2, SC-3.
    """
    mine = [wish for wish in wishes if wish.what == SCHEME]
    if not mine:
        return scheme, []
    tree: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    problems = [problem for wish in mine if (problem := _set(tree, scheme, wish))]
    if problems:
        return None, problems
    found, problems = read_scheme_tree(tree)
    if found is not None and found.survey.questions != scheme.survey.questions:
        return None, [Problem("questions-changed", SCHEME + ".toml", column="survey.dimensions")]
    return found, problems


def segments(key: str) -> list[str]:
    """The parts of a dotted key; a part with points in it stands in double quotes.

    >>> segments('weights_by_group."a.b".common'), segments("grading.a_share")
    (['weights_by_group', 'a.b', 'common'], ['grading', 'a_share'])
    """
    found, place = [], 0
    while place < len(key):
        match = _SEGMENT.match(key, place)
        if match is None:
            return []
        found.append(match.group(1) if match.group(1) is not None else match.group(2).strip())
        place = match.end()
    return found


def setting(text: str) -> Any:
    """A value as TOML has it; a bare word is text.

    >>> setting("25"), setting("all_in"), setting('["Ⅲ"]')
    (25, 'all_in', ['Ⅲ'])
    """
    try:
        found = tomllib.loads(f"value = {text}", parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        return text
    return found["value"] if list(found) == ["value"] else text


def _set(tree: dict[str, Any], scheme: Scheme, wish: Wish) -> Problem | None:
    path = segments(wish.which)
    _write_out_defaults(tree, scheme, path)
    where: Any = tree
    for part in path[:-1]:
        where = _step(where, part)
        if where is None:
            break
    if not path or not isinstance(where, dict):
        near = ", ".join(near_settings(scheme, wish.which)) or "—"
        return Problem("setting-unknown", "--set", facts={"change": wish.text, "near": near})
    if wish.value == "":
        where.pop(path[-1], None)
    else:
        where[path[-1]] = setting(str(wish.value))
    return None


def _step(where: Any, part: str) -> Any:
    if isinstance(where, dict):
        return where.setdefault(part, {})
    if isinstance(where, list):
        for entry in where:
            if isinstance(entry, Mapping) and part in [entry.get(name) for name in _NAMED]:
                return entry
        if part.isascii() and part.isdigit() and 1 <= int(part) <= len(where):
            return where[int(part) - 1]
    return None


def _write_out_defaults(tree: dict[str, Any], scheme: Scheme, path: list[str]) -> None:
    """Where one entry of a table or list is to change, the others keep their values.

    A list or an inline table that is given replaces the default whole, so it is written out first.
    """
    known = _defaults(scheme)
    for depth in range(2, len(path)):
        where = tree.setdefault(path[0], {})
        place = tuple(path[:depth])
        if place in known and isinstance(where, dict) and path[1] not in where:
            where[path[1]] = deepcopy(known[place])
    if path[:1] == ["weights_by_group"] and len(path) == 3:
        groups = tree.setdefault("weights_by_group", {})
        weights = {name: Decimal(show_ticks(scheme.weights[name])) for name in COMPONENTS}
        groups.setdefault(path[1], weights)


def _defaults(scheme: Scheme) -> dict[tuple[str, ...], Any]:
    grading, linkages = scheme.grading, scheme.linkages
    numbers = ("share", "threshold", "value")
    return {
        ("grading", "a_component_minimum"): {
            name: Decimal(show_ticks(ticks)) for name, ticks in grading.a_component_minimum.items()
        },
        ("grading", "seats_at_least"): {
            "seats": grading.seats_at_least.seats,
            "from_group_size": grading.seats_at_least.from_group_size,
        },
        ("linkages", "fixed_share"): {
            grade: Decimal(show_ticks(share)) for grade, share in linkages.fixed_share.items()
        },
        ("tier_policy", "tiers"): [
            {
                "name": tier.name,
                **{
                    name: Decimal(show_ticks(ticks))
                    for name in numbers
                    if (ticks := getattr(tier, name)) is not None
                },
            }
            for tier in scheme.tier_policy.tiers
        ],
    }


def near_settings(scheme: Scheme, key: str) -> list[str]:
    """The dotted keys of the scheme that are most like ``key``."""
    return get_close_matches(key, list(_keys(scheme_tree(scheme), "")), 4, 0.4)


def _keys(tree: object, path: str) -> Iterable[str]:
    if isinstance(tree, Mapping):
        for name, below in tree.items():
            yield from _keys(below, f"{path}.{name}" if path else str(name))
    elif isinstance(tree, list) and tree and isinstance(tree[0], Mapping):
        for entry in tree:
            yield from _keys(entry, f"{path}.{entry.get('code') or entry.get('name')}")
    else:
        yield path
