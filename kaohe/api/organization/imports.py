"""Imports of the register from a workbook over the API: brought, checked, applied or given up."""

from typing import TYPE_CHECKING, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, UploadedFile
from pydantic import BaseModel, ConfigDict, Field, model_validator

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.files import XLSX, download, upload
from kaohe.api.organization.job_shapes import JobShape
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import (
    Body,
    Instant,
    JurisdictionChoice,
    JurisdictionCode,
    Object,
    Place,
    Shape,
)
from kaohe.core.access import Verb
from kaohe.documents.register_book import register_book
from kaohe.jobs.services import ask
from kaohe.organization.queries.import_marks import marked_workbook
from kaohe.organization.queries.import_report import Options, Report, Shown
from kaohe.organization.queries.imports import (
    departments_to_import,
    get_import,
    imports_of,
    register_rows,
    report_of,
)
from kaohe.organization.services import imports as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.jobs.models import Job
    from kaohe.organization.models import Import

router = Router(tags=["imports"])
_V = Verb.UNIT_IMPORT
CHECK, APPLY = "register.check", "register.apply"


class ImportShape(Object):
    """A workbook on its way into the register."""

    jurisdiction: JurisdictionCode
    file: str = Field(description="Its name.")
    state: str = Field(description="uploaded, checked, applied or dropped.")
    counts: dict[str, int] = Field(description="Rows of each kind; empty before the check.")
    report: str = Field(description="What was found; name it to apply just this.")
    added_by: str
    added_at: Instant

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, row: Any) -> Any:
        names = ("pk", "version", "jurisdiction", "state", "counts", "report", "added_at")
        told = {name: getattr(row, name) for name in names}
        return {**told, "id": row.pk, "file": row.file.name, "added_by": row.added_by.name}


class ProblemShape(Shape):
    """What is wrong with a cell, or worth a look."""

    field: str
    severity: str
    code: str
    what: str
    how: str


class ImportRow(Shape):
    """A row of the workbook: what it says, what it would change, what is wrong with it."""

    row: int
    kind: str
    unit: int | None
    values: dict[str, Any]
    changes: dict[str, list[Any]] = Field(description="What was, and what will be.")
    problems: list[ProblemShape]


class ReportShape(Shape):
    """A part of what was found, and how many rows there are of each kind."""

    counts: dict[str, int]
    options: dict[str, bool]
    problems: list[ProblemShape] = Field(description="Of the table as a whole.")
    rows: list[ImportRow]
    next: int | None = Field(description="“start” of the next part; null: this was the last.")


class WhereImports(BaseModel):
    """Of which jurisdiction."""

    model_config = ConfigDict(extra="forbid")

    jurisdiction: JurisdictionChoice = ""


class ImportFilters(Place):
    """What the list can be narrowed by."""

    state: Literal["", "uploaded", "checked", "applied", "dropped"] = ""


class ReportFilters(BaseModel):
    """Which rows of a report."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["all", "bad", "warnings", "new", "changed", "same"] = "all"
    start: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(50, ge=1, le=500)


class ImportOptions(BaseModel):
    """How a workbook is to be understood."""

    jurisdiction: JurisdictionChoice = ""
    corrections: bool = Field(False, description="Other names and departments are corrections.")
    clear: bool = Field(False, description="Empty cells empty the register.")


class CheckImport(Body):
    """How a workbook is to be understood."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"corrections": True}]})

    corrections: bool = False
    clear: bool = False


class ApplyImport(Body):
    """What was looked at."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"report": "0" * 64}]})

    report: str = Field(pattern="^[0-9a-f]{64}$")


class DropImport(Body):
    """Nothing more need be said."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


@listed(router, "/imports", _V, ImportShape, by=("-id",))
def imports(request: Caller, filters: Query[ImportFilters]) -> "QuerySet[Import]":
    """The imports of a jurisdiction, the latest first."""
    place = place_of(request, _V, filters.jurisdiction)
    rows = imports_of(request.user, place).select_related("file", "added_by", "jurisdiction")
    return rows.filter(state=filters.state) if filters.state else rows


@upload(router, "/imports", _V, ImportShape, status=201)
def start_import(
    request: Caller, file: File[UploadedFile], options: Form[ImportOptions]
) -> "Import":
    """Bring a workbook of the register (.xlsx, .xls, .csv); its check is asked for at once."""
    place = place_of(request, _V, options.jurisdiction)
    row = services.start_import(
        by=request.user, jurisdiction=place, name=file.name or "", stream=file
    )
    _ask_check(request, row, Options(options.corrections, options.clear))
    return row


