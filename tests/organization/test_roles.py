"""Roles: granted and ended, three administrators apart, accounts for all units."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from kaohe.core.access import ADMINISTRATORS, Role
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import RoleAssignment, User
from kaohe.organization.queries.access import RoleMissing, roles_of
from kaohe.organization.services import roles
from kaohe.organization.services.accounts import AccountIsClosed
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_department, make_unit

TODAY = timezone.localdate()


@pytest.fixture
def guard(person):
    return person(Role.SEC_ADMIN)


@pytest.fixture
def somebody(person):
    return person()


@pytest.fixture
def grant(guard, somebody, city):
    """``grant_role`` with everything in order; a test names only what it is about."""
    return partial(
        roles.grant_role,
        by=guard,
        user=somebody,
        role=Role.OFFICE_CHIEF,
        jurisdiction=city,
        from_on=TODAY,
    )


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_role_holds_from_its_first_day_and_is_on_record(grant, somebody, city):
    row = grant(document="示编〔2026〕3号")

    assert roles_of(fresh(somebody)) == [Role.OFFICE_CHIEF]
    [told] = tell(entries_of([row.subject]))
    assert told.action == "role.granted"
    assert told.facts["role"] == "office_chief"
    assert told.facts["document"] == "示编〔2026〕3号"
    assert told.jurisdiction == city.code
    assert told.effective_on == TODAY


def test_a_role_that_begins_later_is_not_held_yet(grant, somebody):
    grant(from_on=TODAY + timedelta(days=1))

    assert roles_of(fresh(somebody)) == []


def test_a_clerk_gets_departments_and_ledgers(grant, education, health):
    row = grant(
        role=Role.OFFICE_CLERK,
        charge=[education, health],
        ledgers=["establishment", "registration", "other"],
    )

    assert row.ledgers == "registration,establishment"
    assert set(row.charge.all()) == {education, health}
    [told] = tell(entries_of([row.subject]))
    assert told.facts["charge"] == [education.name, health.name]


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.OFFICE_HEAD, "jurisdiction"), (Role.DEPT_HEAD, "department"), (Role.UNIT_HEAD, "unit")],
)
def test_a_role_wants_its_place(grant, city, role, place):
    given = {} if place == "jurisdiction" else {"jurisdiction": city}

    with pytest.raises(roles.PlaceWanted, match=place):
        grant(role=role, **{"jurisdiction": None, **given})


def test_a_place_lies_in_the_jurisdiction(grant, other_city):
    office = make_department(other_city, "外市某局")
    unit = make_unit(other_city, office, "外市某校", 1234567)

    with pytest.raises(roles.PlaceElsewhere, match="外市某局"):
        grant(role=Role.DEPT_HEAD, department=office)
    with pytest.raises(roles.PlaceElsewhere, match="外市某校"):
        grant(role=Role.UNIT_CLERK, unit=unit)
    with pytest.raises(roles.PlaceElsewhere):
        grant(role=Role.OFFICE_CLERK, charge=[office])


def test_only_clerks_have_a_charge(grant, education):
    with pytest.raises(roles.NoCharge):
        grant(role=Role.OFFICE_HEAD, charge=[education])


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", [*sorted(ADMINISTRATORS), Role.OFFICE_HEAD])
def test_an_administrator_holds_nothing_else(grant, first, second):
    if first == second:
        return
    grant(role=first)

    with pytest.raises(roles.RolesExclusive):
        grant(role=second)
    assert RoleAssignment.objects.filter(role=second).exclude(role=Role.SEC_ADMIN).count() == 0


def test_whoever_holds_a_role_becomes_no_administrator_on_the_same_days(grant):
    grant(to_on=TODAY + timedelta(days=9))

    with pytest.raises(roles.RolesExclusive):
        grant(role=Role.AUDIT_ADMIN, from_on=TODAY + timedelta(days=9))
    grant(role=Role.AUDIT_ADMIN, from_on=TODAY + timedelta(days=10))


def test_an_administrators_role_is_held_nowhere_in_particular(grant):
    assert grant(role=Role.AUDIT_ADMIN).jurisdiction is None


def test_the_same_role_is_not_held_twice_at_one_place(grant, education, health):
    grant(role=Role.DEPT_CLERK, department=education)

    with pytest.raises(roles.HeldAlready):
        grant(role=Role.DEPT_CLERK, department=education)
    grant(role=Role.DEPT_CLERK, department=health)


def test_days_must_be_in_order(grant):
    with pytest.raises(roles.EndsBeforeItBegins):
        grant(to_on=TODAY - timedelta(days=1))


def test_nobody_grants_or_ends_their_own_roles(grant, guard):
    with pytest.raises(roles.GrantToOneself):
        grant(user=guard)
    own = RoleAssignment.objects.get(user=guard)
    with pytest.raises(roles.GrantToOneself):
        roles.end_role(by=guard, assignment=own, seen=1, on=TODAY, reason="")


def test_a_closed_account_gets_no_role(grant, somebody):
    User.objects.filter(pk=somebody.pk).update(is_active=False)

    with pytest.raises(AccountIsClosed):
        grant()


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.AUDIT_ADMIN, Role.OFFICE_HEAD])
def test_only_the_security_administrator_grants_and_ends(grant, person, city, role):
    other, held = person(role), grant()

    with pytest.raises(RoleMissing):
        grant(by=other, role=Role.OFFICE_HEAD)
    with pytest.raises(RoleMissing):
        roles.end_role(by=other, assignment=held, seen=1, on=TODAY, reason="")
    with pytest.raises(RoleMissing):
        roles.open_unit_accounts(by=other, jurisdiction=city)


def test_a_role_that_ends_today_is_gone_at_once(grant, guard, somebody):
    row = grant(from_on=date(2026, 1, 1))

    roles.end_role(by=guard, assignment=row, seen=1, on=TODAY, reason="调离")

    assert roles_of(fresh(somebody)) == []
    told = next(iter(tell(entries_of([row.subject]))))
    assert told.action == "role.ended"
    assert told.sealed == {"reason": "调离"}


def test_a_role_granted_by_mistake_today_is_gone_at_once_too(grant, guard, somebody):
    roles.end_role(by=guard, assignment=grant(), seen=1, on=TODAY, reason="误授")

    assert roles_of(fresh(somebody)) == []


def test_a_role_ends_later_when_that_is_said(grant, guard, somebody):
    row = grant()

    roles.end_role(by=guard, assignment=row, seen=1, on=TODAY + timedelta(days=5), reason="")

    assert roles_of(fresh(somebody)) == [Role.OFFICE_CHIEF]
    assert RoleAssignment.objects.get(pk=row.pk).to_on == TODAY + timedelta(days=4)


def test_a_role_ends_once_not_in_the_past_and_as_it_was_seen(grant, guard):
    row = grant(from_on=date(2026, 1, 1))
    end = partial(roles.end_role, by=guard, assignment=row, reason="")

    with pytest.raises(roles.EndsInThePast):
        end(seen=1, on=TODAY - timedelta(days=1))
    end(seen=1, on=TODAY)
    with pytest.raises(Changed):
        end(seen=1, on=TODAY)
    with pytest.raises(roles.EndedAlready):
        end(seen=2, on=TODAY)


def test_every_unit_without_one_gets_an_account_with_an_entry_for_each(
    guard, city, school, hospital, person
):
    person(Role.UNIT_CLERK, unit=school)

    opened = roles.open_unit_accounts(by=guard, jurisdiction=city)

    [(unit, (user, password))] = opened
    user = fresh(user)
    assert (unit, user.username) == (hospital, hospital.code)
    assert user.check_password(password)
    assert user.must_change_password
    assert roles_of(user) == [Role.UNIT_CLERK]
    assert sorted(JournalEntry.objects.values_list("action", flat=True)) == [
        "role.granted",
        "user.opened",
    ]
    assert roles.open_unit_accounts(by=guard, jurisdiction=city) == []


def test_first_passwords_of_many_are_hashed_in_the_real_way_too(settings, guard, city, school):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

    [(_, (user, password))] = roles.open_unit_accounts(by=guard, jurisdiction=city)

    assert user.password.startswith("pbkdf2_sha256$20000$")
    assert fresh(user).check_password(password)


def test_a_new_installation_gets_three_administrators_once(db):
    opened = roles.open_first_administrators()

    assert [roles_of(each.user) for each in opened] == [
        [Role.SYS_ADMIN],
        [Role.SEC_ADMIN],
        [Role.AUDIT_ADMIN],
    ]
    assert all(each.user.check_password(each.password) for each in opened)
    assert JournalEntry.objects.filter(actor="system").count() == 6
    assert roles.open_first_administrators() == []
