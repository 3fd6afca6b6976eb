"""An address, its page, and the verb that it asks for: said together, so that none is forgotten."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from kaohe.core.access import Verb
from kaohe.organization.queries.access import RoleMissing, allows

View = Callable[..., HttpResponse]
PUBLIC = None  # anybody, signed in or not


def page(route: str, view: View, name: str, verb: Verb | None) -> URLPattern:
    """An address that only those see who may do ``verb`` somewhere; its view asks about the rest.

    The pattern carries ``verb``, and so a test can try every role on every address.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if verb is not PUBLIC:
            user: Any = request.user
            if not allows(user, verb):
                raise RoleMissing(verb=str(verb))
        return view(request, *args, **kwargs)

    guarded.verb = verb  # type: ignore[attr-defined]  # read by the gate and by tests
    return path(route, guarded, name=name)
