"""One assessed year as papers see it, and what a sheet of its workbook is.  No file format."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kaohe.core.problems import Problem
from kaohe.core.quantities import FULL
from kaohe.core.rows import ComponentScore, Inputs, Outputs, Result
from kaohe.core.scheme import Scheme
from kaohe.locale import Translate
from kaohe.locale.words import N_, say


class Formula(NamedTuple):
    """A formula that we wrote, and the value that it has; the value is in the column's unit."""

    text: str
    value: int


Cell = str | int | date | Formula | None


class Head(NamedTuple):
    """A column: heading (msgid), kind, width in characters.

    Kinds: "text", "wrap" (long text), "code", "grade", "count", "ticks", "hundredths", "date".
    """

    title: str
    kind: str
    width: float


class Sheet(NamedTuple):
    """One sheet: name (msgid), columns, rows; the columns that stay when one scrolls right."""

    name: str
    heads: tuple[Head, ...]
    rows: Sequence[Sequence[Cell]]
    frozen: int = 0


UNIT = Head(N_("unit"), "text", 26)
CODE = Head(N_("unified social credit code"), "code", 21)
GROUP = Head(N_("group"), "text", 12)
COMPONENT = Head(N_("component"), "text", 11)
FLAGS = Head(N_("remarks"), "wrap", 26)
DOCUMENT = Head(N_("document"), "wrap", 26)


@dataclass(frozen=True, slots=True)
class Year:
    """One assessed year: what went in, what came out, and the language to say it in."""

    scheme: Scheme
    inputs: Inputs
    outputs: Outputs
    problems: Sequence[Problem] = ()
    translate: Translate = str
    names: dict[str, str] = field(default_factory=dict)  # of units, by code
    components: dict[tuple[str, str], ComponentScore] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names.update((row.unit, row.name) for row in self.outputs.results)
        self.components.update(((c.unit, c.component), c) for c in self.outputs.component_scores)

    def ranked(self) -> list[Result]:
        """All results by group, then rank; behind them those without rank, exempt ones last."""
        return sorted(
            self.outputs.results,
            key=lambda row: (
                row.group,
                row.rank or FULL,
                row.composite is None,
                -(row.composite or 0),
                row.unit,
            ),
        )

    def say(self, kind: str, code: str) -> str:
        return say(kind, code, self.translate)
