"""The people of the demonstration: an account for each role, with a password anybody may know."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import hashers

from kaohe.core.access import Role
from kaohe.demo.years import person
from kaohe.organization.models import (
    Department,
    Jurisdiction,
    RoleAssignment,
    Tenure,
    Unit,
    User,
)
from kaohe.organization.services.accounts import change_password, open_account
from kaohe.organization.services.roles import grant_role

SETTING = "PASSWORD_HASHERS"
_FIRST_OF_ACCOUNTS, _FIRST_OF_SEATS = 40_000, 45_000  # numbers of invented people
_FIRST_OF_DRAFTERS = 41_000


class Quick(hashers.PBKDF2PasswordHasher):
    """Fewer rounds: these passwords are public anyway, and are hashed anew at the first sign-in."""

    iterations = 20_000


class Listed(NamedTuple):
    """An account as the login page of a demonstration lists it."""

    username: str
    password: str
    role: str
    name: str
    where: str


def person_in_seat(number: int) -> str:
    """Who has the seat of this number, from 0, in the committee of the city."""
    return person(_FIRST_OF_SEATS + number)


@contextmanager
def quick_hashing() -> Iterator[None]:
    """Passwords set within are hashed with fewer rounds."""
    before = getattr(settings, SETTING)
    setattr(settings, SETTING, [f"{Quick.__module__}.{Quick.__name__}", *before])
    hashers.reset_hashers(setting=SETTING)
    try:
        yield
    finally:
        setattr(settings, SETTING, before)
        hashers.reset_hashers(setting=SETTING)


class Cast:
    """The people in their roles; each is asked for by user name, with the roles of that moment."""

    def __init__(self, table: Mapping[str, Any], first: Mapping[str, str], since: date) -> None:
        self._table, self._since = table, since
        self._password: str = table["password"]
        self._first = first

    def user(self, username: str) -> User:
        """Somebody, as they are now."""
        return User.objects.get(username=username)

    def open_administrators(self) -> list[Listed]:
        """Give the three administrators the password of the demonstration."""
        for username, password in self._first.items():
            change_password(by=self.user(username), old=password, new=self._password)
        return [
            Listed(
                row["username"], self._password, row["role"], self.user(row["username"]).name, ""
            )
            for row in self._table["administrators"]
        ]

    def open(self, *usernames: str) -> None:
        """Open some of the accounts, with their roles; the places of these must exist."""
        for number, row in enumerate(self._table["accounts"]):
            if row["username"] in usernames:
                self._open(row, *self._who(row, number))

    def open_the_rest(self) -> None:
        """Open the accounts that are not open yet."""
        there = set(User.objects.values_list("username", flat=True))
        self.open(
            *(row["username"] for row in self._table["accounts"] if row["username"] not in there)
        )

    def open_drafters(self, city: Jurisdiction) -> dict[str, User]:
        """By name of each department in charge: who drafts its scheme; opened where nobody does.

        They have the password of the demonstration, and are not on its login page.
        """
        held = RoleAssignment.objects.filter(jurisdiction=city, role=Role.DEPT_CLERK)
        found = {row.department.name: row.user for row in held if row.department}
        rows = Department.objects.filter(jurisdiction=city, in_charge=True, closed_on=None)
        for number, department in enumerate(rows.order_by("pk"), 1):
            if department.name not in found:
                found[department.name] = self._open_drafter(department, number)
        return {name: self.user(user.username) for name, user in found.items()}

    def _open_drafter(self, department: Department, number: int) -> User:
        by = self.user("secadmin")
        opened = open_account(
            by=by,
            username=f"bumen{number:02d}",
            name=person(_FIRST_OF_DRAFTERS + number),
            phone="",
            jurisdiction=department.jurisdiction,
        )
        change_password(by=opened.user, old=opened.password, new=self._password)
        grant_role(
            by=by,
            user=opened.user,
            role=Role.DEPT_CLERK,
            jurisdiction=department.jurisdiction,
            department=department,
            from_on=self._since,
            document="示考委办〔2026〕3号",
        )
        return opened.user

    def listed(self) -> list[Listed]:
        """The accounts in the order of the login page."""
        names = dict(User.objects.values_list("username", "name"))
        return [
            Listed(
                row["username"], self._password, row["role"], names[row["username"]], row["where"]
            )
            for row in self._table["accounts"]
        ]

    def _who(self, row: Mapping[str, Any], number: int) -> tuple[str, str]:
        """Name and telephone: of who sits in the committee or is in post, or of somebody else."""
        if "seat" in row:
            titles = [seat["title"] for seat in self._table["committee"]["seats"]]
            return person_in_seat(titles.index(row["seat"])), ""
        if "post" in row:
            held = Tenure.objects.filter(
                unit__name=row["unit"], post=row["post"], to_on__isnull=True
            )
            found = held.select_related("person").get().person
            return found.name, found.phone
        return person(_FIRST_OF_ACCOUNTS + number), ""

    def _open(self, row: Mapping[str, Any], name: str, phone: str) -> None:
        place = Jurisdiction.objects.get(code=row.get("at", "370699"))
        by = self.user("secadmin")
        opened = open_account(
            by=by, username=row["username"], name=name, phone=phone, jurisdiction=place
        )
        change_password(by=opened.user, old=opened.password, new=self._password)
        here = Department.objects.filter(jurisdiction=place)
        grant_role(
            by=by,
            user=opened.user,
            role=Role(row["role"]),
            jurisdiction=place,
            department=here.get(name=row["department"]) if "department" in row else None,
            unit=Unit.objects.get(name=row["unit"]) if "unit" in row else None,
            charge=here.filter(name__in=row.get("charge", ())),
            ledgers=row.get("ledgers", ()),
            from_on=self._since,
            document="示考委办〔2026〕3号",
        )
