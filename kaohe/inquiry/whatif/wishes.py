"""What ``kaohe what-if --set`` may say, read: which cell of which row, and its new value.

    event:ID=withdrawn                    any column of events: event:ID.points=2
    measurement:UNIT/ITEM=93.5            or .value, .numerator, .denominator
    mark:UNIT/ITEM/JUDGE=8                milestone:UNIT/ITEM/NAME.done_on=2026-05-01
    target:UNIT/ITEM.target=90            not_applicable:UNIT/ITEM=the reason
    unit:UNIT.status=exempt               item:ITEM.points=5
    adjustment:ID=withdrawn               adjustment:ID.points=2
    bonus:UNIT=+1   deduction:UNIT=+1     force_c:UNIT=true   bar_a:UNIT=true   seat:UNIT=true
    tier:UNIT=Ⅰ                           history:UNIT/YEAR=A
    scheme:grading.a_share=25             scheme:survey.channels.visit.minimum=5

An empty value empties the cell, or takes the row away where the row says nothing else.
"""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import FULL, TICK, half_width, parse_ticks
from kaohe.core.tables import INPUT_TABLES, Column, Kind

declare(
    "error",
    {
        "change-unreadable": (
            "“{change}” is not a change",
            "write WHAT:WHICH=VALUE, for example event:ID=withdrawn or bonus:UNIT=+1",
        ),
        "change-of-unknown": (
            "“{change}” would change a “{found}”, and there is no such thing",
            "write one of: {allowed}",
        ),
        "change-field-unknown": (
            "“{change}” names the column “{found}”, which {table} does not have",
            "write one of: {allowed}",
        ),
        "change-of-key": (
            "“{change}” would change “{found}”, by which the row is known",
            "change another column, or correct the folder itself",
        ),
        "change-not-points": (
            "“{found}” in “{change}” is no number of 0 or more",
            "write digits with at most 4 after the point, for example 2 or 93.5",
        ),
        "change-not-percent": (
            "“{found}” in “{change}” is no percentage",
            "write a number from 0 to 100 with at most 4 digits after the point",
        ),
        "change-not-decimal": (
            "“{found}” in “{change}” is no number",
            "write digits with at most 4 after the point, for example 93.5 or -1",
        ),
        "change-not-whole": (
            "“{found}” in “{change}” is no whole number from {low} to {high}",
            "write digits without a point",
        ),
        "change-not-date": (
            "“{found}” in “{change}” is no day",
            "write it as 2026-05-01",
        ),
        "change-not-choice": (
            "“{found}” in “{change}” cannot stand in the column {column}",
            "write one of: {allowed}",
        ),
        "change-danger": (
            "“{found}” in “{change}” begins with a sign that a spreadsheet would run as a formula",
            "begin with a letter or a digit, not with =, +, - or @",
        ),
        "change-empty": (
            "“{change}” would empty the column {column}, which needs a value",
            "write a value behind the equals sign",
        ),
        "change-twice": (
            "“{change}” gives a cell two values",
            "keep one of the two changes",
        ),
    },
)

TABLES: Mapping[str, tuple[str, str]] = {  # word → table, column that stands for the row
    "event": ("events", "status"),
    "measurement": ("measurements", "value"),
    "mark": ("marks", "points"),
    "milestone": ("milestones", "done_on"),
    "target": ("targets", "target"),
    "not_applicable": ("not_applicable", "reason"),
    "unit": ("units", "status"),
    "item": ("items", "points"),
    "adjustment": ("adjustments", "points"),
    "tier": ("tiers", "tier"),
    "history": ("history", "grade"),
    "response": ("responses", "valid"),
}
ADDED = ("bonus", "deduction", "force_c", "bar_a", "seat")
SCHEME = "scheme"
ADDABLE = frozenset(
    {"measurements", "marks", "targets", "not_applicable", "tiers", "history"}
)  # tables to which a change may add a row
WHOLE = frozenset({"measurements", "marks", "targets", "not_applicable", "tiers", "history"})

Cell = str | int | bool | date | None


class Wish(NamedTuple):
    """One change as it was asked for.

    ``what`` is a key of ``TABLES``, one of ``ADDED``, or "scheme"; ``which`` names the row or the
    setting; ``column`` is a field of the table ("" for the other two); ``value`` is its new value,
    and ``gone`` says that the row is taken away.
    """

    text: str
    what: str
    which: str
    column: str = ""
    value: Cell = None
    gone: bool = False


def read_wish(text: str) -> Wish | Problem:
    """One argument of ``--set``, or what is wrong with it."""
    head, equals, value = text.partition("=")
    what, colon, which = head.partition(":")
    what, which, value = what.strip(), which.strip(), value.strip()
    if not (equals and colon and what and which):
        return _wrong("change-unreadable", text)
    if what == SCHEME:
        return Wish(text, what, which, value=value)
    if what in ADDED:
        return _added(text, what, which, value)
    if what not in TABLES:
        words = (*TABLES, *ADDED, SCHEME)
        near = get_close_matches(what, words, 3) or words
        return _wrong("change-of-unknown", text, found=what, allowed=", ".join(near))
    return _of_table(text, what, which, value)


