"""Erasing personal text from the record: one person asks, another carries it out or refuses."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.leaf import Event, Fact
from kaohe.core.texts import clean, clean_long
from kaohe.journal import erasing
from kaohe.journal.erasing import Ground
from kaohe.journal.models import JournalEntry, SealedText
from kaohe.organization.models import (
    ErasureItem,
    ErasureRequest,
    Jurisdiction,
    Once,
    Person,
    UnitYear,
    User,
)
from kaohe.organization.models.erasures import ASKED, CARRIED_OUT, ERASED_NAME, REFUSED
from kaohe.organization.queries.access import require
from kaohe.organization.queries.erasures import (
    Doomed,
    digest_of,
    doomed_by,
    is_erased,
    names_of,
)
from kaohe.organization.services.erasure_refusals import (
    AskedAlready,
    ErasureSettled,
    NothingToErase,
    OneHandErases,
    OtherTextsNow,
    PersonErased,
    PersonInPost,
)
from kaohe.organization.services.once import forget_answers
from kaohe.organization.services.writing import (
    State,
    changed,
    code_of,
    created,
    record,
    save,
    taken,
)

LATELY = timedelta(days=7)
_PERSONAL = tuple(each._meta.db_table for each in (Person, UnitYear, ErasureRequest, Once))


@transaction.atomic
def ask_erasure(
    *,
    by: User,
    entry: JournalEntry,
    jurisdiction: Jurisdiction,
    names: Collection[str],
    basis: str,
    document: str,
    reason: str,
) -> ErasureRequest:
    """Ask that texts of one entry be erased.

    Raises:
        RoleMissing: ``by`` may not, there.
        NothingToErase: no text is named, or the entry belongs to another jurisdiction.
        NoSuchText, TextErased: the entry has no such text, or not any more.
        AskedAlready: another request about one of these texts waits.

    Source: docs/rules/erasure.md, E-3.
    """
    require(by, Verb.ERASURE_ASK, jurisdiction)
    if not names or entry.jurisdiction != jurisdiction.code:
        raise NothingToErase
    erasing.must_be_held(entry, names, SealedText.objects.filter(pk=entry.pk).first())
    for other in ErasureItem.objects.filter(entry=entry, request__state=ASKED):
        if not set(names).isdisjoint(other.names):
            raise AskedAlready(number=other.request_id)
    row = _asked(by, jurisdiction, None, basis, document, reason)
    ErasureItem.objects.create(request=row, entry=entry, names=sorted(names))
    extra: dict[str, Fact] = {"entry": entry.entry, "names": sorted(names)}
    record(created(row, "erasure.asked", unit=entry.unit, extra=extra), by=by)
    return row


@transaction.atomic
def ask_person_erasure(
    *, by: User, person: Person, basis: str, document: str, reason: str
) -> ErasureRequest:
    """Ask that everything about a person be erased, from the record and from the register.

    Raises:
        RoleMissing: ``by`` may not, there.
        PersonErased: it was done before.
        PersonInPost: the person holds a post or a seat.
        AskedAlready: another request about the person waits.

    Source: docs/rules/erasure.md, E-3, E-4.
    """
    require(by, Verb.ERASURE_ASK, person)
    who = taken(Person, person.pk, None)
    _must_be_erasable(who)
    waiting = who.erasure_requests.filter(state=ASKED).first()
    if waiting is not None:
        raise AskedAlready(number=waiting.pk)
    row = _asked(by, who.jurisdiction, who, basis, document, reason)
    record(created(row, "erasure.asked"), by=by)
    return row


def _asked(
    by: User,
    place: Jurisdiction,
    person: Person | None,
    basis: str,
    document: str,
    reason: str,
) -> ErasureRequest:
    return ErasureRequest.objects.create(
        jurisdiction=place,
        person=person,
        basis=basis,
        document=clean(document),
        reason=clean_long(reason),
        asked_by=by,
    )


def _must_be_erasable(person: Person) -> None:
    """Law asks that the register says who is in post today.

    Source: docs/rules/erasure.md, E-4.
    """
    if is_erased(person):
        raise PersonErased
    today = timezone.localdate()
    held = Q(to_on__isnull=True) | Q(to_on__gte=today)
    if person.tenures.filter(held).exists() or person.seats.filter(held).exists():
        raise PersonInPost(name=person.name)


@transaction.atomic
def carry_out_erasure(
    *, by: User, request: ErasureRequest, seen: int | None, what: str
) -> ErasureRequest:
    """Erase what a request is about; an entry for each entry that loses texts, one for the request.

    Args:
        what: ``digest_of`` the texts that ``by`` has looked at; no others go.

    Raises:
        RoleMissing: ``by`` may not.
        ErasureSettled: it is carried out or refused already.
        OneHandErases: ``by`` asked for it.
        OtherTextsNow: other texts would go than those that ``by`` has looked at.
        NothingToErase: nothing is left of what was asked for.
        PersonInPost: the person has been put in a post meanwhile.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/erasure.md, E-1, E-3.
    """
    require(by, Verb.ERASURE_CARRY_OUT, request)
    row = _open(by, request, seen)
    doomed = doomed_by(row)
    if digest_of(doomed) != what:
        raise OtherTextsNow
    if not doomed and row.person is None:
        raise NothingToErase
    if row.person is not None:
        _keep_items(row, doomed)
        erase_person(by=by, request=row)
        row = taken(ErasureRequest, row.pk, None)  # its reason names the person no more
    ground = Ground(row.basis, row.document, row.subject, row.reason)
    erasing.erase({each.entry: list(each.texts) for each in doomed}, by=by, ground=ground)
    forget_answers(text for each in doomed for text in each.texts.values() if text)
    before = State(row)
    _settle(by, row, CARRIED_OUT)
    extra = {"entries": len(doomed), "texts": sum(len(each.texts) for each in doomed)}
    save(row, by=by, event=changed(row, before, "erasure.carried-out", extra=extra))
    return row


def _open(by: User, request: ErasureRequest, seen: int | None) -> ErasureRequest:
    """The request, locked, if it waits and somebody else has asked for it."""
    row = taken(ErasureRequest, request.pk, seen)
    if row.state != ASKED:
        raise ErasureSettled
    if row.asked_by_id == by.pk:
        raise OneHandErases
    return row


def _settle(by: User, row: ErasureRequest, state: str) -> None:
    row.state, row.settled_by, row.settled_at = state, by, timezone.now()


def _keep_items(row: ErasureRequest, doomed: Sequence[Doomed]) -> None:
    """What is erased of a person, so that the request tells it afterwards."""
    ErasureItem.objects.bulk_create(
        [ErasureItem(request=row, entry=each.entry, names=sorted(each.texts)) for each in doomed]
    )


@transaction.atomic
def erase_person(*, by: User, request: ErasureRequest) -> Person:
    """Put a fixed marker in the place of a person's name, and remove what else is known.

    The posts stay, with their days: that somebody held them is no secret, only who.

    Args:
        request: the one about the person, which waits to be carried out.

    Raises:
        RoleMissing: ``by`` may not.
        NothingToErase: the request is about no person.
        ErasureSettled, OneHandErases: it may not be carried out by ``by``.
        PersonErased: it was done before.
        PersonInPost: the person holds a post or a seat.

    Source: docs/rules/erasure.md, E-4.
    """
    require(by, Verb.ERASURE_CARRY_OUT, request)
    asked = _open(by, request, None)
    if asked.person_id is None:
        raise NothingToErase
    row = taken(Person, asked.person_id, None)
    _must_be_erasable(row)
    extra: dict[str, Fact] = {"request": asked.subject, "snapshots": _mark(row, names_of(row))}
    _empty(row)
    event = Event("person.erased", row.subject, code_of(row), facts=extra)
    save(row, by=by, event=event)
    return row


def _empty(person: Person) -> None:
    """Put the marker in the place of the name; the answers kept for programs lose it, too."""
    forget_answers((person.name, person.phone, person.note))
    person.name, person.phone, person.note = ERASED_NAME, "", ""


def _mark(person: Person, names: Collection[str]) -> int:
    """Put the marker where copies of the names are; how many snapshots of units bore one."""
    units = person.tenures.exclude(unit=None).values("unit")
    count = 0
    for year in UnitYear.objects.filter(unit__in=units).select_for_update():
        principal = _marked(year.principal, names)
        legal = _marked(year.legal_representative, names)
        if (principal, legal) != (year.principal, year.legal_representative):
            count += 1
            year.principal, year.legal_representative = principal, legal
            year.save(update_fields=["principal", "legal_representative"])
    for request in person.erasure_requests.select_for_update():
        said = request.reason, request.answer
        for name in sorted(names, key=len, reverse=True):
            request.reason = request.reason.replace(name, ERASED_NAME)
            request.answer = request.answer.replace(name, ERASED_NAME)
        if said != (request.reason, request.answer):
            request.save(update_fields=["reason", "answer"])
    return count


def _marked(told: str, names: Collection[str]) -> str:
    """Names of a snapshot, with the marker for those that go."""
    return "、".join(ERASED_NAME if each in names else each for each in told.split("、"))


@transaction.atomic
def refuse_erasure(
    *, by: User, request: ErasureRequest, seen: int | None, reason: str
) -> ErasureRequest:
    """Refuse a request, and say why.

    Raises:
        RoleMissing: ``by`` may not.
        ErasureSettled: it is carried out or refused already.
        OneHandErases: ``by`` asked for it.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/erasure.md, E-3.
    """
    require(by, Verb.ERASURE_CARRY_OUT, request)
    row = _open(by, request, seen)
    before = State(row)
    _settle(by, row, REFUSED)
    row.answer = clean_long(reason)
    save(row, by=by, event=changed(row, before, "erasure.refused"))
    return row


@transaction.atomic
def erase_people_again() -> int:
    """Erase who was erased before and has been brought back by a backup; how many they were.

    For recovery: safe to repeat, and no entry of its own, for the record says it already.  A person
    who was entered under the same key afterwards is another one.

    Source: docs/rules/erasure.md, E-6.
    """
    count = 0
    for entry in JournalEntry.objects.filter(action="person.erased").order_by("id"):
        later = JournalEntry.objects.filter(
            subject=entry.subject, action="person.entered", id__gt=entry.pk
        )
        row = Person.objects.filter(pk=entry.subject.partition(":")[2]).first()
        if row is None or is_erased(row) or later.exists():
            continue
        _mark(row, names_of(row))
        _empty(row)
        row.save(update_fields=["name", "phone", "note"])
        count += 1
    return count


def clear_after_erasures() -> bool:
    """In a quiet hour: clear the files of what was erased lately; whether nothing is left to do.

    Source: docs/rules/erasure.md, E-5.
    """
    since = timezone.now() - LATELY
    rows = JournalEntry.objects.filter(action=erasing.ERASED, at__gte=since)
    return erasing.clear_remains(_PERSONAL) if rows.exists() else True
