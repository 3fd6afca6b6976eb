"""Versioned documents: 《工作规则》, 《考核实施办法》 and the like."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from kaohe.organization.models.departments import Department
from kaohe.organization.models.jurisdictions import Recorded

DOCUMENT_KINDS = ("work_rules", "measures", "work_plan", "opinion", "other")


class Document(Recorded):
    """A document that lives in versions."""

    sort = models.CharField(max_length=12)  # one of DOCUMENT_KINDS
    title = models.CharField(max_length=120)

    kind: ClassVar[str] = "document"
    plain: ClassVar[tuple[str, ...]] = ("sort", "title")

    class Meta:
        ordering = ("sort", "title")
        constraints = (
            models.UniqueConstraint(fields=["jurisdiction", "title"], name="document_title_once"),
        )

    def __str__(self) -> str:
        return self.title


class DocumentVersion(Recorded):
    """One version.  Once issued its text never changes; the next version replaces it."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="draft")
    text = models.TextField(blank=True)
    change_note = models.TextField(blank=True)  # what is new, and why
    return_reason = models.TextField(blank=True)
    document_number = models.CharField(max_length=60, blank=True)  # 文号
    effective_on = models.DateField(null=True, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    issued_on = models.DateField(null=True, blank=True)

    kind: ClassVar[str] = "document-version"
    plain: ClassVar[tuple[str, ...]] = (
        "document_id",
        "number",
        "state",
        "document_number",
        "effective_on",
        "issued_on",
    )
    sealed: ClassVar[tuple[str, ...]] = ("text", "change_note", "return_reason")

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(state__in=["draft", "submitted", "returned", "approved"]),
                name="version_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"


class Comment(Recorded):
    """What a party says of a version under review (征求意见)."""

    document_version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    kind: ClassVar[str] = "comment"
    plain: ClassVar[tuple[str, ...]] = ("document_version_id", "department_id")
    sealed: ClassVar[tuple[str, ...]] = ("text",)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"comment {self.pk}"
