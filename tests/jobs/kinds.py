"""A kind of job for tests with real workers: holds its transaction until it is let go."""

from pathlib import Path
from threading import Event

from django.conf import settings
from django.db import transaction

from kaohe.jobs.models import Job
from kaohe.jobs.registry import Outcome, job_kind
from kaohe.organization.models import Jurisdiction


@job_kind("test.hold")
def hold(job: Job, progress):
    """Write a row, say so, wait for a file, and end; nothing of it is there before the end."""
    folder = Path(settings.HOME)
    with transaction.atomic():
        code = f"{job.tries:06d}"
        Jurisdiction.objects.create(code=code, name="示例市", path=f"{code}/")
        progress(5, 10, "counting")
        with (folder / "begun").open("a") as file:
            file.write(f"{job.tries}\n")
        for _ in range(1200):
            if (folder / f"go-{job.tries}").exists():
                break
            Event().wait(0.05)
    return Outcome("held {n}", {"n": job.tries})


@job_kind("test.eat")
def eat(job: Job, progress):
    """Take more memory than a job may, though not all at once."""
    held = [bytearray(64 << 20) for _ in range(64)]
    return Outcome("ate {n}", {"n": len(held)})
