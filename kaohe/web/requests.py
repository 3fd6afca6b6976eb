"""What the pages know of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from kaohe.core.access import Verb
from kaohe.organization.queries.access import NothingHere, jurisdictions_of

if TYPE_CHECKING:
    from kaohe.organization.models import Jurisdiction, User

CHOSEN = "jurisdiction"  # the key in the session


LONGEST_KEY = 18  # digits


def key_in(text: str) -> int | None:
    """The key that a form or an address brings as text; None where it can be none.

    >>> key_in("12"), key_in("²"), key_in("1" * 5000)
    (12, None, None)
    """
    is_key = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    return int(text) if is_key else None


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
