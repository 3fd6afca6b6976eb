"""What earlier years (前三年) say of an indicator: what a unit had, and what it earned by it.

Indicators are found again by their folded names, since codes change from year to year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe.core.texts import fold


class PastValue(NamedTuple):
    """One indicator of one unit in an earlier year.

    Decimals are ticks.  ``value``: what was measured; ``target``: the unit's target or full end;
    ``earned``: None where nothing was earned or lost (not applicable, nothing to measure).
    """

    year: int
    item: str
    name: str
    points: int
    value: int | None = None
    target: int | None = None
    earned: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier years of a jurisdiction.

    ``by_unit``: (credit code, folded name) → values, latest year first; ``by_department``:
    (year, department's name) → folded name → what each of its units earned by it, with points.
    """

    years: tuple[int, ...] = ()  # latest first
    by_unit: Mapping[tuple[str, str], Sequence[PastValue]] = field(default_factory=dict)
    by_department: Mapping[tuple[int, str], Mapping[str, Sequence[int]]] = field(
        default_factory=dict
    )

    def values(self, unit: str, name: str) -> Sequence[PastValue]:
        """What a unit had under an indicator of this name, latest first."""
        return self.by_unit.get((unit, fold(name)), ())

    def items(self, year: int, department: str) -> Mapping[str, Sequence[int]]:
        """By folded name: what each unit of a department earned in a year, in ticks."""
        return self.by_department.get((year, department), {})
