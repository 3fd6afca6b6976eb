"""What becomes of units: renamed, merged, split, transferred to another department, closed.

A deed holds from a day on: the day before is the last of the old state.  ``plan`` says everything
that follows, and changes nothing; ``streak_effect`` says what becomes of runs of grades.
"""

from collections.abc import Iterable, Sequence, Set
from datetime import date, timedelta

from kaohe.core import succession_refusals as refusals
from kaohe.core.codes import is_credit_code
from kaohe.core.problems import Problem
from kaohe.core.register import FIELD, read_cell
from kaohe.core.rows import Succession
from kaohe.core.streaks import FATE_WORDS, Fate, Runs, StreakEffect, streak_effect
from kaohe.core.succession_terms import (
    DEED_WORDS,
    FORM_WORDS,
    Begins,
    Closing,
    Deed,
    Ends,
    Form,
    Ground,
    Newcomer,
    Opening,
    Plan,
    Recoding,
    Standing,
    Terms,
)
from kaohe.core.texts import clean, fold

__all__ = (
    "DEED_WORDS",
    "FATE_WORDS",
    "FORM_WORDS",
    "Begins",
    "Closing",
    "Deed",
    "Ends",
    "Fate",
    "Form",
    "Ground",
    "Newcomer",
    "Opening",
    "Plan",
    "Recoding",
    "Runs",
    "Standing",
    "StreakEffect",
    "Terms",
    "plan",
    "streak_effect",
)

_DAY = timedelta(days=1)


def plan(deed: Deed, units: Sequence[Standing], terms: Terms, ground: Ground) -> Plan:
    """What follows from a deed on units.

    Raises:
        Invalid, Conflict: one of ``succession_refusals``, each of which says what to mend.

    Source: docs/rules/successions.md, Q-1, Q-2, Q-3.
    """
    _check_units(units, terms.day, ground)
    return _PLANS[deed](units, terms, ground)


def _check_units(units: Sequence[Standing], day: date, ground: Ground) -> None:
    if day < ground.open_from:
        raise refusals.DayInClosedPast(open_from=ground.open_from)
    seen = set()
    for unit in units:
        if unit.code in seen:
            raise refusals.UnitTwice(unit=unit.name)
        seen.add(unit.code)
        if unit.closed_on is not None:
            raise refusals.UnitClosed(unit=unit.name, closed_on=unit.closed_on)
        if day <= unit.opened_on:
            raise refusals.DayBeforeOpening(unit=unit.name, opened_on=unit.opened_on)
        if unit.changed_on is not None and day <= unit.changed_on:
            raise refusals.DayBeforeLastChange(unit=unit.name, changed_on=unit.changed_on)


def _at_least(units: Sequence[Standing], least: int) -> None:
    if len(units) < least:
        raise refusals.TooFewUnits(least=least, count=len(units))


def _single(units: Sequence[Standing]) -> Standing:
    _at_least(units, 1)
    if len(units) > 1:
        raise refusals.OneUnitOnly(count=len(units))
    return units[0]


def _check_name(name: str, ground: Ground, leaving: Set[str]) -> None:
    """A name is free unless an open unit has it that is not ``leaving`` it."""
    if isinstance(read_cell(FIELD["name"], name), Problem):
        raise refusals.NameUnsound(name=name[:60])
    wanted = fold(name)
    for taken, other in ground.names.items():
        if other not in leaving and fold(taken) == wanted:
            raise refusals.NameTaken(name=name, other=other)


def _check_code(code: str, taken: Set[str]) -> None:
    if not is_credit_code(code):
        raise refusals.CodeUnsound(found=code)
    if code in taken:
        raise refusals.CodeTaken(found=code)


def _rename(units: Sequence[Standing], terms: Terms, ground: Ground) -> Plan:
    unit, day = _single(units), terms.day
    name = clean(terms.name) or unit.name
    code = terms.code or unit.code
    if (name, code) == (unit.name, unit.code):
        raise refusals.NothingChanges(unit=unit.name)
    recodings: tuple[Recoding, ...] = ()
    follows: tuple[Succession, ...] = ()
    if code != unit.code:
        _check_code(code, ground.codes)
        recodings = (Recoding(unit.code, code, day),)
        follows = (Succession(code, unit.code, day.year, "continuation"),)
    ends, begins = _new_name(unit, name, day, ground)
    return Plan(
        Deed.RENAME,
        day,
        (unit.code,),
        names_end=ends,
        names_begin=begins,
        recodings=recodings,
        successions=follows,
    )


def _new_name(
    unit: Standing, name: str, day: date, ground: Ground, leaving: Set[str] = frozenset()
) -> tuple[tuple[Ends, ...], tuple[Begins, ...]]:
    """What a unit that goes on gives up and gets; nothing where its name stays."""
    if name == unit.name:
        return (), ()
    _check_name(name, ground, {unit.code, *leaving})
    return (Ends(unit.code, unit.name, day - _DAY),), (Begins(unit.code, name, day),)


