"""Pages: the register from a workbook: bring it, look at what was found, apply it or give it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kaohe.core.access import Verb
from kaohe.core.register import FIELD
from kaohe.documents.register_book import register_book
from kaohe.jobs.queries import jobs_of, outcome_of
from kaohe.jobs.services import OPEN, ask
from kaohe.organization.queries.access import allows, reach_of
from kaohe.organization.queries.import_marks import marked_workbook, said
from kaohe.organization.queries.import_report import KINDS, Options, Report
from kaohe.organization.queries.imports import (
    department_names,
    departments_to_import,
    get_import,
    imports_of,
    register_rows,
    report_of,
)
from kaohe.organization.services import imports as services
from kaohe.web.fields import file_choice, tick
from kaohe.web.history import history_of
from kaohe.web.lists import XLSX, has_any, listing
from kaohe.web.organization.import_cells import (
    PIN,
    columns_of,
    rows_of,
)
from kaohe.web.organization.units import NUMBER
from kaohe.web.requests import SignedIn, here
from kaohe.web.story import word
from kaohe.web.words.imports import KINDS as KIND_WORDS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import Import

CHECK, APPLY = "register.check", "register.apply"
PAGE = 50
SIGNS = {"uploaded": "todo", "checked": "run", "applied": "done", "dropped": "hold"}


def _count(head: Any, accessor: str) -> tables.Column:
    """A column of how many rows are of a kind."""
    return tables.Column(head, accessor=accessor, default="—", orderable=False, attrs=NUMBER)


class ImportTable(tables.Table):
    """The imports of a jurisdiction."""

    file = tables.Column(lazy("Workbook"), linkify=("web:import", {"key": tables.A("pk")}))
    state = tables.Column(lazy("State"))
    new = _count(lazy("New"), "counts__new")
    changed = _count(lazy("Changed"), "counts__changed")
    bad = _count(lazy("Not right"), "counts__bad")
    added_by = tables.Column(lazy("Brought by"))
    added_at = tables.DateTimeColumn(verbose_name=lazy("Brought at"), format="Y.m.d H:i")

    class Meta:
        order_by = ("-added_at",)

    def render_state(self, record: Import) -> SafeString:
        """In words, with a sign."""
        return format_html('<span class="st st-{}">{}</span>', *state_of(record))

    def value_state(self, record: Import) -> str:
        """In words."""
        return state_of(record)[1]


def state_of(row: Import) -> tuple[str, str]:
    """Where an import stands: the end of a class ``st-``, and words; as list and page show it."""
    if row.state == "checked" and (row.counts.get("bad") or row.counts.get("errors")):
        return "back", _("not right yet")
    return SIGNS[row.state], word("state", row.state)


class OptionsForm(WritingForm):
    """How a workbook is to be understood."""

    corrections = tick(
        label=lazy("Names and departments are corrections"),
        help_text=lazy(
            "Where the name or the department of a unit differs, the register was wrong and is"
            " corrected. Leave it empty where a unit was renamed or transferred: that is a deed of"
            " its own, with its day and document."
        ),
    )
    clear = tick(
        label=lazy("Empty cells empty the register"),
        help_text=lazy("Leave it empty, and an empty cell leaves what the register has."),
    )

    def options(self) -> Options:
        """What was ticked."""
        return Options(self.cleaned_data["corrections"], self.cleaned_data["clear"])


class ImportForm(OptionsForm):
    """A workbook."""

    file = file_choice(".xlsx,.xls,.et,.csv", label=lazy("Workbook"))
    field_order = ("file", "corrections", "clear")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("of the kind .xlsx, .xls or .csv, at most {n} megabytes")
        self.fields["file"].help_text = said.format(n=settings.UPLOAD_LIMIT >> 20)


class ReportForm(WritingForm):
    """That what was looked at is to be applied."""

    report = forms.CharField(widget=forms.HiddenInput, max_length=64)


def imports(request: SignedIn) -> HttpResponse:
    """The imports so far, and where to begin."""
    place = here(request, Verb.UNIT_IMPORT)
    rows = imports_of(request.user, place)
    context = {"tab": "units", "place": place, "any": has_any(rows)}
    return listing(
        request,
        "organization/imports.html",
        rows=rows,
        table=ImportTable,
        title=_("Imports of the register"),
        context=context,
    )


def new_import(request: SignedIn) -> HttpResponse:
    """Bring a workbook; it is checked at once."""
    place = here(request, Verb.UNIT_IMPORT)
    form = ImportForm(request.POST or None, request.FILES or None)

    def bring() -> str:
        file = form.cleaned_data["file"]
        row = services.start_import(
            by=request.user, jurisdiction=place, name=file.name or "", stream=file
        )
        return _ask_check(request, row, form.options())

    answer = written(request, form, bring, to=str)
    context = {
        "tab": "units",
        "place": place,
        "back": reverse("web:imports"),
        "may_all": bool(reach_of(request.user, Verb.UNIT_IMPORT).jurisdictions),
    }
    return answer or show(request, "organization/import_new.html", context, form)


def _ask_check(request: SignedIn, row: Import, options: Options) -> str:
    """Have a workbook checked; the address of the job."""
    job = ask(
        by=request.user,
        jurisdiction=row.jurisdiction,
        kind=CHECK,
        subject=row.subject,
        arguments={"key": row.pk, "options": options.as_json()},
    )
    return reverse("web:job", args=[job.pk])


def import_page(request: SignedIn, key: int) -> HttpResponse:
    """What was found in a workbook, row by row and cell by cell."""
    row = get_import(request.user, key)
    return _page(request, row, OptionsForm(seen=row.version))


def _page(
    request: SignedIn, row: Import, options: OptionsForm, apply: ReportForm | None = None
) -> HttpResponse:
    report = report_of(row) if row.report else None
    job = jobs_of(request.user).filter(subject=row.subject).first()
    is_open = row.state in ("uploaded", "checked")
    context: dict[str, Any] = {
        "tab": "units",
        "row": row,
        "state": state_of(row),
        "is_open": is_open,
        "may_succeed": allows(request.user, Verb.UNIT_SUCCEED, row.jurisdiction),
        "is_busy": job is not None and job.state in OPEN,
        "failed": outcome_of(job, _) if job and is_open and job.state == "failed" else "",
        "options": options,
        "apply": apply or ReportForm(seen=row.version, initial={"report": row.report}),
        "job": job,
        "history": history_of(request.user, row, [row.subject]),
    }
    if report is not None:
        context |= _preview(request, row, report)
        if not options.is_bound:
            options.initial = report.options.as_json()
    refused = apply is not None and apply.is_bound and bool(apply.errors)
    status_form = apply if refused else None
    return show(request, "organization/import.html", context, status_form)


def _preview(request: SignedIn, row: Import, report: Report) -> dict[str, Any]:
    """The rows of the chosen kind, a page of them."""
    counts = report.counts
    kind = request.GET.get("rows", "")
    if kind not in ("all", *KINDS):
        kind = next((each for each in ("bad", "changed", "new") if counts[each]), "all")
    count = counts[kind]
    pages = max(1, -(-count // PAGE))
    number = request.GET.get("page", "1")
    page = min(max(int(number) if number.isascii() and number.isdigit() else 1, 1), pages)
    lines = list(report.lines(kind, (page - 1) * PAGE, PAGE))
    every = request.GET.get("columns") == "all"
    columns = columns_of(lines, report.columns, every=every)
    rows = rows_of(lines, columns, department_names(row.jurisdiction))
    return {
        "report": report,
        "counts": counts,
        "kind": kind,
        "kinds": [(each, _(words), counts[each]) for each, words in KIND_WORDS.items()],
        "heads": [(FIELD[name].written[0], PIN.get(name, "")) for name in columns],
        "after": max(1, len([name for name in columns if name in PIN])),
        "every": every,
        "hidden": len(report.columns) - len(columns),
        "rows": rows,
        "has_findings": any(each.findings for each in rows),
        "page": page,
        "pages": pages,
        "errors": [said(each) for each in report.problems if each.severity == "error"],
        **_remarks(report),
    }


def _remarks(report: Report) -> dict[str, list[str]]:
    """What is worth knowing of the whole workbook; columns with empty cells by their heads, where
    units of the register change at all."""
    warnings = [each for each in report.problems if each.severity == "warning"]
    blank = [str(each.facts["head"]) for each in warnings if each.code == "import-blank-kept"]
    return {
        "remarks": [said(each) for each in warnings if each.code != "import-blank-kept"],
        "blank": blank if report.counts["changed"] else [],
    }


@require_POST
def check_import(request: SignedIn, key: int) -> HttpResponse:
    """Have a workbook checked again, perhaps to be understood otherwise."""
    row = get_import(request.user, key)
    form = OptionsForm(request.POST)
    answer = written(request, form, lambda: _ask_check(request, row, form.options()), to=str)
    return answer or _page(request, row, form)


@require_POST
def apply_import(request: SignedIn, key: int) -> HttpResponse:
    """Have what was looked at written into the register, all of it."""
    row = get_import(request.user, key)
    form = ReportForm(request.POST)

    def order() -> str:
        services.must_be_ready(row)
        job = ask(
            by=request.user,
            jurisdiction=row.jurisdiction,
            kind=APPLY,
            subject=row.subject,
            arguments={"key": row.pk, "report": form.cleaned_data["report"]},
        )
        return reverse("web:job", args=[job.pk])

    answer = written(request, form, order, to=str)
    return answer or _page(request, row, OptionsForm(seen=row.version), form)


@require_POST
def drop_import(request: SignedIn, key: int) -> HttpResponse:
    """Give a workbook up."""
    row = get_import(request.user, key)
    form = WritingForm(request.POST)
    answer = written(
        request,
        form,
        lambda: services.drop_import(by=request.user, row=row, seen=form.was_seen),
        to=lambda done: reverse("web:import", args=[done.pk]),
        said=lambda done: _("The import is given up. The register is as it was."),
    )
    return answer or redirect("web:import", key=key)


def marked_import(request: SignedIn, key: int) -> HttpResponse:
    """The workbook with what is wrong marked in it."""
    return _file(*marked_workbook(get_import(request.user, key)))


def register_form(request: SignedIn) -> HttpResponse:
    """The workbook to fill in."""
    place = here(request, Verb.UNIT_IMPORT)
    names = [each.name for each in departments_to_import(request.user, place)]
    data = register_book([], names, _)
    return _file(data, _("register-form-{place}.xlsx").format(place=place.name))


def register_to_correct(request: SignedIn) -> HttpResponse:
    """The register as it is, in the form in which it can be imported again."""
    place = here(request, Verb.UNIT_IMPORT)
    departments = departments_to_import(request.user, place)
    rows = register_rows(request.user, place, {each.pk for each in departments})
    data = register_book(rows, [each.name for each in departments], _)
    day = f"{timezone.localdate():%Y%m%d}"
    return _file(data, _("register-{place}-{day}.xlsx").format(place=place.name, day=day))


def _file(data: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": disposition or ""})
