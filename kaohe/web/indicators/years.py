"""Pages: the years of a jurisdiction, one year with its journey, opening and choosing one."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kaohe.core.access import Verb
from kaohe.core.documents import State
from kaohe.core.groups_of_year import is_frozen
from kaohe.indicators.queries.journey import steps_for
from kaohe.indicators.queries.years import documents_of_year, get_year, standing, years_of
from kaohe.indicators.services import years as services
from kaohe.organization.queries.access import NothingHere, allows
from kaohe.web.fields import NameField
from kaohe.web.history import history_of
from kaohe.web.indicators.calendar import step_line
from kaohe.web.indicators.frame import about_year, look_at, year_in_view, year_page
from kaohe.web.indicators.journey import journey_boxes
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn, here, key_in
from kaohe.web.story import word
from kaohe.web.words.documents import SIGNS
from kaohe.web.words.years import YEAR_SIGNS
from kaohe.web.writing import WritingForm, show, written


class YearTable(tables.Table):
    """The list of years."""

    year = tables.Column(lazy("Assessment year"), linkify=("web:year", {"key": tables.A("pk")}))
    title = tables.Column(lazy("Title"))
    state = tables.Column(lazy("State"))
    frozen_on = tables.DateColumn(
        verbose_name=lazy("Groups frozen on"), format="Y.m.d", default="—"
    )

    class Meta:
        order_by = ("-year",)

    def render_state(self, value: str) -> str:
        """In words."""
        return word("year_state", value)


class OpenYearForm(WritingForm):
    """A year that was not there."""

    year = forms.IntegerField(
        label=lazy("Assessment year"),
        min_value=2000,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "form-control w-s"}),
    )
    title = NameField(
        label=lazy("Title"), required=False, help_text=lazy("left empty, the usual title is taken")
    )


def index(request: SignedIn) -> HttpResponse:
    """On to the year that is looked at; where there is none yet, the list, which teaches."""
    place = here(request, Verb.YEAR_READ)
    found = year_in_view(request, place)
    return redirect("web:year", found.pk) if found else redirect("web:years")


@require_POST
def choose_year(request: SignedIn) -> HttpResponse:
    """Look at another year, on the same tab."""
    key = key_in(request.POST.get("year", ""))
    if key is None:
        raise NothingHere
    found = get_year(request.user, key)
    look_at(request, found)
    tab = request.POST.get("tab", "")
    if tab == "desk":
        return redirect("web:desk")
    try:
        return HttpResponseRedirect(reverse(f"web:{tab}", args=[found.pk]))
    except NoReverseMatch:
        return redirect("web:year", found.pk)


def years(request: SignedIn) -> HttpResponse:
    """The list."""
    place = here(request, Verb.YEAR_READ)
    rows = years_of(request.user, place)
    return listing(
        request,
        "indicators/years.html",
        rows=rows,
        table=YearTable,
        title=_("Assessment years"),
        context={
            "place": place,
            "any": has_any(rows),
            "may_manage": allows(request.user, Verb.YEAR_MANAGE, place),
        },
    )


def open_year(request: SignedIn) -> HttpResponse:
    """Open a year."""
    place = here(request, Verb.YEAR_MANAGE)
    form = OpenYearForm(request.POST or None, initial={"year": timezone.localdate().year})
    answer = written(
        request,
        form,
        lambda: services.open_year(by=request.user, jurisdiction=place, **form.given),
        to=lambda row: reverse("web:year", args=[row.pk]),
        said=lambda row: _("%(title)s is opened.") % {"title": row.title},
    )
    context = {
        "title": _("Open an assessment year"),
        "back": reverse("web:years"),
        "about": place.name,
    }
    return answer or show(request, "indicators/form.html", context, form)


def year(request: SignedIn, key: int) -> HttpResponse:
    """One year: its journey, its documents, how far it is, and its deeds."""
    row = year_page(request, key)
    today = timezone.localdate()
    manages = row.state == "open" and allows(request.user, Verb.YEAR_MANAGE, row)
    approves = allows(request.user, Verb.YEAR_APPROVE, row)
    context: dict[str, Any] = {
        **about_year(request, row, "year"),
        **journey_boxes(row, today),
        "state": word("year_state", row.state),
        "state_sign": YEAR_SIGNS[row.state],
        "standing": standing(request.user, row),
        "frozen": is_frozen(row.freeze_on, row.frozen_on, today),
        "documents": [
            (
                each,
                word("sort", each.sort),
                SIGNS.get(State(each.version.state), "todo") if each.version else "",
                word("state", each.version.state) if each.version else "",
            )
            for each in documents_of_year(request.user, row)
        ],
        "mine": [step_line(each) for each in steps_for(request.user, row, today)],
        "may_manage": manages,
        "may_draft": row.state == "open" and allows(request.user, Verb.DOCUMENT_DRAFT, row),
        "may_close": approves and row.state == "open",
        "may_archive": approves and row.state == "closed",
        "may_see_units": allows(request.user, Verb.SHEET_READ),
        "history": history_of(request.user, row, [row.subject]),
    }
    return show(request, "indicators/year.html", context)