def _merge(units: Sequence[Standing], terms: Terms, ground: Ground) -> Plan:
    _at_least(units, 2)
    if terms.form is None:
        raise refusals.FormMissing
    if terms.form is Form.INTO_NEW:
        return _merge_into_new(units, terms, ground)
    survivor = next((unit for unit in units if unit.code == terms.survivor), None)
    if survivor is None:
        raise refusals.SurvivorMissing
    if terms.newcomers:
        raise refusals.TooManyNewcomers(most=0, count=len(terms.newcomers))
    ending = [unit for unit in units if unit is not survivor]
    leaving = {unit.code for unit in ending}
    name = clean(terms.name) or survivor.name
    ends, begins = _new_name(survivor, name, terms.day, ground, leaving)
    return _with_closings(
        Plan(
            Deed.MERGE,
            terms.day,
            tuple(unit.code for unit in units),
            names_end=ends,
            names_begin=begins,
            successions=tuple(
                Succession(survivor.code, unit.code, terms.day.year, "absorption")
                for unit in ending
            ),
        ),
        ending,
    )


def _merge_into_new(units: Sequence[Standing], terms: Terms, ground: Ground) -> Plan:
    openings = _openings(units, terms, ground, least=1, most=1, ending=units)
    follows = tuple(
        Succession(openings[0].unit, unit.code, terms.day.year, "merger") for unit in units
    )
    return _opened(Deed.MERGE, units, openings, follows, ending=units)


def _split(units: Sequence[Standing], terms: Terms, ground: Ground) -> Plan:
    unit = _single(units)
    ending = () if terms.continues else units
    least = 1 if terms.continues else 2
    openings = _openings(units, terms, ground, least=least, most=None, ending=ending)
    follows = tuple(Succession(new.unit, unit.code, terms.day.year, "split") for new in openings)
    return _opened(Deed.SPLIT, units, openings, follows, ending=ending)


def _openings(
    units: Sequence[Standing],
    terms: Terms,
    ground: Ground,
    *,
    least: int,
    most: int | None,
    ending: Iterable[Standing],
) -> tuple[Opening, ...]:
    """The units that begin, checked; the names of those that end are free."""
    count = len(terms.newcomers)
    if count < least:
        raise refusals.TooFewNewcomers(least=least, count=count)
    if most is not None and count > most:
        raise refusals.TooManyNewcomers(most=most, count=count)
    leaving = {unit.code for unit in ending}
    codes, names = set(ground.codes) | {unit.code for unit in units}, dict(ground.names)
    openings = []
    for new in terms.newcomers:
        name = clean(new.name)
        if not name:
            raise refusals.NameMissing
        _check_code(new.code, codes)
        _check_name(name, Ground(names=names), leaving)
        codes.add(new.code)
        names[name] = new.code
        department = new.department or units[0].department
        openings.append(Opening(new.code, name, department, terms.day))
    return tuple(openings)


def _opened(
    deed: Deed,
    units: Sequence[Standing],
    openings: tuple[Opening, ...],
    follows: tuple[Succession, ...],
    ending: Sequence[Standing],
) -> Plan:
    """A plan with units that begin, their names and affiliations, and units that end."""
    day = openings[0].first_day
    made = Plan(
        deed,
        day,
        tuple(unit.code for unit in units),
        names_begin=tuple(Begins(new.unit, new.name, day) for new in openings),
        affiliations_begin=tuple(Begins(new.unit, new.department, day) for new in openings),
        openings=openings,
        successions=follows,
    )
    return _with_closings(made, ending)


def _with_closings(made: Plan, ending: Iterable[Standing]) -> Plan:
    """The plan with units that end, and with them their names and affiliations."""
    last = made.day - _DAY
    ending = tuple(ending)
    return Plan(
        made.deed,
        made.day,
        made.units,
        names_end=made.names_end + tuple(Ends(unit.code, unit.name, last) for unit in ending),
        names_begin=made.names_begin,
        affiliations_end=tuple(Ends(unit.code, unit.department, last) for unit in ending),
        affiliations_begin=made.affiliations_begin,
        closings=tuple(Closing(unit.code, last) for unit in ending),
        openings=made.openings,
        successions=made.successions,
    )


def _transfer(units: Sequence[Standing], terms: Terms, ground: Ground) -> Plan:
    _at_least(units, 1)
    if not terms.department:
        raise refusals.DepartmentMissing
    for unit in units:
        if unit.department == terms.department:
            raise refusals.DepartmentSame(unit=unit.name)
    last = terms.day - _DAY
    return Plan(
        Deed.TRANSFER,
        terms.day,
        tuple(unit.code for unit in units),
        affiliations_end=tuple(Ends(unit.code, unit.department, last) for unit in units),
        affiliations_begin=tuple(Begins(unit.code, terms.department, terms.day) for unit in units),
    )


def _close(units: Sequence[Standing], terms: Terms, ground: Ground) -> Plan:
    _at_least(units, 1)
    return _with_closings(Plan(Deed.CLOSE, terms.day, tuple(unit.code for unit in units)), units)


_PLANS = {
    Deed.RENAME: _rename,
    Deed.MERGE: _merge,
    Deed.SPLIT: _split,
    Deed.TRANSFER: _transfer,
    Deed.CLOSE: _close,
}
