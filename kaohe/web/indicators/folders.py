"""Pages: a year as an assessment folder: out, in, and what is kept of an imported one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import kaohe.web.words.folders  # noqa: F401  (words of what is written)
from kaohe.core.access import Verb
from kaohe.core.problems import Problem
from kaohe.indicators.queries.folder_files import Looked, grade_counts, kept_file, look_into
from kaohe.indicators.queries.year_export import FORMS, Export, export_of, folder_name, zip_of
from kaohe.indicators.services.folder_uploads import bring_folder
from kaohe.inquiry.places import place_in_words
from kaohe.jobs.services import ask
from kaohe.organization.queries.access import NothingHere, allows
from kaohe.web.fields import file_choice
from kaohe.web.history import history_of
from kaohe.web.indicators.frame import about_year, year_page
from kaohe.web.indicators.workbooks import as_file
from kaohe.web.refusals import refusals_shown_on
from kaohe.web.requests import SignedIn, here
from kaohe.web.words.folders import FORMS as FORM_WORDS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear
    from kaohe.jobs.models import Job
    from kaohe.organization.models import Jurisdiction

IMPORT = "indicators.import-year"
ZIP = "application/zip"
SHOWN = 200  # problems on a page


class FolderForm(WritingForm):
    """A folder as a zip."""

    file = file_choice(".zip", label=lazy("Folder as a zip"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("of the kind .zip, at most {n} megabytes")
        self.fields["file"].help_text = said.format(n=settings.UPLOAD_LIMIT >> 20)


class Line(NamedTuple):
    """A problem as a page lists it."""

    sign: str
    kind: str
    place: str
    what: str
    how: str


def lines_of(problems: Sequence[Problem]) -> list[Line]:
    """Problems in words, errors first."""
    ordered = sorted(problems, key=lambda each: (each.severity != "error", each.place()))
    return [
        Line(
            "back" if each.severity == "error" else "soon",
            _("must be mended") if each.severity == "error" else _("note"),
            place_in_words(each, _) or "—",
            each.sentence(_),
            each.remedy(_),
        )
        for each in ordered[:SHOWN]
    ]


def year_files(request: SignedIn, key: int) -> HttpResponse:
    """What goes out of a year, and what is kept of its folder."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    subjects = [file.subject for file in (year.folder, year.results) if file]
    context = {
        **about_year(request, year, "year-files"),
        "forms": [(form, _(FORM_WORDS[form])) for form in ("xlsx", "csv", "parquet")],
        "grades": grade_counts(year),
        "may_import": allows(request.user, Verb.YEAR_MANAGE, year.jurisdiction),
        "history": history_of(request.user, year, subjects) if subjects else None,
    }
    return show(request, "indicators/year_files.html", context)


def export_year(request: SignedIn, key: int) -> HttpResponse:
    """The year as a folder, zipped; where something is in the way, what it is."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    form = request.GET.get("form", "xlsx")
    if form not in FORMS:
        raise NothingHere
    draft = request.GET.get("draft") == "1"
    export = export_of(year, draft=draft)
    if not export.is_ready(draft=draft):
        return _obstacles(request, year, export, form)
    return as_file(zip_of(export, form), folder_name(year), ZIP)


def _obstacles(request: SignedIn, year: AssessmentYear, export: Export, form: str) -> HttpResponse:
    context = {
        **about_year(request, year, "year-files"),
        "lines": lines_of([*export.obstacles, *export.warnings]),
        "count": len(export.obstacles),
        "form_code": form,
        "may_draft": bool(export.scheme_text),
    }
    return render(request, "indicators/year_obstacles.html", context, status=409)


def kept(request: SignedIn, key: int, which: str) -> HttpResponse:
    """The folder of an imported year as it was, or what the engine made of it."""
    if which not in ("folder", "results"):
        raise NothingHere
    year = year_page(request, key, Verb.YEAR_MANAGE)
    return as_file(*kept_file(year, which), ZIP)


def import_folder(request: SignedIn) -> HttpResponse:
    """Bring a folder: it is checked at once, and becomes a year as a job."""
    place = here(request, Verb.YEAR_MANAGE)
    form = FolderForm(request.POST or None, request.FILES or None)
    looked = _looked(request, form)
    answer = written(
        request,
        form,
        lambda: _bring(request, place, form, looked),
        to=lambda job: reverse("web:job", args=[job.pk]),
    )
    context = {
        "title": _("Import a folder as a year"),
        "place": place,
        "back": reverse("web:years"),
        "lines": lines_of(looked.problems) if looked else [],
        "count": sum(each.severity == "error" for each in looked.problems) if looked else 0,
    }
    return answer or show(request, "indicators/year_import.html", context, form)


def _looked(request: HttpRequest, form: FolderForm) -> Looked | None:
    """What is found in the zip that was sent; an error on the form where it is refused."""
    if request.method != "POST" or not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    if file.size > settings.UPLOAD_LIMIT:
        return None  # refused with the reason where it would be kept
    with refusals_shown_on(form):
        found = look_into(file, file.name)
        if found.is_refused:
            form.add_error("file", _("The folder is not sound yet; see the list below."))
        return found
    return None


def _bring(request: SignedIn, place: Jurisdiction, form: FolderForm, looked: Looked | None) -> Job:
    file = form.cleaned_data["file"]
    row = bring_folder(
        by=request.user,
        jurisdiction=place,
        name=file.name,
        stream=file,
        year=looked.year or 0 if looked else 0,
        of=looked.jurisdiction if looked else "",
    )
    return ask(
        by=request.user,
        jurisdiction=place,
        kind=IMPORT,
        subject=row.subject,
        arguments={"file": row.pk},
    )
