"""Groups of a year (组别): who is in scope, which groups are too small, when they are frozen.

A rank says something only among enough units that can be compared.  Too small groups are merged
before the year begins in earnest; after the freeze a change needs approval.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

GENERAL = "综合组"  # where too small groups go
IN_SCOPE = ("public_first", "public_second")  # 公益一类、公益二类
LATE_OPENING = timedelta(days=14)  # what a year that is opened late has until its groups freeze


class GroupSize(NamedTuple):
    """A group and how many units are ranked in it: those that are graded."""

    name: str
    units: int


class Merge(NamedTuple):
    """Groups that should be merged, into which one, and how many units that one then has."""

    sources: tuple[str, ...]
    into: str
    units: int
    enough: bool


def usual_freeze(year: int, today: date) -> date:
    """The last day on which groups change without approval: 31 March, or soon, if that is past.

    Source: docs/rules/years.md, Y-6.

    >>> usual_freeze(2026, date(2026, 1, 10)), usual_freeze(2026, date(2026, 5, 1))
    (datetime.date(2026, 3, 31), datetime.date(2026, 5, 15))
    """
    return max(date(year, 3, 31), min(today + LATE_OPENING, date(year + 1, 12, 31)))


def is_frozen(freeze_on: date, frozen_on: date | None, today: date) -> bool:
    """Whether groups change only by approval: frozen by a deed, or their last day is over.

    Source: docs/rules/years.md, Y-6.
    """
    return frozen_on is not None or today > freeze_on


def too_small(groups: Iterable[GroupSize], minimum: int) -> list[GroupSize]:
    """The groups that have units, but fewer than the minimum.

    Source: docs/rules/years.md, Y-5.
    """
    return [each for each in groups if 0 < each.units < minimum]


def merge_proposal(groups: Sequence[GroupSize], minimum: int) -> Merge | None:
    """How the groups that are too small should be merged; None where there is nothing to merge.

    They go into the general group (综合组); where that would still be too small, into the smallest
    of the groups that are large enough, general group included.

    Source: docs/rules/years.md, Y-5.

    >>> merge_proposal([GroupSize("教育组", 30), GroupSize("执法组", 3), GroupSize("城建组", 4)], 5)
    Merge(sources=('执法组', '城建组'), into='综合组', units=7, enough=True)
    """
    small = too_small(groups, minimum)
    if not small:
        return None
    general = sum(each.units for each in groups if each.name == GENERAL)
    outside = [each for each in small if each.name != GENERAL]
    together = general + sum(each.units for each in outside)
    if outside and together >= minimum:
        return _merge(outside, GENERAL, together, minimum)
    large = [each for each in groups if each.units >= minimum]
    if large:
        into = min(large, key=lambda each: (each.units, each.name))
        units = into.units + sum(each.units for each in small)
        return _merge(small, into.name, units, minimum)
    return _merge(outside, GENERAL, together, minimum) if len(small) > 1 else None


def _merge(sources: Iterable[GroupSize], into: str, units: int, minimum: int) -> Merge:
    return Merge(tuple(each.name for each in sources), into, units, units >= minimum)


def after_merge(
    groups: Iterable[GroupSize], sources: Iterable[str], into: str
) -> list[tuple[str, int, int]]:
    """What a merge makes of the groups: each with its units before and after.

    Source: docs/rules/years.md, Y-5.

    >>> after_merge([GroupSize("执法组", 3), GroupSize("城建组", 4)], ["执法组"], "城建组")
    [('执法组', 3, 0), ('城建组', 4, 7)]
    """
    before = {each.name: each.units for each in groups}
    before.setdefault(into, 0)
    left = set(sources) - {into}
    moving = sum(before.get(name, 0) for name in left)
    return [
        (name, units, 0 if name in left else units + moving * (name == into))
        for name, units in before.items()
    ]
