"""Zips of assessment folders, kept until they have become years."""

from django.db import transaction

from kaohe.core.access import Verb
from kaohe.indicators.models import AssessmentYear
from kaohe.indicators.services.folder_refusals import FolderElsewhere
from kaohe.indicators.services.year_refusals import YearThere
from kaohe.organization.models import Jurisdiction, StoredFile, User
from kaohe.organization.services.files import Readable, store_file


@transaction.atomic
def bring_folder(
    *, by: User, jurisdiction: Jurisdiction, name: str, stream: Readable, year: int, of: str
) -> StoredFile:
    """Keep a zip that was looked into and is sound.

    Args:
        year, of: the year and the code of the jurisdiction that its scheme names.

    Raises:
        RoleMissing: ``by`` may not.
        FolderElsewhere: it is of another jurisdiction.
        YearThere: the year is there already.
        FileTooLarge, FileLies, FileDamaged …: it is not a file that can be taken.
        NoRoom: the disk is full.
    """
    row = store_file(
        by=by,
        jurisdiction=jurisdiction,
        name=name,
        stream=stream,
        verb=Verb.YEAR_MANAGE,
        kinds={"zip"},
    )
    if of != jurisdiction.code:
        raise FolderElsewhere(found=of, here=jurisdiction.code)
    if AssessmentYear.objects.filter(jurisdiction=jurisdiction, year=year).exists():
        raise YearThere(year=year)
    return row