def _wrong(code: str, text: str, **facts: object) -> Problem:
    return Problem(code, "--set", facts={"change": text, **facts})


def _added(text: str, kind: str, which: str, value: str) -> Wish | Problem:
    if kind in ("bonus", "deduction"):
        points = parse_ticks(value.removeprefix("+"))
        if points is None or points < 0:
            return _wrong("change-not-points", text, found=value)
        return Wish(text, kind, which, "points", points)
    flag = _FLAGS.get(half_width(value).lower())
    if flag is None:
        facts = {"found": value, "column": kind, "allowed": "true, false"}
        return _wrong("change-not-choice", text, **facts)
    return Wish(text, kind, which, kind, flag, gone=not flag)


def _of_table(text: str, what: str, which: str, value: str) -> Wish | Problem:
    table, standing = TABLES[what]
    columns = {column.name: column for column in INPUT_TABLES[table]}
    key, dot, name = which.rpartition(".")
    whole = not (dot and key and name.isidentifier())
    if whole or _part_of_key(name, columns):
        key, name, whole = which, standing, True
    if name not in columns:
        near = get_close_matches(name, columns, 3) or [c for c in columns if not columns[c].key]
        facts = {"found": name, "table": table, "allowed": ", ".join(near)}
        return _wrong("change-field-unknown", text, **facts)
    if columns[name].key or name == "unit":
        return _wrong("change-of-key", text, found=name)
    if whole and (
        (what == "adjustment" and value == "withdrawn") or (table in WHOLE and not value)
    ):
        return Wish(text, what, key, gone=True)
    return _cell(Wish(text, what, key), columns[name], value)


def _part_of_key(name: str, columns: Mapping[str, Column]) -> bool:
    """Whether what stands behind the last point is rather the end of a code, as in E.2026.1."""
    return name not in columns and not get_close_matches(name, columns, 1)


def _cell(wish: Wish, column: Column, value: str) -> Wish | Problem:
    if not value:
        if column.required:
            return _wrong("change-empty", wish.text, column=column.name)
        return wish._replace(column=column.field)
    found, code, facts = read_cell(column, value)
    if found is None:
        return _wrong(code, wish.text, found=value, column=column.name, **facts)
    return wish._replace(column=column.field, value=found)


_FLAGS = {"true": True, "false": False}
_RANGES: Mapping[Kind, tuple[int | None, int | None, str]] = {
    Kind.POINTS: (0, None, "change-not-points"),
    Kind.RATE: (0, None, "change-not-points"),
    Kind.PERCENT: (0, FULL, "change-not-percent"),
    Kind.DECIMAL: (None, None, "change-not-decimal"),
}
_WHOLES: Mapping[Kind, tuple[int, int]] = {Kind.COUNT: (0, 999_999), Kind.YEAR: (1900, 9999)}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_cell(column: Column, value: str) -> tuple[Cell, str, dict[str, object]]:
    """A cell's text as its column holds it; or None, with the code and facts of the problem.

    Source: docs/rules/folder.md, F-2, F-6.
    """
    plain = half_width(value)
    if column.kind in _RANGES:
        low, high, code = _RANGES[column.kind]
        return _within(parse_ticks(plain.removeprefix("+")), low, high), code, {}
    if column.kind in _WHOLES:
        least, most = _WHOLES[column.kind]
        ticks = parse_ticks(plain)
        number = ticks // TICK if ticks is not None and ticks % TICK == 0 else None
        return _within(number, least, most), "change-not-whole", {"low": least, "high": most}
    if column.kind is Kind.DATE:
        return _day(plain), "change-not-date", {}
    if column.kind in (Kind.FLAG, Kind.CHOICE):
        choices: Mapping[str, Cell] = {choice: choice for choice in column.choices}
        choices = _FLAGS if column.kind is Kind.FLAG else choices
        key = plain.lower() if column.kind is Kind.FLAG else value
        return choices.get(key), "change-not-choice", {"allowed": ", ".join(choices)}
    dangerous = (column.guarded or column.kind is Kind.CODE) and value[:1] in "=+-@"
    return (None if dangerous else value), "change-danger", {}


def _within(number: int | None, low: int | None, high: int | None) -> int | None:
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        return None
    return number


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def read_wishes(texts: list[str]) -> tuple[list[Wish], list[Problem]]:
    """All arguments of ``--set``, and all that is wrong with them."""
    read = [read_wish(text) for text in texts]
    wishes = [each for each in read if isinstance(each, Wish)]
    problems = [each for each in read if isinstance(each, Problem)]
    seen: dict[tuple[str, str, str], Wish] = {}
    for wish in wishes:
        if wish.what in ("bonus", "deduction"):  # each adds a row of its own
            continue
        place = (wish.what, wish.which, wish.column)
        if place in seen:
            problems.append(_wrong("change-twice", wish.text))
        seen[place] = wish
    return wishes, problems
