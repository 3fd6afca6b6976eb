"""Jobs of papers: the sheets, or the targets, of a department or a year in one archive."""

from django.urls import reverse
from django.utils.translation import override

from kaohe.core.leaf import Fact
from kaohe.core.problems import N_
from kaohe.indicators.papers.files import Wanted, archive_of, papers_wanted
from kaohe.indicators.queries.years import get_year
from kaohe.jobs.models import Job
from kaohe.jobs.registry import Outcome, Progress, job_kind
from kaohe.organization.services.files import keep_bytes

MAKE = "papers.make"
MADE = N_("The papers are made: {count}. They can be fetched on the page.")
SOME = N_(
    "The papers are made: {count}. Not printed, because a character is missing: {refused}; the"
    " archive names them."
)


@job_kind(MAKE)
def make(job: Job, progress: Progress) -> Outcome:
    """Print the papers of a year that whoever asked may see.

    Arguments of the job: ``year``, ``sort`` (sheets, targets), ``form`` (pdf, docx), ``department``
    (its key, or None), ``language``.
    """
    given = job.arguments
    year = get_year(job.requested_by, given["year"])
    wanted = Wanted(given["sort"], given["form"], given["department"])
    with override(given["language"]):
        rows = papers_wanted(job.requested_by, year, wanted)
        made = archive_of(rows, wanted.form, progress)
    file = keep_bytes(made.data)
    facts: dict[str, Fact] = {"count": made.papers, "refused": len(made.refused), "file": file}
    sentence = SOME if made.refused else MADE
    return Outcome(sentence, facts, reverse("web:sheets-papers", args=[year.pk]))
