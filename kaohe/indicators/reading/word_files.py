"""Several Word files of one upload, put together: which unit each is for, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kaohe.core.problems import Problem
from kaohe.core.texts import shortened
from kaohe.indicators.reading.word_sheets import WordFile
from kaohe.indicators.reading.word_units import UnitNames

ALL, OUT = "all", "out"  # chosen for a file instead of a unit
_OPEN = frozenset({"word-unit-open", "word-unit-doubtful"})


class How(StrEnum):
    """How it is known what a file is for."""

    INSIDE = "inside"  # its text names the unit, or several
    NAME = "name"  # the name of the file does
    CHOSEN = "chosen"
    ALL = "all"
    OUT = "out"  # left out, or it cannot be read
    OPEN = "open"  # it is not known


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of an upload.

    ``file`` is what was read; None: it could not be taken, and ``unfit`` is the code that says why.
    ``chosen``: the code of a unit, ``ALL``, ``OUT``, or empty.
    """

    key: int
    name: str
    file: WordFile | None
    unfit: str = ""
    chosen: str = ""


@dataclass(slots=True)
class Placed:
    """A file with the units that it is for."""

    sent: Sent
    how: How
    units: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def note(self, code: str, /, **facts: object) -> None:
        """Add what is wrong with the file as a whole."""
        self.problems.append(Problem(code, facts=facts))


def put_together(files: Sequence[Sent], names: UnitNames) -> tuple[WordFile, list[Placed]]:
    """All files as one, and what each is for; problems name their file.

    Source: docs/rules/plan_books.md, PB-9.
    """
    placed = [_place(each, names, len(files) > 1) for each in files]
    _refuse_twice(placed, names)
    whole = WordFile()
    for each in placed:
        _tell_file(each)
        whole.problems += each.problems
        file = each.sent.file
        if file is None or each.how is How.OUT:
            continue
        whole.rows += file.rows
        whole.units += [unit for unit in each.units if unit not in whole.units]
        whole.heads |= {head: name for head, name in file.heads.items() if head not in whole.heads}
        whole.unknown += [head for head in file.unknown if head not in whole.unknown]
    return whole, placed


def _place(sent: Sent, names: UnitNames, several: bool) -> Placed:
    """Which unit a file is for: as it was said, as it says itself, as its name says."""
    file = sent.file
    if sent.chosen == OUT:
        return Placed(sent, How.OUT)
    if file is None:
        made = Placed(sent, How.OUT)
        made.note(sent.unfit)
        return made
    how = How.INSIDE if file.rows else How.OPEN
    made = Placed(sent, how, list(file.units), list(file.problems))
    if sent.chosen == ALL:
        _give(made, file, "", How.ALL)
    elif sent.chosen in names.called:
        if file.units and sent.chosen not in file.units:
            said = "、".join(map(names.name_of, file.units))
            made.note("word-unit-other", unit=names.name_of(sent.chosen), units=shortened(said))
        _give(made, file, sent.chosen, How.CHOSEN)
    elif file.rows:
        _find(made, file, names, several)
    return made


def _give(made: Placed, file: WordFile, unit: str, how: How) -> None:
    """All of a file is for one unit, or for all; of one that names several, what names none."""
    several = len(file.units) > 1
    for row in file.rows:
        if not several or not row.unit:
            row.unit = unit
    made.how = how
    given = [unit] if unit else []
    made.units = [*(each for each in file.units if each not in given), *given] if several else given
    made.problems = [each for each in made.problems if each.code not in _OPEN]


def _find(made: Placed, file: WordFile, names: UnitNames, several: bool) -> None:
    """What a file is for, as nobody has said it."""
    nameless = any(not row.unit for row in file.rows)
    if not nameless:
        return
    doubtful = any(each.code == "word-unit-doubtful" for each in file.problems)
    if len(file.units) == 1 and several and not doubtful:
        _give(made, file, file.units[0], How.INSIDE)
        return
    if file.units:
        return
    found = names.in_text(_last(made.sent.name)) or names.in_text(made.sent.name)
    if len(found) == 1:
        _give(made, file, found[0], How.NAME)
        return
    made.how = How.OPEN if several or doubtful or found else How.ALL
    if found and not doubtful:
        _without_open(made)
        made.note("word-unit-doubtful", units=shortened("、".join(map(names.name_of, found))))
    elif several and not doubtful:
        _without_open(made)
        made.note("word-unit-none")


def _without_open(made: Placed) -> None:
    made.problems = [each for each in made.problems if each.code not in _OPEN]


def _last(name: str) -> str:
    """The name of a file without its folders and its ending."""
    return name.rpartition("/")[2].rpartition(".")[0]


def _refuse_twice(placed: Sequence[Placed], names: UnitNames) -> None:
    """A unit has one file; what two files say of it is not put together."""
    first: dict[str, str] = {}
    for each in placed:
        if each.sent.file is None or each.how in (How.OUT, How.OPEN):
            continue
        rows = {row.unit for row in each.sent.file.rows}
        for unit in [code for code in ("", *names.called) if code in rows]:
            if unit not in first:
                first[unit] = each.sent.name
            elif unit:
                each.note("word-unit-twice", unit=names.name_of(unit), first=first[unit])
            else:
                each.note("word-all-twice", first=first[unit])


def _tell_file(placed: Placed) -> None:
    """The problems of a file, mistakes first, each with the name of the file."""
    ordered = sorted(placed.problems, key=lambda each: (each.severity != "error", _row(each)))
    placed.problems = [
        replace(each, facts={**each.facts, "file": placed.sent.name}) for each in ordered
    ]


def _row(problem: Problem) -> tuple[int, int]:
    table = int(problem.table) if problem.table.isdecimal() else 0
    return table, problem.row or 0
