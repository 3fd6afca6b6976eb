"""What versions of the parts of a year's scheme look like over the API."""

from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from kaohe.api.shapes import (
    Body,
    Instant,
    JurisdictionCode,
    Key,
    Object,
    Paging,
    Shape,
    Short,
    Text,
)

STATES = (
    "draft, submitted, returned, approved, issued, superseded (a later one was issued), archived or"
    " withdrawn."
)
PartState = Literal[
    "",
    "draft",
    "submitted",
    "returned",
    "approved",
    "issued",
    "superseded",
    "archived",
    "withdrawn",
]


class PartFilters(Paging):
    """What the list can be narrowed by."""

    year: int | None = Field(None, ge=1900, le=2200, description="The assessment year.")
    state: PartState = ""


class PartVersionLine(Object):
    """A version in a list."""

    jurisdiction: JurisdictionCode
    year: int = Field(description="The assessment year.")
    year_key: int = Field(description="The key of the assessment year.")
    department: int | None = Field(description="Of a department's scheme.")
    department_name: str
    number: int
    state: str = Field(description=STATES)
    document_number: str
    digest: str = Field(description="SHA-256 of the content in its canonical form.")
    scheme_digest: str = Field(
        description="Of settings that were issued: the digest that the manifest of a result names."
    )
    submitted_at: Instant | None
    approved_at: Instant | None
    issued_on: date | None
    moved_at: Instant

    @model_validator(mode="before")
    @classmethod
    def _placed(cls, row: Any) -> Any:
        part = row.part
        row.year = part.assessment_year.year
        row.year_key = part.assessment_year_id
        row.department = part.department_id
        row.department_name = part.department.name if part.department else ""
        return row


class PartVersionShape(PartVersionLine):
    """A version with its content.  Notes are there only for those who read drafts."""

    content: dict[str, Any] = Field(
        description="The plan as a tree of texts, or of settings scheme.toml as one text."
    )
    change_note: str | None = Field(description="What is new, and why.")
    return_reason: str | None


class MarkShape(Object):
    """A cell that was marked when a version was returned."""

    path: str
    text: str = Field(description="The cell as it was.")
    reason: str
    settled: bool = Field(description="The cell was changed since.")
    made_by: str
    made_at: Instant

    @model_validator(mode="before")
    @classmethod
    def _named(cls, row: Any) -> Any:
        own = ("id", "version", "path", "text", "reason", "settled", "made_at")
        return {name: getattr(row, name) for name in own} | {"made_by": row.made_by.name}


class CellDifferenceShape(Shape):
    """A cell that differs, with where it stands in words."""

    path: str
    kind: str = Field(description="added, removed or changed.")
    unit: str
    item: str
    label: str
    old: str
    new: str


class Differences(Shape):
    """What differs from an earlier version."""

    against: int | None = Field(description="The version with which it is compared; null: none.")
    items: list[CellDifferenceShape]


class DifferencesOf(Body):
    """With which version one is compared."""

    model_config = ConfigDict(extra="forbid", strict=False)

    against: int | None = Field(
        None, ge=1, le=100_000, description="The number of a version; else the last one issued."
    )


class AnswerShape(Shape):
    """What was said of a warning."""

    text: str
    who: str
    at: Instant
    number: int = Field(description="Of the version in which it was given.")
    is_stale: bool = Field(description="The figures of the finding have changed since.")


class AnswerBody(Body):
    """A warning of the check-up, and why it is to stay as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "check": "source-missing",
                    "path": "indicators/J01/source",
                    "text": "年报发布后补充来源",
                }
            ]
        }
    )

    check: Short = Field(min_length=1, description="The code of the check.")
    path: str = Field(max_length=1_000, description="As the finding names it.")
    about: Short = Field("", description="As the finding names it.")
    text: Text


class AnswerKept(Object):
    """An answer as it is kept."""

    check_code: str
    path: str
    about: str
    text: str
    made_at: Instant


class FindingShape(Shape):
    """One thing that the check-up found."""

    check: str
    severity: str = Field(description="error, warning or note.")
    sentence: str
    remedy: str
    path: str
    about: str = Field(description="With check and path it names the finding when it is answered.")
    unit: str
    point: str = Field(description="The code of the point of the checklist that it belongs to.")
    answer: AnswerShape | None


class PointShape(Shape):
    """A point of the checklist."""

    code: str
    label: str
    state: str = Field(description="passed, warned, wrong, waits or apart.")
    errors: int
    warnings: int
    answered: int
    notes: int
    looked: str = Field(description="What was looked at, or why nothing could be.")


class Findings(Shape):
    """All that the check-up finds, errors first, and the points of the checklist."""

    items: list[FindingShape]
    points: list[PointShape]
    unanswered: int = Field(description="Warnings without an answer that still fits.")


class SubmitPart(Body):
    """What is new in a version; left out, it stays as it was written."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"change_note": "调整安全演练目标"}]})

    change_note: Text | None = None


class MarkBody(Body):
    """A cell that is marked, and why."""

    path: str = Field(min_length=1, max_length=200)
    reason: Text


class ReturnPart(Body):
    """Why a version goes back: for the whole, and for marked cells."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "目标值请核对", "marks": []}]}
    )

    reason: Text = ""
    marks: list[MarkBody] = Field(default_factory=list, max_length=500)


class IssuePart(Body):
    """The paper by which a version is issued."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"document_number": ""}]})

    document_number: Short = ""


class WithdrawPart(Body):
    """Why a version is given up."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "另行起草"}]})

    reason: Text = ""


class NextPart(Body):
    """What is to be new in the next version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"change_note": "年中修订"}]})

    change_note: Text = ""


class SeenVersion(Body):
    """A version, and what was seen of it."""

    id: Key
    version: int = Field(ge=1, le=2**31 - 1, description="Its version, as the list shows it.")


class ApproveMany(Body):
    """Versions that are to be approved."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"versions": [{"id": 1, "version": 1}]}]}
    )

    versions: list[SeenVersion] = Field(min_length=1, max_length=500)


class IssueMany(ApproveMany):
    """Versions that are to be issued."""

    document_number: Short = ""
    together: bool = Field(False, description="All or none.")


class KeptShape(Shape):
    """A version that stays as it is, and why."""

    id: int
    code: str
    detail: str


class ManyDone(Shape):
    """What came of a deed on many versions."""

    done: list[int] = Field(description="Their keys.")
    kept: list[KeptShape]
