"""What governing documents, their versions and comments look like over the API."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kaohe.api.shapes import (
    Body,
    Day,
    Instant,
    JurisdictionChoice,
    JurisdictionCode,
    Name,
    Object,
    Place,
    Reason,
    Rules,
    Shape,
    Short,
    Text,
)
from kaohe.organization.queries.documents import in_force, open_one

Sort = Literal["work_rules", "measures", "work_plan", "opinion", "other"]
VersionState = Literal[
    "draft", "submitted", "returned", "approved", "issued", "superseded", "withdrawn"
]
STATES = "draft, submitted, returned, approved, issued, superseded or withdrawn."


class VersionInForce(Shape):
    """The version of a document that holds."""

    version: int = Field(description="Its key.", validation_alias="pk")
    number: int
    document_number: str
    effective_on: date | None


class VersionOpen(Shape):
    """The version of a document that is on its way."""

    version: int = Field(description="Its key.", validation_alias="pk")
    number: int
    state: str = Field(description=STATES)


class DocumentShape(Object):
    """A document that lives in versions."""

    jurisdiction: JurisdictionCode
    sort: str = Field(description="work_rules, measures, work_plan, opinion or other.")
    title: str = Field(description="Without 《》.")


class DocumentLine(DocumentShape):
    """A document in a list; the row says whether one reviews drafts."""

    in_force: VersionInForce | None
    open: VersionOpen | None = Field(description="Only for those who review drafts.")

    @model_validator(mode="before")
    @classmethod
    def _versions(cls, row: Any) -> Any:
        versions = row.versions.all()
        row.in_force = in_force(versions)
        row.open = open_one(versions) if row.reviews else None
        return row


class VersionLine(Object):
    """A version in a list."""

    document: int = Field(validation_alias="document_id")
    number: int
    state: str = Field(description=STATES)
    document_number: str
    effective_on: date | None
    issued_on: date | None


class VersionShape(VersionLine):
    """A version with its text.  Notes are there only for those who review drafts."""

    text: str
    change_note: str | None = Field(description="What is new, and why.")
    return_reason: str | None
    created_at: Instant
    moved_at: Instant


class MoveShape(Shape):
    """A step that a version took, and the last who made it."""

    action: str
    who: str
    at: Instant


class Moves(Shape):
    """The steps that a version took, in order."""

    items: list[MoveShape]


class ResolutionShape(Shape):
    """What a closed sitting decided on a version."""

    sitting: int
    title: str
    held_on: date
    matter: int
    outcome: str
    holds: bool = Field(description="On the text as it is now.")


class Resolutions(Shape):
    """What closed sittings decided on a version, the latest first."""

    items: list[ResolutionShape]


class CommentShape(Object):
    """What a party says of a version under review."""

    document_version: int = Field(validation_alias="document_version_id")
    author: str
    department: int | None = Field(validation_alias="department_id")
    department_name: str
    text: str
    made_at: Instant

    @model_validator(mode="before")
    @classmethod
    def _named(cls, row: Any) -> Any:
        own = ("id", "version", "document_version_id", "department_id", "text", "made_at")
        told = {name: getattr(row, name) for name in own}
        department = row.department.name if row.department else ""
        return {**told, "author": row.author.name, "department_name": department}


class PartShape(Shape):
    """A stretch of a sentence."""

    text: str
    changed: bool = Field(description="It is not in the other version.")


class RowShape(Shape):
    """A sentence and what became of it."""

    kind: str = Field(description="changed, removed or added; same: sentences between.")
    where: str = Field(description="The article or chapter in which it stands.")
    old: list[PartShape]
    new: list[PartShape]
    count: int = Field(description="How many sentences between are the same.")


class ComparisonShape(Shape):
    """What differs between two versions, sentence by sentence."""

    old: int
    new: int
    same: bool
    rows: list[RowShape]


class OutlineOfSort(Shape):
    """What a document of a kind can begin with."""

    sort: str
    title: str
    text: str


class Outlines(Shape):
    """The outlines that there are, filled in for a jurisdiction."""

    items: list[OutlineOfSort]


class NextNumber(Shape):
    """The document number after the last of this year."""

    number: str = Field(description="Empty: there is no series yet.")


class WhichVersions(BaseModel):
    """Which versions are compared, by their numbers."""

    model_config = ConfigDict(extra="forbid")

    old: int | None = Field(
        None, ge=1, le=2**31, description="Else: the one in force before “new”, or the one before."
    )
    new: int | None = Field(None, ge=1, le=2**31, description="Else: the latest.")


class Head(BaseModel):
    """Whether the red head is printed."""

    model_config = ConfigDict(extra="forbid")

    head: Literal["", "plain"] = Field("", description="plain: for paper that has one.")


class DocumentFilters(Place):
    """What documents can be narrowed by."""

    sort: Sort | Literal[""] = ""


class Retitle(Body):
    """The title of a document of which nothing was issued."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "考核工作规则"}]})

    title: Name


class TextOfVersion(Body):
    """The text of a version, and what is new in it; what is left out stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "第一条 为规范考核工作，制定本规则。"}]}
    )

    text: Rules = ""
    change_note: Text = ""


class DraftVersion(TextOfVersion):
    """The next version; without a text it begins with that of the one in force."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"change_note": "完善回避规定"}]})


class OpenDocument(TextOfVersion):
    """A document that was not there, with the draft of its first version."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"jurisdiction": "370699", "sort": "other", "title": "考核结果运用办法"}]
        }
    )

    jurisdiction: JurisdictionChoice = ""
    sort: Sort
    title: Name


class ReturnVersion(Body):
    """Why a version goes back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "第三条请补充时限"}]})

    reason: Reason


class WithdrawVersion(Body):
    """Why a version is given up."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "合并到其他办法"}]})

    reason: Text = ""


class IssueVersion(Body):
    """The number of a version, and the day from which it holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"number": "示考委〔2026〕3号", "effective_on": "2026-03-05"}]
        }
    )

    number: Short
    effective_on: Day
    retroactive: bool = Field(False, description="It is to hold from before the day of its issue.")


class CommentBody(Body):
    """What one's department or office thinks of a version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "建议明确时限。"}]})

    text: Reason
