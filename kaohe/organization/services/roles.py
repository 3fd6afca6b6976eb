"""Roles: granted and ended by the security administrator, and the first three administrators."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kaohe.core.access import WITH_CHARGE, Role, Target, Verb, cannot_be_joined, wants
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.leaf import Event, Fact
from kaohe.core.problems import N_
from kaohe.core.texts import clean
from kaohe.journal import services as journal
from kaohe.organization.models import (
    Department,
    Jurisdiction,
    PastPassword,
    RoleAssignment,
    Tenure,
    Unit,
    User,
)
from kaohe.organization.queries.access import require
from kaohe.organization.services.accounts import (
    AccountIsClosed,
    Opened,
    initial_password,
    quick_hash,
)
from kaohe.organization.services.writing import State, changed, created, record, save, taken

LEDGERS = ("registration", "establishment")


class GrantToOneself(Invalid):
    """Nobody gives or takes their own roles."""

    code = "role.oneself"
    sentence = "Nobody grants or ends roles of their own. Ask another security administrator."


class RolesExclusive(Conflict):
    """An administrator holds no other role (三员分立)."""

    code = "role.exclusive"
    sentence = (
        "The system, security and audit administrators hold no other role, and nobody is two of"
        " them. End the other role first, or give this one to somebody else."
    )
    field = "role"


class PlaceWanted(Invalid):
    """A role is held somewhere."""

    code = "role.place-wanted"
    sentence = "This role is held in a {place}. Choose which."
    words = frozenset({"place"})


class PlaceElsewhere(Invalid):
    """What a role is held over lies in the jurisdiction that it is held in."""

    code = "role.place-elsewhere"
    sentence = "“{name}” does not belong to {jurisdiction}. Choose one that does."


class NoCharge(Invalid):
    """Only clerks and ledger keepers have departments in their charge."""

    code = "role.no-charge"
    sentence = "Only clerks and ledger keepers of the office have departments in their charge."
    field = "charge"


class EndsBeforeItBegins(Invalid):
    """The last day lies before the first."""

    code = "role.dates"
    sentence = "The last day ({to_on}) lies before the first ({from_on}). Correct one of them."
    field = "to_on"


class HeldAlready(Conflict):
    """The same role, at the same place, at the same time."""

    code = "role.held-already"
    sentence = (
        "This role is held there already, from {from_on}. End it first, or choose other days."
    )


class EndedAlready(Conflict):
    """A role ends once."""

    code = "role.ended-already"
    sentence = "This role ended on {to_on}; there is nothing to end."


class EndsInThePast(Invalid):
    """What somebody could do until yesterday cannot be undone."""

    code = "role.ends-in-the-past"
    sentence = "The day must be today or later: what was done in the role until now stays valid."
    field = "on"


@transaction.atomic
def grant_role(
    *,
    by: User,
    user: User,
    role: Role,
    jurisdiction: Jurisdiction | None = None,
    department: Department | None = None,
    unit: Unit | None = None,
    charge: Iterable[Department] = (),
    ledgers: Iterable[str] = (),
    from_on: date,
    to_on: date | None = None,
    document: str = "",
) -> RoleAssignment:
    """Give somebody a role, at a place, from a day on.

    Args:
        charge: the departments in a clerk's charge; none: all of the jurisdiction.
        ledgers: of ``LEDGERS``, for clerks and ledger keepers.

    Raises:
        RoleMissing: ``by`` may not.
        GrantToOneself: ``by`` is ``user``.
        AccountIsClosed: the account is closed.
        PlaceWanted, PlaceElsewhere, NoCharge: the place does not fit the role.
        EndsBeforeItBegins: the days are the wrong way round.
        RolesExclusive: an administrator would hold another role at the same time.
        HeldAlready: the role is held there at the same time.

    Source: docs/rules/access.md, X-3, X-4.
    """
    held_in = jurisdiction if wants(role) else None  # an administrator reaches everything
    require(by, Verb.ROLE_GRANT, Target(held_in.lineage if held_in else ()))
    if by.pk == user.pk:
        raise GrantToOneself
    held = taken(User, user.pk, None)  # two grants to one person wait for one another
    if not held.is_active:
        raise AccountIsClosed
    departments = list(charge)
    row = _fitting(held, role, jurisdiction, department, unit, departments)
    row.ledgers = ",".join(name for name in LEDGERS if name in set(ledgers))
    row.from_on, row.to_on, row.document = from_on, to_on, clean(document)
    if to_on is not None and to_on < from_on:
        raise EndsBeforeItBegins(from_on=f"{from_on:%Y.%m.%d}", to_on=f"{to_on:%Y.%m.%d}")
    _must_join(row)
    row.save()
    row.charge.set(departments)
    record(_granted(row, departments), by=by)
    return row


def _fitting(
    user: User,
    role: Role,
    jurisdiction: Jurisdiction | None,
    department: Department | None,
    unit: Unit | None,
    charge: list[Department],
) -> RoleAssignment:
    """An assignment with the place that the role wants, and nothing that it does not."""
    place = wants(role)
    if not place:
        return RoleAssignment(user=user, role=role)
    if jurisdiction is None:
        raise PlaceWanted(place=N_("jurisdiction"))
    row = RoleAssignment(user=user, role=role, jurisdiction=jurisdiction)
    if place == "department":
        if department is None:
            raise PlaceWanted(place=N_("department"))
        row.department = department
    elif place == "unit":
        if unit is None:
            raise PlaceWanted(place=N_("unit"))
        row.unit = unit
    if charge and role not in WITH_CHARGE:
        raise NoCharge
    for each in (row.department, row.unit, *charge):
        if each is not None and each.jurisdiction_id != jurisdiction.pk:
            raise PlaceElsewhere(name=each.name, jurisdiction=jurisdiction.name)
    return row


def _at_the_same_time(row: RoleAssignment) -> QuerySet[RoleAssignment]:
    """The other roles of the same person on any day of this one."""
    others = RoleAssignment.objects.filter(user=row.user).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=row.from_on)
    )
    return others if row.to_on is None else others.filter(from_on__lte=row.to_on)


def _must_join(row: RoleAssignment) -> None:
    others = list(_at_the_same_time(row))
    if cannot_be_joined({Role(row.role), *(Role(other.role) for other in others)}):
        raise RolesExclusive
    place = ("role", "jurisdiction_id", "department_id", "unit_id")
    for other in others:
        if all(getattr(other, name) == getattr(row, name) for name in place):
            raise HeldAlready(from_on=f"{other.from_on:%Y.%m.%d}")


def _granted(row: RoleAssignment, charge: list[Department]) -> Event:
    extra: dict[str, Fact] = {"charge": [each.name for each in charge]} if charge else {}
    code = (row.unit.code or "") if row.unit else ""
    return created(row, "role.granted", unit=code, effective_on=row.from_on, extra=extra)


@transaction.atomic
def end_role(
    *, by: User, assignment: RoleAssignment, seen: int | None, on: date, reason: str
) -> RoleAssignment:
    """End a role: from the day ``on`` the person does not hold it any more; today: at once.

    A role that would begin on that day or later was never held; its days shrink to the one before.

    Raises:
        RoleMissing: ``by`` may not.
        GrantToOneself: it is one's own.
        EndedAlready: it has ended.
        EndsInThePast: the day has passed.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.ROLE_GRANT, assignment)
    if by.pk == assignment.user_id:
        raise GrantToOneself
    row = taken(RoleAssignment, assignment.pk, seen)
    today = timezone.localdate()
    if row.to_on is not None and row.to_on < today:
        raise EndedAlready(to_on=f"{row.to_on:%Y.%m.%d}")
    if on < today:
        raise EndsInThePast
    before = State(row)
    row.to_on = on - timedelta(days=1)
    row.from_on = min(row.from_on, row.to_on)
    event = changed(row, before, "role.ended", effective_on=on, texts={"reason": clean(reason)})
    save(row, by=by, event=event)
    return row


