"""Assessment years (考核年度): calendar, groups, and who takes part."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from kaohe.core.access import Target
from kaohe.organization.models import Department, Document, Recorded, StoredFile, Unit

USER = settings.AUTH_USER_MODEL


class AssessmentYear(Recorded):
    """A year of a jurisdiction.

    ``folder``: a whole assessment folder (zip), kept as it was; ``results``: what the engine made
    of it.  A year that was only imported has ``imported``.
    """

    year = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default="open")  # open, closed, archived
    minimum_group = models.PositiveIntegerField(default=5)  # units
    freeze_on = models.DateField()  # the last day on which groups change without approval
    frozen_on = models.DateField(null=True, blank=True)
    cut_off_on = models.DateField()  # the last day for adjusting targets
    imported = models.BooleanField(default=False)
    folder = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    results = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    work_plan = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+"
    )  # 工作计划
    opinion = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+"
    )  # 全市考核意见
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    kind: ClassVar[str] = "year"
    plain: ClassVar[tuple[str, ...]] = (
        "year",
        "title",
        "state",
        "minimum_group",
        "freeze_on",
        "frozen_on",
        "cut_off_on",
        "imported",
        "folder_id",
        "results_id",
        "work_plan_id",
        "opinion_id",
    )

    class Meta:
        ordering = ("-year",)
        constraints = (
            models.UniqueConstraint(fields=["jurisdiction", "year"], name="assessment_year_once"),
        )

    def __str__(self) -> str:
        return str(self.year)


class Step(Recorded):
    """One of the steps of a year's calendar (日程); its name is in ``core.year_steps``."""

    assessment_year = models.ForeignKey(AssessmentYear, models.PROTECT, related_name="steps")
    code = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    responsible = models.CharField(max_length=30)  # a Role
    optional = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)  # not held this year, with a reason
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)

    kind: ClassVar[str] = "step"
    plain: ClassVar[tuple[str, ...]] = (
        "assessment_year_id",
        "code",
        "number",
        "starts_on",
        "ends_on",
        "responsible",
        "dropped",
        "done_on",
    )
    sealed: ClassVar[tuple[str, ...]] = ("note",)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["assessment_year", "code"], name="step_once"),
        )

    def __str__(self) -> str:
        return self.code


class Group(Recorded):
    """A group of the year (组别), in which units are ranked."""

    assessment_year = models.ForeignKey(AssessmentYear, models.PROTECT, related_name="groups")
    name = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)
    closed = models.BooleanField(default=False)  # merged into another one

    kind: ClassVar[str] = "group"
    plain: ClassVar[tuple[str, ...]] = ("assessment_year_id", "name", "position", "closed")

    class Meta:
        ordering = ("position", "name")
        constraints = (
            models.UniqueConstraint(fields=["assessment_year", "name"], name="group_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class Participant(Recorded):
    """A unit in a year (参评单位).  ``unit`` and ``department`` are empty where a folder of an
    earlier year names one that is not in the register."""

    assessment_year = models.ForeignKey(AssessmentYear, models.PROTECT, related_name="participants")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="participations"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="participants"
    )
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="participants"
    )
    code = models.CharField(max_length=18)
    name = models.CharField(max_length=120)
    department_name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, default="graded")  # graded, ungraded, exempt
    status_reason = models.TextField(blank=True)
    category = models.CharField(max_length=40, blank=True)
    sector = models.CharField(max_length=40, blank=True)
    funding_basis = models.CharField(max_length=20, default="appropriation")
    staff = models.PositiveIntegerField(default=0)

    kind: ClassVar[str] = "participant"
    plain: ClassVar[tuple[str, ...]] = (
        "assessment_year_id",
        "unit_id",
        "department_id",
        "group_id",
        "code",
        "name",
        "department_name",
        "status",
        "category",
        "sector",
        "funding_basis",
        "staff",
    )
    sealed: ClassVar[tuple[str, ...]] = ("status_reason",)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=["assessment_year", "code"], name="participant_once"),
        )
        indexes = (
            models.Index(fields=["assessment_year", "department"], name="participant_department"),
            models.Index(fields=["unit"], name="participant_unit"),
        )

    def __str__(self) -> str:
        return self.name

    def place(self) -> Target:
        """It is reached as its unit is, under the department of that year."""
        return Target(self.jurisdiction.lineage, self.department_id, self.unit_id)


class ParticipantChange(Recorded):
    """A change of group or status that needs approval; ``old`` and ``new`` are names or codes."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="changes")
    field = models.CharField(max_length=10)  # group, status
    old = models.CharField(max_length=60, blank=True)
    new = models.CharField(max_length=60, blank=True)
    reason = models.TextField()
    document = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, default="proposed")  # proposed, approved, refused
    answer = models.TextField(blank=True)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    kind: ClassVar[str] = "participant-change"
    plain: ClassVar[tuple[str, ...]] = ("participant_id", "field", "old", "new", "state")
    sealed: ClassVar[tuple[str, ...]] = ("reason", "document", "answer")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "field"],
                condition=models.Q(state="proposed"),
                name="participant_change_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.field}"

    def place(self) -> Target:
        """Where its participant stands."""
        return self.participant.place()
