"""What is wrong with an assessment folder: each problem with its place, and how to mend it.

A problem is part of the product: a clerk will read it and act on it.  So each has a stable code,
the facts that led to it, and two sentences: what is wrong, and what would be right.  The sentences
here are English message ids with ``{facts}``; ``kaohe.locale`` says them in Chinese.
See docs/errors.md for the catalogue.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


def N_(text: str) -> str:
    """Marks a text for translation without translating it."""
    return text


class Sentence(NamedTuple):
    """What a problem of one code says.  ``severity``: "error" refuses the folder, "warning" not."""

    severity: str
    problem: str
    remedy: str


CATALOGUE: dict[str, Sentence] = {}


def declare(severity: str, sentences: Mapping[str, tuple[str, str]]) -> None:
    """Adds codes to the catalogue.  Codes are never reused."""
    for code, (problem, remedy) in sentences.items():
        if code in CATALOGUE:
            raise ValueError(f"two problems share the code {code}")
        CATALOGUE[code] = Sentence(severity, problem, remedy)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where.

    ``row`` is the row as a spreadsheet numbers it (the header is row 1); None: the whole table.
    ``table`` is a table's name, or "scheme.toml", where ``column`` is the dotted key.
    """

    code: str
    table: str = ""
    row: int | None = None
    column: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        return CATALOGUE[self.code].severity

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, in the language of ``translate``."""
        return translate(CATALOGUE[self.code].problem).format_map(self.facts)

    def remedy(self, translate: Callable[[str], str] = str) -> str:
        """What would be right, in the language of ``translate``."""
        return translate(CATALOGUE[self.code].remedy).format_map(self.facts)

    def place(self) -> tuple[str, int, str, str]:
        """By which problems are sorted for reading: table, row, column, code."""
        return (self.table, self.row or 0, self.column, self.code)


class FolderRefused(Exception):
    """The folder cannot be assessed; ``problems`` says why, all of it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=Problem.place)
        super().__init__("; ".join(problem.sentence() for problem in self.problems[:3]))


def errors_in(problems: Iterable[Problem]) -> bool:
    """Whether any of them refuses the folder."""
    return any(problem.severity == "error" for problem in problems)
