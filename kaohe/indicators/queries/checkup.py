"""The check-up of a version: its plan with all that is known of its year, and what is found."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from kaohe.core.checkup import Context, Finding, UnitFacts, counted
from kaohe.core.checkup_plan import check_plan
from kaohe.core.indicator_trees import plan_of
from kaohe.core.indicators import Plan
from kaohe.core.part_path import OPEN, Sort, State
from kaohe.core.plan_shares import overall
from kaohe.indicators.models import Part, Participant, PartVersion
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.past_years import past_of
from kaohe.indicators.queries.schemes import common_plan

_HELD = [*sorted(OPEN), State.ISSUED, State.ARCHIVED]
_YEARS = 3  # earlier ones that are looked at
_MOST = 512
T = TypeVar("T")


def findings_of(version: PartVersion) -> list[Finding]:
    """All that the check-up finds in a version, errors first; settings have checks of their own."""
    if version.part.sort == Sort.SETTINGS:
        return []
    plan = plan_in(version)
    return check_plan(plan, context_of(version.part, plan))


def checked(version: PartVersion) -> dict[str, int]:
    """How many findings a version has: "error", "warning" and "note"."""
    return counted(findings_of(version))


def context_of(part: Part, plan: Plan) -> Context:
    """What a plan of a part is checked against.  A bounded number of queries, whatever its size."""
    year = part.assessment_year
    past = past_of(part.jurisdiction, year.year, _YEARS)
    if part.department is None:
        return Context(year.year, elsewhere=_elsewhere(part), past=past)
    return Context(
        year.year,
        part.department.name,
        common_plan(year).indicators,
        _units(part, plan),
        _elsewhere(part),
        past,
        _latent(part),
    )


def _units(part: Part, plan: Plan) -> dict[str, UnitFacts]:
    """The units of the department in that year, and those whose sheets the plan has."""
    rows = Participant.objects.filter(assessment_year=part.assessment_year)
    rows = rows.filter(Q(department=part.department) | Q(code__in=list(plan.sheets)))
    return {row.code: _facts(row, part) for row in rows.select_related("unit")}


def _facts(row: Participant, part: Part) -> UnitFacts:
    unit, department = row.unit, part.department_id
    here = row.department_id == department
    if unit is None:
        return UnitFacts(row.name, row.status, here)
    return UnitFacts(
        row.name, row.status, here and unit.department_id == department, unit.closed_on is None
    )


def _elsewhere(part: Part) -> dict[str, str]:
    """The codes of indicators in the schemes of other departments: code → its department."""
    rows = PartVersion.objects.filter(
        part__assessment_year=part.assessment_year,
        part__sort=Sort.DEPARTMENT,
        state__in=_HELD,
    ).exclude(part=part)
    found = _of_contents(rows, "part__department__name", _codes)
    return {code: name for name, codes in found for code in codes}


def _codes(content: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each["item"] for each in content.get("indicators", ()))


def _latent(part: Part) -> dict[int, int]:
    """The share of latent achievements in the department's earlier schemes that marked all."""
    year = part.assessment_year.year
    rows = PartVersion.objects.filter(
        part__department=part.department,
        part__sort=Sort.DEPARTMENT,
        part__assessment_year__year__lt=year,
        part__assessment_year__year__gte=year - _YEARS,
        state__in=[State.ISSUED, State.ARCHIVED],
    ).order_by("number")
    found = _of_contents(rows, "part__assessment_year__year", _latent_share)
    return {year: share for year, share in found if share is not None}


def _latent_share(content: Mapping[str, Any]) -> int | None:
    shares = overall(plan_of(content))
    return shares.percent("latent") if shares.marked else None


def _of_contents(
    rows: QuerySet[PartVersion], name: str, take: Callable[[Mapping[str, Any]], T]
) -> list[tuple[Any, T]]:
    """What is taken from contents; a content is opened once in a process, by its digest."""
    known: dict[str, T] = _taken(take)
    listed = list(rows.values_list(name, "digest"))
    if new := {digest for _named, digest in listed} - known.keys():
        while len(known) + len(new) > _MOST and known:
            known.pop(next(iter(known)))
        contents = rows.filter(digest__in=new).values_list("digest", "content")
        known.update((digest, take(content)) for digest, content in contents)
    return [(named, known[digest]) for named, digest in listed]


@cache
def _taken(_take: Callable[..., Any]) -> dict[str, Any]:
    return {}
