"""What a department's scheme holds, as it stands on the page of its version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.indicators import Element, Indicator, Plan, Values
from kaohe.core.part_path import Sort
from kaohe.core.plan_shares import Shares, by_unit, overall
from kaohe.core.quantities import FULL, TICK, half_up, show_plain
from kaohe.core.rule_words import rule_said
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.review import marks_of, may_edit, may_mark
from kaohe.indicators.queries.schemes import earlier_shares, units_of
from kaohe.indicators.queries.takeovers import arrivals
from kaohe.web.indicators.contents import declare_content
from kaohe.web.indicators.part_cells import cells_to_mark
from kaohe.web.indicators.scheme_frame import address_if_any
from kaohe.web.requests import SignedIn
from kaohe.web.words.indicators import ELEMENTS, VISIBILITY

if TYPE_CHECKING:
    from kaohe.indicators.models import Mark, Participant, PartVersion

PARTS: Mapping[str, str] = {
    Element.BUSINESS: "business",
    Element.BENEFIT: "benefit",
    Element.MANAGEMENT: "management",
}


class IndicatorLine(NamedTuple):
    """An indicator in the list of a scheme."""

    indicator: Indicator
    points: str
    rule: str
    said: str
    visibility: str
    unit: str  # the name of the one unit that it is for
    marks: list[Mark]
    cells: list[tuple[str, str]]  # path and label of each that can be marked


class ElementGroup(NamedTuple):
    """The indicators of one element, with the sum of those that all units have."""

    element: str
    words: str
    lines: list[IndicatorLine]
    points: str
    share: str


class UnitLine(NamedTuple):
    """A unit's sheet in the matrix of sums."""

    code: str
    name: str
    status: str
    indicators: int
    business: str
    benefit: str
    management: str
    total: str
    is_whole: bool  # the total is exactly 100
    latent: str
    quantified: str
    here: bool  # the unit still is of the department and takes part


class TrendLine(NamedTuple):
    """Shares of visible and latent points in a year."""

    year: int
    visible: str
    latent: str


def percent_shown(ticks: int | None) -> str:
    """A percentage with one digit behind the point; a dash where there is none.

    >>> percent_shown(525_000), percent_shown(None)
    ('52.5%', '—')
    """
    if ticks is None:
        return "—"
    tenths = half_up(ticks, TICK // 10)
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def content_of(request: SignedIn, version: PartVersion) -> Mapping[str, Any]:
    """Template and context of the content of a department's scheme."""
    plan = plan_in(version)
    units = units_of(version.part.assessment_year, version.part.department)
    whole = overall(plan)
    cells = cells_to_mark(version) if may_mark(request.user, version) else {}
    return {
        "template": "indicators/scheme_content.html",
        "version": version,
        "plan": plan,
        "editable": may_edit(request.user, version),
        "groups": groups_of(plan, units, whole, marks_of(version), cells),
        "whole": whole,
        "shares": {name: percent_shown(whole.percent(name)) for name in Shares._fields[1:-1]},
        "units": [_unit_line(each.unit, each.shares, units) for each in by_unit(plan)],
        "missing": [row for code, row in units.items() if code not in plan.sheets],
        "arrivals": arrivals(version) if may_edit(request.user, version) else [],
        "trend": trend_of(version, whole),
        "workbook": address_if_any("web:scheme-workbook", version.pk),
        "upload": address_if_any("web:scheme-upload", version.pk),
        "word": address_if_any("web:scheme-word", version.pk),
    }


def groups_of(
    plan: Plan,
    units: Mapping[str, Participant],
    whole: Shares,
    marks: Mapping[str, list[Mark]],
    cells: Mapping[str, list[tuple[str, str]]] | None = None,
) -> list[ElementGroup]:
    """The indicators by element, in the order of the three; others come last."""
    by_item: dict[str, list[Mark]] = {}
    for path, found in marks.items():
        root, _slash, rest = path.partition("/")
        if root == "indicators":
            by_item.setdefault(rest.rpartition("/")[0] or rest, []).extend(found)
    groups = []
    for element in (*PARTS, ""):
        mine = [
            each
            for each in plan.indicators
            if (each.element if each.element in PARTS else "") == element
        ]
        if not mine and not element:
            continue
        for_all = sum(each.points or 0 for each in mine if not each.unit)
        groups.append(
            ElementGroup(
                element,
                _(ELEMENTS[element]) if element else _("no element"),
                [
                    _indicator_line(
                        each, units, by_item.get(each.item, []), (cells or {}).get(each.item, [])
                    )
                    for each in mine
                ],
                show_plain(for_all),
                percent_shown(whole.percent(PARTS[element])) if element else "—",
            )
        )
    return groups


def _indicator_line(
    indicator: Indicator,
    units: Mapping[str, Participant],
    marks: list[Mark],
    cells: list[tuple[str, str]],
) -> IndicatorLine:
    only = indicator.unit
    return IndicatorLine(
        indicator,
        "—" if indicator.points is None else show_plain(indicator.points),
        indicator.rule,
        said_of(indicator),
        _(VISIBILITY[indicator.visibility]) if indicator.visibility in VISIBILITY else "",
        units[only].name if only in units else only,
        marks,
        cells,
    )


def said_of(indicator: Indicator, own: Values | None = None) -> str:
    """How an indicator is scored, in one line; by a unit's own values where it has any."""
    return _("; ").join(each.say(_) for each in rule_said(indicator, own))


def _unit_line(code: str, shares: Shares, units: Mapping[str, Participant]) -> UnitLine:
    row = units.get(code)
    return UnitLine(
        code,
        row.name if row else code,
        row.status if row else "",
        shares.indicators,
        show_plain(shares.business),
        show_plain(shares.benefit),
        show_plain(shares.management),
        show_plain(shares.points),
        shares.points == FULL,
        percent_shown(shares.percent("latent")),
        percent_shown(shares.percent("quantified")),
        row is not None,
    )


def trend_of(version: PartVersion, whole: Shares) -> list[TrendLine]:
    """Visible and latent shares of this year and of those before that a scheme is kept of."""
    year = version.part.assessment_year.year
    found = {year: whole} | earlier_shares(version)
    return [_trend_line(each, shares) for each, shares in found.items()]


def _trend_line(year: int, shares: Shares) -> TrendLine:
    if not shares.visible and not shares.latent:
        return TrendLine(year, "", "")
    return TrendLine(
        year, percent_shown(shares.percent("visible")), percent_shown(shares.percent("latent"))
    )


declare_content(Sort.DEPARTMENT, content_of)
