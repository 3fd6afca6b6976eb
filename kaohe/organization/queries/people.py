"""Reading people and posts."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.texts import fold
from kaohe.organization.models import (
    Department,
    Jurisdiction,
    Person,
    Seat,
    Tenure,
    Unit,
    UnitName,
    User,
)
from kaohe.organization.queries.access import one, reach_of, visible
from kaohe.organization.queries.as_of import holds_on


def visible_tenures(user: User, verb: Verb = Verb.PERSON_READ) -> QuerySet[Tenure]:
    """The posts that a user may do ``verb`` to: those in units and departments of the reach."""
    rows = Tenure.objects.select_related("person", "unit", "department", "jurisdiction")
    in_units = visible(user, verb, rows, department="unit__department", unit="unit")
    if not reach_of(user, verb).departments:
        return in_units
    return in_units | visible(user, verb, rows, department="department")


def visible_people(user: User, verb: Verb = Verb.PERSON_READ) -> QuerySet[Person]:
    """The people that a user may do ``verb`` to: by the jurisdiction, or by a post they hold."""
    rows = Person.objects.select_related("jurisdiction")
    found = reach_of(user, verb)
    of_jurisdiction = visible(user, verb, rows)
    if not (found.departments or found.units):
        return of_jurisdiction
    in_post = Q(pk__in=visible_tenures(user, verb).order_by().values("person"))
    if not (found.jurisdictions or found.subtrees):
        return rows.filter(in_post)
    return rows.filter(Q(pk__in=of_jurisdiction.order_by().values("pk")) | in_post)


def people_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[Person]:
    """The people of a jurisdiction that a user may see, each with the posts they may see."""
    rows = visible_people(user).filter(jurisdiction=jurisdiction)
    return rows.prefetch_related(posts_seen(user), seats_seen(user)).order_by("name", "id")


def posts_seen(user: User) -> Prefetch[str]:
    """The posts of people that a user may see, as ``person.posts``: present ones first."""
    rows = visible_tenures(user).select_related(
        "person", "unit__department", "department", "jurisdiction"
    )
    rows = rows.order_by(
        F("to_on").desc(nulls_first=True), F("from_on").desc(nulls_last=True), "id"
    )
    return Prefetch("tenures", queryset=rows, to_attr="posts")


def visible_seats(user: User) -> QuerySet[Seat]:
    """The seats on committees that a user may see."""
    rows = Seat.objects.select_related("committee", "department", "jurisdiction")
    return visible(user, Verb.COMMITTEE_READ, rows)


def seats_seen(user: User) -> Prefetch[str]:
    """The seats of people on committees that a user may see, as ``person.sat``, as the posts."""
    rows = visible_seats(user).order_by(
        F("to_on").desc(nulls_first=True), F("from_on").desc(nulls_last=True), "id"
    )
    return Prefetch("seats", queryset=rows, to_attr="sat")


def get_person(user: User, key: int) -> Person:
    """A person that a user may see.

    Raises:
        NothingHere: there is none.
    """
    return one(visible_people(user).prefetch_related(posts_seen(user), seats_seen(user)), key)


def get_tenure(user: User, key: int) -> Tenure:
    """A post that a user may see.

    Raises:
        NothingHere: there is none.
    """
    return one(visible_tenures(user), key)


def in_post_at(
    user: User, *, place: str = "", department: Department | None = None, post: str = ""
) -> QuerySet[Tenure]:
    """The posts that a user may see, narrowed.

    Args:
        place: part of any name of the unit, or of the department that the post is in.
        department: the post is in it, or in one of its units.
        post: which one.
    """
    rows = visible_tenures(user).order_by()
    if place.strip():
        named = UnitName.objects.filter(folded__contains=fold(place)).values("unit")
        of_department = Q(department__names__name__contains=place.strip())
        rows = rows.filter(Q(unit__in=named) | of_department)
    if department is not None:
        rows = rows.filter(Q(department=department) | Q(unit__department=department))
    return rows.filter(post=post) if post else rows


def in_post_in(user: User, department: Department) -> QuerySet[Tenure]:
    """The posts in a department itself that a user may see and that are held today."""
    rows = visible_tenures(user).filter(department=department)
    return rows.filter(holds_on(timezone.localdate())).order_by("from_on", "id")


def departments_with_people(user: User, jurisdiction: Jurisdiction) -> QuerySet[Department]:
    """The departments in which, or in whose units, somebody has or had a post one may see."""
    rows = visible_tenures(user).order_by()
    inside = Q(department=OuterRef("pk")) | Q(unit__department=OuterRef("pk"))
    return Department.objects.filter(Exists(rows.filter(inside)), jurisdiction=jurisdiction)


def people_to_appoint(user: User, jurisdiction: Jurisdiction) -> QuerySet[Person]:
    """Whom a user may put in a post there: the people of the jurisdiction that they may see."""
    return visible_people(user).filter(jurisdiction=jurisdiction)


OFFERED = 50


def people_to_offer(user: User, place: Unit | Department, named: str, chosen: str) -> list[Person]:
    """A few people to choose from: those of a name, else those with a post in the place.

    Args:
        chosen: the key of one who stays offered, as a form gives it.
    """
    rows = people_to_appoint(user, place.jurisdiction).prefetch_related(posts_seen(user))
    if named:
        wanted = Q(name__icontains=named)
    elif isinstance(place, Unit):
        wanted = Q(pk__in=Tenure.objects.filter(unit=place).values("person"))
    else:
        wanted = Q(pk__in=Tenure.objects.filter(department=place).values("person"))
    if chosen.isdecimal() and len(chosen) < 19:
        wanted |= Q(pk=int(chosen))
    return list(rows.filter(wanted).order_by("name", "id")[:OFFERED])
