"""People and posts: enter, correct, appoint, end; a new principal may relieve the former one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.texts import clean, clean_long
from kaohe.journal.bulk import new_row
from kaohe.organization.models import Department, Jurisdiction, Person, Tenure, Unit, User
from kaohe.organization.queries.access import allows, require
from kaohe.organization.queries.erasures import is_erased
from kaohe.organization.services.erasure_refusals import PersonErased
from kaohe.organization.services.people_refusals import (
    EndsBeforeBegin,
    InPostAlready,
    NoPerson,
    PersonElsewhere,
    PlaceClosed,
    PostHeld,
    TenureEnded,
)
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record,
    save,
    taken,
)

SINGLE = frozenset({"principal", "legal_representative"})  # one person at a time
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InPost:
    """Somebody in a post of a unit that is being entered."""

    post: str
    name: str
    title: str = ""
    from_on: date | None = None
    phone: str = ""


@transaction.atomic
def enter_person(
    *,
    by: User,
    jurisdiction: Jurisdiction,
    name: str,
    phone: str = "",
    note: str = "",
    within: Unit | Department | None = None,
) -> Person:
    """Enter a person without a post yet.

    Args:
        within: where the person belongs, for a clerk who is in charge of some departments only.

    Raises:
        RoleMissing: ``by`` may not, there.
    """
    require(by, Verb.PERSON_MANAGE, within or Target(jurisdiction.lineage))
    return _entered(by, jurisdiction, name, phone, note)


def _entered(
    by: User, jurisdiction: Jurisdiction, name: str, phone: str = "", note: str = ""
) -> Person:
    row = Person.objects.create(
        jurisdiction=jurisdiction, name=clean(name), phone=clean(phone), note=clean_long(note)
    )
    record(created(row, "person.entered"), by=by)
    return row


@transaction.atomic
def correct_person(
    *, by: User, person: Person, seen: int | None, name: str, phone: str = "", note: str = ""
) -> Person:
    """Mend the name, the telephone or the note of a person.

    Raises:
        RoleMissing: ``by`` may manage neither the jurisdiction's people nor all posts of this one.
        PersonErased: what was known of the person was lawfully erased.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.PERSON_MANAGE, where_to_manage(by, person))
    row = taken(Person, person.pk, seen)
    if is_erased(row):
        raise PersonErased
    before = State(row)
    row.name, row.phone, row.note = clean(name), clean(phone), clean_long(note)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "person.corrected"))
    return row


def where_to_manage(by: User, person: Person) -> Target:
    """The place through which ``by`` may manage a person, if there is any; else the person's own.

    A clerk in charge of some departments reaches the people who are in post there and nowhere
    else: to appoint somebody is no right to rewrite who is at work in another place too.

    Source: docs/rules/access.md, X-5.
    """
    own = person.place()
    if allows(by, Verb.PERSON_MANAGE, own):
        return own
    places = _where_at_work(person)
    if places and all(allows(by, Verb.PERSON_MANAGE, each) for each in places):
        return places[0]
    return own


def _where_at_work(person: Person) -> list[Target]:
    """The places of the posts and seats that have not ended; else of the posts that ended last.

    A seat on the committee is the jurisdiction's own.
    """
    today = timezone.localdate()
    posts = list(person.tenures.select_related("jurisdiction", "unit", "department"))
    present = [each.place() for each in posts if each.to_on is None or each.to_on >= today]
    if person.seats.filter(Q(to_on__isnull=True) | Q(to_on__gte=today)).exists():
        present.append(person.place())
    if present:
        return present
    last = max((each.to_on for each in posts if each.to_on is not None), default=None)
    return [each.place() for each in posts if each.to_on == last]


@transaction.atomic
def appoint(
    *,
    by: User,
    place: Unit | Department,
    post: str,
    person: Person | None = None,
    name: str = "",
    phone: str = "",
    title: str = "",
    from_on: date | None = None,
    document: str = "",
    relieve: bool = False,
) -> Tenure:
    """Put somebody in a post, one entry for the post, one for a person who is new.

    Args:
        person: who; or ``name`` (and ``phone``): somebody of that name who is in another post of
            the place now, else a person who is not entered yet.
        relieve: end who holds the post now, on the day before, each with an entry.

    Raises:
        RoleMissing: ``by`` may not, there.
        NoPerson: neither a person nor a name is given.
        PersonElsewhere: the person belongs to another jurisdiction.
        PersonErased: what was known of the person was lawfully erased.
        PlaceClosed: the unit or department is closed by that day.
        InPostAlready: the person holds the post then.
        PostHeld: another one does, and is not to be relieved or cannot be.
    """
    require(by, Verb.PERSON_MANAGE, place)
    home = taken(type(place), place.pk, None)  # two appointments to one place come one by one
    if home.closed_on is not None and (from_on is None or from_on > home.closed_on):
        raise PlaceClosed(name=home.name, closed_on=home.closed_on)
    if person is not None and person.jurisdiction_id != home.jurisdiction_id:
        raise PersonElsewhere(name=person.name)
    if person is not None and is_erased(person):
        raise PersonErased
    who = person or _named(home, post, name, phone) or _new_person(by, home, name, phone)
    row = Tenure(
        jurisdiction=home.jurisdiction,
        person=who,
        unit=home if isinstance(home, Unit) else None,
        department=home if isinstance(home, Department) else None,
        post=post,
        title=clean(title),
        from_on=from_on,
        document=clean(document),
    )
    _make_room(by, row, relieve=relieve)
    row.save()
    event = created(row, "tenure.begun", unit=_code(row), effective_on=from_on)
    record(event, by=by)
    return row


