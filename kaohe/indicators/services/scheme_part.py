"""A department's scheme: begun from something, and edited piece by piece while it is a draft.

Each deed is one edit of the whole content (``parts.edit_part``), made of the content as it is when
the deed is carried out: who acts on what somebody else has changed since is told.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from django.db import transaction

from kaohe.core.access import Verb
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.indicator_trees import plan_of, tree_of
from kaohe.core.indicators import Indicator, Plan, SheetPlan
from kaohe.core.part_path import Sort
from kaohe.core.plan_edits import (
    copy_indicator,
    move_indicator,
    next_code,
    put_indicator,
    put_sheet,
    remove_indicator,
    stem_of,
    take_in,
    take_out,
)
from kaohe.core.problems import N_
from kaohe.core.texts import clean_long
from kaohe.indicators.models import AssessmentYear, PartVersion
from kaohe.indicators.queries.libraries import library
from kaohe.indicators.queries.parts import in_force, part_of
from kaohe.indicators.queries.schemes import (
    carried_over,
    codes_elsewhere,
    common_codes,
    last_plan,
    stem_for,
    units_of,
)
from kaohe.indicators.services.parts import begin_part, draft_next_version, edit_part
from kaohe.organization.models import Department, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import taken


class Beginning(StrEnum):
    """What a scheme is begun from."""

    NOTHING = "nothing"
    LAST_YEAR = "last-year"
    LIBRARY = "library"


class NoUnits(Conflict):
    """A department without a unit in the year needs no scheme."""

    code = "scheme.no-units"
    sentence = N_(
        "{department} has no unit that takes part in {year}. Take its units into the year first."
    )


class NoLastYear(Invalid):
    """There is nothing to carry over."""

    code = "scheme.no-last-year"
    sentence = N_(
        "No scheme of {department} from an earlier year is here. Begin from a library or from"
        " nothing, or ask the office to import last year's folder."
    )
    field = "source"


class NotAScheme(Conflict):
    """The version is of the settings or of the common template."""

    code = "scheme.not-a-scheme"
    sentence = N_("This is not a department's scheme. Edit it on its own page.")


class NothingChosen(Invalid):
    """Nothing of a library was ticked."""

    code = "scheme.nothing-chosen"
    sentence = N_("Nothing is chosen. Tick what is to be taken over.")


class UnitNotInYear(Invalid):
    """A unit that is not of this department in this year."""

    code = "scheme.unit-not-in-year"
    sentence = N_("{unit} is no unit of this department that takes part in the year.")


@transaction.atomic
def begin_scheme(
    *,
    by: User,
    year: AssessmentYear,
    department: Department,
    source: str = Beginning.NOTHING,
    library_code: str = "",
) -> PartVersion:
    """Begin the scheme of a department, with an empty sheet for each of its units.

    Args:
        source: a ``Beginning``; from last year's scheme bases and targets are moved on.
        library_code: of the library to begin from.

    Raises:
        RoleMissing: ``by`` may not.
        NoUnits: no unit of the department takes part.
        NoLastYear: there is no scheme to carry over.
        LibraryUnknown: there is no such library.
        PartThere, PartVersionOpen, YearIsClosed: as ``parts.begin_part``.
    """
    require(by, Verb.SCHEME_DRAFT, department)
    units = units_of(year, department)
    if not units:
        raise NoUnits(department=department.name, year=year.year)
    content = tree_of(_beginning(year, department, list(units), source, library_code))
    part = part_of(year, Sort.DEPARTMENT, department.pk)
    if part is not None and in_force(part) is None:  # what was begun before was given up
        return draft_next_version(by=by, part=part, content=content)
    return begin_part(
        by=by, year=year, sort=Sort.DEPARTMENT, department=department, content=content
    )


def _beginning(
    year: AssessmentYear, department: Department, units: list[str], source: str, library_code: str
) -> Plan:
    if source == Beginning.LAST_YEAR:
        found = last_plan(year, department)
        if found is None:
            raise NoLastYear(department=department.name)
        return carried_over(found, year, department).plan
    plan = take_in(Plan(), units)
    if source == Beginning.LIBRARY:
        taken_codes = codes_elsewhere(year, department)
        return recoded(plan, library(library_code), stem_for(department), taken_codes)
    return plan


def recoded(
    plan: Plan, indicators: Sequence[Indicator], stem: str, elsewhere: Collection[str]
) -> Plan:
    """A plan with further indicators, each under the next free code behind a stem."""
    for each in indicators:
        used = {row.item for row in plan.indicators} | set(elsewhere)
        plan = put_indicator(plan, replace(each, item=next_code(stem, used), unit=""))
    return plan


def _edited(
    by: User, version: PartVersion, seen: int | None, edit: Callable[[Plan, PartVersion], Plan]
) -> PartVersion:
    """Carry out an edit of a scheme's content as it now is."""
    row = taken(PartVersion, version.pk, seen)
    if row.part.sort != Sort.DEPARTMENT:
        raise NotAScheme
    content = tree_of(edit(plan_of(row.content), row))
    return edit_part(by=by, version=row, seen=row.version, content=content)


