"""Jobs of schemes: reading a file that takes long."""

from django.urls import reverse

from kaohe.core.problems import N_
from kaohe.indicators.models import PartImport
from kaohe.indicators.queries.plan_book import found_in, open_draft
from kaohe.indicators.services import part_imports
from kaohe.jobs.models import Job
from kaohe.jobs.registry import Outcome, Progress, job_kind

READ = "parts.read"
FOUND = N_("The file is read: cells that change {cells}, not right {errors}. Look at it.")


@job_kind(READ)
def read(job: Job, progress: Progress) -> Outcome:
    """Read a file of a scheme and compare it with the draft.

    Arguments of the job: ``key`` of the import.
    """
    row = part_imports.read_part_file(
        by=job.requested_by, key=job.arguments["key"], progress=progress
    )
    return Outcome(FOUND, counts_of(row), reverse("web:part-file", args=[row.pk]))


def counts_of(row: PartImport) -> dict[str, int]:
    """How many cells change, and how many are not right."""
    found = found_in(row, open_draft(row.part))
    return {"cells": len(found.changes), "errors": len(found.errors)}
