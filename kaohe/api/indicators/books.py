"""Schemes as workbooks and from Word files, and papers of the year, over the API."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, UploadedFile

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.files import XLSX, download, upload
from kaohe.api.indicators.book_shapes import (
    ApplySchemeFile,
    FileFoundShape,
    ForVersion,
    MakePapers,
    NothingAsked,
    PlaceWordFiles,
    SchemeFile,
    SchemeFileFilters,
    SetWordColumns,
    WordColumnsShape,
)
from kaohe.api.organization.job_shapes import JobShape
from kaohe.api.organization.papers import DOCX, PDF, PaperNotSet
from kaohe.api.routes import listed, read, write
from kaohe.core.access import Verb
from kaohe.documents.refusals import PaperRefused
from kaohe.indicators.papers import files as paper_files
from kaohe.indicators.papers.sheets import sheet_paper
from kaohe.indicators.papers.targets import targets_paper
from kaohe.indicators.queries import plan_book as queries
from kaohe.indicators.queries.parts import get_part_version
from kaohe.indicators.queries.sheets import get_sheet
from kaohe.indicators.queries.targets import table_of
from kaohe.indicators.queries.word_drafts import department_that_drafts, word_columns
from kaohe.indicators.queries.word_matching import files_read, takes_long, units_without
from kaohe.indicators.queries.years import get_participant, get_year
from kaohe.indicators.services import part_imports as services
from kaohe.indicators.services import word_columns as columns_services
from kaohe.indicators.services import word_uploads
from kaohe.indicators.services.part_undoing import undo_part_file
from kaohe.jobs.queries import jobs_of
from kaohe.jobs.services import ask
from kaohe.organization.queries.access import NothingHere
from kaohe.organization.queries.files import path_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.documents.sheet_paper import FormPaper
    from kaohe.indicators.models import PartImport, WordColumns
    from kaohe.jobs.models import Job

router = Router(tags=["scheme-files"])
ZIP = "application/zip"
MAKE, READ = "papers.make", "parts.read"
AT_ONCE = 400 << 10  # bytes of one file that is read at once
_D, _R = Verb.SCHEME_DRAFT, Verb.SHEET_READ


@download(router, "/scheme-versions/{int:key}/workbook", Verb.SCHEME_READ, media=XLSX)
def scheme_workbook(request: Caller, key: int) -> tuple[bytes, str]:
    """A version of a department's scheme, with all its sheets, as a workbook."""
    row = get_part_version(request.user, key)
    if row.part.department_id is None:
        raise NothingHere
    return queries.workbook_of(row)


@upload(router, "/scheme-files", _D, SchemeFile, status=201)
def bring_scheme_file(
    request: Caller, file: File[UploadedFile], options: Form[ForVersion]
) -> "PartImport":
    """Bring a workbook (.xlsx) or a Word file (.docx) for a draft; it is read and compared."""
    version = get_part_version(request.user, options.scheme_version)
    if not queries.may_draft(request.user, version):
        raise NothingHere
    row = services.bring_part_file(
        by=request.user, version=version, name=file.name or "", stream=file
    )
    return services.read_part_file(by=request.user, key=row.pk)


@upload(router, "/scheme-files/word", _D, SchemeFile, status=201)
def bring_word_files(
    request: Caller, files: File[list[UploadedFile]], options: Form[ForVersion]
) -> "PartImport":
    """Bring many Word files (.docx), or a .zip of them, for a draft; they are read together.

    More than 20 files are read by a job: ask again until the state is “read”.
    """
    version = get_part_version(request.user, options.scheme_version)
    if not queries.may_draft(request.user, version):
        raise NothingHere
    sent = [word_uploads.WordSent(each.name or "", each) for each in files]
    row = word_uploads.bring_word_files(by=request.user, version=version, files=sent)
    return _read_on(request, row)


