"""What units, their names, posts, grades and years look like over the API."""

from datetime import date
from typing import Any, Literal

from pydantic import AliasChoices, ConfigDict, Field, model_validator

from kaohe.api.shapes import (
    Amount,
    Body,
    Brief,
    CreditCode,
    Day,
    FarDay,
    Instant,
    JurisdictionCode,
    Key,
    Line,
    Name,
    Object,
    OldDay,
    PersonName,
    Phone,
    Reason,
    Shape,
    Short,
    Text,
)
from kaohe.organization.services.people import InPost

Category = Literal["public_first", "public_second", "administrative", "business", "unclassified"]
Funding = Literal["", "full", "subsidy", "self"]
Basis = Literal["", "per_pupil", "appropriation"]
Level = Literal[
    "",
    "county_chief",
    "county_deputy",
    "section_chief",
    "section_deputy",
    "subsection",
    "unranked",
]
Status = Literal[
    "normal", "preparing", "changing", "deregistering", "deregistered", "void", "revoked"
]
Post = Literal["principal", "legal_representative", "deputy", "contact", "other"]
Grade = Literal["A", "B", "C", "none"]
Count = int | None
LEADING = ("principal", "legal_representative")
HELD = (*LEADING, "contact")


class UnitFacts(Object):
    """What the register says of a unit."""

    jurisdiction: JurisdictionCode = Field(
        validation_alias=AliasChoices("jurisdiction_code", "jurisdiction")
    )
    code: str | None
    name: str
    department: int = Field(validation_alias="department_id", description="Its key.")
    category: str
    funding: str
    funding_basis: str
    level: str
    sector: str
    group: str
    status: str
    posts_approved: Count
    posts_filled: Count
    staff: Count
    cert_to: date | None
    opened_on: date | None
    closed_on: date | None


class UnitLine(UnitFacts):
    """A unit in a list; who leads it is as of today."""

    department_name: str
    principal: str | None
    legal_representative: str | None


class UnitShape(UnitFacts):
    """A unit with everything that its version covers."""

    sponsor: str
    leader_posts: Count
    leaders_filled: Count
    temporary_staff: Count
    start_up: Amount | None
    purpose: str
    address: str
    registrar: str
    cert_from: date | None
    short_name: str
    plates: list[str]
    former_names: list[str] = Field(description="Those whose days are not known.")


class UnitNameShape(Shape):
    """A name over time."""

    kind: Literal["name", "short", "plate"]
    name: str
    from_on: date | None
    to_on: date | None
    document: str


class AffiliationShape(Shape):
    """A department over time."""

    department: int = Field(validation_alias="department_id")
    department_name: str
    from_on: date | None
    to_on: date | None
    document: str


class SuccessionLine(Shape):
    """What follows what, with the codes of that day."""

    id: int
    kind: str
    year: int
    on: date
    unit: int = Field(validation_alias="unit_id")
    unit_name: str
    code: str
    predecessor: int = Field(validation_alias="predecessor_id")
    predecessor_name: str
    predecessor_code: str
    document: str
    note: str

    @model_validator(mode="before")
    @classmethod
    def _names(cls, row: Any) -> Any:
        if not isinstance(row, dict):
            row.unit_name, row.predecessor_name = row.unit.name, row.predecessor.name
        return row


class UnitHistory(Shape):
    """Names, departments, forerunners and successors over time."""

    names: list[UnitNameShape]
    affiliations: list[AffiliationShape]
    predecessors: list[SuccessionLine]
    successors: list[SuccessionLine]


class GradeShape(Shape):
    """The grade of a year, and of which unit it was: this one, or one that it continues."""

    id: int
    unit: int = Field(validation_alias="unit_id")
    year: int
    grade: str
    document: str


class StreakShape(Shape):
    """Years in a row with one grade, the latest first."""

    grade: str
    years: list[int]


class UnitGrades(Shape):
    """The grades of the years before the platform, the latest first."""

    grades: list[GradeShape]
    streak: StreakShape | None


class Remark(Shape):
    """What is strange about a unit, and no mistake."""

    field: str
    code: str
    what: str
    how: str


class UnitRemarks(Shape):
    """What is worth a look, and what is lacking before the register of a year."""

    remarks: list[Remark]
    missing: list[str]


class YearShape(Shape):
    """What a unit was in a year."""

    id: int
    jurisdiction: JurisdictionCode
    unit: int = Field(validation_alias="unit_id")
    year: int
    edition: int
    on: date
    taken_at: Instant
    name: str
    code: str
    department: int = Field(validation_alias="department_id")
    department_name: str
    category: str
    group: str
    staff: Count
    principal: str
    legal_representative: str
    facts: dict[str, str | int | bool | list[str] | None]


class InPostBody(Body):
    """Who is in a post of a unit that is entered; one name in several posts is one person."""

    name: PersonName
    title: Short = ""
    from_on: OldDay | None = None
    phone: Phone = ""


class CorrectUnit(Body):
    """What the register says of a unit but for its names, department and people."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"staff": 128, "cert_to": "2029-03-05"}]}
    )

    code: CreditCode = ""
    sponsor: Line = ""
    category: Category = "unclassified"
    funding: Funding = ""
    funding_basis: Basis = ""
    level: Level = ""
    sector: Brief = ""
    group: Brief = ""
    posts_approved: int | None = Field(None, ge=0, le=999_999)
    posts_filled: int | None = Field(None, ge=0, le=999_999)
    leader_posts: int | None = Field(None, ge=0, le=999_999)
    leaders_filled: int | None = Field(None, ge=0, le=999_999)
    temporary_staff: int | None = Field(None, ge=0, le=999_999)
    staff: int | None = Field(None, ge=0, le=999_999)
    purpose: Text = ""
    start_up: Amount | None = None
    address: Line = ""
    registrar: Line = ""
    cert_from: FarDay | None = None
    cert_to: FarDay | None = None
    status: Status = "normal"
    opened_on: OldDay | None = None


class UnitRow(CorrectUnit):
    """A unit that was not in the register."""

    department: Key
    name: Name
    category: Category
    short_name: Short = ""
    plates: list[Name] = Field([], max_length=30)
    former_names: list[Name] = Field([], max_length=30)
    document: Line = ""
    principal: InPostBody | None = None
    legal_representative: InPostBody | None = None
    contact: InPostBody | None = None

    def arguments(self) -> dict[str, Any]:
        """What the services are given of it."""
        told = self.given(*HELD)
        held = ((post, getattr(self, post)) for post in HELD)
        told["posts"] = [InPost(post, **each.given()) for post, each in held if each is not None]
        return told


class EnterUnit(UnitRow):
    """A unit that was not in the register; its department says where it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "department": 1,
                    "name": "示例市第九中学",
                    "category": "public_first",
                    "principal": {"name": "王某某", "from_on": "2024-03-01"},
                }
            ]
        }
    )


class SetNames(Body):
    """The names of a unit besides its present one, from a day on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"short_name": "九中", "plates": ["示例市体校"], "on": "2026-03-01"}]
        }
    )

    short_name: Short = ""
    plates: list[Name] = Field([], max_length=30)
    former_names: list[Name] = Field([], max_length=30)
    on: Day
    document: Line = ""


class RecordGrade(Body):
    """The grade of a year before the platform."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"year": 2025, "grade": "A", "document": "示考〔2026〕3号"}]
        }
    )

    year: int = Field(ge=1990, le=2199)
    grade: Grade
    document: Name
    replaces: bool = False
    reason: Reason | Literal[""] = ""
