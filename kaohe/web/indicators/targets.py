"""Pages: the targets of a year, and those of one unit with its three years and adjustments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.past import PastValue
from kaohe.core.quantities import show_plain
from kaohe.core.target_path import MOVES, TARGET_WORDS, Deed, TargetState
from kaohe.indicators.queries.targets import (
    TargetLine,
    counts_by_state,
    departments_in,
    draft_for,
    table_of,
    tables_of,
    target_lines,
)
from kaohe.indicators.queries.years import get_participant
from kaohe.indicators.services.target_hook import may_return
from kaohe.organization.queries.access import allows
from kaohe.web.history import history_of
from kaohe.web.indicators.adjustments import adjusting
from kaohe.web.indicators.frame import about_year, look_at, year_page
from kaohe.web.indicators.target_words import (
    easing_told,
    latest_told,
    said_values,
    target_state,
    target_steps,
)
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn
from kaohe.web.writing import show

if TYPE_CHECKING:
    from kaohe.indicators.models import TargetTable
    from kaohe.organization.models import User

STATES = [(str(state), lazy(TARGET_WORDS[state])) for state in TargetState]
EARLIER = (3, 2, 1)  # years
RETURNS = {"return-review", "return-finalise"}


class TargetList(tables.Table):
    """The list of units with their targets."""

    unit = tables.Column(
        lazy("Unit"),
        accessor="participant__name",
        linkify=("web:unit-targets", {"key": tables.A("participant_id")}),
    )
    department = tables.Column(
        lazy("Department in charge"), accessor="participant__department_name"
    )
    state = tables.Column(lazy("State"))
    declared_by = tables.Column(lazy("Declared by"), accessor="declared_by__name", default="—")
    reviewed_by = tables.Column(lazy("Reviewed by"), accessor="reviewed_by__name", default="—")
    finalised_by = tables.Column(lazy("Finalised by"), accessor="finalised_by__name", default="—")
    moved_at = tables.DateColumn(verbose_name=lazy("Last move"), format="Y.m.d")

    class Meta:
        order_by = ("department", "unit")

    def render_state(self, value: str) -> SafeString:
        """Sign and word."""
        return format_html('<span class="st st-{}">{}</span>', *target_state(value))

    def value_state(self, value: str) -> str:
        """In words, for a workbook."""
        return target_state(value)[1]


class TargetFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(label=lazy("Unit or code"), method="by_name")
    department = filters.ChoiceFilter(
        label=lazy("Department in charge"), field_name="participant__department", choices=()
    )
    state = filters.ChoiceFilter(label=lazy("State"), choices=STATES)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.filters["department"].extra["choices"] = departments_in(self.queryset)

    def by_name(self, rows: QuerySet[TargetTable], _name: str, value: str) -> QuerySet[TargetTable]:
        """By a part of the unit's name, or its code."""
        return rows.filter(Q(participant__name__icontains=value) | Q(participant__code=value))


def targets(request: SignedIn, key: int) -> HttpResponse:
    """The list, with how many stand where."""
    year = year_page(request, key)
    rows = tables_of(request.user, year)
    counts = counts_by_state(rows)
    reviews = year.state == "open" and allows(request.user, Verb.TARGET_REVIEW)
    finalises = year.state == "open" and allows(request.user, Verb.TARGET_FINALISE)
    return listing(
        request,
        "indicators/targets.html",
        rows=rows,
        table=TargetList,
        filters=TargetFilter,
        title=_("Targets"),
        context={
            **about_year(request, year, "targets"),
            "any": has_any(rows),
            "counts": [
                (str(each), *target_state(each), counts.get(each, 0)) for each in TargetState
            ],
            "may_open": reviews,
            "may_review": reviews and counts.get(TargetState.DECLARED, 0),
            "may_finalise": finalises and counts.get(TargetState.REVIEWED, 0),
        },
    )


def unit_targets(request: SignedIn, key: int) -> HttpResponse:
    """The targets of one unit: what is asked, declared, agreed; three years; adjustments."""
    unit = get_participant(request.user, key)
    year = unit.assessment_year
    look_at(request, year)
    table = table_of(unit)
    context = {
        **about_year(request, year, "targets"),
        "unit": unit,
        "target_table": table,
        "years": [year.year - ago for ago in EARLIER],
        "adjusting": adjusting(request.user, unit),
    }
    if table is not None:
        context |= _told(request.user, table)
    return show(request, "indicators/unit_targets.html", context)


def _told(user: User, table: TargetTable) -> dict[str, Any]:
    lines = target_lines(table)
    look, said = target_state(table.state)
    return {
        "lines": [line_told(each, table) for each in lines],
        "below": sum(bool(line.easier or line.is_below) for line in lines),
        "steps": target_steps(table),
        "look": look,
        "said": said,
        "deeds": deeds_on(user, table),
        "own": user.pk in _hands(table) and bool(_waiting(user, table)),
        "history": history_of(user, table, [table.subject]),
    }


def lines_told(table: TargetTable) -> list[dict[str, Any]]:
    """All that is declared and agreed with a unit, in words."""
    return [line_told(each, table) for each in target_lines(table)]


def years_before(table: TargetTable) -> list[int]:
    """The three years that stand beside, earliest first."""
    return [table.participant.assessment_year.year - ago for ago in EARLIER]


def line_told(line: TargetLine, table: TargetTable) -> dict[str, Any]:
    """One indicator of a unit's targets in words."""
    points = line.indicator.points
    return {
        "line": line,
        "points": "—" if points is None else show_plain(points),
        "declared": said_values(line.fields, line.declared, line.declared_nodes)
        if table.declared
        else "—",
        "agreed": said_values(line.fields, line.agreed, line.nodes),
        "stood": said_values(line.fields, line.stood),
        "latest": latest_told(line.actual, line.actual_year) if line.fields else "—",
        "marks": easing_told(line),
        "history": actuals(line.history, table.participant.assessment_year.year),
    }


def actuals(history: Iterable[PastValue], year: int) -> list[str]:
    """What was measured in the three years before, earliest first; — where nothing was."""
    known = {each.year: each.value for each in history}
    return [
        "—" if value is None else show_plain(value)
        for ago in EARLIER
        for value in (known.get(year - ago),)
    ]


def _hands(table: TargetTable) -> set[int | None]:
    """Who took the steps before the next one."""
    if table.state == TargetState.DECLARED:
        return {table.declared_by_id}
    return {table.declared_by_id, table.reviewed_by_id}


def _waiting(user: User, table: TargetTable) -> set[str]:
    """The deeds that a table waits for and that a person's role allows."""
    return {
        f"return-{verb.partition('.')[2]}" if deed is Deed.RETURN else str(deed)
        for (start, deed), (_end, verb) in MOVES.items()
        if start == table.state and allows(user, verb, table)
    }


def deeds_on(user: User, table: TargetTable) -> set[str]:
    """What a person may do with targets where they stand now."""
    unit = table.participant
    if unit.assessment_year.state != "open":
        return set()
    found = _waiting(user, table)
    if draft_for(unit.assessment_year, unit.department) is None:
        found -= {Deed.FILL, Deed.DECLARE, Deed.REVIEW}
    if user.pk in _hands(table):
        found -= {Deed.REVIEW, Deed.FINALISE}
    if found & RETURNS and not may_return(table):
        found -= RETURNS
    return found
