"""Units that came from another department with a sheet, and what of it can be taken over."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import plan_of
from kaohe.core.indicators import Indicator, SheetPlan
from kaohe.core.part_path import OPEN, Sort, State
from kaohe.core.problems import N_
from kaohe.indicators.models import Participant, PartVersion, Sheet
from kaohe.organization.models import Affiliation, Jurisdiction, User
from kaohe.organization.queries.access import reach_of, visible
from kaohe.organization.queries.desk_lines import Task

CURRENT = [*sorted(map(str, OPEN)), str(State.ISSUED)]


class Origin(NamedTuple):
    """The sheet with which a unit came: from whom, what it had, whether it was in force."""

    participant: Participant
    department: str
    indicators: list[Indicator]
    sheet: SheetPlan
    issued: bool


def moved_units(rows: QuerySet[Participant]) -> QuerySet[Participant]:
    """Those of some units that were under another department before, by the register."""
    before = Affiliation.objects.filter(unit=OuterRef("unit"))
    elsewhere = before.exclude(department=OuterRef("department"))
    return rows.filter(Exists(elsewhere)).exclude(status="exempt")


def arrivals(version: PartVersion) -> list[Origin]:
    """The units that came to the department of a scheme, and whose sheet it does not have yet."""
    part = version.part
    rows = moved_units(
        Participant.objects.filter(
            assessment_year=part.assessment_year, department=part.department
        ).exclude(code__in=list(version.content.get("sheets", ())))
    ).select_related("assessment_year", "department")
    found = (origin_of(row) for row in rows)
    return [each for each in found if each is not None]


def origin_of(participant: Participant) -> Origin | None:
    """The sheet in force of a unit, if another department's scheme made it; else its draft."""
    sheet = (
        Sheet.objects.filter(participant=participant, state="issued")
        .exclude(scheme_version__part__department=participant.department_id)
        .select_related("scheme_version__part__department")
        .first()
    )
    code = participant.code
    if sheet is not None and sheet.scheme_version is not None:
        tree = {
            "indicators": [
                each
                for each in sheet.content.get("indicators", ())
                if each.get("component") != "common"
            ],
            "sheets": {code: sheet.content.get("sheet", {})},
        }
        return _origin(participant, sheet.scheme_version, tree, issued=True)
    drafts = _naming([participant]).exclude(part__department=participant.department_id)
    version = drafts.order_by("-number").first()
    if version is None:
        return None
    return _origin(participant, version, version.content, issued=False)


def _origin(
    participant: Participant, version: PartVersion, tree: Mapping[str, object], *, issued: bool
) -> Origin:
    plan, code = plan_of(tree), participant.code
    department = version.part.department
    name = department.name if department else ""
    return Origin(participant, name, plan.of_unit(code), plan.sheet(code), issued)


def _naming(rows: Iterable[Participant]) -> QuerySet[PartVersion]:
    """The current versions of schemes that have a sheet for one of some units of one year."""
    units = list(rows)
    named = reduce(or_, (Q(content__sheets__has_key=row.code) for row in units), Q(pk__in=[]))
    return PartVersion.objects.filter(
        named,
        part__assessment_year__in={row.assessment_year_id for row in units},
        part__sort=Sort.DEPARTMENT,
        state__in=CURRENT,
    ).select_related("part__department")


def takeover_tasks(user: User, place: Jurisdiction) -> list[Task]:
    """For who drafts a department's scheme: units that came, and whose sheet waits for it."""
    if not reach_of(user, Verb.SCHEME_DRAFT):
        return []
    rows = Participant.objects.filter(jurisdiction=place, assessment_year__state="open")
    mine = visible(user, Verb.SCHEME_DRAFT, rows, department="department")
    units = list(moved_units(mine).select_related("assessment_year", "department"))
    if not units:
        return []
    there = [
        (version.part.assessment_year_id, version.part.department_id, version.content["sheets"])
        for version in _naming(units)
    ]
    return [
        Task(
            kind=N_("Indicators"),
            title=N_("{unit} came to {department}: its sheet of {year} waits to be taken over"),
            facts={
                "unit": row.name,
                "department": row.department_name,
                "year": row.assessment_year.year,
            },
            deed=N_("Take the sheet over"),
            url="web:schemes",
            key=row.assessment_year_id,
        )
        for row in units
        if _waits(row, there)
    ]


def _waits(row: Participant, there: list[tuple[int, int | None, dict[str, object]]]) -> bool:
    """Whether others' schemes of the year have a sheet for a unit, and its department's has not."""
    having = {
        department
        for year, department, sheets in there
        if year == row.assessment_year_id and row.code in sheets
    }
    return bool(having) and row.department_id not in having
