"""The committee, its office and its seats over the API."""

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q
from django.utils import timezone
from ninja import Query, Router
from pydantic import ConfigDict, Field, model_validator

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import (
    Body,
    Day,
    JurisdictionChoice,
    JurisdictionCode,
    Key,
    Line,
    Name,
    Object,
    OldDay,
    Paging,
    PersonName,
    Place,
    Reason,
    Shape,
)
from kaohe.core.access import Verb
from kaohe.organization.queries import committee as queries
from kaohe.organization.queries.access import NothingHere, jurisdictions_of, one
from kaohe.organization.queries.departments import open_departments
from kaohe.organization.services import committee as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Committee, Department, Jurisdiction, Seat

SeatKind = Literal["director", "deputy", "member"]
router = Router(tags=["committee"])


class CommitteeShape(Object):
    """The committee of a jurisdiction; there is at most one."""

    jurisdiction: JurisdictionCode
    name: str
    founded_on: date | None
    document: str


class OfficeShape(Object):
    """The office of a committee: how it signs, and whom to call."""

    jurisdiction: str = Field(validation_alias="code")
    office_name: str
    support: str


class SeatShape(Object):
    """Who sits on a committee, as what, from when to when."""

    jurisdiction: JurisdictionCode
    committee: int = Field(validation_alias="committee_id")
    kind: str = Field(description="director, deputy or member.", validation_alias="seat")
    person: int = Field(validation_alias="person_id")
    person_name: str
    department: int | None = Field(validation_alias="department_id")
    title: str
    rank: int = Field(description="The order in which seats of a kind are listed.")
    from_on: date | None
    to_on: date | None = Field(description="The last day in the seat.")
    document: str

    @model_validator(mode="before")
    @classmethod
    def _named(cls, row: Any) -> Any:
        row.person_name = row.person.name
        return row


class Ordered(Shape):
    """What an order changed."""

    moved: list[int] = Field(description="The seats whose place is another one now.")


class CommitteeFilters(Paging):
    """Of one jurisdiction, or of all that one may see."""

    jurisdiction: JurisdictionChoice = Field("", description="Its code; empty: all.")


class SeatFilters(Place):
    """What seats can be narrowed by."""

    state: Literal["", "present", "past"] = Field("", description="Not ended; ended.")
    kind: SeatKind | Literal[""] = ""


class CommitteeBody(Body):
    """What is known of a committee; what is left out stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "示例市事业单位考核委员会", "document": "示委〔2026〕1号"}]
        }
    )

    name: Name
    founded_on: Day | None = None
    document: Line = ""


class FoundCommittee(CommitteeBody):
    """A committee that was not there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"jurisdiction": "370699", "name": "示例市事业单位考核委员会"}]
        }
    )

    jurisdiction: JurisdictionChoice = ""


class OfficeBody(Body):
    """How the office signs, and whom to call; what is left out stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"office_name": "示例市事考办", "support": "0535-2212345"}]}
    )

    office_name: Name
    support: Line = ""


class CorrectSeat(Body):
    """What was entered wrongly of a seat; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "市教育局局长"}]})

    kind: SeatKind = "member"
    department: Key | None = None
    title: Line = ""
    from_on: OldDay | None = None
    document: Line = ""


class GiveSeat(CorrectSeat):
    """A seat for somebody who is entered, or for a new person by name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"jurisdiction": "370699", "kind": "deputy", "name": "孙某某"}]
        }
    )

    jurisdiction: JurisdictionChoice = ""
    kind: SeatKind
    person: Key | None = None
    name: PersonName | Literal[""] = ""


class EndSeat(Body):
    """The end of a seat."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to_on": "2026-03-31", "reason": "工作调整"}]}
    )

    to_on: Day
    reason: Reason


