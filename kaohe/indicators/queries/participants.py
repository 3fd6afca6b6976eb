"""Reading the units of a year: proposals about them, and where the register says something else."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.errors import Invalid
from kaohe.core.groups_of_year import IN_SCOPE
from kaohe.core.problems import N_
from kaohe.indicators.models import AssessmentYear, Participant, ParticipantChange, Sheet
from kaohe.indicators.queries.years import participants_of
from kaohe.organization.models import Unit, User
from kaohe.organization.queries.access import one, visible, visible_units

COPIED = (
    "name",
    "department",
    "department_name",
    "category",
    "sector",
    "funding_basis",
    "staff",
)  # what a year copies from the register


class UnitsUnknown(Invalid):
    """Keys that are none of a year's units."""

    code = "participant.unknown"
    sentence = N_("Not among the units of the year that you may see: {keys}. Correct the list.")
    field = "participants"


class Difference(NamedTuple):
    """One thing that the register says otherwise than the year."""

    field: str
    year: str
    register: str


class Differing(NamedTuple):
    """A unit of which the register says something else by now, or that has ended."""

    participant: Participant
    differences: list[Difference]
    ended: bool


def copied_from(participant: Participant) -> dict[str, Any]:
    """What the register says by now of a unit that is in it, as a year keeps it."""
    unit = participant.unit
    if unit is None:
        return {}
    return {
        "name": unit.name,
        "department": unit.department,
        "department_name": unit.department.name,
        "category": unit.category,
        "sector": unit.sector,
        "funding_basis": unit.funding_basis or "appropriation",
        "staff": unit.staff or 0,
    }


def differences_of(participant: Participant) -> list[Difference]:
    """Where the register says something else by now than the year does.

    Source: docs/rules/years.md, Y-8.
    """
    found = []
    for name, value in copied_from(participant).items():
        if name != "department" and getattr(participant, name) != value:
            found.append(Difference(name, str(getattr(participant, name)), str(value)))
    return found


def register_differences(user: User, year: AssessmentYear) -> list[Differing]:
    """The units of a year of which the register says something else by now, or that have ended."""
    rows = participants_of(user, year).filter(unit__isnull=False)
    told = (
        Q(name=F("unit__name"))
        & Q(department=F("unit__department"))
        & Q(department_name=F("unit__department__name"))
        & Q(category=F("unit__category"))
        & Q(sector=F("unit__sector"))
        & Q(unit__closed_on__isnull=True)
    )
    same = told & (Q(staff=F("unit__staff")) | Q(staff=0, unit__staff__isnull=True))
    same &= Q(funding_basis=F("unit__funding_basis")) | Q(
        funding_basis="appropriation", unit__funding_basis=""
    )
    found = []
    for row in rows.exclude(same).select_related("unit__department"):
        differences = differences_of(row)
        ended = row.unit is not None and row.unit.closed_on is not None
        if differences or ended:
            found.append(Differing(row, differences, ended))
    return found


def not_taken_in(user: User, year: AssessmentYear) -> QuerySet[Unit]:
    """Units of the register that are not in a year, those in scope by their category first."""
    rows = visible_units(user).filter(
        jurisdiction=year.jurisdiction_id, closed_on__isnull=True, code__isnull=False
    )
    inside = year.participants.order_by().values("code")
    return rows.exclude(code__in=inside).exclude(code="").order_by("name")


def in_scope_but_out(user: User, year: AssessmentYear) -> QuerySet[Unit]:
    """Units of the register that are in scope by their category, and are not in a year."""
    return not_taken_in(user, year).filter(category__in=IN_SCOPE)


def _changes_seen(user: User) -> QuerySet[ParticipantChange]:
    rows = ParticipantChange.objects.select_related(
        "jurisdiction",
        "participant__jurisdiction",
        "participant__department",
        "participant__assessment_year__jurisdiction",
        "proposed_by",
        "decided_by",
    )
    where = {"department": "participant__department", "unit": "participant__unit"}
    return visible(user, Verb.SHEET_READ, rows, **where)


def changes_of(user: User, year: AssessmentYear) -> QuerySet[ParticipantChange]:
    """The proposals of a year that a user may see, latest first."""
    return _changes_seen(user).filter(participant__assessment_year=year)


def get_change(user: User, key: int) -> ParticipantChange:
    """A proposal that a user may see.

    Raises:
        NothingHere: there is none.
    """
    return one(_changes_seen(user), key)


def without_group(year: AssessmentYear) -> QuerySet[Participant]:
    """The units of a year that need a group and have none."""
    return year.participants.filter(group__isnull=True).exclude(status="exempt")


def changes_of_unit(participant: Participant) -> QuerySet[ParticipantChange]:
    """The proposals about a unit of a year, latest first."""
    return participant.changes.select_related("proposed_by", "decided_by")


def departments_in(rows: QuerySet[Participant]) -> list[str]:
    """The departments of some units of a year, by the names that the year keeps."""
    found = rows.order_by("department_name").values_list("department_name", flat=True)
    return list(found.distinct())


def groups_in(rows: QuerySet[Participant]) -> list[tuple[int, str]]:
    """The groups of some units of a year: key and name."""
    found = rows.filter(group__isnull=False).order_by("group__position", "group__name")
    return list(found.values_list("group", "group__name").distinct())


def latest_sheet(participant: Participant) -> Sheet | None:
    """The latest version of a unit's sheet, if one was issued."""
    return participant.sheets.first()


def chosen_units(user: User, year: AssessmentYear, keys: Collection[int]) -> list[Participant]:
    """Some units of a year by their keys.

    Raises:
        UnitsUnknown: some are not among those that the user may see.
    """
    found = list(participants_of(user, year).filter(pk__in=keys))
    left = sorted(set(keys) - {row.pk for row in found})
    if left:
        raise UnitsUnknown(keys=", ".join(map(str, left)))
    return found


def found_by_text(rows: QuerySet[Participant], text: str) -> QuerySet[Participant]:
    """Those of some units whose name or code holds a text."""
    return rows.filter(Q(name__icontains=text) | Q(code__icontains=text))
