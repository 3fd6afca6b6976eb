"""Who may sign in, and the roles they hold."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from kaohe.core.access import Holding, Limit, Role, Target
from kaohe.organization.models.departments import Department
from kaohe.organization.models.jurisdictions import Jurisdiction
from kaohe.organization.models.units import Unit


def pseudonym() -> str:
    """A random name for the record: who it is stands only in the table of users."""
    return secrets.token_hex(8)


class Users(BaseUserManager["User"]):
    """Finds users the way the sign-in asks for them."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of a name, whatever its case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person with an account.

    Accounts are never removed, only closed: what was done under them keeps its doer.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="users"
    )
    pseudonym = models.CharField(max_length=32, unique=True, default=pseudonym)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_set_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "username"
    objects = Users()

    kind: ClassVar[str] = "user"
    plain: ClassVar[tuple[str, ...]] = ("is_active", "jurisdiction_id")
    sealed: ClassVar[tuple[str, ...]] = ("username", "name", "phone")

    class Meta:
        ordering = ("username",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting_role = ""  # the role in which the present deed is done; set by ``require``
        self.held: list[Holding] | None = None  # what ``holdings_of`` found
        self.limited_to: Limit | None = None  # by the token of the API that acts for the person

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def subject(self) -> str:
        """How the record names the account."""
        return f"user:{self.pk}"

    def place(self) -> Target:
        """Where the account stands in the tree."""
        return Target(self.jurisdiction.lineage if self.jurisdiction else ())


class PastPassword(models.Model):
    """A password that was used before, hashed as it was; the last few may not come back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords")
    encoded = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"password of {self.user_id}"


class RoleAssignment(models.Model):
    """A role that a user holds somewhere from one day to another; ended, never removed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    charge = models.ManyToManyField(Department, blank=True, related_name="+")
    ledgers = models.CharField(max_length=60, blank=True)  # registration, establishment
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    kind: ClassVar[str] = "role"
    plain: ClassVar[tuple[str, ...]] = (
        "role",
        "user_id",
        "jurisdiction_id",
        "department_id",
        "unit_id",
        "ledgers",
        "from_on",
        "to_on",
        "document",
    )
    sealed: ClassVar[tuple[str, ...]] = ()

    class Meta:
        ordering = ("-from_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
                name="role_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.user_id}"

    @property
    def subject(self) -> str:
        """How the record names the assignment."""
        return f"role:{self.pk}"

    def place(self) -> Target:
        """Where the role is held."""
        return Target(self.jurisdiction.lineage if self.jurisdiction else ())