class OrderSeats(Body):
    """The order in which seats are listed; those left out follow in theirs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seats": []}]})

    seats: list[Key] = Field(max_length=1000)


@listed(router, "/committees", Verb.COMMITTEE_READ, CommitteeShape, by=("name", "id"))
def committees(request: Caller, filters: Query[CommitteeFilters]) -> "QuerySet[Committee]":
    """The committees of all jurisdictions that one may see, or of one."""
    rows = queries.committees_seen_by(request.user)
    if filters.jurisdiction:
        place = place_of(request, Verb.COMMITTEE_READ, filters.jurisdiction)
        rows = rows.filter(jurisdiction=place)
    return rows


@read(router, "/committees/{int:key}", Verb.COMMITTEE_READ, CommitteeShape)
def committee(request: Caller, key: int) -> "Committee":
    """One committee."""
    return one(queries.committees_seen_by(request.user), key)


@write(router, "POST", "/committees", Verb.COMMITTEE_MANAGE, CommitteeShape, status=201)
def found_committee(request: Caller, body: FoundCommittee) -> "Committee":
    """Enter the committee of a jurisdiction that has none."""
    place = place_of(request, Verb.COMMITTEE_MANAGE, body.jurisdiction)
    return services.found_committee(
        by=request.user, jurisdiction=place, **body.given("jurisdiction")
    )


@write(router, "PATCH", "/committees/{int:key}", Verb.COMMITTEE_MANAGE, CommitteeShape)
def correct_committee(request: Caller, key: int, body: CommitteeBody) -> "Committee":
    """Mend the name, the day or the document of a committee."""
    row = one(queries.committees_seen_by(request.user), key)
    kept = {name: getattr(row, name) for name in ("founded_on", "document")}
    return services.correct_committee(
        by=request.user, committee=row, seen=seen(request), **{**kept, **body.given()}
    )


@write(
    router,
    "POST",
    "/committees/{int:key}/order",
    Verb.COMMITTEE_MANAGE,
    Ordered,
    of_version=False,
)
def order_seats(request: Caller, key: int, body: OrderSeats) -> dict[str, Any]:
    """List the seats of a committee in an order."""
    row = one(queries.committees_seen_by(request.user), key)
    moved = services.order_seats(by=request.user, committee=row, seats=body.seats)
    return {"moved": [each.pk for each in moved]}


@listed(router, "/offices", Verb.COMMITTEE_READ, OfficeShape, by=("code", "id"))
def offices(request: Caller, filters: Query[CommitteeFilters]) -> "QuerySet[Jurisdiction]":
    """The offices of all committees that one may see, or of one jurisdiction."""
    rows = jurisdictions_of(request.user, Verb.COMMITTEE_READ)
    if filters.jurisdiction:
        place = place_of(request, Verb.COMMITTEE_READ, filters.jurisdiction)
        rows = rows.filter(pk=place.pk)
    return rows


@read(router, "/offices/{int:key}", Verb.COMMITTEE_READ, OfficeShape)
def office(request: Caller, key: int) -> "Jurisdiction":
    """The office of one jurisdiction; its key is that of the jurisdiction."""
    return one(jurisdictions_of(request.user, Verb.COMMITTEE_READ), key)


@write(router, "PATCH", "/offices/{int:key}", Verb.COMMITTEE_MANAGE, OfficeShape)
def correct_office(request: Caller, key: int, body: OfficeBody) -> "Jurisdiction":
    """Say how an office signs, and whom to call."""
    row = one(jurisdictions_of(request.user, Verb.COMMITTEE_READ), key)
    told = {"support": row.support, **body.given()}
    return services.correct_office(by=request.user, jurisdiction=row, seen=seen(request), **told)


@listed(router, "/seats", Verb.COMMITTEE_READ, SeatShape, by=("rank", "id"))
def seats(request: Caller, filters: Query[SeatFilters]) -> "QuerySet[Seat]":
    """The seats of the committee of a jurisdiction, in their order."""
    place = place_of(request, Verb.COMMITTEE_READ, filters.jurisdiction)
    rows = queries.seats_seen_by(request.user).filter(jurisdiction=place)
    if filters.kind:
        rows = rows.filter(seat=filters.kind)
    if filters.state:
        held = Q(to_on__isnull=True) | Q(to_on__gte=timezone.localdate())
        rows = rows.filter(held if filters.state == "present" else ~held)
    return rows


@read(router, "/seats/{int:key}", Verb.COMMITTEE_READ, SeatShape)
def seat(request: Caller, key: int) -> "Seat":
    """One seat."""
    return queries.get_seat(request.user, key)


@write(router, "POST", "/seats", Verb.COMMITTEE_MANAGE, SeatShape, status=201)
def give_seat(request: Caller, body: GiveSeat) -> "Seat":
    """Give somebody a seat on the committee of a jurisdiction."""
    row = committee_to_manage(request, body.jurisdiction)
    told = body.given("jurisdiction", "kind", "person", "department")
    if body.person is not None:
        told["person"] = one(queries.people_of(row), body.person)
    return services.give_seat(
        by=request.user,
        committee=row,
        seat=body.kind,
        department=_department(row.jurisdiction, body.department),
        **told,
    )


def committee_to_manage(request: Caller, code: str) -> "Committee":
    """The committee of a jurisdiction that one manages.

    Raises:
        NothingHere: it has none, or one may not see it.
    """
    place = place_of(request, Verb.COMMITTEE_MANAGE, code)
    found = queries.committee_of(request.user, place)
    if found is None:
        raise NothingHere
    return found


def _department(place: "Jurisdiction", key: int | None) -> "Department | None":
    return None if key is None else one(open_departments(place), key)


@write(router, "PATCH", "/seats/{int:key}", Verb.COMMITTEE_MANAGE, SeatShape)
def correct_seat(request: Caller, key: int, body: CorrectSeat) -> "Seat":
    """Mend what was entered wrongly of a seat; who holds it cannot be changed."""
    row = queries.get_seat(request.user, key)
    told = body.given()
    if "department" in told:
        told["department"] = _department(row.jurisdiction, body.department)
    return services.correct_seat(by=request.user, seat=row, seen=seen(request), **told)


@write(router, "POST", "/seats/{int:key}/end", Verb.COMMITTEE_MANAGE, SeatShape)
def end_seat(request: Caller, key: int, body: EndSeat) -> "Seat":
    """End a seat; the day is the last in it."""
    row = queries.get_seat(request.user, key)
    return services.end_seat(by=request.user, seat=row, seen=seen(request), **body.given())
