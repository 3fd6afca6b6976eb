"""Pages: a scheme as a workbook, and files that are brought for it, looked at and applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kaohe.indicators.queries import plan_book as queries
from kaohe.indicators.queries.differences import Names, told
from kaohe.indicators.queries.parts import get_part_version
from kaohe.indicators.queries.word_matching import (
    FileRead,
    files_read,
    shapes_in,
    takes_long,
    units_without,
)
from kaohe.indicators.services import part_imports as services
from kaohe.indicators.services.part_undoing import undo_part_file, why_not_undone
from kaohe.indicators.services.word_uploads import MOST_FILES, WordSent, bring_word_files
from kaohe.jobs.queries import jobs_of, outcome_of
from kaohe.jobs.services import OPEN, ask
from kaohe.organization.queries.access import NothingHere
from kaohe.web.fields import file_choice, files_choice, tick
from kaohe.web.history import history_of
from kaohe.web.indicators.column_words import columns_said
from kaohe.web.indicators.frame import about_year, look_at
from kaohe.web.indicators.part_cells import difference_rows, path_said
from kaohe.web.lists import XLSX
from kaohe.web.requests import SignedIn
from kaohe.web.words.books import HOW, SIGNS, STATES
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.core.problems import Problem
    from kaohe.indicators.models import PartImport, PartVersion

READ = "parts.read"
AT_ONCE = 400 << 10  # bytes: a larger file is read by a job
MOST = 200  # differences on a page


class SchemeFileForm(WritingForm):
    """A workbook of the scheme."""

    file = file_choice(".xlsx", label=lazy("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("of the kind {kind}, at most {n} megabytes")
        most = settings.UPLOAD_LIMIT >> 20
        self.fields["file"].help_text = said.format(kind=".xlsx", n=most)

    def bring(self, request: SignedIn, version: PartVersion) -> PartImport:
        """Keep what was sent."""
        file = self.cleaned_data["file"]
        return services.bring_part_file(
            by=request.user, version=version, name=file.name or "", stream=file
        )


class WordFilesForm(WritingForm):
    """Last year's sheets: Word files, archives of them."""

    file = files_choice(".docx,.zip", label=lazy("Files"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("one or many .docx, or a .zip of them; at most {count} files, {n} megabytes")
        most = settings.UPLOAD_LIMIT >> 20
        self.fields["file"].help_text = said.format(count=MOST_FILES, n=most)

    def bring(self, request: SignedIn, version: PartVersion) -> PartImport:
        """Keep what was sent."""
        files = [WordSent(each.name or "", each) for each in self.cleaned_data["file"]]
        return bring_word_files(by=request.user, version=version, files=files)


FORMS: dict[str, type[SchemeFileForm | WordFilesForm]] = {
    "xlsx": SchemeFileForm,
    "docx": WordFilesForm,
}


class ApplyForm(WritingForm):
    """That what was looked at becomes the draft."""

    insist = tick(label=lazy("The file holds where the draft was changed as well"))

    def __init__(self, *args: Any, conflicts: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not conflicts:
            self.fields["insist"].widget = forms.HiddenInput()


def scheme_workbook(request: SignedIn, key: int) -> HttpResponse:
    """A version of a scheme as a workbook.

    Raises:
        NothingHere: it is no department's scheme.
    """
    row = get_part_version(request.user, key)
    if row.part.department_id is None:
        raise NothingHere
    return as_file(*queries.workbook_of(row), XLSX)


def as_file(data: bytes, name: str, media: str) -> HttpResponse:
    """Bytes as a file to keep."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition or ""}
    return HttpResponse(data, content_type=media, headers=headers)


def scheme_upload(request: SignedIn, key: int) -> HttpResponse:
    """Bring the workbook of a draft; it is read and compared, nothing is changed yet."""
    return _upload(request, key, "xlsx")


def scheme_word(request: SignedIn, key: int) -> HttpResponse:
    """Bring last year's sheets as Word files; they are read, nothing is changed yet."""
    return _upload(request, key, "docx")


def _upload(request: SignedIn, key: int, kind: str) -> HttpResponse:
    version = get_part_version(request.user, key)
    if not queries.may_bring(request.user, version):
        raise NothingHere
    look_at(request, version.part.assessment_year)
    form = FORMS[kind](request.POST or None, request.FILES or None)

    def bring() -> str:
        return read_on(request, form.bring(request, version))

    answer = written(request, form, bring, to=str)
    context = {
        **about_year(request, version.part.assessment_year, "schemes"),
        "version": version,
        "kind": kind,
        "part_title": queries.title_of(version),
        "files": [
            (each, SIGNS[each.state], _(STATES[each.state]))
            for each in queries.part_files(request.user, version.part)[:10]
        ],
    }
    return answer or show(request, "indicators/scheme_upload.html", context, form)


def read_on(request: SignedIn, row: PartImport) -> str:
    """Have files read: at once, or by a job where that takes long; the address to go on to."""
    if not takes_long(row, AT_ONCE):
        services.read_part_file(by=request.user, key=row.pk)
        return reverse("web:part-file", args=[row.pk])
    job = ask(
        by=request.user,
        jurisdiction=row.jurisdiction,
        kind=READ,
        subject=row.subject,
        arguments={"key": row.pk},
    )
    return reverse("web:job", args=[job.pk])


def part_file(request: SignedIn, key: int) -> HttpResponse:
    """What was found in a file: what is not right, and what would change."""
    row = queries.get_part_file(request.user, key)
    return _page(request, row)


def _page(request: SignedIn, row: PartImport, apply: ApplyForm | None = None) -> HttpResponse:
    look_at(request, row.part.assessment_year)
    draft = queries.open_draft(row.part)
    found = queries.found_in(row, draft)
    job = jobs_of(request.user).filter(subject=row.subject).first()
    names = Names(row.part.assessment_year, [found.tree, draft.content if draft else {}])
    page = _page_number(request, len(found.changes))
    shown = found.changes[(page - 1) * MOST : page * MOST]
    context = {
        **about_year(request, row.part.assessment_year, "schemes"),
        "row": row,
        "part_title": queries.title_of(draft) if draft else "",
        "draft": draft,
        "found": found,
        "sign": "back" if row.state == "read" and found.errors else SIGNS[row.state],
        "state": _("not right yet")
        if row.state == "read" and found.errors
        else _(STATES[row.state]),
        "is_open": row.state in ("brought", "read"),
        "job": job if job and job.state in OPEN else None,
        "failed": outcome_of(job, _) if job and job.state == "failed" else "",
        **_words(row),
        "told": [_told(each, names, row.sort) for each in found.problems],
        "rows": difference_rows([told(each, names) for each in shown]),
        "page": page,
        "pages": _pages(len(found.changes)),
        **_undoing(row),
        "apply": apply or ApplyForm(seen=row.version, conflicts=bool(found.conflicts)),
        "history": history_of(request.user, row, [row.subject]),
    }
    refused = apply if apply is not None and apply.errors else None
    return show(request, "indicators/part_file.html", context, refused)


def _words(row: PartImport) -> dict[str, Any]:
    """Of Word files: what each is for, and what their columns were taken for."""
    if row.sort != "docx":
        return {}
    shapes = shapes_in(row) if row.state == "read" else []
    return {
        "files": [(each, _how(each)) for each in files_read(row)],
        "without": units_without(row),
        "shapes": [(each, columns_said(list(each.heads))) for each in shapes],
    }


def _how(file: FileRead) -> str:
    """How it is known what a file is for, in words; what is wrong with it is told elsewhere."""
    return _(HOW[file.how]) if file.how else ""


def _undoing(row: PartImport) -> dict[str, Any]:
    """Whether what was applied can be taken back; else why not."""
    if row.state != "applied":
        return {}
    refusal = why_not_undone(row, row.part_version)
    return {"may_undo": refusal is None, "why_not": refusal.say(_) if refusal else ""}


def _pages(count: int) -> int:
    return max(1, -(-count // MOST))


def _page_number(request: SignedIn, count: int) -> int:
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), _pages(count))


class Told(NamedTuple):
    """One thing that was found in a file, in words: where, what, how to mend it."""

    file: str  # one of several
    sheet: str
    row: int | None
    column: str
    what: str
    how: str
    is_error: bool


def _told(each: Problem, names: Names, sort: str) -> Told:
    """A problem in words; of a conflict the column is the path of a cell."""
    column = path_said(names, each.column) if each.code == "book-conflict" else each.column
    what, how = each.sentence(_), each.remedy(_)
    where = each.table
    if sort == "docx" and where:
        where = _("table {number}").format(number=where)
    file = str(each.facts.get("file", ""))
    return Told(file, where, each.row, column, what, how, each.severity == "error")


@require_POST
def read_part_file(request: SignedIn, key: int) -> HttpResponse:
    """Have a file read again, beside the draft as it stands now."""
    row = queries.get_part_file(request.user, key)
    form = WritingForm(request.POST)
    answer = written(request, form, lambda: read_on(request, row), to=str)
    return answer or _page(request, row, _refused(form, row))


def _refused(form: WritingForm, row: PartImport) -> ApplyForm:
    """The refusal of another form, shown above the one of the page."""
    shown = ApplyForm({}, seen=row.version)
    shown.full_clean()
    for error in form.non_field_errors():
        shown.add_error(None, error)
    return shown


@require_POST
def apply_part_file(request: SignedIn, key: int) -> HttpResponse:
    """Make what was read the draft."""
    row = queries.get_part_file(request.user, key)
    form = ApplyForm(request.POST)

    def apply() -> PartVersion | None:
        insist = form.cleaned_data["insist"]
        services.apply_part_file(by=request.user, row=row, seen=form.was_seen, insist=insist)
        return queries.open_draft(row.part)

    answer = written(
        request,
        form,
        apply,
        to=lambda done: reverse("web:part-version", args=[done.pk]) if done else "/",
        said=lambda _done: _("The file is applied: the draft is as it says."),
    )
    return answer or _page(request, row, form)


@require_POST
def drop_part_file(request: SignedIn, key: int) -> HttpResponse:
    """Give a file up."""
    row = queries.get_part_file(request.user, key)
    form = WritingForm(request.POST)
    answer = written(
        request,
        form,
        lambda: services.drop_part_file(by=request.user, row=row, seen=form.was_seen),
        to=lambda done: reverse("web:part-file", args=[done.pk]),
        said=lambda _done: _("The file is given up. The draft is as it was."),
    )
    return answer or redirect("web:part-file", key=key)


@require_POST
def undo_applied_file(request: SignedIn, key: int) -> HttpResponse:
    """Put back what the draft said before a file was applied."""
    row = queries.get_part_file(request.user, key)
    form = WritingForm(request.POST)
    answer = written(
        request,
        form,
        lambda: undo_part_file(by=request.user, row=row, seen=form.was_seen),
        to=lambda done: reverse("web:part-file", args=[done.pk]),
        said=lambda _done: _("The import is undone: the draft is as it was before it."),
    )
    return answer or _page(request, row, _refused(form, row))


def marked_part_file(request: SignedIn, key: int) -> HttpResponse:
    """The workbook that was brought, with what is not right marked in it.

    Raises:
        NothingHere: it is no workbook, or so odd that it cannot be written again.
    """
    found = queries.marked_file(queries.get_part_file(request.user, key))
    if found is None:
        raise NothingHere
    return as_file(*found, XLSX)
