"""Who am I: the person behind a token, and what it is good for."""

from typing import Any

from ninja import Router

from kaohe.api.callers import Caller
from kaohe.api.routes import read
from kaohe.api.shapes import Instant, Shape
from kaohe.core.access import Verb
from kaohe.organization.queries.access import roles_of

router = Router(tags=["me"])


class Me(Shape):
    """The caller."""

    username: str
    name: str
    roles: list[str]
    jurisdiction: str | None
    token: str
    scopes: list[str]
    confined_to: str | None
    expires_at: Instant


@read(router, "/", Verb.DESK_READ, Me)
def me(request: Caller) -> dict[str, Any]:
    """Who I am, what this token is good for, and until when."""
    user, token = request.user, request.token
    return {
        "username": user.username,
        "name": user.name,
        "roles": [str(role) for role in roles_of(user)],
        "jurisdiction": user.jurisdiction.code if user.jurisdiction else None,
        "token": token.name,
        "scopes": sorted(token.scopes),
        "confined_to": token.confined_to.code if token.confined_to else None,
        "expires_at": token.expires_at,
    }
