"""Reading jobs."""

import json
from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.jobs.models import Job
from kaohe.jobs.progress import STALE, Standing, run_folder, standing
from kaohe.organization.models import User
from kaohe.organization.queries.access import one, visible

__all__ = [
    "Standing",
    "get_job",
    "jobs_of",
    "jobs_seen_by",
    "outcome_of",
    "standing",
    "worker_lives",
    "worker_seen_at",
]


def jobs_seen_by(user: User) -> QuerySet[Job]:
    """A user's own jobs, and those of others where the user may read them."""
    seen = visible(user, Verb.JOB_READ, Job.objects.all()).values("pk")
    rows = Job.objects.select_related("requested_by", "jurisdiction")
    return rows.filter(Q(requested_by=user) | Q(pk__in=seen)).order_by("-requested_at", "pk")


def jobs_of(user: User) -> QuerySet[Job]:
    """A user's own jobs, the latest first."""
    return Job.objects.filter(requested_by=user).order_by("-requested_at", "pk")


def get_job(user: User, key: object) -> Job:
    """A job that a user may see.

    Raises:
        NothingHere: there is none.
    """
    return one(jobs_seen_by(user), key)


def outcome_of(job: Job, translate: Callable[[str], str]) -> str:
    """What came of a job, as a sentence in the language of ``translate``."""
    told = job.outcome
    if not told:
        return ""
    words = set(told.get("words", ()))
    facts = {
        name: translate(str(fact)) if name in words else fact
        for name, fact in told.get("facts", {}).items()
    }
    return translate(told["sentence"]).format_map(facts)


def worker_seen_at() -> datetime | None:
    """When a worker of this machine gave its last sign of life."""
    try:
        found = json.loads((run_folder() / "worker.json").read_text(encoding="utf-8"))
        return datetime.fromisoformat(found["at"])
    except (OSError, ValueError, KeyError):
        return None


def worker_lives() -> bool:
    """Whether a worker of this machine lives."""
    at = worker_seen_at()
    return at is not None and timezone.now() - at < STALE
