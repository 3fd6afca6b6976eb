"""Reading departments' schemes: which a year has, what they were before, what they may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import plan_of, sheet_from
from kaohe.core.indicators import Plan
from kaohe.core.part_path import FIXED, OPEN, Sort, State
from kaohe.core.plan_carry import Carried, carry_over
from kaohe.core.plan_shares import Shares, overall
from kaohe.indicators.models import AssessmentYear, Part, Participant, PartVersion, Sheet
from kaohe.indicators.queries.parts import in_force, open_version, part_of, plan_in
from kaohe.indicators.queries.past_years import past_of
from kaohe.indicators.queries.remembered import Remembered
from kaohe.organization.models import Department, User
from kaohe.organization.queries.access import visible


class LastPlan(NamedTuple):
    """A department's scheme of an earlier year, with the sheets as they were at its end."""

    year: int
    version: PartVersion
    plan: Plan


class Outline(NamedTuple):
    """What lists say of a scheme: how many indicators it has, and how its points are shared out."""

    indicators: int
    shares: Shares


class SchemeLine(NamedTuple):
    """A department in a year, with the version of its scheme that is looked at, if any."""

    department: Department
    units: int
    version: PartVersion | None
    outline: Outline | None


_outlines: Remembered[str, Outline] = Remembered(1024)  # by digest
_commons: Remembered[str, Plan] = Remembered(16)


def units_of(year: AssessmentYear, department: Department | None) -> dict[str, Participant]:
    """The units of a department that take part in a year, by code; exempt ones do not."""
    rows = Participant.objects.filter(assessment_year=year, department=department)
    return {row.code: row for row in rows.exclude(status="exempt").select_related("group")}


def stem_for(department: Department | None) -> str:
    """What the codes of a department's indicators begin with: its number among departments."""
    if department is None:
        return "G"
    before = Department.objects.filter(
        jurisdiction=department.jurisdiction_id, pk__lte=department.pk
    )
    return f"G{before.count():02d}-"


def codes_elsewhere(year: AssessmentYear, department: Department | None) -> set[str]:
    """The codes of indicators that a year uses outside a department's scheme."""
    rows = PartVersion.objects.filter(
        part__assessment_year=year, state__in=[*OPEN, State.ISSUED, State.ARCHIVED]
    ).exclude(part__sort=Sort.SETTINGS)
    if department is not None:
        rows = rows.exclude(part__department=department)
    contents = rows.order_by().values_list("content", flat=True)
    return {each["item"] for content in contents for each in content.get("indicators", ())}


def common_plan(year: AssessmentYear) -> Plan:
    """The common template of a year: the one in force, else its draft; empty where none is."""
    part = part_of(year, Sort.TEMPLATE)
    found = part and (in_force(part) or open_version(part))
    return _commons.get_or(found.digest, lambda: plan_in(found)) if found else Plan()


def common_codes(year: AssessmentYear) -> set[str]:
    """The codes of the common indicators of a year."""
    return {each.item for each in common_plan(year).indicators}


def last_plan(year: AssessmentYear, department: Department) -> LastPlan | None:
    """The department's scheme of the latest earlier year that has one in force."""
    parts = Part.objects.filter(
        assessment_year__jurisdiction=year.jurisdiction,
        assessment_year__year__lt=year.year,
        sort=Sort.DEPARTMENT,
        department=department,
    ).select_related("assessment_year")
    for part in parts.order_by("-assessment_year__year"):
        found = in_force(part)
        if found is not None:
            return LastPlan(part.assessment_year.year, found, _as_it_ended(part, plan_in(found)))
    return None


def _as_it_ended(part: Part, plan: Plan) -> Plan:
    """A plan with the sheets that are in force: what was adjusted in mid-year is in these."""
    rows = Sheet.objects.filter(
        participant__assessment_year=part.assessment_year,
        participant__department=part.department,
        state__in=["issued", "archived"],
    ).order_by("number")
    sheets = dict(plan.sheets)
    for code, content in rows.values_list("participant__code", "content"):
        sheets[code] = sheet_from(content["sheet"])
    return Plan(plan.preface, plan.indicators, sheets)


