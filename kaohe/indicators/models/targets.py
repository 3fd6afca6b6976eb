"""Targets (目标): what a unit declares, and what is adjusted in mid-year."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from kaohe.core.access import Target
from kaohe.indicators.models.parts import Sheet
from kaohe.indicators.models.years import Participant
from kaohe.organization.models import Recorded

USER = settings.AUTH_USER_MODEL


def _somebody() -> Any:
    return models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")


class TargetTable(Recorded):
    """A unit's targets of a year (目标申报表): declared, reviewed by its department, finalised.

    ``content``: a sheet's tree (``core.indicator_trees.sheet_tree``) of what is agreed so far;
    ``declared``: what the unit said, also where the department amended it, and ``note`` why.
    """

    participant = models.OneToOneField(Participant, models.PROTECT, related_name="targets")
    state = models.CharField(max_length=12, default="open")
    # core.target_path
    content = models.JSONField(default=dict)
    declared = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    return_reason = models.TextField(blank=True)
    declared_by = _somebody()
    reviewed_by = _somebody()
    finalised_by = _somebody()
    declared_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    finalised_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(auto_now=True)

    kind: ClassVar[str] = "target-table"
    plain: ClassVar[tuple[str, ...]] = ("participant_id", "state", "digest")
    sealed: ClassVar[tuple[str, ...]] = ("note", "return_reason")

    class Meta:
        ordering = ("participant__code",)

    def __str__(self) -> str:
        return f"targets of {self.participant_id}"

    def place(self) -> Target:
        """Where its unit stands in that year."""
        return self.participant.place()


class Adjustment(Recorded):
    """A mid-year adjustment of a unit's targets (目标调整): old, new, reason, document.

    ``changes``: [{"item", "field", "old", "new"}], decimals and days as text; ``by_department``:
    the department proposed it for its unit.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="adjustments")
    number = models.PositiveIntegerField()
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="adjusted_from")
    state = models.CharField(max_length=12, default="proposed")
    by_department = models.BooleanField(default=False)
    changes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    reason = models.TextField()
    document = models.CharField(max_length=120, blank=True)
    return_reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    reviewed_by = _somebody()
    finalised_by = _somebody()
    proposed_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    made = models.ForeignKey(
        Sheet, models.PROTECT, null=True, blank=True, related_name="made_by_adjustment"
    )

    kind: ClassVar[str] = "adjustment"
    plain: ClassVar[tuple[str, ...]] = (
        "participant_id",
        "number",
        "sheet_id",
        "state",
        "by_department",
        "digest",
        "made_id",
    )
    sealed: ClassVar[tuple[str, ...]] = ("reason", "document", "return_reason")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "number"], name="adjustment_number_once"
            ),
            models.UniqueConstraint(
                fields=["participant"],
                condition=models.Q(state__in=["proposed", "reviewed", "returned"]),
                name="adjustment_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"adjustment {self.participant_id}/{self.number}"

    def place(self) -> Target:
        """Where its unit stands in that year."""
        return self.participant.place()
