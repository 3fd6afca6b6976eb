"""How a row of an import is shown: each cell with what is wrong, or what was and what will be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.register import FIELD, Kind
from kaohe.organization.queries.import_marks import said, shown
from kaohe.organization.queries.import_report import Shown, by_column
from kaohe.web.words.imports import KINDS

PIN = {"code": "p3", "name": "p4"}  # columns that stay in sight, and their classes
SIGN = {"new": "new", "changed": "mod", "bad": "bad", "same": "same"}


@dataclass(slots=True)
class Cell:
    """A cell of the preview."""

    text: str
    was: str = ""
    is_changed: bool = False
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    number: bool = False
    pin: str = ""  # the class by which a column stays in sight


class Finding(NamedTuple):
    """What is wrong with a row, or worth a look, in words."""

    head: str  # of the column that it is about; "" where it is about the row as a whole
    text: str
    is_error: bool


@dataclass(slots=True)
class Row:
    """A row of the preview."""

    number: int
    kind: str
    sign: str
    words: str
    unit: int | None
    cells: list[Cell]
    findings: list[Finding]


def columns_of(lines: Iterable[Shown], columns: Sequence[str], *, every: bool) -> list[str]:
    """The columns to show: code and name first, then those that a line says something about.

    Args:
        every: all the others too.
    """
    touched = {name for line in lines for name in line.changes}
    touched |= {problem.column for line in lines for problem in line.problems}
    rest = [name for name in columns if name not in PIN and (every or name in touched)]
    return [name for name in PIN if name in columns] + rest


def rows_of(
    lines: Iterable[Shown], columns: Iterable[str], departments: Mapping[int, str]
) -> list[Row]:
    """The rows of one page."""
    names = list(columns)
    return [_row(line, names, departments) for line in lines]


def _row(line: Shown, columns: list[str], departments: Mapping[int, str]) -> Row:
    problems = by_column(line.problems)
    cells = []
    for name in columns:
        text = _text(line, name, departments)
        cell = Cell(text, number=FIELD[name].kind is Kind.COUNT, pin=PIN.get(name, ""))
        if name in line.changes:
            cell.is_changed = True
            cell.was = shown(name, line.changes[name][0], departments)
        for problem in problems.get(name, []):
            into = cell.errors if problem.severity == "error" else cell.warnings
            into.append(said(problem))
        cells.append(cell)
    words = _(KINDS[line.kind])
    return Row(line.row, line.kind, SIGN[line.kind], words, line.unit, cells, _findings(line))


def _findings(line: Shown) -> list[Finding]:
    """Everything that was found in a row, mistakes first."""
    found = [
        Finding(
            FIELD[problem.column].written[0] if problem.column in FIELD else "",
            said(problem),
            problem.severity == "error",
        )
        for problem in line.problems
    ]
    return sorted(found, key=lambda each: not each.is_error)


def _text(line: Shown, name: str, departments: Mapping[int, str]) -> str:
    """As it was typed where the row is not right, else as it will be kept."""
    if line.kind == "bad":
        return line.typed.get(name, "")
    return shown(name, line.values.get(name), departments)
