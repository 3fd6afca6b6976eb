"""Departments' schemes over the API: begun, their indicators and sheets, libraries, curves."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.part_shapes import PartVersionShape
from kaohe.api.indicators.scheme_shapes import (
    BeginScheme,
    CurveQuery,
    CurveShape,
    DraftSheet,
    FromLibrary,
    IndicatorBody,
    Libraries,
    MoveIndicator,
    PrefaceBody,
    Schemes,
    SheetBody,
    TakeOverBody,
    UnitsBody,
    shown,
    ticks_of,
)
from kaohe.api.routes import read, write
from kaohe.core.access import Verb
from kaohe.core.curves import Measured, curve, example, is_flat
from kaohe.core.indicator_trees import indicator_tree, sheet_tree
from kaohe.core.indicators import Indicator, Values
from kaohe.core.part_path import Sort
from kaohe.core.past import Past
from kaohe.core.plan_edits import ItemGone, found_in
from kaohe.core.quantities import FULL, parse_ticks, show_plain
from kaohe.core.rule_words import rule_said
from kaohe.core.tables import MEASURED_RULES
from kaohe.indicators.queries.libraries import libraries, library
from kaohe.indicators.queries.parts import get_part_version, plan_in
from kaohe.indicators.queries.past_years import past_of
from kaohe.indicators.queries.schemes import (
    SchemeLine,
    common_plan,
    scheme_lines,
    units_of,
)
from kaohe.indicators.queries.years import get_year
from kaohe.indicators.services import scheme_part, takeovers
from kaohe.organization.queries.access import NothingHere
from kaohe.organization.queries.departments import get_department

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

router = Router(tags=["indicator-schemes"])
_R, _D = Verb.SCHEME_READ, Verb.SCHEME_DRAFT
ROOT = "/scheme-versions/{int:key}"
ONE = f"{ROOT}/indicators/{{item}}"


def _scheme(request: Caller, key: int) -> "PartVersion":
    """A version of a department's scheme.

    Raises:
        NothingHere: there is none that the caller may see.
    """
    row = get_part_version(request.user, key)
    if row.part.sort != Sort.DEPARTMENT:
        raise NothingHere
    return row


def _edited(request: Caller, key: int, deed: Any, **given: Any) -> "PartVersion":
    """A scheme after a deed of ``scheme_part``."""
    row = _scheme(request, key)
    found: PartVersion = deed(by=request.user, version=row, seen=seen(request), **given)
    return found


def _indicator(version: "PartVersion", item: str) -> Indicator:
    try:
        return found_in(plan_in(version), item)
    except ItemGone:
        raise NothingHere from None


@read(router, "/years/{int:key}/schemes", _R, Schemes)
def schemes(request: Caller, key: int) -> dict[str, Any]:
    """The departments of a year that one may see, each with its scheme and its shares."""
    lines = scheme_lines(request.user, get_year(request.user, key))
    return {"items": [_line(each) for each in lines]}


def _line(line: SchemeLine) -> dict[str, Any]:
    version, outline = line.version, line.outline
    whole = outline.shares if outline else None
    return {
        "department": line.department.pk,
        "name": line.department.name,
        "units": line.units,
        "scheme_version": version.pk if version else None,
        "state": version.state if version else "",
        "number": version.number if version else None,
        "indicators": outline.indicators if outline else None,
        "moved_at": version.moved_at if version else None,
        **{
            name: shown(whole.percent(name)) if whole else None
            for name in ("quantified", "visible", "latent")
        },
    }


@write(router, "POST", "/departments/{int:key}/schemes", _D, PartVersionShape, of_version=False)
def begin_scheme(request: Caller, key: int, body: BeginScheme) -> "PartVersion":
    """Begin a department's scheme: from nothing, from last year's, or from a library."""
    return scheme_part.begin_scheme(
        by=request.user,
        department=get_department(request.user, key),
        year=get_year(request.user, body.assessment_year),
        source=body.source,
        library_code=body.library,
    )


@write(router, "POST", f"{ROOT}/indicators", _D, PartVersionShape)
def enter_indicator(request: Caller, key: int, body: IndicatorBody) -> "PartVersion":
    """Enter an indicator; it comes behind the last of its element."""
    return _edited(request, key, scheme_part.write_indicator, indicator=body.indicator())


@write(router, "PATCH", ONE, _D, PartVersionShape)
def change_indicator(request: Caller, key: int, item: str, body: IndicatorBody) -> "PartVersion":
    """Put an indicator in place of another; what is left out is empty, its code stays."""
    made = body.indicator()
    return _edited(
        request,
        key,
        scheme_part.write_indicator,
        indicator=made if made.item else replace(made, item=item),
        instead_of=item,
    )


@write(router, "POST", f"{ONE}/remove", _D, PartVersionShape)
def remove_indicator(request: Caller, key: int, item: str) -> "PartVersion":
    """Take an indicator out, with what sheets say of it."""
    return _edited(request, key, scheme_part.remove_from_scheme, item=item)


@write(router, "POST", f"{ONE}/move", _D, PartVersionShape)
def move_indicator(request: Caller, key: int, item: str, body: MoveIndicator) -> "PartVersion":
    """Move an indicator before or behind its neighbour of the same element."""
    return _edited(request, key, scheme_part.move_in_scheme, item=item, up=body.up)


@write(router, "POST", f"{ONE}/copy", _D, PartVersionShape)
def copy_indicator(request: Caller, key: int, item: str, body: UnitsBody) -> "PartVersion":
    """Give further units an indicator like that of one, each under a code of its own."""
    return _edited(request, key, scheme_part.copy_to_units, item=item, units=body.units)


@write(router, "POST", f"{ROOT}/library", _D, PartVersionShape)
def add_from_library(request: Caller, key: int, body: FromLibrary) -> "PartVersion":
    """Add indicators of a library, with points of one's own."""
    points = {each.item: ticks_of(each.points) or 0 for each in body.items}
    return _edited(
        request, key, scheme_part.add_from_library, library_code=body.library, points=points
    )


