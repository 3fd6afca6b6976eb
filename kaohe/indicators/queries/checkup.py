"""The check-up of versions: each plan with all that is known of its year, and what is found.

What was found is remembered in the process, as long as plan and year are what they were.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from kaohe.core.checkup import Context, Finding, UnitFacts, counted
from kaohe.core.checkup_plan import check_plan
from kaohe.core.indicator_trees import plan_of
from kaohe.core.part_path import OPEN, Sort, State
from kaohe.core.plan_shares import overall
from kaohe.indicators.models import AssessmentYear, Part, Participant, PartVersion
from kaohe.indicators.queries.limits import limits_and_tiers
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.past_years import past_of
from kaohe.indicators.queries.remembered import Remembered
from kaohe.indicators.queries.schemes import common_plan

_HELD = [*sorted(OPEN), State.ISSUED, State.ARCHIVED]
_MOST = 512
T = TypeVar("T")


def findings_of(version: PartVersion) -> list[Finding]:
    """All that the check-up finds in a version, errors first; settings have checks of their own."""
    return findings_in([version])[version.pk]


def checked(version: PartVersion) -> dict[str, int]:
    """How many findings a version has: "error", "warning" and "note"."""
    return counted(findings_of(version))


def checked_in(versions: Iterable[PartVersion]) -> dict[int, dict[str, int]]:
    """The same for several versions of one year, by key, for lists of them."""
    return {key: counted(found) for key, found in findings_in(versions).items()}


def findings_in(versions: Iterable[PartVersion]) -> dict[int, list[Finding]]:
    """What is found in versions of one year, by key: a bounded number of queries for all."""
    return {key: list(each.findings) for key, each in examined(versions).items()}


class Examined(NamedTuple):
    """What a version was checked against, and what was found; settings: neither."""

    context: Context | None
    findings: list[Finding]


_found: Remembered[tuple[str, str], Examined] = Remembered(_MOST)  # by sort and digest


def examined(versions: Iterable[PartVersion]) -> dict[int, Examined]:
    """The check-up of versions of one year, by key: a bounded number of queries for all."""
    rows = list(versions)
    found = {row.pk: Examined(None, []) for row in rows}
    plans = [row for row in rows if row.part.sort != Sort.SETTINGS]
    for row, context in zip(plans, _contexts(plans), strict=True):
        key = (row.part.sort, row.digest)
        if (known := _found.get(key)) is None or known[0] != context:
            known = _found.keep(key, Examined(context, check_plan(plan_in(row), context)))
        found[row.pk] = known
    return found


def _contexts(versions: Sequence[PartVersion]) -> list[Context]:
    """What each version is checked against, in their order."""
    if not versions:
        return []
    year = versions[0].part.assessment_year
    limits, tiers = limits_and_tiers(year)
    past = past_of(versions[0].part.jurisdiction, year.year, limits.history)
    departments = {row.part.department_id for row in versions} - {None}
    common = common_plan(year).indicators if departments else ()
    units = _participants(versions, year)
    elsewhere = _codes_by_part(year)
    latent = _latent(year, departments, limits.history)
    contexts = []
    for row in versions:
        part = row.part
        others = _elsewhere(part, elsewhere)
        if part.department is None:
            contexts.append(Context(year.year, elsewhere=others, past=past, limits=limits))
            continue
        sheets = row.content.get("sheets", {})
        mine = {
            code: _facts(unit, part)
            for code, unit in units.items()
            if code in sheets or unit.department_id == part.department_id
        }
        shares = latent.get(part.department.pk, {})
        contexts.append(
            Context(
                year.year,
                part.department.name,
                common,
                mine,
                others,
                past,
                shares,
                limits,
                tiers,
            )
        )
    return contexts


def _participants(versions: Sequence[PartVersion], year: AssessmentYear) -> dict[str, Participant]:
    """The units of the departments in that year, and those whose sheets the plans have."""
    departments = {row.part.department_id for row in versions}
    codes = {code for row in versions for code in row.content.get("sheets", ())}
    rows = Participant.objects.filter(assessment_year=year)
    rows = rows.filter(Q(department__in=departments - {None}) | Q(code__in=codes))
    return {row.code: row for row in rows.select_related("unit")}


def _facts(row: Participant, part: Part) -> UnitFacts:
    unit, department = row.unit, part.department_id
    here = row.department_id == department
    if unit is None:
        return UnitFacts(row.name, row.status, here)
    return UnitFacts(
        row.name, row.status, here and unit.department_id == department, unit.closed_on is None
    )


def _codes_by_part(year: AssessmentYear) -> list[tuple[tuple[int, str], frozenset[str]]]:
    """The codes of indicators in every department's scheme of a year."""
    rows = PartVersion.objects.filter(
        part__assessment_year=year, part__sort=Sort.DEPARTMENT, state__in=_HELD
    )
    return _of_contents(rows, ("part", "part__department__name"), _codes)


def _elsewhere(
    part: Part, codes_by_part: Iterable[tuple[tuple[int, str], frozenset[str]]]
) -> dict[str, str]:
    """The codes of indicators in the schemes of other departments: code → its department."""
    return {code: name for (key, name), codes in codes_by_part if key != part.pk for code in codes}


def _codes(content: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each["item"] for each in content.get("indicators", ()))


def _latent(
    year: AssessmentYear, departments: Iterable[int | None], years: int
) -> dict[int, dict[int, int]]:
    """By department and year: the share of latent achievements in schemes that marked all."""
    rows = PartVersion.objects.filter(
        part__department__in=departments,
        part__sort=Sort.DEPARTMENT,
        part__assessment_year__year__lt=year.year,
        part__assessment_year__year__gte=year.year - years,
        state__in=[State.ISSUED, State.ARCHIVED],
    ).order_by("number")
    found: dict[int, dict[int, int]] = {}
    names = ("part__department", "part__assessment_year__year")
    for (department, when), share in _of_contents(rows, names, _latent_share):
        if share is not None:
            found.setdefault(department, {})[when] = share
    return found


def _latent_share(content: Mapping[str, Any]) -> int | None:
    shares = overall(plan_of(content))
    return shares.percent("latent") if shares.marked else None


def _of_contents(
    rows: QuerySet[PartVersion], names: tuple[str, str], take: Callable[[Mapping[str, Any]], T]
) -> list[tuple[tuple[Any, Any], T]]:
    """What is taken from contents; a content is opened once in a process, by its digest."""
    known: Remembered[str, tuple[T]] = _taken(take)
    listed = list(rows.values_list(*names, "digest"))
    wanted = {digest for *_names, digest in listed}
    found = {digest: there for digest in wanted if (there := known.get(digest))}
    if new := wanted - found.keys():
        contents = rows.filter(digest__in=new).values_list("digest", "content")
        found |= {digest: known.keep(digest, (take(content),)) for digest, content in contents}
    return [((one, other), found[digest][0]) for one, other, digest in listed]


@cache
def _taken(_take: Callable[..., Any]) -> Remembered[str, Any]:
    return Remembered(_MOST)
