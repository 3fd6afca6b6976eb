"""The lists inside cells of items: steps (90:100;75:80) and kinds of events (late:1;lost:2)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from kaohe.core.problems import declare
from kaohe.core.quantities import FULL, parse_ticks, show_plain
from kaohe.core.rows import EventKind, Step
from kaohe.core.texts import shortened

DANGEROUS = ("=", "+", "-", "@")
_FULL_WIDTH = str.maketrans({"：": ":", "；": ";"})
STEP_RULES = {"steps_up": "falling", "steps_down": "rising"}

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

Note = Callable[..., None]


class ListReader:
    """Reads the list in one cell; after a problem the cell gives nothing.

    ``note`` is told each problem: its code, and its facts by keyword.
    """

    def __init__(self, note: Note, text: str) -> None:
        self.tell = note
        self.text = text
        self.sound = True

    def _note(self, code: str, **facts: object) -> None:
        self.sound = False
        self.tell(code, **{"found": shortened(self.text), **facts})

    def _parts(self) -> Iterator[tuple[str, list[str]]]:
        suggestion = self.text.translate(_FULL_WIDTH)
        if suggestion != self.text:
            self._note("list-full-width", suggestion=shortened(suggestion))
            return
        for part in self.text.split(";"):
            yield shortened(part.strip()), [field.strip() for field in part.split(":")]

    def steps(self, rule: str) -> list[Step]:
        """The steps, in their order; whether they fall or rise is asked where ``rule`` says so."""
        steps: list[Step] = []
        written: list[str] = []
        for part, fields in self._parts():
            numbers = [parse_ticks(field) for field in fields]
            if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
                self._note("step-form", part=part)
            elif not 0 <= numbers[1] <= FULL:
                self._note("step-percent", part=part)
            else:
                steps.append(Step(numbers[0], numbers[1]))
                written.append(fields[0])
        if self.sound and rule in STEP_RULES:
            self._check_order(rule, [step.threshold for step in steps], written)
        return steps if self.sound else []

    def _check_order(self, rule: str, thresholds: Sequence[int], written: Sequence[str]) -> None:
        sign = -1 if STEP_RULES[rule] == "falling" else 1
        for place, (before, after) in enumerate(pairwise(thresholds)):
            if (after - before) * sign <= 0:
                facts = {"rule": rule, "before": written[place], "after": written[place + 1]}
                self._note(f"steps-not-{STEP_RULES[rule]}", **facts)
                return

    def kinds(self) -> list[EventKind]:
        """The kinds, in their order."""
        kinds: dict[str, EventKind] = {}
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
            kinds[kind] = EventKind(kind, ticks[0] or 0, ticks[1] if len(ticks) == 2 else None)
        return list(kinds.values()) if self.sound else []


def show_steps(steps: Sequence[Step]) -> str:
    """Steps as they are written.

    >>> show_steps([Step(900_000, 1_000_000), Step(750_000, 800_000)])
    '90:100;75:80'
    """
    return ";".join(f"{show_plain(step.threshold)}:{show_plain(step.percent)}" for step in steps)


def show_kinds(kinds: Sequence[EventKind]) -> str:
    """Kinds of events as they are written.

    >>> show_kinds([EventKind("late", 10_000), EventKind("lost", 20_000, 40_000)])
    'late:1;lost:2:4'
    """
    return ";".join(":".join(_parts_of(kind)) for kind in kinds)


def _parts_of(kind: EventKind) -> Iterator[str]:
    yield kind.kind
    yield show_plain(kind.points)
    if kind.cap is not None:
        yield show_plain(kind.cap)
