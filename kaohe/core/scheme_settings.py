"""Every setting of a scheme, one after the other, read from a scheme and written into it.

A value is text as people write it; a list of texts; for a table a list of rows, each column →
text; for the weights by group group → component → text.  What is written is read again as strictly
as a ``scheme.toml``, so that a scheme which comes of it is sound.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from kaohe.core.checkup_limits import LIMIT_DEFAULTS, LIMIT_SETTINGS
from kaohe.core.problems import Problem
from kaohe.core.quantities import TICK, half_width, parse_ticks, show_plain
from kaohe.core.scheme import Channel, Dimension, Round, Scheme, Survey
from kaohe.core.scheme_fields import CUSTOMARY, Column, Kind, Setting
from kaohe.core.scheme_reader import Decimal
from kaohe.core.scheme_settings_grades import GRADE_SETTINGS
from kaohe.core.scheme_settings_scores import SCORE_SETTINGS
from kaohe.core.scheme_text import read_scheme_tree
from kaohe.core.scheme_toml import scheme_toml
from kaohe.core.texts import clean

Value = Any  # see the module
Tree = dict[str, Any]

SETTINGS: tuple[Setting, ...] = (*SCORE_SETTINGS, *GRADE_SETTINGS)
BY_KEY: Mapping[str, Setting] = {each.key: each for each in SETTINGS}
ALL_SETTINGS: tuple[Setting, ...] = (*SETTINGS, *LIMIT_SETTINGS)
ALL_BY_KEY: Mapping[str, Setting] = {each.key: each for each in ALL_SETTINGS}
"""Those of the engine's scheme, and the limits of the check-up beside it."""
DEFAULTS = Scheme(
    2000,
    "000000",
    {"common": 20 * TICK, "individual": 60 * TICK, "social": 20 * TICK},
    survey=Survey(
        dimensions=tuple(
            Dimension(code, 20 * TICK, (f"q{2 * place - 1}", f"q{2 * place}"))
            for place, code in enumerate(
                ("duty", "integrity", "efficiency", "effectiveness", "attitude"), 1
            )
        ),
        channels=(
            Channel("on_site", 40 * TICK, 30),
            Channel("telephone", 40 * TICK, 30),
            Channel("visit", 20 * TICK, 10),
        ),
        rounds=(Round("h1", 40 * TICK), Round("h2", 60 * TICK)),
    ),
)
"""What a first scheme begins with: every setting has its default, the weights are the usual."""

_MOST, _LONGEST = 200, 200  # entries of a list, characters of a text
_WHOLE = re.compile(r"-?[0-9]{1,12}")
_PARTS = re.compile(r"[^.\[\]]+")


def values_of(scheme: Scheme) -> dict[str, Value]:
    """The value of every setting of a scheme, by key.

    Source: docs/rules/settings.md, SE-1.
    """
    tree = _in_texts(tomllib.loads(scheme_toml(scheme), parse_float=str))
    return {setting.key: _value(tree, setting) for setting in SETTINGS}


def default_values() -> dict[str, Value]:
    """The default of every setting, those beside the engine's scheme too.

    Source: docs/rules/settings.md, SE-1.
    """
    return {**values_of(DEFAULTS), **LIMIT_DEFAULTS}


def _in_texts(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _in_texts(each) for key, each in tree.items()}
    if isinstance(tree, list):
        return [_in_texts(each) for each in tree]
    return str(tree)


def _value(tree: Tree, setting: Setting) -> Value:
    found: Any = tree
    for part in setting.key.split("."):
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    if found == {} and setting.kind is not Kind.GROUPS:
        return ""
    return found


def with_values(scheme: Scheme, given: Mapping[str, Value]) -> tuple[Scheme | None, list[Problem]]:
    """A scheme with some of its settings changed, or all that is wrong with them.

    Args:
        given: key of a setting → its new value; every key is one of ``BY_KEY``.

    Source: docs/rules/settings.md, SE-2.
    """
    tree: Tree = tomllib.loads(scheme_toml(scheme), parse_float=Decimal)
    for key, value in given.items():
        _put(tree, BY_KEY[key], value)
    return read_scheme_tree(tree)


def fits(setting: Setting, value: object) -> bool:
    """Whether a value has the shape that a setting takes; what stands in it is not looked at.

    Source: docs/rules/settings.md, SE-2.
    """
    if setting.kind is Kind.ROWS:
        return _is_list(value) and all(_is_row(row, setting.columns) for row in value)
    if setting.kind is Kind.GROUPS:
        rows = value.values() if isinstance(value, Mapping) else [None]
        return len(rows) <= _MOST and all(_is_row(row, setting.columns) for row in rows)
    if setting.kind in (Kind.LIST, Kind.NUMBERS):
        return _is_list(value) and all(map(_is_text, value))
    return _is_text(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list) and len(value) <= _MOST


