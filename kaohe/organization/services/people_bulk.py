"""Many new people at once, each with a post where there is one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from kaohe.core.access import Target, Verb
from kaohe.core.errors import Invalid, Refusal
from kaohe.core.leaf import Event
from kaohe.core.problems import N_
from kaohe.core.texts import clean, clean_long
from kaohe.journal.bulk import few_collections, insert_all
from kaohe.organization.models import Department, Jurisdiction, Person, Tenure, Unit, User
from kaohe.organization.queries.access import NothingHere, allows, require
from kaohe.organization.services.bulk import BATCH, Fault, RowsRefused, alone_in
from kaohe.organization.services.people import SINGLE
from kaohe.organization.services.people_refusals import PlaceClosed, PostHeld
from kaohe.organization.services.writing import created, record_all

Row = Mapping[str, Any]
Place = Unit | Department


class PlaceOutOfReach(Invalid):
    """A place of a row that is elsewhere, or not in one's charge."""

    code = "bulk.place-out-of-reach"
    sentence = N_(
        "There is nothing with the key {found} here in which you may put somebody into a post. Take"
        " the key from the list of units or departments."
    )


class PersonWithoutPlace(Invalid):
    """People without a post are for whoever manages the whole jurisdiction."""

    code = "bulk.person-without-place"
    sentence = N_("You may enter people of your departments and units only. Name the post.")
    field = "unit"


class _Holding(NamedTuple):
    """Who holds or held a post; ``last``: the last day, None where it has not ended."""

    name: str
    first: date | None
    last: date | None


class _Made(NamedTuple):
    person: Person
    tenure: Tenure | None


@transaction.atomic
def enter_people(
    *, by: User, jurisdiction: Jurisdiction, rows: Sequence[Row | None]
) -> list[Person]:
    """Enter many people, all of them or none, an entry for each person and each post.

    Args:
        rows: ``name``, ``phone``, ``note``; with a post also the key of the ``unit`` or of the
            ``department``, ``post``, ``title``, ``from_on``, ``document``; None for a row that
            could not be read: nothing is written then, and the others are checked.

    Raises:
        RoleMissing, NothingHere: ``by`` may do this in none of the places.
        RowsRefused: some cannot be taken; every one is told.
    """
    require(by, Verb.PERSON_MANAGE)
    here = alone_in(jurisdiction)
    with few_collections():
        places = _places(by, here, rows)
        made = [_made(row, here, places) if row is not None else None for row in rows]
        faults = [*_out_of_reach(by, here, rows, places), *_posts_taken(made)]
        if faults or None in rows:
            raise RowsRefused(faults, len(rows))
        people = [each for each in made if each is not None]
        insert_all([each.person for each in people])
        insert_all([each.tenure for each in people if each.tenure is not None])
        record_all([event for each in people for event in _told(each)], by=by)
    return [each.person for each in people]


def _places(
    by: User, here: Jurisdiction, rows: Sequence[Row | None]
) -> dict[tuple[str, int], Place]:
    """The units and departments of the rows where ``by`` may put somebody into a post."""
    wanted: dict[str, set[int]] = {"unit": set(), "department": set()}
    for row in rows:
        for kind in wanted:
            if row is not None and row.get(kind) is not None:
                wanted[kind].add(row[kind])
    found: dict[tuple[str, int], Place] = {}
    whole = allows(by, Verb.PERSON_MANAGE, Target(here.lineage))
    for kind, model in (("unit", Unit), ("department", Department)):
        keys = sorted(wanted[kind])
        for start in range(0, len(keys), BATCH):
            part = model._default_manager.filter(
                jurisdiction=here, pk__in=keys[start : start + BATCH]
            )
            for place in part:
                place.jurisdiction = here
                if whole or allows(by, Verb.PERSON_MANAGE, place):
                    found[kind, place.pk] = place
    if not (whole or found):
        raise NothingHere
    return found


