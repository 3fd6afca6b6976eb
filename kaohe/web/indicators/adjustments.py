"""Pages: the adjustments of a year, one adjustment, and those of a unit for its other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.target_path import (
    ADJUSTMENT_MOVES,
    ADJUSTMENT_OPEN,
    ADJUSTMENT_WORDS,
    AdjustmentState,
    Deed,
)
from kaohe.indicators.queries.adjustments import (
    adjusted_by,
    adjustments_of,
    adjustments_of_unit,
    changes_in,
    get_adjustment,
    open_adjustment,
    sheet_in_force,
)
from kaohe.organization.queries.access import allows
from kaohe.web.history import history_of
from kaohe.web.indicators.frame import about_year, look_at, year_page
from kaohe.web.indicators.target_words import (
    ChangeLine,
    adjustment_state,
    adjustment_steps,
    change_lines,
)
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn
from kaohe.web.words import targets as words
from kaohe.web.writing import show

if TYPE_CHECKING:
    from kaohe.indicators.models import Adjustment, Participant
    from kaohe.organization.models import User

SIGNS = words.ADJUSTMENT_SIGNS
STATES = [(str(state), lazy(ADJUSTMENT_WORDS[state])) for state in AdjustmentState]
FRAGMENT = "indicators/sheet_adjustments.html"


class AdjustmentList(tables.Table):
    """The list of adjustments."""

    unit = tables.Column(
        lazy("Unit"),
        accessor="participant__name",
        linkify=("web:adjustment", {"key": tables.A("pk")}),
    )
    number = tables.Column(lazy("No."), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    department = tables.Column(
        lazy("Department in charge"), accessor="participant__department_name"
    )
    state = tables.Column(lazy("State"))
    proposed_by = tables.Column(lazy("Proposed by"), accessor="proposed_by__name")
    proposed_at = tables.DateColumn(verbose_name=lazy("Proposed on"), format="Y.m.d")
    document = tables.Column(lazy("Document"), default="—")

    class Meta:
        order_by = ("-proposed_at",)

    def render_state(self, value: str) -> SafeString:
        """Sign and word."""
        return format_html('<span class="st st-{}">{}</span>', *adjustment_state(value))

    def value_state(self, value: str) -> str:
        """In words, for a workbook."""
        return adjustment_state(value)[1]


class AdjustmentFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(label=lazy("Unit or code"), method="by_name")
    state = filters.ChoiceFilter(label=lazy("State"), choices=STATES)

    def by_name(self, rows: QuerySet[Adjustment], _name: str, value: str) -> QuerySet[Adjustment]:
        """By a part of the unit's name, or its code."""
        return rows.filter(Q(participant__name__icontains=value) | Q(participant__code=value))


def adjustments(request: SignedIn, key: int) -> HttpResponse:
    """The list."""
    year = year_page(request, key)
    rows = adjustments_of(request.user, year)
    return listing(
        request,
        "indicators/adjustments.html",
        rows=rows,
        table=AdjustmentList,
        filters=AdjustmentFilter,
        title=_("Adjustments of targets"),
        context={
            **about_year(request, year, "targets"),
            "any": has_any(rows),
            "is_over": timezone.localdate() > year.cut_off_on,
        },
    )


def adjustment(request: SignedIn, key: int) -> HttpResponse:
    """One adjustment: old and new, the reason, where it stands, who may do what."""
    row = get_adjustment(request.user, key)
    year = row.participant.assessment_year
    look_at(request, year)
    look, said = adjustment_state(row.state)
    context = {
        **about_year(request, year, "targets"),
        "adjustment": row,
        "changes": changes_told(row),
        "look": look,
        "said": said,
        "steps": adjustment_steps(row),
        "deeds": deeds_on(request.user, row),
        "is_over": timezone.localdate() > year.cut_off_on,
        "history": history_of(request.user, row, [row.subject]),
    }
    return show(request, "indicators/adjustment.html", context)


def changes_told(row: Adjustment) -> list[ChangeLine]:
    """What an adjustment changes, in words."""
    return change_lines(changes_in(row), adjusted_by(row))


def deeds_on(user: User, row: Adjustment) -> set[str]:
    """What a person may do with an adjustment where it stands; some are a department's own."""
    year = row.participant.assessment_year
    if year.state != "open":
        return set()
    found = set()
    for (start, deed), (_end, verb) in ADJUSTMENT_MOVES.items():
        if start != row.state:
            continue
        if deed in (Deed.PROPOSE, Deed.WITHDRAW):
            verb = Verb.TARGET_REVIEW if row.by_department else Verb.TARGET_DECLARE
            name = f"{deed}-for" if row.by_department else str(deed)
        else:
            name = f"return-{verb.partition('.')[2]}" if deed is Deed.RETURN else str(deed)
        if allows(user, verb, row):
            found.add(name)
    if user.pk in {row.proposed_by_id, row.reviewed_by_id}:
        found -= {Deed.FINALISE}
    if user.pk == row.proposed_by_id:
        found -= {Deed.REVIEW}
    if timezone.localdate() > year.cut_off_on:
        found -= {"propose", "propose-for"}
    return found


def adjusting(user: User, unit: Participant) -> dict[str, Any]:
    """The adjustments of a unit, for a page that includes ``indicators/sheet_adjustments.html``.

    Its ``template`` names that fragment; who may propose the next one is said, too.
    """
    year = unit.assessment_year
    rows = [(row, *adjustment_state(row.state)) for row in adjustments_of_unit(user, unit)]
    is_over = timezone.localdate() > year.cut_off_on
    has_sheet = sheet_in_force(unit) is not None
    free = year.state == "open" and not is_over and open_adjustment(unit) is None and has_sheet
    return {
        "template": FRAGMENT,
        "unit": unit,
        "rows": rows,
        "has_sheet": has_sheet,
        "cut_off_on": year.cut_off_on,
        "is_over": is_over,
        "waits": any(row.state in ADJUSTMENT_OPEN for row, _look, _said in rows),
        "may_propose": free and allows(user, Verb.TARGET_DECLARE, unit),
        "may_propose_for": free and allows(user, Verb.TARGET_REVIEW, unit),
    }
