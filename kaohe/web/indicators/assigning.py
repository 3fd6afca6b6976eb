"""Pages: units put into groups, many at once; and what the register says by now taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.indicators.queries.groups import groups_of
from kaohe.indicators.queries.participants import (
    in_scope_but_out,
    register_differences,
)
from kaohe.indicators.queries.years import participants_of
from kaohe.indicators.services import groups as group_services
from kaohe.indicators.services import participants as services
from kaohe.organization.queries.access import allows
from kaohe.web.fields import row_choice
from kaohe.web.indicators.deeds import deed_page
from kaohe.web.indicators.frame import about_year, year_page
from kaohe.web.indicators.participants import ParticipantFilter, may_change_scope, word_label
from kaohe.web.lists import dress, is_export, rows_workbook
from kaohe.web.requests import SignedIn, key_in
from kaohe.web.story import word
from kaohe.web.writing import WritingForm, show, written

TAB = "participants"


class UnitsForm(WritingForm):
    """Some units of a year, ticked in a table that the page draws itself."""

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["units"] = forms.ModelMultipleChoiceField(rows, label=_("Units"))
        field.error_messages["required"] = _("Tick at least one unit.")


class AssignForm(UnitsForm):
    """The units, and the group that they go into."""

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"] = row_choice(groups, label=_("Into the group"), empty_label="—")


def assign_units(request: SignedIn, key: int) -> HttpResponse:
    """Units that the filter finds, with boxes, and the group that the ticked ones go into."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    rows = participants_of(request.user, year)
    chosen = ParticipantFilter(request.GET, queryset=rows, request=request)
    dress(chosen)
    form = AssignForm(request.POST or None, rows=rows, groups=groups_of(year))
    said = [*request.POST.getlist("units"), request.GET.get("unit", "")]
    ticked = {key_in(each) for each in said}
    shown = list(chosen.qs.order_by("department_name", "name"))
    return deed_page(
        request,
        year,
        "groups",
        form,
        lambda: group_services.assign_units(
            by=request.user,
            year=year,
            participants=list(form.given["units"]),
            group=form.given["group"],
        ),
        title=_("Put units into groups"),
        back=reverse("web:groups", args=[year.pk]),
        said=lambda moved: _("Units put into the group: {n}.").format(n=len(moved)),
        to=lambda _moved: request.get_full_path(),
        template="indicators/assign.html",
        rows=[(row, row.pk in ticked) for row in shown],
        filter=chosen,
    )


def register_changes(request: SignedIn, key: int) -> HttpResponse:
    """Where the register says something else by now than the year; taken over by a deed."""
    year = year_page(request, key)
    manages = year.state == "open" and allows(request.user, Verb.YEAR_MANAGE, year)
    found = register_differences(request.user, year)
    form = UnitsForm(request.POST or None, rows=participants_of(request.user, year))
    answer = written(
        request,
        form,
        lambda: services.refresh_units(
            by=request.user, year=year, participants=list(form.given["units"])
        ),
        to=lambda _rows: reverse("web:register-changes", args=[year.pk]),
        said=lambda rows: _("Taken over for units: {n}.").format(n=len(rows)),
    )
    lines = [
        (
            each.participant,
            [
                (word_label(one.field), word(one.field, one.year), word(one.field, one.register))
                for one in each.differences
            ],
            each.ended,
        )
        for each in found
    ]
    if is_export(request):
        heads = (_("Unit"), _("Code"), _("Field"), _("In the year"), _("In the register"))
        rows = [(row.name, row.code, *one) for row, differing, _ended in lines for one in differing]
        return rows_workbook(_("Changes in the register"), [heads, *rows])
    context = {
        **about_year(request, year, TAB),
        "lines": lines,
        "missing": in_scope_but_out(request.user, year)[:50],
        "may_manage": manages,
        "may_add": may_change_scope(request, year),
    }
    return answer or show(request, "indicators/register_changes.html", context, form)
