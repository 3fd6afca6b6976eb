"""Departments (主管部门) and member departments (成员单位)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kaohe.core.access import Target
from kaohe.organization.models.jurisdictions import Jurisdiction, Recorded

MEMBER_PARTS = (
    "organisation",
    "establishment",
    "hr",
    "finance",
    "audit",
    "education",
    "health",
    "discipline",
)


class Department(Recorded):
    """A bureau: in charge of units, a member of the committee's circle, or both."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="departments")
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=18, blank=True)  # credit code, where it is known
    in_charge = models.BooleanField(default=True)  # 主管部门
    member_part = models.CharField(max_length=20, blank=True)  # 成员单位: for which link
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    kind: ClassVar[str] = "department"
    plain: ClassVar[tuple[str, ...]] = (
        "name",
        "short_name",
        "code",
        "in_charge",
        "member_part",
        "opened_on",
        "closed_on",
    )

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=["jurisdiction", "name"],
                condition=models.Q(closed_on__isnull=True),
                name="department_name_once",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def place(self) -> Target:
        """A department is read and managed with its jurisdiction."""
        return Target(self.jurisdiction.lineage, department=self.pk)


class DepartmentName(models.Model):
    """A name that a department bears or bore; papers print the one of their day."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="names")
    name = models.CharField(max_length=120)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name
