"""Accounts over the API, for the security administrator."""

from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q
from ninja import Query, Router
from pydantic import Field

from kaohe.api.administration.user_shapes import (
    CorrectUser,
    FirstPassword,
    Given,
    Link,
    OpenUnitAccounts,
    OpenUser,
    RoleName,
    RoleShape,
    UnitAccounts,
    UserGuard,
    UserLine,
    UserShape,
    Why,
)
from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.record.entry_shapes import EntryLine
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import JurisdictionChoice, Paging
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.journal.queries import entries_of
from kaohe.organization.queries.access import jurisdictions_of
from kaohe.organization.queries.accounts import password_days_left
from kaohe.organization.queries.trace_lines import with_names
from kaohe.organization.queries.users import (
    assignments_of,
    factors_of,
    get_user,
    identity_of,
    minutes_locked,
    roles_of_user,
    sessions_of,
    unguarded_administrators,
    users_of,
)
from kaohe.organization.services import accounts, roles, signins

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.journal.models import JournalEntry
    from kaohe.organization.models import Jurisdiction, RoleAssignment, User

router = Router(tags=["users"])
_READ, _MANAGE = Verb.USER_READ, Verb.USER_MANAGE


class UserFilters(Paging):
    """What accounts can be narrowed by."""

    q: str = Field("", max_length=60, description="A part of user name, name or telephone.")
    role: RoleName | Literal[""] = Field("", description="Who holds or held it.")
    jurisdiction: JurisdictionChoice = ""
    state: Literal["", "open", "closed", "none", "bare"] = Field(
        "", description="none: without a role; bare: administrators without a second factor."
    )


@listed(router, "/users", _READ, UserLine, by=("username", "id"))
def users(request: Caller, filters: Query[UserFilters]) -> "QuerySet[User]":
    """The accounts, by user name, with the roles of today and of later."""
    rows = users_of(request.user)
    if text := clean(filters.q):
        rows = rows.filter(
            Q(username__icontains=text) | Q(name__icontains=text) | Q(phone__icontains=text)
        )
    if filters.role:
        rows = rows.filter(assignments__role=filters.role).distinct()
    if filters.jurisdiction:
        places = jurisdictions_of(request.user, _READ).filter(code=filters.jurisdiction)
        rows = rows.filter(jurisdiction__in=places)
    if filters.state == "bare":
        rows = rows.filter(pk__in=unguarded_administrators().values("pk"))
    elif filters.state == "none":
        rows = rows.filter(assignments__isnull=True)
    elif filters.state:
        rows = rows.filter(is_active=filters.state == "open")
    return rows


@read(router, "/users/{int:key}", _READ, UserShape)
def user(request: Caller, key: int) -> "User":
    """One account."""
    return get_user(request.user, key)


@read(router, "/users/{int:key}/guard", _READ, UserGuard)
def user_guard(request: Caller, key: int) -> dict[str, Any]:
    """How an account is guarded now: password, second factors, lock, sessions, sign-on system."""
    row = get_user(request.user, key)
    factors = factors_of(row)
    return {
        "awaits_password": row.must_change_password,
        "password_days_left": password_days_left(row),
        "one_time_code": factors.code,
        "security_keys": factors.keys,
        "recovery_codes": factors.recovery_codes,
        "minutes_locked": minutes_locked(row),
        "sessions": len(sessions_of(row)),
        "last_login": row.last_login,
        "identity": identity_of(row, signins.SIGN_ON),
    }


