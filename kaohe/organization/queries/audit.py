"""Reading the whole record, for who audits it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kaohe.core.access import Verb
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import Told, tell
from kaohe.organization.models import Jurisdiction, User
from kaohe.organization.queries.access import NothingHere, reach_of

BY_INSTALLATION = "system"


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry with the exact bytes that stand for it."""

    told: Told
    leaf: str
    digest: str


def record_seen_by(user: User) -> QuerySet[JournalEntry]:
    """The entries that a user may read as an auditor, the latest first."""
    rows = JournalEntry.objects.order_by("-id")
    return rows if reach_of(user, Verb.AUDIT_READ).everywhere else rows.none()


def get_entry(user: User, number: int) -> Opened:
    """One entry, opened.

    Raises:
        NothingHere: there is none, or not for this user.
    """
    row = record_seen_by(user).filter(pk=number).select_related("sealed").first()
    if row is None:
        raise NothingHere
    digest = hashlib.sha256(row.leaf.encode()).hexdigest()
    return Opened(next(iter(tell([row]))), row.leaf, digest)


def everybody() -> Mapping[str, str]:
    """Who is behind every pseudonym."""
    return dict(User.objects.values_list("pseudonym", "name"))


def names_of_jurisdictions() -> Mapping[str, str]:
    """What every jurisdiction is called, by its code."""
    return dict(Jurisdiction.objects.values_list("code", "name"))


def done_by(name: str) -> Q:
    """The entries of people whose name or user name contains a text."""
    people = User.objects.filter(Q(name__icontains=name) | Q(username__icontains=name))
    return Q(actor__in=people.values("pseudonym"))


def about(text: str) -> Q:
    """The entries about an object (``unit:12``), about a kind (``unit``), or of a credit code."""
    if ":" in text:
        return Q(subject=text)
    return Q(subject__startswith=f"{text.lower()}:") | Q(unit=text.upper())
