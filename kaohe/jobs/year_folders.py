"""The job that makes a year of an assessment folder."""

from django.urls import reverse

from kaohe.core.problems import N_, FolderRefused
from kaohe.indicators.models import AssessmentYear
from kaohe.indicators.queries.folder_files import get_folder_file, unpacked, year_of_folder
from kaohe.indicators.queries.preview_base import prepare
from kaohe.indicators.queries.whole_folder import WholeFolder, read_whole
from kaohe.indicators.services.folder_refusals import FolderProblems
from kaohe.indicators.services.year_folders import import_year
from kaohe.jobs.models import Job
from kaohe.jobs.registry import Outcome, Progress, job_kind
from kaohe.organization.queries.files import path_of

IMPORT = "indicators.import-year"
DONE = N_("The year {year} is there, with its folder. Units: {units}.")


@job_kind(IMPORT)
def import_folder(job: Job, progress: Progress) -> Outcome:
    """Make a year of a zip; begun again after it was done, it does nothing.

    Arguments of the job: ``file``, the key of the zip.
    """
    file = get_folder_file(job.requested_by, job.arguments["file"])
    with unpacked(path_of(file.digest), file.name) as folder:
        try:
            whole = read_whole(folder, progress)
        except FolderRefused as refused:
            raise FolderProblems(refused.problems) from refused
    year = _year(job, whole, progress)
    prepare(year)
    facts = {"year": year.year, "units": len(whole.inputs.units)}
    return Outcome(DONE, facts, reverse("web:year-files", args=[year.pk]))


def _year(job: Job, whole: WholeFolder, progress: Progress) -> AssessmentYear:
    file = get_folder_file(job.requested_by, job.arguments["file"])
    place = file.jurisdiction
    done = year_of_folder(place, whole.scheme.year, whole.folder_digest)
    return done or import_year(
        by=job.requested_by, jurisdiction=place, whole=whole, progress=progress
    )
