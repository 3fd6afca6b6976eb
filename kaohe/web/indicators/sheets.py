"""Pages: the sheets of a year as they were issued, one of them, and its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import plan_of
from kaohe.indicators.queries.sheets import (
    as_plan,
    get_sheet,
    is_as_recorded,
    sheet_differences,
    sheets_of,
    versions_of_sheet,
)
from kaohe.indicators.services.receiving import receive_sheet
from kaohe.organization.queries.access import allows
from kaohe.web.history import history_of
from kaohe.web.indicators.adjustments import adjusting
from kaohe.web.indicators.frame import about_year, look_at, year_page
from kaohe.web.indicators.part_cells import difference_rows
from kaohe.web.indicators.sheet_lines import sheet_sections
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn
from kaohe.web.words.parts import SHEET_SIGNS, SHEET_STATES
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import Sheet

RECEIVED = [("yes", lazy("confirmed")), ("no", lazy("not confirmed yet"))]


class SheetTable(tables.Table):
    """The list of sheets."""

    sheet_number = tables.Column(
        lazy("Number of the sheet"), linkify=("web:sheet", [tables.A("pk")]), empty_values=()
    )
    unit = tables.Column(lazy("Unit"), accessor="participant__name")
    department = tables.Column(lazy("Department"), accessor="participant__department_name")
    group = tables.Column(lazy("Group"), accessor="participant__group__name", default="—")
    number = tables.Column(lazy("Version"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    state = tables.Column(lazy("State"))
    issued_on = tables.DateColumn(verbose_name=lazy("Issued on"), format="Y.m.d")
    received_at = tables.DateTimeColumn(
        verbose_name=lazy("Receipt confirmed"), format="Y.m.d", default="—"
    )

    class Meta:
        order_by = ("department", "sheet_number")

    def render_sheet_number(self, record: Sheet) -> str:
        """Sheets of imported years have no number."""
        return record.sheet_number or _("without a number")

    def render_state(self, value: str) -> str:
        """With its sign."""
        sign, words = SHEET_SIGNS[value], _(SHEET_STATES[value])
        return format_html('<span class="st st-{}">{}</span>', sign, words)

    def value_state(self, value: str) -> str:
        """In words, for the workbook."""
        return _(SHEET_STATES[value])


class SheetFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(label=lazy("Name or code"), method="by_name")
    department = filters.ChoiceFilter(
        label=lazy("Department"), field_name="participant__department", choices=[]
    )
    group = filters.ChoiceFilter(label=lazy("Group"), field_name="participant__group", choices=[])
    state = filters.ChoiceFilter(
        label=lazy("State"),
        choices=[(code, lazy(words)) for code, words in SHEET_STATES.items()],
    )
    received = filters.ChoiceFilter(
        label=lazy("Receipt confirmed"), choices=RECEIVED, method="by_receipt"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = kwargs["queryset"].order_by()
        for name in ("department", "group"):
            path = f"participant__{name}"
            found = rows.filter(**{f"{path}__isnull": False}).values_list(path, f"{path}__name")
            self.filters[name].extra["choices"] = sorted(found.distinct(), key=lambda each: each[1])

    def by_name(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The name of the year, or the code."""
        text = value.strip()
        return rows.filter(Q(participant__name__icontains=text) | Q(participant__code=text))

    def by_receipt(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those whose receipt was confirmed, or was not."""
        return rows.filter(received_at__isnull=value == "no")


def sheets(request: SignedIn, key: int) -> HttpResponse:
    """The list."""
    year = year_page(request, key)
    rows = sheets_of(request.user, year)
    if not request.GET.get("state"):
        rows = rows.exclude(state="superseded")
    return listing(
        request,
        "indicators/sheets.html",
        rows=rows,
        table=SheetTable,
        filters=SheetFilter,
        title=_("Assessment sheets"),
        context={
            **about_year(request, year, "sheets"),
            "any": has_any(rows),
            "received": rows.filter(received_at__isnull=False, state="issued").count(),
            "in_force": rows.filter(state="issued").count(),
        },
    )


def sheet(request: SignedIn, key: int) -> HttpResponse:
    """One sheet as it was issued, with its versions, what they changed, and its record."""
    row = get_sheet(request.user, key)
    year = row.participant.assessment_year
    look_at(request, year)
    versions = versions_of_sheet(row)
    old = _compared(request, row, versions)
    plan = plan_of(as_plan(row))
    context = {
        **about_year(request, year, "sheets"),
        "sheet": row,
        "unit": row.participant,
        "sign": SHEET_SIGNS[row.state],
        "state": _(SHEET_STATES[row.state]),
        "sections": sheet_sections(plan, row.participant.code),
        "versions": [
            (each, SHEET_SIGNS[each.state], _(SHEET_STATES[each.state])) for each in versions
        ],
        "old": old,
        "rows": difference_rows(sheet_differences(old, row)) if old else [],
        "is_as_recorded": is_as_recorded(row),
        "may_receive": _may_receive(request, row),
        "paper_url": reverse("web:sheet-paper", args=[row.pk]),
        "adjustments": adjusting(request.user, row.participant),
        "history": history_of(request.user, row, [each.subject for each in versions]),
        "sees_scheme": row.scheme_version is not None
        and allows(request.user, Verb.SCHEME_READ, row.scheme_version),
    }
    return show(request, "indicators/sheet.html", context)


def _compared(request: SignedIn, row: Sheet, versions: list[Sheet]) -> Sheet | None:
    """The version with which one is compared: that asked for, else the one before."""
    asked = request.GET.get("from", "")
    for each in versions:
        if each.pk != row.pk and (
            str(each.number) == asked or (not asked and each.number < row.number)
        ):
            return each
    return None


def _may_receive(request: SignedIn, row: Sheet) -> bool:
    waits = row.state == "issued" and row.received_at is None
    return waits and allows(request.user, Verb.SHEET_RECEIVE, row)


def receive(request: SignedIn, key: int) -> HttpResponse:
    """Confirm the receipt for the unit."""
    row = get_sheet(request.user, key)
    year = row.participant.assessment_year
    look_at(request, year)
    form = WritingForm(request.POST or None, seen=row.version)
    back = reverse("web:sheet", args=[row.pk])
    answer = written(
        request,
        form,
        lambda: receive_sheet(by=request.user, sheet=row, seen=form.was_seen),
        to=lambda _done: back,
        said=lambda _done: _("The receipt is confirmed."),
    )
    context = {
        **about_year(request, year, "sheets"),
        "title": _("Confirm the receipt"),
        "about": row.participant.name,
        "lead": _(
            "You confirm for %(unit)s that the sheet %(number)s, version %(version)s, was received"
            " and read."
        )
        % {
            "unit": row.participant.name,
            "number": row.sheet_number or "—",
            "version": row.number,
        },
        "save": _("Confirm the receipt"),
        "back": back,
    }
    return answer or show(request, "indicators/form.html", context, form)
