"""The installation and its jurisdictions over the API, for the system administrator."""

from typing import TYPE_CHECKING, Annotated, Any

from django.conf import settings
from ninja import Query, Router
from pydantic import ConfigDict, Field, model_validator

from kaohe import __version__
from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import (
    Body,
    Instant,
    JurisdictionChoice,
    JurisdictionCode,
    Line,
    Object,
    Paging,
    PersonName,
    Shape,
)
from kaohe.core import passwords
from kaohe.core.access import Target, Verb
from kaohe.jobs.queries import worker_lives, worker_seen_at
from kaohe.organization import lockout
from kaohe.organization.queries.access import require
from kaohe.organization.queries.installation import all_jurisdictions, facts, get_jurisdiction
from kaohe.organization.queries.users import locked_accounts, unguarded_administrators
from kaohe.organization.services import installation as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Jurisdiction

router = Router(tags=["installation"])
MINUTE = 60


class JurisdictionShape(Object):
    """A province, a city or a county that runs its own assessment."""

    code: str
    name: str
    office_name: str
    support: str
    parent: JurisdictionCode | None = Field(description="The one above it.")


class CorrectJurisdiction(Body):
    """What is known of a jurisdiction; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"support": "0535-2212345"}]})

    code: Annotated[str, Field(min_length=1, max_length=12)] = ""
    name: PersonName = ""
    office_name: Line = ""
    support: Line = ""
    parent: JurisdictionChoice = Field("", description="The code of the one above; empty: none.")


class EnterJurisdiction(CorrectJurisdiction):
    """A jurisdiction that was not there."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "370602", "name": "示例区"}]}
    )

    code: Annotated[str, Field(min_length=1, max_length=12)]
    name: PersonName


class SystemShape(Shape):
    """The installation: what it is made of, and whether it is sound."""

    version: str
    database: str
    database_version: str
    database_bytes: int
    files_bytes: int
    free_bytes: int
    entries: int
    missing_triggers: list[str] = Field(description="Of the record; empty when it is guarded.")
    pending_migrations: list[str]
    made_at: Instant | None
    upgraded_at: Instant | None
    backed_up_at: Instant | None
    worker_lives: bool
    worker_seen_at: Instant | None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, found: Any) -> Any:
        return {
            **{name: getattr(found, name) for name in _SAME},
            "version": __version__,
            "database": found.vendor,
            "missing_triggers": sorted(found.missing_triggers),
            "pending_migrations": found.pending,
            "worker_lives": worker_lives(),
            "worker_seen_at": worker_seen_at(),
        }


_SAME = (
    "database_version",
    "database_bytes",
    "files_bytes",
    "free_bytes",
    "entries",
    "made_at",
    "upgraded_at",
    "backed_up_at",
)


class LockedShape(Shape):
    """An account that is locked after wrong passwords."""

    user: int
    username: str
    minutes: int


class PolicyShape(Shape):
    """How accounts are guarded; set by the program and its settings."""

    password_shortest: int
    password_longest: int
    password_kinds: int = Field(description="Of the four kinds of characters, at least.")
    passwords_remembered: int
    password_days: int
    wrong_passwords: int = Field(description="After so many the account is locked.")
    lock_minutes: int
    idle_minutes: int
    idle_minutes_of_administrators: int
    session_hours: int
    has_sign_on: bool
    encrypted: bool
    unguarded_administrators: int
    locked: list[LockedShape]


@read(router, "/system", Verb.SYSTEM_READ, SystemShape)
def system(request: Caller) -> Any:
    """The state of the installation."""
    require(request.user, Verb.SYSTEM_READ, Target())  # a token of one city does not see it
    return facts()


@read(router, "/security-policy", Verb.USER_READ, PolicyShape)
def security_policy(request: Caller) -> dict[str, Any]:
    """How accounts are guarded, and which are locked now."""
    return {
        "password_shortest": passwords.SHORTEST,
        "password_longest": passwords.LONGEST,
        "password_kinds": passwords.CLASSES,
        "passwords_remembered": passwords.REMEMBERED,
        "password_days": passwords.DAYS,
        "wrong_passwords": lockout.FAILURES,
        "lock_minutes": lockout.SECONDS // MINUTE,
        "idle_minutes": settings.IDLE_SECONDS // MINUTE,
        "idle_minutes_of_administrators": settings.IDLE_SECONDS_OF_ADMINISTRATORS // MINUTE,
        "session_hours": settings.SESSION_COOKIE_AGE // (MINUTE * MINUTE),
        "has_sign_on": bool(settings.OIDC_ISSUER),
        "encrypted": settings.TLS,
        "unguarded_administrators": unguarded_administrators().count(),
        "locked": [
            {"user": row.pk, "username": row.username, "minutes": minutes}
            for row, minutes in locked_accounts(request.user)
        ],
    }


@listed(router, "/jurisdictions", Verb.SYSTEM_READ, JurisdictionShape, by=("code", "id"))
def jurisdictions(request: Caller, filters: Query[Paging]) -> "QuerySet[Jurisdiction]":
    """The jurisdictions of the installation, by code."""
    return all_jurisdictions(request.user)


@read(router, "/jurisdictions/{int:key}", Verb.SYSTEM_READ, JurisdictionShape)
def jurisdiction(request: Caller, key: int) -> "Jurisdiction":
    """One jurisdiction."""
    return get_jurisdiction(request.user, key)


def _placed(request: Caller, body: CorrectJurisdiction, *, is_new: bool) -> dict[str, Any]:
    """What was sent, with the row above in place of its code, if that may be reached."""
    told = body.given()
    if told.get("parent"):
        told["parent"] = place_of(request, Verb.SYSTEM_MANAGE, told["parent"])
    elif is_new or "parent" in told:
        require(request.user, Verb.SYSTEM_MANAGE, Target())
        told["parent"] = None
    return told


@write(router, "POST", "/jurisdictions", Verb.SYSTEM_MANAGE, JurisdictionShape, status=201)
def enter_jurisdiction(request: Caller, body: EnterJurisdiction) -> "Jurisdiction":
    """Enter a province, a city or a county."""
    return services.enter_jurisdiction(by=request.user, **_placed(request, body, is_new=True))


@write(router, "PATCH", "/jurisdictions/{int:key}", Verb.SYSTEM_MANAGE, JurisdictionShape)
def correct_jurisdiction(request: Caller, key: int, body: CorrectJurisdiction) -> "Jurisdiction":
    """Mend what is known of a jurisdiction; all below it moves with it."""
    row = get_jurisdiction(request.user, key)
    return services.correct_jurisdiction(
        by=request.user,
        jurisdiction=row,
        seen=seen(request),
        **_placed(request, body, is_new=False),
    )
