"""Roles over the API: who holds what, granting, ending."""

from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q
from ninja import Query, Router
from pydantic import Field

from kaohe.api.administration.user_shapes import (
    DepartmentChoice,
    EndRole,
    GrantRole,
    RoleName,
    RoleShape,
    UnitChoice,
    Vacancies,
)
from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import JurisdictionChoice, Paging, Place
from kaohe.core.access import Role, Verb, wants
from kaohe.core.texts import clean
from kaohe.organization.queries.access import jurisdictions_of, one
from kaohe.organization.queries.users import (
    assignments_seen,
    departments_to_grant,
    get_assignment,
    get_user,
    units_to_grant,
    vacancies,
)
from kaohe.organization.services import roles as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Department, RoleAssignment, Unit

router = Router(tags=["roles"])
_READ, _GRANT = Verb.USER_READ, Verb.ROLE_GRANT


class RoleFilters(Paging):
    """What the roles of today and of later can be narrowed by."""

    q: str = Field("", max_length=60, description="A part of the holder's name.")
    role: RoleName | Literal[""] = ""
    jurisdiction: JurisdictionChoice = ""


class ChoiceFilters(Place):
    """What places can be found by."""

    q: str = Field("", max_length=120, description="A part of the name, or the whole code.")


@listed(router, "/roles", _READ, RoleShape, by=("id",))
def roles(request: Caller, filters: Query[RoleFilters]) -> "QuerySet[RoleAssignment]":
    """Who holds what, today and later; accounts that are closed are left out."""
    rows = assignments_seen(request.user)
    if text := clean(filters.q):
        rows = rows.filter(user__name__icontains=text)
    if filters.role:
        rows = rows.filter(role=filters.role)
    if filters.jurisdiction:
        places = jurisdictions_of(request.user, _READ).filter(code=filters.jurisdiction)
        rows = rows.filter(jurisdiction__in=places)
    return rows


@read(router, "/roles/vacant", _READ, Vacancies)
def vacant_roles(request: Caller) -> dict[str, Any]:
    """Which roles nobody holds: in the installation, and place by place."""
    rows = assignments_seen(request.user).select_related(None).prefetch_related(None)
    return {"items": vacancies(request.user, rows)}


@listed(router, "/roles/departments", _READ, DepartmentChoice, by=("name", "id"))
def departments_for_roles(request: Caller, filters: Query[ChoiceFilters]) -> "QuerySet[Department]":
    """The open departments in which a role can be granted; needs role.grant, too."""
    place = place_of(request, _GRANT, filters.jurisdiction)
    rows = departments_to_grant(request.user, place)
    text = clean(filters.q)
    return rows.filter(name__icontains=text) if text else rows


@listed(router, "/roles/units", _READ, UnitChoice, by=("name", "id"))
def units_for_roles(request: Caller, filters: Query[ChoiceFilters]) -> "QuerySet[Unit]":
    """The open units in which a role can be granted; needs role.grant, too."""
    place = place_of(request, _GRANT, filters.jurisdiction)
    rows = units_to_grant(request.user, place)
    text = clean(filters.q)
    return rows.filter(Q(name__icontains=text) | Q(code__iexact=text)) if text else rows


@read(router, "/roles/{int:key}", _READ, RoleShape)
def role(request: Caller, key: int) -> "RoleAssignment":
    """One role of one person."""
    return get_assignment(request.user, key)


@write(router, "POST", "/users/{int:key}/grant", _GRANT, RoleShape, of_version=False)
def grant_role(request: Caller, key: int, body: GrantRole) -> "RoleAssignment":
    """Give somebody a role, at a place, from a day on; needs user.read, too."""
    holder = get_user(request.user, key)
    told = body.given("jurisdiction", "department", "unit", "charge")
    told["role"] = wanted = Role(body.role)
    if wants(wanted):
        place = place_of(request, _GRANT, body.jurisdiction)
        departments = departments_to_grant(request.user, place)
        told["jurisdiction"] = place
        if body.department is not None:
            told["department"] = one(departments, body.department)
        if body.unit is not None:
            told["unit"] = one(units_to_grant(request.user, place), body.unit)
        told["charge"] = [one(departments, each) for each in body.charge]
    return services.grant_role(by=request.user, user=holder, **told)


@write(router, "POST", "/roles/{int:key}/end", _GRANT, RoleShape)
def end_role(request: Caller, key: int, body: EndRole) -> "RoleAssignment":
    """End a role: from a day on the person does not hold it any more; today: at once."""
    row = get_assignment(request.user, key)
    return services.end_role(by=request.user, assignment=row, seen=seen(request), **body.given())
