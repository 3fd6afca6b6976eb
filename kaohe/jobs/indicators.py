"""Jobs of the second pillar: issuing many schemes with their sheets."""

from django.urls import reverse

from kaohe.core.problems import N_
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.parts import get_part_version
from kaohe.indicators.services.issuing import Done, Seen, issue_each, issue_parts
from kaohe.jobs.models import Job
from kaohe.jobs.registry import Outcome, Progress, job_kind
from kaohe.locale import translator

ISSUE = "indicators.issue"
ISSUED = N_("Versions issued: {n}, with assessment sheets: {sheets}.")
ISSUED_SOME = N_(
    "Versions issued: {n}, with assessment sheets: {sheets}. These stay as they are: {kept}"
)
SHOWN = 10


@job_kind(ISSUE)
def issue(job: Job, progress: Progress) -> Outcome:
    """Issue approved versions; begun again after it was done, it issues nothing twice.

    Arguments of the job: ``year``, ``versions`` as [key, version seen], ``document_number``,
    ``together``: all or none.
    """
    by, given = job.requested_by, job.arguments
    wanted: list[Seen] = [(get_part_version(by, key), seen) for key, seen in given["versions"]]
    already = [row for row, _seen in wanted if row.state == "issued" and row.issued_by_id == by.pk]
    left = [(row, seen) for row, seen in wanted if row not in already]
    number = given["document_number"]
    if given["together"]:
        done = issue_parts(by=by, versions=left, document_number=number, progress=progress)
        found = Done(done, [])
    else:
        found = issue_each(by=by, versions=left, document_number=number, progress=progress)
    return _told(job, found, [*already, *found.done])


def _told(job: Job, found: Done, done: list[PartVersion]) -> Outcome:
    sheets = sum(row.sheets.count() for row in done)
    place = reverse("web:sheets", args=[job.arguments["year"]])
    facts = {"n": len(done), "sheets": sheets}
    if not found.kept:
        return Outcome(ISSUED, facts, place)
    say = translator("zh-Hans")
    kept = [
        f"{each.version.part.department or ''} {each.refusal.say(say)}"
        for each in found.kept[:SHOWN]
    ]
    back = reverse("web:approvals", args=[job.arguments["year"]])
    return Outcome(ISSUED_SOME, facts | {"kept": "；".join(kept)}, back)
