"""Carrying a job out: by one worker at a time, to an outcome that can be told."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_q.tasks import async_task

from kaohe.core.errors import Refusal
from kaohe.core.problems import N_
from kaohe.jobs.models import Job
from kaohe.jobs.progress import Beat, forget, is_stale
from kaohe.jobs.registry import Outcome, UnknownKind, find
from kaohe.jobs.services import RUN

TRIES = 3
DONE = N_("It is done.")
BROKEN = N_(
    "This is our mistake, not yours. Nothing was done by halves. Ask for it again; if it stays,"
    " tell the system administrator the time."
)
INTERRUPTED = N_(
    "This was cut off {tries} times: the machine was stopped, or the work needed more memory than"
    " it may take. Nothing was done by halves. Ask for it again when the machine runs steadily; if"
    " it stays, divide what it is about into smaller parts."
)
NO_MEMORY = N_(
    "This needs more memory than a job may take. Nothing was done by halves. Divide what it is"
    " about into smaller parts; if it is of ordinary size, tell the system administrator."
)
UNKNOWN = N_(
    "This version of the program cannot do this kind of work. Ask for it again from its page."
)
_log = logging.getLogger("kaohe.jobs")


def run(job_id: str) -> None:
    """Carry out a job, if nobody else does; what the worker calls.

    A refusal is the job's outcome, and so is a want of memory.  A bug is tried again, ``TRIES``
    times in all; its traceback is in the log alone.
    """
    job = _claim(job_id)
    if job is None:
        return
    with Beat(job) as beat:
        try:
            outcome = find(job.kind)(job, beat.progress)
        except Refusal as refusal:
            _end(job, beat, "failed", _refused(refusal))
        except UnknownKind:
            _log.error("job %s: nothing carries out %s", job.pk, job.kind)
            _end(job, beat, "failed", _told("job.unknown", UNKNOWN))
        except MemoryError:  # it would only fail again
            _log.exception("job %s (%s) needs too much memory", job.pk, job.kind)
            _end(job, beat, "failed", _told("job.no-memory", NO_MEMORY))
        except Exception:
            _log.exception("job %s (%s) broke in try %d", job.pk, job.kind, job.tries)
            _broke(job, beat)
        else:
            found = outcome or Outcome()
            told = _told("", found.sentence or DONE, found.facts)
            _end(job, beat, "done", told, found.location)
    forget(job)


def _claim(job_id: str) -> Job | None:
    """The job, now ours; None where another worker has it, or it has ended."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.state not in ("queued", "running"):
        return None
    if job.state == "running" and not is_stale(job):
        return None
    seen = Job.objects.filter(pk=job.pk, state=job.state, tries=job.tries)
    if job.tries >= TRIES:
        told = _told("job.interrupted", INTERRUPTED, {"tries": job.tries})
        seen.update(state="failed", outcome=told, ended_at=timezone.now())
        return None
    if not seen.update(state="running", tries=F("tries") + 1, beat_at=timezone.now(), done=0):
        return None
    job.refresh_from_db()
    return job


def _broke(job: Job, beat: Beat) -> None:
    """Queue a job that met a bug again, or give it up."""
    if job.tries >= TRIES:
        _end(job, beat, "failed", _told("job.broken", BROKEN))
        return
    with transaction.atomic():
        if Job.objects.filter(pk=job.pk, state="running", tries=job.tries).update(state="queued"):
            async_task(RUN, str(job.pk))


def _end(job: Job, beat: Beat, state: str, outcome: Mapping[str, Any], location: str = "") -> None:
    """Write what came of it, unless another worker has taken the job over meanwhile."""
    done, total, message = beat.at
    mine = Job.objects.filter(pk=job.pk, state="running", tries=job.tries)
    mine.update(
        state=state,
        outcome=outcome,
        location=location,
        done=total if state == "done" else done,
        total=total,
        message=message,
        ended_at=timezone.now(),
    )


def _refused(refusal: Refusal) -> dict[str, Any]:
    told = _told(refusal.code, refusal.sentence, refusal.facts)
    return {**told, "words": sorted(refusal.words)}


def _told(code: str, sentence: str, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An outcome as it is kept: message ids and facts, no language."""
    plain = {
        name: value if isinstance(value, str | int | bool | None) else str(value)
        for name, value in (facts or {}).items()
    }
    return {"code": code, "sentence": sentence, "facts": plain}
