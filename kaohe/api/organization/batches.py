"""Registers of other systems in one request: all rows or none, an entry for each object."""

from typing import Annotated, Any

from ninja import Router
from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from kaohe.api.callers import Caller, place_of
from kaohe.api.organization.departments import DepartmentRow
from kaohe.api.organization.unit_shapes import Post, UnitRow
from kaohe.api.routes import write
from kaohe.api.rows import EACH, LARGEST, SOME, Entered, entered
from kaohe.api.shapes import (
    Body,
    JurisdictionChoice,
    Key,
    Line,
    OldDay,
    PersonName,
    Phone,
    Short,
    Text,
)
from kaohe.core.access import Verb
from kaohe.organization.services.departments_bulk import open_departments
from kaohe.organization.services.people_bulk import enter_people
from kaohe.organization.services.units_bulk import enter_units

router = Router(tags=["batches"])


class UnitRows(Body):
    """Units that were not in the register."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rows": [
                        {
                            "department": 1,
                            "name": "示例市第九中学",
                            "category": "public_first",
                            "principal": {"name": "王某某", "from_on": "2024-03-01"},
                        }
                    ]
                }
            ]
        }
    )

    jurisdiction: JurisdictionChoice = ""
    rows: Annotated[list[Annotated[UnitRow, EACH]], SOME]


class PersonRow(Body):
    """Somebody who was not entered yet; with a post, also where, and which one."""

    name: PersonName
    phone: Phone = ""
    note: Text = ""
    unit: Key | None = None
    department: Key | None = None
    post: Post | None = None
    title: Short = ""
    from_on: OldDay | None = None
    document: Line = ""

    @model_validator(mode="after")
    def _post_in_one_place(self) -> "PersonRow":
        places = [each for each in (self.unit, self.department) if each is not None]
        if len(places) > 1 or bool(places) is (self.post is None):
            raise PydanticCustomError("post_and_place", "a post is in one place")
        return self


class PersonRows(Body):
    """People who were not entered yet."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"jurisdiction": "370699", "rows": [{"name": "王某某", "phone": ""}]}]
        }
    )

    jurisdiction: JurisdictionChoice = ""
    rows: Annotated[list[Annotated[PersonRow, EACH]], SOME]


class DepartmentRows(Body):
    """Departments that were not there."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"jurisdiction": "370699", "rows": [{"name": "市水务局"}]}]}
    )

    jurisdiction: JurisdictionChoice = ""
    rows: Annotated[list[Annotated[DepartmentRow, EACH]], SOME]


@write(router, "POST", "/units:batch", Verb.UNIT_MANAGE, Entered, status=201, largest=LARGEST)
def enter_many_units(request: Caller, body: UnitRows) -> dict[str, Any]:
    """Enter up to 10,000 units with who is in post, all of them or none."""
    place = place_of(request, Verb.UNIT_MANAGE, body.jurisdiction)
    return entered(
        body.rows,
        UnitRow.arguments,
        lambda rows: enter_units(by=request.user, jurisdiction=place, rows=rows),
    )


@write(router, "POST", "/people:batch", Verb.PERSON_MANAGE, Entered, status=201, largest=LARGEST)
def enter_many_people(request: Caller, body: PersonRows) -> dict[str, Any]:
    """Enter up to 10,000 people, each with a post where there is one, all of them or none."""
    place = place_of(request, Verb.PERSON_MANAGE, body.jurisdiction)
    return entered(
        body.rows,
        PersonRow.given,
        lambda rows: enter_people(by=request.user, jurisdiction=place, rows=rows),
    )


@write(
    router,
    "POST",
    "/departments:batch",
    Verb.DEPARTMENT_MANAGE,
    Entered,
    status=201,
    largest=LARGEST,
)
def open_many_departments(request: Caller, body: DepartmentRows) -> dict[str, Any]:
    """Enter up to 10,000 departments, all of them or none."""
    place = place_of(request, Verb.DEPARTMENT_MANAGE, body.jurisdiction)
    return entered(
        body.rows,
        DepartmentRow.given,
        lambda rows: open_departments(by=request.user, jurisdiction=place, rows=rows),
    )
