"""The report of a check, kept beside the files: what each row says, and where each kind lies.

The first line is the head, with the places of the rows of each kind; a page reads the head and its
own rows, however long the workbook is.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from kaohe.core.problems import Problem
from kaohe.core.register import FIELD, FIELDS
from kaohe.core.register_fields import TABLE
from kaohe.organization.queries.import_register import parse

FORMAT = 1
KINDS = ("bad", "warnings", "new", "changed", "same")


class Options(NamedTuple):
    """How a workbook is to be understood."""

    corrections: bool = False  # other names and departments mend the register; no deeds behind them
    clear: bool = False  # empty cells empty the register

    def as_json(self) -> dict[str, bool]:
        """For the arguments of a job and the head of a report."""
        return self._asdict()


@dataclass(slots=True)
class Shown:
    """A row as it was reported."""

    row: int
    kind: str
    unit: int | None
    seal: str
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """The head of a report, and its rows on demand."""

    path: Path
    head: Mapping[str, Any]
    start: int

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows there are of each kind, and ``errors`` of the table as a whole."""
        found: Mapping[str, int] = self.head["counts"]
        return found

    @property
    def columns(self) -> list[str]:
        """The fields that the workbook has, in the order of the register."""
        return [each.name for each in FIELDS if each.name in self.head["columns"]]

    @property
    def options(self) -> Options:
        """How the workbook was understood."""
        return Options(**self.head["options"])

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the table as a whole."""
        return [problem_of(told, self.head["head_row"]) for told in self.head["problems"]]

    @property
    def may_apply(self) -> bool:
        """Whether nothing stands against applying it."""
        counts = self.counts
        return not (counts["bad"] or counts["errors"]) and bool(counts["new"] + counts["changed"])

    def lines(self, kind: str = "", start: int = 0, count: int | None = None) -> Iterator[Shown]:
        """Rows of a kind (or all), from one on."""
        places = self.head["places"][kind or "all"]
        wanted = places[start : None if count is None else start + count]
        with self.path.open("rb") as file:
            for place in wanted:
                file.seek(self.start + place)
                yield _shown(json.loads(file.readline()))


def opened(path: Path) -> Report:
    """A report that was kept.

    Raises:
        OSError: it is not there.
    """
    with path.open("rb") as file:
        first = file.readline()
    return Report(path, json.loads(first), len(first))


def problem_of(told: list[Any], head_row: int = 0) -> Problem:
    """A problem from JSON."""
    code, row, column, facts = told
    return Problem(code, TABLE, row, column, facts)


def _shown(told: Mapping[str, Any]) -> Shown:
    return Shown(
        told["n"],
        told["k"],
        told.get("u"),
        told.get("s", ""),
        told.get("v", {}),
        {name: (pair[0], pair[1]) for name, pair in told.get("d", {}).items()},
        told.get("t", {}),
        [problem_of(each) for each in told.get("p", [])],
    )


def value_of(name: str, kept: Any) -> Any:
    """A value of a report, as its field holds it."""
    return parse(FIELD[name], kept)


def by_column(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """Problems of a row by the field that they are about."""
    found: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        found[problem.column].append(problem)
    return dict(found)
