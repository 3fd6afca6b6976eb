"""The assessment committee (事考委) and its office (事考办): found it, give seats, end them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from kaohe.core.access import Target, Verb
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.texts import clean
from kaohe.organization.models import Committee, Department, Jurisdiction, Person, Seat, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record,
    record_all,
    save,
    taken,
)


class CommitteeThere(Conflict):
    """A jurisdiction has one committee."""

    code = "committee.there-already"
    sentence = "There is a committee here already: {name}. Open its page and correct it there."


class DirectorThere(Conflict):
    """A committee has one director at a time."""

    code = "seat.director-there"
    sentence = "{name} is the director. End that seat first, or give this one as deputy or member."
    field = "seat"


class AlreadySeated(Conflict):
    """A person holds one seat at a time."""

    code = "seat.person-seated"
    sentence = "{name} holds a seat on the committee already. End that seat first."
    field = "person"


class PersonMissing(Invalid):
    """A seat without anybody in it."""

    code = "seat.person-missing"
    sentence = "Choose who takes the seat, or enter the name of somebody who is not on the list."
    field = "name"


class PersonTwice(Invalid):
    """A person chosen, and another name typed."""

    code = "seat.person-twice"
    sentence = "A person is chosen and a new name is entered as well. Keep one of the two."
    field = "name"


class ElsewhereInTree(Invalid):
    """A person, department, unit or document of another jurisdiction."""

    code = "committee.elsewhere"
    sentence = "What you chose belongs to another jurisdiction. Choose from the list of this one."


class SeatEnded(Conflict):
    """What has ended stays as it was."""

    code = "seat.ended-already"
    sentence = "This seat ended on {day}. Give a new seat instead; what has ended stays as it was."


class EndsBeforeItBegins(Invalid):
    """The last day lies before the first."""

    code = "seat.ends-before-it-begins"
    sentence = "The seat is held from {day} on. The last day cannot lie before it."
    field = "to_on"


@transaction.atomic
def found_committee(
    *,
    by: User,
    jurisdiction: Jurisdiction,
    name: str,
    founded_on: date | None = None,
    document: str = "",
) -> Committee:
    """Enter the committee of a jurisdiction.

    Raises:
        RoleMissing: ``by`` may not, there.
        CommitteeThere: it has one.
    """
    require(by, Verb.COMMITTEE_MANAGE, Target(jurisdiction.lineage))
    taken(Jurisdiction, jurisdiction.pk, None)  # two who found it wait for one another
    there = Committee.objects.filter(jurisdiction=jurisdiction).first()
    if there is not None:
        raise CommitteeThere(name=there.name)
    row = Committee.objects.create(
        jurisdiction=jurisdiction, name=clean(name), founded_on=founded_on, document=clean(document)
    )
    record(created(row, "committee.founded"), by=by)
    return row


@transaction.atomic
def correct_committee(
    *,
    by: User,
    committee: Committee,
    seen: int | None,
    name: str,
    founded_on: date | None,
    document: str,
) -> Committee:
    """Mend the committee's name, day or document.

    Raises:
        RoleMissing: ``by`` may not.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.COMMITTEE_MANAGE, committee)
    row = taken(Committee, committee.pk, seen)
    before = State(row)
    row.name, row.founded_on, row.document = clean(name), founded_on, clean(document)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "committee.corrected"))
    return row