def carried_over(last: LastPlan, year: AssessmentYear, department: Department) -> Carried:
    """An earlier scheme as the draft of a year, with what is not known for it."""
    past = past_of(year.jurisdiction, year.year)
    return carry_over(last.plan, list(units_of(year, department)), past, year.year)


def departments_with_units(
    user: User, year: AssessmentYear, verb: Verb = Verb.SCHEME_READ
) -> QuerySet[Department]:
    """The departments with units in a year to whose scheme a user may do ``verb``, by name."""
    taking_part = Participant.objects.filter(assessment_year=year).exclude(status="exempt")
    rows = Department.objects.filter(pk__in=taking_part.order_by().values("department"))
    return visible(user, verb, rows.select_related("jurisdiction"), department="pk").order_by(
        "name"
    )


def scheme_lines(user: User, year: AssessmentYear) -> list[SchemeLine]:
    """Each department of a year with its scheme: the version on its way, else the one in force.

    A version on its way comes with its content, which the check-up looks at; others without.
    """
    departments = list(departments_with_units(user, year))
    taking_part = Participant.objects.filter(assessment_year=year).exclude(status="exempt")
    counts = dict(taking_part.order_by().values_list("department").annotate(count=Count("pk")))
    rows = (
        PartVersion.objects.filter(
            part__assessment_year=year,
            part__sort=Sort.DEPARTMENT,
            part__department__in=departments,
        )
        .exclude(state__in=[State.SUPERSEDED, State.WITHDRAWN])
        .select_related("part__department", "part__assessment_year", "part__jurisdiction")
        .defer("content")
        .order_by("number")
    )
    latest: Mapping[int | None, PartVersion] = {row.part.department_id: row for row in rows}
    outlines = _outlines_of(latest.values())
    found = []
    for each in departments:
        version = latest.get(each.pk)
        outline = outlines[version.pk] if version else None
        found.append(SchemeLine(each, counts.get(each.pk, 0), version, outline))
    return found


def _outlines_of(versions: Iterable[PartVersion]) -> dict[int, Outline]:
    """The outline of each version by key; a content that is not on its way is opened once."""
    rows = list(versions)
    known = {row.pk: _outlines.get(row.digest) for row in rows}
    wanted = [row.pk for row in rows if row.state in OPEN or known[row.pk] is None]
    contents = dict(PartVersion.objects.filter(pk__in=wanted).values_list("pk", "content"))
    found = {}
    for row in rows:
        if row.pk in contents:
            row.content = contents[row.pk]
        found[row.pk] = known[row.pk] or _outlines.keep(row.digest, _outline(row.content))
    return found


def _outline(content: Mapping[str, Any]) -> Outline:
    """From the indicators and which sheets there are, without what these add."""
    sheets: dict[str, dict[str, str]] = {code: {} for code in content.get("sheets", ())}
    plan = plan_of({"indicators": content.get("indicators", ()), "sheets": sheets})
    return Outline(len(plan.indicators), overall(plan))


def scheme_of_year(year: AssessmentYear, department: Department) -> PartVersion | None:
    """The version of a department's scheme that is looked at: on its way, else in force."""
    part = part_of(year, Sort.DEPARTMENT, department.pk)
    return (open_version(part) or in_force(part)) if part else None


def earlier_shares(version: PartVersion, years: int = 3) -> dict[int, Shares]:
    """The shares of what was in force of a department's scheme in the years before, by year."""
    part = version.part
    before = part.assessment_year.year
    rows = PartVersion.objects.filter(
        part__department=part.department,
        part__sort=Sort.DEPARTMENT,
        part__assessment_year__year__lt=before,
        part__assessment_year__year__gte=before - years,
        state__in=FIXED - {State.SUPERSEDED},
    ).order_by("-part__assessment_year__year", "number")
    found = list(rows.select_related("part__assessment_year").defer("content"))
    outlines = _outlines_of(found)
    return {row.part.assessment_year.year: outlines[row.pk].shares for row in found}
