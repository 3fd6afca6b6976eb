"""What workbooks, Word files and papers are over the API."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kaohe.api.shapes import (
    Aside,
    Body,
    Instant,
    JurisdictionCode,
    Key,
    Object,
    Paging,
    Shape,
)


class SchemeFile(Object):
    """A workbook, or Word files, brought for a scheme."""

    jurisdiction: JurisdictionCode
    part: int = Field(description="The key of the scheme.")
    department: int
    file: str = Field(description="The name of the file; of several, of the first.")
    count: int = Field(description="How many files were brought together.")
    sort: str = Field(description="xlsx or docx.")
    state: str = Field(description="brought, read, applied, undone or dropped.")
    base: str = Field(description="Digest of the draft with which it was compared.")
    added_by: str
    added_at: Instant

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, row: Any) -> Any:
        names = ("pk", "version", "jurisdiction", "count", "sort", "state", "base", "added_at")
        told = {name: getattr(row, name) for name in names}
        return {
            **told,
            "id": row.pk,
            "part": row.part_id,
            "department": row.part.department_id,
            "file": row.file.name,
            "added_by": row.added_by.name,
        }


class ForVersion(BaseModel):
    """Which draft a file is for."""

    model_config = ConfigDict(extra="forbid")

    scheme_version: Key = Field(description="The key of the draft.")


class FileProblem(Shape):
    """What is wrong with a cell of a file, or worth a look."""

    file: str = Field(description="Which of several files; empty: the one, or all of them.")
    sheet: str = Field(description="The sheet of the workbook, or the table of the Word file.")
    row: int | None
    column: str
    severity: str
    code: str
    what: str
    how: str


class CellInFile(Shape):
    """A cell of the draft that the file would change."""

    path: str
    old: str
    new: str


class WordFileUnit(Shape):
    """A unit that a Word file is for."""

    code: str
    name: str


class WordFileRead(Shape):
    """One of the Word files that were brought together."""

    key: int
    name: str = Field(description="Its name, with its folders if it came in an archive.")
    chosen: str = Field(
        description="What was said: code of a unit, all, out (left out); empty: nothing."
    )
    how: str = Field(
        description="How it is known: inside, name, chosen, all, out, open; empty: not read yet."
    )
    units: list[WordFileUnit]
    rows: int = Field(description="Indicators in it.")
    errors: int
    warnings: int


class FileFoundShape(Shape):
    """What was read from a file, beside the draft."""

    content: dict[str, Any] = Field(description="The scheme as it would be.")
    problems: list[FileProblem]
    changes: list[CellInFile]
    conflicts: list[str] = Field(description="Paths of cells that were changed in the draft too.")
    heads: dict[str, str] = Field(description="Of a Word file: head → what it was taken for.")
    unknown: list[str] = Field(description="Of a Word file: heads that nobody has explained.")
    files: list[WordFileRead] = Field(description="Word files with the units that they are for.")
    without: list[str] = Field(description="Names of units that no Word file is for.")
    is_stale: bool = Field(description="The draft was changed since: have the file read again.")
    may_apply: bool


class SchemeFileFilters(Paging):
    """What the list can be narrowed by."""

    part: Key | None = Field(None, description="The key of a scheme.")
    state: Literal["", "brought", "read", "applied", "undone", "dropped"] = ""


class ApplySchemeFile(Body):
    """Whether the file holds where the draft was changed as well."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"insist": True}]})

    insist: bool = False


class WhoseFile(Body):
    """What one Word file is for."""

    file: int = Field(description="The key of the file among those brought together.")
    is_for: Aside = Field(
        description="The code of a unit; all; out: left out; empty: as it says itself."
    )


class PlaceWordFiles(Body):
    """Which unit each of some Word files is for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"files": [{"file": 1, "is_for": ""}]}]}
    )

    files: list[WhoseFile] = Field(min_length=1, max_length=100)


class NothingAsked(Body):
    """Nothing more need be said."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class WordColumnsShape(Object):
    """What the columns of a department's Word files mean."""

    department: int
    columns: dict[str, str] = Field(description="Folded head → field; empty: not read.")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, row: Any) -> Any:
        return {
            "id": row.pk,
            "version": row.version,
            "department": row.department_id,
            "columns": row.columns,
        }


class SetWordColumns(Body):
    """What some heads mean."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"columns": {"重点事项": "definition"}}]}
    )

    columns: dict[Aside, Aside] = Field(
        min_length=1, max_length=60, description="Head → field; empty: not to be read."
    )


class MakePapers(Body):
    """Which papers of a year."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sort": "sheets", "form": "pdf"}]})

    sort: Literal["sheets", "targets"] = "sheets"
    form: Literal["pdf", "docx"] = "pdf"
    of_department: Key | None = Field(None, description="Of one department only.")
