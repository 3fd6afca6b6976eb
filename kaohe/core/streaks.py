"""What becomes of runs of grades (连续年度) when units change."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from kaohe.core.linkages import Past, run_of_years
from kaohe.core.problems import N_
from kaohe.core.scheme import Linkages
from kaohe.core.succession_terms import Plan


class Fate(StrEnum):
    """What becomes of a unit's years."""

    KEPT = "kept"
    CARRIED = "carried"  # to its new code
    STARTS = "starts"
    ENDS = "ends"


FATE_WORDS: Mapping[Fate, str] = {
    Fate.KEPT: N_("keeps its years"),
    Fate.CARRIED: N_("keeps its years under the new code"),
    Fate.STARTS: N_("starts without earlier years"),
    Fate.ENDS: N_("ends, and its years are not carried over"),
}


class Runs(NamedTuple):
    """How many years of grade A, and of C, a unit has in a row before a year."""

    a: int
    c: int


class StreakEffect(NamedTuple):
    """A unit's runs before and after a deed; None where there is no such unit."""

    unit: str
    fate: Fate
    before: Runs | None
    after: Runs | None


def streak_effect(made: Plan, past: Past, linkages: Linkages) -> list[StreakEffect]:
    """What becomes of the runs of each unit that a plan concerns: those there were, then new ones.

    The runs are those that the year of the deed would add to.

    Args:
        past: grades and successions known before the deed.
        linkages: how a year without a grade counts.

    Source: docs/rules/successions.md, Q-4; docs/rules/linkages.md, L-4, L-5.
    """
    carried = {
        row.unit: (row.predecessor, row.year)
        for row in made.successions
        if row.kind == "continuation"
    }
    after = Past(past.grades, {**past.continues, **carried})
    return list(_effects(made, past, after, linkages))


def _effects(made: Plan, past: Past, after: Past, linkages: Linkages) -> Iterator[StreakEffect]:
    ending = {closing.unit for closing in made.closings}
    recoded = {recoding.old: recoding.new for recoding in made.recodings}
    year = made.day.year
    for unit in made.units:
        before = _runs(past, unit, year, linkages)
        if unit in ending:
            yield StreakEffect(unit, Fate.ENDS, before, None)
        elif unit in recoded:
            code = recoded[unit]
            yield StreakEffect(code, Fate.CARRIED, before, _runs(after, code, year, linkages))
        else:
            yield StreakEffect(unit, Fate.KEPT, before, _runs(after, unit, year, linkages))
    for new in made.openings:
        yield StreakEffect(new.unit, Fate.STARTS, None, _runs(after, new.unit, year, linkages))


def _runs(past: Past, unit: str, year: int, linkages: Linkages) -> Runs:
    """The runs before ``year``: one less than they would be with the year itself."""
    return Runs(
        len(run_of_years(past, unit, (year, "A"), linkages.a_gap)) - 1,
        len(run_of_years(past, unit, (year, "C"), linkages.c_gap)) - 1,
    )
