"""Which unit a text means: by its code, its name, a further name or a former one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe.core.texts import fold

SHORT = 4  # characters; a shorter name counts only where nothing stands before it
AFTER = "年度"  # a short name may follow the year
LEAST = 2


class _Name(NamedTuple):
    text: str  # folded
    code: str  # of the unit
    rank: int  # the surer the smaller


@dataclass(slots=True)
class UnitNames:
    """The units of a department with all that they are called, the surest first.

    ``called``: code → its names; the code itself counts as the surest.
    """

    called: Mapping[str, Sequence[str]]
    names: list[_Name] = field(init=False)

    def __post_init__(self) -> None:
        self.names = [
            _Name(folded, code, rank)
            for code, names in self.called.items()
            for rank, name in enumerate((code, *names))
            if len(folded := fold(name)) >= LEAST
        ]

    @classmethod
    def by_name(cls, units: Mapping[str, str]) -> "UnitNames":
        """Units that have one name each."""
        return cls({code: (name,) if name else () for code, name in units.items()})

    def name_of(self, code: str) -> str:
        """What a unit is called; its code where it has no name."""
        return next(iter(self.called.get(code, ())), code)

    def in_text(self, text: str) -> list[str]:
        """The units that a text names, in their order; several: it cannot be told which is meant.

        A name that is part of a longer one that stands there does not count; a name that two units
        bear means the one of which it is the surer name.

        Source: docs/rules/plan_books.md, PB-9.
        """
        folded = fold(text)
        found = [name for name in self.names if _stands(name.text, folded)]
        sure: dict[str, int] = {}
        for name in found:
            sure[name.text] = min(name.rank, sure.get(name.text, name.rank))
        units = {
            name.code
            for name in found
            if name.rank == sure[name.text] and not _is_part(name.text, sure, folded)
        }
        return [code for code in self.called if code in units]

    def in_lines(self, lines: Sequence[str]) -> list[str]:
        """The units that the last of some lines names that names any; a name may run over two."""
        for line in reversed(lines):
            found = self.in_text(line)
            if found:
                return found
        return self.in_text(" ".join(lines))


def _stands(name: str, text: str) -> bool:
    """Whether a name stands in a text; a short one not at the end of a longer word."""
    if len(name) >= SHORT:
        return name in text
    place = text.find(name)
    while place > 0 and text[place - 1].isalnum() and text[place - 1] not in AFTER:
        place = text.find(name, place + 1)
    return place >= 0


def _is_part(name: str, names: Iterable[str], text: str) -> bool:
    """Whether a name stands in a text only as part of longer names that stand there, too."""
    longer = sorted((each for each in names if len(each) > len(name)), key=len, reverse=True)
    within = [each for each in longer if name in each]
    for each in within:
        text = text.replace(each, "\n")
    return bool(within) and not _stands(name, text)
