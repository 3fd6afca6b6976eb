"""Pages: what is done with a year: corrected, its documents linked, closed, archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.indicators.queries.years import documents_for, on_their_way
from kaohe.indicators.services import years as services
from kaohe.indicators.services.year_refusals import YearUnfinished
from kaohe.organization.queries.access import NothingHere
from kaohe.web.fields import DayField, LongText, NameField, row_choice
from kaohe.web.indicators.deeds import deed_page
from kaohe.web.indicators.frame import year_page
from kaohe.web.requests import SignedIn
from kaohe.web.story import word
from kaohe.web.writing import WritingForm

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear

TAB = "year"


class CorrectYearForm(WritingForm):
    """Title, minimum, last days."""

    title = NameField(label=lazy("Title"))
    minimum_group = forms.IntegerField(
        label=lazy("Minimum of a group"),
        min_value=1,
        max_value=100,
        widget=forms.NumberInput(attrs={"class": "form-control w-s"}),
        help_text=lazy("units; a smaller group is proposed to be merged"),
    )
    freeze_on = DayField(
        label=lazy("Groups change freely until"),
        help_text=lazy("the last day on which groups change without approval"),
    )
    cut_off_on = DayField(
        label=lazy("Targets are adjusted until"),
        help_text=lazy("the last day on which an adjustment can be proposed"),
    )
    reason = LongText(label=lazy("Reason"), required=False)


class DocumentForm(WritingForm):
    """One of the documents of a kind."""

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"] = row_choice(rows, label=_("Document"))


class SureForm(WritingForm):
    """Nothing but the deed itself."""


def _home(year: AssessmentYear) -> str:
    return reverse("web:year", args=[year.pk])


def correct_year(request: SignedIn, key: int) -> HttpResponse:
    """Correct the title, the minimum of a group, the last days."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    names = ("title", "minimum_group", "freeze_on", "cut_off_on")
    initial = {name: getattr(year, name) for name in names}
    form = CorrectYearForm(request.POST or None, seen=year.version, initial=initial)
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.correct_year(by=request.user, year=year, seen=form.was_seen, **form.given),
        title=_("Correct the assessment year"),
        back=_home(year),
        said=_("The year is saved."),
    )


def link_document(request: SignedIn, key: int, sort: str) -> HttpResponse:
    """Link the work plan or the city opinion."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    if sort not in services.DOCUMENTS:
        raise NothingHere
    initial = {"document": getattr(year, f"{sort}_id")}
    form = DocumentForm(
        request.POST or None,
        seen=year.version,
        initial=initial,
        rows=documents_for(request.user, year, sort),
    )
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.link_document(
            by=request.user, year=year, seen=form.was_seen, sort=sort, **form.given
        ),
        title=_("Link: {what}").format(what=word("sort", sort)),
        lead=_("Documents are drafted, approved and issued among the rules and documents."),
        back=_home(year),
        said=_("The document is linked."),
    )


def close_year(request: SignedIn, key: int) -> HttpResponse:
    """Close the year."""
    year = year_page(request, key, Verb.YEAR_APPROVE)
    form = SureForm(request.POST or None, seen=year.version)
    left = on_their_way(year)
    lead = _("After that nothing of the year is drafted, adjusted or regrouped any more.")
    if any(left.values()):
        lead = YearUnfinished(**left).say(_)
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.close_year(by=request.user, year=year, seen=form.was_seen),
        title=_("Close the year"),
        lead=lead,
        save=_("Close the year"),
        back=_home(year),
        said=_("The year is closed."),
    )


class ReopenForm(WritingForm):
    """Why a year is opened again."""

    reason = LongText(label=lazy("Reason"))


def reopen_year(request: SignedIn, key: int) -> HttpResponse:
    """Open the year again."""
    year = year_page(request, key, Verb.YEAR_APPROVE)
    form = ReopenForm(request.POST or None, seen=year.version)
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.reopen_year(by=request.user, year=year, seen=form.was_seen, **form.given),
        title=_("Open the year again"),
        lead=_("Everything of it can be drafted, adjusted and proposed again until it is closed."),
        save=_("Open again"),
        back=_home(year),
        said=_("The year is open again."),
    )


def archive_year(request: SignedIn, key: int) -> HttpResponse:
    """Archive the year."""
    year = year_page(request, key, Verb.YEAR_APPROVE)
    form = SureForm(request.POST or None, seen=year.version)
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.archive_year(by=request.user, year=year, seen=form.was_seen),
        title=_("Archive the year"),
        lead=_(
            "All parts and sheets that are in force go to the archive with the year. What is"
            " archived stays: it cannot be opened again."
        ),
        save=_("Archive the year"),
        back=_home(year),
        said=_("The year is archived."),
    )
