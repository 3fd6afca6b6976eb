"""The one question: may this person do this here?  Asked alike of an object and of a list."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from kaohe.core.access import (
    GRANTS,
    Holding,
    Key,
    Reach,
    Role,
    Target,
    Verb,
    limited_reach,
    reach,
)
from kaohe.core.errors import NotFound, NotPermitted
from kaohe.core.problems import N_
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import (
    Jurisdiction,
    RoleAssignment,
    Unit,
    User,
)


class RoleMissing(NotPermitted):
    """No role that the person holds today allows this here."""

    code = "access.role-missing"
    sentence = N_(
        "Your roles do not allow this here. Ask the security administrator of the installation,"
        " who grants roles, if it belongs to your work."
    )


class NothingHere(NotFound):
    """Not there, or not for this person to know of: the two look the same on purpose."""

    code = "access.nothing-here"
    sentence = N_(
        "There is nothing at this address, or it is outside what your roles let you see."
        " Begin at the desk, or ask who gave you the address."
    )


class Placed(Protocol):
    """An object that stands somewhere in the tree."""

    def place(self) -> Target:
        """Where."""


M = TypeVar("M", bound=Model)


def holdings_of(user: User) -> list[Holding]:
    """The roles that a user holds today; asked once for each request."""
    if user.held is None:
        today = timezone.localdate()
        rows = (
            RoleAssignment.objects.filter(user=user, from_on__lte=today)
            .filter(Q(to_on__isnull=True) | Q(to_on__gte=today))
            .select_related("jurisdiction")
            .prefetch_related("charge")
            .order_by("id")
        )
        user.held = [_holding(row) for row in rows]
    return user.held


def _holding(row: RoleAssignment) -> Holding:
    return Holding(
        Role(row.role),
        row.jurisdiction.lineage if row.jurisdiction else (),
        row.department_id,
        row.unit_id,
        frozenset(department.pk for department in row.charge.all()),
    )


def reach_of(user: User, verb: Verb) -> Reach:
    """How far a user may do ``verb``, with the token that acts for them if one does."""
    if not user.is_active:
        return Reach()
    if user.limited_to is not None:
        return limited_reach(holdings_of(user), verb, user.limited_to)
    return reach(holdings_of(user), verb)


def allows(user: User, verb: Verb, where: Placed | Target | None = None) -> bool:
    """Whether a user may do ``verb``: to an object, at a place, or (None) anywhere at all."""
    found = reach_of(user, verb)
    if where is None:
        return bool(found)
    return found.covers(where if isinstance(where, Target) else where.place())


def require(user: User, verb: Verb, where: Placed | Target | None = None) -> None:
    """The first line of each service; also notes the role in which the deed is done.

    Raises:
        RoleMissing: the user may not.
    """
    if not allows(user, verb, where):
        raise RoleMissing(verb=str(verb))
    granting = [each.role for each in holdings_of(user) if verb in GRANTS[each.role]]
    user.acting_role = str(granting[0]) if granting else ""


def roles_of(user: User) -> list[Role]:
    """The roles that a user holds today, in the order in which they were given."""
    return list(dict.fromkeys(each.role for each in holdings_of(user)))


def jurisdictions_of(user: User, verb: Verb) -> QuerySet[Jurisdiction]:
    """The jurisdictions in which a user may do ``verb``, at least to something."""
    found = reach_of(user, verb)
    if found.everywhere:
        return Jurisdiction.objects.all()
    return Jurisdiction.objects.filter(
        Q(pk__in=_with_below(found))
        | Q(pk__in=Unit.objects.filter(pk__in=found.units).values("jurisdiction"))
        | Q(departments__pk__in=found.departments)
    ).distinct()


def _with_below(found: Reach) -> set[Key]:
    """The jurisdictions of a reach, those below its subtrees included."""
    keys = set(found.jurisdictions)
    if found.subtrees:
        below = Q()
        for path in Jurisdiction.objects.filter(pk__in=found.subtrees).values_list("path"):
            below |= Q(path__startswith=path[0])
        keys.update(Jurisdiction.objects.filter(below).values_list("pk", flat=True))
    return keys


def visible(
    user: User,
    verb: Verb,
    rows: QuerySet[M],
    *,
    jurisdiction: str = "jurisdiction",
    department: str | None = None,
    unit: str | None = None,
) -> QuerySet[M]:
    """The rows of a list that a user may do ``verb`` to.

    Args:
        jurisdiction, department, unit: how the rows lead there, as lookups; None where they
            stand in none, exactly as their ``place`` says.
    """
    found = reach_of(user, verb)
    if found.everywhere:
        return rows
    inside = Q(**{f"{jurisdiction}__in": _with_below(found)})
    if department is not None and found.departments:
        inside |= Q(**{f"{department}__in": found.departments})
    if unit is not None and found.units:
        inside |= Q(**{f"{unit}__in": found.units})
    return rows.filter(inside)


def one(rows: QuerySet[M], key: object) -> M:
    """The row of a key among those that may be seen.

    Raises:
        NothingHere: there is none.
    """
    try:
        return rows.get(pk=key)
    except (ObjectDoesNotExist, ValueError, OverflowError) as missing:
        raise NothingHere from missing


def visible_units(user: User, verb: Verb = Verb.UNIT_READ) -> QuerySet[Unit]:
    """The units that a user may do ``verb`` to."""
    return visible(
        user,
        verb,
        Unit.objects.select_related("jurisdiction", "department"),
        department="department",
        unit="pk",
    )


def open_units_seen(user: User, place: Jurisdiction, path: str = "units") -> Q:
    """The open units behind ``path`` that a user may see: what is counted for them, and no more."""
    found = Q(**{f"{path}__closed_on__isnull": True})
    if allows(user, Verb.UNIT_READ, place):
        return found
    seen = visible_units(user).order_by().values("pk")
    return found & Q(**{f"{path}__in": seen})


def names_behind(actors: Iterable[str]) -> dict[str, str]:
    """Who is behind the pseudonyms of the record: pseudonym → name."""
    return dict(User.objects.filter(pseudonym__in=set(actors)).values_list("pseudonym", "name"))


def with_actors(rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """Entries of the record with who is behind their pseudonyms, as ``entry.who``."""
    names = User.objects.filter(pseudonym=OuterRef("actor")).values("name")[:1]
    return rows.annotate(who=Subquery(names))
