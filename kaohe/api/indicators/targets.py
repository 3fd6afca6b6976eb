"""Targets over the API: opened, filled in, declared, reviewed, returned, finalised."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.target_shapes import (
    ChosenTables,
    DeclareTargets,
    FillTargets,
    Many,
    Nothing,
    ReturnTargets,
    ReviewTargets,
    TargetFilters,
    TargetTableLine,
    TargetTableShape,
    WithdrawTargets,
    days_told,
    shown,
    values_told,
)
from kaohe.api.routes import listed, read, write
from kaohe.core.access import Verb
from kaohe.core.part_path import Sort
from kaohe.indicators.queries import targets as queries
from kaohe.indicators.queries.parts import get_part_version
from kaohe.indicators.services import targets as services
from kaohe.organization.queries.access import NothingHere

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.indicators.models import TargetTable

router = Router(tags=["targets"])
ROOT, ONE = "/target-tables", "/target-tables/{int:key}"


def _told(row: "TargetTable") -> Any:
    """A table with its lines."""
    found: Any = row
    found.lines = [_line(each) for each in queries.target_lines(row)]
    return found


def _line(line: queries.TargetLine) -> dict[str, Any]:
    indicator = line.indicator
    return {
        "item": indicator.item,
        "name": indicator.name,
        "rule": indicator.rule,
        "measure": indicator.measure,
        "fields": list(line.fields),
        "earlier": [
            {"year": each.year, "value": shown(each.value), "target": shown(each.target)}
            for each in line.history
        ],
        "declared": None if line.declared is None else values_told(line.declared),
        "agreed": values_told(line.agreed),
        "days": days_told(line.nodes),
        "below": line.is_below,
        "compared_year": line.actual_year,
        "scheme": values_told(line.stood),
        "easier": list(line.easier),
    }


@listed(router, ROOT, Verb.SHEET_READ, TargetTableLine, by=("id",))
def target_tables(request: Caller, filters: Query[TargetFilters]) -> "QuerySet[TargetTable]":
    """The targets of units that one may see."""
    rows = queries.all_tables(request.user)
    if filters.year is not None:
        rows = rows.filter(participant__assessment_year__year=filters.year)
    if filters.department is not None:
        rows = rows.filter(participant__department=filters.department)
    if filters.state:
        rows = rows.filter(state=filters.state)
    return rows.filter(participant__code=filters.code) if filters.code else rows


@read(router, ONE, Verb.SHEET_READ, TargetTableShape)
def target_table(request: Caller, key: int) -> Any:
    """The targets of one unit: what is asked, declared and agreed, with three years."""
    return _told(queries.get_table(request.user, key))


@write(
    router,
    "POST",
    "/scheme-versions/{int:key}/open-targets",
    Verb.TARGET_REVIEW,
    Many,
    of_version=False,
)
def open_targets(request: Caller, key: int, body: Nothing) -> dict[str, int]:
    """Open the declaration for the units that have a sheet in a draft of a department's scheme."""
    version = get_part_version(request.user, key)
    if version.part.sort != Sort.DEPARTMENT:
        raise NothingHere
    return {"count": len(services.open_targets(by=request.user, version=version))}


@write(router, "PATCH", ONE, Verb.TARGET_DECLARE, TargetTableShape)
def fill_targets(request: Caller, key: int, body: FillTargets) -> Any:
    """Keep what a unit has entered so far; nothing of it is checked yet."""
    row = queries.get_table(request.user, key, Verb.TARGET_DECLARE)
    found = services.fill_targets(by=request.user, table=row, seen=seen(request), own=body.own())
    return _told(found)


@write(router, "POST", f"{ONE}/declare", Verb.TARGET_DECLARE, TargetTableShape)
def declare_targets(request: Caller, key: int, body: DeclareTargets) -> Any:
    """Declare the targets of a unit to its department."""
    row = queries.get_table(request.user, key, Verb.TARGET_DECLARE)
    found = services.declare_targets(by=request.user, table=row, seen=seen(request), own=body.own())
    return _told(found)


@write(router, "POST", f"{ONE}/withdraw", Verb.TARGET_DECLARE, TargetTableShape)
def withdraw_targets(request: Caller, key: int, body: WithdrawTargets) -> Any:
    """Take back, as the unit, what it declared, while its department has not reviewed it."""
    row = queries.get_table(request.user, key, Verb.TARGET_DECLARE)
    found = services.withdraw_targets(
        by=request.user, table=row, seen=seen(request), reason=body.reason
    )
    return _told(found)


@write(router, "POST", f"{ONE}/review", Verb.TARGET_REVIEW, TargetTableShape)
def review_targets(request: Caller, key: int, body: ReviewTargets) -> Any:
    """Accept what a unit declared, as it is or amended, and write it into the scheme's draft."""
    row = queries.get_table(request.user, key, Verb.TARGET_REVIEW)
    found = services.review_targets(
        by=request.user,
        table=row,
        seen=seen(request),
        amended=body.own(),
        reason=body.reason,
    )
    return _told(found)


def _returned(request: Caller, key: int, verb: Verb, reason: str) -> Any:
    row = queries.get_table(request.user, key, verb)
    return _told(
        services.return_targets(by=request.user, table=row, seen=seen(request), reason=reason)
    )


@write(router, "POST", f"{ONE}/return", Verb.TARGET_REVIEW, TargetTableShape)
def return_targets(request: Caller, key: int, body: ReturnTargets) -> Any:
    """Return, as the department, what a unit declared."""
    return _returned(request, key, Verb.TARGET_REVIEW, body.reason)


@write(router, "POST", f"{ONE}/office-return", Verb.TARGET_FINALISE, TargetTableShape)
def office_return_targets(request: Caller, key: int, body: ReturnTargets) -> Any:
    """Return, as the office, what a department reviewed."""
    return _returned(request, key, Verb.TARGET_FINALISE, body.reason)


@write(router, "POST", f"{ONE}/finalise", Verb.TARGET_FINALISE, TargetTableShape)
def finalise_targets(request: Caller, key: int, body: Nothing) -> Any:
    """Finalise what a department reviewed."""
    row = queries.get_table(request.user, key, Verb.TARGET_FINALISE)
    [found] = services.finalise_targets(by=request.user, tables=[(row, seen(request))])
    return _told(found)


def _many(
    request: Caller, body: ChosenTables, verb: Verb, service: Callable[..., list[Any]]
) -> dict[str, int]:
    versions = {each.table: each.version for each in body.tables}
    rows = {row.pk: row for row in queries.all_tables(request.user, verb).filter(pk__in=versions)}
    if rows.keys() != versions.keys():
        raise NothingHere
    tables = [(rows[key], version) for key, version in versions.items()]
    return {"count": len(service(by=request.user, tables=tables))}


@write(router, "POST", f"{ROOT}/review", Verb.TARGET_REVIEW, Many)
def review_many_targets(request: Caller, body: ChosenTables) -> dict[str, int]:
    """Accept what several units declared, as it is: all or none."""
    return _many(request, body, Verb.TARGET_REVIEW, services.review_all)


@write(router, "POST", f"{ROOT}/finalise", Verb.TARGET_FINALISE, Many)
def finalise_many_targets(request: Caller, body: ChosenTables) -> dict[str, int]:
    """Finalise the targets of several units: all or none."""
    return _many(request, body, Verb.TARGET_FINALISE, services.finalise_targets)
