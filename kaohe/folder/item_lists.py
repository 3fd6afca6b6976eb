"""The lists inside cells of ``items``: steps (90:100;75:80) and kinds of events (late:1;lost:2)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import duckdb

from kaohe.core.problems import declare
from kaohe.core.quantities import FULL, parse_ticks
from kaohe.core.tables import EVENT_RULES
from kaohe.folder.bad_cells import shortened
from kaohe.folder.findings import Findings
from kaohe.folder.rows import store_rows
from kaohe.folder.typed import PARSED_TABLES

DANGEROUS = ("=", "+", "-", "@")
_FULL_WIDTH = str.maketrans({"：": ":", "；": ";"})
_STEP_RULES = {"steps_up": "falling", "steps_down": "rising"}

declare(
    "error",
    {
        "list-full-width": (
            "“{found}” is written with full-width colons or semicolons",
            "write {suggestion}",
        ),
        "step-form": (
            "“{part}” in “{found}” is not a step",
            "write threshold:percent, steps parted by semicolons, such as 90:100;75:80;60:50",
        ),
        "step-percent": (
            "the step “{part}” gives more than 100 percent, or less than 0",
            "write a percentage from 0 to 100 behind the colon",
        ),
        "steps-not-falling": (
            "in “{found}” the threshold {after} stands behind {before}; under the rule {rule} "
            "thresholds fall",
            "write the highest threshold first, each once",
        ),
        "steps-not-rising": (
            "in “{found}” the threshold {after} stands behind {before}; under the rule {rule} "
            "thresholds rise",
            "write the lowest threshold first, each once",
        ),
        "kind-form": (
            "“{part}” in “{found}” is not a kind of event",
            "write kind:points or kind:points:cap, kinds parted by semicolons, such as "
            "late:1;missing:2:4",
        ),
        "kind-number": (
            "“{number}” in “{part}” is no number of points",
            "write 0 or more, with at most 4 digits after the point",
        ),
        "kind-twice": (
            "the kind “{kind}” stands twice in “{found}”",
            "keep one of them, or give the other a name of its own",
        ),
        "kind-dangerous": (
            "the kind “{kind}” begins with a sign that a spreadsheet would run as a formula",
            "begin it with a letter, a digit or a Chinese character",
        ),
    },
)

StepRow = tuple[str, int, int, int]
KindRow = tuple[str, str, int, int | None]


def make_item_lists(con: duckdb.DuckDBPyConnection, findings: Findings) -> None:
    """Makes ``item_steps`` and ``item_kinds`` from the typed table ``items``.

    Lists are read where the item's rule uses them.

    Source: docs/rules/folder.md, F-2; docs/rules/scoring.md, I-4, I-5, I-7, I-8.
    """
    steps: list[StepRow] = []
    kinds: list[KindRow] = []
    items = con.execute(
        "SELECT row, item, rule, steps, kinds FROM items"
        " WHERE rule IS NOT NULL AND (steps IS NOT NULL OR kinds IS NOT NULL) ORDER BY row"
    ).fetchall()
    for row, item, rule, steps_text, kinds_text in items:
        if rule in _STEP_RULES and steps_text:
            reader = _ListReader(findings, row, "steps", steps_text)
            steps.extend((item or "", *step) for step in reader.steps(rule))
        if rule in EVENT_RULES and kinds_text:
            reader = _ListReader(findings, row, "kinds", kinds_text)
            kinds.extend((item or "", *kind) for kind in reader.kinds())
    store_rows(con, "item_steps", PARSED_TABLES["item_steps"], steps)
    store_rows(con, "item_kinds", PARSED_TABLES["item_kinds"], kinds)


class _ListReader:
    """Reads the list in one cell; after a problem the cell gives nothing."""

    def __init__(self, findings: Findings, row: int, column: str, text: str) -> None:
        self.findings = findings
        self.row = row
        self.column = column
        self.text = text
        self.sound = True

    def _note(self, code: str, **facts: object) -> None:
        self.sound = False
        more = {"found": shortened(self.text), **facts}
        self.findings.add(code, "items", self.row, self.column, **more)

    def _parts(self) -> Iterator[tuple[str, list[str]]]:
        suggestion = self.text.translate(_FULL_WIDTH)
        if suggestion != self.text:
            self._note("list-full-width", suggestion=shortened(suggestion))
            return
        for part in self.text.split(";"):
            yield shortened(part.strip()), [field.strip() for field in part.split(":")]

    def steps(self, rule: str) -> list[tuple[int, int, int]]:
        """Position from 1, threshold, percent (ticks)."""
        steps: list[tuple[int, int, int]] = []
        written: list[str] = []
        for part, fields in self._parts():
            numbers = [parse_ticks(field) for field in fields]
            if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
                self._note("step-form", part=part)
            elif not 0 <= numbers[1] <= FULL:
                self._note("step-percent", part=part)
            else:
                steps.append((len(steps) + 1, numbers[0], numbers[1]))
                written.append(fields[0])
        if self.sound:
            self._check_order(rule, [threshold for _, threshold, _ in steps], written)
        return steps if self.sound else []

    def _check_order(self, rule: str, thresholds: Sequence[int], written: Sequence[str]) -> None:
        sign = -1 if _STEP_RULES[rule] == "falling" else 1
        for place, (before, after) in enumerate(pairwise(thresholds)):
            if (after - before) * sign <= 0:
                facts = {"rule": rule, "before": written[place], "after": written[place + 1]}
                self._note(f"steps-not-{_STEP_RULES[rule]}", **facts)
                return

    def kinds(self) -> list[tuple[str, int, int | None]]:
        """Kind, points, cap (ticks; None: no cap)."""
        kinds: dict[str, tuple[str, int, int | None]] = {}
        for part, (kind, *numbers) in self._parts():
            ticks = [parse_ticks(number) for number in numbers]
            if not kind or len(numbers) not in {1, 2}:
                self._note("kind-form", part=part)
                continue
            for number, parsed in zip(numbers, ticks, strict=True):
                if parsed is None or parsed < 0:
                    self._note("kind-number", part=part, number=shortened(number))
            if kind.startswith(DANGEROUS):
                self._note("kind-dangerous", kind=shortened(kind))
            if kind in kinds:
                self._note("kind-twice", kind=shortened(kind))
            kinds[kind] = (kind, ticks[0] or 0, ticks[1] if len(ticks) == 2 else None)
        return list(kinds.values()) if self.sound else []
