"""Where settings and template of a year begin: the page before there is any, and its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.part_path import OPEN, VERBS, Sort, State
from kaohe.indicators.queries.settings_part import earlier_versions, versions_of_sort
from kaohe.organization.queries.access import allows
from kaohe.web.indicators.frame import about_year, year_page
from kaohe.web.requests import SignedIn
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear, PartVersion


class BeginForm(WritingForm):
    """What a part begins with."""

    source = forms.ChoiceField(
        label=lazy("Begin with"), widget=forms.Select(attrs={"class": "form-select w-l"})
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["source"]
        field.choices = choices


def current_of(rows: list[PartVersion]) -> PartVersion | None:
    """The version that people look for: the one on its way, else the one in force."""
    for states in (OPEN, {State.ISSUED, State.ARCHIVED}):
        for row in rows:
            if State(row.state) in states:
                return row
    return None


def part_page(request: SignedIn, key: int, sort: Sort, template: str) -> HttpResponse:
    """On to the version of a part that counts; where there is none, what it is and how it begins.

    Args:
        template: of the page that teaches.
    """
    year = year_page(request, key)
    found = current_of(versions_of_sort(request.user, year, sort))
    if found is not None:
        return HttpResponseRedirect(reverse("web:part-version", args=[found.pk]))
    context = {
        **about_year(request, year, sort),
        "may_begin": may_begin(request, year, sort),
        "earlier": earlier_versions(request.user, year, sort)[:1],
    }
    return show(request, template, context)


def may_begin(request: SignedIn, year: AssessmentYear, sort: Sort) -> bool:
    """Whether a person may begin a part of a year."""
    return year.state == "open" and allows(request.user, VERBS[sort].draft, year)


def begin_page(
    request: SignedIn,
    key: int,
    sort: Sort,
    *,
    first: str,
    title: str,
    lead: str,
    service: Callable[..., PartVersion],
) -> HttpResponse:
    """The form that begins a part.

    Args:
        first: what it begins with, where no earlier year is taken.
    """
    year = year_page(request, key, VERBS[sort].draft)
    earlier = {str(row.pk): row for row in earlier_versions(request.user, year, sort)}
    choices = [*((pk, _earlier(row)) for pk, row in earlier.items()), ("", first)]
    latest = {"source": next(iter(earlier), "")}
    form = BeginForm(request.POST or None, choices=choices, initial=latest)
    form.fields["source"].required = bool(earlier) and "source" not in request.POST
    answer = written(
        request,
        form,
        lambda: service(by=request.user, year=year, like=earlier.get(form.cleaned_data["source"])),
        to=lambda row: reverse("web:part-version", args=[row.pk]),
    )
    context = {
        **about_year(request, year, sort),
        "title": title,
        "lead": lead,
        "save": _("Begin"),
        "back": reverse(f"web:{sort}", args=[year.pk]),
    }
    return answer or show(request, "indicators/form.html", context, form)


def _earlier(row: PartVersion) -> str:
    facts = {"year": row.part.assessment_year.year, "number": row.number}
    return _("as in %(year)s, version %(number)s") % facts
