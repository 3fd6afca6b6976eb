"""Reading users and the roles they hold: for the security administrator."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, When
from django.utils import timezone

from kaohe.core.access import ADMINISTRATORS, WITH_CHARGE, Role, Verb
from kaohe.organization.lockout import key_of, locked_among, minutes_left
from kaohe.organization.models import Department, Jurisdiction, RoleAssignment, Unit, User
from kaohe.organization.queries.access import NothingHere, RoleMissing, allows, one, visible
from kaohe.organization.queries.accounts import FACTORS

OFFERED_UNITS = 500  # more are found by their code or full name
ABOVE = frozenset({Role.PROVINCE_READER})  # held where cities belong to, not in a city


class Factors(NamedTuple):
    """The second factors of an account."""

    code: bool
    keys: int
    recovery_codes: bool


class Vacancy(NamedTuple):
    """The roles that nobody holds at a place; ``place`` empty: the installation itself."""

    place: str
    roles: list[Role]


def in_force(rows: QuerySet[RoleAssignment]) -> QuerySet[RoleAssignment]:
    """The assignments that hold today or will hold."""
    return rows.filter(Q(to_on__isnull=True) | Q(to_on__gte=timezone.localdate()))


def _assignments() -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.select_related(
        "user", "jurisdiction", "department", "unit"
    ).prefetch_related("charge")


def users_of(user: User) -> QuerySet[User]:
    """The accounts that a user may see, with their roles and whether a factor guards them."""
    held = in_force(RoleAssignment.objects.select_related("jurisdiction", "department", "unit"))
    rows = User.objects.select_related("jurisdiction").prefetch_related(
        Prefetch("assignments", held, to_attr="roles_held")
    )
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return visible(user, Verb.USER_READ, rows).annotate(has_factor=Exists(factors))


def unguarded_administrators() -> QuerySet[User]:
    """The open accounts that hold an administrator's role today and have no second factor."""
    today = timezone.localdate()
    held = in_force(RoleAssignment.objects.filter(user=OuterRef("pk"), from_on__lte=today))
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return User.objects.filter(
        Exists(held.filter(role__in=sorted(ADMINISTRATORS))), ~Exists(factors), is_active=True
    )


def get_user(user: User, key: int) -> User:
    """An account that a user may see.

    Raises:
        NothingHere: there is none.
    """
    return one(visible(user, Verb.USER_READ, User.objects.select_related("jurisdiction")), key)


def assignments_of(user: User, holder: User) -> list[RoleAssignment]:
    """Every role that somebody holds or held, for one who may see the account or is that person.

    Raises:
        NothingHere: not for this user to see.
    """
    return list(roles_of_user(user, holder))


def roles_of_user(user: User, holder: User) -> QuerySet[RoleAssignment]:
    """The same as rows that can be narrowed.

    Raises:
        NothingHere: not for this user to see.
    """
    if user.pk != holder.pk and not allows(user, Verb.USER_READ, holder):
        raise NothingHere
    return _assignments().filter(user=holder)


def assignments_seen(user: User) -> QuerySet[RoleAssignment]:
    """The roles held today or soon that a user may see: who holds what, with each role's rank."""
    rank = Case(*(When(role=str(role), then=place) for place, role in enumerate(Role)))
    rows = in_force(_assignments()).filter(user__is_active=True).annotate(rank=rank)
    return visible(user, Verb.USER_READ, rows)


def get_assignment(user: User, key: int) -> RoleAssignment:
    """An assignment that a user may see.

    Raises:
        NothingHere: there is none.
    """
    return one(visible(user, Verb.USER_READ, _assignments()), key)


