"""Reading requests for erasure, and finding which texts of the record would go."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.leaf import canonical
from kaohe.journal.erasing import AT_ONCE
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of
from kaohe.organization.models import (
    Attendance,
    ErasureRequest,
    Jurisdiction,
    Person,
    Recusal,
    Seat,
    User,
)
from kaohe.organization.models.erasures import ASKED, ERASED_NAME
from kaohe.organization.queries.access import NothingHere, allows, jurisdictions_of, one, visible
from kaohe.organization.queries.people import visible_people
from kaohe.organization.queries.trace import trace_seen_by

_ENTRY = re.compile(r"[0-9a-fA-F]{32}")
SHORTEST = 2  # characters of a name that is searched for in texts


@dataclass(frozen=True, slots=True)
class Doomed:
    """An entry, and those of its texts that would go: name → text; None: it is gone."""

    entry: JournalEntry
    texts: Mapping[str, str | None]


def visible_requests(user: User, verb: Verb = Verb.ERASURE_READ) -> QuerySet[ErasureRequest]:
    """The requests that a user may do ``verb`` to."""
    rows = ErasureRequest.objects.select_related("jurisdiction", "person", "asked_by", "settled_by")
    return visible(user, verb, rows)


def get_request(user: User, key: int, verb: Verb = Verb.ERASURE_READ) -> ErasureRequest:
    """A request that a user may do ``verb`` to.

    Raises:
        NothingHere: there is none.
    """
    return one(visible_requests(user, verb), key)


def requests_waiting(user: User) -> int:
    """How many requests a user might carry out or refuse."""
    return visible_requests(user, Verb.ERASURE_CARRY_OUT).filter(state=ASKED).count()


def entry_to_ask_about(user: User, entry: str) -> tuple[JournalEntry, Jurisdiction]:
    """An entry whose texts a user may ask to be erased, and the jurisdiction it belongs to.

    Raises:
        NothingHere: there is none, or not for this user.
    """
    if not _ENTRY.fullmatch(entry):
        raise NothingHere
    rows = trace_seen_by(user).filter(entry=entry.lower()).exclude(jurisdiction="")
    row = rows.select_related("sealed").first()
    if row is not None:
        place = jurisdictions_of(user, Verb.ERASURE_ASK).filter(code=row.jurisdiction).first()
        if place is not None:
            return row, place
    raise NothingHere


def may_ask_about(user: User, entry: JournalEntry) -> bool:
    """Whether an entry that a user sees has texts that this user may ask to be erased."""
    if not texts_held(entry) or not allows(user, Verb.ERASURE_ASK):
        return False
    return jurisdictions_of(user, Verb.ERASURE_ASK).filter(code=entry.jurisdiction).exists()


def person_to_ask_about(user: User, key: int) -> Person:
    """A person about whom a user may ask that everything be erased.

    Raises:
        NothingHere: there is none, or not for this user.
    """
    return one(visible_people(user, Verb.ERASURE_ASK), key)


def texts_held(entry: JournalEntry) -> dict[str, str]:
    """The texts that an entry still has: name → text."""
    body = getattr(entry, "sealed", None)
    return {} if body is None else {name: each["text"] for name, each in body.texts.items()}


def is_erased(person: Person) -> bool:
    """Whether what was known of a person was lawfully erased."""
    if person.name != ERASED_NAME:
        return False
    rows = JournalEntry.objects.filter(subject=person.subject, action="person.erased")
    return rows.exists()  # whoever types the marker as a name has erased nothing


def may_ask_about_person(user: User, person: Person) -> bool:
    """Whether something is left about a person, and a user may ask that it be erased."""
    return not is_erased(person) and allows(user, Verb.ERASURE_ASK, person)


def doomed_by(request: ErasureRequest) -> list[Doomed]:
    """What a request is about: what would go now, or, once settled, what it was about.

    For a person this is found anew each time while the request waits: texts may have been added.
    """
    if request.person is not None and request.state == ASKED:
        return texts_about(request.person)
    found = []
    for item in request.items.select_related("entry__sealed"):
        held = texts_held(item.entry)
        names = [name for name in item.names if name in held or request.state != ASKED]
        if names:
            found.append(Doomed(item.entry, {name: held.get(name) for name in names}))
    return found


def texts_about(person: Person) -> list[Doomed]:
    """All texts of the record about a person, oldest first.

    Every text of the entries about the person, the posts and the seats; and of the entries about
    places of these posts, and of requests about the person, those that hold a name of theirs.
    """
    own = list(entries_of(_subjects_of(person)))
    names = _names_of(person, own)
    found = {entry.pk: Doomed(entry, texts_held(entry)) for entry in own}
    for entry in _entries_nearby(person):
        texts = {
            name: text
            for name, text in texts_held(entry).items()
            if any(each in text for each in names)
        }
        found.setdefault(entry.pk, Doomed(entry, texts))
    return [found[key] for key in sorted(found) if found[key].texts]


def _subjects_of(person: Person) -> list[str]:
    seats = Seat.objects.filter(person=person)
    rows: Iterable[QuerySet[Attendance] | QuerySet[Recusal]] = (
        Attendance.objects.filter(seat__in=seats),
        Recusal.objects.filter(seat__in=seats),
    )
    own = [person.subject, *(each.subject for each in person.tenures.all())]
    own += [each.subject for each in seats]
    return own + [each.subject for some in rows for each in some]


def names_of(person: Person) -> set[str]:
    """The name that a person has and those that were corrected, as far as the record tells."""
    return _names_of(person, list(entries_of([person.subject])))


def _names_of(person: Person, own: Sequence[JournalEntry]) -> set[str]:
    """The person's name and those that were corrected."""
    names = {person.name}
    for entry in own:
        if entry.subject == person.subject:
            held = texts_held(entry)
            names |= {held[name] for name in ("name", "was.name") if name in held}
    return {name for name in names if len(name) >= SHORTEST}


def _entries_nearby(person: Person) -> Iterable[JournalEntry]:
    """Entries with texts in which the person may be named: of places of posts, of requests."""
    tenures = list(person.tenures.select_related("unit", "department"))
    units = [each.unit for each in tenures if each.unit is not None]
    subjects = [each.subject for each in units]
    subjects += [each.department.subject for each in tenures if each.department is not None]
    subjects += [each.subject for each in person.erasure_requests.all()]
    codes = [unit.code for unit in units if unit.code]
    rows = JournalEntry.objects.filter(Q(subject__in=subjects) | Q(unit__in=codes))
    rows = rows.filter(sealed__isnull=False).select_related("sealed").order_by("id")
    return rows.iterator(chunk_size=AT_ONCE)


def digest_of(doomed: Iterable[Doomed]) -> str:
    """What stands for a list of texts: it is shown with them, so that no others go."""
    said = [f"{each.entry.entry} {name}" for each in doomed for name in sorted(each.texts)]
    return hashlib.sha256(canonical(said)).hexdigest()
