"""Pages: one unit's sheet as it will be issued, and what it adds of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.indicators import Indicator, Node, SheetPlan, Values, ends_for
from kaohe.core.past import Past, PastValue
from kaohe.core.plan_edits import OWN_USED
from kaohe.core.quantities import FULL, show_plain
from kaohe.core.rule_words import rule_said
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.past_years import past_of
from kaohe.indicators.queries.review import marks_of
from kaohe.indicators.queries.schemes import common_plan, units_of
from kaohe.indicators.services import scheme_part
from kaohe.organization.queries.access import NothingHere
from kaohe.web.indicators.scheme_frame import about_scheme, back_to, scheme_page, scheme_to_edit
from kaohe.web.indicators.sheet_form import NUMBERS, SheetForm
from kaohe.web.requests import SignedIn
from kaohe.web.words.indicators import ELEMENTS, LEDGERS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import Mark, Participant, PartVersion

YEARS = 3  # of history beside a target


class History(NamedTuple):
    """What a unit reached in an earlier year."""

    year: int
    value: str
    earned: str
    points: str


class SheetLine(NamedTuple):
    """An indicator on a sheet: what the unit is held against, and what was before."""

    place: int
    indicator: Indicator
    points: str
    said: str
    own: Values
    shown: list[tuple[str, str, bool]]  # label, value, whether it is the unit's own
    nodes: Sequence[Node]
    waived: str
    history: list[History]
    marks: list[Mark]
    fields: list[forms.BoundField]
    lacks_base: bool


class SheetGroup(NamedTuple):
    """The indicators of an element, or of a ledger."""

    words: str
    points: str
    lines: list[SheetLine]


def _sheet_of(version: PartVersion, code: str) -> tuple[list[Indicator], SheetPlan]:
    """All indicators of a unit's sheet, and what it adds.

    Raises:
        NothingHere: the unit has no sheet in the scheme.
    """
    plan = plan_in(version)
    if code not in plan.sheets:
        raise NothingHere
    common = common_plan(version.part.assessment_year).of_unit(code)
    return [*common, *plan.of_unit(code)], plan.sheets[code]


def draft_sheet(request: SignedIn, key: int, code: str) -> HttpResponse:
    """One unit's sheet as it will be issued."""
    version = scheme_page(request, key)
    indicators, sheet = _sheet_of(version, code)
    context = _context(request, version, code)
    context |= _groups(version, code, indicators, sheet, None)
    return show(request, "indicators/draft_sheet.html", context)


def edit_draft_sheet(request: SignedIn, key: int, code: str) -> HttpResponse:
    """The unit's own values, what does not apply to it, its milestones."""
    version = scheme_to_edit(request, key)
    indicators, sheet = _sheet_of(version, code)
    form = SheetForm(request.POST or None, seen=version.version, indicators=indicators, sheet=sheet)
    answer = written(
        request,
        form,
        lambda: scheme_part.write_sheet(
            by=request.user,
            version=version,
            seen=form.was_seen,
            unit=code,
            sheet=form.sheet(),
        ),
        to=lambda _row: reverse("web:draft-sheet", args=[version.pk, code]),
        said=lambda _row: _("The sheet is saved."),
    )
    context = _context(request, version, code)
    context |= _groups(version, code, indicators, sheet, form)
    return answer or show(request, "indicators/draft_sheet.html", context, form)


def _context(request: SignedIn, version: PartVersion, code: str) -> dict[str, Any]:
    units = units_of(version.part.assessment_year, version.part.department)
    codes = list(plan_in(version).sheets)
    here = codes.index(code)
    return {
        **about_scheme(request, version),
        "code": code,
        "participant": units.get(code),
        "unit_name": units[code].name if code in units else code,
        "before": codes[here - 1] if here else "",
        "after": codes[here + 1] if here + 1 < len(codes) else "",
        "place": here + 1,
        "count": len(codes),
        "back": back_to(version),
    }