def _ask_check(request: Caller, row: "Import", options: Options) -> "Job":
    return ask(
        by=request.user,
        jurisdiction=row.jurisdiction,
        kind=CHECK,
        subject=row.subject,
        arguments={"key": row.pk, "options": options.as_json()},
    )


@read(router, "/imports/{int:key}", _V, ImportShape)
def get_one_import(request: Caller, key: int) -> "Import":
    """One import, with how many rows are of each kind once it is checked."""
    return get_import(request.user, key)


@read(router, "/imports/{int:key}/report", _V, ReportShape)
def import_report(request: Caller, key: int, filters: Query[ReportFilters]) -> dict[str, Any]:
    """What was found in a workbook, row by row, a part of it."""
    report = _report(get_import(request.user, key))
    kind = "" if filters.kind == "all" else filters.kind
    rows = list(report.lines(kind, filters.start, filters.limit))
    end = filters.start + len(rows)
    return {
        "counts": report.counts,
        "options": report.options.as_json(),
        "problems": _problems(report.problems),
        "rows": [_row(each) for each in rows],
        "next": end if end < report.counts[filters.kind] else None,
    }


def _report(row: "Import") -> Report:
    """The report of an import.

    Raises:
        ImportUnchecked: there is none yet.
    """
    if not row.report:
        raise services.ImportUnchecked
    return report_of(row)


def _row(line: Shown) -> dict[str, Any]:
    return {
        "row": line.row,
        "kind": line.kind,
        "unit": line.unit,
        "values": line.typed if line.kind == "bad" else line.values,
        "changes": {name: list(pair) for name, pair in line.changes.items()},
        "problems": _problems(line.problems),
    }


def _problems(found: Any) -> list[dict[str, str]]:
    return [
        {
            "field": each.column,
            "severity": each.severity,
            "code": each.code,
            "what": each.sentence(_),
            "how": each.remedy(_),
        }
        for each in found
    ]


@write(router, "POST", "/imports/{int:key}/check", _V, JobShape, of_version=False)
def check_import(request: Caller, key: int, body: CheckImport) -> "Job":
    """Have a workbook checked again, perhaps to be understood otherwise; a job does it."""
    row = get_import(request.user, key)
    return _ask_check(request, row, Options(body.corrections, body.clear))


@write(router, "POST", "/imports/{int:key}/apply", _V, JobShape, of_version=False)
def apply_import(request: Caller, key: int, body: ApplyImport) -> "Job":
    """Have what was looked at written into the register, all of it; a job does it."""
    row = get_import(request.user, key)
    services.must_be_ready(row)
    return ask(
        by=request.user,
        jurisdiction=row.jurisdiction,
        kind=APPLY,
        subject=row.subject,
        arguments={"key": row.pk, "report": body.report},
    )


@write(router, "POST", "/imports/{int:key}/drop", _V, ImportShape)
def drop_import(request: Caller, key: int, body: DropImport) -> "Import":
    """Give an import up that was not applied; the register stays as it is."""
    row = get_import(request.user, key)
    return services.drop_import(by=request.user, row=row, seen=seen(request))


@download(router, "/imports/{int:key}/marked", _V, media=XLSX)
def marked_import(request: Caller, key: int) -> tuple[bytes, str]:
    """The workbook with what is wrong marked in it."""
    row = get_import(request.user, key)
    _report(row)
    return marked_workbook(row)


@download(router, "/imports/form", _V, media=XLSX)
def register_form(request: Caller, filters: Query[WhereImports]) -> tuple[bytes, str]:
    """The empty workbook to fill in."""
    place = place_of(request, _V, filters.jurisdiction)
    names = [each.name for each in departments_to_import(request.user, place)]
    return register_book([], names, _), _("register-form-{place}.xlsx").format(place=place.name)


@download(router, "/imports/register", _V, media=XLSX)
def register_to_correct(request: Caller, filters: Query[WhereImports]) -> tuple[bytes, str]:
    """The register as it is, in the form in which it can be imported again."""
    place = place_of(request, _V, filters.jurisdiction)
    departments = departments_to_import(request.user, place)
    rows = register_rows(request.user, place, {each.pk for each in departments})
    name = _("register-{place}-{day}.xlsx").format(
        place=place.name, day=f"{timezone.localdate():%Y%m%d}"
    )
    return register_book(rows, [each.name for each in departments], _), name
