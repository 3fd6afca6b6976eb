"""Who asks: the token of a request, and the person behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from kaohe.api.field_errors import field_error
from kaohe.api.parsing import JSON, PLAIN, printable, take_body
from kaohe.api.refusals import (
    BeyondScope,
    JurisdictionUnclear,
    JurisdictionUnknown,
    TokenMissing,
    TokenUnknown,
)
from kaohe.core.access import Verb
from kaohe.organization.queries.access import RoleMissing, allows, jurisdictions_of
from kaohe.organization.queries.tokens import must_not_rest, token_behind
from kaohe.organization.services.tokens import note_use

if TYPE_CHECKING:
    from kaohe.api.problems import FieldError
    from kaohe.organization.models import ApiToken, Jurisdiction, User

_BEARER = re.compile(r"[Bb]earer +([\x21-\x7e]{1,200}) *")


class Caller(HttpRequest):
    """A request that a token has opened; no operation sees any other."""

    user: User
    token: ApiToken


class ParametersUnsound(Exception):
    """Parameters of an address that no operation reads."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors)
        self.errors = errors


class Bearer(HttpBearer):
    """Asks, before anything of a request is looked at: whose token is it, and is it for this?"""

    def __init__(self, verb: Verb, *, largest: int = PLAIN, media: str = JSON) -> None:
        super().__init__()
        self.verb, self.largest, self.media = verb, largest, media
        self.parameters: frozenset[str] = frozenset()  # of the query; set with the operation

    def __call__(self, request: HttpRequest) -> Any:
        """The token, or a refusal; then the body is taken, if there may be one.

        Raises:
            TokenMissing, TokenUnknown, TokenRests: nobody may ask with this.
            BeyondScope: the token was not made for the operation.
            RoleMissing: the person may do this nowhere.
            ParametersUnsound: the address has parameters that are not known, or twice.
            BodyTooLarge, BodyNotTaken: the body is not looked at.
        """
        token = self.authenticate(request, str(request.META.get("HTTP_AUTHORIZATION", "")))
        self._must_know_parameters(request)
        if request.method in ("POST", "PUT", "PATCH"):
            take_body(request, largest=self.largest, media=self.media)
        return token

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token of a header, with its person as the user of the request."""
        if not token:
            raise TokenMissing
        sent = _BEARER.fullmatch(token)
        found = token_behind(sent[1]) if sent else None
        if found is None:
            raise TokenUnknown
        must_not_rest(found)
        user = found.user
        limit = found.limit()
        if not allows(user, self.verb):
            raise RoleMissing(verb=str(self.verb))
        if self.verb is not Verb.DESK_READ and self.verb not in limit.scopes:
            raise BeyondScope(scope=str(self.verb))
        user.limited_to = limit
        if not allows(user, self.verb):
            raise RoleMissing(verb=str(self.verb))
        request.user = user
        request.token = found  # type: ignore[attr-defined]  # see ``Caller``
        note_use(found)
        return found

    def _must_know_parameters(self, request: HttpRequest) -> None:
        errors = []
        for name, values in request.GET.lists():
            if name not in self.parameters:
                errors.append(field_error(printable(name), "extra_forbidden", {}))
            elif len(values) > 1:
                errors.append(field_error(name, "twice", {}))
        if errors:
            raise ParametersUnsound(errors)


def place_of(request: Caller, verb: Verb, code: str = "") -> Jurisdiction:
    """The jurisdiction that a request is about: the one named, else the only one, else one's own.

    Raises:
        JurisdictionUnknown: the one named is not there, or not for this person and ``verb``.
        JurisdictionUnclear: none is named, and there are several.
    """
    choice = jurisdictions_of(request.user, verb)
    if code:
        found = choice.filter(code=code).first()
        if found is None:
            raise JurisdictionUnknown(jurisdiction=code)
        return found
    several = list(choice.order_by("code")[:2])
    if len(several) == 1:
        return several[0]
    own = choice.filter(pk=request.user.jurisdiction_id or 0).first()
    if own is None:
        raise JurisdictionUnclear
    return own