def vacancies(user: User, rows: Iterable[RoleAssignment]) -> list[Vacancy]:
    """Which roles nobody holds, among some assignments: in the installation, and place by place.

    A place that others belong to is asked for its readers, and, once it has departments of its own,
    for the roles of an assessment, too.
    """
    held: defaultdict[int | None, set[str]] = defaultdict(set)
    for row in rows:
        held[row.jurisdiction_id].add(row.role)
    departments = Department.objects.filter(jurisdiction=OuterRef("pk"))
    below = Jurisdiction.objects.filter(parent=OuterRef("pk"))
    places = Jurisdiction.objects.annotate(runs=Exists(departments), above=Exists(below))
    found = [Vacancy("", [role for role in Role if role in ADMINISTRATORS - held[None]])]
    for place in visible(user, Verb.USER_READ, places, jurisdiction="pk").order_by("code"):
        wanted = set(ABOVE) if place.above else set()
        if place.runs or not place.above:
            wanted |= set(Role) - ADMINISTRATORS - ABOVE
        found.append(
            Vacancy(place.name, [role for role in Role if role in wanted - held[place.pk]])
        )
    return found


def clerks_among(rows: Iterable[RoleAssignment]) -> list[RoleAssignment]:
    """Those who have ledgers and departments in their charge, among some assignments."""
    return [row for row in rows if row.role in WITH_CHARGE]


def factors_of(holder: User) -> Factors:
    """What second factors an account has."""
    found: defaultdict[str, int] = defaultdict(int)
    for kind in Authenticator.objects.filter(user=holder).values_list("type", flat=True):
        found[kind] += 1
    kinds = Authenticator.Type
    return Factors(
        code=bool(found[kinds.TOTP]),
        keys=found[kinds.WEBAUTHN],
        recovery_codes=bool(found[kinds.RECOVERY_CODES]),
    )


def sessions_of(holder: User) -> list[UserSession]:
    """The sessions of an account that are still alive, latest first; one query."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = UserSession.objects.filter(user=holder, session_key__in=alive)
    return list(rows.order_by("-last_seen_at", "-pk"))


def identity_of(holder: User, provider: str) -> str:
    """The identity of the sign-on system that an account is linked with; empty: none."""
    row = SocialAccount.objects.filter(user=holder, provider=provider).first()
    return row.uid if row else ""


def minutes_locked(holder: User) -> int:
    """For how long an account is locked after failed tries; 0: it is not."""
    return minutes_left(key_of(holder, holder.username))


def locked_users(holders: list[User]) -> set[int]:
    """Which of some accounts are locked."""
    return locked_among(holders)


def locked_accounts(user: User) -> list[tuple[User, int]]:
    """The accounts that a user may see and that are locked now, with the minutes that are left."""
    rows = list(visible(user, Verb.USER_READ, User.objects.select_related("jurisdiction")))
    locked = locked_among(rows)
    return [(row, minutes_locked(row)) for row in rows if row.pk in locked]


def _may_grant(user: User) -> None:
    """The narrow look at places that granting needs is for those who grant.

    Raises:
        RoleMissing: the user does not.
    """
    if not allows(user, Verb.ROLE_GRANT):
        raise RoleMissing(verb=str(Verb.ROLE_GRANT))


def places_to_grant(user: User) -> QuerySet[Jurisdiction]:
    """The jurisdictions that a role can be granted in: their names, nothing else of them.

    Raises:
        RoleMissing: the user grants no roles.
    """
    _may_grant(user)
    return Jurisdiction.objects.only("code", "name", "path").order_by("code")


def departments_to_grant(user: User, jurisdiction: Jurisdiction) -> QuerySet[Department]:
    """The open departments of a jurisdiction, by name.

    Raises:
        RoleMissing: the user grants no roles.
    """
    _may_grant(user)
    return Department.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True).only(
        "name", "jurisdiction"
    )


def units_to_grant(user: User, jurisdiction: Jurisdiction) -> QuerySet[Unit]:
    """The open units of a jurisdiction, by code and name.

    Raises:
        RoleMissing: the user grants no roles.
    """
    _may_grant(user)
    return Unit.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True).only(
        "name", "code", "jurisdiction"
    )


def find_unit(user: User, jurisdiction: Jurisdiction, text: str) -> Unit | None:
    """The one open unit with this credit code or full name; None where there is none, or several.

    Raises:
        RoleMissing: the user grants no roles.
    """
    rows = units_to_grant(user, jurisdiction).filter(Q(code__iexact=text) | Q(name=text))
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None
