"""Papers of a year as files: one sheet, one table of targets, or many of them in an archive."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.documents.refusals import PaperRefused
from kaohe.documents.sheet_paper import FormPaper
from kaohe.documents.sheet_paper_docx import write_form_docx
from kaohe.indicators.models import AssessmentYear, Participant, Sheet, TargetTable
from kaohe.indicators.papers.sheets import printed_sheet, sheet_paper, sheet_title
from kaohe.indicators.papers.targets import targets_paper, targets_title
from kaohe.organization.models import User
from kaohe.organization.queries.access import visible

SORTS = ("sheets", "targets")
FORMS = ("pdf", "docx")
MADE_ON = (2000, 1, 1, 0, 0, 0)  # the same papers give the same archive
Progress = Callable[[int, int, str], None]


class Wanted(NamedTuple):
    """Which papers of a year: their sort, their form, of which department (None: of all)."""

    sort: str
    form: str
    department: int | None


def sheets_in_force(user: User, year: AssessmentYear) -> QuerySet[Sheet]:
    """The sheets of a year that are in force and that a user may see, by unit."""
    rows = visible(
        user,
        Verb.SHEET_READ,
        Sheet.objects.filter(participant__assessment_year=year).exclude(state="superseded"),
        department="participant__department",
        unit="participant__unit",
    )
    related = ("participant__assessment_year", "participant__group", "jurisdiction")
    return rows.select_related(*related).order_by("participant__code", "-number")


def targets_to_print(user: User, year: AssessmentYear) -> QuerySet[TargetTable]:
    """The targets of a year that a user may see, by unit."""
    rows = visible(
        user,
        Verb.SHEET_READ,
        TargetTable.objects.filter(participant__assessment_year=year),
        department="participant__department",
        unit="participant__unit",
    )
    related = (
        "participant__assessment_year",
        "participant__department",
        "participant__jurisdiction",
        "jurisdiction",
    )
    return rows.select_related(*related).order_by("participant__code")


def departments_to_print(user: User, year: AssessmentYear) -> list[tuple[int, str]]:
    """The departments whose units' papers a user may see: keys and names."""
    rows = visible(
        user,
        Verb.SHEET_READ,
        Participant.objects.filter(assessment_year=year, department__isnull=False),
        department="department",
        unit="unit",
    )
    found = rows.order_by("department_name").values_list("department", "department_name")
    return list(dict(found.distinct()).items())


def as_bytes(paper: FormPaper, form: str) -> bytes:
    """A paper in a form.

    Raises:
        PaperRefused: it cannot be printed as it should be.
    """
    return printed_sheet(paper) if form == "pdf" else write_form_docx(paper)


def papers_wanted(user: User, year: AssessmentYear, wanted: Wanted) -> list[Sheet | TargetTable]:
    """What is to be printed, of what a user may see."""
    sheets, tables = sheets_in_force(user, year), targets_to_print(user, year)
    if wanted.department is not None:
        sheets = sheets.filter(participant__department=wanted.department)
        tables = tables.filter(participant__department=wanted.department)
    return [*sheets] if wanted.sort == "sheets" else [*tables]


def _paper(row: Sheet | TargetTable) -> tuple[FormPaper, str]:
    if isinstance(row, Sheet):
        return sheet_paper(row), sheet_title(row)
    return targets_paper(row), targets_title(row)


class Archive(NamedTuple):
    """An archive of papers: its bytes, how many are in it, and those that could not be printed."""

    data: bytes
    papers: int
    refused: list[str]


def archive_of(rows: list[Sheet | TargetTable], form: str, progress: Progress) -> Archive:
    """All papers as one .zip; what cannot be printed is named in a text beside the others."""
    out = io.BytesIO()
    refused: list[str] = []
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(rows, form, progress, refused):
            archive.writestr(zipfile.ZipInfo(name, MADE_ON), data, zipfile.ZIP_DEFLATED)
            count += 1
        if refused:
            told = "\n".join(refused)
            name = _("not printed.txt")
            archive.writestr(zipfile.ZipInfo(name, MADE_ON), told, zipfile.ZIP_DEFLATED)
    return Archive(out.getvalue(), count, refused)


def _files(
    rows: list[Sheet | TargetTable], form: str, progress: Progress, refused: list[str]
) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        progress(place, len(rows), "")
        paper, title = _paper(row)
        name = title.replace("/", "／")
        if name in seen:
            name = f"{name}（{row.participant.code}）"
        seen.add(name)
        try:
            yield f"{name}.{form}", as_bytes(paper, form)
        except PaperRefused as refusal:
            refused.append(f"{title}：{refusal.sentence(_)}")
    progress(len(rows), len(rows), "")
