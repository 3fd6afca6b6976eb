"""The sheets of units over the API: as they were issued, what changed, received, renewed."""

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import ConfigDict, Field, model_validator

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.part_shapes import Differences
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import (
    Body,
    Instant,
    JurisdictionCode,
    Key,
    Object,
    Paging,
    Reason,
    Shape,
)
from kaohe.core.access import Verb
from kaohe.core.plan_words import FIELD_WORDS
from kaohe.indicators.queries import sheets as queries
from kaohe.indicators.queries.years import get_year
from kaohe.indicators.services.receiving import receive_sheet as receive
from kaohe.indicators.services.receiving import renew_sheets as renew

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.indicators.models import Sheet

router = Router(tags=["sheets"])
_TOLD = ("jurisdiction", "participant__assessment_year")  # what a line of the list says


class SheetFilters(Paging):
    """What the list can be narrowed by."""

    year: int | None = Field(None, ge=1900, le=2200, description="The assessment year.")
    department: Key | None = None
    state: Literal["", "issued", "superseded", "archived"] = ""
    code: str = Field("", max_length=18, description="The credit code of the unit.")


class SheetLine(Object):
    """A unit's sheet in a list."""

    jurisdiction: JurisdictionCode
    year: int = Field(description="The assessment year.")
    participant: int = Field(description="The key of the unit in its year.")
    unit: int | None
    unit_code: str
    unit_name: str
    department_name: str
    number: int = Field(description="Its version; a later one replaces it.")
    state: str = Field(description="issued, superseded or archived.")
    sheet_number: str
    digest: str = Field(description="SHA-256 of the content in its canonical form.")
    issued_on: date
    received_at: Instant | None

    @model_validator(mode="before")
    @classmethod
    def _placed(cls, row: Any) -> Any:
        unit = row.participant
        names = ("id", "version", "jurisdiction", "number", "state", "sheet_number", "digest")
        told = {name: getattr(row, name) for name in (*names, "issued_on", "received_at")}
        if "content" in cls.model_fields:
            told |= {"content": row.content, "reason": row.reason}
        return told | {
            "year": unit.assessment_year.year,
            "participant": unit.pk,
            "unit": unit.unit_id,
            "unit_code": unit.code,
            "unit_name": unit.name,
            "department_name": unit.department_name,
        }


class SheetShape(SheetLine):
    """A unit's sheet with its content, as it was issued."""

    content: dict[str, Any] = Field(description="Indicators, and what is the unit's own.")
    reason: str = Field(description="Of a later version.")


class RenewSheets(Body):
    """Why sheets get their next version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "共性指标模板修订"}]})

    reason: Reason


class Renewed(Shape):
    """How many sheets got their next version."""

    count: int


@listed(router, "/sheets", Verb.SHEET_READ, SheetLine, by=("id",))
def sheets(request: Caller, filters: Query[SheetFilters]) -> "QuerySet[Sheet]":
    """The sheets that one may see, those that were replaced too."""
    rows = queries.all_sheets(request.user).select_related(None).select_related(*_TOLD)
    if filters.year is not None:
        rows = rows.filter(participant__assessment_year__year=filters.year)
    if filters.department is not None:
        rows = rows.filter(participant__department=filters.department)
    if filters.state:
        rows = rows.filter(state=filters.state)
    return rows.filter(participant__code=filters.code) if filters.code else rows


@read(router, "/sheets/{int:key}", Verb.SHEET_READ, SheetShape)
def sheet(request: Caller, key: int) -> "Sheet":
    """One sheet with its content."""
    return queries.get_sheet(request.user, key)


@read(router, "/sheets/{int:key}/differences", Verb.SHEET_READ, Differences)
def sheet_differences(request: Caller, key: int) -> dict[str, Any]:
    """What a version of a sheet changed in the one before."""
    row = queries.get_sheet(request.user, key)
    old = next((each for each in queries.versions_of_sheet(row) if each.number < row.number), None)
    found = queries.sheet_differences(old, row) if old else []
    items = [
        {
            "path": each.path,
            "kind": each.kind,
            "unit": each.where.unit,
            "item": each.where.item,
            "label": _(each.where.label) if each.where.field in FIELD_WORDS else each.where.label,
            "old": each.old,
            "new": each.new,
        }
        for each in found
    ]
    return {"against": old.number if old else None, "items": items}


@write(router, "POST", "/sheets/{int:key}/receive", Verb.SHEET_RECEIVE, SheetShape)
def receive_sheet(request: Caller, key: int) -> "Sheet":
    """Confirm for a unit that its sheet was received."""
    row = queries.get_sheet(request.user, key)
    return receive(by=request.user, sheet=row, seen=seen(request))


@write(
    router, "POST", "/years/{int:key}/renew-sheets", Verb.SCHEME_APPROVE, Renewed, of_version=False
)
def renew_sheets(request: Caller, key: int, body: RenewSheets) -> dict[str, int]:
    """Bring all issued sheets of a year under the common template that is in force now."""
    year = get_year(request.user, key, Verb.SCHEME_APPROVE)
    return {"count": len(renew(by=request.user, year=year, reason=body.reason))}
