"""People and the posts they hold over the API."""

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q
from ninja import Query, Router
from pydantic import ConfigDict, Field, model_validator

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.organization.unit_shapes import Post
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
    Phone,
    Place,
    Short,
    Text,
)
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.organization.queries.access import one, require, visible_units
from kaohe.organization.queries.departments import get_department
from kaohe.organization.queries.people import (
    get_person,
    get_tenure,
    in_post_at,
    people_to_appoint,
    visible_people,
    visible_seats,
    visible_tenures,
)
from kaohe.organization.queries.units import get_unit
from kaohe.organization.services import people as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Department, Person, Tenure, Unit

router = Router(tags=["people"])


class PersonShape(Object):
    """A person; the posts are in a list of their own."""

    jurisdiction: JurisdictionCode
    name: str
    phone: str
    note: str


class TenureShape(Object):
    """A post that a person holds or held in a unit or a department."""

    jurisdiction: JurisdictionCode
    person: int = Field(validation_alias="person_id")
    person_name: str
    unit: int | None = Field(validation_alias="unit_id")
    department: int | None = Field(validation_alias="department_id")
    place: str = Field(description="The name of the unit or department.")
    post: str
    title: str
    from_on: date | None
    to_on: date | None = Field(description="The last day in post.")
    document: str

    @model_validator(mode="before")
    @classmethod
    def _names(cls, row: Any) -> Any:
        row.person_name = row.person.name
        return _Placed(row)


class _Placed:
    """A post with the name of its place."""

    def __init__(self, row: Any) -> None:
        self.row = row

    def __getattr__(self, name: str) -> Any:
        if name == "place":
            return (self.row.unit or self.row.department).name
        return getattr(self.row, name)


class PersonFilters(Place):
    """What people can be found by; all but the name speak of one post."""

    q: str = Field("", max_length=60, description="A part of the name.")
    at: str = Field("", max_length=120, description="A part of the name of a unit or department.")
    department: int | None = Field(None, ge=1, le=2**63 - 1)
    post: Post | Literal[""] = ""
    state: Literal["", "present", "past", "none"] = Field(
        "", description="In post now, formerly, never."
    )


class TenureFilters(Place):
    """What posts can be narrowed by."""

    person: int | None = Field(None, ge=1, le=2**63 - 1)
    unit: int | None = Field(None, ge=1, le=2**63 - 1)
    department: int | None = Field(None, ge=1, le=2**63 - 1)
    post: Post | Literal[""] = ""
    state: Literal["", "present", "past"] = ""


class PersonBody(Body):
    """What is known of a person."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "王某某", "phone": "0535-2212345"}]}
    )

    name: PersonName
    phone: Phone = ""
    note: Text = ""


class EnterPerson(PersonBody):
    """Somebody who was not entered yet."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"jurisdiction": "370699", "name": "王某某"}]}
    )

    jurisdiction: JurisdictionChoice = ""


class Appoint(Body):
    """Somebody into a post: one who is entered, or a new person by name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "赵某某", "post": "deputy", "from_on": "2026-03-05"}]
        }
    )

    person: Key | None = None
    name: PersonName | Literal[""] = ""
    phone: Phone = ""
    post: Post
    title: Short = ""
    from_on: Day
    document: Line = ""
    relieve: bool = Field(False, description="Whoever holds the post ends it the day before.")


class EndTenure(Body):
    """The end of a post."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": "2026-03-31"}]})

    on: Day
    document: Name | Literal[""] = ""


