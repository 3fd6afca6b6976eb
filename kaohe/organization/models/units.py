"""The register of units (事业单位名录), with names, departments and forerunners over time."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from kaohe.core.access import Target
from kaohe.organization.models.departments import Department
from kaohe.organization.models.jurisdictions import Jurisdiction, Recorded


class Unit(Recorded):
    """A public institution.  It may close; its row stays, and its history with it."""

    code = models.CharField(max_length=18, unique=True, null=True, blank=True)
    name = models.CharField(max_length=120)
    department = models.ForeignKey(Department, models.PROTECT, related_name="units")
    sponsor = models.CharField(max_length=120, blank=True)  # 举办单位, where it is another body
    category = models.CharField(max_length=20, blank=True)
    funding = models.CharField(max_length=20, blank=True)
    funding_basis = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=40, blank=True)
    group = models.CharField(max_length=60, blank=True)  # 组别; frozen for each year elsewhere
    posts_approved = models.PositiveIntegerField(null=True, blank=True)
    posts_filled = models.PositiveIntegerField(null=True, blank=True)
    leader_posts = models.PositiveIntegerField(null=True, blank=True)
    leaders_filled = models.PositiveIntegerField(null=True, blank=True)
    temporary_staff = models.PositiveIntegerField(null=True, blank=True)
    staff = models.PositiveIntegerField(null=True, blank=True)  # 应参加年度考核人数
    purpose = models.TextField(blank=True)
    start_up = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # 万元
    address = models.CharField(max_length=200, blank=True)
    registrar = models.CharField(max_length=120, blank=True)
    cert_from = models.DateField(null=True, blank=True)
    cert_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=20, default="normal")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    kind: ClassVar[str] = "unit"
    plain: ClassVar[tuple[str, ...]] = (
        "code",
        "name",
        "department_id",
        "sponsor",
        "category",
        "funding",
        "funding_basis",
        "level",
        "sector",
        "group",
        "posts_approved",
        "posts_filled",
        "leader_posts",
        "leaders_filled",
        "temporary_staff",
        "staff",
        "start_up",
        "address",
        "registrar",
        "cert_from",
        "cert_to",
        "status",
        "opened_on",
        "closed_on",
    )
    sealed: ClassVar[tuple[str, ...]] = ("purpose",)

    class Meta:
        ordering = ("code", "id")
        indexes = (
            models.Index(fields=["jurisdiction", "department"], name="unit_place"),
            models.Index(fields=["jurisdiction", "name"], name="unit_name"),
            models.Index(fields=["jurisdiction", "closed_on", "code"], name="unit_list"),
            models.Index(fields=["jurisdiction", "group"], name="unit_group"),
        )

    def __str__(self) -> str:
        return self.name

    def place(self) -> Target:
        """A unit is reached through its jurisdiction, its department, or itself."""
        return Target(self.jurisdiction.lineage, self.department_id, self.pk)


class UnitName(models.Model):
    """A name that a unit bears or bore: its name, its short name, a second plate (加挂牌子)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in ("name", "short", "plate")]
    )
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, db_index=True)  # for finding: ``core.texts.fold``
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)  # the last day; empty: it holds
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """The department that a unit belongs or belonged to."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="affiliations")
    department = models.ForeignKey(Department, models.PROTECT, related_name="affiliations")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.unit_id} under {self.department_id}"


class Succession(models.Model):
    """That a unit follows another (承继): the engine's table of the same name.

    ``code`` and ``predecessor_code`` are the credit codes of that day.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="predecessors")
    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successors")
    kind = models.CharField(max_length=20)  # continuation, absorption, merger, split
    year = models.PositiveIntegerField()
    on = models.DateField()
    code = models.CharField(max_length=18, blank=True)
    predecessor_code = models.CharField(max_length=18, blank=True)
    document = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(kind="continuation"),
                name="succession_one_continuation",
            ),
            models.CheckConstraint(
                condition=~Q(unit=models.F("predecessor")) | Q(kind="continuation"),
                name="succession_of_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.predecessor_id}"


class PastGrade(models.Model):
    """A grade of a year before the platform, with the document that determined it."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="past_grades")
    year = models.PositiveIntegerField()
    grade = models.CharField(max_length=4)
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-year",)
        constraints = (
            models.UniqueConstraint(fields=["unit", "year"], name="past_grade_once_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.grade}"


class UnitYear(models.Model):
    """What a unit was in a year (年度快照).  A later change of the unit does not reach it.

    A snapshot taken again is a new edition; the earlier ones stay.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="years")
    year = models.PositiveIntegerField()
    edition = models.PositiveIntegerField(default=1)
    on = models.DateField()  # the day whose state it shows
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=18, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    department_name = models.CharField(max_length=120)
    category = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=60, blank=True)
    staff = models.PositiveIntegerField(null=True, blank=True)
    principal = models.CharField(max_length=200, blank=True)
    legal_representative = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)  # every other plain fact of the unit that day

    class Meta:
        ordering = ("-year", "-edition", "code")
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "year", "edition"], name="unit_year_edition_once"
            ),
        )
        indexes = (
            models.Index(fields=["jurisdiction", "year", "edition"], name="unit_year_place"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.year}"