@listed(router, "/users/{int:key}/roles", _READ, RoleShape, by=("-from_on", "-id"))
def user_roles(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[RoleAssignment]":
    """Every role that somebody holds, held or will hold, the latest first."""
    return roles_of_user(request.user, get_user(request.user, key))


@listed(router, "/users/{int:key}/entries", _READ, EntryLine, by=("-id",))
def user_entries(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[JournalEntry]":
    """What the record says of an account and its roles, the latest first."""
    row = get_user(request.user, key)
    held = [each.subject for each in assignments_of(request.user, row)]
    return with_names(entries_of([row.subject, *held]))


def _place(request: Caller, told: dict[str, Any]) -> None:
    """The jurisdiction that a body names, in place of its code; empty: none."""
    if "jurisdiction" in told:
        code = told["jurisdiction"]
        found: Jurisdiction | None = place_of(request, _MANAGE, code) if code else None
        told["jurisdiction"] = found


@write(router, "POST", "/users", _MANAGE, FirstPassword, status=201)
def open_user(request: Caller, body: OpenUser) -> Given:
    """Open an account; its first password is in this answer only."""
    told = body.given()
    _place(request, told)
    return Given(accounts.open_account(by=request.user, **told))


@write(router, "PATCH", "/users/{int:key}", _MANAGE, UserShape)
def correct_user(request: Caller, key: int, body: CorrectUser) -> "User":
    """Mend user name, name, telephone or jurisdiction of an account."""
    row = get_user(request.user, key)
    told = body.given()
    _place(request, told)
    return accounts.correct_account(by=request.user, user=row, seen=seen(request), **told)


@write(router, "POST", "/users/{int:key}/close", _MANAGE, UserShape)
def close_user(request: Caller, key: int, body: Why) -> "User":
    """Close an account: nobody signs in with it, and its sessions and tokens end."""
    row = get_user(request.user, key)
    return accounts.close_account(by=request.user, user=row, seen=seen(request), reason=body.reason)


@write(router, "POST", "/users/{int:key}/reopen", _MANAGE, FirstPassword)
def reopen_user(request: Caller, key: int, body: Why) -> Given:
    """Reopen an account, with a new first password in this answer only."""
    row = get_user(request.user, key)
    return Given(
        accounts.reopen_account(by=request.user, user=row, seen=seen(request), reason=body.reason)
    )


@write(router, "POST", "/users/{int:key}/reset-password", _MANAGE, FirstPassword)
def reset_user_password(request: Caller, key: int) -> Given:
    """Give an account a new first password, lift its lock and end its sessions."""
    row = get_user(request.user, key)
    return Given(accounts.reset_password(by=request.user, user=row, seen=seen(request)))


@write(router, "POST", "/users/{int:key}/reset-factors", _MANAGE, UserShape)
def reset_user_factors(request: Caller, key: int) -> "User":
    """Take away the second factors of somebody who has lost them, and end the sessions."""
    row = get_user(request.user, key)
    return accounts.reset_second_factor(by=request.user, user=row, seen=seen(request))


@write(router, "POST", "/users/{int:key}/unlock", _MANAGE, UserShape, of_version=False)
def unlock_user(request: Caller, key: int) -> "User":
    """Lift the lock of an account after wrong passwords."""
    return accounts.unlock_account(by=request.user, user=get_user(request.user, key))


@write(router, "POST", "/users/{int:key}/end-sessions", _MANAGE, UserShape, of_version=False)
def end_user_sessions(request: Caller, key: int) -> "User":
    """Sign somebody out everywhere."""
    return accounts.end_sessions(by=request.user, user=get_user(request.user, key))


@write(router, "POST", "/users/{int:key}/link", _MANAGE, UserGuard, of_version=False)
def link_user(request: Caller, key: int, body: Link) -> dict[str, Any]:
    """Link an account with an identity of the sign-on system."""
    row = get_user(request.user, key)
    signins.link_identity(by=request.user, user=row, provider=signins.SIGN_ON, uid=body.uid)
    return user_guard(request, key)


@write(router, "POST", "/users/{int:key}/unlink", _MANAGE, UserGuard, of_version=False)
def unlink_user(request: Caller, key: int) -> dict[str, Any]:
    """Remove the link between an account and the sign-on system, and end its sessions."""
    row = get_user(request.user, key)
    signins.unlink_identity(by=request.user, user=row, provider=signins.SIGN_ON)
    return user_guard(request, key)


@write(router, "POST", "/users/units", _MANAGE, UnitAccounts)
def open_unit_accounts(request: Caller, body: OpenUnitAccounts) -> dict[str, Any]:
    """Open an account for the contact of each unit that has none; needs role.grant, too."""
    place = place_of(request, _MANAGE, body.jurisdiction)
    opened = roles.open_unit_accounts(by=request.user, jurisdiction=place)
    return {
        "accounts": [
            {
                "unit": unit.pk,
                "unit_name": unit.name,
                "username": each.user.username,
                "name": each.user.name,
                "password": each.password,
            }
            for unit, each in opened
        ]
    }
