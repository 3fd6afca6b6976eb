"""Assessment folders over the API: a year out of the platform, and one into it."""

from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, UploadedFile
from pydantic import BaseModel, ConfigDict, Field

from kaohe.api.callers import Caller, place_of
from kaohe.api.files import download, upload
from kaohe.api.organization.job_shapes import JobShape
from kaohe.api.routes import read
from kaohe.api.shapes import JurisdictionChoice, Shape
from kaohe.core.access import Verb
from kaohe.core.problems import Problem
from kaohe.indicators.queries.folder_files import kept_file, look_into
from kaohe.indicators.queries.year_export import export_of, folder_name, zip_of
from kaohe.indicators.queries.years import get_year
from kaohe.indicators.services.folder_refusals import ExportUnfit, FolderProblems
from kaohe.indicators.services.folder_uploads import bring_folder
from kaohe.jobs.services import ask

if TYPE_CHECKING:
    from kaohe.jobs.models import Job

router = Router(tags=["year-folders"])
_M = Verb.YEAR_MANAGE
IMPORT = "indicators.import-year"
ZIP = "application/zip"


class FolderProblem(Shape):
    """One thing that is wrong with a folder, or odd about it."""

    severity: str = Field(description="error or warning.")
    code: str = Field(description="Stable; docs/errors.md lists them all.")
    table: str
    row: int | None = Field(description="As a spreadsheet numbers it; null: the whole table.")
    column: str
    what: str
    how: str


class FolderLook(Shape):
    """What a folder is, and all that was found in it."""

    year: int | None = Field(description="Null where it is refused.")
    jurisdiction: str = Field(description="The code that its scheme names.")
    units: int
    refused: bool
    problems: list[FolderProblem]


class ObstacleShape(Shape):
    """Whether a year can be exported, and all that is in the way."""

    ready: bool
    units: int
    items: int
    obstacles: list[FolderProblem]
    warnings: list[FolderProblem]


class ExportChoice(BaseModel):
    """Which form, and of what."""

    model_config = ConfigDict(extra="forbid")

    form: Literal["csv", "xlsx", "parquet"] = "csv"
    draft: bool = Field(False, description="What is drafted counts as if it were issued.")


class DraftChoice(BaseModel):
    """Of what."""

    model_config = ConfigDict(extra="forbid")

    draft: bool = Field(False, description="What is drafted counts as if it were issued.")


class FolderPlace(BaseModel):
    """Of which jurisdiction."""

    jurisdiction: JurisdictionChoice = ""


def told(problems: list[Problem]) -> list[dict[str, Any]]:
    """Problems as the API tells them."""
    return [
        {
            "severity": each.severity,
            "code": each.code,
            "table": each.table,
            "row": each.row,
            "column": each.column,
            "what": each.sentence(_),
            "how": each.remedy(_),
        }
        for each in problems
    ]


@download(router, "/years/{int:key}/folder", _M, media=ZIP)
def export_year(request: Caller, key: int, choice: Query[ExportChoice]) -> tuple[bytes, str]:
    """A year as an assessment folder, zipped; refused where something is in the way."""
    year = get_year(request.user, key, _M)
    export = export_of(year, draft=choice.draft)
    if not export.is_ready(draft=choice.draft):
        first = export.obstacles[0].sentence(_)
        raise ExportUnfit(year=year.year, count=len(export.obstacles), first=first)
    return zip_of(export, choice.form), folder_name(year)


@read(router, "/years/{int:key}/folder/obstacles", _M, ObstacleShape)
def year_obstacles(request: Caller, key: int, choice: Query[DraftChoice]) -> dict[str, Any]:
    """What is in the way of exporting a year, all of it."""
    export = export_of(get_year(request.user, key, _M), draft=choice.draft)
    return {
        "ready": export.is_ready(draft=choice.draft),
        "units": len(export.inputs.units),
        "items": len(export.inputs.items),
        "obstacles": told(export.obstacles),
        "warnings": told(export.warnings),
    }


@download(router, "/years/{int:key}/kept-folder", _M, media=ZIP)
def kept_folder(request: Caller, key: int) -> tuple[bytes, str]:
    """The folder of an imported year as it was brought, facts included."""
    return kept_file(get_year(request.user, key, _M), "folder")


@download(router, "/years/{int:key}/kept-results", _M, media=ZIP)
def kept_results(request: Caller, key: int) -> tuple[bytes, str]:
    """What the engine made of the folder of an imported year."""
    return kept_file(get_year(request.user, key, _M), "results")


@upload(router, "/year-folders/look", _M, FolderLook)
def look_at_folder(
    request: Caller, file: File[UploadedFile], where: Form[FolderPlace]
) -> dict[str, Any]:
    """Have a zipped folder read and checked, and learn all that is wrong; nothing is kept."""
    place_of(request, _M, where.jurisdiction)
    looked = look_into(file, file.name or "")
    return {
        "year": looked.year,
        "jurisdiction": looked.jurisdiction,
        "units": looked.units,
        "refused": looked.is_refused,
        "problems": told(looked.problems),
    }


@upload(router, "/year-folders", _M, JobShape)
def import_year(request: Caller, file: File[UploadedFile], where: Form[FolderPlace]) -> "Job":
    """Bring a zipped folder that is to become a year; it is checked at once, a job enters it."""
    place = place_of(request, _M, where.jurisdiction)
    looked = look_into(file, file.name or "")
    if looked.is_refused:
        raise FolderProblems(looked.problems)
    row = bring_folder(
        by=request.user,
        jurisdiction=place,
        name=file.name or "",
        stream=file,
        year=looked.year or 0,
        of=looked.jurisdiction,
    )
    return ask(
        by=request.user,
        jurisdiction=place,
        kind=IMPORT,
        subject=row.subject,
        arguments={"file": row.pk},
    )
