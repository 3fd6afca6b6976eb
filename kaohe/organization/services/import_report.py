"""Writing the report of a check: a head with the places of the rows, and a line for each row."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kaohe.core.problems import Problem, errors_in
from kaohe.organization.queries.import_register import plain
from kaohe.organization.queries.import_report import FORMAT, KINDS, Options
from kaohe.organization.services.import_comparing import Line
from kaohe.organization.services.import_reading import Table, as_typed

_Told = list[Any]


def written(table: Table, lines: Sequence[Line], options: Options, base: str) -> bytes:
    """The bytes of a report."""
    places: dict[str, list[int]] = {kind: [] for kind in (*KINDS, "all")}
    cells = dict(table.rows)
    body, at = [], 0
    for line in lines:
        text = json.dumps(_told(line, cells[line.row]), ensure_ascii=False, default=str)
        data = text.encode() + b"\n"
        for kind in _kinds(line):
            places[kind].append(at)
        body.append(data)
        at += len(data)
    counts = {kind: len(found) for kind, found in places.items()}
    counts["errors"] = sum(errors_in([problem]) for problem in table.problems)
    head = {
        "format": FORMAT,
        "sheet": table.sheet,
        "head_row": table.head_row,
        "columns": [each.name for each in table.columns],
        "options": options.as_json(),
        "problems": [_problem(each) for each in table.problems],
        "counts": counts,
        "base": base,
        "places": places,
    }
    first = json.dumps(head, ensure_ascii=False, default=str).encode() + b"\n"
    return first + b"".join(body)


def _kinds(line: Line) -> Iterable[str]:
    yield "all"
    yield line.kind
    if any(problem.severity == "warning" for problem in line.problems):
        yield "warnings"


def _told(line: Line, cells: Mapping[str, object]) -> dict[str, Any]:
    """A row as JSON; what is empty is left out."""
    bad = line.kind == "bad"
    told = {
        "n": line.row,
        "k": line.kind,
        "u": line.unit,
        "s": line.seal,
        "v": plain(line.values),
        "d": {name: _pair(*pair) for name, pair in line.changes.items()},
        "t": {name: as_typed(cell)[:500] for name, cell in cells.items()} if bad else {},
        "p": [_problem(problem) for problem in line.problems],
    }
    return {name: value for name, value in told.items() if value not in ("", None, {}, [])}


def _pair(was: Any, now: Any) -> list[Any]:
    return [plain({"": was}).get(""), plain({"": now}).get("")]


def _problem(problem: Problem) -> _Told:
    return [problem.code, problem.row, problem.column, dict(problem.facts)]
