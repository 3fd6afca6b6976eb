"""Files that people bring, imports made of them, and what makes a repeated request harmless."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from kaohe.organization.models.jurisdictions import Recorded


class StoredFile(Recorded):
    """A file, kept once under its digest in the installation's folder of files."""

    digest = models.CharField(max_length=64, db_index=True)  # SHA-256
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    media = models.CharField(max_length=20)  # what its bytes say it is: xlsx, docx, pdf, csv …
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    kind: ClassVar[str] = "file"
    plain: ClassVar[tuple[str, ...]] = ("digest", "size", "media")
    sealed: ClassVar[tuple[str, ...]] = ("name",)

    def __str__(self) -> str:
        return self.name


class Import(Recorded):
    """A workbook on its way into the register: checked, shown, applied whole or not at all."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="imports")
    state = models.CharField(max_length=12, default="uploaded")
    # uploaded → checked → applied → undone; or given up (dropped)
    counts = models.JSONField(default=dict)  # new, changed, same, bad, warnings
    report = models.CharField(max_length=64, blank=True)  # digest of the reading, beside the files
    base = models.CharField(max_length=64, blank=True)  # what the register was when it was checked
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)

    kind: ClassVar[str] = "import"
    plain: ClassVar[tuple[str, ...]] = ("file_id", "state")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"import {self.pk}"


class Once(models.Model):
    """A request that was carried out: asked again with the same key, it is not done again."""

    key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)  # of what was asked
    location = models.CharField(max_length=300, blank=True)  # where the answer led
    answer = models.JSONField(null=True, blank=True)  # of the API: status, headers, body
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="once"),)

    def __str__(self) -> str:
        return self.key
