"""Page: the installation, for the system administrator: what it is, and whether it is sound."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kaohe import __version__
from kaohe.jobs.queries import worker_lives, worker_seen_at
from kaohe.organization.queries.installation import backups, facts
from kaohe.web.requests import SignedIn
from kaohe.web.words import system as words  # noqa: F401  # declares

BACKUP_DUE = timedelta(days=7)
LITTLE = 1024**3  # bytes free, below which it is said
SHOWN = 20  # backups


def system(request: SignedIn) -> HttpResponse:
    """Facts of the installation, each with its state."""
    found = facts()
    now = timezone.now()
    return render(
        request,
        "system/system.html",
        {
            "tab": "system",
            "facts": found,
            "version": __version__,
            "worker_lives": worker_lives(),
            "worker_seen_at": worker_seen_at(),
            "backup_is_due": found.backed_up_at is None or now - found.backed_up_at > BACKUP_DUE,
            "backups": backups()[:SHOWN],
            "settings_read": sorted(settings.SETTINGS_READ.items()),
            "little_room": found.free_bytes < LITTLE,
        },
    )
