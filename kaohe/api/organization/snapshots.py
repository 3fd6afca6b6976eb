"""The snapshots of the years over the API."""

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q
from ninja import Query, Router
from pydantic import ConfigDict, Field

from kaohe.api.callers import Caller, place_of
from kaohe.api.organization.unit_shapes import LEADING, Category, YearShape
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import Body, Day, Instant, JurisdictionChoice, Place, Shape, Where
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.organization.queries.access import NothingHere
from kaohe.organization.queries.snapshots import (
    differences,
    editions_of,
    snapshot_of,
    years_of_unit,
)
from kaohe.organization.queries.units import get_unit
from kaohe.organization.services import snapshots as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import UnitYear

router = Router(tags=["snapshots"])


class EditionShape(Shape):
    """One snapshot of a year, as far as one may see it."""

    year: int
    edition: int
    on: date
    taken_at: Instant
    taken_by: str
    count: int = Field(description="Units of it that one may see.")
    is_last: bool


class Editions(Shape):
    """All snapshots of a jurisdiction, the latest first."""

    items: list[EditionShape]


class SnapshotFilters(Place):
    """What a snapshot can be narrowed by."""

    q: str = Field(
        "", max_length=120, description="A part of the name of that day, or of the code."
    )
    category: Category | Literal[""] = ""


class TakeSnapshot(Body):
    """Which year is fixed, as of which day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"jurisdiction": "370699", "year": 2025, "on": "2025-12-31"}]
        }
    )

    jurisdiction: JurisdictionChoice = ""
    year: int = Field(ge=1990, le=2199)
    on: Day


class Taken(Shape):
    """What was taken."""

    year: int
    edition: int
    units: int


class DifferenceShape(Shape):
    """A fact that was another one when the snapshot was taken."""

    name: str
    then: str | int | bool | list[str] | None
    now: str | int | bool | list[str] | None


class UnitOfYear(YearShape):
    """What a unit was in a year, and what is another today."""

    differences: list[DifferenceShape]


@read(router, "/snapshots", Verb.UNIT_READ, Editions)
def snapshots(request: Caller, filters: Query[Where]) -> dict[str, Any]:
    """The snapshots of a jurisdiction, the latest first."""
    place = place_of(request, Verb.UNIT_READ, filters.jurisdiction)
    return {"items": editions_of(request.user, place)}


@write(router, "POST", "/snapshots", Verb.UNIT_SNAPSHOT, Taken, status=201)
def take_snapshot(request: Caller, body: TakeSnapshot) -> Any:
    """Fix the register of a year as of a day; taken again, it is a further edition."""
    place = place_of(request, Verb.UNIT_SNAPSHOT, body.jurisdiction)
    return services.take_snapshot(by=request.user, jurisdiction=place, year=body.year, on=body.on)


@listed(router, "/snapshots/{int:year}/{int:edition}", Verb.UNIT_READ, YearShape, by=("code", "id"))
def snapshot(
    request: Caller, year: int, edition: int, filters: Query[SnapshotFilters]
) -> "QuerySet[UnitYear]":
    """Every unit of one snapshot, by code."""
    place = place_of(request, Verb.UNIT_READ, filters.jurisdiction)
    if not (0 < year < 10_000 and 0 < edition < 10_000):
        raise NothingHere
    rows = snapshot_of(request.user, place, year, edition).select_related("jurisdiction")
    if not rows.exists():
        raise NothingHere
    if text := clean(filters.q):
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text))
    return rows.filter(category=filters.category) if filters.category else rows


@read(router, "/units/{int:key}/snapshots/{int:year}/{int:edition}", Verb.UNIT_READ, UnitOfYear)
def unit_snapshot(request: Caller, key: int, year: int, edition: int) -> Any:
    """What a unit was in one snapshot, and what is another today."""
    unit: Any = get_unit(request.user, key)
    if not (0 < year < 10_000 and 0 < edition < 10_000):
        raise NothingHere
    rows = years_of_unit(unit).select_related("jurisdiction")
    row: Any = rows.filter(year=year, edition=edition).first()
    if row is None:
        raise NothingHere
    today = {
        post: "、".join(each.person.name for each in unit.leading if each.post == post)
        for post in LEADING
    }
    row.differences = differences(unit, row, today)
    return row
