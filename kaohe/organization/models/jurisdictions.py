"""Jurisdictions, and what every object of the pillar has in common."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from kaohe.core.access import Target
from kaohe.core.leaf import Fact


class Jurisdiction(models.Model):
    """A province, a city or a county that runs its own assessment.

    Rows are never removed.  ``path`` holds the keys from the topmost jurisdiction down to this one,
    each followed by a stroke: what lies below begins with it.
    """

    code = models.CharField(max_length=12, unique=True)  # GB/T 2260
    name = models.CharField(max_length=60)
    office_name = models.CharField(max_length=120, blank=True)  # 事考办, as it signs
    support = models.CharField(max_length=120, blank=True)  # whom to call
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=120, blank=True, db_index=True)
    version = models.PositiveIntegerField(default=1)

    kind: ClassVar[str] = "jurisdiction"
    plain: ClassVar[tuple[str, ...]] = ("code", "name", "office_name", "parent_id")
    sealed: ClassVar[tuple[str, ...]] = ("support",)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def lineage(self) -> tuple[int, ...]:
        """The keys of this jurisdiction and of those above it, nearest first."""
        return tuple(int(key) for key in reversed(self.path.split("/")[:-1]))

    @property
    def subject(self) -> str:
        """How the record names it."""
        return f"{self.kind}:{self.pk}"

    def place(self) -> Target:
        """Where it stands in the tree."""
        return Target(self.lineage)


class Recorded(models.Model):
    """What the record keeps of an object, said in one place.

    ``plain`` attributes enter an entry in clear, ``sealed`` ones (persons' names, free text) as
    commitments.  ``version`` rises with each change: who saw an older one is told.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    kind: ClassVar[str]
    plain: ClassVar[tuple[str, ...]] = ()
    sealed: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @property
    def subject(self) -> str:
        """How the record names the object."""
        return f"{self.kind}:{self.pk}"

    def place(self) -> Target:
        """Where the object stands in the tree; what access is asked about."""
        return Target(self.jurisdiction.lineage)


def fact(value: Any) -> Fact:
    """A value as the record writes it: days and decimals are text."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return str(value)
