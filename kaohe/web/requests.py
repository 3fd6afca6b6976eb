"""What the pages know of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from kaohe.core.access import Verb
from kaohe.organization.queries.access import NothingHere, jurisdictions_of

if TYPE_CHECKING:
    from kaohe.organization.models import Jurisdiction, User

CHOSEN = "jurisdiction"  # the key in the session


class SignedIn(HttpRequest):
    """A request of somebody who has signed in; the gate lets no other through."""

    user: User


def here(request: SignedIn, verb: Verb) -> Jurisdiction:
    """The jurisdiction whose pages are looked at: the one chosen, else the person's own.

    Raises:
        NothingHere: the person may do ``verb`` in none.
    """
    choice = jurisdictions_of(request.user, verb)
    wanted = request.session.get(CHOSEN) or request.user.jurisdiction_id or 0
    found = choice.filter(pk=wanted).first() or choice.order_by("code").first()
    if found is None:
        raise NothingHere
    return found