def _groups(
    version: PartVersion,
    code: str,
    indicators: Sequence[Indicator],
    sheet: SheetPlan,
    form: SheetForm | None,
) -> dict[str, Any]:
    year = version.part.assessment_year
    past = past_of(year.jurisdiction, year.year, YEARS)
    marks = marks_of(version)
    lines = [
        _line(place, each, sheet, form, (past, code), marks)
        for place, each in enumerate(indicators)
    ]
    common = [line for line in lines if line.indicator.component == "common"]
    mine = [line for line in lines if line.indicator.component != "common"]
    return {
        "common": _by_ledger(common),
        "own": _by_element(mine),
        "common_sum": _sum(common),
        "own_sum": _sum(mine),
        "is_whole": sum(line.indicator.points or 0 for line in mine) == FULL,
        "years": [year.year - back for back in range(1, YEARS + 1)] if past.years else [],
        "has_past": bool(past.years),
    }


def _line(
    place: int,
    indicator: Indicator,
    sheet: SheetPlan,
    form: SheetForm | None,
    known: tuple[Past, str],
    marks: Mapping[str, list[Mark]],
) -> SheetLine:
    past, code = known
    item = indicator.item
    own = sheet.values.get(item, Values())
    history = [_history(each) for each in past.values(code, indicator.name)[:YEARS]]
    roots = (f"indicators/{item}/", f"sheets/{code}/{item}/")
    return SheetLine(
        place,
        indicator,
        "—" if indicator.points is None else show_plain(indicator.points),
        _("; ").join(each.say(_) for each in rule_said(indicator, own)),
        own,
        _shown(indicator, own),
        sheet.nodes.get(item, ()),
        sheet.not_applicable.get(item, ""),
        history,
        [mark for path, found in marks.items() if path.startswith(roots) for mark in found],
        form.of_place(place) if form else [],
        indicator.rule == "growth" and own.base is None,
    )


def _history(each: PastValue) -> History:
    def text(ticks: int | None) -> str:
        return "—" if ticks is None else show_plain(ticks)

    return History(each.year, text(each.value), text(each.earned), text(each.points))


def _shown(indicator: Indicator, own: Values) -> list[tuple[str, str, bool]]:
    """What the unit is held against, in words."""
    ends = ends_for(indicator, own)
    names = [*OWN_USED.get(indicator.rule, ()), "base"]
    return [
        (str(NUMBERS[name]), show_plain(value), getattr(own, name) is not None)
        for name in names
        for value in (getattr(ends, name),)
        if value is not None
    ]


def _sum(lines: Sequence[SheetLine]) -> str:
    return show_plain(sum(line.indicator.points or 0 for line in lines))


def _by_element(lines: Sequence[SheetLine]) -> list[SheetGroup]:
    found = []
    for element in (*ELEMENTS, ""):
        mine = [
            line
            for line in lines
            if (line.indicator.element if line.indicator.element in ELEMENTS else "") == element
        ]
        if mine:
            words = _(ELEMENTS[element]) if element else _("no element")
            found.append(SheetGroup(words, _sum(mine), mine))
    return found


def _by_ledger(lines: Sequence[SheetLine]) -> list[SheetGroup]:
    return [
        SheetGroup(
            _(LEDGERS.get(ledger, "")) if ledger else _("common indicators"), _sum(mine), mine
        )
        for ledger, rows in groupby(lines, lambda line: line.indicator.ledger)
        for mine in (list(rows),)
    ]


class OutForm(WritingForm):
    """Taking a unit out needs nothing else."""


def take_out(request: SignedIn, key: int, code: str) -> HttpResponse:
    """Take a unit's sheet out of the scheme."""
    version = scheme_to_edit(request, key)
    _sheet_of(version, code)
    units: Mapping[str, Participant] = units_of(
        version.part.assessment_year, version.part.department
    )
    name = units[code].name if code in units else code
    form = OutForm(request.POST or None, seen=version.version)
    answer = written(
        request,
        form,
        lambda: scheme_part.take_out_unit(
            by=request.user, version=version, seen=form.was_seen, unit=code
        ),
        to=lambda _row: f"{back_to(version)}#sheets",
        said=lambda _row: _("%(name)s is taken out.") % {"name": name},
    )
    context = {
        **about_scheme(request, version),
        "title": _("Take a unit out of the scheme"),
        "about": name,
        "lead": _("Its sheet and the indicators that only it has go with it."),
        "save": _("Take out"),
        "back": back_to(version),
    }
    return answer or show(request, "indicators/form.html", context, form)