@write(router, "POST", f"{ROOT}/preface", _D, PartVersionShape)
def write_preface(request: Caller, key: int, body: PrefaceBody) -> "PartVersion":
    """Write what the scheme says before its indicators."""
    return _edited(request, key, scheme_part.write_preface, preface=body.preface)


@write(router, "POST", f"{ROOT}/units", _D, PartVersionShape)
def take_units_in(request: Caller, key: int, body: UnitsBody) -> "PartVersion":
    """Add a sheet for units of the department that have none in the scheme."""
    return _edited(request, key, scheme_part.take_units_in, units=body.units)


@write(router, "POST", f"{ROOT}/take-over", _D, PartVersionShape)
def take_over_sheet(request: Caller, key: int, body: TakeOverBody) -> "PartVersion":
    """Take the sheet of a unit over that came from another department."""
    return _edited(
        request,
        key,
        takeovers.take_over_sheet,
        unit=body.code,
        with_indicators=body.with_indicators,
    )


@write(router, "POST", f"{ROOT}/draft-sheets/{{unit}}/remove", _D, PartVersionShape)
def take_unit_out(request: Caller, key: int, unit: str) -> "PartVersion":
    """Take a unit's sheet out, with the indicators that only it has."""
    return _edited(request, key, scheme_part.take_out_unit, unit=unit)


@write(router, "PATCH", f"{ROOT}/draft-sheets/{{unit}}", _D, PartVersionShape)
def write_draft_sheet(request: Caller, key: int, unit: str, body: SheetBody) -> "PartVersion":
    """Write what a unit's sheet adds: own values, what does not apply to it, milestones."""
    return _edited(request, key, scheme_part.write_sheet, unit=unit, sheet=body.sheet())


@read(router, f"{ROOT}/draft-sheets/{{unit}}", _R, DraftSheet)
def draft_sheet(request: Caller, key: int, unit: str) -> dict[str, Any]:
    """One unit's sheet as it will be issued, with three years beside each indicator."""
    version = _scheme(request, key)
    plan, year = plan_in(version), version.part.assessment_year
    if unit not in plan.sheets:
        raise NothingHere
    units = units_of(year, version.part.department)
    past = past_of(year.jurisdiction, year.year)
    mine = plan.of_unit(unit)
    tree = sheet_tree(plan.sheets[unit])
    items = [_item(each, tree, past, unit) for each in [*common_plan(year).of_unit(unit), *mine]]
    return {
        "unit": unit,
        "name": units[unit].name if unit in units else unit,
        "points": show_plain(sum(each.points or 0 for each in mine)),
        "items": items,
    }


def _item(indicator: Indicator, tree: dict[str, Any], past: Past, unit: str) -> dict[str, Any]:
    item = indicator.item
    return {
        "indicator": indicator_tree(indicator),
        "values": tree["values"].get(item, {}),
        "not_applicable": tree["not_applicable"].get(item, ""),
        "nodes": tree["nodes"].get(item, []),
        "past": [
            {
                "year": each.year,
                **{
                    name: shown(getattr(each, name))
                    for name in ("value", "target", "earned", "points")
                },
            }
            for each in past.values(unit, indicator.name)
        ],
    }


@read(router, f"{ONE}/curve", _R, CurveShape)
def indicator_curve(
    request: Caller, key: int, item: str, query: Query[CurveQuery]
) -> dict[str, Any]:
    """How an indicator is scored: in sentences, as a curve, and what a value would earn."""
    row = _indicator(_scheme(request, key), item)
    own = Values(base=FULL) if row.rule == "growth" else Values()
    points = curve(row, own)
    value = parse_ticks(query.value)
    tried = example(row, own, Measured(value=value)) if row.rule in MEASURED_RULES else None
    return {
        "said": [each.say(_) for each in rule_said(row)],
        "points": [{"value": shown(x.value), "earned": shown(x.earned)} for x in points],
        "flat": is_flat(row, own),
        "example": None
        if tried is None or value is None
        else {"value": shown(value), "earned": shown(tried)},
    }


@read(router, "/libraries", Verb.YEAR_READ, Libraries)
def indicator_libraries(request: Caller) -> dict[str, Any]:
    """The libraries of the sectors, with their indicators."""
    return {
        "items": [
            {
                "code": code,
                "title": title,
                "indicators": [indicator_tree(each) for each in library(code)],
            }
            for code, title in libraries()
        ]
    }