@transaction.atomic
def correct_office(
    *, by: User, jurisdiction: Jurisdiction, seen: int | None, office_name: str, support: str
) -> Jurisdiction:
    """Say how the assessment office signs and whom to call.

    Raises:
        RoleMissing: ``by`` may not.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.COMMITTEE_MANAGE, Target(jurisdiction.lineage))
    row = taken(Jurisdiction, jurisdiction.pk, seen)
    before = State(row)
    row.office_name, row.support = clean(office_name), clean(support)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "office.corrected"))
    return row


@transaction.atomic
def give_seat(
    *,
    by: User,
    committee: Committee,
    seat: str,
    person: Person | None = None,
    name: str = "",
    department: Department | None = None,
    title: str = "",
    from_on: date | None = None,
    document: str = "",
) -> Seat:
    """Give somebody a seat; it is listed behind those of its kind.

    Args:
        seat: one of ``SEATS``.
        person: somebody who is on the list of people; else
        name: of somebody new, who is entered.

    Raises:
        RoleMissing: ``by`` may not.
        PersonMissing, PersonTwice: neither of the two is given, or both are.
        AlreadySeated, DirectorThere: the person, or the director's seat, is taken.
        ElsewhereInTree: a person or department of another jurisdiction.

    Source: docs/rules/committee.md, CM-1.
    """
    require(by, Verb.COMMITTEE_MANAGE, committee)
    taken(Committee, committee.pk, None)  # two who give seats wait for one another
    _must_be_here(committee, person, department)
    _must_be_free(committee, seat, person)
    holder = _holder(by, committee, person, clean(name))
    last = committee.seats.filter(to_on__isnull=True).aggregate(last=Max("rank"))["last"]
    row = Seat.objects.create(
        jurisdiction=committee.jurisdiction,
        committee=committee,
        person=holder,
        seat=seat,
        department=department,
        title=clean(title),
        rank=(last or 0) + 1,
        from_on=from_on,
        document=clean(document),
    )
    record(created(row, "seat.given"), by=by)
    return row


def _must_be_here(committee: Committee, *rows: Person | Department | None) -> None:
    if any(row and row.jurisdiction_id != committee.jurisdiction_id for row in rows):
        raise ElsewhereInTree


def _must_be_free(committee: Committee, seat: str, person: Person | None) -> None:
    held = committee.seats.filter(to_on__isnull=True).select_related("person")
    if person and held.filter(person=person).exists():
        raise AlreadySeated(name=person.name)
    if seat == "director" and (director := held.filter(seat="director").first()):
        raise DirectorThere(name=director.person.name)


def _holder(by: User, committee: Committee, person: Person | None, name: str) -> Person:
    """The person chosen, or a new one of this name."""
    if person and name:
        raise PersonTwice
    if person:
        return person
    if not name:
        raise PersonMissing
    holder = Person.objects.create(jurisdiction=committee.jurisdiction, name=name)
    record(created(holder, "person.entered"), by=by)
    return holder


@transaction.atomic
def correct_seat(*, by: User, seat: Seat, seen: int | None, kind: str = "", **fields: Any) -> Seat:
    """Mend what was entered wrongly of a seat that is held.

    Args:
        kind: one of ``SEATS``; empty: as it is.
        fields: of ``department``, ``title``, ``from_on``, ``document``.

    Raises:
        RoleMissing: ``by`` may not.
        SeatEnded: it is held no more.
        DirectorThere: there is a director already.
        ElsewhereInTree: a department of another jurisdiction.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.COMMITTEE_MANAGE, seat)
    row = _held(seat, seen)
    _must_be_here(row.committee, fields.get("department"))
    before = State(row)
    if kind and kind != row.seat:
        _must_be_free(row.committee, kind, None)
        row.seat = kind
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) else value)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "seat.corrected"))
    return row


def _held(seat: Seat, seen: int | None) -> Seat:
    row = taken(Seat, seat.pk, seen)
    if row.to_on is not None:
        raise SeatEnded(day=f"{row.to_on:%Y.%m.%d}")
    return row


@transaction.atomic
def end_seat(*, by: User, seat: Seat, seen: int | None, to_on: date, reason: str) -> Seat:
    """End a seat with its last day; it stays on the list of former ones.

    Raises:
        RoleMissing: ``by`` may not.
        SeatEnded: it is held no more.
        EndsBeforeItBegins: the day lies before the first.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.COMMITTEE_MANAGE, seat)
    row = _held(seat, seen)
    if row.from_on is not None and to_on < row.from_on:
        raise EndsBeforeItBegins(day=f"{row.from_on:%Y.%m.%d}")
    before = State(row)
    row.to_on = to_on
    save(row, by=by, event=changed(row, before, "seat.ended", texts={"reason": clean(reason)}))
    return row


@transaction.atomic
def order_seats(*, by: User, committee: Committee, seats: Sequence[int]) -> list[Seat]:
    """List the seats that are held in this order; those left out follow in theirs.

    Args:
        seats: their keys.

    Returns:
        The seats whose place has changed.

    Raises:
        RoleMissing: ``by`` may not.
    """
    require(by, Verb.COMMITTEE_MANAGE, committee)
    taken(Committee, committee.pk, None)
    held = list(committee.seats.filter(to_on__isnull=True).select_related("jurisdiction"))
    places = {key: place for place, key in enumerate(seats)}
    held.sort(key=lambda row: (places.get(row.pk, len(places)), row.rank, row.pk))
    moved, events = [], []
    for rank, row in enumerate(held, start=1):
        if row.rank != rank:
            before = State(row)
            row.rank = rank
            row.version += 1
            moved.append(row)
            events.append(changed(row, before, "seat.moved"))
    Seat.objects.bulk_update(moved, ["rank", "version"])
    record_all(events, by=by)
    return moved
