"""The table of jobs."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from kaohe.organization.models import Jurisdiction

STATES = ("queued", "running", "done", "failed")


class Job(models.Model):
    """A piece of long work, safe to begin again: who asked, how far it is, what came of it.

    ``message`` and ``outcome`` hold message ids and facts; the page says them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="queued", db_index=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    outcome = models.JSONField(default=dict)
    location = models.CharField(max_length=300, blank=True)  # the page of what came of it
    tries = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(null=True, blank=True)  # the worker's last sign of life
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-requested_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
