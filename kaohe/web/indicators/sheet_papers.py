"""Pages: sheets and targets as papers, one by one or all of a year in an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.documents.refusals import PaperRefused
from kaohe.documents.sheet_paper import FormTable, spans_of
from kaohe.indicators.papers import files as queries
from kaohe.indicators.papers.sheets import sheet_paper as paper_of_sheet
from kaohe.indicators.papers.targets import targets_paper as paper_of_targets
from kaohe.indicators.queries.sheets import get_sheet
from kaohe.indicators.queries.targets import table_of
from kaohe.indicators.queries.years import get_participant
from kaohe.jobs.queries import jobs_of, outcome_of
from kaohe.jobs.services import ask
from kaohe.organization.queries.access import NothingHere
from kaohe.organization.queries.files import path_of
from kaohe.web.fields import choice
from kaohe.web.indicators.frame import about_year, look_at, year_page
from kaohe.web.indicators.workbooks import as_file
from kaohe.web.requests import SignedIn
from kaohe.web.words import books as _words  # noqa: F401  # declares
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.documents.sheet_paper import FormPaper
    from kaohe.jobs.models import Job

MAKE = "papers.make"
PDF = "application/pdf"
ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {"pdf": PDF, "docx": DOCX}
SORTS = (("sheets", lazy("assessment sheets")), ("targets", lazy("tables of approved targets")))
FORMS = (("pdf", lazy("PDF, for printing and filing")), ("docx", lazy("Word, to go on working in")))


class PapersForm(WritingForm):
    """Which papers are to be made in one go."""

    sort = choice(SORTS, label=lazy("Which papers"))
    department = choice((), label=lazy("Department"), required=False)
    form = choice(FORMS, label=lazy("Form of the files"))

    def __init__(self, *args: Any, departments: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.choices = [
            ("", _("all departments")),
            *((str(key), name) for key, name in departments),
        ]


def sheet_paper(request: SignedIn, key: int) -> HttpResponse:
    """A sheet as it is printed, on the screen."""
    row = get_sheet(request.user, key)
    look_at(request, row.participant.assessment_year)
    paper = paper_of_sheet(row)
    context = {
        **about_year(request, row.participant.assessment_year, "sheets"),
        "paper": paper,
        "tables": [_shown(each) for each in paper.tables],
        "back": reverse("web:sheet", args=[row.pk]),
        "pdf": reverse("web:sheet-paper-pdf", args=[row.pk]),
        "docx": reverse("web:sheet-paper-docx", args=[row.pk]),
    }
    if paper.proof is not None:  # of our own making: squares and numbers
        context["proof_svg"] = mark_safe(paper.proof.code.svg)  # noqa: S308
    return show(request, "indicators/sheet_paper.html", context)


class Cell(NamedTuple):
    """A cell of a table on the screen; ``span``: how many rows it reaches down."""

    text: str
    span: int
    align: str


class Shown(NamedTuple):
    """A table on the screen."""

    table: FormTable
    rows: list[list[Cell]]


def _shown(table: FormTable) -> Shown:
    rows = [
        [
            Cell(text, span, column.align)
            for text, span, column in zip(row, spans, table.columns, strict=True)
            if span
        ]
        for row, spans in zip(table.rows, spans_of(table), strict=True)
    ]
    return Shown(table, rows)


def sheet_paper_pdf(request: SignedIn, key: int) -> HttpResponse:
    """A sheet as a PDF."""
    return _paper(request, paper_of_sheet(get_sheet(request.user, key)), "pdf")


def sheet_paper_docx(request: SignedIn, key: int) -> HttpResponse:
    """A sheet as a Word file."""
    return _paper(request, paper_of_sheet(get_sheet(request.user, key)), "docx")


def targets_paper_pdf(request: SignedIn, key: int) -> HttpResponse:
    """The targets of a unit as a PDF."""
    return _paper(request, _targets(request, key), "pdf")


def targets_paper_docx(request: SignedIn, key: int) -> HttpResponse:
    """The targets of a unit as a Word file."""
    return _paper(request, _targets(request, key), "docx")


def _targets(request: SignedIn, key: int) -> FormPaper:
    table = table_of(get_participant(request.user, key))
    if table is None:
        raise NothingHere
    return paper_of_targets(table)


def _paper(request: SignedIn, paper: FormPaper, form: str) -> HttpResponse:
    """The file; what cannot be printed is told, never printed as boxes."""
    try:
        data = queries.as_bytes(paper, form)
    except PaperRefused as refusal:
        context = {"status": 422, "title": _("Not possible"), "sentence": refusal.sentence(_)}
        answer = show(request, "web/refusal.html", context)
        answer.status_code = 422
        return answer
    return as_file(data, f"{paper.title}.{form}", MEDIA[form])


def sheets_papers(request: SignedIn, key: int) -> HttpResponse:
    """Papers of a year in one go: what to make, and what was made."""
    year = year_page(request, key)
    departments = queries.departments_to_print(request.user, year)
    form = PapersForm(request.POST or None, departments=departments)

    def order() -> str:
        given = form.given
        job = ask(
            by=request.user,
            jurisdiction=year.jurisdiction,
            kind=MAKE,
            subject=year.subject,
            arguments={
                "year": year.pk,
                "sort": given["sort"],
                "form": given["form"],
                "department": int(given["department"]) if given["department"] else None,
                "language": get_language() or "zh-hans",
            },
        )
        return reverse("web:job", args=[job.pk])

    answer = written(request, form, order, to=str)
    context = {
        **about_year(request, year, "sheets"),
        "made": [_made(each) for each in _jobs(request, year.pk)[:10]],
        "count": queries.sheets_in_force(request.user, year).count(),
        "names": dict(departments),
    }
    return answer or show(request, "indicators/sheets_papers.html", context, form)


def _jobs(request: SignedIn, year: int) -> list[Job]:
    rows = jobs_of(request.user).filter(kind=MAKE, arguments__year=year)
    return list(rows)


class Made(NamedTuple):
    """An archive that was asked for, as the page tells of it."""

    job: Job
    sort: str
    form: str
    department: int | None
    said: str
    is_done: bool


def _made(job: Job) -> Made:
    given = job.arguments
    return Made(
        job,
        str(dict(SORTS)[given["sort"]]),
        given["form"],
        given["department"],
        outcome_of(job, _),
        job.state == "done",
    )


def papers_archive(request: SignedIn, key: int, job: str) -> HttpResponse:
    """An archive that the person had made.

    Raises:
        NothingHere: it is of somebody else, of another year, or not made.
    """
    year = year_page(request, key)
    row = next((each for each in _jobs(request, year.pk) if str(each.pk) == str(job)), None)
    digest = row.outcome.get("facts", {}).get("file") if row is not None else None
    if row is None or not digest or not path_of(digest).exists():
        raise NothingHere
    title = dict(SORTS)[row.arguments["sort"]]
    name = _("{year} {title}.zip").format(year=year.year, title=title)
    return as_file(path_of(digest).read_bytes(), name, ZIP)
