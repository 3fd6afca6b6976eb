"""Tokens of the API (接口令牌): what another system shows to act for a person."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from kaohe.core.access import Limit, Target, Verb
from kaohe.organization.models.jurisdictions import Jurisdiction


class ApiToken(models.Model):
    """A token of a user.  Only its digest is kept; it is revoked, never removed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)  # what it is for, in the words of the person
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token
    scopes = models.JSONField(default=list)  # verbs
    confined_to = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the hour
    version = models.PositiveIntegerField(default=1)

    kind: ClassVar[str] = "token"
    plain: ClassVar[tuple[str, ...]] = (
        "user_id",
        "scopes",
        "confined_to_id",
        "last_day",
        "revoked_on",
    )
    sealed: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"token {self.pk} of {self.user_id}"

    @property
    def subject(self) -> str:
        """How the record names the token."""
        return f"{self.kind}:{self.pk}"

    @property
    def jurisdiction(self) -> Jurisdiction | None:
        """That of its user: who looks after the account looks after its tokens."""
        return self.user.jurisdiction

    @property
    def last_day(self) -> date:
        """On which it still works."""
        return timezone.localdate(self.expires_at - timedelta(microseconds=1))

    @property
    def revoked_on(self) -> date | None:
        """The day on which it was revoked."""
        return timezone.localdate(self.revoked_at) if self.revoked_at else None

    def place(self) -> Target:
        """Where its user stands."""
        return self.user.place()

    def limit(self) -> Limit:
        """What it leaves of the reach of its user."""
        known = frozenset(Verb)
        scopes = frozenset(Verb(each) for each in self.scopes if each in known)
        return Limit(scopes, self.confined_to.lineage if self.confined_to else ())

    def is_good_at(self, moment: datetime) -> bool:
        """Whether it has neither expired nor been revoked."""
        return self.revoked_at is None and moment < self.expires_at
