"""The register of public institutions: a whole table of it read and checked at once.

What its fields are is in ``register_fields``, one cell in ``register_cells``, the code of a unit in
``register_codes``; what callers need of these is given on here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from kaohe.core.problems import Problem, declare, errors_in
from kaohe.core.register_cells import read_cell
from kaohe.core.register_codes import check_code, normal_code
from kaohe.core.register_fields import (
    FIELD,
    FIELDS,
    TABLE,
    Choice,
    Field,
    Kind,
    Value,
    field_of_head,
    missing_for_year,
)
from kaohe.core.texts import clean, fold

__all__ = (
    "FIELD",
    "FIELDS",
    "Choice",
    "Field",
    "Kind",
    "Known",
    "KnownUnit",
    "Reading",
    "Record",
    "Value",
    "check_code",
    "field_of_head",
    "missing_for_year",
    "normal_code",
    "read_cell",
    "read_head",
    "read_rows",
)

declare(
    "error",
    {
        "register-column-missing": (
            "there is no column “{head}”",
            "add it, or take the workbook that can be downloaded here",
        ),
        "register-column-twice": (
            "the columns {first} and {second} both give “{head}”",
            "keep the one that holds and delete the other",
        ),
        "register-code-twice": (
            "“{found}” stands here again; row {first} has it already",
            "delete one of the two rows, or correct the code that is wrong",
        ),
        "register-name-twice": (
            "“{found}” stands here again; row {first} has it already",
            "give each unit its own full name, or delete the row that is too many",
        ),
        "register-department-unknown": (
            "there is no department “{found}”",
            "write it as in the list of departments, or add it there first",
        ),
        "register-department-likely": (
            "there is no department “{found}”",
            "write {suggestion} if that is meant, or add the department first",
        ),
        "register-certificate-ends-early": (
            "the certificate ends on {found}, before it begins on {begin}",
            "correct one of the two days",
        ),
    },
)
declare(
    "warning",
    {
        "register-column-unknown": (
            "the column “{head}” is not one of the register, and is not read",
            "nothing need be done, unless it was to be read: then correct its head",
        ),
        "register-posts-exceeded": (
            "{found} posts are filled, and {approved} are approved",
            "check both numbers; where they are right, nothing need be done",
        ),
        "register-leaders-exceeded": (
            "{found} leading posts are filled, and {approved} are approved",
            "check both numbers; where they are right, nothing need be done",
        ),
        "register-name-of-another": (
            "“{found}” is also a present, former or further name of the unit {other}",
            "check that it is not the same unit under another code",
        ),
    },
)

_GUESSES = 200  # unknown departments for which near names are looked up


class KnownUnit(NamedTuple):
    """A unit that the register has already."""

    code: str
    name: str
    former_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a table is checked against.

    ``departments``: every name under which a department may be given (full, short, former) to what
    the record is to hold of it.
    """

    departments: Mapping[str, str]
    units: Sequence[KnownUnit] = ()


class Record(NamedTuple):
    """One row without an error: every field of ``FIELDS`` with its value."""

    row: int
    values: Mapping[str, Value]


class Reading(NamedTuple):
    """What a table says, and all that is wrong with it, in the order of rows and columns."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing refuses the table."""
        return not errors_in(self.problems)


def read_head(cells: Sequence[object], row: int = 1) -> tuple[dict[int, Field], list[Problem]]:
    """Which column, counted from 0, gives which field, and what is wrong with the head.

    Args:
        cells: the head of the table.
        row: the row that it stands in.

    Source: docs/rules/register.md, U-2.
    """
    places: dict[int, Field] = {}
    problems = []
    for place, cell in enumerate(cells):
        head = clean("" if cell is None else str(cell))
        found = field_of_head(head)
        if found is not None and found in places.values():
            first = next(index for index, other in places.items() if other is found)
            facts = {"head": head, "first": first + 1, "second": place + 1}
            problems.append(Problem("register-column-twice", TABLE, row, found.name, facts))
        elif found is not None:
            places[place] = found
        elif head:
            facts = {"head": head[:40]}
            problems.append(Problem("register-column-unknown", TABLE, row, "", facts))
    for wanted in FIELDS:
        if wanted.required and wanted not in places.values():
            facts = {"head": wanted.written[0]}
            problems.append(Problem("register-column-missing", TABLE, row, wanted.name, facts))
    return places, problems


def read_rows(rows: Iterable[tuple[int, Mapping[str, object]]], known: Known) -> Reading:
    """A whole table of the register: what it says, and everything that is wrong with it at once.

    Args:
        rows: of each row its number, as a spreadsheet counts, and its cells by name of field;
            fields that are not given are empty.

    Source: docs/rules/register.md, U-7, U-8, U-9.
    """
    departments = _Departments(known.departments)
    read = [_read_row(number, cells, departments) for number, cells in rows]
    problems = [problem for row in read for problem in row.problems]
    problems += _repeated(read, "code") + _repeated(read, "name")
    problems += _names_of_others(read, known.units)
    problems.sort(key=_place)
    refused = {problem.row for problem in problems if errors_in((problem,))}
    records = tuple(Record(row.number, row.values) for row in read if row.number not in refused)
    return Reading(records, tuple(problems))


