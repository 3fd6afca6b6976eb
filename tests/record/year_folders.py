"""Folders that become years."""

from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fixtures.folders import write_year, zipped
from tests.record.cases import leaves

WHOLE = (
    *("file.added",) * 2,
    "year.imported",
    *("group.made",) * 3,
    *("participant.taken-in",) * 4,
    *("part.begun",) * 2,
    *("part.imported",) * 2,
    *("sheet.imported",) * 4,
)


@leaves("year_folders.import_year", *WHOLE)
def _(city):
    from kaohe.indicators.queries.whole_folder import read_whole
    from kaohe.indicators.services import year_folders

    with TemporaryDirectory() as aside:
        whole = read_whole(write_year(Path(aside)))
    return partial(year_folders.import_year, by=city.office, jurisdiction=city.place, whole=whole)


@leaves("folder_uploads.bring_folder", "file.added")
def _(city):
    from kaohe.indicators.services import folder_uploads

    with TemporaryDirectory() as aside:
        data = zipped(write_year(Path(aside)))
    return partial(
        folder_uploads.bring_folder,
        by=city.office,
        jurisdiction=city.place,
        name="2025.zip",
        stream=BytesIO(data),
        year=2025,
        of="370699",
    )
