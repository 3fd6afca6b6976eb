"""Asking for long work.

A job is technical: it leaves no entry on the record.  What it does is done by services, and these
do.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from kaohe.jobs.models import Job
from kaohe.jobs.progress import STALE, forget, is_stale
from kaohe.organization.models import Jurisdiction, User

RUN = "kaohe.jobs.runner.run"
OPEN = ("queued", "running")
KEPT = timedelta(days=90)


@transaction.atomic
def ask(
    *,
    by: User,
    jurisdiction: Jurisdiction | None,
    kind: str,
    subject: str,
    arguments: Mapping[str, Any],
) -> Job:
    """Ask for a job; it is queued with the caller's transaction, or not at all.

    Whether ``by`` may do this is asked by the page before, and by the services that the job calls.
    The same work asked again while it is still to be done is one job.

    Args:
        kind: as registered with ``job_kind``.
        subject: what it is about, as the record names it.
        arguments: what the function needs, as JSON.
    """
    same = Job.objects.filter(kind=kind, subject=subject, requested_by=by, state__in=OPEN)
    for job in same if subject else ():
        if job.arguments == dict(arguments):
            return job
    job = Job.objects.create(
        kind=kind,
        subject=subject,
        arguments=dict(arguments),
        jurisdiction=jurisdiction,
        requested_by=by,
    )
    async_task(RUN, str(job.pk))
    return job


def ask_again(job: Job) -> bool:
    """Queue a running job anew whose worker is gone; whether it was ours to queue."""
    with transaction.atomic():
        taken = Job.objects.filter(pk=job.pk, state="running", tries=job.tries)
        if not taken.update(state="queued"):
            return False
        async_task(RUN, str(job.pk))
    return True


def resume() -> int:
    """Ask again for every job whose worker is gone; how many.

    Called by each worker at its start and every few seconds.  Safe beside other workers: who
    carries a job out is decided by the job's own row.
    """
    running = list(Job.objects.filter(state="running"))
    dead = [job for job in running if is_stale(job)]
    found = sum(ask_again(job) for job in dead)
    if len(dead) == len(running):
        _give_back_messages()
    return found


def _give_back_messages() -> None:
    """Messages that a worker took and then died over are free again at once."""
    long_ago = timezone.now() - STALE
    if Job.objects.filter(state="queued", requested_at__lt=long_ago).exists():
        OrmQ.objects.filter(lock__gt=timezone.now()).update(lock=timezone.now())


def is_idle_with_work() -> bool:
    """Whether jobs wait and none is carried out anywhere; true for a moment after each asking."""
    if not Job.objects.filter(state="queued").exists():
        return False
    return all(is_stale(job) for job in Job.objects.filter(state="running"))


def forget_old() -> int:
    """Drop jobs that ended long ago; how many."""
    old = Job.objects.filter(ended_at__lt=timezone.now() - KEPT)
    for job in old:
        forget(job)
    return old.delete()[0]
