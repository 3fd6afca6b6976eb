"""People and the posts they hold, with dates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from kaohe.core.access import Target
from kaohe.organization.models.departments import Department
from kaohe.organization.models.jurisdictions import Recorded
from kaohe.organization.models.units import Unit

POSTS = ("principal", "legal_representative", "deputy", "contact", "other")


class Person(Recorded):
    """Somebody who holds a post somewhere; an account is another thing."""

    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True)

    kind: ClassVar[str] = "person"
    sealed: ClassVar[tuple[str, ...]] = ("name", "phone", "note")

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Tenure(Recorded):
    """A post that a person holds in a unit or a department, from one day to another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tenures")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="tenures")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="tenures"
    )
    post = models.CharField(max_length=24)
    title = models.CharField(max_length=60, blank=True)  # 党委书记, 校长 …
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)  # the last day in post
    document = models.CharField(max_length=120, blank=True)

    kind: ClassVar[str] = "tenure"
    plain: ClassVar[tuple[str, ...]] = (
        "person_id",
        "unit_id",
        "department_id",
        "post",
        "title",
        "from_on",
        "to_on",
        "document",
    )

    class Meta:
        ordering = ("-from_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(to_on__isnull=True)
                | Q(from_on__isnull=True)
                | Q(to_on__gte=F("from_on")),
                name="tenure_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) ^ Q(department__isnull=True),
                name="tenure_in_one_place",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.post}"

    def place(self) -> Target:
        """A post is read with the unit or department it is in."""
        department = self.unit.department_id if self.unit else self.department_id
        return Target(self.jurisdiction.lineage, department, self.unit_id)
