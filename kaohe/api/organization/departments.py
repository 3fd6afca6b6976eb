"""Departments and member departments over the API."""

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ninja import Query, Router
from pydantic import ConfigDict, Field, field_validator

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import (
    Body,
    CreditCode,
    Day,
    JurisdictionChoice,
    JurisdictionCode,
    Line,
    Name,
    Object,
    OldDay,
    Place,
    Reason,
    Shape,
    Short,
)
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.organization.queries.departments import called, departments_of, get_department
from kaohe.organization.services import departments as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Department

MemberPart = Literal[
    "",
    "organisation",
    "establishment",
    "hr",
    "finance",
    "audit",
    "education",
    "health",
    "discipline",
]
router = Router(tags=["departments"])


class DepartmentLine(Object):
    """A department in a list."""

    jurisdiction: JurisdictionCode
    name: str
    short_name: str
    code: str
    in_charge: bool
    member_part: str
    opened_on: date | None
    closed_on: date | None


class PastName(Shape):
    """A name that a department bears or bore; papers print the one of their day."""

    name: str
    from_on: date | None
    to_on: date | None
    document: str


class DepartmentShape(DepartmentLine):
    """A department."""

    names: list[PastName] = Field(description="Latest first.")

    @field_validator("names", mode="before")
    @classmethod
    def _all(cls, names: Any) -> Any:
        return names.all() if hasattr(names, "all") else names


class DepartmentFilters(Place):
    """What the list can be narrowed by."""

    q: str = Field("", max_length=120, description="A part of a present or earlier name.")
    part: Literal["", "charge", "member"] = ""
    state: Literal["", "open", "closed"] = ""


class CorrectDepartment(Body):
    """What is known of a department but for its name; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"short_name": "教体局"}]})

    short_name: Short = ""
    code: CreditCode = ""
    in_charge: bool = True
    member_part: MemberPart = ""
    opened_on: OldDay | None = None


class DepartmentRow(CorrectDepartment):
    """A department that was not there, of a jurisdiction that is known."""

    name: Name
    document: Line = ""


class OpenDepartment(DepartmentRow):
    """A department that was not there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "市水务局", "opened_on": "2019-01-01", "document": "编〔2019〕1号"}
            ]
        }
    )

    jurisdiction: JurisdictionChoice = ""


class RenameDepartment(Body):
    """A new name from a day on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "市水利局", "on": "2026-03-01", "document": "编〔2026〕2号"}]
        }
    )

    name: Name
    on: Day
    document: Name


class CloseDepartment(Body):
    """The end of a department."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"on": "2026-03-01", "reason": "机构改革"}]}
    )

    on: Day
    reason: Reason


@listed(router, "/departments", Verb.DEPARTMENT_READ, DepartmentLine, by=("name", "id"))
def departments(request: Caller, filters: Query[DepartmentFilters]) -> "QuerySet[Department]":
    """The departments of a jurisdiction, by name."""
    place = place_of(request, Verb.DEPARTMENT_READ, filters.jurisdiction)
    rows = departments_of(request.user, place)
    if text := clean(filters.q):
        rows = called(rows, text)
    if filters.part:
        rows = (
            rows.filter(in_charge=True)
            if filters.part == "charge"
            else rows.exclude(member_part="")
        )
    if filters.state:
        rows = rows.filter(closed_on__isnull=filters.state == "open")
    return rows


@read(router, "/departments/{int:key}", Verb.DEPARTMENT_READ, DepartmentShape)
def department(request: Caller, key: int) -> "Department":
    """One department with the names that it bore."""
    return get_department(request.user, key)


@write(router, "POST", "/departments", Verb.DEPARTMENT_MANAGE, DepartmentShape, status=201)
def open_department(request: Caller, body: OpenDepartment) -> "Department":
    """Enter a department."""
    place = place_of(request, Verb.DEPARTMENT_MANAGE, body.jurisdiction)
    return services.open_department(
        by=request.user, jurisdiction=place, **body.given("jurisdiction")
    )


@write(router, "PATCH", "/departments/{int:key}", Verb.DEPARTMENT_MANAGE, DepartmentShape)
def correct_department(request: Caller, key: int, body: CorrectDepartment) -> "Department":
    """Mend what was entered wrongly; a new name has an address of its own."""
    row = get_department(request.user, key)
    return services.correct_department(
        by=request.user, department=row, seen=seen(request), **body.given()
    )


@write(router, "POST", "/departments/{int:key}/rename", Verb.DEPARTMENT_MANAGE, DepartmentShape)
def rename_department(request: Caller, key: int, body: RenameDepartment) -> "Department":
    """Give a department a new name from a day on; papers of earlier days print the old one."""
    row = get_department(request.user, key)
    return services.rename_department(
        by=request.user, department=row, seen=seen(request), **body.given()
    )


@write(router, "POST", "/departments/{int:key}/close", Verb.DEPARTMENT_MANAGE, DepartmentShape)
def close_department(request: Caller, key: int, body: CloseDepartment) -> "Department":
    """Close a department that is in charge of no unit any more."""
    row = get_department(request.user, key)
    return services.close_department(
        by=request.user, department=row, seen=seen(request), **body.given()
    )