@transaction.atomic
def open_unit_accounts(*, by: User, jurisdiction: Jurisdiction) -> list[tuple[Unit, Opened]]:
    """Open an account for the contact of each unit that has none; with an entry for each.

    The user name is the unit's credit code.  Units without a code, or whose code is a user name
    already, are left out.

    Raises:
        RoleMissing: ``by`` may not.
    """
    require(by, Verb.USER_MANAGE, Target(jurisdiction.lineage))
    require(by, Verb.ROLE_GRANT, Target(jurisdiction.lineage))
    units = list(units_without_account(jurisdiction))
    contacts = {
        tenure.unit_id: tenure.person
        for tenure in Tenure.objects.filter(unit__in=units, post="contact", to_on__isnull=True)
        .select_related("person")
        .order_by("id")
    }
    opened = []
    for unit in units:
        person, password = contacts.get(unit.pk), initial_password()
        user = User(
            username=str(unit.code),
            name=person.name if person else unit.name[:60],
            phone=person.phone if person else "",
            jurisdiction=jurisdiction,
            password=quick_hash(password),
            password_set_at=timezone.now(),
        )
        opened.append((unit, Opened(user, password)))
    _write_all(by, [(unit, each.user) for unit, each in opened])
    return opened


def units_without_account(jurisdiction: Jurisdiction) -> QuerySet[Unit]:
    """The open units of a jurisdiction that nobody can sign in for."""
    today = timezone.localdate()
    held = RoleAssignment.objects.filter(unit__isnull=False, user__is_active=True).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=today)
    )
    return (
        Unit.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True, code__isnull=False)
        .exclude(pk__in=held.values("unit"))
        .exclude(code__in=User.objects.values("username"))
        .select_related("department")
        .order_by("department__name", "code")
    )


def _write_all(by: User, pairs: list[tuple[Unit, User]]) -> None:
    users = [user for _, user in pairs]
    User.objects.bulk_create(users, batch_size=500)
    PastPassword.objects.bulk_create(
        [PastPassword(user=user, encoded=user.password) for user in users], batch_size=500
    )
    roles = [
        RoleAssignment(
            user=user,
            role=Role.UNIT_CLERK,
            jurisdiction=unit.jurisdiction,
            unit=unit,
            from_on=timezone.localdate(),
        )
        for unit, user in pairs
    ]
    RoleAssignment.objects.bulk_create(roles, batch_size=500)
    events = [created(user, "user.opened") for user in users]
    journal.append_all([*events, *(_granted(role, []) for role in roles)], by=by)


@transaction.atomic
def open_first_administrators() -> list[Opened]:
    """The three administrators of a new installation, each with a first password.

    Returns:
        The three; nothing where there are accounts already.
    """
    if User.objects.exists():
        return []
    opened = []
    for role, username, name in (
        (Role.SYS_ADMIN, "sysadmin", "系统管理员"),
        (Role.SEC_ADMIN, "secadmin", "安全管理员"),
        (Role.AUDIT_ADMIN, "auditadmin", "审计管理员"),
    ):
        password = initial_password()
        user = User(username=username, name=name, password_set_at=timezone.now())
        user.set_password(password)
        user.save()
        PastPassword.objects.create(user=user, encoded=user.password)
        record(created(user, "user.opened"), by=None)
        held = RoleAssignment.objects.create(user=user, role=role, from_on=timezone.localdate())
        record(_granted(held, []), by=None)
        opened.append(Opened(user, password))
    return opened