_ORDER = {each.name: place for place, each in enumerate(FIELDS)}


def _place(problem: Problem) -> tuple[int, int, str]:
    return (problem.row or 0, _ORDER[problem.column], problem.code)


@dataclass(slots=True)
class _Row:
    """One row as read so far; a cell that could not be read has no value."""

    number: int
    values: dict[str, Value] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def note(self, code: str, column: str, **facts: object) -> None:
        self.problems.append(Problem(code, TABLE, self.number, column, facts))


def _read_row(number: int, cells: Mapping[str, object], departments: "_Departments") -> _Row:
    row = _Row(number)
    for each in FIELDS:
        value = read_cell(each, cells.get(each.name))
        if isinstance(value, Problem):
            row.problems.append(replace(value, row=number))
        else:
            row.values[each.name] = value
    code = row.values.get("code")
    if isinstance(code, str):
        row.problems += [replace(problem, row=number) for problem in check_code(code)]
    _check_department(row, departments)
    _check_numbers(row)
    return row


def _check_department(row: _Row, departments: "_Departments") -> None:
    name = row.values.get("department")
    if not isinstance(name, str):
        return
    found, near = departments.find(name)
    if found is not None:
        row.values["department"] = found
    elif near is not None:
        row.note("register-department-likely", "department", found=name, suggestion=near)
    else:
        row.note("register-department-unknown", "department", found=name)


def _check_numbers(row: _Row) -> None:
    begin, end = row.values.get("cert_from"), row.values.get("cert_to")
    if isinstance(begin, date) and isinstance(end, date) and end < begin:
        row.note("register-certificate-ends-early", "cert_to", found=end, begin=begin)
    for filled, approved, code in (
        ("posts_filled", "posts_approved", "register-posts-exceeded"),
        ("leaders_filled", "leader_posts", "register-leaders-exceeded"),
    ):
        there, allowed = row.values.get(filled), row.values.get(approved)
        if isinstance(there, int) and isinstance(allowed, int) and there > allowed:
            row.note(code, filled, found=there, approved=allowed)


class _Departments:
    """Departments by every name they go by; what is near to an unknown name is looked up once."""

    def __init__(self, departments: Mapping[str, str]) -> None:
        self._exact = dict(departments)
        self._folded = {fold(name): kept for name, kept in departments.items()}
        self._names = {fold(name): name for name in departments}
        self._guessed: dict[str, str | None] = {}

    def find(self, name: str) -> tuple[str | None, str | None]:
        """What is kept of a department; where there is none, the name that is nearest."""
        if name in self._exact:
            return self._exact[name], None
        folded = fold(name)
        if folded in self._folded:
            return self._folded[folded], None
        if folded not in self._guessed and len(self._guessed) < _GUESSES:
            near = get_close_matches(folded[:60], self._names, n=1, cutoff=0.6)
            self._guessed[folded] = self._names[near[0]] if near else None
        return None, self._guessed.get(folded)


def _repeated(rows: Sequence[_Row], column: str) -> list[Problem]:
    """The rows whose code or name an earlier row has already."""
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        value = row.values.get(column)
        if not isinstance(value, str):
            continue
        number = first.setdefault(fold(value), row.number)
        if number != row.number:
            facts = {"found": value, "first": number}
            problems.append(Problem(f"register-{column}-twice", TABLE, row.number, column, facts))
    return problems


def _names_of_others(rows: Sequence[_Row], units: Iterable[KnownUnit]) -> list[Problem]:
    """The rows whose name is also one of another unit, whether in the register or in the table."""
    here = {row.values.get("code") for row in rows}
    owners: dict[str, set[str]] = {}
    for unit in units:
        present = () if unit.code in here else (unit.name,)
        for name in (*present, *unit.former_names, *unit.aliases):
            owners.setdefault(fold(name), set()).add(unit.code)
    for row in rows:
        for name in _further_names(row):
            owners.setdefault(fold(name), set()).add(str(row.values.get("code", "")))
    problems = []
    for row in rows:
        name, code = row.values.get("name"), row.values.get("code")
        others = owners.get(fold(name), set()) - {code, ""} if isinstance(name, str) else set()
        if others:
            facts = {"found": name, "other": min(others)}
            place = (TABLE, row.number, "name")
            problems.append(Problem("register-name-of-another", *place, facts))
    return problems


def _further_names(row: _Row) -> Iterator[str]:
    for column in ("former_names", "aliases"):
        names = row.values.get(column)
        yield from names if isinstance(names, tuple) else ()
