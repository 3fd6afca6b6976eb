"""Requests to erase personal text from the record (抹除申请), and the texts that they are about."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from kaohe.organization.models.jurisdictions import Recorded
from kaohe.organization.models.people import Person

BASES = (
    "purpose_ended",
    "period_ended",
    "consent_withdrawn",
    "unlawful_processing",
    "other_law",
    "judgment",
    "supervision",
)
ASKED, CARRIED_OUT, REFUSED = "asked", "carried_out", "refused"
ERASED_NAME = "〔已依法删除〕"  # stands in the register and on papers where a name was


class ErasureRequest(Recorded):
    """One person asks, another carries it out or refuses; it is never removed.

    It is about everything that names a person, or about texts of entries (``items``).
    """

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="erasure_requests"
    )
    basis = models.CharField(max_length=24)
    document = models.CharField(max_length=120)
    reason = models.TextField()
    state = models.CharField(max_length=12, default=ASKED, db_index=True)
    answer = models.TextField(blank=True)  # why it was refused
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    kind: ClassVar[str] = "erasure"
    plain: ClassVar[tuple[str, ...]] = ("person_id", "basis", "document", "state")
    sealed: ClassVar[tuple[str, ...]] = ("reason", "answer")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class ErasureItem(models.Model):
    """Texts of one entry that a request is about; for a person, those that were erased."""

    request = models.ForeignKey(ErasureRequest, models.PROTECT, related_name="items")
    entry = models.ForeignKey("journal.JournalEntry", models.PROTECT, related_name="+")
    names = models.JSONField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["request", "entry"], name="erasure_item_once"),
        )

    def __str__(self) -> str:
        return f"{self.names} of entry {self.entry_id}"