def _key(row: Row) -> tuple[str, int] | None:
    """The kind and key of the place of a row."""
    return next(
        ((kind, row[kind]) for kind in ("unit", "department") if row.get(kind) is not None), None
    )


def _out_of_reach(
    by: User,
    here: Jurisdiction,
    rows: Sequence[Row | None],
    places: Mapping[tuple[str, int], Place],
) -> Iterable[Fault]:
    whole = allows(by, Verb.PERSON_MANAGE, Target(here.lineage))
    for number, row in enumerate(rows):
        key = _key(row) if row is not None else None
        if key is not None and key not in places:
            yield Fault(number, key[0], PlaceOutOfReach(found=key[1]))
        elif row is not None and key is None and not whole:
            yield Fault(number, "unit", PersonWithoutPlace())


def _made(row: Row, here: Jurisdiction, places: Mapping[tuple[str, int], Place]) -> _Made:
    person = Person(
        jurisdiction=here,
        name=clean(row["name"]),
        phone=clean(row.get("phone", "")),
        note=clean_long(row.get("note", "")),
    )
    key = _key(row)
    place = places.get(key) if key is not None else None
    if place is None:
        return _Made(person, None)
    tenure = Tenure(
        jurisdiction=here,
        person=person,
        unit=place if isinstance(place, Unit) else None,
        department=place if isinstance(place, Department) else None,
        post=row["post"],
        title=clean(row.get("title", "")),
        from_on=row.get("from_on"),
        document=clean(row.get("document", "")),
    )
    return _Made(person, tenure)


def _told(made: _Made) -> Iterable[Event]:
    yield created(made.person, "person.entered")
    if made.tenure is not None:
        code = (made.tenure.unit.code or "") if made.tenure.unit else ""
        begun = made.tenure.from_on
        yield created(made.tenure, "tenure.begun", unit=code, effective_on=begun)


def _posts_taken(made: Sequence[_Made | None]) -> Iterable[Fault]:
    """Posts of what is closed, and posts for one person that somebody else holds then."""
    posts = [
        (number, each.tenure)
        for number, each in enumerate(made)
        if each is not None and each.tenure is not None
    ]
    held = _held([tenure for _number, tenure in posts if tenure.post in SINGLE])
    for number, tenure in posts:
        refusal = _wrong(tenure, held)
        if refusal is not None:
            yield Fault(number, refusal.field, refusal)


def _wrong(tenure: Tenure, held: Mapping[Any, list[_Holding]]) -> Refusal | None:
    place = tenure.unit or tenure.department
    closed = place.closed_on if place is not None else None
    if place is not None and closed and (tenure.from_on is None or tenure.from_on > closed):
        return PlaceClosed(name=place.name, closed_on=closed)
    if tenure.post not in SINGLE:
        return None
    others = held[tenure.unit_id, tenure.department_id, tenure.post]
    for other in others:
        if other.last is None or tenure.from_on is None or other.last >= tenure.from_on:
            since = f"{other.first:%Y.%m.%d}" if other.first else "—"
            return PostHeld(name=other.name, since=since)
    others.append(_Holding(tenure.person.name, tenure.from_on, tenure.to_on))
    return None


def _held(tenures: Sequence[Tenure]) -> Mapping[Any, list[_Holding]]:
    """Who holds or held the posts of some places."""
    found: defaultdict[Any, list[_Holding]] = defaultdict(list)
    columns = ("unit_id", "department_id", "post", "person__name", "from_on", "to_on")
    for kind in ("unit_id", "department_id"):
        keys = sorted({key for each in tenures if (key := getattr(each, kind)) is not None})
        for start in range(0, len(keys), BATCH):
            rows = Tenure.objects.filter(
                **{f"{kind}__in": keys[start : start + BATCH]}, post__in=SINGLE
            )
            for unit, department, post, *holding in rows.values_list(*columns):
                found[unit, department, post].append(_Holding(*holding))
    return found
