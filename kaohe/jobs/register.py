"""Jobs of the register: checking a workbook, and writing it into the register."""

from django.urls import reverse

from kaohe.core.problems import N_
from kaohe.jobs.models import Job
from kaohe.jobs.registry import Outcome, Progress, job_kind
from kaohe.organization.queries.import_report import Options
from kaohe.organization.services import imports

CHECK, APPLY = "register.check", "register.apply"
CHECKED = N_(
    "The workbook is checked: new {new}, changed {changed}, same {same}, not right {bad}. Look at"
    " it before it is applied."
)
NOT_READ = N_("The workbook could not be read as a register. Look at what is wrong with it.")
APPLIED = N_("The workbook is in the register: new {new}, changed {changed}.")


@job_kind(CHECK)
def check(job: Job, progress: Progress) -> Outcome:
    """Read a workbook and compare it with the register.

    Arguments of the job: ``key`` of the import, ``options`` as ``Options.as_json`` gives them.
    """
    row = imports.check_import(
        by=job.requested_by,
        key=job.arguments["key"],
        options=Options(**job.arguments["options"]),
        progress=progress,
    )
    counts = row.counts
    sentence = NOT_READ if counts["errors"] else CHECKED
    facts = {kind: counts[kind] for kind in ("new", "changed", "same", "bad")}
    return Outcome(sentence, facts, reverse("web:import", args=[row.pk]))


@job_kind(APPLY)
def apply(job: Job, progress: Progress) -> Outcome:
    """Write a checked workbook into the register; begun again after it was done, it does nothing.

    Arguments of the job: ``key`` of the import, ``report`` that was on the screen.
    """
    row = imports.apply_import(
        by=job.requested_by,
        key=job.arguments["key"],
        report=job.arguments["report"],
        progress=progress,
    )
    facts = {kind: row.counts[kind] for kind in ("new", "changed")}
    return Outcome(APPLIED, facts, reverse("web:import", args=[row.pk]))