def _is_row(row: object, columns: Sequence[Column]) -> bool:
    if not isinstance(row, Mapping):
        return False
    kinds = {column.name: column.kind for column in columns}
    return row.keys() <= kinds.keys() and all(
        _is_list(cell) and all(map(_is_text, cell)) if kinds[name] is Kind.LIST else _is_text(cell)
        for name, cell in row.items()
    )


def _put(tree: Tree, setting: Setting, value: Value) -> None:
    *above, last = setting.key.split(".")
    where = tree
    for part in above:
        where = where.setdefault(part, {})
    if setting.optional and not _bare(value):
        where.pop(last, None)
    else:
        where[last] = _written(setting, value)


def _written(setting: Setting, value: Value) -> Any:
    if setting.kind is Kind.ROWS:
        return [_row(setting.columns, row) for row in value]
    if setting.kind is Kind.GROUPS:
        rows = {clean(group): _row(setting.columns, row) for group, row in value.items()}
        return {group: row for group, row in rows.items() if row}
    return _cell(setting.kind, value)


def _row(columns: Sequence[Column], row: Mapping[str, Value]) -> Tree:
    return {
        column.name: _cell(column.kind, row.get(column.name, ""))
        for column in columns
        if not (column.optional and not _bare(row.get(column.name, "")))
    }


def _cell(kind: Kind, value: Value) -> Any:
    """A text as TOML has it; what is no number stays text, so that the reader refuses it."""
    if kind is Kind.LIST:
        return [_bare(each) for each in value]
    if kind is Kind.NUMBERS:
        return [Decimal(half_width(_bare(each))) for each in value]
    text = _bare(value)
    if kind is Kind.WHOLE:
        plain = half_width(text)
        return int(plain) if _WHOLE.fullmatch(plain) else text
    if kind in (Kind.WEIGHT, Kind.PERCENT, Kind.POINTS):
        return Decimal(half_width(text))
    return text


def _bare(value: Value) -> str:
    return clean(str(value))


def changed_keys(old: Scheme, new: Scheme) -> list[str]:
    """The keys of the settings in which two schemes differ, in their order."""
    mine, theirs = values_of(old), values_of(new)
    return [key for key in BY_KEY if mine[key] != theirs[key]]


def setting_at(place: str) -> tuple[Setting | None, str]:
    """The setting that a problem's place is about, and what of the place is left behind its key.

    >>> found, rest = setting_at("tier_policy.tiers[2].share")
    >>> found.key, rest
    ('tier_policy.tiers', '[2].share')
    >>> setting_at("format")
    (None, 'format')
    """
    for key in sorted(ALL_BY_KEY, key=len, reverse=True):
        if place == key or place.startswith((f"{key}.", f"{key}[")):
            return ALL_BY_KEY[key], place.removeprefix(key)
    return None, place


def words_at(place: str) -> list[str]:
    """What a place in the scheme is called: the setting's label, then what of it; message ids.

    >>> words_at("tier_policy.tiers.Ⅱ.threshold")
    ['The tiers', 'Ⅱ', 'Points at least']
    """
    setting, rest = setting_at(place)
    if setting is None:
        return [CUSTOMARY.get(place, place)]
    labels = {**CUSTOMARY, **{column.name: column.label for column in setting.columns}}
    return [setting.label, *(labels.get(part, part) for part in _PARTS.findall(rest))]


def value_at(place: str, text: str) -> str:
    """What people read for a value of the scheme: a message id, or the value as it stands.

    >>> value_at("grading.seats_rounding", "floor"), value_at("grading.a_share", "20.0000")
    ('dropped', '20')
    """
    setting, rest = setting_at(place)
    ticks = parse_ticks(text) if "." in text else None
    plain = text if ticks is None else show_plain(ticks)
    if rest.endswith(".code"):
        return CUSTOMARY.get(plain, plain)
    return setting.words_of(plain) if setting else plain


def say_problem(problem: Problem, translate: Callable[[str], str]) -> str:
    """What is wrong with a setting, by the name that people know it under."""
    name = "·".join(translate(part) for part in words_at(problem.column))
    facts = {**problem.facts, "key": name} if "key" in problem.facts else problem.facts
    named = replace(problem, facts=facts)
    return named.sentence(translate)