def _read_on(request: Caller, row: "PartImport") -> "PartImport":
    """The import read, or to be read by a job where that takes long."""
    if not takes_long(row, AT_ONCE):
        return services.read_part_file(by=request.user, key=row.pk)
    ask(
        by=request.user,
        jurisdiction=row.jurisdiction,
        kind=READ,
        subject=row.subject,
        arguments={"key": row.pk},
    )
    return row


@listed(router, "/scheme-files", _D, SchemeFile, by=("-id",))
def scheme_files(request: Caller, filters: Query[SchemeFileFilters]) -> "QuerySet[PartImport]":
    """The files brought for schemes that one drafts, the latest first."""
    rows = queries.part_files(request.user)
    if filters.part is not None:
        rows = rows.filter(part=filters.part)
    return rows.filter(state=filters.state) if filters.state else rows


@read(router, "/scheme-files/{int:key}", _D, SchemeFile)
def scheme_file(request: Caller, key: int) -> "PartImport":
    """One file that was brought for a scheme."""
    return queries.get_part_file(request.user, key)


@read(router, "/scheme-files/{int:key}/found", _D, FileFoundShape)
def found_in_scheme_file(request: Caller, key: int) -> dict[str, Any]:
    """What is not right in a file, and what it would change in the draft."""
    row = queries.get_part_file(request.user, key)
    found = queries.found_in(row, queries.open_draft(row.part))
    return {
        "content": found.tree,
        "problems": [
            {
                "file": str(each.facts.get("file", "")),
                "sheet": each.table,
                "row": each.row,
                "column": each.column,
                "severity": each.severity,
                "code": each.code,
                "what": each.sentence(_),
                "how": each.remedy(_),
            }
            for each in found.problems
        ],
        "changes": [each._asdict() for each in found.changes],
        "conflicts": found.conflicts,
        "heads": row.found.get("heads", {}),
        "unknown": row.found.get("unknown", []),
        "files": [
            {
                **each._asdict(),
                "units": [{"code": code, "name": name} for code, name in each.units],
            }
            for each in files_read(row)
        ],
        "without": units_without(row),
        "is_stale": found.is_stale,
        "may_apply": row.state == "read" and found.may_apply,
    }


@write(router, "POST", "/scheme-files/{int:key}/read", _D, SchemeFile, of_version=False)
def read_scheme_file(request: Caller, key: int, body: NothingAsked) -> "PartImport":
    """Have a file read again, beside the draft as it stands now."""
    row = queries.get_part_file(request.user, key)
    return services.read_part_file(by=request.user, key=row.pk)


@write(router, "POST", "/scheme-files/{int:key}/apply", _D, SchemeFile)
def apply_scheme_file(request: Caller, key: int, body: ApplySchemeFile) -> "PartImport":
    """Make what was read the draft, whole."""
    row = queries.get_part_file(request.user, key)
    return services.apply_part_file(
        by=request.user, row=row, seen=seen(request), insist=body.insist
    )


@write(router, "POST", "/scheme-files/{int:key}/units", _D, SchemeFile)
def place_word_files(request: Caller, key: int, body: PlaceWordFiles) -> "PartImport":
    """Say which unit each of some Word files is for; they are read again."""
    row = queries.get_part_file(request.user, key)
    chosen = {each.file: each.is_for for each in body.files}
    placed = word_uploads.place_word_files(
        by=request.user, row=row, seen=seen(request), chosen=chosen
    )
    return _read_on(request, placed)


@write(router, "POST", "/scheme-files/{int:key}/undo", _D, SchemeFile)
def undo_scheme_file(request: Caller, key: int, body: NothingAsked) -> "PartImport":
    """Put back what the draft said before a file was applied, if it was not edited since."""
    row = queries.get_part_file(request.user, key)
    return undo_part_file(by=request.user, row=row, seen=seen(request))


@write(router, "POST", "/scheme-files/{int:key}/drop", _D, SchemeFile)
def drop_scheme_file(request: Caller, key: int, body: NothingAsked) -> "PartImport":
    """Give a file up; the draft stays as it is."""
    row = queries.get_part_file(request.user, key)
    return services.drop_part_file(by=request.user, row=row, seen=seen(request))