def _named(home: Unit | Department, post: str, name: str, phone: str) -> Person | None:
    """Who is in another post of the place under that name: one name there is one person.

    Another telephone says that it is somebody else.
    """
    rows = home.tenures.filter(to_on__isnull=True, person__name=clean(name)).exclude(post=post)
    found = rows.select_related("person").order_by("id").first()
    if found is None or clean(phone) not in ("", found.person.phone):
        return None
    return found.person


def _new_person(by: User, home: Unit | Department, name: str, phone: str) -> Person:
    if not clean(name):
        raise NoPerson
    return _entered(by, home.jurisdiction, name, phone)


def _make_room(by: User, row: Tenure, *, relieve: bool) -> None:
    """See that nobody else holds the post while ``row`` does; end who may be ended."""
    for other in _at_the_same_time(row):
        if other.person_id == row.person_id:
            raise InPostAlready(name=other.person.name, since=_since(other))
        if row.post not in SINGLE:
            continue
        begins_later = row.from_on is None or (
            other.from_on is not None and other.from_on >= row.from_on
        )
        if not relieve or begins_later or row.from_on is None:
            raise PostHeld(name=other.person.name, since=_since(other))
        before = State(other)
        other.to_on = row.from_on - _DAY
        event = changed(other, before, "tenure.ended", unit=_code(other), effective_on=other.to_on)
        save(other, by=by, event=event)


def _at_the_same_time(row: Tenure) -> QuerySet[Tenure]:
    """Others in the same post of the same place on some day of ``row``, locked."""
    same = Tenure.objects.filter(unit=row.unit, department=row.department, post=row.post)
    if row.from_on is not None:
        same = same.filter(Q(to_on__isnull=True) | Q(to_on__gte=row.from_on))
    if row.to_on is not None:
        same = same.filter(Q(from_on__isnull=True) | Q(from_on__lte=row.to_on))
    same = same.exclude(pk=row.pk).select_related("person", "jurisdiction", "unit")
    return same.select_for_update(of=("self",)).order_by("id")


def _since(row: Tenure) -> str:
    return f"{row.from_on:%Y.%m.%d}" if row.from_on else "—"


def _code(row: Tenure) -> str:
    return (row.unit.code or "") if row.unit else ""


@transaction.atomic
def end_tenure(
    *, by: User, tenure: Tenure, seen: int | None, on: date, document: str = ""
) -> Tenure:
    """End a post; ``on`` is the last day in it.

    Raises:
        RoleMissing: ``by`` may not, there.
        TenureEnded: it has ended already.
        EndsBeforeBegin: the day lies before its first.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.PERSON_MANAGE, tenure)
    row = taken(Tenure, tenure.pk, seen)
    if row.to_on is not None:
        raise TenureEnded(on=row.to_on)
    before = State(row)
    row.to_on = on
    _check_order(row)
    extra = {"document": clean(document)} if document else {}
    event = changed(row, before, "tenure.ended", unit=_code(row), effective_on=on, extra=extra)
    save(row, by=by, event=event)
    return row


@transaction.atomic
def correct_tenure(*, by: User, tenure: Tenure, seen: int | None, **fields: Any) -> Tenure:
    """Mend what was entered wrongly of a post; who holds it and where cannot be changed.

    Args:
        fields: of ``post``, ``title``, ``from_on``, ``to_on``, ``document``.

    Raises:
        RoleMissing: ``by`` may not, there.
        EndsBeforeBegin: the last day lies before the first.
        InPostAlready, PostHeld: the post is held on some of these days.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.PERSON_MANAGE, tenure)
    place = tenure.unit or tenure.department
    if place is not None:
        taken(type(place), place.pk, None)
    row = taken(Tenure, tenure.pk, seen)
    before = State(row)
    for name in ("post", "title", "from_on", "to_on", "document"):
        if name in fields:
            value = fields[name]
            setattr(row, name, clean(value) if isinstance(value, str) else value)
    _check_order(row)
    if not is_same(row, before):
        _make_room(by, row, relieve=False)
        save(row, by=by, event=changed(row, before, "tenure.corrected", unit=_code(row)))
    return row


def _check_order(row: Tenure) -> None:
    if row.from_on is not None and row.to_on is not None and row.to_on < row.from_on:
        raise EndsBeforeBegin(begin=row.from_on)


def build_posts(unit: Unit, posts: Iterable[InPost]) -> tuple[list[Person], list[Tenure]]:
    """People and posts of a unit that is being entered, made and not yet saved.

    One name in several posts is one person.  For bulk: save the people, then the tenures.
    """
    people: dict[str, Person] = {}
    tenures = []
    for each in posts:
        name = clean(each.name)
        if not name:
            continue
        if name not in people:
            people[name] = new_row(Person, jurisdiction=unit.jurisdiction, name=name)
        person = people[name]
        person.phone = person.phone or clean(each.phone)
        tenures.append(
            new_row(
                Tenure,
                jurisdiction=unit.jurisdiction,
                person=person,
                unit=unit,
                post=each.post,
                title=clean(each.title),
                from_on=each.from_on,
            )
        )
    return list(people.values()), tenures