class CorrectTenure(Body):
    """What was entered wrongly of a post; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "党委书记"}]})

    post: Post = "other"
    title: Short = ""
    from_on: OldDay | None = None
    to_on: OldDay | None = None
    document: Line = ""


@listed(router, "/people", Verb.PERSON_READ, PersonShape, by=("name", "id"))
def people(request: Caller, filters: Query[PersonFilters]) -> "QuerySet[Person]":
    """The people of a jurisdiction, by name."""
    place = place_of(request, Verb.PERSON_READ, filters.jurisdiction)
    rows = visible_people(request.user).filter(jurisdiction=place)
    if text := clean(filters.q):
        rows = rows.filter(name__icontains=text)
    if not (filters.state or clean(filters.at) or filters.department or filters.post):
        return rows
    holds = _holds(request, filters)
    return rows.exclude(holds) if filters.state == "none" else rows.filter(holds)


def _holds(request: Caller, filters: PersonFilters) -> Q:
    """Who has, or has had, a post that has everything that is asked for, or a seat."""
    found = in_post_at(request.user, place=clean(filters.at), post=filters.post)
    seats = visible_seats(request.user).order_by()
    if key := filters.department:
        found = found.filter(Q(department=key) | Q(unit__department=key))
    if filters.state in ("present", "past"):
        ended = {"to_on__isnull": filters.state == "present"}
        found, seats = found.filter(**ended), seats.filter(**ended)
    holds = Q(pk__in=found.values("person"))
    if clean(filters.at) or filters.department or filters.post:
        return holds  # a seat is in no such place
    return holds | Q(pk__in=seats.values("person"))


@read(router, "/people/{int:key}", Verb.PERSON_READ, PersonShape)
def person(request: Caller, key: int) -> "Person":
    """One person."""
    return get_person(request.user, key)


@listed(router, "/people/{int:key}/posts", Verb.PERSON_READ, TenureShape, by=("id",))
def person_posts(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[Tenure]":
    """The posts that a person holds and held, as far as one may see them."""
    row = get_person(request.user, key)
    return visible_tenures(request.user).filter(person=row)


@write(router, "POST", "/people", Verb.PERSON_MANAGE, PersonShape, status=201)
def enter_person(request: Caller, body: EnterPerson) -> "Person":
    """Enter a person without a post yet."""
    place = place_of(request, Verb.PERSON_MANAGE, body.jurisdiction)
    return services.enter_person(by=request.user, jurisdiction=place, **body.given("jurisdiction"))


@write(router, "PATCH", "/people/{int:key}", Verb.PERSON_MANAGE, PersonShape)
def correct_person(request: Caller, key: int, body: PersonBody) -> "Person":
    """Mend the name, the telephone or the note of a person."""
    row = get_person(request.user, key)
    kept = {name: getattr(row, name) for name in ("phone", "note")}
    return services.correct_person(
        by=request.user, person=row, seen=seen(request), **{**kept, **body.given()}
    )


@listed(router, "/posts", Verb.PERSON_READ, TenureShape, by=("id",))
def posts(request: Caller, filters: Query[TenureFilters]) -> "QuerySet[Tenure]":
    """The posts of a jurisdiction, in the order in which they were entered."""
    place = place_of(request, Verb.PERSON_READ, filters.jurisdiction)
    rows = visible_tenures(request.user).filter(jurisdiction=place)
    equal = ("person", "unit", "department", "post")
    rows = rows.filter(**{name: value for name in equal if (value := getattr(filters, name))})
    if filters.state:
        rows = rows.filter(to_on__isnull=filters.state == "present")
    return rows


@read(router, "/posts/{int:key}", Verb.PERSON_READ, TenureShape)
def post(request: Caller, key: int) -> "Tenure":
    """One post of a person."""
    return get_tenure(request.user, key)


@listed(router, "/units/{int:key}/posts", Verb.PERSON_READ, TenureShape, by=("id",))
def unit_posts(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[Tenure]":
    """Who is and was in post in a unit."""
    row = one(visible_units(request.user, Verb.PERSON_READ), key)
    return visible_tenures(request.user).filter(unit=row)


@listed(router, "/departments/{int:key}/posts", Verb.PERSON_READ, TenureShape, by=("id",))
def department_posts(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[Tenure]":
    """Who is and was in post in a department itself."""
    row = get_department(request.user, key)
    require(request.user, Verb.PERSON_READ, row)
    return visible_tenures(request.user).filter(department=row)


@write(
    router, "POST", "/units/{int:key}/appoint", Verb.PERSON_MANAGE, TenureShape, of_version=False
)
def appoint_to_unit(request: Caller, key: int, body: Appoint) -> "Tenure":
    """Put somebody into a post of a unit."""
    return _appoint(request, get_unit(request.user, key), body)


@write(
    router,
    "POST",
    "/departments/{int:key}/appoint",
    Verb.PERSON_MANAGE,
    TenureShape,
    of_version=False,
)
def appoint_to_department(request: Caller, key: int, body: Appoint) -> "Tenure":
    """Put somebody into a post of a department."""
    return _appoint(request, get_department(request.user, key), body)


def _appoint(request: Caller, place: "Unit | Department", body: Appoint) -> "Tenure":
    require(request.user, Verb.PERSON_MANAGE, place)
    told = body.given("person")
    if body.person is not None:
        people = people_to_appoint(request.user, place.jurisdiction)
        told["person"] = one(people, body.person)
    return services.appoint(by=request.user, place=place, **told)


@write(router, "POST", "/posts/{int:key}/end", Verb.PERSON_MANAGE, TenureShape)
def end_post(request: Caller, key: int, body: EndTenure) -> "Tenure":
    """End a post of a person; the day is the last in it."""
    row = get_tenure(request.user, key)
    return services.end_tenure(by=request.user, tenure=row, seen=seen(request), **body.given())


@write(router, "PATCH", "/posts/{int:key}", Verb.PERSON_MANAGE, TenureShape)
def correct_post(request: Caller, key: int, body: CorrectTenure) -> "Tenure":
    """Mend what was entered wrongly of a post; who holds it and where cannot be changed."""
    row = get_tenure(request.user, key)
    return services.correct_tenure(by=request.user, tenure=row, seen=seen(request), **body.given())