@download(router, "/scheme-files/{int:key}/marked", _D, media=XLSX)
def marked_scheme_file(request: Caller, key: int) -> tuple[bytes, str]:
    """The workbook that was brought, with what is not right marked in its cells."""
    found = queries.marked_file(queries.get_part_file(request.user, key))
    if found is None:
        raise NothingHere
    return found


@read(router, "/departments/{int:key}/word-columns", _D, WordColumnsShape)
def get_word_columns(request: Caller, key: int) -> "WordColumns":
    """What the columns of a department's Word files mean, as far as it was said."""
    found = word_columns(department_that_drafts(request.user, key))
    if found is None:
        raise NothingHere
    return found


@write(router, "POST", "/departments/{int:key}/word-columns", _D, WordColumnsShape)
def set_word_columns(request: Caller, key: int, body: SetWordColumns) -> "WordColumns":
    """Say what some heads of Word tables mean; have a file read again to use it."""
    return columns_services.set_word_columns(
        by=request.user,
        department=department_that_drafts(request.user, key),
        columns=body.columns,
        seen=seen(request),
    )


@download(router, "/sheets/{int:key}/pdf", _R, media=PDF)
def sheet_pdf(request: Caller, key: int) -> tuple[bytes, str]:
    """A unit's sheet as it is printed, as a PDF."""
    return _paper(sheet_paper(get_sheet(request.user, key)), "pdf")


@download(router, "/sheets/{int:key}/docx", _R, media=DOCX)
def sheet_docx(request: Caller, key: int) -> tuple[bytes, str]:
    """A unit's sheet as it is printed, as a Word file."""
    return _paper(sheet_paper(get_sheet(request.user, key)), "docx")


@download(router, "/participants/{int:key}/targets/pdf", _R, media=PDF)
def targets_pdf(request: Caller, key: int) -> tuple[bytes, str]:
    """The table of a unit's targets as it is printed, as a PDF."""
    return _paper(_targets(request, key), "pdf")


@download(router, "/participants/{int:key}/targets/docx", _R, media=DOCX)
def targets_docx(request: Caller, key: int) -> tuple[bytes, str]:
    """The table of a unit's targets as it is printed, as a Word file."""
    return _paper(_targets(request, key), "docx")


def _targets(request: Caller, key: int) -> "FormPaper":
    table = table_of(get_participant(request.user, key))
    if table is None:
        raise NothingHere
    return targets_paper(table)


def _paper(paper: "FormPaper", form: str) -> tuple[bytes, str]:
    """The file and its name.

    Raises:
        PaperNotSet: what cannot be printed is told, never printed as boxes.
    """
    try:
        return paper_files.as_bytes(paper, form), f"{paper.title}.{form}"
    except PaperRefused as refusal:
        raise PaperNotSet(why=refusal.sentence(_)) from refusal


@write(router, "POST", "/years/{int:key}/papers", Verb.DESK_READ, JobShape, of_version=False)
def make_papers(request: Caller, key: int, body: MakePapers) -> "Job":
    """Have all sheets, or tables of targets, that one may see, made in one archive by a job."""
    year = get_year(request.user, key)
    return ask(
        by=request.user,
        jurisdiction=year.jurisdiction,
        kind=MAKE,
        subject=year.subject,
        arguments={
            "year": year.pk,
            "sort": body.sort,
            "form": body.form,
            "department": body.of_department,
            "language": get_language() or "zh-hans",
        },
    )


@download(router, "/years/{int:key}/papers/{uuid:job}", _R, media=ZIP)
def papers_archive(request: Caller, key: int, job: UUID) -> tuple[bytes, str]:
    """The archive of papers that one had made."""
    year = get_year(request.user, key)
    row = jobs_of(request.user).filter(kind=MAKE, arguments__year=year.pk, pk=job).first()
    digest = row.outcome.get("facts", {}).get("file") if row is not None else None
    if not digest or not path_of(digest).exists():
        raise NothingHere
    return path_of(digest).read_bytes(), f"{year.year}-{job}.zip"
