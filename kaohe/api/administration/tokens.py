"""Tokens over the API: looked at and revoked.  None is made here: that takes a person."""

from typing import TYPE_CHECKING, Literal

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.routes import listed, write
from kaohe.api.shapes import Instant, JurisdictionCode, Object, Paging
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.organization.queries.tokens import get_token, own_tokens, tokens_seen
from kaohe.organization.services import tokens as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import ApiToken

router = Router(tags=["tokens"])


class TokenShape(Object):
    """A token; its secret was shown once and is nowhere."""

    user: int = Field(validation_alias="user_id")
    name: str = Field(description="What it is for.")
    scopes: list[str]
    confined_to: JurisdictionCode | None
    created_at: Instant
    expires_at: Instant
    revoked_at: Instant | None
    last_used_at: Instant | None = Field(description="To the hour.")


class TokenFilters(Paging):
    """What tokens can be narrowed by."""

    state: Literal["", "good", "over", "revoked"] = ""


class TokenOwnerFilters(TokenFilters):
    """The same, and by whose they are."""

    q: str = Field("", max_length=60, description="A part of the name of who made it.")


def _in_state(rows: "QuerySet[ApiToken]", state: str) -> "QuerySet[ApiToken]":
    if state:
        rows = rows.filter(revoked_at__isnull=state != "revoked")
    if state == "good":
        return rows.filter(expires_at__gt=timezone.now())
    return rows.filter(expires_at__lte=timezone.now()) if state == "over" else rows


@listed(router, "/tokens", Verb.DESK_READ, TokenShape, by=("-id",))
def tokens(request: Caller, filters: Query[TokenFilters]) -> "QuerySet[ApiToken]":
    """My own tokens, the latest first."""
    return _in_state(own_tokens(request.user), filters.state)


@listed(router, "/users/tokens", Verb.USER_READ, TokenShape, by=("-id",))
def tokens_of_users(request: Caller, filters: Query[TokenOwnerFilters]) -> "QuerySet[ApiToken]":
    """The tokens of all accounts that I look after, the latest first."""
    rows = _in_state(tokens_seen(request.user), filters.state)
    text = clean(filters.q)
    return rows.filter(user__name__icontains=text) if text else rows


@write(router, "POST", "/tokens/{int:key}/revoke", Verb.DESK_READ, TokenShape)
def revoke_token(request: Caller, key: int) -> "ApiToken":
    """Make one of my tokens worthless; one of another takes user.read and user.manage."""
    row = get_token(request.user, key)
    return services.revoke_token(by=request.user, token=row, seen=seen(request))