@transaction.atomic
def write_indicator(
    *,
    by: User,
    version: PartVersion,
    seen: int | None,
    indicator: Indicator,
    instead_of: str = "",
) -> PartVersion:
    """Enter an indicator, or change one.

    Args:
        indicator: without a code: it gets the next one.
        instead_of: the code of the one that is changed.

    Raises:
        RoleMissing: ``by`` may not.
        ItemCodeUnfit, ItemThere, ItemGone: as ``plan_edits.put_indicator``.
        UnitNotInYear: it is for a unit that the scheme has no sheet for.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)

    def edit(plan: Plan, row: PartVersion) -> Plan:
        if indicator.unit and indicator.unit not in plan.sheets:
            raise UnitNotInYear(unit=indicator.unit)
        coded = indicator if indicator.item else replace(indicator, item=_free(plan, row))
        return put_indicator(plan, coded, instead_of)

    return _edited(by, version, seen, edit)


def _free(plan: Plan, row: PartVersion) -> str:
    """The next code of a scheme that nobody uses in its year."""
    stem = stem_of(plan, stem_for(row.part.department))
    used = {each.item for each in plan.indicators}
    return next_code(stem, used | codes_elsewhere(row.part.assessment_year, row.part.department))


@transaction.atomic
def remove_from_scheme(
    *, by: User, version: PartVersion, seen: int | None, item: str
) -> PartVersion:
    """Take an indicator out, with what sheets say of it.

    Raises:
        RoleMissing: ``by`` may not.
        ItemGone: it is not there.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)
    return _edited(by, version, seen, lambda plan, _row: remove_indicator(plan, item))


@transaction.atomic
def move_in_scheme(
    *, by: User, version: PartVersion, seen: int | None, item: str, up: bool
) -> PartVersion:
    """Move an indicator before or behind its neighbour of the same element.

    Raises:
        RoleMissing: ``by`` may not.
        ItemGone: it is not there.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)
    return _edited(by, version, seen, lambda plan, _row: move_indicator(plan, item, up=up))


@transaction.atomic
def copy_to_units(
    *, by: User, version: PartVersion, seen: int | None, item: str, units: Collection[str]
) -> PartVersion:
    """Give further units an indicator like that of one, each under a code of its own.

    Raises:
        RoleMissing: ``by`` may not.
        NothingChosen: no unit is named.
        ItemGone, ItemForAll, SheetGone: as ``plan_edits.copy_indicator``.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)
    if not units:
        raise NothingChosen

    def edit(plan: Plan, row: PartVersion) -> Plan:
        elsewhere = codes_elsewhere(row.part.assessment_year, row.part.department)
        return copy_indicator(plan, item, units, elsewhere)

    return _edited(by, version, seen, edit)


@transaction.atomic
def add_from_library(
    *,
    by: User,
    version: PartVersion,
    seen: int | None,
    library_code: str,
    points: Mapping[str, int],
) -> PartVersion:
    """Add indicators of a library, with points of one's own.

    Args:
        points: code in the library → points in ticks.

    Raises:
        RoleMissing: ``by`` may not.
        LibraryUnknown: there is no such library.
        NothingChosen: it has none of these codes.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)
    chosen = [
        replace(each, points=points[each.item])
        for each in library(library_code)
        if each.item in points
    ]
    if not chosen:
        raise NothingChosen

    def edit(plan: Plan, row: PartVersion) -> Plan:
        stem = stem_of(plan, stem_for(row.part.department))
        elsewhere = codes_elsewhere(row.part.assessment_year, row.part.department)
        return recoded(plan, chosen, stem, elsewhere)

    return _edited(by, version, seen, edit)


@transaction.atomic
def write_sheet(
    *, by: User, version: PartVersion, seen: int | None, unit: str, sheet: SheetPlan
) -> PartVersion:
    """Write what a unit's sheet adds: own values, what does not apply to it, milestones.

    Args:
        unit: its credit code.

    Raises:
        RoleMissing: ``by`` may not.
        SheetGone, ItemNotOfUnit: as ``plan_edits.put_sheet``.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)

    def edit(plan: Plan, row: PartVersion) -> Plan:
        return put_sheet(plan, unit, sheet, common_codes(row.part.assessment_year))

    return _edited(by, version, seen, edit)


@transaction.atomic
def take_units_in(
    *, by: User, version: PartVersion, seen: int | None, units: Collection[str]
) -> PartVersion:
    """Add a sheet for units of the department that have none in the scheme.

    Raises:
        RoleMissing: ``by`` may not.
        NothingChosen: no unit is named.
        UnitNotInYear: one of them is not of the department, or does not take part.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)
    if not units:
        raise NothingChosen

    def edit(plan: Plan, row: PartVersion) -> Plan:
        there = units_of(row.part.assessment_year, row.part.department)
        for unit in units:
            if unit not in there:
                raise UnitNotInYear(unit=unit)
        return take_in(plan, units)

    return _edited(by, version, seen, edit)


@transaction.atomic
def take_out_unit(*, by: User, version: PartVersion, seen: int | None, unit: str) -> PartVersion:
    """Take a unit's sheet out, with the indicators that only it has.

    Raises:
        RoleMissing: ``by`` may not.
        SheetGone: it has none.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)
    return _edited(by, version, seen, lambda plan, _row: take_out(plan, unit))


@transaction.atomic
def write_preface(*, by: User, version: PartVersion, seen: int | None, preface: str) -> PartVersion:
    """Write what the scheme says before its indicators.

    Raises:
        RoleMissing: ``by`` may not.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.
    """
    require(by, Verb.SCHEME_DRAFT, version)
    text = clean_long(preface)
    return _edited(by, version, seen, lambda plan, _row: replace(plan, preface=text))
